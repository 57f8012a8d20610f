"""The shipped environment tables, made anew from the files they come from."""

from __future__ import annotations

import csv
import statistics
import unicodedata
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import gso

if TYPE_CHECKING:
    from pathlib import Path

    from shipped_helpers import Rows

AIR = "environment/hanoi_pm25_2016/Hanoi_PM2.5_2016_YTD.csv"
WEATHER = "environment/imhen_province_month/meteo_province_month_2008_2017.csv"
GSO = "environment/gso_environment"
FOREST = f"{GSO}/Area of forest as of 31 December by province.csv"
PLANTED = f"{GSO}/Area of concentrated planted forest by province.csv"
RAINFALL = f"{GSO}/Monthly rainfall at some stations.csv"
RIVERS = f"{GSO}/Water level of some main rivers.csv"
OUTSIDE = "Units are not included in provinces"

FIRST_HOUR = datetime(2015, 12, 31, 18, tzinfo=UTC)
"""The first record's hour: 01:00 of 1 January 2016 in Hà Nội, which is seven hours ahead of UTC all year."""

FOREST_TYPES = {
    "Area of forest": "all",
    "Natural forest": "natural",
    "Planted forest": "planted",
    "Newplanted are": "newly-planted",
}
COVER = "Proportion of forest coverage  (%)"
MEASURES = {
    "Ta": "temperature_mean",
    "Tx": "temperature_max",
    "Tm": "temperature_min",
    "Rf": "rainfall",
    "aH": "humidity_absolute",
    "rH": "humidity_relative",
    "Sh": "sunshine",
}
MONTHS = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sep.", "Oct.", "Nov.", "Dec")
EARLY = {"Lai Chau": 2003, "Dien Bien": 2003, "Can Tho": 2001, "Hau Giang": 2001}
"""From when the source counts planted forest by provinces that were founded in 2004."""

RAIN_STATIONS = {
    "Lai Chau": "Lai Châu",
    "Son La": "Sơn La",
    "Tuyen Quang": "Tuyên Quang",
    "Ha Noi": "Hà Nội",
    "Bai Chay": "Bãi Cháy",
    "Nam Dinh": "Nam Định",
    "Vinh": "Vinh",
    "Hue": "Huế",
    "Da Nang": "Đà Nẵng",
    "Qui Nhon": "Quy Nhơn",
    "Playku": "Pleiku",
    "Da Lat": "Đà Lạt",
    "Nha Trang": "Nha Trang",
    "Vung Tau": "Vũng Tàu",
    "Ca Mau": "Cà Mau",
}
"""The rainfall stations: the source's name and the Vietnamese one."""

RIVER_STATIONS = {
    "Da river - Lai Chau station": ("Đà", "Lai Châu"),
    "Da river - Hoa Binh station": ("Đà", "Hòa Bình"),
    "Thao river - Yen Bai station": ("Thao", "Yên Bái"),
    "Thao river - Phu Tho station": ("Thao", "Phú Thọ"),
    "Lo river - Tuyen Quang station": ("Lô", "Tuyên Quang"),
    "Red river - Son Tay station": ("Hồng", "Sơn Tây"),
    "Red river - Ha Noi station": ("Hồng", "Hà Nội"),
    "Cau river - Thai Nguyen station": ("Cầu", "Thái Nguyên"),
    "Thuong river - Cau Son station": ("Thương", "Cầu Sơn"),
    "Thuong river - Phu Lang Thuong station": ("Thương", "Phủ Lạng Thương"),
    "Luc Nam river - Chu station": ("Lục Nam", "Chũ"),
    "Luc Nam river - Luc Nam station": ("Lục Nam", "Lục Nam"),
    "Ma river - Xa La station": ("Mã", "Xã Là"),
    "Ma river - Cam Thuy station": ("Mã", "Cẩm Thủy"),
    "Ca river - Dua station": ("Cả", "Dừa"),
    "Ca river - Yen Thuong station": ("Cả", "Yên Thượng"),
    "Mekong river - Tan Chau station": ("Mê Công", "Tân Châu"),
    "Mekong river - Chau Doc station": ("Mê Công", "Châu Đốc"),
}
"""The river gauges: the source's name, the river and the gauge in Vietnamese."""


def read(path: Path) -> Rows:
    """A plain CSV's rows as text."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def present(cell: str) -> str:
    """The cell's text, empty where it stands for a missing value."""
    return "" if cell in {"-999", "-999.0", "..", "..."} else cell


def air_time(record: dict[str, str]) -> datetime:
    """The local time as the source writes it, without a zone."""
    return datetime.strptime(record["Date (LT)"], "%Y-%m-%d %I:%M %p")  # noqa: DTZ007 - its zone is the question


def air(corpus: Path) -> dict[str, Rows]:
    """The hours in their order of time; records of one time keep the order in which the source has them."""
    records = sorted(read(corpus / AIR), key=air_time)
    hanoi = gso.unit_id("Ha Noi", 2016)
    rows = [
        {
            "hour": str(number),
            "time": (FIRST_HOUR + timedelta(hours=number - 1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "source_time": air_time(record).isoformat(),
            "unit_id": hanoi,
            "pm25": present(record["Raw Conc."]),
            "pm25_24h": present(record["24-hr. Midpoint Avg. Conc."]),
            "aqi_us": present(record["AQI"]),
            "aqi_us_category": present(record["AQI Category"]),
            "quality": record["QC Name"].lower(),
        }
        for number, record in enumerate(records, start=1)
    ]
    return {"hourly": rows}


def truth(value: object) -> str:
    """A yes or no as the project's CSV has it."""
    return "true" if value else "false"


def preliminary(heading: str) -> str:
    """Whether the source calls the year preliminary."""
    return truth(gso.year_of(heading)[1])


def footnoted(heading: str) -> str:
    """Whether the source marks the year with a footnote, whose text is lost."""
    return truth("*" in heading)


def forest(corpus: Path) -> dict[str, Rows]:
    """Forest area by type, forest cover, and concentrated planted forest, by province and year."""
    return {"area": forest_area(corpus), "cover": forest_cover(corpus), "planted": planted_forest(corpus)}


def forest_area(corpus: Path) -> Rows:
    """Area by province, year and forest type; a cell without a figure is a row with an empty one."""
    found = [
        (gso.unit_id(name, gso.year_of(heading)[0]), gso.year_of(heading)[0], kind, present(cell), footnoted(heading))
        for name, heading, cell in gso.cells(gso.read_gso(corpus / FOREST))
        if not gso.is_total(name) and (kind := FOREST_TYPES.get(gso.item_of(heading)))
    ]
    names = ("unit_id", "year", "forest_type", "area", "footnoted")
    return [dict(zip(names, map(str, row), strict=True)) for row in sorted(found)]


def forest_cover(corpus: Path) -> Rows:
    """Forest cover by province and year."""
    found = [
        (gso.unit_id(name, gso.year_of(heading)[0]), gso.year_of(heading)[0], present(cell), footnoted(heading))
        for name, heading, cell in gso.cells(gso.read_gso(corpus / FOREST))
        if not gso.is_total(name) and gso.item_of(heading) == COVER
    ]
    return [dict(zip(("unit_id", "year", "cover", "footnoted"), map(str, row), strict=True)) for row in sorted(found)]


def planted_forest(corpus: Path) -> Rows:
    """Concentrated planted forest by province and year; no row where the source gives nothing."""
    found = []
    for name, heading, cell in gso.cells(gso.read_gso(corpus / PLANTED)):
        if not gso.is_total(name) and name != OUTSIDE and present(cell):
            year, _ = gso.year_of(heading)
            found.append((planted_unit(name, year), year, cell, preliminary(heading)))
    return [dict(zip(("unit_id", "year", "area", "preliminary"), map(str, row), strict=True)) for row in sorted(found)]


def planted_unit(name: str, year: int) -> str:
    """The province of a planted forest figure: the source divides Lai Châu from 2003, Cần Thơ from 2001."""
    divided = EARLY.get(name)
    return gso.unit_id(name, max(year, 2004) if divided and divided <= year else year)


def weather(corpus: Path) -> dict[str, Rows]:
    """Monthly weather by the 63 provinces since August 2008, with the suspect values flagged."""
    records = read(corpus / WEATHER)
    usual = usual_range(records)
    rows = []
    for record in records:
        row = {"unit_id": gso.unit_id(record["province"], 2009), "year": record["year"], "month": record["month"]}
        row |= {ours: record[theirs] for theirs, ours in MEASURES.items()}
        row["temperature_flag"] = temperature_flag(record, usual[record["province"], record["month"]])
        row["rainfall_flag"] = "extreme" if float(record["Rf"]) > 1500 else "ok"
        rows.append(row)
    rows.sort(key=lambda row: (row["unit_id"], int(row["year"]), int(row["month"])))
    return {"monthly": rows}


def span(record: dict[str, str]) -> float:
    """Maximum less minimum temperature."""
    return float(record["Tx"]) - float(record["Tm"])


def usual_range(records: Rows) -> dict[tuple[str, str], float]:
    """The median of maximum less minimum temperature, by province and calendar month."""
    found = defaultdict(list)
    for record in records:
        found[record["province"], record["month"]].append(span(record))
    return {key: statistics.median(values) for key, values in found.items()}


def temperature_flag(record: dict[str, str], usual: float) -> str:
    """What is wrong with a month's temperatures, the plainest fault first."""
    low, mean, high = (float(record[name]) for name in ("Tm", "Ta", "Tx"))
    if low == 0:
        return "zero-minimum"
    if not low <= mean <= high:
        return "order"
    return "range" if abs(span(record) - usual) > 6 else "ok"


def station_tables(corpus: Path) -> dict[str, Rows]:
    """The stations, rainfall by station and month, river levels by station and year."""
    return {"stations": stations(), "rainfall": rainfall(corpus), "river-levels": river_levels(corpus)}


def slug(name: str) -> str:
    """A name without marks or capitals, its words joined by hyphens."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(c for c in plain if c.isascii()).replace(" ", "-")


def rain_id(source_name: str) -> str:
    """The station_id of a rainfall station."""
    return f"rain-{slug(RAIN_STATIONS[source_name])}"


def river_id(source_name: str) -> str:
    """The station_id of a river gauge."""
    return "-".join(("river", *map(slug, RIVER_STATIONS[source_name])))


def stations() -> Rows:
    """Every station under its id, with both its names."""
    found = [(rain_id(source), "rainfall", name, "", source) for source, name in RAIN_STATIONS.items()]
    found += [(river_id(source), "river", name, river, source) for source, (river, name) in RIVER_STATIONS.items()]
    names = ("station_id", "kind", "name", "river", "source_name")
    return [dict(zip(names, row, strict=True)) for row in sorted(found)]


def rainfall(corpus: Path) -> Rows:
    """Rainfall by station, year and month, with the years flagged that repeat the one before."""
    series = {}
    for when, name, *cells in gso.read_gso(corpus / RAINFALL).rows:
        for month, cell in enumerate(cells, start=1):
            series[rain_id(name), int(when), month] = present(cell)
    rows = []
    for (station, year, month), value in sorted(series.items()):
        same = [series.get((station, year - 1, m)) == series[station, year, m] for m in range(1, 13)]
        flag = "repeats" if value and sum(same) >= 11 and same[month - 1] else "ok"
        row = {"station_id": station, "year": str(year), "month": str(month), "rainfall": value, "flag": flag}
        rows.append(row)
    return rows


def river_levels(corpus: Path) -> Rows:
    """Highest and lowest level by station and year; no row where the source gives neither."""
    found: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for name, heading, cell in gso.cells(gso.read_gso(corpus / RIVERS)):
        measure = "highest" if heading.startswith("Deepest") else "lowest"
        if present(cell):
            found[river_id(name), gso.year_of(heading)[0]][measure] = cell
    rows = []
    for (station, year), level in sorted(found.items()):
        flag = level_flag(level, found.get((station, year - 1)))
        rows.append({"station_id": station, "year": str(year), **level, "flag": flag})
    return rows


def level_flag(level: dict[str, str], before: dict[str, str] | None) -> str:
    """What is wrong with a year's two levels."""
    if int(level["highest"]) < int(level["lowest"]):
        return "order"
    return "repeats" if level == before else "ok"
