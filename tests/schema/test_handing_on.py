"""Blocks reach the sinks in their order, over a thread that has always ended when the check has."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from schema_helpers import Collector, fields, table_of

from opendata.errors import DataError
from opendata.model import Checked, Report
from opendata.schema import check

if TYPE_CHECKING:
    from opendata.model import Block

FAULT = ("no", "here", "none")
ROWS = [[str(number)] for number in range(100)]


def alone() -> bool:
    return not [thread for thread in threading.enumerate() if thread.name == "opendata-sinks"]


class Slow(Collector):
    """A sink that takes its time, and notes who calls it."""

    def __init__(self, fault_at: int | None = None) -> None:
        super().__init__()
        self.threads: set[str] = set()
        self._fault_at = fault_at

    def batch(self, block: Block) -> None:
        self.threads.add(threading.current_thread().name)
        time.sleep(0.001)
        super().batch(block)
        if self._fault_at == len(self.blocks):
            raise DataError(*FAULT)

    def abort(self) -> None:
        assert alone()
        super().abort()


def test_every_block_reaches_every_sink_in_order() -> None:
    one, two = Slow(), Slow()
    assert isinstance(check(table_of(ROWS, fields("integer"), size=3), (), [one, two]), Checked)
    assert one.values("a") == two.values("a") == list(range(100))
    assert one.threads == {threading.current_thread().name, "opendata-sinks"}
    assert alone()


def test_one_block_needs_no_thread() -> None:
    sink = Slow()
    check(table_of(ROWS, fields("integer"), size=1000), (), [sink])
    assert sink.threads == {threading.current_thread().name}


@pytest.mark.parametrize("at", [1, 2, 3, 33, 34])
def test_a_fault_of_a_sink_comes_to_the_caller_and_nothing_is_handed_on_after_it(at: int) -> None:
    sink, other = Slow(at), Slow()
    with pytest.raises(DataError):
        check(table_of(ROWS, fields("integer"), size=3), (), [sink, other])
    assert (len(sink.blocks), len(other.blocks)) == (at, at - 1)
    assert (sink.aborted, other.aborted) == (1, 1)
    assert alone()


def test_nothing_is_handed_on_once_something_is_found() -> None:
    sink = Slow()
    rows = [*ROWS, ["x"], *ROWS]
    assert isinstance(check(table_of(rows, fields("integer"), size=3), (), [sink]), Report)
    assert sink.values("a") == list(range(99))
    assert sink.aborted == 1
    assert alone()
