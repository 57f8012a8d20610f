"""From lines to a Table: the header, the batches, the misfits; and that frictionless sees the same."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_helpers import cells_of, misfits, rows, text_file

from opendata.errors import SourceError
from opendata.model import AccessLevel, Field, Json, Misfit, Place, TableSchema
from opendata.sources import limits, open_file
from opendata.sources.batching import batches
from opendata.sources.dialect import Dialect
from opendata.sources.grid import Line, Source
from opendata.sources.table import joined, table, text_schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def source(*lines: Sequence[str], padded: bool = False) -> Source:
    made = [Line(row, cells) for row, cells in enumerate(lines, start=1)]
    return Source(Place("a.csv"), lambda: iter(made), lambda: "sha256:0", padded=padded)


def schema(*names: str) -> TableSchema:
    fields = tuple(Field(name, "string", "default", AccessLevel.OPEN, {"name": name}) for name in names)
    return TableSchema(fields, {})


def test_rows_that_fit_are_in_batches_and_the_others_beside_them() -> None:
    made = table(source(["a", "b"], ["1", "2"], [], ["3"], ["4", "5", "6"], ["", ""]), Dialect(), "t")
    assert made.labels == ("a", "b")
    assert made.header_row == 1
    assert rows(made) == [(2, ("1", "2")), (6, ("", ""))]
    assert misfits(made) == [Misfit(3, ()), Misfit(4, ("3",)), Misfit(5, ("4", "5", "6"))]


def test_batches_hold_text_columns_without_nulls_and_int64_row_numbers() -> None:
    (batch,) = table(source(["a", "a"], ["", "x"]), Dialect(), "t").batches()
    assert batch.records.schema.names == ["a", "a"]
    assert [field.type for field in batch.records.schema] == [pa.string(), pa.string()]
    assert [column.null_count for column in batch.records.columns] == [0, 0]
    assert batch.rows.type == pa.int64()


def test_a_table_can_be_read_again() -> None:
    made = table(source(["a"], ["1"]), Dialect(), "t")
    assert rows(made) == rows(made) == [(2, ("1",))]


def test_a_header_alone_gives_no_batch() -> None:
    made = table(source(["a", "b"]), Dialect(), "t")
    assert made.labels == ("a", "b")
    assert list(made.batches()) == []


def test_batches_are_cut_by_rows_and_by_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BATCH_ROWS", 3)
    monkeypatch.setattr(limits, "BATCH_CHARACTERS", 100)
    lines = [Line(row, [str(row)], 60 if row == 5 else 1) for row in range(2, 12)]
    sizes = [batch.records.num_rows for batch in batches(lines, ("a",))]
    assert sizes == [3, 3, 3, 1]
    long = [Line(row, [str(row)], 60) for row in range(2, 7)]
    assert [batch.records.num_rows for batch in batches(long, ("a",))] == [2, 2, 1]


def test_a_block_of_misfits_alone_is_a_batch_too() -> None:
    (batch,) = batches([Line(2, []), Line(3, ["1", "2"])], ("a",))
    assert batch.records.num_rows == 0
    assert batch.records.schema.names == ["a"]
    assert len(batch.misfits) == 2


@pytest.mark.parametrize(
    ("dialect", "labels", "header_row", "content"),
    [
        (Dialect(header_rows=(2,)), ("1", "2"), 2, [(3, ("3", "4"))]),
        (Dialect(header_rows=(1, 2)), ("a 1", "b 2"), 2, [(3, ("3", "4"))]),
        (Dialect(header_rows=(1, 2), header_join="/"), ("a/1", "b/2"), 2, [(3, ("3", "4"))]),
        (Dialect(comment_rows=frozenset({1})), ("1", "2"), 2, [(3, ("3", "4"))]),
        (Dialect(comment="a"), ("1", "2"), 2, [(3, ("3", "4"))]),
        (Dialect(comment="1"), ("a", "b"), 1, [(3, ("3", "4"))]),
    ],
)
def test_the_header_is_where_the_dialect_says(
    dialect: Dialect, labels: tuple[str, ...], header_row: int, content: list[tuple[int, tuple[str, ...]]]
) -> None:
    made = table(source(["a", "b"], ["1", "2"], ["3", "4"]), dialect, "t")
    assert (made.labels, made.header_row, rows(made)) == (labels, header_row, content)


def test_without_header_the_labels_are_the_schemas_or_numbered() -> None:
    lines = source(["1", "2"], ["3", "4"])
    numbered = table(lines, Dialect(header=False), "t")
    assert (numbered.labels, numbered.header_row) == (("field1", "field2"), 0)
    assert rows(numbered) == [(1, ("1", "2")), (2, ("3", "4"))]
    named = table(lines, Dialect(header=False), "t", schema("x", "y"))
    assert named.labels == ("x", "y")


@pytest.mark.parametrize(
    ("lines", "dialect"),
    [
        ([], Dialect()),
        ([], Dialect(header=False)),
        ([["#"]], Dialect(comment="#")),
        ([["a"]], Dialect(header_rows=(3,))),
        ([["a"]], Dialect(header_rows=())),
    ],
)
def test_no_header_is_an_error(lines: list[list[str]], dialect: Dialect) -> None:
    with pytest.raises(SourceError) as caught:
        table(source(*lines), dialect, "t")
    assert caught.value.remedy


def test_a_header_of_too_many_columns_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "COLUMNS", 3)
    with pytest.raises(SourceError, match="more than 3 columns"):
        table(source(["a", "b", "c", "d"]), Dialect(), "t")


def test_a_blank_header_makes_every_row_a_misfit() -> None:
    made = table(source([], ["1"]), Dialect(), "t", schema("a"))
    assert made.labels == ()
    assert misfits(made) == [Misfit(2, ("1",))]


def test_blank_cells_at_the_end_of_a_grids_line_mean_nothing() -> None:
    made = table(source(["a", "b", ""], ["1", "", ""], ["", "", ""], ["1", "2", "x"], padded=True), Dialect(), "t")
    assert made.labels == ("a", "b")
    assert rows(made) == [(2, ("1", ""))]
    assert misfits(made) == [Misfit(3, ()), Misfit(4, ("1", "2", "x"))]


def test_fields_without_schema_are_strings_named_by_the_labels() -> None:
    made = text_schema(["a", "", "a", "a", "a2"])
    assert [field.name for field in made.fields] == ["a", "field2", "a2", "a3", "a22"]
    assert {field.type for field in made.fields} == {"string"}
    assert made.descriptor["fields"] == [{"name": field.name, "type": "string"} for field in made.fields]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ([], ()),
        ([[" a ", "b"]], ("a", "b")),
        ([["x", "x", "y"], ["a", "", "b"]], ("x a", "x ", "y b")),
        ([["x", ""], ["a", "b", "c"]], ("x a", " b", "c")),
        ([["x"], ["x"], ["y"]], ("x y",)),
    ],
)
def test_header_rows_are_joined(head: list[list[str]], expected: tuple[str, ...]) -> None:
    assert joined(head, " ") == expected


letters = st.text("ab,;\"' \n\r\u01b0\u0301é0", max_size=5)
heads = st.lists(st.text("abcd", min_size=1, max_size=3), min_size=2, max_size=4, unique=True)


def frictionless_rows(path: Path, dialect: Json) -> tuple[list[str], list[tuple[int, list[str]]]]:
    from frictionless import Dialect as Theirs
    from frictionless.resources import TableResource

    pinned = {"delimiter": ",", "quoteChar": '"', "lineTerminator": "\n", "skipInitialSpace": False, **dialect}
    common = {key: pinned.pop(key) for key in ("headerRows", "header", "commentChar") if key in pinned}
    theirs = Theirs.from_descriptor({"csv": pinned, "headerRows": [1], **common})
    with TableResource(path=path.name, basepath=str(path.parent), encoding="utf-8", dialect=theirs) as resource:
        return list(resource.labels), [(row.row_number, list(row.cells)) for row in resource.row_stream]


def our_rows(path: Path, dialect: Json) -> tuple[list[str], list[tuple[int, list[str]]]]:
    made = open_file(path, dialect=dialect)
    found: list[tuple[int, list[str]]] = [(item.row, list(item.cells)) for item in misfits(made)]
    found += [(row, list(cells)) for row, cells in rows(made)]
    return list(made.labels), sorted(found)


@settings(deadline=None)
@given(heads, st.lists(st.lists(letters, min_size=0, max_size=5), max_size=6))
def test_frictionless_sees_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, head: list[str], body: list[list[str]]
) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([head, *body])
    path = text_file(tmp_path_factory.getbasetemp(), written.getvalue(), "same.csv")
    assert our_rows(path, {}) == frictionless_rows(path, {})


@pytest.mark.parametrize(
    ("content", "dialect"),
    [
        ("a,b\n1,2\n\n3,4\n5\n6,7,8\n,\n\n", {}),
        ("a;b\n1;2\n", {"delimiter": ";"}),
        ("x,x,y\na,,b\n1,2,3\n", {"headerRows": [1, 2]}),
        ("x\na,b\n1,2\n", {"headerRows": [2]}),
        ("x,\na,b,c\n1,2,3\n", {"headerRows": [1, 2]}),
        ("a,b\n#c\n1,2\n", {"commentChar": "#"}),
        ("\ufeffa,b\n1,2\n", {}),
        ("a,b\r1,2\r", {}),
        ('a,b\n1,"x\ny"\n2,3\n', {}),
        ('a\n"x"y\nx"y"\n', {}),
        (' a ,"b "\n1, 2\n', {}),
        ("a,b\n1, 2\n", {"skipInitialSpace": True}),
        ("a|b\n'1|x'|2\n", {"delimiter": "|", "quoteChar": "'"}),
    ],
)
def test_frictionless_reads_these_dialects_the_same(tmp_path: Path, content: str, dialect: Json) -> None:
    path = text_file(tmp_path, content)
    if content.startswith("\ufeff"):
        assert our_rows(path, dialect)[0] == ["a", "b"]
    else:
        assert our_rows(path, dialect) == frictionless_rows(path, dialect)


def test_a_long_file_streams_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BLOCK_BYTES", 64 << 10)
    path = text_file(tmp_path, "a,b\n" + "".join(f"{row},x\n" for row in range(25_000)))
    made = open_file(path)
    sizes = [batch.records.num_rows for batch in made.batches()]
    assert sum(sizes) == 25_000
    assert 3 <= len(sizes) <= 5
    last = list(made.batches())[-1]
    assert last.rows.to_pylist()[-1] == 25_001
    assert cells_of(last)[-1] == ("24999", "x")
