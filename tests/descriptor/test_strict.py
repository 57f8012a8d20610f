from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata.descriptor.strict import MAX_BYTES, MAX_DEPTH, load, parse, shown
from opendata.errors import DescriptorError, DiskError
from opendata.model import dump

if TYPE_CHECKING:
    from pathlib import Path

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_what_we_write_is_read_back(value: dict[str, object]) -> None:
    assert parse(dump(value)) == value  # type: ignore[arg-type]


@given(st.binary(max_size=60))
def test_any_bytes_are_an_object_or_a_clear_error(content: bytes) -> None:
    error = None
    try:
        assert isinstance(parse(content), dict)
    except DescriptorError as caught:
        error = caught
    assert error is None or (error.what and error.remedy and len(error.findings) == 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "not an object"),
        (b'"a"', "not an object"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "too large"),
        (b'{"a": 1, "b": 2, "a": 3}', "“a” stands twice"),
        (b'{"x": {"b": 1, "b": 1}}', "“b” stands twice"),
        (b'{"a": "\\ud800"}', "Half a character"),
        (b'{"\\ud800": 1}', "Half a character"),
        ('{"a": "Sở"}'.encode("utf-16"), "UTF-8"),
        ('{"a": "é"}'.encode("latin-1"), "UTF-8"),
        (b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1), "nested deeper"),
        (b"[" * 200_000, "nested deeper"),
    ],
)
def test_what_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(DescriptorError, match=said) as caught:
        parse(content)
    assert caught.value.findings[0].code == "package-error"


def test_line_and_column_are_told() -> None:
    with pytest.raises(DescriptorError, match="line 2, column 8") as caught:
        parse(b'{\n  "a": x\n}')
    assert (caught.value.findings[0].place.row, caught.value.findings[0].place.column) == (2, 8)


def test_the_line_of_a_wrong_encoding_is_told() -> None:
    with pytest.raises(DescriptorError, match="line 3"):
        parse(b'{\n"a":\n"\xff"}')


def test_a_byte_order_mark_is_let_pass() -> None:
    assert parse(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_nesting_up_to_the_limit_is_read() -> None:
    assert parse(b'{"a":' * (MAX_DEPTH - 1) + b"1" + b"}" * (MAX_DEPTH - 1))


def test_a_file_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "datapackage.json"
    path.write_bytes(b'{"a": "' + b"x" * MAX_BYTES + b'"}')
    with pytest.raises(DescriptorError, match="larger than 8 MB"):
        load(path)


def test_a_file_that_is_not_there_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(DiskError):
        load(tmp_path / "datapackage.json")


def test_a_folder_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(DescriptorError, match="plain file"):
        load(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "datapackage.json")
    with pytest.raises(DescriptorError, match="plain file"):
        load(tmp_path / "datapackage.json")


def test_the_code_of_another_kind_of_file(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text("[]")
    with pytest.raises(DescriptorError) as caught:
        load(path, "schema-error")
    assert caught.value.findings[0].code == "schema-error"
    assert caught.value.where == str(path)


@given(st.text(max_size=200))
def test_a_shown_value_is_one_short_line(text: str) -> None:
    line = shown(text)
    assert "\n" not in line
    assert len(line) <= 83
    assert json.dumps(line)


def test_a_descriptor_that_is_a_link_out_of_its_package_is_refused(tmp_path: Path) -> None:
    secret, folder = tmp_path / "secret.json", tmp_path / "package"
    folder.mkdir()
    secret.write_text('{"name": "a"}')
    (folder / "datapackage.json").symlink_to(secret)
    with pytest.raises(DescriptorError, match="link that leads out") as caught:
        load(folder / "datapackage.json")
    assert caught.value.remedy


def test_a_descriptor_that_is_a_link_within_its_package_is_read(tmp_path: Path) -> None:
    (tmp_path / "v1.json").write_text('{"name": "a"}')
    (tmp_path / "datapackage.json").symlink_to("v1.json")
    assert load(tmp_path / "datapackage.json") == {"name": "a"}
