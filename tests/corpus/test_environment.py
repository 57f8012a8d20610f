"""The shipped environment packages: what they ship, what they hold to, and where they come from."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import environment_helpers as environment
import gso
import pytest
from shipped_helpers import (
    assert_holds,
    assert_keys,
    assert_recomputed,
    assert_sector_schema,
    assert_stock_valid,
    assert_told,
    keyed,
    outside_their_time,
    shipped,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shipped_helpers import Rows

AIR = "environment/air-quality-hanoi-2016"
FOREST = "environment/forest-area-by-province"
STATIONS = "environment/rainfall-river-levels"
WEATHER = "environment/weather-by-province-month"
MAKERS: dict[str, Callable[[Path], dict[str, Rows]]] = {
    AIR: environment.air,
    FOREST: environment.forest,
    STATIONS: environment.station_tables,
    WEATHER: environment.weather,
}

ROUNDING = Decimal("0.05")
TOTALS_THAT_DIFFER = {
    ("2012 Natural forest", "Northern Central area and Central coastal area"): ("3605.6", "3606.6"),
}
"""Forest: the provinces' sum and the source's own total, where rounding does not explain the difference."""


@pytest.mark.parametrize("package", MAKERS)
def test_keys_are_unique_and_resolve(package: str) -> None:
    assert_keys(package)


@pytest.mark.parametrize("package", MAKERS)
def test_the_schemas_are_the_sectors(package: str) -> None:
    assert_sector_schema(package)


@pytest.mark.parametrize("package", MAKERS)
def test_all_is_said_in_two_languages(package: str) -> None:
    assert_told(package)


@pytest.mark.parametrize("package", MAKERS)
def test_stock_frictionless_accepts_it(package: str) -> None:
    assert_stock_valid(package)


@pytest.mark.corpus
@pytest.mark.parametrize("package", MAKERS)
def test_every_figure_is_the_sources(package: str, corpus: Path) -> None:
    assert_recomputed(package, MAKERS[package](corpus))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z"))


def test_the_hours_of_the_air_are_unbroken() -> None:
    rows = shipped(AIR, "hourly")
    assert [int(row["hour"]) for row in rows] == list(range(1, 8041))
    steps = {moment(after["time"]) - moment(row["time"]) for row, after in itertools.pairwise(rows)}
    assert steps == {timedelta(hours=1)}


def test_the_clock_of_the_air_is_wrong_for_one_hour_alone() -> None:
    rows = shipped(AIR, "hourly")
    apart = [row for row in rows if moment(row["source_time"]) - moment(row["time"]) != timedelta(hours=7)]
    assert [(row["hour"], row["time"], row["source_time"]) for row in apart] == [
        ("1730", "2016-03-12T19:00:00Z", "2016-03-13T03:00:00"),
    ]
    times = Counter(row["source_time"] for row in rows)
    assert [time for time, number in times.items() if number > 1] == ["2016-03-13T03:00:00"]


def test_the_flags_of_the_air_are_as_told() -> None:
    rows = shipped(AIR, "hourly")
    assert Counter(row["quality"] for row in rows) == {"valid": 7610, "missing": 370, "invalid": 60}
    assert all((row["pm25"] == "") == (row["quality"] == "missing") for row in rows)
    negative = [row for row in rows if row["pm25"].startswith("-")]
    assert {row["quality"] for row in negative} == {"valid"}
    assert (len(negative), min(float(row["pm25"]) for row in negative)) == (18, -4.0)
    assert sum(row["pm25"] == "38.0" for row in rows if row["quality"] == "invalid") == 59
    assert not any("-999" in value for row in rows for value in row.values())


def test_the_weather_covers_63_provinces_and_120_months() -> None:
    rows = shipped(WEATHER, "monthly")
    assert len(rows) == 63 * 120
    assert len({row["unit_id"] for row in rows}) == 63
    assert {row["year"] for row in rows} == {str(year) for year in range(2008, 2018)}


def test_nine_rainfalls_are_flagged_and_kept() -> None:
    rows = shipped(WEATHER, "monthly")
    flagged = [row for row in rows if row["rainfall_flag"] == "extreme"]
    assert sorted(float(row["rainfall"]) for row in flagged)[::8] == [1552.485, 12825.658]
    assert {(row["year"], row["month"]) for row in flagged} == {("2010", "10"), ("2010", "11")}
    assert max(float(row["rainfall"]) for row in rows if row["rainfall_flag"] == "ok") == 1250.243


def test_suspect_temperatures_are_flagged_and_kept() -> None:
    rows = shipped(WEATHER, "monthly")
    assert Counter(row["temperature_flag"] for row in rows) == {"ok": 7479, "zero-minimum": 63, "order": 8, "range": 10}
    assert all(
        (row["temperature_flag"] == "zero-minimum") == ((row["year"], row["month"]) == ("2014", "4")) for row in rows
    )
    known = keyed(rows, "unit_id", "year", "month")
    assert known["40", "2014", "6"]["temperature_min"] == "40.639"
    assert known["40", "2014", "6"]["temperature_flag"] == "order"
    assert known["72", "2017", "2"]["temperature_mean"] == "2.411"
    assert known["72", "2017", "2"]["temperature_flag"] == "range"


def test_unflagged_temperatures_are_in_order() -> None:
    for row in shipped(WEATHER, "monthly"):
        if row["temperature_flag"] == "ok":
            low, mean, high = (float(row[f"temperature_{name}"]) for name in ("min", "mean", "max"))
            assert low <= mean <= high


def test_three_provinces_have_no_forest_area() -> None:
    rows = shipped(FOREST, "area")
    units = {row["unit_id"] for row in rows}
    assert len(units) == 60
    assert {"33-1997", "86-1991", "92-2004"}.isdisjoint(units)
    assert {row["unit_id"] for row in shipped(FOREST, "cover")} == units
    assert {row["footnoted"] for row in rows if row["year"] in {"2008", "2010"}} == {"true"}
    assert {row["footnoted"] for row in rows if row["year"] not in {"2008", "2010"}} == {"false"}


def test_forest_is_natural_and_planted_but_for_one_cell() -> None:
    figures: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    for row in shipped(FOREST, "area"):
        figures[row["unit_id"], row["year"]][row["forest_type"]] = Decimal(row["area"] or 0)
    apart = {
        key: (types["all"], types["natural"] + types["planted"])
        for key, types in figures.items()
        if abs(types["all"] - types["natural"] - types["planted"]) > 3 * ROUNDING
    }
    assert apart == {("40", "2012"): (Decimal("885.2"), Decimal("884.2"))}


@pytest.mark.parametrize(("package", "table"), [(FOREST, "area"), (FOREST, "cover"), (WEATHER, "monthly")])
def test_provinces_stand_in_their_own_time(package: str, table: str) -> None:
    assert outside_their_time(shipped(package, table)) == set()


def test_planted_forest_runs_ahead_of_the_map_in_known_cells() -> None:
    ahead = outside_their_time(shipped(FOREST, "planted"))
    assert {cell for cell in ahead if cell[1] > 1996} == {
        ("11", 2003),
        ("12-2004", 2003),
        ("93", 2001),
        ("93", 2002),
        ("93", 2003),
    }
    assert {unit for unit, year in ahead if year <= 1996} == {
        *("06", "19-1997", "24-1997", "25-1997", "26", "27", "30", "35", "36", "48-1997", "49", "70", "74", "95"),
        "96-1997",
    }


def test_planted_forest_of_2016_is_preliminary() -> None:
    rows = shipped(FOREST, "planted")
    assert {row["preliminary"] for row in rows if row["year"] == "2016"} == {"true"}
    assert {row["preliminary"] for row in rows if row["year"] != "2016"} == {"false"}
    assert min(row["year"] for row in rows if row["unit_id"] == "11") == "2003"
    assert min(row["year"] for row in rows if row["unit_id"] == "93") == "2001"


@pytest.mark.corpus
@pytest.mark.parametrize("file", [environment.FOREST, environment.PLANTED])
def test_forest_sums_to_the_sources_totals_within_rounding(file: str, corpus: Path) -> None:
    export = gso.read_gso(corpus / file)
    regions, totals = gso.regions(export), {}
    parts: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for name, heading, cell in gso.cells(export):
        figure = Decimal(environment.present(cell) or 0)
        if gso.is_total(name):
            totals[heading, name] = figure
            continue
        parts[heading, "WHOLE COUNTRY"].append(figure)
        if name != environment.OUTSIDE:
            parts[heading, regions[name]].append(figure)
    found = {
        key: (str(sum(parts[key])), str(total))
        for key, total in totals.items()
        if "%" not in key[0] and abs(sum(parts[key]) - total) > ROUNDING * (sum(map(bool, parts[key])) + 1)
    }
    assert found == (TOTALS_THAT_DIFFER if file == environment.FOREST else {})


def test_figures_read_by_eye_are_there() -> None:
    assert_holds(
        AIR,
        "hourly",
        (
            {"source_time": "2016-08-09T01:00:00"},
            {"time": "2016-08-08T18:00:00Z", "pm25": "6.2", "pm25_24h": "17.7", "aqi_us": "63", "aqi_us_category": "2"},
        ),
    )
    assert_holds(
        FOREST,
        "area",
        ({"unit_id": "22", "year": "2008", "forest_type": "natural"}, {"area": "155.9"}),
        ({"unit_id": "27", "year": "2008", "forest_type": "natural"}, {"area": ""}),
        ({"unit_id": "96-1997", "year": "2009", "forest_type": "planted"}, {"area": "90.3"}),
    )
    assert_holds(FOREST, "cover", ({"unit_id": "91-1976", "year": "2008"}, {"cover": "13.6"}))
    assert_holds(
        FOREST,
        "planted",
        ({"unit_id": "06", "year": "1995"}, {"area": "1.4"}),
        ({"unit_id": "12-1962", "year": "2002"}, {"area": "2.4"}),
        ({"unit_id": "12-2004", "year": "2003"}, {"area": "0.6"}),
        ({"unit_id": "40", "year": "2016"}, {"area": "19.6"}),
        ({"unit_id": "01-2008", "year": "2016"}, {"area": "0.2"}),
    )
    assert_holds(
        WEATHER,
        "monthly",
        (
            {"unit_id": "89", "year": "2008", "month": "1"},
            {
                "temperature_mean": "25.928",
                "temperature_max": "30.394",
                "temperature_min": "23.154",
                "rainfall": "16.93",
                "humidity_absolute": "26.654",
                "humidity_relative": "80.166",
                "sunshine": "195.466",
            },
        ),
    )
    assert_holds(
        STATIONS, "rainfall", ({"station_id": "rain-hue", "year": "2016", "month": "12"}, {"rainfall": "1219.3"})
    )
    assert_holds(
        STATIONS,
        "river-levels",
        ({"station_id": "river-da-lai-chau", "year": "2011"}, {"highest": "19290", "lowest": "16260"}),
        ({"station_id": "river-me-cong-chau-doc", "year": "2016"}, {"highest": "284", "lowest": "-56"}),
    )


def test_stations_are_no_provinces() -> None:
    stations = shipped(STATIONS, "stations")
    assert Counter(row["kind"] for row in stations) == {"rainfall": 15, "river": 18}
    assert {row["station_id"] for row in shipped(STATIONS, "rainfall")} == {
        row["station_id"] for row in stations if row["kind"] == "rainfall"
    }
    assert {row["station_id"] for row in shipped(STATIONS, "river-levels")} == {
        row["station_id"] for row in stations if row["kind"] == "river"
    }


def test_rainfall_that_repeats_the_year_before_is_flagged() -> None:
    rows = shipped(STATIONS, "rainfall")
    flagged = Counter((row["station_id"], row["year"]) for row in rows if row["flag"] == "repeats")
    whole = {("rain-ca-mau", "2010"), ("rain-da-lat", "2010"), ("rain-pleiku", "2010"), ("rain-tuyen-quang", "2010")}
    assert flagged == dict.fromkeys(whole, 12) | {("rain-vung-tau", "2010"): 11}


def test_levels_that_repeat_or_contradict_are_flagged() -> None:
    rows = shipped(STATIONS, "river-levels")
    assert Counter((row["year"], row["flag"]) for row in rows if row["flag"] != "ok") == {
        ("2011", "repeats"): 11,
        ("2010", "repeats"): 5,
        ("2002", "order"): 2,
    }
    upside_down = [row for row in rows if int(row["highest"]) < int(row["lowest"])]
    assert {row["station_id"] for row in upside_down} == {"river-lo-tuyen-quang", "river-hong-son-tay"}
    assert {row["flag"] for row in upside_down} == {"order"}


def test_missing_rainfall_is_no_zero() -> None:
    rows = keyed(shipped(STATIONS, "rainfall"), "station_id", "year", "month")
    assert sum(row["rainfall"] == "" for row in rows.values()) == 87
    assert rows["rain-hue", "2005", "10"]["rainfall"] == ""
    assert rows["rain-pleiku", "2007", "1"]["rainfall"] == "0.0"


@pytest.mark.corpus
def test_the_stations_are_all_that_the_source_names(corpus: Path) -> None:
    named = {row["source_name"] for row in shipped(STATIONS, "stations")}
    rain = {row[1] for row in gso.read_gso(corpus / environment.RAINFALL).rows}
    rivers = {row[0] for row in gso.read_gso(corpus / environment.RIVERS).rows}
    assert named == rain | rivers


@pytest.mark.corpus
def test_the_months_of_rainfall_stand_in_their_order(corpus: Path) -> None:
    assert gso.read_gso(corpus / environment.RAINFALL).header[2:] == environment.MONTHS
