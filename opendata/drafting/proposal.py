"""What can be known of a file before anything is asked: its layout, a schema, the recipe that makes the tidy table."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opendata.drafting.answers import Answers
from opendata.drafting.plain import refuse_misfits
from opendata.drafting.typed import told_as
from opendata.errors import SourceError
from opendata.messages import _
from opendata.model import AccessLevel, Origin, TableSchema, as_list, as_object, as_text, words
from opendata.model.json import as_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from opendata.model import Field, Json, JsonValue, Table
    from opendata.sources import Layout

NAME_LENGTH = 60
PERIODS = {"year": r"\d{4}", "date": r"\d{4}-\d{2}-\d{2}"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A package as far as the file tells it.

    `origin` says how the tidy table is made of the file, `fields` and `primary_key` what that table is.
    `notes` say in the user's language what was guessed, and what was not understood. `defaults` are to be offered
    where something is asked. `labels` are the headers of the fields, as the file has them.
    """

    file: Path
    name: str
    origin: Origin
    fields: tuple[Json, ...]
    primary_key: tuple[str, ...]
    notes: tuple[str, ...]
    defaults: Answers
    labels: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """The name and the header of each field."""
        return tuple((str(field["name"]), label) for field, label in zip(self.fields, self.labels, strict=False))

    def table(self, folder: Path) -> Table:
        """The tidy table, made of the file `origin.path` inside `folder`."""
        from opendata.descriptor import parse_schema
        from opendata.sources import tidy

        schema: Json = {
            "fields": list(self.fields),
            **({"primaryKey": list(self.primary_key)} if self.primary_key else {}),
        }
        return tidy(folder, self.origin, parse_schema(schema), self.name)


def propose(file: Path, *, name: str | None = None, sheet: str | None = None, header: Sequence[int] = ()) -> Proposal:
    """Read a file and propose a package for it, named after the file where no name is given; nothing is written.

    `header` names the header's rows, from 1; empty: row 1. The whole table is read a few times, in a stream.

    Raises:
        SourceError: the file cannot be read as one clean table; the remedy says what to give or to mend.
    """
    with told_as(str(file), file.name):
        return _proposed(file, name, sheet, header)


def _proposed(file: Path, name: str | None, sheet: str | None, header: Sequence[int]) -> Proposal:
    from opendata.schema import infer
    from opendata.sources import detect

    layout = detect(file, sheet)
    refuse_low_header(file, layout, header)
    origin = Origin(file.name, _declared(layout), tuple(header_step(header)), layout.sheet)
    refuse_misfits(file.parent, origin)
    raw = _read(file, origin, header)
    _refuse_unnamed(file, raw.labels, header)
    inferred = infer(raw)
    fields = inferred.schema.fields
    steps = [*origin.recipe, *_steps(raw.labels, fields)]
    origin = Origin(file.name, {**origin.descriptor, "recipe": steps}, tuple(steps), layout.sheet)
    proposal = Proposal(
        file=file,
        name=name or package_name(file.stem),
        origin=origin,
        fields=tuple(_settled(field) for field in fields),
        primary_key=inferred.schema.primary_key,
        notes=(*layout.notes, *inferred.notes),
        defaults=Answers(title=title(file.stem), level=AccessLevel.INTERNAL.value, licence="notspecified"),
        labels=tuple(" ".join(label.split()) for label in raw.labels),
    )
    start, end = period(proposal.table(file.parent))
    headers = dict(proposal.columns)
    key = ", ".join(headers[name] for name in proposal.primary_key)
    return replace(proposal, defaults=replace(proposal.defaults, start=start, end=end, key=key or None))


def package_name(stem: str) -> str:
    """A package's name from a file's: folded, small letters, digits and single dashes.

    >>> package_name("Diện tích lúa (2025) "), package_name("Đ"), package_name("--")
    ('dien-tich-lua-2025', 'du-lieu-d', 'du-lieu')
    """
    name = "-".join(re.findall(r"[a-z0-9]+", "-".join(words(stem))))[:NAME_LENGTH].strip("-")
    return name if len(name) > 1 else "-".join(["du-lieu", *([name] if name else [])])


def title(stem: str) -> str:
    """A title from a file's name.

    >>> title("Diện_tích  lúa-2025")
    'Diện tích lúa-2025'
    """
    import unicodedata

    return " ".join(unicodedata.normalize("NFC", stem).replace("_", " ").split())


def _declared(layout: Layout) -> Json:
    """What the origin has to declare, so that the file is read the same way again."""
    dialect = {key: value for key, value in (layout.dialect or {}).items() if key != "headerRows"}
    encoding = None if layout.encoding in {None, "utf-8"} else layout.encoding
    found: dict[str, JsonValue] = {"sheet": layout.sheet, "encoding": encoding, "dialect": dialect or None}
    return {key: value for key, value in found.items() if value is not None}


def header_step(header: Sequence[int]) -> Iterator[Json]:
    """The step that takes the header from these rows; none where that is row 1."""
    if header and tuple(header) != (1,):
        yield {"step": "header", "rows": list(header), "join": " "}


def _read(file: Path, origin: Origin, header: Sequence[int]) -> Table:
    from opendata.sources import tidy

    try:
        return tidy(file.parent, origin, TableSchema((), {}), file.stem)
    except SourceError as error:
        if header:
            error.remedy = _("Correct --header: it names the rows of the header, counted as in the file, from 1.")
        raise


def refuse_low_header(file: Path, layout: Layout, header: Sequence[int]) -> None:
    """Refuse a file whose header seems to stand below row 1, where nobody said so."""
    if not header and layout.header_row not in {None, 1}:
        what = _("The first row is not the header; row {row} looks like it.").format(row=layout.header_row)
        remedy = _("If it is, run the command again with --header {row}; a header of several rows: --header 4-5.")
        raise SourceError(what, _where(file, layout.sheet), remedy.format(row=layout.header_row))


def _refuse_unnamed(file: Path, labels: Sequence[str], header: Sequence[int]) -> None:
    counted = Counter(label.strip() for label in labels)
    wrong = [label for label, count in counted.items() if not label or count > 1]
    if wrong:
        what = _("Some columns have no name of their own: {names}")
        unnamed = [place for place, label in enumerate(labels, start=1) if not label.strip()]
        shown = [_("column {number} (no name)").format(number=place) for place in unnamed] + list(filter(None, wrong))
        remedy = _("Give each column a name of its own, or say which rows are the header: --header 4, or --header 4-5.")
        rows = ", ".join(map(str, header or (1,)))
        raise SourceError(
            what.format(names=", ".join(shown)[:200]), _("{file}, row {row}").format(file=file, row=rows), remedy
        )


def _where(file: Path, sheet: str | None) -> str:
    return str(file) if sheet is None else _("{file}, sheet {sheet}").format(file=file, sheet=sheet)


def _steps(labels: Sequence[str], fields: Sequence[Field]) -> Iterator[Json]:
    """The steps from the file's own form to Table Schema's: names, then numbers, then dates."""
    renamed = {label: field.name for label, field in zip(labels, fields, strict=True) if label != field.name}
    if renamed:
        yield {"step": "rename", "fields": renamed}
    numbers: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for field in fields:
        if _written(field):
            numbers.setdefault(_form(field), []).append(field.name)
    for (decimal, group, missing), names in numbers.items():
        yield {"step": "parse-numbers", "fields": names, "decimal": decimal, "group": group, "missing": list(missing)}
    for field in fields:
        if field.type in {"date", "datetime"} and field.format not in {"default", "any"}:
            step: Json = {"step": "parse-dates", "fields": [field.name], "format": field.format}
            yield {**step, "missing": list(_tokens(field))}


def _written(field: Field) -> bool:
    """True where numbers are written otherwise than Table Schema's default."""
    return field.type in {"number", "integer"} and not {"decimalChar", "groupChar"}.isdisjoint(field.descriptor)


def _form(field: Field) -> tuple[str, str, tuple[str, ...]]:
    decimal = as_text(field.descriptor.get("decimalChar"))
    group = as_text(field.descriptor.get("groupChar")) or ""
    return decimal or ("," if group == "." else "."), group, _tokens(field)


def _tokens(field: Field) -> tuple[str, ...]:
    return tuple(token for token in field.missing_values or () if token)


def _settled(field: Field) -> Json:
    """The field once the recipe has run: in the default form, with the texts that still stand for a missing value."""
    from opendata.schema import default_descriptor

    parsed = _written(field) or (field.type in {"date", "datetime"} and field.format not in {"default", "any"})
    kept = as_list(field.descriptor.get("missingValues")) if not parsed else ()
    return {**default_descriptor(field), **({"missingValues": list(as_texts(kept))} if kept else {})}


def period(table: Table) -> tuple[str | None, str | None]:
    """The first and last year or date of the first column that holds such; None where no column does."""
    import pyarrow.compute as pc

    field = next((item for item in table.schema.fields if item.type in PERIODS), None)
    if field is None:
        return None, None
    place = table.labels.index(field.name)
    ends: list[str] = []
    for batch in table.batches():
        cells = batch.records.column(place)
        found = as_object(pc.min_max(cells.filter(pc.match_substring_regex(cells, f"^{PERIODS[field.type]}$"))).as_py())
        ends.extend(value for value in found.values() if isinstance(value, str))
    return (min(ends), max(ends)) if ends else (None, None)
