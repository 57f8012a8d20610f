"""The pages, in both languages, as bytes: the same package gives the same page, whenever and wherever."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from opendata.messages import translate
from opendata_site.dataset_view import dataset_view
from opendata_site.listing import index_view
from opendata_site.look import LANGUAGES, PAGES, templates
from opendata_site.texts import PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Environment

    from opendata.model import BuiltPackage, Json


def dataset_pages(built: BuiltPackage) -> dict[str, bytes]:
    """The page of a dataset in each language, by file name; its preview is read from the built CSV.

    Raises:
        DiskError: that cannot be read.
    """
    return {
        page: _render("dataset.html", page, language, dataset_view(built, language), "../")
        for page, language in zip(PAGES, LANGUAGES, strict=True)
    }


def index_pages(lines: Sequence[Json]) -> dict[str, bytes]:
    """The index in each language, by file name, of what `listing.listed` tells of each dataset."""
    return {
        page: _render("index.html", page, language, index_view(lines, language), "")
        for page, language in zip(PAGES, LANGUAGES, strict=True)
    }


def _render(template: str, page: str, language: str, view: Mapping[str, object], up: str) -> bytes:
    say = {key: translate(text, language) for key, text in PAGE.items()}
    others = [(other, code) for other, code in zip(PAGES, LANGUAGES, strict=True) if code != language]
    frame = {"language": language, "say": say, "up": up, "index": f"{up}{page}", "others": others}
    return _environment().get_template(template).render({**frame, **view}).encode()


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def source(name: str) -> str:
        return (templates() / name).read_text(encoding="utf-8")

    return Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
