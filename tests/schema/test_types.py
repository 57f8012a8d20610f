from __future__ import annotations

import pyarrow as pa
import pytest
from schema_helpers import field_of, schema_of

from opendata.schema import arrow_schema, arrow_type, datastore_type


@pytest.mark.parametrize(
    ("descriptor", "arrow", "datastore"),
    [
        ({"type": "string"}, pa.string(), "text"),
        ({"type": "integer"}, pa.int64(), "int8"),
        ({"type": "number"}, pa.float64(), "float8"),
        ({"type": "number", "decimal": [12, 2]}, pa.decimal128(12, 2), "numeric"),
        ({"type": "boolean"}, pa.bool_(), "bool"),
        ({"type": "date"}, pa.date32(), "date"),
        ({"type": "time"}, pa.time64("us"), "time"),
        ({"type": "datetime"}, pa.timestamp("us"), "timestamp"),
        ({"type": "datetime", "timezone": "Asia/Ho_Chi_Minh"}, pa.timestamp("us", "Asia/Ho_Chi_Minh"), "timestamptz"),
        ({"type": "datetime", "format": "%Y%m%d%H%M%S%z"}, pa.timestamp("us", "UTC"), "timestamptz"),
        ({"type": "year"}, pa.int32(), "int4"),
        *[
            ({"type": kind}, pa.string(), "text")
            for kind in ("yearmonth", "duration", "geopoint", "geojson", "object", "array", "list", "any")
        ],
    ],
)
def test_each_type_has_one_arrow_and_one_datastore_type(
    descriptor: dict[str, object], arrow: pa.DataType, datastore: str
) -> None:
    field = field_of({"name": "a", **descriptor})  # type: ignore[dict-item]
    assert arrow_type(field) == arrow
    assert datastore_type(field) == datastore


def test_title_description_and_unit_travel_as_field_metadata() -> None:
    schema = schema_of(
        {
            "fields": [
                {"name": "area", "type": "number", "title": "Diện tích", "description": "Cả năm", "unit": "nghìn ha"},
                {"name": "year", "type": "year", "access": {"level": "closed"}},
            ]
        }
    )
    made = arrow_schema(schema)
    assert made.names == ["area", "year"]
    assert made.field("area").metadata == {
        b"title": "Diện tích".encode(),
        b"description": "Cả năm".encode(),
        b"unit": "nghìn ha".encode(),
    }
    assert made.field("year").metadata is None
