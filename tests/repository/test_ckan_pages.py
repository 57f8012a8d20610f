"""docs/ckan.md, docs/portal.md and the officers' page against what they tell of."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest
import translations
from ckan_portal.command import parser
from ckan_visitor import REMEMBERED

from opendata.publishing.targets import KEYS
from opendata_ckan import held
from opendata_ckan.mapping import EXTRAS
from opendata_ckan.resources import FIELDS

ROOT = Path(__file__).parents[2]
VARIABLE = re.compile(r"OPENDATA_[A-Z_]+")
OF_USERS = {"OPENDATA_LANG", "OPENDATA_TOKEN", "OPENDATA_DEBUG"}
INSIDE = {"OPENDATA_PORTAL_OF"}
CELL = re.compile(r"^\| ([^|`-][^|]*) \| [^|]+ \|$", re.MULTILINE)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_key_of_a_target_is_told() -> None:
    assert [key for key in KEYS if f"| `{key}` |" not in page("docs/ckan.md")] == []


def test_every_stage_is_told() -> None:
    told = page("docs/ckan.md").partition("| `opendata_stage` | |")[2].partition("\n## ")[0]
    assert [stage.value for stage in held.Stage if stage.value and f"`{stage.value}`" not in told] == []


def test_every_field_of_our_own_is_told() -> None:
    ours = {name for name in (*EXTRAS, *FIELDS) if name.startswith("opendata_")}
    ours |= {held.STAGE, held.LEVEL, held.SEAL, held.REMOVED, held.GONE}
    assert sorted(name for name in ours if f"`{name}`" not in page("docs/ckan.md")) == []


def test_what_ckan_remembers_is_told() -> None:
    told = page("docs/ckan.md")
    assert [
        way for way in REMEMBERED if way not in told.replace("the user's activity page", "user activity page")
    ] == []


def test_every_command_of_the_portal_and_its_options_are_told() -> None:
    told = page("docs/portal.md")
    (commands,) = [item for item in parser()._actions if isinstance(item, argparse._SubParsersAction)]
    for name, command in commands.choices.items():
        assert f"portal.py {name} " in told
        assert f"| `{name} " in told
        options = [word for item in command._actions for word in item.option_strings if word.startswith("--")]
        assert [word for word in options if word != "--help" and f"`{word}" not in told] == []


@pytest.mark.parametrize("name", ["docs/ckan.md", "docs/portal.md"])
def test_the_page_is_found(name: str) -> None:
    assert f"({name})" in page("README.md")
    assert f"({name})" in page("CONTRIBUTING.md") or name == "docs/ckan.md"


def test_every_variable_that_tests_read_is_told() -> None:
    files = [*(ROOT / "tests").rglob("*.py"), ROOT / ".ci" / "run"]
    read = {name for path in files for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    assert sorted(name for name in read - OF_USERS - INSIDE if f"`{name}`" not in page("CONTRIBUTING.md")) == []


def test_what_the_officers_page_says_that_the_program_says_it_says() -> None:
    said = "\n".join(
        text
        for message in translations.catalogue()
        for value in (message.id, message.string)
        for text in translations.texts(value)
    )
    tables = page("docs/can-bo.md").split("| máy nói |")[1] + page("docs/can-bo.md").split("| it says |")[1]
    quoted = [cell for cell in CELL.findall(tables) if cell not in {"máy nói", "it says"}]
    parts = [part.strip() for cell in quoted for part in re.split(r"…|;|\([^)]*\)", cell) if part.strip()]
    assert len(parts) > 30
    assert [part for part in parts if part not in said] == []
