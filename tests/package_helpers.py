"""Tables for the tests of the package room: one with every type, made without the rooms that read files."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from opendata.model import AccessLevel, Block, Cut, Field, Json, Resource, TableSchema
from opendata.schema.types import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from opendata.model import Dataset, ForeignKey, JsonValue, Reference, Sink

HANOI = dt.timezone(dt.timedelta(hours=7))


def naive(*parts: int) -> dt.datetime:
    return dt.datetime(*parts)  # noqa: DTZ001 - a datetime without a zone is a type of its own


# name: (field, its cells as text and as value); the last row but one is missing throughout but for the code.
EVERY_TYPE: dict[str, tuple[dict[str, JsonValue], list[tuple[str, Any]]]] = {
    "code": ({"type": "string"}, [("00001", "00001"), ("01", "01"), ("=1+1", "=1+1")]),
    "text": ({"type": "string"}, [('Đắk Lắk, "thô"', 'Đắk Lắk, "thô"'), (" hai\ndòng ", " hai\ndòng "), ("NA", "NA")]),
    "whole": ({"type": "integer"}, [("007", 7), ("-9007199254740993", -9007199254740993), ("+5", 5)]),
    "full": ({"type": "integer"}, [("1", 1), ("9223372036854775807", 9223372036854775807), ("0", 0)]),
    "number": ({"type": "number"}, [("1.50", 1.5), ("-0.1", -0.1), ("INF", float("inf"))]),
    "money": (
        {"type": "number", "decimal": [12, 2]},
        [("1.50", Decimal("1.50")), ("-9999999999.99", Decimal("-9999999999.99")), ("0.01", Decimal("0.01"))],
    ),
    "flag": ({"type": "boolean"}, [("true", True), ("false", False), ("1", True)]),
    "day": (
        {"type": "date"},
        [
            ("2024-02-29", dt.date(2024, 2, 29)),
            ("1975-04-30", dt.date(1975, 4, 30)),
            ("1900-01-01", dt.date(1900, 1, 1)),
        ],
    ),
    "clock": (
        {"type": "time"},
        [("23:59:59", dt.time(23, 59, 59)), ("00:00:00.5", dt.time(0, 0, 0, 500000)), ("07:05:00", dt.time(7, 5))],
    ),
    "moment": (
        {"type": "datetime"},
        [
            ("2024-01-05T07:00:00", naive(2024, 1, 5, 7)),
            ("1969-12-31T23:59:59.000001", naive(1969, 12, 31, 23, 59, 59, 1)),
            ("2016-07-01T00:00:00", naive(2016, 7, 1)),
        ],
    ),
    "zoned": (
        {"type": "datetime", "timezone": "Asia/Ho_Chi_Minh"},
        [
            ("2024-01-05T07:00:00+07:00", dt.datetime(2024, 1, 5, 7, tzinfo=HANOI)),
            ("2024-01-05T00:00:00Z", dt.datetime(2024, 1, 5, tzinfo=dt.UTC)),
            ("2024-01-05T23:30:00+07:00", dt.datetime(2024, 1, 5, 23, 30, tzinfo=HANOI)),
        ],
    ),
    "year": ({"type": "year"}, [("2024", 2024), ("1995", 1995), ("0001", 1)]),
    "month": ({"type": "yearmonth"}, [("2024-02", "2024-02"), ("1995-12", "1995-12"), ("2000-01", "2000-01")]),
    "span": ({"type": "duration"}, [("P1Y2M", "P1Y2M"), ("PT36H", "PT36H"), ("P7D", "P7D")]),
    "point": ({"type": "geopoint"}, [("105.8, 21.0", "105.8, 21.0"), ("0,0", "0,0"), ("1,2", "1,2")]),
    "shape": ({"type": "geojson"}, [('{"type":"Point","coordinates":[1,2]}',) * 2] * 3),
    "thing": ({"type": "object"}, [('{"a": 1}',) * 2, ("{}",) * 2, ('{"b": [1, 2]}',) * 2]),
    "several": ({"type": "array"}, [("[1, 2]",) * 2, ("[]",) * 2, ('["a"]',) * 2]),
    "listed": ({"type": "list"}, [("a,b",) * 2, ("c",) * 2, ("d,e,f",) * 2]),
    "anything": ({"type": "any"}, [("x",) * 2, ("1",) * 2, ("2024-01-01",) * 2]),
}


def field(name: str, descriptor: Json) -> Field:
    decimal = descriptor.get("decimal")
    return Field(
        name,
        str(descriptor.get("type", "string")),
        "default",
        AccessLevel.OPEN,
        {"name": name, **descriptor},
        decimal=(decimal[0], decimal[1]) if isinstance(decimal, list) else None,
        timezone=str(descriptor["timezone"]) if "timezone" in descriptor else None,
    )


def schema(fields: Sequence[Field], primary_key: tuple[str, ...] = ()) -> TableSchema:
    return TableSchema(tuple(fields), {"fields": [item.descriptor for item in fields]}, primary_key)


def every_type() -> tuple[TableSchema, Block]:
    """A table with every type of Table Schema: three rows of values, and one with nothing but its code and `full`."""
    made = schema([field(name, descriptor) for name, (descriptor, _) in EVERY_TYPE.items()])
    missing = {"code": ("02", "02"), "full": ("-1", -1)}
    columns = [[*cells, missing.get(name, (None, None))] for name, (_, cells) in EVERY_TYPE.items()]
    return made, block(made, [[cell[0] for cell in cells] for cells in columns], [[c[1] for c in cs] for cs in columns])


def block(
    made: TableSchema, texts: Sequence[Sequence[str | None]], values: Sequence[Sequence[Any]] | None = None
) -> Block:
    """A block of columns; where no values are given the texts are the values."""
    kinds = arrow_schema(made)
    as_text = pa.schema([(item.name, pa.string()) for item in made.fields])
    lexical = [pa.array(column, pa.string()) for column in texts]
    typed = [pa.array(column, kind.type) for column, kind in zip(values or texts, kinds, strict=True)]
    rows = pa.array(range(2, 2 + len(texts[0])), pa.int64())
    return Block(
        rows, pa.RecordBatch.from_arrays(lexical, schema=as_text), pa.RecordBatch.from_arrays(typed, schema=kinds)
    )


def resource(made: TableSchema, name: str = "table") -> Resource:
    return Resource(name, (f"data/{name}.csv",), AccessLevel.OPEN, {"name": name}, made)


def cut(made: TableSchema, *fields: str, hidden: bool = False) -> Cut:
    """All fields, or those named; `hidden` where another column is withheld."""
    return Cut(resource(made), fields or tuple(item.name for item in made.fields), hidden)


def pour(sink: Sink, *blocks: Block) -> None:
    for item in blocks:
        sink.batch(item)
    sink.seal()


REVIEWED = {"level": "open", "reviewedBy": "Nguyễn Văn A", "reviewedOn": "2026-01-05", "reason": "Thống kê đã công bố"}
PADDY: Json = {
    "name": "paddy",
    "fields": [
        {"name": "unit_id", "type": "string", "title": "Mã", "description": "Mã đơn vị hành chính"},
        {"name": "year", "type": "year", "constraints": {"required": True}},
        {"name": "area", "type": "number", "decimal": [12, 2], "unit": "nghìn ha"},
        {"name": "note", "type": "string"},
    ],
    "primaryKey": ["unit_id", "year"],
}
PADDY_CSV = 'unit_id,year,area,note\n01,2016,12.50,\n66,2016,100.1,"ước, sơ bộ"\n01,2017,13,=1+1\n'


def package(folder: Path, tables: Mapping[str, tuple[Json, str]] | None = None, **more: JsonValue) -> Dataset:
    """Write a package that may be opened, and read it. `tables`: name to (resource's own properties, CSV)."""
    from opendata.descriptor import read

    tables = tables or {"paddy": ({"schema": {k: v for k, v in PADDY.items() if k != "name"}}, PADDY_CSV)}
    descriptor = {
        "$schema": "urn:opendata-vn:profile:1.0",
        "id": "6f1c1f5e-9f6b-4c1e-8e0a-0d6c3e0f7f11",
        "name": "paddy-by-province",
        "title": "Lúa theo tỉnh",
        "description": "Diện tích lúa",
        "version": "1.0.0",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "sources": [{"title": "Niên giám thống kê", "path": "https://example.org/nien-giam"}],
        "sector": "agriculture",
        "department": {"name": "Sở Nông nghiệp", "contact": {"email": "a@example.org"}},
        "access": REVIEWED,
        "resources": [
            {key: value for key, value in {**_resource(name), **own}.items() if value is not None}
            for name, (own, _) in tables.items()
        ],
        **more,
    }
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for name, (_, content) in tables.items():
        (folder / "data" / f"{name}.csv").write_text(content, encoding="utf-8", newline="")
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    return read(folder)


def _resource(name: str) -> Json:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/dataresource.json",
        "name": name,
        "type": "table",
        "path": f"data/{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }


def nowhere(_key: ForeignKey) -> Reference | None:
    """Finds no table of another package."""
    return None


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes; locks left out."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".opendata.lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
