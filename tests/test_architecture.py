"""Data that was never gated cannot reach a portal: only its maker constructs each stage of the path.

The type checker refuses a shortcut; this walk over the syntax trees fails on a constructor call outside its maker,
under whatever name it was imported, and on `dataclasses.replace`, `copy.replace` and `__new__` that would do the same.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

MAKERS = {
    "Checked": ("opendata/schema/",),
    "Edition": ("opendata/edition/",),
    "BuiltPackage": ("opendata/package/",),
}
ROOTS = ("opendata", "publishers")
HOMES = ("opendata/model/", "opendata/__init__.py")


def trespasses(source: str, path: str) -> list[str]:
    """Where a module makes a stage that is not its own, as "path:line name"."""
    tree = ast.parse(source)
    watched = {name for name, makers in MAKERS.items() if not path.startswith(makers)}
    known = _aliases(tree, watched)
    return [f"{path}:{line} {name}" for line, name in sorted(_made(tree, known, watched))]


def _aliases(tree: ast.AST, watched: set[str]) -> dict[str, str]:
    """What each name in the module stands for, where that is a watched class: imported as, or assigned to."""
    known = {name: name for name in watched}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            known |= {alias.asname: alias.name for alias in node.names if alias.asname and alias.name in watched}
    for _round in range(len(list(ast.walk(tree)))):
        found = {name: known[value] for name, value in _assigned(tree) if value in known and name not in known}
        if not found:
            break
        known |= found
    return known


def _assigned(tree: ast.AST) -> list[tuple[str, str]]:
    pairs = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            value = _last(node.value)
            pairs += [(target.id, value) for target in targets if isinstance(target, ast.Name) and value]
    return pairs


def _made(tree: ast.AST, known: dict[str, str], watched: set[str]) -> set[tuple[int, str]]:
    typed = _typed(tree, known)
    made: set[tuple[int, str]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            made |= {(node.lineno, known[name]) for base in node.bases if (name := _last(base)) in known}
        if not isinstance(node, ast.Call):
            continue
        name = _last(node.func)
        if name in known:
            made.add((node.lineno, known[name]))
        if name in {"__new__", "partial"}:
            made |= {(node.lineno, known[_last(item)]) for item in node.args if _last(item) in known}
        if name in {"getattr", "attrgetter"}:
            made |= {(node.lineno, text) for item in node.args if (text := _text(item)) in watched}
        if name in {"replace", "__replace__"} and _is_dataclass_replace(node):
            made |= {(node.lineno, typed[value]) for item in _replaced(node) if (value := _dotted(item)) in typed}
    return made


def _replaced(node: ast.Call) -> list[ast.expr]:
    if isinstance(node.func, ast.Attribute) and node.func.attr == "__replace__":
        return [node.func.value]
    return node.args[:1]


def _is_dataclass_replace(node: ast.Call) -> bool:
    """`str.replace` has no keywords, `Path.replace` neither; `dataclasses.replace` changes nothing without them."""
    return bool(node.keywords)


def _typed(tree: ast.AST, known: dict[str, str]) -> dict[str, str]:
    """The names that are annotated as a watched class, in arguments and assignments."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation is not None:
            found.update((node.arg, known[name]) for name in _mentioned(node.annotation) if name in known)
        if isinstance(node, ast.AnnAssign):
            place = _dotted(node.target)
            found.update((place, known[name]) for name in _mentioned(node.annotation) if name in known)
    return found


def _mentioned(annotation: ast.expr) -> list[str]:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    return [node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)]


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _dotted(node: ast.expr) -> str:
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_each_stage_is_made_by_its_maker_alone(project: Path) -> None:
    found = []
    for root in ROOTS:
        for file in sorted((project / root).rglob("*.py")):
            path = file.relative_to(project).as_posix()
            if not path.startswith(HOMES):
                found += trespasses(file.read_text(encoding="utf-8"), path)
    assert found == []


def test_each_maker_makes_its_stage(project: Path) -> None:
    """Else the walk would hold nothing: a class that was renamed, or a room that moved, must be told here."""
    for name, makers in MAKERS.items():
        files = [file for maker in makers for file in (project / maker).rglob("*.py")]
        calls = [
            node
            for file in files
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and _last(node.func) == name
        ]
        assert calls, name


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Checked(table, digest, 1)", "Checked"),
        ("from opendata.model import Edition as Draft\nDraft(outline, ())", "Edition"),
        ("from opendata import model\nmodel.BuiltPackage()", "BuiltPackage"),
        ("import opendata.model as m\nm.edition.Edition(outline, ())", "Edition"),
        ("from opendata.model import Checked\nmake = Checked\nagain = make\nagain(table, digest, 1)", "Checked"),
        ("if (make := Edition):\n    make(outline, ())", "Edition"),
        (
            "from dataclasses import replace\ndef f(built: BuiltPackage):\n    replace(built, level=OPEN)",
            "BuiltPackage",
        ),
        (
            "import dataclasses as d\ndef f(built: 'BuiltPackage | None'):\n    d.replace(built, files=())",
            "BuiltPackage",
        ),
        ("import copy\ndef f(item: Checked):\n    copy.replace(item, rows=2)", "Checked"),
        ("item: Checked = take()\nitem.__replace__(rows=2)", "Checked"),
        ("object.__new__(Edition)", "Edition"),
        ("from functools import partial\npartial(BuiltPackage, name='x')", "BuiltPackage"),
        ("class Mine(Edition):\n    pass", "Edition"),
        ("import opendata.model\ngetattr(opendata.model, 'Checked')(table, digest, 1)", "Checked"),
    ],
)
def test_a_planted_violation_is_caught(source: str, name: str) -> None:
    assert [item.rpartition(" ")[2] for item in trespasses(source, "publishers/opendata_site/placing.py")] == [name]


@pytest.mark.parametrize(
    "source",
    [
        "def f(built: BuiltPackage) -> Edition: ...",
        "isinstance(item, Checked)",
        "def f(built: BuiltPackage):\n    return built.name.replace('a', 'b')",
        "from dataclasses import replace\ndef f(step: Step, built: BuiltPackage):\n    replace(step, built=built)",
    ],
)
def test_use_without_making_is_no_violation(source: str) -> None:
    assert trespasses(source, "opendata/publishing/plan.py") == []


def test_a_maker_may_make_its_own_stage_and_no_other() -> None:
    assert trespasses("Edition(outline, ())", "opendata/edition/making.py") == []
    assert trespasses("Edition(outline, ())", "opendata/package/building.py") == [
        "opendata/package/building.py:1 Edition"
    ]


PUBLISHERS_KNOW = (
    "opendata.errors",
    "opendata.files",
    "opendata.messages",
    "opendata.metadata",
    "opendata.model",
    "opendata.publishing.port",
)
"""The port and the ground floor, each with what lies below it; metadata is made for publishers."""


def imported(tree: ast.AST, package: str) -> set[str]:
    """The full names of everything that a module imports, wherever the import stands."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            above = f"{package}." if node.level else ""
            found |= {f"{above}{node.module or ''}.{alias.name}" for alias in node.names}
    return found


def too_high(source: str) -> set[str]:
    """What a publisher's module imports from the library above the port and the ground floor."""
    ours = {name for name in imported(ast.parse(source), "opendata_site") if f"{name}.".startswith("opendata.")}
    return {name for name in ours if not f"{name}.".startswith(tuple(f"{known}." for known in PUBLISHERS_KNOW))}


def test_publishers_import_the_port_and_the_ground_floor_alone(project: Path) -> None:
    files = sorted((project / "publishers").rglob("*.py"))
    assert {file.parent.name for file in files} >= {"opendata_site"}
    assert {file.name: found for file in files if (found := too_high(file.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from opendata import files, errors\nfrom opendata.model.layout import plain", set()),
        ("import opendata_site.descriptor\nfrom opendata.publishing.port import Publisher", set()),
        ("from opendata import folders", {"opendata.folders"}),
        ("from opendata.publishing import changes", {"opendata.publishing.changes"}),
        ("def f():\n    import opendata.package.laying", {"opendata.package.laying"}),
        ("import opendata", {"opendata"}),
        ("from opendata.modelling import x", {"opendata.modelling.x"}),
    ],
)
def test_a_planted_import_is_caught(source: str, found: set[str]) -> None:
    assert too_high(source) == found
