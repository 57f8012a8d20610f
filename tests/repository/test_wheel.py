from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_has_our_packages_and_nothing_else_at_its_top(names: list[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"opendata", "opendata_ckan", "opendata_site"}
    assert len(tops) == 4


@pytest.mark.parametrize("folder", ["schemas", "datapackages"])
def test_every_data_file_is_in_it(folder: str, names: list[str]) -> None:
    ours = {
        f"opendata/_data/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and ".opendata" not in path.parts
    }
    assert ours
    assert {name for name in names if name.startswith(f"opendata/_data/{folder}/")} == ours


@pytest.mark.parametrize(
    "name",
    [
        "opendata/py.typed",
        "opendata_ckan/py.typed",
        "opendata_site/py.typed",
        "opendata/locale/vi/LC_MESSAGES/opendata.mo",
        "opendata_site/templates/style.css",
    ],
)
def test_what_is_no_python_is_in_it_too(name: str, names: list[str]) -> None:
    assert name in names


def test_no_code_lies_among_the_data() -> None:
    assert [path for folder in ("schemas", "datapackages") for path in (ROOT / folder).rglob("*.py")] == []
