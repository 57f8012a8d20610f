"""The list of administrative units and the crosswalk of July 2025, made from the statistics office's tables.

    python tests/units_helpers.py CORPUS

writes the communes into units.csv and crosswalk.csv anew. Rows of provinces, and province-crosswalk.csv, are kept by
hand: no file of the corpus holds them.
"""

from __future__ import annotations

import csv
import re
import sys
import unicodedata
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "datapackages/reference/administrative-units"
CROSSWALK = "admin/nso_crosswalk_2025/BangChuyendoiĐVHCmoi_cu_khong_merge.csv"
DAY = "2025-07-01"

TYPES = ("phường", "xã", "đặc khu", "thị trấn")
EXTENTS = {
    "Nhập toàn bộ": "whole",
    "Giữ nguyên": "whole",
    "Đổi tên": "whole",
    "Đổi loại hình": "whole",
    "Nhập một phần": "part",
    "Nhập một phần diện tích": "part-area",
    "Nhập một phần diện tích, toàn bộ dân số": "part-area-whole-population",
    "Nhập một phần dân số": "part-population",
    "Nhập toàn bộ diện tích": "whole-area",
    "Phần còn lại sau khi tách một phần vào xã Canh Vinh": "part",
    "Đổi tên từ một phần Phường 15": "part",
    "Đổi tên, đổi loại hình từ một phần thị trấn Lai Uyên": "part",
}


def plain(text: str) -> str:
    """Text in NFC, blanks and line ends inside it made one blank, one apostrophe for both."""
    return " ".join(unicodedata.normalize("NFC", text).split()).replace("'", "’")


def ascii_of(text: str) -> str:
    """Text without marks, đ as d, and the apostrophe of the keyboard."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D").replace("’", "'"))
    return "".join(c for c in letters if not unicodedata.combining(c))


def split_type(text: str) -> tuple[str, str]:
    """The kind of a commune and its bare name: "Phường Ba Đình" → ("phường", "Ba Đình"); no kind: ""."""
    words = plain(text)
    for kind in TYPES:
        if ascii_of(words).lower().startswith(ascii_of(kind) + " "):
            return kind, words[len(kind) + 1 :]
    return "", words


def code_of(text: str) -> str:
    """The code in brackets at the end: "Tỉnh Bắc Ninh (24)" → "24"."""
    found = re.search(r"\((\d+)\)\s*$", text)
    assert found, text
    return found[1]


def extent_of(note: str) -> str:
    """Our code of the table's remark, its slips of the key forgiven."""
    words = plain(note).replace("Nhâp", "Nhập")
    return "whole" if words.startswith("Sắp xếp toàn bộ ") else EXTENTS[words]


def rows_of(corpus: Path) -> list[list[str]]:
    """The crosswalk's rows that name a new commune, each cell as it stands."""
    with (corpus / CROSSWALK).open(encoding="utf-8", newline="") as stream:
        return [row for row in list(csv.reader(stream))[2:] if row[2].strip()]


def units() -> list[dict[str, str]]:
    """The rows of units.csv as shipped."""
    return shipped("units.csv")


def shipped(name: str) -> list[dict[str, str]]:
    """The rows of one of the package's tables."""
    with (PACKAGE / "data" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def province_ids(rows: list[dict[str, str]], day: str) -> dict[str, str]:
    """Code → unit_id of the provinces that were valid on a day."""
    return {
        row["code"]: row["unit_id"]
        for row in rows
        if row["level"] == "province" and row["valid_from"] <= day <= (row["valid_to"] or "9999")
    }


def communes(corpus: Path) -> list[dict[str, str]]:
    """A row of units.csv for each commune of July 2025."""
    parents = province_ids(units(), DAY)
    found = {}
    for row in rows_of(corpus):
        code = row[2].strip()
        kind, name = split_type(row[1])
        fresh = {
            "unit_id": code,
            "code": code,
            "name": name,
            "name_ascii": ascii_of(name),
            "type": kind,
            "level": "commune",
            "parent_id": parents[code_of(row[0])],
            "valid_from": DAY,
            "valid_from_precision": "day",
            "valid_to": "",
        }
        found.setdefault(code, fresh)
    return list(found.values())


def changes(corpus: Path) -> list[dict[str, str]]:
    """The rows of crosswalk.csv: what became of each commune of before July 2025."""
    olds = province_ids(units(), "2025-06-30")
    found = []
    for row in rows_of(corpus):
        code, (kind, name), district = row[4].strip(), split_type(row[3]), code_of(row[6])
        found.append(
            {
                "old_id": code or f"d{district}",
                "new_unit_id": row[2].strip(),
                "old_code": code,
                "old_type": kind,
                "old_name": name,
                "old_district_code": district,
                "old_district_name": plain(row[6].rpartition("(")[0]).replace("Thị Xã", "Thị xã"),
                "old_province_id": olds[code_of(row[7])],
                "extent": extent_of(row[5]),
                "unchanged": "true" if plain(row[5]) == "Giữ nguyên" else "false",
            }
        )
    return found


def write(name: str, rows: list[dict[str, str]], key: tuple[str, ...]) -> None:
    """Write a table of the package, sorted by its key, in the form the project's CSV files have."""
    with (PACKAGE / "data" / name).open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(sorted(rows, key=lambda row: tuple(row[field] for field in key)))


def main(corpus: Path) -> None:
    """Write both tables."""
    provinces = [row for row in units() if row["level"] != "commune"]
    write("units.csv", provinces + communes(corpus), ("unit_id",))
    write("crosswalk.csv", changes(corpus), ("old_id", "new_unit_id"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
