"""Random tables for the differential fuzz: a schema, a dialect, an encoding, and dirty bytes under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from verdict_cells import ANY, BLANKS, FORMATS, NEARLY, clean
from verdict_helpers import Case, Source

from opendata.schema.setting_aside import MOST

if TYPE_CHECKING:
    from collections.abc import Sequence

Draft = dict[str, object]
Rows = list[list[str]]

TYPES = ("string", "integer", "number", "boolean", "date", "time", "datetime", "year", "yearmonth", "duration", "any")
HARD = ("geopoint", "object", "array", "list", "geojson")
ORDERED = frozenset({"integer", "number", "date", "time", "datetime", "year", "yearmonth"})
LISTED = frozenset({*ORDERED, "string", "boolean", "duration", "geopoint"})
MEASURED = frozenset({"string", "array", "object", "list"})
PATTERNS = (
    "[a-z]+",
    "a|b",
    "[0-9]{2}",
    r"\d+",
    r"\w+",
    r"\S*",
    ".*",
    "x[0-9]*",
    "(?i)ABC",
    "[^,]*",
    "^a$",
    "",
    r"a\b.*",
)
MISSING = (
    (),
    ("",),
    ("-",),
    ("", "NA"),
    ("0",),
    (" ",),
    ("", "-", "…"),
    ("nan",),
    ("None",),
    ("x1", "1"),
    ("null", "\\N"),
)
MATCHES = ("exact", "equal", "subset", "superset", "partial")
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258", "latin-1")
LINE_ENDS = ("\n", "\n", "\r\n", "\r")


def now_and_then(draw: st.DrawFn, often: int = 4) -> bool:
    """True about once in so many times, and False in the simplest case."""
    return draw(st.integers(0, often - 1)) == often - 1


@st.composite
def fields(draw: st.DrawFn, name: str) -> Draft:
    kind = draw(st.sampled_from(TYPES if not now_and_then(draw, 6) else HARD))
    field: Draft = {"name": name, "type": kind}
    if kind in FORMATS and now_and_then(draw, 3):
        field["format"] = draw(st.sampled_from(FORMATS[kind]))
    field |= draw(st.sampled_from(WAYS.get(kind, ({},))))
    if now_and_then(draw, 5):
        field["missingValues"] = list(draw(st.sampled_from(MISSING)))
    if now_and_then(draw, 2):
        field["constraints"] = draw(constraints(field))
    return field


WAYS: dict[str, tuple[Draft, ...]] = {
    "integer": ({}, {}, {"bareNumber": False}, {"bareNumber": True}, {"groupChar": ","}),
    "number": (
        *({}, {}, {"decimalChar": ","}, {"decimalChar": ",", "groupChar": "."}, {"groupChar": ","}, {"groupChar": " "}),
        *(
            {"bareNumber": False},
            {"bareNumber": False, "decimalChar": ","},
            {"floatNumber": True},
            {"decimal": [10, 2]},
        ),
        *(
            {"groupChar": "."},
            {"decimalChar": "\u066b"},
            {"groupChar": "x "},
            {"floatNumber": True, "groupChar": ","},
            {"decimal": [38, 0]},
        ),
    ),
    "boolean": (
        *({}, {}, {"trueValues": ["có", "x"], "falseValues": ["không", "-"]}, {"trueValues": ["1.0", "true"]}),
        *({"falseValues": ["no"]}, {"trueValues": ["1"], "falseValues": ["1", "0"]}, {"trueValues": [""]}),
    ),
    "list": (
        {},
        {"delimiter": ";"},
        {"itemType": "integer"},
        {"itemType": "date"},
        {"itemType": "number", "delimiter": "|"},
    ),
    "array": ({}, {"arrayItem": {"type": "string", "constraints": {"pattern": "x.*"}}}, {"arrayItem": {"type": "any"}}),
    "datetime": ({}, {}, {"timezone": "Asia/Ho_Chi_Minh"}),
}


@st.composite
def constraints(draw: st.DrawFn, field: Draft) -> Draft:
    kind, made = field["type"], {}
    if now_and_then(draw, 2):
        made["required"] = draw(st.booleans())
    if kind not in HARD and now_and_then(draw, 3):
        made["unique"] = draw(st.booleans())
    if kind in ORDERED and now_and_then(draw, 2):
        low, high = sorted(draw(st.lists(st.integers(0, 30), min_size=2, max_size=2)))
        lower, upper = draw(st.sampled_from(["minimum", "exclusiveMinimum"])), draw(st.sampled_from(_UPPER))
        bounds = {lower: bound(draw, field, low), upper: bound(draw, field, high)}
        made |= {name: value for name, value in bounds.items() if now_and_then(draw, 2)}
    if kind in LISTED and now_and_then(draw, 5):
        made["enum"] = [clean(field, number) for number in draw(st.lists(st.integers(0, 9), min_size=1, max_size=4))]
    if kind in MEASURED and now_and_then(draw, 3):
        made[draw(st.sampled_from(["minLength", "maxLength"]))] = draw(st.integers(0, 4))
    if kind == "string" and now_and_then(draw, 3):
        made["pattern"] = draw(st.sampled_from(PATTERNS))
    return made


_UPPER = ("maximum", "exclusiveMaximum")


def bound(draw: st.DrawFn, field: Draft, number: int) -> object:
    """A bound as a text of the field's own form, or a plain JSON number."""
    if field["type"] in {"integer", "year"} and now_and_then(draw, 2):
        return number + 1000 * (field["type"] == "year")
    return number + 0.5 if field["type"] == "number" and now_and_then(draw, 2) else clean(field, number)


@st.composite
def schemas(draw: st.DrawFn) -> Draft:
    names = draw(st.sampled_from([("a",), ("a", "b"), ("a", "b", "c"), ("mã xã", "Năm"), ("a", "A", "b", "c", "d")]))
    made: Draft = {"fields": [draw(fields(name)) for name in names]}
    usable = [field["name"] for field in made["fields"] if field["type"] not in HARD]
    if usable and now_and_then(draw, 3):
        made["primaryKey"] = draw(st.lists(st.sampled_from(usable), min_size=1, max_size=2, unique=True))
    if usable and now_and_then(draw, 8):
        made["uniqueKeys"] = [draw(st.lists(st.sampled_from(usable), min_size=1, max_size=2, unique=True))]
    if usable and now_and_then(draw, 5):
        pair = [draw(st.sampled_from(usable)) for _side in range(2)]
        made["foreignKeys"] = [{"fields": pair[:1], "reference": {"resource": "", "fields": pair[1:]}}]
    if now_and_then(draw, 3):
        made["missingValues"] = list(draw(st.sampled_from(MISSING)))
    if now_and_then(draw, 4):
        made["fieldsMatch"] = draw(st.sampled_from(MATCHES))
    return made


_DIALECT: tuple[tuple[str, int, tuple[object, ...]], ...] = (
    ("delimiter", 2, (",", ";", "\t", "|", " ", ".")),
    ("quoteChar", 5, ("'", '"', "", "|")),
    ("escapeChar", 6, ("\\", "!")),
    ("doubleQuote", 6, (True, False)),
    ("skipInitialSpace", 6, (True, False)),
    ("skipBlankRows", 4, (True, False)),
    ("nullSequence", 8, ("\\N", "NA", "1")),
    ("commentChar", 6, ("#", "//", "a")),
    ("commentRows", 8, ([1], [2], [3], [4], [1, 2], [3, 5])),
    ("header", 6, (False, True)),
    ("headerRows", 4, ([1], [2], [1, 2], [3], [1, 3], [2, 3])),
    ("headerJoin", 8, ("", "-", " / ")),
    ("lineTerminator", 8, ("\n", "\r\n", "\r")),
)


@st.composite
def dialects(draw: st.DrawFn) -> Draft:
    """Some properties of a dialect; each comes about once in so many times."""
    return {name: draw(st.sampled_from(values)) for name, often, values in _DIALECT if now_and_then(draw, often)}


@st.composite
def headers(draw: st.DrawFn, names: Sequence[str], dialect: Draft) -> Rows:
    """The lines down to the header: its labels mostly those of the schema."""
    if dialect.get("header") is False:
        return []
    labels = list(names)
    if now_and_then(draw, 4):
        words = st.sampled_from([*names, *names, "", " a ", "z", "#a", "A", "a b"])
        labels = draw(st.lists(words, min_size=1, max_size=len(names) + 1) | st.permutations(labels))
    rows = dialect.get("headerRows", [1])
    lines: Rows = [["title"] for _line in range(rows[-1])]
    lines[rows[-1] - 1] = labels
    if len(rows) > 1:
        upper = draw(st.lists(st.sampled_from(["", "x", *labels]), max_size=len(labels)))
        lines[rows[0] - 1] = upper if now_and_then(draw, 2) else labels
    return lines


@st.composite
def bodies(draw: st.DrawFn, schema: Draft, width: int) -> Rows:
    """Some dirty rows; or many clean ones and a few dirty cells among them."""
    columns = [*schema["fields"], *[{"type": "string"}] * width][:width]
    cells = [st.sampled_from(NEARLY[column["type"]]) for column in columns]
    mixed = [cell | cell | cell | st.sampled_from(BLANKS) | st.sampled_from(ANY) for cell in cells]
    row = st.tuples(*mixed).map(list)
    odd = st.sampled_from([[], [""], [" "], [""] * width, ["x1"], ["#", "a"]]) | st.lists(
        st.sampled_from(ANY), max_size=5
    )
    if now_and_then(draw, 2):
        return draw(st.lists(row | row | row | odd, max_size=9))
    count = draw(st.sampled_from([4, 12, 40, 120, 300]) if now_and_then(draw, 3) else st.integers(0, 12))
    made = [[clean(column, number) for column in columns] for number in range(count)]
    for number, column, cell in draw(
        st.lists(st.tuples(st.integers(0, 299), st.integers(0, 5), st.integers(0, 999)), max_size=5)
    ):
        if made:
            pool = NEARLY[columns[column % width]["type"]]
            made[number % count][column % width] = pool[cell % len(pool)]
    for number, line in draw(st.lists(st.tuples(st.integers(0, 299), odd | row), max_size=3)):
        made.insert(number % (count + 1), line)
    return made + made[: draw(st.sampled_from([0, 0, 0, 1, 3]))]


def written(draw: st.DrawFn, lines: Rows, dialect: Draft) -> str:
    """The lines as text: quoted where needed, everywhere, or nowhere."""
    style = draw(st.sampled_from(["needed", "needed", "needed", "all", "none"]))
    end = dialect.get("lineTerminator") or draw(st.sampled_from(LINE_ENDS))
    delimiter = dialect.get("delimiter", ",")
    text = end.join(delimiter.join(_cell(cell, style, dialect) for cell in line) for line in lines)
    return text + draw(st.sampled_from([end, "", end + end]))


def _cell(cell: str, style: str, dialect: Draft) -> str:
    delimiter, quote = dialect.get("delimiter", ","), dialect.get("quoteChar", '"')
    special = {delimiter, "\r", "\n", quote, dialect.get("escapeChar")} - {"", None}
    if style == "none" or not quote or (style == "needed" and not any(mark in cell for mark in special)):
        return cell
    escape = dialect.get("escapeChar")
    if escape:
        cell = cell.replace(escape, escape * 2)
    alone = escape if escape and dialect.get("doubleQuote") is False else quote
    return quote + cell.replace(quote, alone + quote) + quote


@st.composite
def sources(draw: st.DrawFn, name: str, schema: Draft) -> Source:
    dialect = draw(dialects())
    lines = draw(headers([field["name"] for field in schema["fields"]], dialect))
    width = len(lines[-1]) if lines else len(schema["fields"])
    lines += draw(bodies(schema, max(1, width)))
    encoding = draw(st.sampled_from(ENCODINGS))
    content = written(draw, lines, dialect).encode(encoding, "replace")
    return Source(name, schema, dialect, "utf-8" if encoding == "utf-8-sig" else encoding, content, f"{name}.csv")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    schema, others = draw(schemas()), []
    usable = [field for field in schema["fields"] if field["type"] not in HARD]
    if usable and now_and_then(draw, 4):
        field = draw(st.sampled_from(usable))
        there = {"fields": [{**field, "name": "id"} if now_and_then(draw, 2) else draw(fields("id"))]}
        there["fields"][0].pop("constraints", None)
        if there["fields"][0]["type"] not in HARD:
            others.append(draw(sources("units", there)))
            key = {"fields": [field["name"]], "reference": {"resource": "units", "fields": ["id"]}}
            schema["foreignKeys"] = [*schema.get("foreignKeys", []), key]
    table = draw(sources("table", schema))
    rows, block = draw(st.sampled_from([10_000, 1, 2, 3, 7, 50])), draw(st.sampled_from([1 << 22, 16, 64, 500]))
    limit = draw(st.sampled_from([1000, 1000, 1000, 1, 3, 10]))
    kept = draw(st.sampled_from([MOST, 0, 1000]))
    return Case(table, tuple(others), rows, block, limit, now_and_then(draw, 4), kept)
