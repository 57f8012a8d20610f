"""What the page of recipe steps promises: places that lead into the file, remedies, order, and nothing in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recipe_helpers import run_recipe
from sources_helpers import origin, rows, text_file, xlsx

from opendata.errors import DescriptorError, SourceError
from opendata.model import Origin
from opendata.sources import limits, origin_digests, tidy
from opendata.sources.grid import Moment, Numeral
from opendata.sources.recipe import parse
from opendata.sources.recipe.rows import header_labels
from opendata.sources.table import text_schema

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Json

WIDE = [["Tỉnh", "2003", "2004"], ["Đắk Lắk", "1", "2"], ["Hà Tây", "3", "4"]]
UNPIVOT: Json = {"step": "unpivot", "keep": ["Tỉnh"], "name": "year", "value": "n"}
NUMBERS: Json = {"step": "parse-numbers", "fields": ["n"]}


def refused(lines: list[list[str]], *recipe: Json) -> SourceError:
    with pytest.raises(SourceError) as caught:
        run_recipe(lines, *recipe)
    assert caught.value.remedy
    return caught.value


# lines, recipe, where, what, a part of the remedy
REFUSED: list[tuple[list[list[str]], list[Json], str, str, str]] = [
    ([["a"], ["1"], ["x"]], [{"step": "parse-numbers", "fields": ["a"]}], ", row 3, column 1",
     "The value x in a is no number in the form that the recipe declares.", "`missing` of the step parse-numbers"),
    ([["a", "d"], ["1", "2020"]], [{"step": "parse-dates", "fields": ["d"], "format": "%d/%m/%Y"}],
     ", row 2, column 2", "The value 2020 in d is no date in the form that the recipe declares.", "`format`"),
    ([["a"], ["Lúa xuân"]], [{"step": "recode", "field": "a", "map": {"Lúa mùa": "w"}}], ", row 2, column 1",
     "The value Lúa xuân in a is not in the map of the step recode.", "Add it to the map"),
    ([["a"], ["Sài Gòn"]], [{"step": "recode-units", "field": "a"}], ", row 2, column 1",
     "The name Sài Gòn in a is of no administrative unit of today.", "leave the row out by drop-rows"),
    ([["a", "y"], ["Hà Tây", "2009"]], [{"step": "recode-units", "field": "a", "year": "y"}], ", row 2, column 1",
     "The name Hà Tây in a is of no administrative unit in the year 2009.", "recode it before"),
    ([["a", "y"], ["Hà Tây", "20x9"]], [{"step": "recode-units", "field": "a", "year": "y"}], ", row 2, column 2",
     "The value 20x9 in y is no year.", "parse it before this step"),
    ([["a", "b"]], [{"step": "select", "fields": ["c"]}], "", "There is no column c for this step of the recipe.",
     "The columns here are: a, b"),
    ([["a", "a"]], [{"step": "select", "fields": ["a"]}], "", "More than one column is called a.",
     "Take more header rows"),
    ([["a", "b"], ["1", "2"]], [{"step": "recode", "field": "a", "map": {"1": "x"}, "into": "b"}], "",
     "There is a column b already.", "another name under `into`"),
    ([["a"], ["1", "", "stray"]], [], ", row 2, column 3", "The cell stray stands under no header.",
     "choose the columns by select"),
    ([["a", "", "b"], ["1", "note", "2"]], [], ", row 2, column 2", "The cell note stands under no header.",
     "Give its column a header"),
    ([["a"]], [{"step": "header", "rows": [3, 4]}], "", "There is no row 3, from which the recipe takes the header.",
     "`rows` of the step header"),
    ([["a"]], [{"step": "skip", "rows": [1]}], "", "No row is left to be the header.", "leave out rows"),
    ([["Tỉnh", "Ghi chú"]], [{**UNPIVOT, "pattern": r"\d{4}"}], "",
     "The column Ghi chú does not match the pattern of the step unpivot.", "leave it out by select"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "recipe", "where", "what", "remedy"), REFUSED, ids=[item[3] for item in REFUSED])
def test_a_refusal_in_words(lines: list[list[str]], recipe: list[Json], where: str, what: str, remedy: str) -> None:
    fault = refused(lines, *recipe)
    assert fault.where == f"a.xlsx, sheet S{where}"
    assert fault.what == what
    assert remedy in fault.remedy


# recipe steps before the one that fails, and the column of the file that the bad cell stands in
MOVED: list[tuple[list[Json], str, int]] = [
    ([], "2003", 2),
    ([{"step": "rename", "fields": {"2003": "n"}}], "n", 2),
    ([{"step": "select", "fields": ["2004", "2003"]}], "2003", 2),
    ([{"step": "fill-down", "field": "2003"}], "2003", 2),
    ([{"step": "drop-rows", "field": "Tỉnh", "matches": "Hà Tây"}], "2003", 2),
    ([{"step": "sort", "by": ["2004"]}], "2003", 2),
    ([{"step": "recode", "field": "2003", "map": {"bad": "worse"}, "into": "new"}], "new", 2),
    ([{"step": "recode", "field": "Tỉnh", "map": {"Đắk Lắk": "bad"}, "into": "new"}], "new", 1),
    ([{"step": "recode-units", "field": "Tỉnh", "into": "unit"}], "2003", 2),
    ([UNPIVOT], "n", 2),
    ([{**UNPIVOT, "pattern": r"(?P<month>.*)/(?P<year>.*)"}], "year", 2),
    ([{**UNPIVOT, "pattern": r"(?P<month>.*)/(?P<year>.*)"}], "month", 2),
    ([UNPIVOT, {"step": "select", "fields": ["n", "year"]}], "year", 2),
]


@pytest.mark.parametrize(("before", "field", "column"), MOVED, ids=lambda value: str(value)[:60])
def test_a_bad_cell_is_found_in_the_file_whatever_was_done_to_its_column(
    before: list[Json], field: str, column: int
) -> None:
    label = "bad/bad" if any("pattern" in step for step in before) else "2003"
    lines = [["Đơn vị"], ["Tỉnh", label], ["Đắk Lắk", "bad"]]
    if any("2004" in str(step) for step in before):
        lines = [["Đơn vị"], ["Tỉnh", label, "2004"], ["Đắk Lắk", "bad", "1"]]
    number: Json = {"step": "parse-dates", "fields": [field], "format": "%d/%m/%Y"}
    fault = refused(lines, {"step": "header", "rows": [2]}, *before, number)
    assert fault.where == f"a.xlsx, sheet S, row 3, column {column}"


def test_steps_are_taken_in_their_order() -> None:
    recode: Json = {"step": "recode", "field": "n", "map": {"1": "10", "2": "9", "3": "8", "4": "7"}}
    by_size: Json = {"step": "sort", "by": ["n"]}
    first = run_recipe(WIDE, UNPIVOT, recode, by_size)
    assert [cells[2] for _row, cells in first.rows] == ["7", "8", "9", "10"]
    second = run_recipe(WIDE, UNPIVOT, by_size, recode)
    assert [cells[2] for _row, cells in second.rows] == ["10", "9", "8", "7"]


def test_a_header_in_three_rows_with_merges_begins_anew_under_each_heading() -> None:
    head = [
        ["Tỉnh", "Lúa", "", "", "", "Ngô"],
        ["", "Diện tích", "", "Sản lượng", "", "Diện tích"],
        ["", "2003", "2004", "2003", "2004", "2003"],
    ]
    assert header_labels(head, "|") == (
        "Tỉnh", "Lúa|Diện tích|2003", "Lúa|Diện tích|2004", "Lúa|Sản lượng|2003", "Lúa|Sản lượng|2004",
        "Ngô|Diện tích|2003",
    )  # fmt: skip
    assert header_labels([["A", "", "B", ""], ["x", "", "", "y"], ["1", "2", "3", "4"]], "|") == (
        "A|x|1", "A|x|2", "B|3", "B|y|4",
    )  # fmt: skip
    assert header_labels([["A", "", "B"], ["", "", ""], ["1", "2", "3"]], "|") == ("A|1", "A|2", "B|3")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["b", "", "a"], ["", "a", "b"]),
        (["10", "", "9", "-3"], ["", "-3", "9", "10"]),
        (["010", "9", "08"], ["010", "08", "9"]),
        (["đ", "d", "e"], ["d", "e", "đ"]),
        (["1.10", "1.9"], ["1.10", "1.9"]),
    ],
)
def test_blank_cells_come_first_and_codes_are_no_numbers(cells: list[str], expected: list[str]) -> None:
    made = run_recipe([["a", "b"], *[[cell, "x"] for cell in cells]], {"step": "sort", "by": ["a"]})
    assert [found[0] for _row, found in made.rows] == expected


def test_a_map_may_be_written_in_any_composition_and_with_blanks() -> None:
    lines = [["a"], ["Lúa mùa"]]
    for key in ("Lu\u0301a mu\u0300a", "  Lúa mùa "):
        assert run_recipe(lines, {"step": "recode", "field": "a", "map": {key: "w"}}).rows == [(2, ["w"])]


def test_each_unit_is_asked_for_in_its_own_year() -> None:
    lines = [["a", "y"], ["Đắk Lắk", "2003"], ["Đắk Lắk", "2004"], ["Đắk Lắk", "2003"]]
    made = run_recipe(lines, {"step": "recode-units", "field": "a", "year": "y", "into": "u"})
    assert [cells[2] for _row, cells in made.rows] == ["66-1975", "66-2004", "66-1975"]


@pytest.mark.parametrize(
    ("form", "text", "iso"),
    [
        ("%d/%m/%Y %S", "01/02/2020 07", "2020-02-01T00:00:07"),
        ("%H:%M:%S.%f %d/%m/%y", "07:08:09.5 01/02/20", "2020-02-01T07:08:09.500000"),
        ("%m/%Y", "12/2020", "2020-12-01"),
        ("%d%%%m%%%Y", "01%02%2020", "2020-02-01"),
    ],
)
def test_a_format_with_a_time_of_day_gives_date_and_time(form: str, text: str, iso: str) -> None:
    made = run_recipe([["a"], [text]], {"step": "parse-dates", "fields": ["a"], "format": form})
    assert made.rows == [(2, [iso])]


@pytest.mark.parametrize("form", ["%d/%b/%Y", "%x", "%d/%m/%Y %Z", "dd/mm/yyyy", "", "%"])
def test_a_format_in_other_words_is_a_fault_of_the_recipe(form: str) -> None:
    with pytest.raises(DescriptorError) as caught:
        parse([{"step": "parse-dates", "fields": ["a"], "format": form}])
    (found,) = caught.value.findings
    assert (found.pointer, found.code) == ("/origin/recipe/0/format", "recipe-error")
    assert found.message == "The format of a date is made of %d %m %Y %y %H %M %S and the marks between them."


@pytest.mark.parametrize(("decimal", "group"), [(",", ","), ("", "."), (",.", " "), (",", ".."), (".", ".")])
def test_marks_of_numbers_that_cannot_be_told_apart_are_a_fault(decimal: str, group: str) -> None:
    with pytest.raises(DescriptorError) as caught:
        parse([{"step": "parse-numbers", "fields": ["a"], "decimal": decimal, "group": group}])
    assert [found.pointer for found in caught.value.findings] == ["/origin/recipe/0/decimal"]


@pytest.mark.parametrize("pattern", ["x|y", "(?i)X|Y", "x$|^y"])
def test_a_pattern_of_alternatives_has_to_match_the_whole_cell(pattern: str) -> None:
    lines = [["a"], ["x"], ["xa"], ["ay"], ["y"], ["x\ny"]]
    made = run_recipe(lines, {"step": "drop-rows", "field": "a", "matches": pattern})
    assert made.rows == [(3, ["xa"]), (4, ["ay"]), (6, ["x\ny"])]
    with pytest.raises(SourceError, match="column xa does not match"):
        run_recipe([["k", "xa"]], {"step": "unpivot", "keep": ["k"], "name": "n", "value": "v", "pattern": pattern})


def test_as_many_rows_as_are_allowed_are_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SORT_ROWS", 2)
    assert run_recipe([["a"], ["2"], ["1"]], {"step": "sort", "by": ["a"]}).rows == [(3, ["1"]), (2, ["2"])]


@pytest.mark.parametrize("gap", [" ", "\u00a0", "\u202f", "\u2009"])
def test_every_blank_that_a_keyboard_or_excel_sets_divides_thousands(gap: str) -> None:
    step: Json = {"step": "parse-numbers", "fields": ["a"], "group": " "}
    assert run_recipe([["a"], [f"1{gap}234{gap}567,8"]], step).rows == [(2, ["1234567.8"])]
    assert "no number" in refused([["a"], [f"1{gap}23"]], step).what


cell = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(cell, max_size=4), min_size=1, max_size=6), st.sampled_from([" ", "", "/"]))
def test_whatever_stands_in_a_grid_is_kept_with_its_row_or_refused(grid: list[list[str]], join: str) -> None:
    """No step drops or guesses a value: what is filled in the file is in the table, or is named in an error."""
    width = len(grid[0])
    labelled = [[text.strip() or "x" for text in grid[0]], *grid[1:]]
    if any(text.strip() for line in labelled[1:] for text in line[width:]):
        assert "stands under no header" in refused(labelled, {"step": "header", "rows": [1], "join": join}).what
        return
    made = run_recipe(labelled, {"step": "header", "rows": [1], "join": join})
    filled = {(row, text) for row, line in enumerate(grid, start=1) for text in line if text.strip() and row > 1}
    assert {(row, text) for row, line in made.rows for text in line if text.strip()} == filled
    assert all(len(line) == len(made.labels) for _row, line in made.rows)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", ""]), st.integers(-20, 20)), max_size=12))
def test_a_sort_loses_no_row_and_sorting_again_changes_nothing(pairs: list[tuple[str, int]]) -> None:
    lines = [["k", "n", "x"], *[[key, str(number), "x"] for key, number in pairs]]
    once = run_recipe(lines, {"step": "sort", "by": ["k", "n"]})
    twice = run_recipe(lines, {"step": "sort", "by": ["k", "n"]}, {"step": "sort", "by": ["k", "n"]})
    assert once == twice
    assert [(cells[0], int(cells[1])) for _row, cells in once.rows] == sorted(pairs)
    assert sorted(row for row, _cells in once.rows) == list(range(2, len(pairs) + 2))


def test_what_the_workbook_holds_as_number_or_date_survives_steps_before_it_is_read() -> None:
    lines = [["k", "2003", "ngày"], ["x", Numeral("1.234"), Moment("2004-12-31")], ["", Numeral("7"), "01/02/2003"]]
    made = run_recipe(
        lines,
        {"step": "fill-down", "field": "k"},
        {"step": "unpivot", "keep": ["k", "ngày"], "name": "y", "value": "n"},
        {"step": "select", "fields": ["n", "ngày"]},
        {"step": "sort", "by": ["n"]},
        NUMBERS,
        {"step": "parse-dates", "fields": ["ngày"], "format": "%d/%m/%Y"},
    )
    assert made.rows == [(2, ["1.234", "2004-12-31"]), (3, ["7", "2003-02-01"])]


@pytest.mark.parametrize("key", ["sheet", "encoding", "dialect"])
def test_what_decides_how_the_source_is_read_is_part_of_the_recipe_s_digest(key: str, tmp_path: Path) -> None:
    text_file(tmp_path, "a\n1\n")
    values: dict[str, list[object]] = {
        "sheet": ["S", "T"],
        "encoding": ["utf-8", "cp1258"],
        "dialect": [{"delimiter": ";"}, {"delimiter": ","}],
    }
    origins = [Origin("a.csv", {"path": "a.csv", key: value}) for value in values[key]]  # type: ignore[dict-item] # a test's JSON
    made = [origin_digests(tmp_path, item) for item in origins]
    plain = origin_digests(tmp_path, origin("a.csv"))
    assert len({digests[1] for digests in [plain, *made]}) == 3
    assert {digests[0] for digests in made} == {plain[0]}
    noted = origin_digests(tmp_path, origin("a.csv", title="Niên giám", sourceDigest="sha256:0"))
    assert noted == plain


@pytest.mark.parametrize(("ending", "mark"), [("csv", ","), ("tsv", "\t"), ("tab", "\t"), ("txt", ",")])
def test_a_text_source_is_cut_by_the_mark_of_its_ending(ending: str, mark: str, tmp_path: Path) -> None:
    text_file(tmp_path, mark.join("ab") + "\n" + mark.join("12") + "\n", f"a.{ending}")
    table = tidy(tmp_path, origin(f"a.{ending}"), text_schema(("a", "b")), "t")
    assert (table.labels, rows(table)) == (("a", "b"), [(2, ("1", "2"))])


def test_rows_are_counted_as_in_the_file_though_comments_and_blank_rows_are_left_out(tmp_path: Path) -> None:
    text_file(tmp_path, "# ghi chú\n\nTỉnh,n\n\n# giữa\nA,1\nB,x\n")
    made = tidy(
        tmp_path,
        origin("a.csv", {"step": "header", "rows": [3]}, NUMBERS, dialect={"commentChar": "#"}),
        text_schema(("a",)),
        "t",
    )
    with pytest.raises(SourceError) as caught:
        rows(made)
    assert caught.value.where == "a.csv, row 7, column 2"


def test_the_sheet_of_the_origin_goes_before_that_of_its_dialect(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", {"Một": [["a"], ["1"]], "Hai": [["a"], ["2"]]})
    schema = text_schema(("a",))
    both = tidy(tmp_path, origin("a.xlsx", sheet="Hai", dialect={"sheetName": "Một"}), schema, "t")
    assert rows(both) == [(2, ("2",))]
    by_dialect = tidy(tmp_path, origin("a.xlsx", dialect={"sheetNumber": 2}), schema, "t")
    assert rows(by_dialect) == [(2, ("2",))]
    assert rows(tidy(tmp_path, origin("a.xlsx"), schema, "t")) == [(2, ("1",))]
