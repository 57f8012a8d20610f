"""The fields of a table in words: what each is, in which unit, and by which rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.model import as_list, as_object, as_text, as_texts
from opendata_site.speech import day, number, say, told, word
from opendata_site.texts import RULES, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Json, JsonValue
    from opendata_site.speech import Said

SHOWN = 12
"""Values of a closed list, and labels of codes, that are shown."""


def fields_view(resource: Json, language: str) -> list[dict[str, object]]:
    """One entry for each field, in their order."""
    schema = as_object(resource.get("schema"))
    keys = as_texts(schema.get("primaryKey"))
    references = dict(_references(resource, schema))
    fields = map(as_object, as_list(schema.get("fields")))
    return [_field_view(field, keys, references, language) for field in fields]


def labels(field: Json, language: str) -> dict[str, Said]:
    """The label of each code of a field, by the code as the files write it; a code without a label is left out.

    >>> str(labels({"categories": [{"value": "tea", "label": "Chè"}]}, "vi")["tea"])
    'Chè'
    """
    coded = [as_object(item) for item in as_list(field.get("categories"))]
    found = {str(item.get("value")): told(item, "label", language) for item in coded}
    return {code: label for code, label in found.items() if label}


def _field_view(field: Json, keys: tuple[str, ...], references: dict[str, str], language: str) -> dict[str, object]:
    labelled = labels(field, language)
    return {
        "name": as_text(field.get("name")) or "",
        "title": told(field, "title", language) or "",
        "description": told(field, "description", language) or "",
        "type": word(TYPES, as_text(field.get("type")) or "any", language),
        "unit": told(field, "unit", language) or "",
        "rules": list(_rules(field, keys, references, language)),
        "labels": list(labelled.items())[:SHOWN],
        "more": len(labelled) > SHOWN,
    }


def _rules(field: Json, keys: tuple[str, ...], references: dict[str, str], language: str) -> Iterator[str]:
    name = as_text(field.get("name")) or ""
    if name in keys:
        yield say(RULES["key"], language)
    for rule, value in as_object(field.get("constraints")).items():
        if rule in RULES and value is not False and not (rule == "enum" and _all_labelled(value, field, language)):
            yield say(RULES[rule], language, value=_value(rule, value, field, language))
    if name in references:
        yield say(RULES["reference"], language, value=references[name])


def _all_labelled(values: JsonValue, field: Json, language: str) -> bool:
    """True where the labels already name each allowed value."""
    return labels(field, language).keys() >= {str(value) for value in as_list(values)}


def _value(rule: str, value: JsonValue, field: Json, language: str) -> str:
    if rule == "enum":
        values = [str(item) for item in as_list(value)]
        return ", ".join([*values[:SHOWN], *(["…"] if len(values) > SHOWN else [])])
    if rule in {"minLength", "maxLength"}:
        return number(str(value), language)
    if rule == "pattern" or field.get("type") in {"string", "year"}:
        return str(value)
    return day(number(str(value), language), language)


def _references(resource: Json, schema: Json) -> Iterator[tuple[str, str]]:
    for key in map(as_object, (*as_list(schema.get("foreignKeys")), *as_list(resource.get("externalKeys")))):
        reference = as_object(key.get("reference"))
        table = as_text(reference.get("resource")) or as_text(resource.get("name")) or ""
        package = as_text(reference.get("package"))
        place = f"{package}/{table}" if package else table
        for name, other in zip(as_texts(key.get("fields")), as_texts(reference.get("fields")), strict=False):
            yield name, f"{place}.{other}"
