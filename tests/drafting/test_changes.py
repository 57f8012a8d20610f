from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from opendata.drafting.changes import Changes, compare

ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=2)), max_size=12)


@given(ROWS, ROWS)
def test_without_a_key_rows_are_counted_as_a_bag(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        found = compare(old, new, [], Path(folder))
    before, after = Counter(old), Counter(new)
    kept = (before & after).total()
    assert found == Changes(came=len(new) - kept, went=len(old) - kept, changed=0, kept=kept)


@given(
    st.dictionaries(st.text(max_size=2), st.text(max_size=2), max_size=8),
    st.dictionaries(st.text(max_size=2), st.text(max_size=2), max_size=8),
)
def test_with_a_key_each_row_is_told_by_it(old: dict[str, str], new: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        found = compare(old.items(), new.items(), [0], Path(folder))
        assert list(Path(folder).iterdir()) == []
    assert found == Changes(
        came=len(new.keys() - old.keys()),
        went=len(old.keys() - new.keys()),
        changed=sum(old[key] != new[key] for key in old.keys() & new.keys()),
        kept=sum(old[key] == new[key] for key in old.keys() & new.keys()),
    )
    assert found.none == (old == new)


def test_cells_do_not_run_together(tmp_path: Path) -> None:
    assert compare([("a", "bc")], [("ab", "c")], [], tmp_path) == Changes(came=1, went=1)


def test_a_short_row_has_empty_key_cells(tmp_path: Path) -> None:
    assert compare([("a",)], [("a", "x")], [0], tmp_path) == Changes(changed=1)
