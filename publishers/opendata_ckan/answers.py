"""What a portal's answer means: a value, a refusal of one of four kinds, or something that may pass by itself.

PortalError
├── PassingError     the network, a busy portal, an answer that is none: worth another try
├── DeniedError      the token may not do that, or a visitor may not see it
├── MissingError     there is no such thing
├── InvalidError     what was sent is not accepted; `fields` says which part of it
│   └── TooLargeError    it is larger than the portal takes
└── NoActionError    the portal has no such action: a plugin is not there
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from opendata.errors import PortalError
from opendata.messages import _
from opendata.model import as_list, as_object, as_text, parsed
from opendata.model.words import one_line

if TYPE_CHECKING:
    from opendata.model import Json, JsonValue

BUSY = frozenset({429, 502, 503, 504})
NO_PORTAL = frozenset({404, 405, 501})
"""What an address answers that knows nothing of actions."""
SHOWN = 300
"""Characters of a portal's own words that an error shows."""
DEEPEST = 50
"""Objects and arrays within one another: no answer of CKAN's has more."""


class PassingError(PortalError):
    """What may pass by itself. `wait` are the seconds that the portal asks for; None: it says nothing."""

    wait: float | None = None


class DeniedError(PortalError):
    """Not allowed."""


class MissingError(PortalError):
    """Not there."""


class InvalidError(PortalError):
    """What was sent is not accepted. `fields` is the portal's own explanation, by field."""

    fields: Json = {}  # noqa: RUF012 - never changed, only replaced


class TooLargeError(InvalidError):
    """What was sent is larger than the portal takes."""


class NoActionError(PortalError):
    """The portal knows no such action."""


def judged(status: int, text: str, where: str) -> JsonValue:
    """The result in a portal's answer to an action call.

    Raises:
        PortalError: it is a refusal, a fault, or no answer of a CKAN portal at all.

    >>> judged(200, '{"success": true, "result": {"count": 1}}', "package_search")
    {'count': 1}
    """
    from ckanapi import errors
    from ckanapi.common import reverse_apicontroller_action

    try:
        result: JsonValue = reverse_apicontroller_action(where, status, text)
    except errors.NotAuthorized:
        raise denied(where) from None
    except errors.NotFound:
        raise missing(where) from None
    except errors.ValidationError as fault:
        if _bottomless(fault.error_dict):
            raise _other(status, text, where) from None
        raise _invalid(as_object(fault.error_dict), where) from None
    except (errors.SearchError, errors.SearchIndexError, errors.SearchQueryError) as fault:
        raise _failed(str(fault), where) from None
    except (errors.CKANAPIError, errors.ServerIncompatibleError, KeyError, RecursionError):
        raise _other(status, text, where) from None
    if _half(result, text):
        raise _other(status, text, where)
    return result


def busy(status: int, retry_after: str | None, where: str) -> PassingError:
    """The portal is overloaded, or a server before it does not reach it."""
    what = _("The portal is busy or away (HTTP {status}).").format(status=status)
    fault = PassingError(what, where, _("Wait a little, then run the same command again."))
    fault.wait = _seconds(retry_after)
    return fault


def odd(said: str, where: str) -> PassingError:
    """The portal answered something that no CKAN portal answers."""
    what = _("The portal answers oddly: {said}").format(said=_shown(said))
    remedy = _("Check the address; if it is right, tell whoever keeps the portal what is said here.")
    return PassingError(what, where, remedy)


def denied(where: str) -> DeniedError:
    """The portal does not let us do that."""
    remedy = _("Ask whoever keeps the portal to make you an editor of the organisation, or for a new token.")
    return DeniedError(_("The portal does not allow this with the token at hand."), where, remedy)


def missing(where: str) -> MissingError:
    """The portal knows nothing of that name."""
    return MissingError(_("The portal has no such thing."), where, _("Check the name and the address."))


def too_large(where: str) -> TooLargeError:
    """The portal takes no file as large as what was sent."""
    remedy = _("Ask whoever keeps the portal to raise its upload limit, or divide the table into smaller ones.")
    return TooLargeError(_("The portal does not take a file this large."), where, remedy)


def _invalid(told: Json, where: str) -> InvalidError:
    fields = {key: value for key, value in told.items() if key != "__type"}
    if "upload" in json.dumps(fields) and "large" in json.dumps(fields):
        large = too_large(where)
        large.fields = {"upload": ["too large"]}
        return large
    said = _shown(json.dumps(fields, ensure_ascii=False))
    what = _("The portal does not accept what was sent: {said}").format(said=said)
    fault = InvalidError(
        what, where, _("Mend it in datapackage.json, or tell whoever keeps the portal what is said here.")
    )
    fault.fields = fields
    return fault


def _failed(said: str, where: str) -> PassingError:
    what = _("The portal failed: {said}").format(said=_shown(said or "–"))
    remedy = _("Run the same command again; if it stays so, ask whoever keeps the portal to look at its log and disk.")
    return PassingError(what, where, remedy)


def _other(status: int, text: str, where: str) -> PortalError:
    """An answer that is no CKAN error of a known kind."""
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return denied(where)
    said = parsed(text)
    if status == HTTPStatus.BAD_REQUEST and "Action name not known" in (as_text(said) or ""):
        return NoActionError(_("The portal does not offer this action."), where, _("Ask whoever keeps the portal."))
    if status in NO_PORTAL:
        remedy = _("Check the address: it is that of the portal's first page.")
        return PortalError(_("There is no CKAN portal at this address."), where, remedy)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _failed(f"HTTP {status}", where)
    return odd(f"HTTP {status} {text.strip()[:SHOWN]}", where)


def _bottomless(value: JsonValue) -> bool:
    """True where a value is nested deeper than can be walked through with an easy mind."""
    level: list[JsonValue] = [value]
    for _step in range(DEEPEST):
        level = [part for item in level for part in (as_object(item).values() or as_list(item))]
    return bool(level)


def _half(value: JsonValue, text: str) -> bool:
    """True where a text in a value has half a character, which can be neither kept nor hashed."""
    if "\\ud" not in text and "\\uD" not in text:
        return False
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _shown(said: str) -> str:
    """A portal's own words as they can be printed."""
    return one_line(said, SHOWN).encode(errors="backslashreplace").decode()


def _seconds(retry_after: str | None) -> float | None:
    """What a Retry-After header asks for: seconds, or a date (RFC 9110, 10.2.3)."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        then = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    if then.tzinfo is None:
        return None
    return max(0.0, (then - datetime.now(UTC)).total_seconds())
