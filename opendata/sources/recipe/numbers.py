"""Numbers as people write them: 1.234,5 — and nothing that only looks like one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

BLANKS = " \u00a0\u202f\u2009"
MINUS = "\u2212\u2013-"


@dataclass(frozen=True)
class NumberForm:
    """How numbers are written: the decimal mark, and the mark between groups of three digits (empty: none).

    A blank as `group` stands for every kind of blank, the unbreakable ones too.
    """

    decimal: str = ","
    group: str = "."

    def parse(self, text: str) -> str | None:
        r"""The number in its plain form, or None where the text is none in this form.

        Digits after the decimal mark stay as they are written, zeros too.

        >>> vietnamese = NumberForm()
        >>> [vietnamese.parse(text) for text in ("1.234,50", "-7", "1234,5", "1.23", "1,234.5", "")]
        ['1234.50', '-7', '1234.5', None, None, None]
        >>> NumberForm(group=" ").parse("1\u00a0234,5")
        '1234.5'
        """
        found = self._form.fullmatch(text.strip())
        if not found:
            return None
        whole = re.sub(r"\D", "", found["whole"]).lstrip("0") or "0"
        part = found["part"]
        plain = f"{whole}.{part}" if part else whole
        return f"-{plain}" if found["sign"] in MINUS and found["sign"] and plain.strip("0.") else plain

    @cached_property
    def _form(self) -> re.Pattern[str]:
        group = f"[{BLANKS}]" if self.group in BLANKS and self.group else re.escape(self.group)
        grouped = rf"|[0-9]{{1,3}}(?:{group}[0-9]{{3}})+" if self.group else ""
        decimal = re.escape(self.decimal)
        return re.compile(rf"(?P<sign>[+{MINUS}]?)[{BLANKS}]?(?P<whole>[0-9]+{grouped})(?:{decimal}(?P<part>[0-9]+))?")
