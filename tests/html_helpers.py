"""Reading our pages strictly: every element closed, every id once, every attribute known."""

from __future__ import annotations

import itertools
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VOID = frozenset({"meta", "link", "br", "img", "input", "hr"})
KNOWN = VOID | {
    *(
        "html",
        "head",
        "title",
        "body",
        "header",
        "main",
        "nav",
        "section",
        "aside",
        "div",
        "span",
        "p",
        "a",
        "ul",
        "li",
    ),
    *("h1", "h2", "h3", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "code"),
}
ATTRIBUTES = frozenset(
    {
        *("lang", "charset", "name", "content", "rel", "href", "hreflang", "class", "id", "scope", "tabindex", "role"),
        *("download", "aria-label", "aria-labelledby", "aria-describedby", "aria-hidden"),
    }
)


class Page(HTMLParser):
    """A page of ours, read: `ids`, `links`, `texts` with the language each stands in, `headings` by level."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[str] = []
        self.references: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.headings: list[int] = []
        self.cells: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(content.decode())
        self.close()
        assert self._open == [], f"not closed: {self._open}"

    @property
    def text(self) -> str:
        """All that is written on the page."""
        return " ".join(text for text, _language in self.texts)

    def language_of(self, text: str) -> str:
        """The language in which a text stands."""
        return next(language for words, language in self.texts if text in words)

    def handle_decl(self, decl: str) -> None:
        assert decl == "DOCTYPE html"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in KNOWN, tag
        told = {name: value or "" for name, value in attrs}
        assert told.keys() <= ATTRIBUTES, told
        assert len(told) == len(attrs), attrs
        self._note(tag, told)
        if tag not in VOID:
            self._open.append((tag, told.get("lang") or (self._open[-1][1] if self._open else "")))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, tag
        assert self._open.pop()[0] == tag, tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((data.strip(), self._open[-1][1]))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def _note(self, tag: str, told: dict[str, str]) -> None:
        if "id" in told:
            assert told["id"] not in self.ids, told["id"]
            self.ids.append(told["id"])
        self.links += [told["href"]] if "href" in told else []
        self.references += [told[name] for name in ("aria-labelledby", "aria-describedby") if name in told]
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(int(tag[1]))
        if tag == "th":
            assert told.get("scope") in {"row", "col"}


def strictly(content: bytes) -> Page:
    """The page, found right: headings in order, one of the first level, references that lead somewhere."""
    page = Page(content)
    assert page.headings.count(1) == 1
    assert page.headings[0] == 1
    assert all(after - before <= 1 for before, after in _pairs(page.headings))
    assert set(page.references) <= set(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    return page


def _pairs(levels: list[int]) -> Iterator[tuple[int, int]]:
    return itertools.pairwise(levels)
