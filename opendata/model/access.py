"""Who may see data: the four levels, from open to closed."""

from __future__ import annotations

import enum
import functools


@functools.total_ordering
class AccessLevel(enum.Enum):
    """One of the four access levels, ordered from the least to the most restricted.

    Law on Data 60/2024/QH15, art. 13: open (dữ liệu mở), shared (dùng chung), internal (dùng riêng);
    closed stands for data under rules of their own.

    >>> AccessLevel("open") < AccessLevel.INTERNAL
    True
    >>> max(AccessLevel.OPEN, AccessLevel.SHARED).value
    'shared'
    """

    OPEN = "open"
    SHARED = "shared"
    INTERNAL = "internal"
    CLOSED = "closed"

    def __lt__(self, other: AccessLevel) -> bool:
        """True where this level restricts less than the other."""
        order = tuple(AccessLevel)
        return order.index(self) < order.index(other)

    @property
    def published(self) -> bool:
        """True where data of this level may leave the agency at all."""
        return self in {AccessLevel.OPEN, AccessLevel.SHARED}
