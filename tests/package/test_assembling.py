"""A built folder is believed only where its descriptor and its files agree, whatever else was made to look right."""

from __future__ import annotations

import dataclasses
import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from package_helpers import PADDY, PADDY_CSV, nowhere, package

from opendata import files
from opendata.edition import outline
from opendata.errors import IntegrityError
from opendata.model import AccessLevel, BuiltPackage, Json, Outline, dump
from opendata.model.digest import KEY, content_digest
from opendata.package import build
from opendata.package.assembling import assemble, folder_digest, verify
from opendata.package.keying import build_key, tools
from opendata.package.naming import stems
from opendata.package.outlet import Several
from opendata.package.shelf import KEPT, prune, recall

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opendata.model import Block
    from opendata.package.judging import Opened

SCHEMA = {key: value for key, value in PADDY.items() if key != "name"}
OPEN = AccessLevel.OPEN


@pytest.fixture
def made(tmp_path: Path) -> tuple[Outline, Path, BuiltPackage]:
    """A plan, the folder that was built from it, and the package as it was built."""
    dataset = package(tmp_path / "source")
    built = build(dataset, OPEN, nowhere, tmp_path / "cache")
    return outline(dataset, OPEN), built.files[0].source.parent, built


def rewrite(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the descriptor and give it the digest that it then should have."""
    descriptor = json.loads((folder / "datapackage.json").read_bytes())
    change(descriptor)
    (folder / "datapackage.json").write_bytes(dump({**descriptor, KEY: content_digest(descriptor)}))


def part(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda descriptor: descriptor["resources"][0].update(changes)


def alternate(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda descriptor: descriptor["resources"][0]["alternates"][0].update(changes)


def test_an_untouched_folder_gives_the_same_package_again(made: tuple[Outline, Path, BuiltPackage]) -> None:
    plan, folder, built = made
    assert assemble(plan, folder) == built
    verify(built)
    assert [(file.path, file.mediatype, file.resource) for file in built.files] == [
        ("paddy.csv", "text/csv", "paddy"),
        ("paddy.parquet", "application/vnd.apache.parquet", "paddy"),
    ]
    assert (built.level, built.id, built.version) == (OPEN, plan.dataset.id, "1.0.0")


@pytest.mark.parametrize(
    "change",
    [
        part(path="../paddy.csv"),
        part(path="data/paddy.csv"),
        part(path="/etc/passwd"),
        part(path=""),
        part(path="https://example.org/paddy.csv"),
        part(bytes="87"),
        part(bytes=None),
        part(hash="md5:0123"),
        part(hash=""),
        alternate(path="..\\paddy.parquet"),
        alternate(path="sub/paddy.parquet"),
        alternate(bytes=1.5),
        alternate(hash=None),
        lambda descriptor: descriptor.update(name="another-package"),
    ],
)
def test_a_descriptor_that_names_no_file_of_ours_is_refused_though_its_digest_is_right(
    made: tuple[Outline, Path, BuiltPackage], change: Callable[[dict[str, Any]], object]
) -> None:
    plan, folder, _built = made
    rewrite(folder, change)
    with pytest.raises(IntegrityError, match="not what its digest says") as fault:
        assemble(plan, folder)
    assert fault.value.where == str(folder / "datapackage.json")
    assert fault.value.remedy == "Build the package again."
    assert recall(folder, plan) is None


@pytest.mark.parametrize("digest", [None, "", "sha256:" + "0" * 64, 7])
def test_a_descriptor_without_its_own_digest_is_refused(
    made: tuple[Outline, Path, BuiltPackage], digest: object
) -> None:
    plan, folder, built = made
    descriptor: dict[str, Any] = {**built.descriptor, KEY: digest}
    (folder / "datapackage.json").write_bytes(dump(descriptor))
    with pytest.raises(IntegrityError):
        assemble(plan, folder)


@pytest.mark.parametrize("position", [0, 1])
def test_each_file_is_compared_by_size_and_by_digest(made: tuple[Outline, Path, BuiltPackage], position: int) -> None:
    _plan, _folder, built = made
    file = built.files[position]
    for wrong in (dataclasses.replace(file, bytes=file.bytes + 1), dataclasses.replace(file, sha256="0" * 64)):
        changed = tuple(wrong if item is file else item for item in built.files)
        with pytest.raises(IntegrityError) as fault:
            verify(dataclasses.replace(built, files=changed))
        assert fault.value.where == str(file.source)


def test_the_name_of_a_folder_is_of_names_and_bytes_in_no_order(made: tuple[Outline, Path, BuiltPackage]) -> None:
    _plan, _folder, built = made
    csv, parquet = built.files
    assert built.folder_digest == folder_digest([parquet, csv])
    assert len(built.folder_digest) == 32
    others = [
        folder_digest([csv]),
        folder_digest([dataclasses.replace(csv, path="other.csv"), parquet]),
        folder_digest([dataclasses.replace(csv, sha256=parquet.sha256), parquet]),
        folder_digest([dataclasses.replace(csv, path=parquet.path), dataclasses.replace(parquet, path=csv.path)]),
    ]
    assert len({built.folder_digest, *others}) == 5


def opened(folder: Path, content: str = PADDY_CSV, **more: Any) -> tuple[Outline, tuple[Opened, ...]]:  # noqa: ANN401 - properties of a package
    from opendata.package.judging import open_tables

    dataset = package(folder, {"paddy": ({"schema": SCHEMA}, content)}, **more)
    return outline(dataset, OPEN), open_tables(dataset, nowhere)[0]


def test_the_key_of_a_build_changes_with_each_of_its_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, tables = opened(tmp_path)
    key = build_key(plan, tables, ["sha256:1"])
    assert len(key) == 32
    assert key == build_key(*opened(tmp_path / "elsewhere"), ["sha256:1"])
    shared = dataclasses.replace(plan, level=AccessLevel.SHARED)
    fewer = dataclasses.replace(plan.cuts[0], fields=plan.cuts[0].fields[:-1])
    ordered = dataclasses.replace(plan.cuts[0], sorted=True)
    renamed = dataclasses.replace(tables[0], table=dataclasses.replace(tables[0].table, labels=("a", "b", "c", "d")))
    others = [
        build_key(plan, tables, ["sha256:2"]),
        build_key(shared, tables, ["sha256:1"]),
        build_key(dataclasses.replace(plan, name="another"), tables, ["sha256:1"]),
        build_key(dataclasses.replace(plan, descriptor={}), tables, ["sha256:1"]),
        build_key(dataclasses.replace(plan, cuts=(fewer,)), tables, ["sha256:1"]),
        build_key(dataclasses.replace(plan, cuts=(ordered,)), tables, ["sha256:1"]),
        build_key(plan, [renamed], ["sha256:1"]),
        build_key(*opened(tmp_path, title="Lúa"), ["sha256:1"]),
    ]
    for number, name in enumerate(tools()):
        changed = tuple("changed" if item == name else item for item in tools())
        monkeypatch.setattr("opendata.package.keying.tools", lambda changed=changed: changed)
        others.append(build_key(plan, tables, ["sha256:1"]))
        assert len(set(others)) == 9 + number
    assert len({key, *others}) == len(others) + 1


def test_a_key_takes_a_digest_for_each_table(tmp_path: Path) -> None:
    plan, tables = opened(tmp_path)
    with pytest.raises(ValueError, match="zip"):
        build_key(plan, tables, [])


def test_the_tools_are_named_with_their_versions() -> None:
    names = [tool.split(" ")[0] for tool in tools()]
    assert names == ["opendata-vn", "pyarrow", "frictionless", "code", "profile"]
    assert all(len(tool.split(" ")) == 2 and tool.split(" ")[1] for tool in tools())
    assert [len(tool.split(" ")[1]) for tool in tools()[3:]] == [64, 64]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["area", "AREA", "Area"], ["area", "area-2", "area-3"]),
        (["area-2", "area", "AREA"], ["area-2", "area", "area-3"]),
        (["com1", "lpt9.old", "nul", "comma", "com"], ["table-com1", "table-lpt9.old", "table-nul", "comma", "com"]),
        (["Đất", "..", "-", "a//b", ".hidden."], ["t", "table", "table-2", "a-b", "hidden"]),
        (["x" * 95, "x" * 96], ["x" * 90, "x" * 90 + "-2"]),
        (["y" * 89 + "--z"], ["y" * 89]),
    ],
)
def test_the_names_of_published_files(names: list[str], expected: list[str]) -> None:
    found = stems(names)
    assert list(found) == names
    if names[0] == "Đất":
        expected = [found["Đất"], *expected[1:]]
        assert found["Đất"].isascii()
    assert list(found.values()) == expected


class Recorder:
    """A sink that says what was done to it, and fails at what it is told to."""

    def __init__(self, name: str, log: list[str], fails: str = "") -> None:
        self.name, self.log, self.fails = name, log, fails

    def _did(self, what: str) -> None:
        self.log.append(f"{self.name} {what}")
        if what == self.fails:
            raise OSError(what)

    def batch(self, block: Block) -> None:
        del block
        self._did("batch")

    def seal(self) -> None:
        self._did("seal")

    def abort(self) -> None:
        self._did("abort")


@pytest.mark.parametrize("failing", ["a", "b", "c"])
def test_each_of_several_sinks_is_aborted_though_one_fails_at_it(failing: str) -> None:
    log: list[str] = []
    several = Several([Recorder(name, log, "abort" if name == failing else "") for name in "abc"])
    with pytest.raises(OSError, match="abort"):
        several.abort()
    assert sorted(log) == ["a abort", "b abort", "c abort"]


def test_several_sinks_are_sealed_in_their_order() -> None:
    log: list[str] = []
    Several([Recorder(name, log) for name in "abc"]).seal()
    assert log == ["a seal", "b seal", "c seal"]


def test_the_builds_used_last_are_kept_and_a_broken_one_goes_first(tmp_path: Path) -> None:
    names = [f"{number:032x}" for number in range(KEPT + 1)]
    for age, name in enumerate(names):
        files.write(tmp_path / name / "datapackage.json", b"{}")
        os.utime(tmp_path / name / "datapackage.json", (1000 + age, 1000 + age))
    (tmp_path / ("f" * 32)).mkdir()
    (tmp_path / "a-file").write_bytes(b"x")
    prune(tmp_path)
    assert sorted(item.name for item in tmp_path.iterdir()) == [*names[1:], "a-file"]


def test_a_build_that_is_found_again_counts_as_used(made: tuple[Outline, Path, BuiltPackage]) -> None:
    plan, folder, built = made
    os.utime(folder / "datapackage.json", (1000, 1000))
    assert recall(folder, plan) == built
    assert (folder / "datapackage.json").stat().st_mtime > 1000


def test_a_file_of_the_right_size_and_wrong_bytes_is_not_recalled(made: tuple[Outline, Path, BuiltPackage]) -> None:
    plan, folder, _built = made
    content: Json = json.loads((folder / "datapackage.json").read_bytes())
    csv = (folder / "paddy.csv").read_bytes()
    (folder / "paddy.csv").write_bytes(csv.replace(b"12.50", b"12.51"))
    assert assemble(plan, folder).descriptor == content
    assert recall(folder, plan) is None
