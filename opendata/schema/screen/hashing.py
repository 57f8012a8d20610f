"""Keys as 64-bit hashes: rows with equal values have equal hashes, so that only equal hashes need a second look.

The seed enters before the first word of the first value: who does not know it cannot write two values of one hash.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opendata.schema.screen.arrow import mask_of
from opendata.schema.screen.cells import cells_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from opendata.schema.screen.arrow import Mask
    from opendata.schema.screen.proof import Column

    Hashes = NDArray[np.uint64]

_STEPS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))  # splitmix64
_LAST, _WORD = 31, 8
_START = 0x9E3779B97F4A7C15
_LONG = 1024
"""Texts of more bytes are hashed one by one."""


@dataclass(frozen=True, slots=True)
class KeyColumns:
    """The hashes of one key in a batch of rows; which rows have no value in any part of it, and which in some."""

    hashes: Hashes
    empty: Mask
    partial: Mask


def hash_key(columns: Sequence[Column], seed: int) -> KeyColumns:
    """Hash the values of a key's columns, row by row.

    >>> import pyarrow as pa
    >>> key = hash_key([pa.array([1, 1, None, None]), pa.array(["a", "a", "a", None])], 7)
    >>> bool(key.hashes[0] == key.hashes[1]), key.empty.tolist(), key.partial.tolist()
    (True, [False, False, False, True], [False, False, True, True])
    """
    import numpy as np

    rows = len(columns[0])
    hashes = np.full(rows, seed, np.uint64)
    empty, partial = np.ones(rows, np.bool_), np.zeros(rows, np.bool_)
    for column in columns:
        mixed = _mixed(hashes * np.uint64(3) + _words(column, seed))
        if column.null_count:
            missing = mask_of(column.is_null())
            mixed = np.where(missing, _mixed(~(hashes * np.uint64(7))), mixed)
            empty &= missing
            partial |= missing
        else:
            empty[:] = False
        hashes = mixed
    return KeyColumns(hashes, empty, partial)


def _mixed(words: Hashes) -> Hashes:
    import numpy as np

    words = words + np.uint64(_START)
    for shift, factor in _STEPS:
        words = (words ^ (words >> np.uint64(shift))) * np.uint64(factor)
    mixed: Hashes = words ^ (words >> np.uint64(_LAST))
    return mixed


def _words(column: Any, seed: int) -> Hashes:  # noqa: ANN401 - a column of any type
    """A word for each value, the same for equal ones; whatever for null."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_string(kind):
        return _text_words(column, seed)
    if pa.types.is_decimal(kind):
        return _text_words(column.cast(pa.string()), seed)
    if pa.types.is_boolean(kind):
        column = column.cast(pa.int64())
    elif pa.types.is_floating(kind):
        column = pc.call_function("add", [column, pa.scalar(0.0)]).view(pa.int64())  # -0.0 becomes 0.0
    elif kind.bit_width == 32:  # noqa: PLR2004 - bits of an int32 or a date32
        column = column.view(pa.int32()).cast(pa.int64())
    else:
        column = column.view(pa.int64())
    values: NDArray[np.int64] = column.fill_null(0).to_numpy(zero_copy_only=False)
    return values.view(np.uint64)


def _text_words(column: Any, seed: int) -> Hashes:  # noqa: ANN401 - a text column
    """The texts, eight bytes at a time, the length among them."""
    import numpy as np

    cells = cells_of(column)
    lengths = cells.lengths.astype(np.int64)
    padded = np.frombuffer(bytes(cells.data) + bytes(_WORD), np.uint8)
    words = np.ndarray((max(0, padded.size - _WORD + 1),), "<u8", padded.data, strides=(1,))  # a word at every byte
    starts = np.cumsum(lengths) - lengths
    hashes = _mixed(lengths.astype(np.uint64) ^ np.uint64(seed))
    for long in np.flatnonzero(lengths > _LONG):
        hashes[long] = _long_word(cells.data[starts[long] : starts[long] + lengths[long]], seed)
    at = np.flatnonzero(lengths <= _LONG)
    for offset in range(0, int(lengths[at].max(initial=0)), _WORD):
        at = at[lengths[at] > offset]
        left = np.minimum(lengths[at] - offset, _WORD)
        word = words[starts[at] + offset] & _kept()[left]
        hashes[at] = _mixed(hashes[at] * np.uint64(5) + word)
    return hashes


def _long_word(text: memoryview, seed: int) -> int:
    return int.from_bytes(hashlib.blake2b(text, digest_size=_WORD, key=seed.to_bytes(_WORD, "little")).digest())


@functools.cache
def _kept() -> Any:  # noqa: ANN401 - masks of the first bytes of a word
    import numpy as np

    return np.array([(1 << (8 * size)) - 1 for size in range(_WORD + 1)], np.uint64)
