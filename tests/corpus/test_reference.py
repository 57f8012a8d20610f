"""The list of administrative units: its own rules, and every row of it against the files it comes from."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import shipped_helpers
import units_helpers

from opendata import units

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = "reference/administrative-units"
LATER = "admin/provinces_2025_json/vn_only_simplified_json_generated_data_vn_units_2026-07-25__20_49_07.json"
JANUARY = "admin/nso_crosswalk_2025/Xa_2025-01-04.csv"
HISTORY = "admin/vn_history/vn_history.txt"
LAST_OLD_DAY, FIRST_NEW_DAY = "2025-06-30", "2025-07-01"

WARDS_SINCE = {"25270", "25357", "25363", "26116", "26170", "26248", "26326", "26368", "26425", "26485"}
"""Communes of Đồng Nai that the list of 2026 calls wards."""
NOT_IN_JANUARY = {"03980", "03983", "03984", "26929", "26953", "27076", "27226", "27232", "27367", "27373"}
SHARED_OLD_CODES = {
    "00553": {"Cổ Bi", "Đặng Xá"},
    "01615": {"Hồng Quang", "Mỹ Hưng"},
    "02485": {"Công Đa", "Phú Thịnh"},
}
WRONG_PROVINCE = {"27691", "30781", "d471"}
"""Of Long An, Kiên Giang and Quảng Trị; the source says Tiền Giang, An Giang and 44, which was Quảng Bình's code."""
NO_OLD_CODE = {"d318", "d376", "d471", "d498", "d536", "d755"}


@pytest.fixture(scope="module")
def listed() -> shipped_helpers.Rows:
    return shipped_helpers.shipped(PACKAGE, "units")


@pytest.fixture(scope="module")
def crosswalk() -> shipped_helpers.Rows:
    return shipped_helpers.shipped(PACKAGE, "crosswalk")


@pytest.fixture(scope="module")
def provinces() -> shipped_helpers.Rows:
    return shipped_helpers.shipped(PACKAGE, "province-crosswalk")


def on(listed: shipped_helpers.Rows, day: str, level: str = "province") -> dict[str, dict[str, str]]:
    """The units of a level that were valid on a day, by code."""
    rows = [row for row in listed if row["level"] == level and row["valid_from"] <= day <= (row["valid_to"] or "9999")]
    return {row["code"]: row for row in rows}


def old_raw(corpus: Path) -> list[list[str]]:
    """The crosswalk's rows as they stand, found by the form of the new code."""
    with (corpus / units_helpers.CROSSWALK).open(encoding="utf-8") as stream:
        return [row for row in csv.reader(stream) if re.fullmatch(r"\d{5}", row[2].strip())]


TONES = {
    "oà": "òa",
    "oá": "óa",
    "oả": "ỏa",
    "oã": "õa",
    "oạ": "ọa",
    "uỳ": "ùy",
    "uý": "úy",
    "uỷ": "ủy",
    "uỹ": "ũy",
    "uỵ": "ụy",
}


def same_spelling(name: str) -> str:
    """A name in small letters, the tone mark where the statistics office mostly puts it, one apostrophe."""
    text = name.lower().replace("'", "’")
    for new, old in TONES.items():
        text = re.sub(rf"{new}\b", old, text)
    return text


def test_the_package_keeps_the_rules_of_all() -> None:
    shipped_helpers.assert_keys(PACKAGE)
    shipped_helpers.assert_sector_schema(PACKAGE)
    shipped_helpers.assert_told(PACKAGE)


def test_a_stock_frictionless_accepts_it() -> None:
    shipped_helpers.assert_stock_valid(PACKAGE)


def test_how_many_there_are(listed: shipped_helpers.Rows) -> None:
    assert Counter(row["level"] for row in listed) == {"country": 1, "province": 115, "commune": 3321}
    assert len(on(listed, FIRST_NEW_DAY)) == 34
    assert len(on(listed, LAST_OLD_DAY)) == 63
    assert len(on(listed, "2007-12-31")) == 64
    assert len(on(listed, "2003-12-31")) == 61
    assert len(on(listed, FIRST_NEW_DAY, "commune")) == 3321


def test_the_key_is_the_code_while_it_is_unique(listed: shipped_helpers.Rows) -> None:
    bearers = Counter(row["code"] for row in listed)
    for row in listed:
        if row["code"]:
            unique = bearers[row["code"]] == 1
            assert row["unit_id"] == (row["code"] if unique else f"{row['code']}-{row['valid_from'][:4]}")
        else:
            slug = row["name_ascii"].lower().replace(" - ", "-").replace(" ", "-")
            assert row["unit_id"] in {slug, f"{slug}-{row['valid_from'][:4]}", "VN"}


def test_units_that_bear_one_code_follow_each_other(listed: shipped_helpers.Rows) -> None:
    by_code: dict[str, list[tuple[str, str]]] = {}
    for row in listed:
        if row["code"]:
            by_code.setdefault(row["code"], []).append((row["valid_from"], row["valid_to"] or "9999"))
    for periods in by_code.values():
        for (_, end), (start, _) in zip(sorted(periods), sorted(periods)[1:], strict=False):
            assert end < start


def test_parents_are_one_level_up_and_of_their_time(listed: shipped_helpers.Rows) -> None:
    by_id = {row["unit_id"]: row for row in listed}
    for row in listed:
        if row["level"] == "province":
            assert row["parent_id"] == "VN"
        if row["level"] == "commune":
            parent = by_id[row["parent_id"]]
            assert parent["level"] == "province"
            assert not parent["valid_to"]
            assert parent["valid_from"] <= row["valid_from"]


def test_names_without_marks_are_those_names(listed: shipped_helpers.Rows) -> None:
    for row in listed:
        assert row["name_ascii"] == units_helpers.ascii_of(row["name"])
        assert row["name_ascii"].isascii()
        assert row["name"] == row["name"].strip()


def test_a_date_has_its_precision(listed: shipped_helpers.Rows) -> None:
    for row in listed:
        assert bool(row["valid_from"]) == bool(row["valid_from_precision"])
        if row["valid_from_precision"] == "year":
            assert row["valid_from"].endswith("-01-01")


def test_each_province_that_ended_has_followers_the_day_after(
    listed: shipped_helpers.Rows, provinces: shipped_helpers.Rows
) -> None:
    by_id = {row["unit_id"]: row for row in listed}
    ended = {row["unit_id"] for row in listed if row["level"] == "province" and row["valid_to"]}
    assert {row["old_unit_id"] for row in provinces} == ended
    for row in provinces:
        old, new = by_id[row["old_unit_id"]], by_id[row["new_unit_id"]]
        assert old["valid_to"] < row["changed_on"] == new["valid_from"]
        whole = sum(other["old_unit_id"] == row["old_unit_id"] for other in provinces) == 1
        assert row["extent"] == ("whole" if whole else "part")


def test_each_new_commune_has_its_old_ones(listed: shipped_helpers.Rows, crosswalk: shipped_helpers.Rows) -> None:
    communes = set(on(listed, FIRST_NEW_DAY, "commune"))
    assert {row["new_unit_id"] for row in crosswalk} == communes
    assert {row["old_id"] for row in crosswalk if not row["old_code"]} == NO_OLD_CODE
    assert all(row["old_id"] == row["old_code"] for row in crosswalk if row["old_code"])
    names: dict[str, set[str]] = {}
    for row in crosswalk:
        names.setdefault(row["old_id"], set()).add(row["old_name"])
    assert {code: found for code, found in names.items() if len(found) > 1} == SHARED_OLD_CODES


def test_a_commune_that_went_whole_went_to_one(crosswalk: shipped_helpers.Rows) -> None:
    homes = Counter(row["old_id"] for row in crosswalk)
    split = {row["old_id"] for row in crosswalk if homes[row["old_id"]] > 1}
    assert len(split) == 441
    doubtful = {row["old_id"] for row in crosswalk if row["extent"] == "whole" and row["old_id"] in split}
    assert doubtful == {"01615", "02485"}  # two communes under one code each
    alone = {row["old_id"] for row in crosswalk if row["extent"] != "whole" and row["old_id"] not in split}
    assert alone == {"00556"}  # its other part is under 00553


def test_both_tables_are_what_the_source_makes(corpus: Path) -> None:
    communes = units_helpers.communes(corpus)
    rest = [row for row in units_helpers.units() if row["level"] != "commune"]
    rows = sorted(communes + rest, key=lambda row: row["unit_id"])
    changes = sorted(units_helpers.changes(corpus), key=lambda row: (row["old_id"], row["new_unit_id"]))
    provinces = shipped_helpers.shipped(PACKAGE, "province-crosswalk")
    tables = {"units": rows, "crosswalk": changes, "province-crosswalk": provinces}
    shipped_helpers.assert_recomputed(PACKAGE, tables)


def test_each_row_of_the_crosswalk_is_there_once(corpus: Path, crosswalk: shipped_helpers.Rows) -> None:
    raw = old_raw(corpus)
    assert len(raw) == len(crosswalk) == 10571
    pairs = Counter((row["old_code"], row["new_unit_id"], row["old_district_code"]) for row in crosswalk)
    assert pairs == Counter((row[4].strip(), row[2].strip(), row[6].strip()[-4:-1]) for row in raw)
    remarks = Counter("một phần" in " ".join(row[5].split()) or "Phần còn lại" in row[5] for row in raw)
    assert remarks[True] == sum(row["extent"].startswith("part") for row in crosswalk)
    assert sum(row[5].strip() == "Giữ nguyên" for row in raw) == sum(row["unchanged"] == "true" for row in crosswalk)


def test_the_other_list_of_communes_agrees_but_for_what_is_named(corpus: Path, listed: shipped_helpers.Rows) -> None:
    later = shipped_helpers.load(corpus / LATER)
    theirs = {ward["Code"]: (ward["FullName"], province["Code"]) for province in later for ward in province["Wards"]}
    ours, by_id = on(listed, FIRST_NEW_DAY, "commune"), {row["unit_id"]: row for row in listed}
    assert set(theirs) - set(ours) == {"06978"}
    assert set(ours) - set(theirs) == {"06970"}
    assert theirs["06978"] == ("Xã Ba Chẽ", "22")
    differ = set()
    for code in set(ours) & set(theirs):
        name, province = theirs[code]
        assert by_id[ours[code]["parent_id"]]["code"] == province
        if same_spelling(name) != same_spelling(f"{ours[code]['type']} {ours[code]['name']}"):
            differ.add(code)
    assert differ == WARDS_SINCE
    cities = {province["Code"] for province in later if province["FullName"].startswith("Thành phố")}
    assert cities - {code for code, row in on(listed, FIRST_NEW_DAY).items() if row["type"] == "thành phố"} == {"75"}
    assert {
        province["Code"]: same_spelling(province["FullName"].split(" ", 1)[1])
        for province in later
        if province["FullName"].startswith("Tỉnh")
    }.items() <= {code: same_spelling(row["name"]) for code, row in on(listed, FIRST_NEW_DAY).items()}.items()


def test_the_list_of_january_names_the_same_provinces(corpus: Path, listed: shipped_helpers.Rows) -> None:
    with (corpus / JANUARY).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    theirs = {row["Mã TP"]: same_spelling(row["Tỉnh Thành Phố"]) for row in rows}
    ours = {code: same_spelling(f"{row['type']} {row['name']}") for code, row in on(listed, "2025-01-04").items()}
    assert ours == theirs
    old_codes = {row["old_code"] for row in shipped_helpers.shipped(PACKAGE, "crosswalk")} - {""}
    listed_codes = {row["Mã PX"] for row in rows} - {""}
    assert old_codes - listed_codes == NOT_IN_JANUARY
    assert len(listed_codes - old_codes) == 28
    places = {row["Mã QH"]: row["Mã TP"] for row in rows}
    by_id = {row["unit_id"]: row["code"] for row in listed}
    elsewhere = {
        row["old_id"]
        for row in shipped_helpers.shipped(PACKAGE, "crosswalk")
        if places.get(row["old_district_code"]) != by_id[row["old_province_id"]]
    }
    assert elsewhere == WRONG_PROVINCE


def test_the_mergers_of_2025_are_those_of_the_communes(corpus: Path, provinces: shipped_helpers.Rows) -> None:
    pairs = {(row[7].strip()[-3:-1], row[0].strip()[-3:-1]) for row in old_raw(corpus)} - {("82", "80")}
    merged = {(old, new) for old, new in pairs if sum(other == new for _, other in pairs) > 1}
    ours = {(row["old_unit_id"][:2], row["new_unit_id"][:2]) for row in provinces if row["changed_on"] == FIRST_NEW_DAY}
    assert ours == merged
    assert len(ours) == 52


def test_the_history_of_divisions_agrees_within_a_year(corpus: Path, provinces: shipped_helpers.Rows) -> None:
    by_id = {unit.unit_id: unit for unit in units.provinces()}
    told = {
        (
            units_helpers.ascii_of(by_id[row["old_unit_id"]].name),
            units_helpers.ascii_of(by_id[row["new_unit_id"]].name),
            row["changed_on"][:4],
        )
        for row in provinces
    }
    spelt = {"Dack Lak": "Dak Lak", "Thua Thien - Hue": "Thua Thien Hue"}
    sentences = re.findall(r"In (\d{4}), (.+?) (?:splits|merge) in ([^.\n]+)", (corpus / HISTORY).read_text("utf-8"))
    assert len(sentences) == 24
    for year, olds, news in sentences:
        for old in olds.split("; "):
            for new in news.split("; "):
                pair = (spelt.get(old, old), spelt.get(new, new))
                assert {(*pair, year), (*pair, str(int(year) - 1))} & told


def test_names_in_the_health_yearbooks_mean_a_province_of_their_year(corpus: Path) -> None:
    with (corpus / "health/gdpm_tidy/dengue.csv").open(encoding="utf-8", newline="") as stream:
        asked = {(row["province"], int(row["year"])) for row in csv.DictReader(stream)}
    nobody = {pair for pair in asked if units.resolve(*pair) is None}
    # The yearbooks give Bà Rịa - Vũng Tàu before it was founded, and Hậu Giang between its two lives.
    assert {name for name, _ in nobody} <= {"Ba Ria - Vung Tau", "Hau Giang"}
    assert max(year for name, year in nobody if name == "Ba Ria - Vung Tau") == 1990


def test_the_descriptor_names_the_traps() -> None:
    told = json.dumps(shipped_helpers.descriptor(PACKAGE), ensure_ascii=False)
    assert all(code in told for code in ("06970", "06978", *SHARED_OLD_CODES, "66-1975", "124/2004"))
