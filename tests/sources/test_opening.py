"""Resources of a package and bare files, opened as tables; and what is never opened."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest
from sources_helpers import dataset, misfits, resource, rows, text_file, xlsx

from opendata.errors import DataError, SourceError
from opendata.model import AccessLevel, Field, ForeignKey, JsonValue, Misfit, Resource, TableSchema
from opendata.sources import open_file, open_resource

if TYPE_CHECKING:
    from pathlib import Path


def schema(*names: str) -> TableSchema:
    fields = tuple(Field(name, "string", "default", AccessLevel.OPEN, {"name": name}) for name in names)
    return TableSchema(fields, {}, foreign_keys=(ForeignKey(("a",), "other", ("id",)),))


def refused(folder: Path, made: Resource) -> DataError:
    with pytest.raises(DataError) as caught:
        list(open_resource(dataset(folder), made).batches())
    assert caught.value.what
    assert caught.value.remedy
    return caught.value


def test_a_resource_is_a_table_with_its_schema_and_all_its_keys(tmp_path: Path) -> None:
    text_file(tmp_path, "a,b\n1,2\n", "data/a.csv")
    outside = ForeignKey(("b",), "units", ("unit_id",), "administrative-units")
    made = Resource("r", ("data/a.csv",), AccessLevel.OPEN, {}, schema("a", "b"), external_keys=(outside,))
    table = open_resource(dataset(tmp_path), made)
    assert (table.name, table.place.path, table.labels) == ("r", "data/a.csv", ("a", "b"))
    assert table.schema is made.schema
    assert table.keys == (ForeignKey(("a",), "other", ("id",)), outside)
    assert rows(table) == [(2, ("1", "2"))]
    assert table.digest() == "sha256:" + hashlib.sha256(b"a,b\n1,2\n").hexdigest()


def test_dialect_and_encoding_are_those_declared(tmp_path: Path) -> None:
    text_file(tmp_path, "tên;số\nđ;1,5\n".replace("ên", "en").replace("ố", "ô").encode("cp1258"))
    made = resource("a.csv", encoding="cp1258", dialect={"delimiter": ";"})
    assert rows(open_resource(dataset(tmp_path), made)) == [(2, ("đ", "1,5"))]


@pytest.mark.parametrize(
    ("name", "descriptor", "content"),
    [
        ("a.tsv", {}, "a\tb\n1\t2\n"),
        ("a.txt", {"format": "tsv"}, "a\tb\n1\t2\n"),
        ("a.tsv", {"dialect": {"delimiter": ","}}, "a,b\n1,2\n"),
        ("a.txt", {}, "a,b\n1,2\n"),
        ("a", {}, "a,b\n1,2\n"),
        ("a.dat", {"format": "CSV"}, "a,b\n1,2\n"),
    ],
)
def test_the_format_declared_or_the_ending_gives_the_delimiter(
    tmp_path: Path, name: str, descriptor: dict[str, object], content: str
) -> None:
    text_file(tmp_path, content, name)
    assert rows(open_resource(dataset(tmp_path), resource(name, **descriptor))) == [(2, ("1", "2"))]


def test_nothing_is_sniffed(tmp_path: Path) -> None:
    text_file(tmp_path, "a;b\n1;2\n")
    assert open_resource(dataset(tmp_path), resource("a.csv")).labels == ("a;b",)


def test_a_workbook_resource_reads_its_sheet(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", {"Một": [["x"]], "Hai": [["a"], [1]]})
    table = open_resource(dataset(tmp_path), resource("a.xlsx", dialect={"sheetName": "Hai"}))
    assert (table.place.path, table.place.sheet) == ("a.xlsx", "Hai")
    assert rows(table) == [(2, ("1",))]
    refused(tmp_path, resource("a.xlsx", "a.xlsx"))


def test_data_in_the_descriptor(tmp_path: Path) -> None:
    data: JsonValue = [["a", "b"], [1, None], [2], []]
    table = open_resource(dataset(tmp_path), resource(data=data))
    assert rows(table) == [(2, ("1", ""))]
    assert misfits(table) == [Misfit(3, ("2",)), Misfit(4, ())]
    assert table.digest() == open_resource(dataset(tmp_path), resource(data=data)).digest()
    assert table.digest() != open_resource(dataset(tmp_path), resource(data=[["a", "b"]])).digest()


def test_objects_in_the_descriptor_follow_the_schema(tmp_path: Path) -> None:
    table = open_resource(dataset(tmp_path), resource(schema=schema("b", "a"), data=[{"a": 1, "b": 2}]))
    assert table.labels == ("b", "a")
    assert rows(table) == [(2, ("2", "1"))]


@pytest.mark.parametrize("end", ["\n", ""])
def test_parts_are_one_table_under_the_header_of_the_first(tmp_path: Path, end: str) -> None:
    contents = ["a,b\n1,2\n\n3" + end, "a,b\n4,5\n", "a,b", "\ufeffa,b\n6,7"]
    for number, content in enumerate(contents):
        text_file(tmp_path, content, f"{number}.csv")
    table = open_resource(dataset(tmp_path), resource("0.csv", "1.csv", "2.csv", "3.csv"))
    assert table.labels == ("a", "b")
    assert rows(table) == [(2, ("1", "2")), (5, ("4", "5")), (6, ("6", "7"))]
    assert misfits(table) == [Misfit(3, ()), Misfit(4, ("3",))]
    assert table.digest() == "sha256:" + hashlib.sha256("".join(contents).encode()).hexdigest()
    assert table.place.path == "0.csv, 1.csv, 2.csv, 3.csv"


def test_frictionless_counts_the_rows_of_parts_the_same(tmp_path: Path) -> None:
    from frictionless.resources import TableResource

    for number, content in enumerate(["a,b\n1,2\n", "a,b\n\n3,4\n", "a,b\n5,6\n"]):
        text_file(tmp_path, content, f"{number}.csv")
    with TableResource(path="0.csv", extrapaths=["1.csv", "2.csv"], basepath=str(tmp_path), encoding="utf-8") as theirs:
        expected = [(row.row_number, tuple(row.cells)) for row in theirs.row_stream if row.cells]
    assert rows(open_resource(dataset(tmp_path), resource("0.csv", "1.csv", "2.csv"))) == expected


def test_parts_without_header_are_joined_whole(tmp_path: Path) -> None:
    text_file(tmp_path, "1,2\n", "0.csv")
    text_file(tmp_path, "3,4\n", "1.csv")
    table = open_resource(dataset(tmp_path), resource("0.csv", "1.csv", dialect={"header": False}))
    assert rows(table) == [(1, ("1", "2")), (2, ("3", "4"))]


def test_parts_with_a_header_of_two_rows(tmp_path: Path) -> None:
    text_file(tmp_path, "a,b\nx,y\n1,2\n", "0.csv")
    text_file(tmp_path, "a,b\nx,y\n3,4\n", "1.csv")
    table = open_resource(dataset(tmp_path), resource("0.csv", "1.csv", dialect={"headerRows": [1, 2]}))
    assert table.labels == ("a x", "b y")
    assert rows(table) == [(3, ("1", "2")), (4, ("3", "4"))]


@pytest.mark.parametrize("second", ["1,2\n", "b,a\n1,2\n", "\na,b\n"])
def test_a_part_with_another_header_is_refused(tmp_path: Path, second: str) -> None:
    text_file(tmp_path, "a,b\n1,2\n", "0.csv")
    text_file(tmp_path, second, "1.csv")
    fault = refused(tmp_path, resource("0.csv", "1.csv"))
    assert "header" in fault.what
    assert fault.where == "1.csv"


def test_an_empty_part_is_refused(tmp_path: Path) -> None:
    text_file(tmp_path, "a\n", "0.csv")
    text_file(tmp_path, "", "1.csv")
    assert refused(tmp_path, resource("0.csv", "1.csv")).where == "1.csv"


@pytest.mark.parametrize("path", ["../a.csv", "/etc/passwd", "c:/a.csv", "http://127.0.0.1/a.csv", "a\\..\\b.csv"])
def test_paths_that_lead_out_are_refused(tmp_path: Path, path: str) -> None:
    text_file(tmp_path, "a\n1\n")
    refused(tmp_path / "inside", resource(path))


def test_links_that_lead_out_are_refused_and_others_are_not(tmp_path: Path) -> None:
    text_file(tmp_path, "a\n1\n", "secret.csv")
    inside = tmp_path / "inside"
    text_file(inside, "a\n2\n", "real.csv")
    (inside / "out.csv").symlink_to("../secret.csv")
    (inside / "up").symlink_to("..")
    (inside / "in.csv").symlink_to("real.csv")
    (inside / "loop.csv").symlink_to("loop.csv")
    for path in ("out.csv", "up/secret.csv", "loop.csv"):
        refused(inside, resource(path))
    assert rows(open_resource(dataset(inside), resource("in.csv"))) == [(2, ("2",))]


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "device.csv").symlink_to("/dev/zero")
    assert "pipe" in refused(tmp_path, resource("pipe.csv")).what
    assert "folder" in refused(tmp_path, resource("folder.csv")).what
    assert "no such file" in refused(tmp_path, resource("none.csv")).what
    refused(tmp_path, resource("device.csv"))
    with pytest.raises(SourceError, match="device"):
        open_file(tmp_path / "device.csv")


def test_a_file_that_fails_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path as Paths

    text_file(tmp_path, "a\n1\n")

    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Paths, "open", fail)
    assert "Input/output error" in refused(tmp_path, resource("a.csv")).what


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (resource("a.csv", compression="gz"), "compressed"),
        (resource("a.csv.gz"), "compressed"),
        (resource("a.zip"), "compressed"),
        (resource("a.csv", format="parquet"), "parquet"),
        (resource("a.geojson"), "geojson"),
        (resource("a.xlsb"), "xlsb"),
        (resource(), "neither"),
        (resource(data="a,b"), "no table"),
        (resource(data=[]), "empty"),
        (resource("a.csv", dialect={"delimiter": "::"}), "delimiter"),
        (Resource("r", ("a.csv",), AccessLevel.OPEN, {}, tabular=False), "no table"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, made: Resource, said: str) -> None:
    for path in made.paths:
        text_file(tmp_path, "a,b\n1,2\n", path)
    assert said in refused(tmp_path, made).what


def test_a_bare_file_is_read_by_what_is_said_of_it(tmp_path: Path) -> None:
    path = text_file(tmp_path, "a;b\n1;2\n")
    assert open_file(path).labels == ("a;b",)
    table = open_file(path, schema("a", "b"), dialect={"delimiter": ";"}, name="named")
    assert (table.name, table.labels, table.place.path) == ("named", ("a", "b"), str(path))
    assert table.schema.fields[0].name == "a"
    assert open_file(path).name == "a"


def test_a_bare_file_of_another_encoding(tmp_path: Path) -> None:
    path = text_file(tmp_path, "đ\nơ\n".encode("utf-16"))
    assert rows(open_file(path, encoding="utf-16")) == [(2, ("ơ",))]
    with pytest.raises(SourceError, match="utf-16"):
        open_file(path)


def test_a_bare_file_without_schema_has_string_fields(tmp_path: Path) -> None:
    table = open_file(text_file(tmp_path, "a,,a\n1,2,3\n"))
    assert [(field.name, field.type) for field in table.schema.fields] == [
        ("a", "string"),
        ("field2", "string"),
        ("a2", "string"),
    ]
    assert table.labels == ("a", "", "a")
