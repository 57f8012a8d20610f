"""JSON read strictly: what is not plainly JSON of a sane size is refused, and said where."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from opendata.errors import DescriptorError
from opendata.files import disk, regular
from opendata.folders import DESCRIPTOR
from opendata.messages import _
from opendata.model import Finding, Place
from opendata.model.words import one_line

if TYPE_CHECKING:
    from opendata.model import Json, JsonValue

MAX_BYTES = 8 << 20
MAX_DEPTH = 64


class _RefusedError(ValueError):
    """What a hook of the parser will not take; the message is for the user."""


def load(path: Path, code: str = "package-error") -> Json:
    """The JSON object in the file `path`. `code` is that of the finding where there is none.

    Raises:
        DescriptorError: too large, not UTF-8, not JSON, not an object, a key twice, NaN, too deep.
        DiskError: it cannot be read.
    """
    return parse(read_bytes(path, code), path, code)


def read_bytes(path: Path, code: str = "package-error") -> bytes:
    """The bytes of a file, one more than MAX_BYTES at most; `code` as for `load`.

    Raises:
        DescriptorError: it is no plain file, or a descriptor that is a link out of its folder.
        DiskError: it cannot be read.
    """
    with disk(path):
        if path.exists() and not regular(path):
            raise _error(path, code, _("This is not a plain file."), _("Give the name of a JSON file."))
        if path.name == DESCRIPTOR and path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
            remedy = _("Copy the file into the package's folder.")
            raise _error(path, code, _("The descriptor is a link that leads out of its package."), remedy)
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)


def parse(content: bytes, path: Path = Path("datapackage.json"), code: str = "package-error") -> Json:
    """The JSON object in `content`; `path` only says in errors where it came from.

    Raises:
        DescriptorError: as for `load`.

    >>> parse(b'{"name": "a"}')
    {'name': 'a'}
    """
    text = _text(content, path, code)
    try:
        value: JsonValue = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_int
        )
        _bounded(value)
    except json.JSONDecodeError as fault:
        raise _not_json(fault, path, code) from None
    except _RefusedError as fault:
        raise _error(path, code, str(fault), _("Correct the file, then try again.")) from None
    except RecursionError:
        raise _error(path, code, _too_deep(), _("Correct the file, then try again.")) from None
    if not isinstance(value, dict):
        remedy = _("Put the whole file in curly brackets.")
        raise _error(path, code, _("The file holds JSON, but not an object."), remedy)
    return value


def _text(content: bytes, path: Path, code: str) -> str:
    if len(content) > MAX_BYTES:
        what = _("The descriptor is larger than {size} MB.").format(size=MAX_BYTES >> 20)
        raise _error(path, code, what, _("Keep the data in files of their own, and only name them here."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        what = _("The file is not encoded in UTF-8: see line {line}.").format(line=line)
        raise _error(path, code, what, _("Save it again with the encoding UTF-8."), line) from None


def _not_json(fault: json.JSONDecodeError, path: Path, code: str) -> DescriptorError:
    what = _("The file is not JSON: line {line}, column {column}.").format(line=fault.lineno, column=fault.colno)
    remedy = _("Look there, and just before, for a missing comma, quote or bracket.")
    return _error(path, code, what, remedy, fault.lineno, fault.colno, fault.msg)


def _error(  # noqa: PLR0913, PLR0917 - one finding is as wide as that
    path: Path, code: str, what: str, remedy: str, row: int | None = None, column: int | None = None, note: str = ""
) -> DescriptorError:
    finding = Finding(code, Place(str(path), None, row, column), what, remedy, note, None, "")
    return DescriptorError(what, str(path), remedy, (finding,))


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    made = dict(pairs)
    if len(made) != len(pairs):
        left = list(made)
        twice = next(name for (name, _value), once in zip(pairs, [*left, None], strict=False) if name != once)
        raise _RefusedError(_("The key {key} stands twice in one object.").format(key=shown(twice)))
    return made


def _constant(text: str) -> NoReturn:
    raise _RefusedError(_("{text} is not a number in JSON.").format(text=text))


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _RefusedError(_("The number {text} is too large.").format(text=text[:40]))
    return number


def _int(text: str) -> int:
    if len(text) > 1000:  # noqa: PLR2004 - far more digits than anything that is counted
        raise _RefusedError(_("The number {text} is too large.").format(text=text[:40]))
    return int(text)


def _bounded(value: JsonValue) -> None:
    """Refuse what nests too deep, and half characters (lone surrogates), which have no UTF-8 form."""
    layer: list[JsonValue] = [value]
    for _depth in range(MAX_DEPTH):
        texts = [item for item in layer if isinstance(item, str)]
        texts += [key for item in layer if isinstance(item, dict) for key in item]
        _whole(texts)
        layer = [inner for item in layer for inner in _inside(item)]
        if not layer:
            return
    raise _RefusedError(_too_deep())


def _inside(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _whole(texts: list[str]) -> None:
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError:
            cleaned = text.encode("utf-8", "replace").decode()
            raise _RefusedError(_("Half a character stands in the text {text}.").format(text=shown(cleaned))) from None


def _too_deep() -> str:
    return _("Brackets are nested deeper than {depth}.").format(depth=MAX_DEPTH)


def shown(text: object, limit: int = 80) -> str:
    r"""A value as a message quotes it: in quotation marks, on one line, cut where it is long.

    >>> shown("a\nb"), shown("x" * 100, 5)
    ('“a b”', '“xxxxx…”')
    """
    return f"“{one_line(str(text), limit)}”"
