"""What a generator gives, made on a thread of its own while the last is being used."""

from __future__ import annotations

import atexit
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

AHEAD = 2
"""How many are made ahead at most."""

T = TypeVar("T")


def ahead(make: Callable[[], Generator[T]]) -> Generator[T]:
    """The items of `make()`, in order; its error comes after them. Both are made on the helper thread alone.

    The thread has ended when this generator has: at its end, at an error, and when it is closed.

    >>> list(ahead(lambda: (number * 2 for number in range(3))))
    [0, 2, 4]
    """
    thread = _Thread(make)
    thread.start()
    atexit.register(thread.stop)
    try:
        yield from thread.items()
    finally:
        thread.stop()
        atexit.unregister(thread.stop)


class _Thread(threading.Thread, Generic[T]):
    def __init__(self, make: Callable[[], Generator[T]]) -> None:
        super().__init__(name="opendata-reading", daemon=True)
        self._make = make
        self._room = threading.Semaphore(AHEAD)
        self._made: SimpleQueue[tuple[T] | BaseException | None] = SimpleQueue()
        self._stopped = False

    def run(self) -> None:
        try:
            self._fill()
        except BaseException as fault:  # noqa: BLE001 - it is raised where the items are taken
            self._made.put(fault)
        else:
            self._made.put(None)

    def _fill(self) -> None:
        source = self._make()
        try:
            while self._has_room() and (item := next(source, None)) is not None:
                self._made.put((item,))
        finally:
            source.close()

    def _has_room(self) -> bool:
        self._room.acquire()
        return not self._stopped

    def items(self) -> Generator[T]:
        while item := self._made.get():
            if isinstance(item, BaseException):
                raise item
            yield item[0]
            self._room.release()

    def stop(self) -> None:
        """End the thread, and wait for that."""
        self._stopped = True
        self._room.release()
        if threading.current_thread() is not self:  # else the garbage collector closed the generator here
            self.join()
