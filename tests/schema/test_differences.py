"""docs/validation.md: each difference in its table is real, and each that is known stands in the table."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from verdict_helpers import Case, Source, Verdict, frictionless_says, opened, small_blocks, we_say

from opendata.errors import SourceError

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
ROW = re.compile(r"^\| (?P<name>[^|]+) \| .* \| (?P<theirs>[^|]+) \| (?P<ours>[^|]+) \|[^|]*\|$", re.MULTILINE)


def table(content: bytes | str, *fields: dict[str, object], **more: object) -> Case:
    """A case of one file; `dialect` and `encoding` ("" for none declared) beside the schema's properties."""
    dialect, encoding, path = more.pop("dialect", {}), more.pop("encoding", "utf-8"), more.pop("path", "table.csv")
    raw = content if isinstance(content, bytes) else content.encode()
    return Case(Source("table", {"fields": list(fields), **more}, dialect, encoding, raw, path))  # type: ignore[arg-type]


def field(kind: str = "string", name: str = "a", **more: object) -> dict[str, object]:
    """A field, with its constraints among `more`."""
    asked = {key: more.pop(key) for key in list(more) if key not in {"decimal", "floatNumber", "format"}}
    return {"name": name, "type": kind, **more, **({"constraints": asked} if asked else {})}


CASES = {
    "bound and offset": table("a\n2024-01-05T10:00:00Z\n", field("datetime", minimum="2024-01-01T00:00:00")),
    "signalling NaN": table("a\nsNaN\n", field("number", minimum=0)),
    "flags inside a pattern": table("a\nABC\n", field(pattern="(?i)abc")),
    "key of lists": table('a\n"1,2"\n', field("list"), primaryKey=["a"]),
    "unique objects": table("a\n{}\n", field("object", unique=True)),
    "null sequence": table("a\n\\N\n", field("integer"), dialect={"nullSequence": "\\N"}),
    "no quotation marks": table('a,b\n"1,2"\n', field(), field(name="b"), dialect={"quoteChar": ""}),
    "quotation mark never closed": table('a\n"1\n2\n3\n', field()),
    "NUL": table("a\nx\0y\n", field()),
    "bytes that are no text": table(b"a\nx\n\xff\n", field()),
    "encoding not declared": table("a\nĐắk Lắk, tỉnh\n".encode("utf-16-le"), field(), encoding=""),
    "blank after the delimiter": table('a,b\n1, x\n2, "y"\n', field("integer"), field(name="b", enum=["x", "y"])),
    "title above the header": table("title\na,b,c,d,e\n1,2,3,4,5\n", *[field(name=name) for name in "abcde"]),
    "header is a comment": table("#a\n1\n", field("integer"), dialect={"headerRows": [1], "commentChar": "#"}),
    "comments before the first row": table(
        "#\n" * 100 + "1\n", field("integer"), dialect={"header": False, "commentChar": "#"}
    ),
    "line ends in .tsv": table('a\n"x\r\ny"\n', field(maxLength=3), path="table.tsv", dialect={"delimiter": "\t"}),
    "number beyond a double": table("a\n0.1234567890123456789\n", field("number")),
    "integer beyond int64": table("a\n9223372036854775808\n", field("integer")),
    "time with an offset": table("a\n10:00:00+07:00\n", field("time")),
    "nanoseconds": table("a\n2024-01-05T10:00:00.123456789\n", field("datetime")),
    "unique keys": table("a\n1\n1\n", field("integer"), uniqueKeys=[["a"]]),
    "pattern without end": table("a\nx\n", field(pattern="(a+)+")),
    "table that is not there": table(
        "a\n1\n", field(), foreignKeys=[{"fields": ["a"], "reference": {"resource": "units", "fields": ["a"]}}]
    ),
    "rest of a moment": table("a\nJan 5\n", field("date", format="any")),
    "name of a zone": table("a\n2024-01-05T10:00:00 EST\n", field("datetime", format="any")),
    "time beside a date": table("a\n2024-01-05T10:30:00\n", field("date", format="any")),
    "date beside a time": table("a\n2024-01-05 10:30\n", field("time", format="%Y-%m-%d %H:%M")),
    "part that a pattern drops": table("a\n10:00 PM\n", field("time", format="%H:%M %p")),
    "end of a day": table("a\n24:00:00\n", field("time")),
    "seconds of an offset": table("a\n2024-01-05T10:00:00+07:00:30\n", field("datetime", format="%Y-%m-%dT%H:%M:%S%z")),
    "empty file": table("", field()),
    "case of the header": table("A\n1\n", field("integer"), dialect={"headerCase": False}),
    "line terminator": table("a\n1\n", field("integer"), dialect={"lineTerminator": "|"}),
    "pattern without end, perhaps": table("a\nx y\n", field(pattern=r"(\w+\s)*\w+")),
    "fieldsMatch in a list": table("a\n1\n", field(), field(name="b"), fieldsMatch=["superset"]),
    "header faults beyond the limit": table("x,y,z\n", field(), field(name="b"), field(name="c")),
}


@pytest.mark.parametrize("name", CASES)
def test_the_difference_is_real(name: str, tmp_path: Path) -> None:
    limit = 2 if "limit" in name else 1000
    case = CASES[name]
    (tmp_path / case.table.path).write_bytes(case.table.content)
    theirs = frictionless_says(tmp_path, [case.table], limit=limit)
    with small_blocks(case):
        ours = _ours(tmp_path, case, limit)
    assert (_words(theirs), ours) == _rows()[name]
    assert _words(theirs) != ours


def _ours(folder: Path, case: Case, limit: int) -> str:
    try:
        return _words(we_say(opened(folder / case.table.path, case.table), [], limit))
    except SourceError:
        return "refused"


def _words(verdict: Verdict) -> str:
    if verdict.crash:
        return f"crashes: `{verdict.crash.partition(':')[0]}`"
    codes = Counter([*(error[0] for error in verdict.errors), *verdict.own])
    return ", ".join(f"`{code}`" + (f" × {count}" if count > 1 else "") for code, count in codes.items()) or "valid"


def _rows() -> dict[str, tuple[str, str]]:
    found = {
        row["name"].strip(): (row["theirs"].strip(), row["ours"].strip())
        for row in ROW.finditer(PAGE.read_text("utf-8"))
    }
    return {name: told for name, told in found.items() if name != "case" and not name.startswith("--")}


def test_the_table_tells_what_is_known_and_nothing_else() -> None:
    assert sorted(_rows()) == sorted(CASES)
