"""`opendata check --explain`: which way the rows of a table went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli_helpers import run

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = '{"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "number"}], "primaryKey": ["a"]}'


def test_rows_that_were_proven_and_rows_that_were_judged(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(SCHEMA, encoding="utf-8")
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,1.5\n+2,1e3\n3,x\n4,2\n1,7\n", encoding="utf-8")
    done = run("check", path, "--schema", tmp_path / "s.json", "--explain")
    assert done.code == 1
    assert "t: rows proven clean: 2; rows judged by frictionless: 3\n" in done.out
    assert "  a: cells that frictionless had to read: 1\n" in done.out
    assert "  b: cells that frictionless had to read: 2\n" in done.out
    assert "frictionless" not in run("check", path, "--schema", tmp_path / "s.json").out
