"""What somebody who wanted to break the check found; each held here."""

from __future__ import annotations

import resource
import tempfile
import threading
import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from schema_helpers import Collector, fields, schema_of, table_of
from verdict_helpers import Case, Source, differences

from opendata.errors import DiskError, SourceError
from opendata.model import Checked, Report
from opendata.schema import check
from opendata.schema.screen import spill
from opendata.schema.screen.hashing import hash_key
from opendata.sources import open_file

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Block, Json


def case(content: str, *descriptors: dict[str, Any], others: tuple[Source, ...] = (), **more: Any) -> Case:  # noqa: ANN401 - JSON
    return Case(Source("table", {"fields": list(descriptors), **more}, {}, "utf-8", content.encode()), others)


def test_texts_that_collide_under_one_seed_do_not_under_another() -> None:
    column = pa.array(["PROVINCEHANOI-01", "bextojrjrJHLnOA4"])  # forged when the seed came in after the text
    for seed in (1, 2, 2**63 + 5):
        one, other = hash_key([column], seed).hashes.tolist()
        assert one != other
    texts = pa.array([f"{number:016d}" for number in range(2000)])
    first, second = (hash_key([texts], seed).hashes for seed in (3, 4))
    assert len(np.unique(first ^ second)) == 2000  # what differs between two seeds is told by no text


def test_a_missing_part_of_a_key_is_no_number() -> None:
    units = Source(
        "units", fields_of("integer", "string"), {}, "utf-8", b"a,b\n-7046029254386353131,x\n1,y\n", "units.csv"
    )
    key = {"fields": ["a", "b"], "reference": {"resource": "units", "fields": ["a", "b"]}}
    told = case("a,b\n,x\n1,y\n", {"name": "a", "type": "integer"}, {"name": "b"}, others=(units,), foreignKeys=[key])
    assert not differences(told)


def fields_of(*kinds: str) -> Any:  # noqa: ANN401 - JSON
    return {"fields": [{"name": "ab"[at], "type": kind} for at, kind in enumerate(kinds)]}


@pytest.mark.parametrize(
    "constraints",
    [
        {"enum": ["2024-01-01T00:00:00Z"]},
        {"enum": ["2024-01-01T00:00:00"]},
        {"minimum": "2023-01-01T00:00:00"},
    ],
)
@pytest.mark.parametrize("cell", ["2024-01-01T00:00:00", "2024-01-01T00:00:00Z"])
def test_a_bound_of_a_moment_in_a_zone_is_judged_by_frictionless(constraints: dict[str, Any], cell: str) -> None:
    field = {"name": "a", "type": "datetime", "timezone": "UTC", "constraints": constraints}
    assert not differences(case(f"a\n{cell}\n", field))


@pytest.mark.parametrize("length", [20, 21, 62, 64, 65, 90])
def test_an_address_has_a_local_part_of_64_letters_at_most(length: int) -> None:
    for local in ("a" * length, ("a" * 20 + ".") * 5 + "a"):
        assert not differences(case(f"a\n{local[:length]}@hue.gov.vn\n", {"name": "a", "format": "email"}))


class Editing(Collector):
    """A sink that puts other bytes into the file once it was read."""

    def __init__(self, path: Path, content: bytes) -> None:
        super().__init__()
        self._path, self._content = path, content

    def batch(self, block: Block) -> None:
        super().batch(block)
        self._path.write_bytes(self._content)


def test_a_file_that_is_changed_between_the_passes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\n1\n2\n2\n")
    sink = Editing(path, b"a\n1\n2\n3\n")
    with pytest.raises(SourceError, match="changed while it was read"):
        check(open_file(path, schema_of({**fields_of("integer"), "primaryKey": ["a"]})), (), [sink])
    assert sink.aborted


def test_a_bound_that_no_double_holds_is_judged_by_frictionless() -> None:
    for bound in ("-1e9999999", "1e400", "-1E999"):
        for name in ("minimum", "maximum"):
            assert not differences(case("a\n1\n", {"name": "a", "type": "number", "constraints": {name: bound}}))
        assert not differences(case("a\n1\n", {"name": "a", "type": "number", "constraints": {"enum": [bound, 1]}}))


def test_rows_of_another_width_without_number_take_no_memory_without_end(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n1,2,3\n" + ",\n" * 500_000, encoding="utf-8")
    tracemalloc.start()
    try:
        outcome = check(open_file(path, fields("string", "string", "string")), limit=10)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(outcome, Report)
    assert len(outcome.findings) == 10
    assert peak < 80_000_000


def test_a_row_far_too_wide_is_refused_and_one_less_wide_costs_no_more_than_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n" + "," * 20_000 + "\n", encoding="utf-8")
    with pytest.raises(SourceError, match="The row has more than 16384 columns"):
        check(open_file(path, fields("string", "string")), limit=5)
    path.write_text("a,b\n1,2\n" + "x," * 10_000 + "\n", encoding="utf-8")
    outcome = check(open_file(path, fields("string", "string")), limit=5)
    assert isinstance(outcome, Report)
    assert [finding.code for finding in outcome.findings] == ["extra-cell"] * 5


def test_a_long_text_in_a_key_is_hashed_in_one_go() -> None:
    texts = ["a" * 1_000_000, "a" * 999_999 + "b", "a" * 1_000_000, "a" * 1025, "a" * 1024]
    hashes = hash_key([pa.array(texts)], 5).hashes.tolist()
    assert hashes[0] == hashes[2]
    assert len(set(hashes)) == 4


def test_keys_on_disk_take_one_file_each(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    make = tempfile.TemporaryFile

    def counted(*told: Any, **more: Any) -> Any:  # noqa: ANN401 - as it is
        opened.append(1)
        return make(*told, **more)

    monkeypatch.setattr(spill, "HELD", 10)
    monkeypatch.setattr(tempfile, "TemporaryFile", counted)
    rows = [[str(number), str(number)] for number in range(100)]
    assert isinstance(check(table_of(rows, fields("integer", "integer", primaryKey=["a", "b"]))), Checked)
    assert len(opened) == 1


def test_a_full_disk_for_the_keys_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "HELD", 10)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    rows = [[str(number)] for number in range(5000)]
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limit[1]))
    try:
        with pytest.raises(DiskError) as caught:
            check(table_of(rows, fields("integer", primaryKey=["a"]), size=100))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert caught.value.where == tempfile.gettempdir()
    assert caught.value.remedy


def test_no_thread_reads_on_when_a_sink_failed(tmp_path: Path) -> None:
    from opendata.sources import limits

    class Failing(Collector):
        def batch(self, block: Block) -> None:
            raise RuntimeError(block)

        def abort(self) -> None:
            assert [thread.name for thread in threading.enumerate() if thread.name.startswith("opendata")] == []
            super().abort()

    path = tmp_path / "a.csv"
    path.write_text("a\n" + "1\n" * 10_000, encoding="utf-8")
    sink = Failing()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "BLOCK_BYTES", 1000)
        with pytest.raises(RuntimeError):
            check(open_file(path, fields("integer")), (), [sink])
    assert sink.aborted == 1


@pytest.mark.parametrize(
    "descriptor",
    [
        {"type": "string", "missingValues": ["\ud800"]},
        {"type": "boolean", "trueValues": ["\ud800", "1"], "falseValues": ["0"]},
        {"type": "number", "groupChar": "\ud800"},
        {"type": "number", "decimalChar": "\ud800"},
    ],
    ids=str,
)
def test_half_a_letter_in_a_schema_is_no_text_of_a_cell(descriptor: Json) -> None:
    schema = schema_of({"fields": [{"name": "a", **descriptor}]})
    assert isinstance(check(table_of([["1"]], schema)), Checked)


def test_a_value_that_cannot_be_compared_repeats_none() -> None:
    offset = {"name": "d", "type": "time", "format": "any"}
    told = case(
        "a,d\nx,10:00:00+25:00\nx,10:00:00+25:00\n", {"name": "a", "type": "integer"}, offset, uniqueKeys=[["d"]]
    )
    assert not differences(told)


def test_a_row_is_cut_to_the_limit_but_never_below_the_fields_of_the_schema() -> None:
    source = Source("table", fields_of("string", "string"), {"commentRows": [1]}, "utf-8", b"a,b\n\nx0,x0\n")
    assert not differences(Case(source, limit=1))
