"""The public surface of the library: a name that comes or goes is a decision, not an accident."""

from __future__ import annotations

import subprocess
import sys

import pytest

import opendata

FUNCTIONS = {
    "build",
    "check",
    "find",
    "get",
    "load",
    "login",
    "new",
    "plan",
    "publish",
    "show",
    "update",
    "verify",
}
ERRORS = {
    "BusyError",
    "CheckError",
    "ConflictError",
    "DataError",
    "DescriptorError",
    "DiskError",
    "GateError",
    "IntegrityError",
    "OpendataError",
    "PortalError",
    "SourceError",
    "StaleError",
    "UsageError",
}
VALUES = {
    "AccessLevel",
    "Action",
    "Answers",
    "BuiltPackage",
    "Candidate",
    "Changes",
    "Draft",
    "Drift",
    "Entry",
    "Finding",
    "LeftOut",
    "Outcome",
    "Place",
    "Plan",
    "PortalDataset",
    "PortalFile",
    "Proposal",
    "Receipt",
    "Refreshed",
    "Report",
    "Sighting",
    "Standing",
    "Step",
    "Verification",
}
HEAVY = ("babel", "frictionless", "jinja2", "jsonschema", "pandas", "pyarrow", "python_calamine", "requests")


def test_the_public_names_are_these() -> None:
    assert set(opendata.__all__) == FUNCTIONS | ERRORS | VALUES | {"__version__"}
    assert opendata.__all__ == sorted(opendata.__all__)


@pytest.mark.parametrize("name", sorted(FUNCTIONS | ERRORS | VALUES))
def test_each_public_name_is_there_and_documented(name: str) -> None:
    found = getattr(opendata, name)
    assert found.__doc__
    assert name in dir(opendata)


def test_every_error_class_is_public() -> None:
    from opendata import errors

    classes = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert classes == ERRORS


def test_a_name_that_is_none_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'verify_all'"):
        _ = opendata.verify_all


def test_the_version_is_the_distributions() -> None:
    from importlib.metadata import version

    assert opendata.__version__ == version("opendata-vn")


@pytest.mark.parametrize(
    "code",
    [
        "import opendata",
        "from opendata import *",
        "from opendata.cli import main; main(['--help'])",
        "from opendata.cli import main; main(['publish', '--help'])",
        "from opendata.cli import main; main(['no-such-command'])",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(code: str) -> None:
    """Start-up is what an officer waits for each time; the time itself is not asserted, its cause is."""
    probe = f"{code}\nimport sys\nprint('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1] == "HEAVY []"
