from __future__ import annotations

import doctest
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]


def test_the_examples_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "datapackages", tmp_path / "datapackages", ignore=shutil.ignore_patterns(".opendata"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    page = ROOT / "docs" / "developers.md"
    failed, tried = doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried > 10
    assert failed == 0


def test_every_public_function_is_in_the_table() -> None:
    import opendata

    page = (ROOT / "docs" / "developers.md").read_text(encoding="utf-8")
    functions = [name for name in opendata.__all__ if name.islower() and name != "__version__"]
    assert [name for name in functions if f"| `{name}(" not in page] == []
