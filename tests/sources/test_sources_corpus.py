"""Real files: what departments and statistics offices publish, and what peers test their readers with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sources_helpers import cells_of, misfits, origin, rows

from opendata.errors import SourceError
from opendata.sources import detect, open_file, tidy
from opendata.sources.table import text_schema

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Json

pytestmark = pytest.mark.corpus
FOLDERS = ("messy", "encoding", "agriculture", "health", "environment", "peer/frictionless-py_data", "peer/qsv_test")
PATTERN = r"Th¸ng (?P<month>\d+) (?P<kind>[MC])"  # noqa: RUF001 - the old font's code for "Tháng"
ENDINGS = {".csv", ".tsv", ".txt", ".xls", ".xlsx", ".ods"}


def test_csv_spectrum_is_read_as_its_json_says(corpus: Path) -> None:
    folder = corpus / "peer" / "csv-spectrum"
    names = sorted(path.stem for path in (folder / "csvs").glob("*.csv"))
    assert len(names) >= 10
    for name in names:
        expected = json.loads((folder / "json" / f"{name}.json").read_text("utf-8"))
        table = open_file(folder / "csvs" / f"{name}.csv")
        found = [dict(zip(table.labels, cells, strict=True)) for batch in table.batches() for cells in cells_of(batch)]
        # git took the carriage returns out of the CSVs, not out of the texts in the JSON.
        items = [{key: str(value).replace("\r\n", "\n") for key, value in item.items()} for item in _listed(expected)]
        if name == "location_coordinates":  # its JSON has another phone number than its CSV
            items = [item | {"Contact Phone Number": "2095257564"} for item in items]
        assert found == items, name


def _listed(expected: Json | list[Json]) -> list[Json]:
    return expected if isinstance(expected, list) else [expected]


def test_every_file_is_read_or_refused_in_words(corpus: Path) -> None:
    found = [path for folder in FOLDERS for path in sorted((corpus / folder).rglob("*")) if path.suffix in ENDINGS]
    assert len(found) > 100
    refused = 0
    for path in found:
        try:
            layout = detect(path)
            table = open_file(path, dialect=layout.dialect, encoding=layout.encoding)
            numbers = [number for number, _cells in rows(table)] + [item.row for item in misfits(table)]
            assert len(set(numbers)) == len(numbers), path
            assert all(number > table.header_row for number in numbers), path
        except SourceError as fault:
            refused += 1
            assert fault.what, path  # noqa: PT017 - either outcome is right
            assert fault.remedy, path  # noqa: PT017 - as above
    assert refused < len(found) / 10


def test_statistics_office_files_show_their_title_and_header(corpus: Path) -> None:
    path = corpus / "agriculture" / "gso_crops_livestock" / "Planted area of paddy by province.csv"
    layout = detect(path)
    assert (layout.dialect, layout.header_row) == ({"delimiter": ";", "headerRows": [3]}, 3)
    assert len(layout.notes) == 2
    table = open_file(path, dialect=layout.dialect)
    assert table.labels[1:3] == ("1995", "1996")
    assert len(rows(table)) == 71


def test_a_legacy_encoding_is_supposed_aloud(corpus: Path) -> None:
    layout = detect(corpus / "encoding" / "uchardet_vi" / "windows-1258.txt")
    assert layout.encoding == "cp1258"
    assert "Not UTF-8" in layout.notes[0]


def test_a_ministry_yearbook_gives_the_total_it_is_known_for(corpus: Path) -> None:
    folder = corpus / "messy" / "gdpm_yearbooks_tcvn3"
    assert len(detect(folder / "Nien giam 2017r.xls", "SXH").sheets) == 28
    recipe: list[Json] = [
        {"step": "header", "rows": [1, 2]},
        {"step": "unpivot", "keep": ["TØnh/T.phè"], "name": "month", "value": "count", "pattern": PATTERN},
    ]
    made = tidy(folder, origin("Nien giam 2017r.xls", *recipe, sheet="SXH"), text_schema([]), "dengue")
    assert made.labels == ("TØnh/T.phè", "month", "kind", "count")
    found = rows(made)
    assert len(found) == 63 * 24
    assert {cells[1] for _row, cells in found} == {str(month) for month in range(1, 13)}
    assert sum(int(cells[3]) for _row, cells in found if cells[2] == "M") == 172_212
