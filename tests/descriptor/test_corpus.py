"""Every package in the corpus that frictionless itself reads and finds local is read without a fault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from opendata.descriptor import read
from opendata.errors import DescriptorError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.corpus

# Local packages that frictionless reads and we refuse, each with its reason. None.
REFUSED: dict[str, str] = {}

# What frictionless refuses, or would fetch: the word of ours that says so.
FAULTY = {
    "frictionless-ckan-mapper_fixtures/ckan_package.json": "never fetched",
    "frictionless-ckan-mapper_fixtures/frictionless_package.json": "never fetched",
    "frictionless-ckan-mapper_fixtures/full_ckan_package.json": "never fetched",
    "frictionless-ckan-mapper_fixtures/full_ckan_package_first_round_trip.json": "never fetched",
    "frictionless-py_data/issue-494.package.json": "never fetched",
    "frictionless-py_data/multiple-errors.package.json": "Two tables",
    "frictionless-py_data/package-with-fields-993.json": "does nothing",
    "frictionless-py_data/package-with-missingvalues-993.json": "does nothing",
    "frictionless-py_data/package-with-pipeline.json": "never fetched",
    "frictionless-py_data/package-with-pipeline-multiple-tables-to-write.json": "never fetched",
    "frictionless-py_data/zipped-resources/datapackage.json": "Two fields",
    "testsuite-extended_packages/country-codes/datapackage.json": "“name” is missing",
    "testsuite-extended_packages/country-list/datapackage.json": "“name” is missing",
}


def packages(corpus: Path) -> dict[str, Path]:
    peers = corpus / "peer"
    found = {path.relative_to(peers).as_posix(): path for path in sorted(peers.rglob("*package*.json"))}
    return {name: path for name, path in found.items() if "profiles/" not in name and _is_package(path)}


def _is_package(path: Path) -> bool:
    content = json.loads(path.read_bytes())
    return isinstance(content, dict) and "resources" in content


def test_what_frictionless_calls_valid_and_local_is_read(corpus: Path) -> None:
    import frictionless

    seen = 0
    for name, path in packages(corpus).items():
        if name in FAULTY or name in REFUSED:
            continue
        frictionless.Package.from_descriptor(str(path))
        assert read(path).resources, name
        seen += 1
    assert seen >= 30


def test_what_is_refused_is_refused_for_its_reason(corpus: Path) -> None:
    found = packages(corpus)
    for name, said in FAULTY.items():
        with pytest.raises(DescriptorError) as caught:
            read(found[name])
        assert any(said in item.message for item in caught.value.findings), name


def test_frictionless_refuses_them_too_or_would_fetch(corpus: Path) -> None:
    import frictionless

    found = packages(corpus)
    for name in [name for name, said in FAULTY.items() if said != "never fetched"]:
        with pytest.raises(frictionless.FrictionlessException):
            frictionless.Package.from_descriptor(str(found[name]))
