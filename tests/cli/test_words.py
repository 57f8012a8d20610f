"""What `show` prints is in the officer's language: levels, sectors, licences; sizes are the site's."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from cli_helpers import run
from shipped_helpers import PACKAGES

from opendata.cli import output
from opendata.messages import language, use
from opendata_site.speech import size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _language_stays() -> Iterator[None]:
    before = language()
    yield
    use(before)


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    shutil.copytree(PACKAGES / "agriculture/perennial-crops", tmp_path / "c/perennial-crops")
    return tmp_path / "c"


VIETNAMESE = ("Dữ liệu mở", "Nông nghiệp", "nguồn không nêu giấy phép", "Địa chỉ mẫu", "Dự án opendata-vn", "cà phê")
ENGLISH = ("Open data", "Agriculture", "official statistics, no licence stated", "Sample address", "project", "coffee")


@pytest.mark.parametrize(("code", "told", "not_told"), [("vi", VIETNAMESE, ENGLISH), ("en", ENGLISH, VIETNAMESE)])
def test_show_speaks_one_language(code: str, told: tuple[str, ...], not_told: tuple[str, ...], catalogue: Path) -> None:
    ran = run("show", "perennial-crops", "--from", catalogue, "--lang", code)
    assert ran.code == 0
    assert [text for text in told if text not in ran.out] == []
    assert [text for text in not_told if text in ran.out] == []
    assert [word for word in ("(open)", "(agriculture)") if word not in ran.out] == []


@pytest.mark.parametrize("count", [0, 999, 1000, 1500, 20_480, 5_000_000, 7 * 10**9, 3 * 10**12])
def test_a_size_is_the_same_on_the_terminal_and_on_the_page(count: int) -> None:
    assert output.size(count) == size(count, "en")
