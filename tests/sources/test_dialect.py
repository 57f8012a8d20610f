"""Dialects as descriptors declare them."""

from __future__ import annotations

import pytest

from opendata.errors import SourceError
from opendata.model import Json, Place
from opendata.sources.dialect import Dialect, read


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({}, Dialect()),
        ({"delimiter": ";"}, Dialect(delimiter=";")),
        ({"quoteChar": "'"}, Dialect(quote="'")),
        ({"quoteChar": ""}, Dialect(quote="")),
        ({"quoteChar": None}, Dialect()),
        ({"doubleQuote": False}, Dialect()),
        ({"doubleQuote": False, "escapeChar": "\\"}, Dialect(double_quote=False, escape="\\")),
        ({"skipInitialSpace": True}, Dialect(skip_initial_space=True)),
        ({"nullSequence": "\\N"}, Dialect(null="\\N")),
        ({"lineTerminator": "\n"}, Dialect()),
        ({"header": False}, Dialect(header=False)),
        ({"headerRows": [2, 1, 2]}, Dialect(header_rows=(1, 2))),
        ({"headerRows": []}, Dialect(header=False, header_rows=())),
        ({"headerJoin": ""}, Dialect(header_join="")),
        ({"headerJoin": "-"}, Dialect(header_join="-")),
        ({"commentChar": "#", "commentRows": [1]}, Dialect(comment="#", comment_rows=frozenset({1}))),
        ({"skipBlankRows": True}, Dialect(skip_blank=True)),
        ({"sheetName": "B"}, Dialect(sheet="B")),
        ({"sheetNumber": 2}, Dialect(sheet=2)),
        ({"csvddfVersion": "1.2", "caseSensitiveHeader": True}, Dialect()),
        ({"csv": {"delimiter": "|", "skipInitialSpace": True}}, Dialect(delimiter="|", skip_initial_space=True)),
        ({"excel": {"sheet": "B"}}, Dialect(sheet="B")),
        ({"excel": {"sheet": 3}}, Dialect(sheet=3)),
    ],
)
def test_what_is_declared_is_read(declared: Json, expected: Dialect) -> None:
    assert read(declared, Place()) == expected


@pytest.mark.parametrize(
    "declared",
    [
        {"delimiter": ", "},
        {"delimiter": ""},
        {"delimiter": "\n"},
        {"delimiter": 5},
        {"quoteChar": "''"},
        {"escapeChar": "ab"},
        {"doubleQuote": "yes"},
        {"header": 0},
        {"headerRows": 1},
        {"headerCase": False},
        {"headerRows": [0]},
        {"headerRows": ["1"]},
        {"headerJoin": 1},
        {"commentRows": [1.5]},
        {"lineTerminator": ";"},
        {"sheetNumber": 0},
        {"sheetNumber": True},
        {"excel": {"sheet": []}},
    ],
)
def test_what_cannot_be_followed_is_refused_by_name(declared: Json) -> None:
    with pytest.raises(SourceError) as caught:
        read(declared, Place("a.csv"))
    name = next(iter(declared))
    assert ("sheet" if name == "excel" else name) in caught.value.what
    assert caught.value.where == "a.csv"


def test_a_format_brings_its_own_delimiter_unless_one_is_declared() -> None:
    assert read({}, Place(), delimiter="\t").delimiter == "\t"
    assert read({"delimiter": ";"}, Place(), delimiter="\t").delimiter == ";"


@pytest.mark.parametrize(
    ("dialect", "row", "cells", "left_out"),
    [
        (Dialect(), 1, [], False),
        (Dialect(comment="#"), 1, ["#a", "b"], True),
        (Dialect(comment="#"), 1, ["a#"], False),
        (Dialect(comment="#"), 1, [], False),
        (Dialect(comment_rows=frozenset({2})), 2, ["a"], True),
        (Dialect(skip_blank=True), 2, [], True),
        (Dialect(skip_blank=True), 2, ["", ""], True),
        (Dialect(skip_blank=True), 2, ["", "0"], False),
    ],
)
def test_comments_and_blank_rows(dialect: Dialect, row: int, cells: list[str], left_out: bool) -> None:  # noqa: FBT001 - a table of cases
    assert dialect.left_out(row, cells) is left_out
