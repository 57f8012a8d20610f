"""CSV as a stream of lines: what is read, and what is refused."""

from __future__ import annotations

import csv
import encodings
import io
import pkgutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_helpers import text_file

from opendata.errors import SourceError
from opendata.model import Place
from opendata.sources import csv_text, limits
from opendata.sources.dialect import Dialect

DEFAULT = Dialect()


def lines(path: Path, encoding: str = "utf-8", dialect: Dialect = DEFAULT) -> list[tuple[int, list[str]]]:
    return [(line.row, list(line.cells)) for line in csv_text.records(path, Place(path.name), encoding, dialect)]


def refused(path: Path, encoding: str = "utf-8", dialect: Dialect = DEFAULT) -> SourceError:
    with pytest.raises(SourceError) as caught:
        lines(path, encoding, dialect)
    assert caught.value.what
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r1,2", [["a", "b"], ["1", "2"]]),
        ('a\n"x\ny"\n', [["a"], ["x\ny"]]),
        ('a\n"x""y"\n', [["a"], ['x"y']]),
        ("a\n\n1\n\n", [["a"], [], ["1"], []]),
        ("a,b\n,\n", [["a", "b"], ["", ""]]),
        ("a,b\n1\n1,2,3\n", [["a", "b"], ["1"], ["1", "2", "3"]]),
        ('a\nx"y"\n"x"y\n', [["a"], ['x"y"'], ["xy"]]),
        ("a\n 1 \n", [["a"], [" 1 "]]),
        ("a", [["a"]]),
        ('""', [[""]]),
        ("\n", [[]]),
    ],
)
def test_records_are_those_of_the_csv_module(tmp_path: Path, content: str, expected: list[list[str]]) -> None:
    found = lines(text_file(tmp_path, content))
    assert [cells for _row, cells in found] == expected
    assert [row for row, _cells in found] == list(range(1, len(expected) + 1))


@pytest.mark.parametrize(
    ("dialect", "content", "expected"),
    [
        (Dialect(delimiter=";"), "1;2,5", ["1", "2,5"]),
        (Dialect(delimiter="\t"), "1\t2", ["1", "2"]),
        (Dialect(quote="'"), "'a,b',\"c\"", ["a,b", '"c"']),
        (Dialect(quote=""), '"a,b"', ['"a', 'b"']),
        (Dialect(escape="\\", double_quote=False), '"a\\"b"', ['a"b']),
        (Dialect(skip_initial_space=True), "a,  b", ["a", "b"]),
        (Dialect(null="\\N"), "\\N,a\\N", ["", "a\\N"]),
    ],
)
def test_a_dialect_is_followed(tmp_path: Path, dialect: Dialect, content: str, expected: list[str]) -> None:
    assert lines(text_file(tmp_path, content), dialect=dialect) == [(1, expected)]


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("UTF8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1258", "cp1258"),
    ],
)
def test_encodings_are_read_as_declared_and_a_mark_is_no_text(tmp_path: Path, encoding: str, written: str) -> None:
    path = text_file(tmp_path, "đ,ô\nơ,ư\n".encode(written))
    assert lines(path, encoding) == [(1, ["đ", "ô"]), (2, ["ơ", "ư"])]


def test_a_mark_of_utf_16_is_dropped_where_the_byte_order_is_declared_too(tmp_path: Path) -> None:
    assert lines(text_file(tmp_path, "\ufeffa\n".encode("utf-16-le")), "utf-16-le") == [(1, ["a"])]


@pytest.mark.parametrize(("encoding", "byte"), [("utf-8", b"\xff"), ("cp1258", b"\x8a")])
def test_a_byte_that_is_no_text_is_refused_with_row_and_place(tmp_path: Path, encoding: str, byte: bytes) -> None:
    content = b"a\n" + b"x\n" * 50_000 + b"1" + byte + b"\n2\n"
    fault = refused(text_file(tmp_path, content), encoding)
    assert "row 50002" in fault.where
    assert f"Byte {len(content) - 3}" in fault.what
    assert byte.hex().upper() in fault.what
    assert encoding in fault.what


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_the_first_bad_byte_is_where_the_decoder_says(content: bytes) -> None:
    try:
        content.decode("utf-8")
        expected = None
    except UnicodeDecodeError as fault:
        expected = (fault.start, content[fault.start])
    assert csv_text.undecodable(io.BytesIO(content), "utf-8") == expected


def test_the_first_bad_byte_is_found_across_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SAMPLE_BYTES", 3)
    content = "đđđđđ".encode() + b"\xe1\xba" + b"x"
    assert csv_text.undecodable(io.BytesIO(content), "utf-8") == (10, 0xE1)


@pytest.mark.parametrize("name", ["", "no-such", "utf-8\0", "hex", "rot13", "x" * 5000])
def test_an_unknown_encoding_is_refused(tmp_path: Path, name: str) -> None:
    assert "encoding" in refused(text_file(tmp_path, "a\n"), name).what


def test_nul_is_refused_with_its_row(tmp_path: Path) -> None:
    fault = refused(text_file(tmp_path, "a,b\n1,2\n3,\x00\n"))
    assert "NUL" in fault.what
    assert "row 3" in fault.where


def test_utf_16_read_as_utf_8_is_refused(tmp_path: Path) -> None:
    assert "row 1" in refused(text_file(tmp_path, "a,b\n".encode("utf-16"))).where


@pytest.mark.parametrize("content", ['a\n1\n"x\ny\nz\n', 'a\n1\n"', 'a\n1\n"x', 'a\n1\n2,"x""\n'])
def test_a_quotation_mark_never_closed_is_refused_at_the_row_that_opens_it(tmp_path: Path, content: str) -> None:
    fault = refused(text_file(tmp_path, content))
    assert "never closed" in fault.what
    assert "row 3" in fault.where


def test_an_escape_at_the_very_end_is_refused(tmp_path: Path) -> None:
    refused(text_file(tmp_path, "a\n1\\"), dialect=Dialect(escape="\\"))


def test_a_record_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RECORD_CHARACTERS", 1000)
    fault = refused(text_file(tmp_path, 'a\n1\n"' + "x\n" * 600))
    assert "1000" in fault.what
    assert "row 3" in fault.where
    assert "row 1" in refused(text_file(tmp_path, "x" * 1000)).where
    assert lines(text_file(tmp_path, "x" * 990 + "\n" + "y" * 990)) == [(1, ["x" * 990]), (2, ["y" * 990])]


def test_a_cell_longer_than_the_csv_modules_own_limit_is_read(tmp_path: Path) -> None:
    csv.field_size_limit(131_072)
    assert lines(text_file(tmp_path, "x" * 200_000)) == [(1, ["x" * 200_000])]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "empty" in refused(text_file(tmp_path, "")).what


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.csv.gz", b"a,b\n"),
        ("a.csv", b"\x1f\x8b\x08"),
        ("a.csv", b"BZh9"),
        ("a.csv", b"(\xb5/\xfd"),
        ("a.zip", b"PK\x03\x04"),
        ("a.csv", b"PK\x03\x04"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ],
)
def test_packed_files_are_refused_by_name_or_content(tmp_path: Path, name: str, start: bytes) -> None:
    fault = refused(text_file(tmp_path, start + b"rest", name))
    assert "compressed" in fault.what or "packed" in fault.what


def test_the_size_of_a_record_is_told(tmp_path: Path) -> None:
    path = text_file(tmp_path, 'ab,c\n"d\ne"\n')
    assert [line.size for line in csv_text.records(path, Place(), "utf-8", DEFAULT)] == [5, 6]


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@settings(deadline=None)
@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=6))
def test_what_the_csv_module_writes_comes_back(tmp_path_factory: pytest.TempPathFactory, grid: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(grid)
    path = text_file(tmp_path_factory.getbasetemp(), written.getvalue(), "round.csv")
    assert [found for _row, found in lines(path)] == grid


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_lines_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = text_file(tmp_path_factory.getbasetemp(), content, "any.csv")
    try:
        found = lines(path)
    except SourceError as fault:
        assert fault.what  # noqa: PT017 - either outcome is right
    else:
        assert [row for row, _cells in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize(
    "encoding",
    [
        *("idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape", "undefined", "utf-7", "UTF7"),
        *("rot13", "base64", "hex", "zlib", "uu", "quopri", "bz2", "mbcs", "no such", "", "\ud800", "a\0b"),
    ],
)
def test_what_is_no_encoding_of_text_is_refused_by_name(tmp_path: Path, encoding: str) -> None:
    path = text_file(tmp_path, "a,b\nx\\udfff,+3/8-\n")
    assert "encoding of this name" in refused(path, encoding).what


@pytest.mark.parametrize("encoding", ["utf-16", "UTF_16", "utf-32"])
def test_an_encoding_without_the_mark_that_it_needs_says_what_to_declare(tmp_path: Path, encoding: str) -> None:
    path = text_file(tmp_path, "code,secret\na,bc\n")
    assert "utf-16" in refused(path, encoding).remedy


def _encodings() -> list[str]:
    return sorted({module.name for module in pkgutil.iter_modules(encodings.__path__)})


@settings(deadline=None)
@given(st.sampled_from(_encodings()), st.binary(min_size=1, max_size=40))
def test_no_encoding_gives_half_characters_or_another_error_than_ours(encoding: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = text_file(Path(folder), content)
        try:
            found = lines(path, encoding)
        except SourceError as fault:
            assert fault.remedy  # noqa: PT017 - refused or read, both are right
        else:
            assert all(cell.encode("utf-8") is not None for _row, cells in found for cell in cells)
