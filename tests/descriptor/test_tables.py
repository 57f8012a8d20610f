from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from opendata.descriptor import parse_schema, read_schema
from opendata.errors import DescriptorError, DiskError
from opendata.model import AccessLevel, ForeignKey

if TYPE_CHECKING:
    from pathlib import Path

KEYED: dict[str, Any] = {
    "fields": [
        {"name": "a", "type": "integer", "missingValues": ["-"]},
        {"name": "b", "format": "email", "personal": "basic", "disclosure": "drop"},
        {"name": "c", "type": "datetime", "timezone": "Asia/Ho_Chi_Minh", "access": {"level": "closed"}},
    ],
    "primaryKey": "a",
    "uniqueKeys": [["b"], ["a", "b"]],
    "foreignKeys": [
        {"fields": "a", "reference": {"resource": "other", "fields": "x"}},
        {"fields": ["b"], "reference": {"fields": ["a"]}},
    ],
    "missingValues": ["", ".."],
}


def schema_file(tmp_path: Path, schema: object) -> Path:
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(schema), encoding="utf-8")
    return path


def test_a_schema_s_file_is_read(tmp_path: Path) -> None:
    schema = read_schema(schema_file(tmp_path, KEYED))
    assert schema == parse_schema(KEYED)
    assert schema.primary_key == ("a",)
    assert schema.unique_keys == (("b",), ("a", "b"))
    assert schema.foreign_keys == (ForeignKey(("a",), "other", ("x",)), ForeignKey(("b",), "", ("a",)))
    assert schema.missing_values == ("", "..")


def test_fields_are_read() -> None:
    first, second, third = parse_schema(KEYED, AccessLevel.SHARED).fields
    assert (first.type, first.format, first.missing_values) == ("integer", "default", ("-",))
    assert (second.type, second.format, second.missing_values) == ("string", "email", None)
    assert (second.personal, second.disclosure, second.level) == ("basic", "drop", AccessLevel.SHARED)
    assert (third.timezone, third.level) == ("Asia/Ho_Chi_Minh", AccessLevel.CLOSED)


def test_missing_values_by_default_and_none_at_all() -> None:
    assert parse_schema({"fields": []}).missing_values == ("",)
    assert parse_schema({"fields": [], "missingValues": []}).missing_values == ()


@pytest.mark.parametrize(
    ("schema", "pointer", "code"),
    [
        ({}, "/fields", "schema-error"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "/fields/1/name", "schema-error"),
        ({"fields": [{"name": "a", "type": "jahr"}]}, "/fields/0/type", "field-error"),
        ({"fields": [{"name": "a"}], "primaryKey": "b"}, "/primaryKey", "schema-error"),
        ({"fields": [{"name": "a"}], "missingValues": "x"}, "/missingValues", "schema-error"),
    ],
)
def test_faults_of_a_schema_s_file(schema: object, pointer: str, code: str, tmp_path: Path) -> None:
    path = schema_file(tmp_path, schema)
    with pytest.raises(DescriptorError) as caught:
        read_schema(path)
    assert (pointer, code) in [(item.pointer, item.code) for item in caught.value.findings]
    assert all(item.place.path == str(path) for item in caught.value.findings)


def test_a_schema_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DiskError):
        read_schema(tmp_path / "no.json")


def test_a_file_that_is_no_schema_at_all(tmp_path: Path) -> None:
    with pytest.raises(DescriptorError, match="not an object"):
        read_schema(schema_file(tmp_path, []))
