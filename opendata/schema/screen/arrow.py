"""Arrow's functions where its type stubs know less than it does: masks of numpy, and arrays of any type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Whole = NDArray[np.int64]
    Bytes = NDArray[np.uint8]


def chosen(mask: Mask, then: Any, other: Any) -> Any:  # noqa: ANN401 - arrays of any type, or a single value
    """An array: `then` where the mask holds, `other` elsewhere."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = then.type if isinstance(then, pa.Array) else other.type
    given = [item if isinstance(item, pa.Array) else pa.scalar(item, kind) for item in (then, other)]
    return pc.call_function("if_else", [pa.array(mask), *given])


def taken(array: Any, at: Whole) -> Any:  # noqa: ANN401 - an array of any type
    """The values at these positions."""
    import pyarrow as pa

    return array.take(pa.array(at))


def nulls(rows: int, kind: Any) -> Any:  # noqa: ANN401 - an array of any type
    """A column without a value."""
    import pyarrow as pa

    return pa.nulls(rows, kind)


def mask_of(found: Any) -> Mask:  # noqa: ANN401 - an array of booleans
    """Where an array of booleans holds; null does not."""
    whole = found.fill_null(False) if found.null_count else found  # noqa: FBT003 - by position only
    mask: Mask = whole.to_numpy(zero_copy_only=False)
    return mask


def text_column(filled: Mask, starts: Any, data: Any) -> pa.StringArray:  # noqa: ANN401 - buffers, or arrays of numpy
    """A text column of an array of offsets and the bytes of all cells; null where the mask does not hold."""
    import numpy as np
    import pyarrow as pa

    bits: Any = np.packbits(filled, bitorder="little")
    buffers: list[Any] = [pa.py_buffer(item) for item in (bits, starts, data)]
    array: Any = pa.Array.from_buffers(pa.string(), len(filled), buffers)
    column: pa.StringArray = array
    return column


def is_text(text: str) -> bool:
    """False where a text holds half of a pair of surrogates, which no cell can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
