"""The agriculture packages: their own rules, every figure against its source, and the workbook that pigs come from."""

from __future__ import annotations

import csv
import hashlib
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import agriculture_helpers
import gso
import pytest
import shipped_helpers

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = ("agriculture/paddy-by-province", "agriculture/perennial-crops", "agriculture/pigs-by-province")
FOLDER = "agriculture/gso_crops_livestock"
ROUNDING = Decimal("0.05")

NATION_BELOW_REGIONS = {
    ("production", 1996): (Decimal("26192.0"), Decimal("26396.7")),
    ("production", 1997): (Decimal("27288.7"), Decimal("27523.9")),
    ("production", 1998): (Decimal("28919.3"), Decimal("29145.5")),
}
"""The source's national figure, and the sum of its regions: the only totals that do not agree."""


def cell(text: str, row: str, column: str) -> str:
    """A cell of an export by the very text of its row and heading, read line by line without the reader of the rest."""
    lines = [line.split('";') for line in text.splitlines() if line.startswith('"')]
    heads = next(csv.reader(io.StringIO(next(line for line in text.splitlines() if '";"' in line)), delimiter=";"))
    values = next(line for line in lines if line[0] == f'"{row}' and len(line) == 2)[1]
    return values.split(";")[heads.index(column) - 1]


def figure(value: str | float) -> str:
    """A cell of the workbook as GSO writes it."""
    return (
        value
        if value == ".."
        else str(value).replace(".", "").replace(",", ".")
        if isinstance(value, str)
        else str(value)
    )


def table(corpus: Path, name: str) -> dict[tuple[str, int], Decimal]:
    """Every figure of an export by row and year."""
    export = gso.read_gso(corpus / FOLDER / name)
    return {(row, gso.year_of(head)[0]): Decimal(text) for row, head, text in gso.cells(export) if text != gso.MISSING}


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_keeps_the_rules_of_all(package: str) -> None:
    shipped_helpers.assert_keys(package)
    shipped_helpers.assert_sector_schema(package)
    shipped_helpers.assert_told(package)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_stock_frictionless_accepts_it(package: str) -> None:
    shipped_helpers.assert_stock_valid(package)


def test_every_table_is_what_the_source_makes(corpus: Path) -> None:
    made = (agriculture_helpers.paddy, agriculture_helpers.perennial, agriculture_helpers.pigs)
    for package, make in zip(PACKAGES, made, strict=True):
        shipped_helpers.assert_recomputed(package, make(corpus))


@pytest.mark.parametrize(
    ("package", "table_name", "key", "field", "file", "row", "column"),
    [
        ("paddy-by-province", "paddy", ("01-1991", "1995"), "area", "Planted area of paddy", "Ha Noi", "1995"),
        ("paddy-by-province", "paddy", ("01-2008", "2008"), "area", "Planted area of paddy", "Ha Noi", "2008"),
        ("paddy-by-province", "paddy", ("28", "2007"), "production", "Production of paddy", "Ha Tay", "2007"),
        ("paddy-by-province", "paddy", ("12-1962", "1995"), "yield", "Yield of paddy", "Dien Bien", "1995"),
        ("paddy-by-province", "paddy", ("12-1962", "2003"), "production", "Production of paddy", "Lai Chau", "2003"),
        ("paddy-by-province", "paddy", ("11", "2004"), "yield", "Yield of paddy", "Dien Bien", "2004"),
        ("paddy-by-province", "paddy", ("12-2004", "2004"), "yield", "Yield of paddy", "Lai Chau", "2004"),
        ("paddy-by-province", "paddy", ("66-1975", "2003"), "yield", "Yield of paddy", "Dak Lak", "2003"),
        (
            "paddy-by-province",
            "paddy",
            ("91-1976", "2016"),
            "area",
            "Planted area of paddy",
            "Kien  Giang",
            "Prel. 2016",
        ),
        ("pigs-by-province", "pigs", ("92-1991", "2003"), "pigs", "pigs", "Can Tho", "2003"),
        ("pigs-by-province", "pigs", ("93", "2004"), "pigs", "pigs", "Hau Giang", "2004"),
        ("pigs-by-province", "pigs", ("46-1989", "2016"), "pigs", "pigs", "Thua Thien-Hue", "Prel. 2016"),
        ("pigs-by-province", "pigs", ("06", "1995"), "pigs", "pigs", "Bac Kan", "1995"),
    ],
)
def test_single_figures_by_hand(
    corpus: Path, package: str, table_name: str, key: tuple[str, str], field: str, file: str, row: str, column: str
) -> None:
    found = next(path for path in (corpus / FOLDER).iterdir() if file in path.name)
    text = found.read_bytes().decode("utf-8-sig")
    shipped = shipped_helpers.keyed(shipped_helpers.shipped(f"agriculture/{package}", table_name), "unit_id", "year")
    assert shipped[key][field] == cell(text, row, column)
    assert shipped[key]["preliminary"] == str(column.startswith("Prel.")).lower()


def test_as_many_figures_as_the_source_has(corpus: Path) -> None:
    fields = [("paddy-by-province", "paddy", field, name) for field, name in agriculture_helpers.PADDY.items()]
    for package, resource, field, name in (*fields, ("pigs-by-province", "pigs", "pigs", agriculture_helpers.PIGS)):
        source = [figure for (row, _), figure in table(corpus, name).items() if not gso.is_total(row)]
        ours = [
            Decimal(row[field]) for row in shipped_helpers.shipped(f"agriculture/{package}", resource) if row[field]
        ]
        assert sorted(ours) == sorted(source)
        assert len(ours) == 1372


@pytest.mark.parametrize("field", ["area", "production", "pigs"])
def test_totals_agree_with_the_sources_own(corpus: Path, field: str) -> None:
    name = agriculture_helpers.PIGS if field == "pigs" else agriculture_helpers.PADDY[field]
    figures, homes = table(corpus, name), gso.regions(gso.read_gso(corpus / FOLDER / name))
    package = ("pigs-by-province", "pigs") if field == "pigs" else ("paddy-by-province", "paddy")
    shipped = shipped_helpers.shipped(f"agriculture/{package[0]}", package[1])
    region_of = {(gso.unit_id(row, year), year): homes[row] for row, year in figures if not gso.is_total(row)}
    for year in range(1995, 2017):
        sums: dict[str, list[Decimal]] = {}
        for row in shipped:
            if int(row["year"]) == year:
                sums.setdefault(region_of[row["unit_id"], year], []).append(Decimal(row[field]))
        assert set(sums) == set(gso.REGIONS) - {"WHOLE COUNTRY"}
        for region, parts in sums.items():
            assert abs(sum(parts) - figures[region, year]) <= ROUNDING * (len(parts) + 1)
        nation, regions = figures["WHOLE COUNTRY", year], sum(figures[region, year] for region in sums)
        if (field, year) in NATION_BELOW_REGIONS:
            assert (nation, regions) == NATION_BELOW_REGIONS[field, year]
        else:
            assert abs(nation - regions) <= ROUNDING * (len(sums) + 1)


def test_yields_are_production_over_area_but_for_two_years() -> None:
    contradict = set()
    for row in shipped_helpers.shipped("agriculture/paddy-by-province", "paddy"):
        area, crop, yields = (Decimal(row[name]) for name in ("area", "production", "yield"))
        lowest, highest = ((crop + sign * ROUNDING) / (area - sign * ROUNDING) * 10 for sign in (-1, 1))
        if not lowest - ROUNDING <= yields <= highest + ROUNDING:
            contradict.add((row["unit_id"], row["year"], abs(yields - crop / area * 10) > Decimal("0.5")))
    assert {year for _, year, _ in contradict} == {"2007", "2008"}
    assert len(contradict) == 59
    assert sum(large for *_, large in contradict) == 43
    assert ("26", "2007", True) in contradict


def test_national_crops_are_the_sources_cells(corpus: Path) -> None:
    shipped = shipped_helpers.shipped("agriculture/perennial-crops", "perennial-crops")
    labels = {code: label for label, code in agriculture_helpers.CROPS.items()}
    suffixes = {
        ("rubber", "production"): " (Dry latex)",
        ("coffee", "production"): " (Seed)",
        ("tea", "production"): " (Fresh)",
    }
    assert len(shipped) == 5 * 11
    assert {row["year"] for row in shipped} == {"2005", *map(str, range(2007, 2017))}
    for field, name in agriculture_helpers.PERENNIAL.items():
        lines = (corpus / FOLDER / name).read_text("utf-8-sig").splitlines()
        heads = lines[2].replace('"', "").split(";")
        for row in shipped:
            label = labels[row["crop"]] + suffixes.get((row["crop"], field), "")
            line = next(line for line in lines if f'";"{label}";' in line and not line.startswith('"Index'))
            column = "Prel. 2016" if row["preliminary"] == "true" else row["year"]
            assert row[field] == line.rpartition('"')[2].split(";")[1:][heads.index(column) - 2]


def test_the_sources_growth_indices_follow_from_our_figures(corpus: Path) -> None:
    shipped = shipped_helpers.keyed(
        shipped_helpers.shipped("agriculture/perennial-crops", "perennial-crops"), "crop", "year"
    )
    for field, name in agriculture_helpers.PERENNIAL.items():
        export = gso.read_gso(corpus / FOLDER / name)
        for item, crop, *values in export.rows:
            code = agriculture_helpers.CROPS.get(crop.partition(" (")[0])
            for heading, text in zip(export.header[2:], values, strict=True):
                year = gso.year_of(heading)[0]
                if code and item.startswith("Index") and year > 2007:
                    now, before = (Decimal(shipped[code, str(y)][field]) for y in (year, year - 1))
                    assert abs(now / before * 100 - Decimal(text)) < Decimal("0.5"), (field, crop, year)


def test_the_workbook_holds_the_sources_figures(corpus: Path, project: Path, tmp_path: Path) -> None:
    import openpyxl

    path = project / "datapackages/agriculture/pigs-by-province/source" / agriculture_helpers.WORKBOOK
    sheet = openpyxl.load_workbook(path)["Đàn lợn"]
    export = gso.read_gso(corpus / FOLDER / agriculture_helpers.PIGS)
    rows = list(sheet.iter_rows(min_row=7, max_row=6 + len(export.rows), min_col=3, values_only=True))
    texts = [tuple(figure(value) for value in row) for row in rows]
    assert texts == [row[1:] for row in export.rows]
    kinds = {type(value) for row in rows for value in row}
    assert kinds == {str, float}  # departments mix both
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A5:A6", "B5:B6", "C5:X5"}
    agriculture_helpers.workbook(corpus, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_the_digest_is_that_of_the_workbook(project: Path) -> None:
    origin = shipped_helpers.descriptor("agriculture/pigs-by-province")["resources"][0]["origin"]
    content = (project / "datapackages/agriculture/pigs-by-province" / origin["path"]).read_bytes()
    assert origin["sourceDigest"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_the_recipe_makes_the_shipped_table_of_the_workbook(project: Path) -> None:
    from opendata import descriptor, sources

    dataset = descriptor.read(project / "datapackages/agriculture/pigs-by-province")
    resource = dataset.resources[0]
    origin, schema = resource.origin, resource.schema
    assert origin
    assert schema
    assert sources.origin_digests(dataset.folder, origin) == (origin.source_digest, origin.recipe_digest)
    made = sources.tidy(dataset.folder, origin, schema, resource.name)
    rows = [row for batch in made.batches() for row in batch.records.to_pylist()]
    assert shipped_helpers.text(rows).encode() == (dataset.folder / resource.paths[0]).read_bytes()
    assert not any(batch.misfits for batch in made.batches())
