"""The licences of a descriptor as CKAN and DCAT tell them: one id for a dataset, one URI and a text for a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.messages import LANGUAGES, N_, translate
from opendata.model import as_list, as_object, as_text
from opendata_ckan.texts import cut, line, link, said
from opendata_ckan.vocabulary import LICENCES, NOT_SPECIFIED, OTHER_OPEN, Licence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.model import Json

_WORD = N_("Licence")
_ID_MOST = 100
_RIGHTS_MOST = 2_000  # for each language: the text stands with every file
_UNNAMED = frozenset(LICENCES[name] for name in LICENCES if name.startswith(("other-", NOT_SPECIFIED.id)))


def licence_id(part: Json) -> str:
    """CKAN's id for the licences of a package.

    One that CKAN has no id for is sent under its own name, which CKAN shows as it is. CKAN holds one id: of several
    licences it is their common one, "other-open" where all are open, else their names.

    >>> licence_id({"licenses": [{"name": "CC-BY-4.0"}]}), licence_id({}), licence_id({"licenses": [{"name": "X-1"}]})
    ('cc-by', 'notspecified', 'X-1')
    >>> licence_id({"licenses": [{"name": "CC-BY-4.0"}, {"name": "MIT"}]})
    'other-open'
    """
    told = _licences(part)
    known = [_known(item) for item in told]
    ids = list(dict.fromkeys(found.id if found else line(_name(item)) for item, found in zip(told, known, strict=True)))
    if len(ids) > 1 and all(found is not None and found.open for found in known):
        return OTHER_OPEN.id
    return line(", ".join(name for name in ids if name), _ID_MOST) or NOT_SPECIFIED.id


def licence_uri(part: Json) -> str:
    """The URI of the one licence of a package or table: the EU's where it has one, else its own address.

    "" where there are several, since DCAT allows a file one licence; `rights` names them all.

    >>> licence_uri({"licenses": [{"name": "CC-BY-4.0"}]})
    'http://publications.europa.eu/resource/authority/licence/CC_BY_4_0'
    """
    uris = {_uri(item) for item in _licences(part)}
    return uris.pop() if len(uris) == 1 else ""


def rights(part: Json) -> str:
    """The licences in words, in both languages.

    The text begins with a word of ours: CKAN's page of a file fails on a text that looks like an odd date or number.

    >>> rights({"licenses": [{"name": "CC-BY-4.0"}]})
    'Giấy phép: CC-BY-4.0. Licence: CC-BY-4.0.'
    """
    told = _licences(part)
    if not told:
        return ""
    parts = [f"{translate(_WORD, code)}: {'; '.join(_words(item, code) for item in told)}." for code in LANGUAGES]
    return " ".join(cut(text, _RIGHTS_MOST) for text in parts)


def _licences(part: Json) -> Sequence[Json]:
    items = (as_object(item) for item in as_list(part.get("licenses")))
    return [item for item in items if line(_name(item)) or link(as_text(item.get("path")))]


def _name(item: Json) -> str:
    return as_text(item.get("name")) or as_text(item.get("title")) or as_text(item.get("path")) or ""


def _known(item: Json) -> Licence | None:
    return LICENCES.get(_name(item).strip().lower())


def _uri(item: Json) -> str:
    known = _known(item)
    return (known.uri if known else "") or link(as_text(item.get("path")))


def _words(item: Json, language: str) -> str:
    """Name and title of a licence; the title in its own language where it is not said in this one."""
    title = said(item, "title", language) or as_text(item.get("title")) or ""
    name = "" if title and _known(item) in _UNNAMED else line(_name(item))
    shown = [name, line(title), link(as_text(item.get("path")))]
    return " – ".join(dict.fromkeys(text for text in shown if text))
