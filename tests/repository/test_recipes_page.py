from __future__ import annotations

import inspect
import os
from pathlib import Path

from opendata.sources import recipe

PAGE = Path(__file__).parents[2] / "docs" / "recipes.md"
HEAD = """# Recipe steps

A resource's `origin.recipe` is the list of steps that makes its tidy table of a department's file; `opendata update`
runs it. Rows are counted as in the file, from 1. A value that a step cannot treat is an error that names the row of
the file: nothing is dropped or guessed.

This page is made from the steps' own descriptions: change those, then write the page anew with
`OPENDATA_WRITE_DOCS=1 pytest tests/repository/test_recipes_page.py`.
"""


def page() -> str:
    parts = [HEAD]
    for name, step in recipe.STEPS.items():
        parts.append(f"## {name}\n\n{inspect.getdoc(step)}\n")
    return "\n".join(parts)


def test_every_step_is_described_with_an_example() -> None:
    assert [name for name, step in recipe.STEPS.items() if f'"step": "{name}"' not in str(inspect.getdoc(step))] == []


def test_the_page_is_what_the_steps_say() -> None:
    if os.environ.get("OPENDATA_WRITE_DOCS"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()
