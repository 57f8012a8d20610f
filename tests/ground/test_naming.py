from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata.model.naming import is_dataset_name, is_device, is_published_name

DEVICES = ["con", "prn", "aux", "nul", "com0", "com9", "lpt1"]


@pytest.mark.parametrize("name", ["ab", "a1", "dien-tich-lua-2025", "x" * 90, "cone", "com10"])
def test_a_name_that_can_stand_in_an_address(name: str) -> None:
    assert is_dataset_name(name)
    assert is_published_name(name)


@pytest.mark.parametrize("name", ["", "a", "x" * 91, "Lúa", "A", "a.b", "a b", "a/b", "..", "a--b", "ab\n", *DEVICES])
def test_a_name_that_cannot(name: str) -> None:
    assert not is_dataset_name(name)
    assert not is_published_name(name)


@given(st.from_regex(r"[a-z0-9-]{1,92}(--shared)?", fullmatch=True))
def test_a_published_name_is_a_datasets_with_or_without_the_mark_of_a_shared_edition(name: str) -> None:
    assert is_published_name(name) == is_dataset_name(name.removesuffix("--shared"))


@pytest.mark.parametrize("name", DEVICES)
def test_windows_takes_a_device_for_one_whatever_its_ending_or_case(name: str) -> None:
    assert all(is_device(text) for text in (name, name.upper(), f"{name}.csv"))
