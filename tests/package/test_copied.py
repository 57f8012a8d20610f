"""Lines that stand in the source as they are to be written are copied: the very bytes that would be written."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schema_helpers import Collector, schema_of

from opendata.model import Checked
from opendata.package.csv_sink import lines
from opendata.schema import check
from opendata.sources import limits, open_file

if TYPE_CHECKING:
    from opendata.model import Block, Json

CELLS = ["", "1", "007", "-5", "+5", " 5", "1_0"]
TEXTS = ["", "a", " a", "đ", "a\tb", "'"]


def blocks(content: bytes, descriptor: Json) -> list[Block]:
    """The blocks of a valid table."""
    sink = Collector()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "BLOCK_BYTES", 32)
        path = Path(folder, "a.csv")
        path.write_bytes(content)
        assert isinstance(check(open_file(path, schema_of(descriptor)), (), [sink]), Checked)
    return sink.blocks


def table(kind: str, **more: object) -> Json:
    return {"fields": [{"name": "a", "type": kind, **more}, {"name": "b", "type": "string"}, {"name": "c"}]}  # type: ignore[dict-item]


@given(st.lists(st.tuples(st.sampled_from(CELLS), st.sampled_from(TEXTS), st.just("x")), min_size=1, max_size=30))
def test_copied_lines_are_the_lines_that_would_be_written(rows: list[tuple[str, str, str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([("a", "b", "c"), *rows])
    for block in blocks(stream.getvalue().encode(), table("integer")):
        if block.raw is not None:
            assert bytes(block.raw) == bytes(lines(block.texts))


def test_a_source_in_our_own_form_is_copied_whole() -> None:
    content = b"a,b,c\n" + b"".join(b"%d,x,\n" % number for number in range(100))
    found = blocks(content, table("integer"))
    assert len(found) > 3
    assert b"a,b,c\n" + b"".join(bytes(block.raw or b"?") for block in found) == content


@pytest.mark.parametrize(
    ("content", "descriptor"),
    [
        (b"a,b,c\n-,x,y\n", table("integer", missingValues=["-"])),
        (b"a,b,c\n+5,x,y\n", {**table("integer"), "missingValues": ["5"]}),
        (b'a,b,c\n1,"x",y\n', table("integer")),
        (b"a,b,c\r\n1,x,y\r\n", table("integer")),
        (b"a,b,c\n31/12/2024,x,y\n", table("date", format="%d/%m/%Y")),
        (b"a,b,c\n1,x,\n", {**table("integer"), "missingValues": ["", "x"]}),
        (b"b,a,c\nx,1,y\n", {**table("integer"), "fieldsMatch": "equal"}),
    ],
)
def test_what_would_be_written_otherwise_is_not_copied(content: bytes, descriptor: Json) -> None:
    assert [block.raw for block in blocks(content, descriptor)] in ([None], [])
