"""The two languages in which a user is spoken to: English in the code, Vietnamese from its catalogue.

Write `_("The file {file} is empty.").format(file=name)`: the literal is the key, braces are filled after.
`N_` marks a text for translation where it stands in a table, to be given to `_` later.
"""

from __future__ import annotations

import functools
import gettext
import locale
import os
from importlib.resources import files

LANGUAGES = ("vi", "en")
DOMAIN = "opendata"

_current: list[str] = []


def language() -> str:
    """The language in force: as `use` set it, else OPENDATA_LANG, else the locale's, else Vietnamese."""
    return _current[-1] if _current else _preferred()


def use(code: str) -> None:
    """Speak the language `code` ("vi" or "en") from now on, click's own messages too.

    Raises ValueError for any other code.
    """
    if code not in LANGUAGES:
        raise ValueError(code)
    _current[:] = [code]
    os.environ["LANGUAGE"] = code
    gettext.bindtextdomain(DOMAIN, str(files("opendata") / "locale"))
    gettext.textdomain(DOMAIN)


def translate(text: str, code: str) -> str:
    """The text in the language `code`; the text itself where there is no translation or it is empty.

    >>> translate("", "vi"), translate("no such message", "vi")
    ('', 'no such message')
    """
    return _catalogue(code).gettext(text) if text else text


def _(text: str) -> str:
    """The text in the language in force."""
    return translate(text, language())


def N_(text: str) -> str:  # noqa: N802 - gettext's own name, which the extraction tool knows
    """The text as it is, marked for translation."""
    return text


@functools.cache
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, str(files("opendata") / "locale"), [code], fallback=True)


def _preferred() -> str:
    for wanted in (os.environ.get("OPENDATA_LANG"), os.environ.get("LC_ALL"), os.environ.get("LANG"), _system()):
        code = (wanted or "").partition("_")[0].partition(".")[0].lower()
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]


def _system() -> str | None:
    return locale.getlocale()[0]
