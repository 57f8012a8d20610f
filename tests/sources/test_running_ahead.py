"""A generator run ahead on a thread: its items in order, its errors, and the end of the thread whatever happens."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from opendata.sources.running_ahead import AHEAD, ahead

if TYPE_CHECKING:
    from collections.abc import Generator

NAME = "opendata-reading"


def helpers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == NAME]


class Counting:
    """Numbers without end, made on a thread that is remembered."""

    def __init__(self, fault: BaseException | None = None) -> None:
        self.made = 0
        self.threads: set[str] = set()
        self.closed = threading.Event()
        self.fault = fault

    def __call__(self) -> Generator[int]:
        try:
            while True:
                if self.fault and self.made == 3:
                    raise self.fault
                self.made += 1
                self.threads.add(threading.current_thread().name)
                yield self.made
        finally:
            self.threads.add(threading.current_thread().name)
            self.closed.set()


def test_items_come_in_order_and_the_thread_ends() -> None:
    assert list(ahead(lambda: (number for number in range(100)))) == list(range(100))
    assert helpers() == []


def test_no_thread_is_begun_before_the_first_item_is_asked_for() -> None:
    counting = Counting()
    items = ahead(counting)
    assert helpers() == []
    items.close()
    assert counting.made == 0


@pytest.mark.parametrize("taken", [1, 2, 5])
def test_who_stops_early_ends_the_thread_which_closes_its_source_itself(taken: int) -> None:
    counting = Counting()
    items = ahead(counting)
    assert [next(items) for _ in range(taken)] == list(range(1, taken + 1))
    items.close()
    assert helpers() == []
    assert counting.closed.is_set()
    assert counting.threads == {NAME}


def test_no_more_is_made_than_there_is_room_for() -> None:
    counting = Counting()
    items = ahead(counting)
    for _ in range(10):
        taken = next(items)
        assert counting.made <= taken + AHEAD
    items.close()


@pytest.mark.parametrize("fault", [ValueError("broken"), KeyboardInterrupt()])
def test_an_error_comes_after_what_was_made_before_it(fault: BaseException) -> None:
    items = ahead(Counting(fault))
    assert [next(items), next(items), next(items)] == [1, 2, 3]
    with pytest.raises(type(fault)) as caught:
        next(items)
    assert caught.value is fault
    assert helpers() == []


def test_a_generator_that_is_forgotten_ends_its_thread() -> None:
    counting = Counting()
    for _number in ahead(counting):
        break
    assert counting.closed.is_set()
    assert helpers() == []


def test_a_program_ends_though_a_reading_was_left_open() -> None:
    program = (
        "import itertools\nfrom opendata.sources.running_ahead import ahead\n"
        "items = ahead(lambda: (number for number in itertools.count()))\nprint(next(items))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout, done.stderr) == ("0\n", "")
