"""The cells of a workbook as text."""

from __future__ import annotations

import datetime as dt
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.sources.cells import Value, duration, marked, number, text
from opendata.sources.grid import Moment, Numeral


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  x ", "  x "),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (5, "5"),
        (5.0, "5"),
        (-5.0, "-5"),
        (0.0, "0"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (271.6, "271.6"),
        (1e-7, "0.0000001"),
        (1e21, "1000000000000000000000"),
        (1.234567890123457e17, "123456789012345700"),
        (float("nan"), ""),
        (float("inf"), ""),
        (dt.date(2018, 12, 31), "2018-12-31"),
        (dt.datetime(2018, 12, 31, 7), "2018-12-31T07:00:00"),  # noqa: DTZ001 - workbooks know no zone
        (dt.datetime(2018, 12, 31, 7, 0, 0, 500_000), "2018-12-31T07:00:00.500000"),  # noqa: DTZ001 - as above
        (dt.time(7, 5), "07:05:00"),
        (dt.timedelta(hours=30, minutes=5), "PT30H5M"),
        (dt.timedelta(seconds=1.5), "PT1.5S"),
    ],
)
def test_the_table_of_the_module(value: Value, expected: str) -> None:
    assert text(value) == expected
    assert marked(value) == expected


def test_a_date_in_a_column_of_times_is_midnight() -> None:
    assert text(dt.date(2018, 12, 31), timed=True) == "2018-12-31T00:00:00"
    assert text(dt.time(7), timed=True) == "07:00:00"
    assert text("x", timed=True) == "x"


def test_marks_tell_what_the_workbook_held() -> None:
    assert type(marked(5.0)) is Numeral
    assert type(marked(dt.date(2018, 1, 1))) is Moment
    assert type(marked(dt.timedelta(1))) is Moment
    assert type(marked("5")) is str
    assert type(marked(value=True)) is str


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_have_no_exponent_and_give_themselves_back(value: float) -> None:
    written = number(value)
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", written)
    assert float(written) == value


@settings(deadline=None)
@given(st.timedeltas(min_value=dt.timedelta(0), max_value=dt.timedelta(days=10_000)))
def test_durations_give_themselves_back(value: dt.timedelta) -> None:
    found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?", duration(value))
    assert found
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    assert math.isclose(hours * 3600 + minutes * 60 + seconds, value.total_seconds(), abs_tol=1e-5)
