"""Clean blocks on their way to the sinks: from the second on they go over a thread, so that the check can go on."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from opendata.model import Block, Sink

WAITING = 2
"""Blocks that may wait for the sinks: more would only fill memory."""


class HandingOn:
    """Gives blocks to sinks in their order. A sink is never called by two threads at once.

    Once left, no thread runs any more, and the sinks have taken what was given, unless one of them failed.
    """

    def __init__(self, sinks: Sequence[Sink]) -> None:
        """Feed `sinks`, each block to all of them."""
        self._sinks = sinks
        self._begun = False
        self._thread: threading.Thread | None = None
        self._blocks: queue.Queue[Block | None] = queue.Queue(WAITING)
        self._fault: BaseException | None = None

    def __enter__(self) -> Self:
        """Begin; there is no thread yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_fault: object) -> None:
        """Wait until the sinks have taken what was given.

        Raises:
            Exception: whatever a sink raised, where nothing else went wrong.
        """
        if self._thread is not None:
            self._blocks.put(None)
            self._thread.join()
        if kind is None and self._fault is not None:
            raise self._fault

    def give(self, block: Block) -> None:
        """Hand on one block.

        Raises:
            Exception: whatever a sink raised, at this block or an earlier one.
        """
        if self._fault is not None:
            raise self._fault
        if not self._begun:
            self._begun = True
            self._hand(block)
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="opendata-sinks", daemon=True)
            self._thread.start()
        self._blocks.put(block)

    def _run(self) -> None:
        """Take blocks until there are no more; after a fault they are taken and left, so that nobody waits for room."""
        while (block := self._blocks.get()) is not None:
            if self._fault is None:
                try:
                    self._hand(block)
                except BaseException as fault:  # noqa: BLE001 - it is raised where the blocks come from
                    self._fault = fault

    def _hand(self, block: Block) -> None:
        for sink in self._sinks:
            sink.batch(block)
