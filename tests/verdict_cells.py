"""Cells for the differential fuzz: for each type texts that fit, and texts that nearly fit."""

# ruff: noqa: RUF001 - digits of other scripts are what a reader may take for digits
from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opendata.model import Json, JsonValue

STRPTIME = {
    "date": ("%d/%m/%Y", "%Y%m%d", "%d-%b-%y", "%Y-%j", "%d/%m/%y", "%Y-%m-%d", "fmt:%d/%m/%Y"),
    "time": ("%H:%M", "%H%M%S", "%I:%M %p", "%H:%M:%S.%f", "%H:%M:%S%z", "%H:%M:%S"),
    "datetime": (
        "%d/%m/%Y %H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S%z",
        "%Y%m%dT%H%M%S",
        "%c",
        "%Y-%m-%dT%H:%M:%S",
    ),
}
FORMATS = {
    "string": ("email", "uri", "uuid", "binary", "wkt"),
    "geopoint": ("array", "object"),
    "geojson": ("topojson",),
    **{kind: ("any", "", *patterns) for kind, patterns in STRPTIME.items()},
}
LETTERS = (
    *("abc", "ABC", "Đắk Lắk", "Đa\u0306\u0301k La\u0306\u0301k", "tỉnh", "😀", "e\u0301", "é", "ß", "a,b", "a;b"),
    *("a|b", 'a"b', '"a"', '"', "it's", "a\nb", "a\r\nb", "a\rb", "a\tb", "\t", "\x0b", "\x1f", "\x7f", "\x85"),
    *("a\u2028b", " a", "a ", "\u00a0", "\u200b", "#a", "#", "\\", "a\\b", "\\N", "//a", "=1+1", "a" * 300),
    *("\ufeff", "\ufffd"),
)
BLANKS = ("", " ", "  ", "-", "NA", "N/A", "null", "None", "NULL", "0", ".", "…", "nan")
WHOLE = (
    *("0", "1", "7", "-1", "+5", "-0", "007", "02024", "0000", "1_000", "_1", "1__0", "0x1F", "0b1", "0o7", "1e5"),
    *(" 7 ", "\u00a07", "7\u2003", "\t7", "1\u00a0000", "1 000", "1,000", "1.000", "1.0", "1.", "-", "+", "--1"),
    *("+-1", "٣", "١٢", "７", "１２", "²", "½", "Ⅷ", "一", "12345678901234567890", "9223372036854775807"),
    *("9223372036854775808", "-9223372036854775808", "-9223372036854775809", "5%", "$5", "5 kg", "kg 5", "-5 đ"),
    *("a-5", "1-2", "1" * 400),
)
NUMBER = (
    *("1.5", "1,5", "1.234,5", "1,234.5", "1.234.567,8", "1.", ".5", "-.5", "+.5", "-0.0", "1.0", "1.00", "1.50"),
    *("00.5", "1e5", "1E+5", "1E400", "1E-400", "1e-5", "1e", "e5", "1_000.5", "1._5", "nan", "NaN", "-nan"),
    *("sNaN", "nan(1)", "nan123", "INF", "-INF", "inf", "Infinity", "-Infinity", "+inf", "infinit", "0.1"),
    *("0.30000000000000004", "1234567890.123456", "12345678901.234567", "123456789012.345678"),
    *("0.1234567890123456789", "9007199254740993", "1.7976931348623157e308", "1.8e308", "4.9e-324", "12 345,6"),
    *("1'234.5", "1\u202f234,5", "٣٫٥", "３.５", "1.5.2"),
)
BOOLEAN = (
    *("true", "True", "TRUE", "tRUE", "1", "false", "False", "FALSE", "0", "yes", "no", "có", "không", "1.0", "x"),
    "",
)
DATE = (
    *("2024-01-05", "2024-1-5", "2024-01-5", " 2024-01-05", "2024-01-05 ", "2024-02-30", "2023-02-29"),
    *("2024-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "24-01-05", "2024-13-01"),
    *("2024-00-10", "20240105", "2024/01/05", "05/01/2024", "5/1/2024", "31/02/2024", "01/02/24", "31/12/1999"),
    *("05-Jan-24", "5-jan-2024", "2024-006", "2024-366", "2024-W01-5", "٢٠٢٤-٠١-٠٥", "２０２４-０１-０５"),
    *("2024-01-05T00:00:00", "2024-01", "2024", "May 5", "-2024-01-05", "+2024-01-05", "2024–01–05", "today"),
    *("2024-01-05Z", "999-01-01", "0999-01-01", "1e3-01-01"),
)
TIME = (
    *("10:00:00", "10:00", "10", "1000", "100000", "24:00:00", "24:00:01", "23:59:60", "23:59:59", "00:00:00"),
    *("1:00:00", "10:00:00Z", "10:00:00+07:00", "10:00:00-00:00", "10:00:00+0700", "10:00:00+07", "10:00:00+25:00"),
    *("T10:00:00", "10:00:00.5", "10:00:00,5", "10:00:00.123456", "10:00:00.1234567", "10:00:00.123456789"),
    *(
        "10:00:00.",
        " 10:00:00",
        "10:00:00 ",
        "10:0:0",
        "10:00 AM",
        "10:00 pm",
        "١٠:٠٠:٠٠",
        "１０:００:００",
        "25:00:00",
    ),
    *("10:60:00", "10-00-00", "12:00:0"),
)
DATETIME = (
    *("2024-01-05T10:00:00", "2024-01-05T10:00:00Z", "2024-01-05T10:00:00+07:00", "2024-01-05 10:00:00"),
    *("2024-01-05", "2024-01-05T10:00", "2024-1-5T10:00:00", "2024-01-05T24:00:00", "2024-12-31T24:00:00"),
    *("9999-12-31T24:00:00", "2024-01-05T10:00:00.5", "2024-01-05T10:00:00.123456"),
    *("2024-01-05T10:00:00.123456789", "2024-01-05T10:00:00,5", "2024-01-05T10:00:00.", "2024-01-05T10:00:60"),
    *("2024-02-30T10:00:00", "20240105T100000", "2024-01-05t10:00:00", "05/01/2024 10:00", "5/1/2024 1:00"),
    *("31/02/2024 10:00", "2024-W01-5T10:00:00", "2024-006T10:00:00", "T24:00:00", "2024-01-05T10:00:00-00:00"),
    *("2024-01-05T10:00:00+24:00", "0000-01-05T10:00:00", "0001-01-01T00:00:00+14:00", " 2024-01-05T10:00:00"),
    *("2024-01-05T10:00:00 ", "2024-01-05T10:00:00z", "2024-01-05x10:00:00", "2024-01-05T1:00:00"),
)
YEAR = (
    *("2024", "24", "02024", "-999", "0000", "0999", "999", "9999", "10000", "+024", " 024", "2_24", "２０２４"),
    *("٢٠٢٤", "2e3"),
)
YEARMONTH = (
    *("2024-05", "2024-5", "2024-13", "2024-00", "24-05", "-24-05", "2024-05-01", "2024/05", " 2024-05 "),
    *("2024 - 5", "0-1", "+2024-05", "２０２４-05", "12345-05", "2_024-05", "2024-0005", "2024-", "-05"),
    "99999999999999999999-01",
)
DURATION = (
    *("P1D", "P7D", "P1W", "PT24H", "P1Y2M3DT4H5M6S", "P1Y", "P12M", "PT0S", "P0D", "-P1D", "+P1D", "P", "PT"),
    *("P1.5D", "PT1.5S", "PT1,5S", "p1d", "P1D ", "1D", "P1YT", "P-1D", "P1S", "PT1M60S", "P1M1W", "PT36H"),
    "P1DT12H",
)
GEOPOINT = (
    *("105.8,21.0", "105.8, 21.0", " 105.8 ,21", "181,0", "180,90", "-180,-90", "0,91", "1", "1,2,3", "a,b"),
    *("nan,0", "[105.8,21.0]", "[1, 2, 3]", "[1]", '["1","2"]', '{"lon": 105.8, "lat": 21}', '{"lon": 1}'),
    *('{"lat":1,"lon":200}', "1e2,1e1", "inf,0", "٣,٤", "1_0,2", "[null,1]", "{}", "[]"),
)
JSONS = (
    *("[1]", "[]", "[1, 2]", '["a"]', "[null]", "[1,", "[NaN]", "[[1]]", "{}", '{"a": 1}', '{"a": 1, "a": 2}'),
    *("{'a': 1}", '"a"', "1", "null", "true", " [1] ", "\ufeff[1]", '["a","b","c","d"]', "[1.5]", "[true]"),
    *('["2024-01-05"]', '{"":0}'),
)
LIST = (
    *("a,b", "a", ",", "a,", "1,2", "1,a", "1;2", "1, 2", "true,false", "2024-01-05,2024-01-06", "1.5,2", ",,"),
    "a|b",
)
GEOJSON = (
    *('{"type": "Point", "coordinates": [1, 2]}', '{"type":"Point","coordinates":[1]}', '{"type":"Point"}', "{}"),
    *("[]", '{"type":"Feature","geometry":null,"properties":null}', '{"type":"Nowhere"}', "1"),
    *('{"type":"Topology"}', '{"type":"Topology","objects":{},"arcs":[]}'),
)
STRING = (
    *("a@b.vn", "a@b", "@", "a@localhost", "đ@b.vn", "http://a.vn", "http://a b", "a:b", "//a.vn", "mailto:a@b.vn"),
    *("http:", "00000000-0000-4000-8000-000000000000", "00000000000040008000000000000000", "{0}", "YQ==", "YQ"),
    *("Y Q = =", "đ", "POINT (1 2)", "POINT(1)", "point (1 2)", "POLYGON ((0 0, 1 1, 1 0, 0 0))", "aXYZ", "b", "1"),
    *("12", "A1", "é1"),
)
NEARLY: Mapping[str, tuple[str, ...]] = {
    "string": STRING + LETTERS,
    "integer": WHOLE,
    "number": NUMBER + WHOLE,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "datetime": DATETIME + DATE,
    "year": YEAR,
    "yearmonth": YEARMONTH,
    "duration": DURATION,
    "geopoint": GEOPOINT,
    "object": JSONS,
    "array": JSONS,
    "list": LIST,
    "geojson": GEOJSON,
    "any": STRING[-6:] + WHOLE[:8] + LETTERS[:8],
}
ANY = tuple(dict.fromkeys([*BLANKS, *LETTERS, *(cell for cells in NEARLY.values() for cell in cells[:12])]))


def clean(field: Mapping[str, JsonValue], number: int) -> str:
    """The text of a field's `number`th value: all fit, and differ (up to the type's own bounds)."""
    made = _CLEAN.get(str(field.get("type", "string")), _string)
    return made(field, number)  # type: ignore[arg-type]


def _string(field: Json, number: int) -> str:
    forms = {
        "email": f"a{number}@b.vn",
        "uri": f"http://a.vn/{number}",
        "uuid": f"{number:08x}-0000-4000-8000-000000000000",
        "binary": base64.b64encode(b"%09d" % number).decode(),
        "wkt": f"POINT ({number} 1)",
    }
    quoted = f'x{number}, "y"\n' if number % 50 == 49 else f"x{number}"  # a record that needs quotation marks
    return forms.get(str(field.get("format")), quoted)


def _number(field: Json, number: int) -> str:
    point, group = str(field.get("decimalChar", ".")), str(field.get("groupChar", ""))
    whole = f"{number + 990:,}".replace(",", group)
    return f"{whole}{point}25" if number % 3 else whole


def _boolean(field: Json, number: int) -> str:
    trues, falses = field.get("trueValues", ["true"]), field.get("falseValues", ["false"])
    words = [*trues, *falses]  # type: ignore[misc]
    return str(words[number % len(words)])


def _moment(default: str, step: timedelta) -> Callable[[Json, int], str]:
    def written(field: Json, number: int) -> str:
        form = str(field.get("format", "default"))
        zone = "+0700" if "%z" in form else ""
        moment = datetime(2000, 1, 1) + number * step  # noqa: DTZ001 - a text is wanted, no moment
        return moment.strftime((form if "%" in form else default).replace("%z", zone))

    return written


def _geopoint(field: Json, number: int) -> str:
    lon, lat = number % 180, number // 180 % 90
    form = field.get("format")
    if form == "array":
        return json.dumps([lon, lat])
    return json.dumps({"lon": lon, "lat": lat}) if form == "object" else f"{lon},{lat}"


def _list(field: Json, number: int) -> str:
    item = clean({"type": field.get("itemType", "string")}, number)
    return str(field.get("delimiter", ",")).join([item, item])


def _geojson(field: Json, number: int) -> str:
    if field.get("format") == "topojson":
        return json.dumps({"type": "Topology", "objects": {}, "arcs": []})
    return json.dumps({"type": "Point", "coordinates": [number % 180, 1]})


_CLEAN: dict[str, Callable[[Json, int], str]] = {
    "integer": lambda _field, number: str(number),
    "number": _number,
    "boolean": _boolean,
    "date": _moment("%Y-%m-%d", timedelta(days=1)),
    "time": _moment("%H:%M:%S", timedelta(seconds=61)),
    "datetime": _moment("%Y-%m-%dT%H:%M:%S", timedelta(seconds=3601)),
    "year": lambda _field, number: f"{1000 + number % 9000}",
    "yearmonth": lambda _field, number: f"{1900 + number // 12:04d}-{number % 12 + 1:02d}",
    "duration": lambda _field, number: f"P{number}D",
    "geopoint": _geopoint,
    "object": lambda _field, number: json.dumps({"a": number}),
    "array": lambda field, number: json.dumps([number] if not field.get("arrayItem") else [f"x{number}"]),
    "list": _list,
    "geojson": _geojson,
    "any": lambda _field, number: f"{number}",
}
