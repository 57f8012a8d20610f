"""The published descriptor: a copy of what is named here, and of nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.model import AccessLevel, as_list, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opendata.model import Cut, Dataset, ForeignKey, Json, JsonValue

_PROFILES = "https://datapackage.org/profiles/2.0/"
_WEB = ("http://", "https://", "ftp://", "ftps://")

_PACKAGE = ("title", "description", "version", "created", "keywords", "sector")
_RESOURCE = ("title", "description")
_FIELD = (
    "name",
    "title",
    "description",
    "type",
    "example",
    "rdfType",
    "unit",
    "decimal",
    "timezone",
    "categoriesOrdered",
    "itemType",
    "delimiter",
)
_CONSTRAINTS = (
    "required",
    "unique",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "pattern",
    "enum",
)
# How the source writes its values; what is built is brought to the standard's default form, and these with it.
_FORM = ("format", "decimalChar", "groupChar", "bareNumber")
_FORM_LISTS = ("trueValues", "falseValues")


def package(dataset: Dataset, name: str, level: AccessLevel, cuts: tuple[Cut, ...], withheld: int) -> Json:
    """The descriptor of an edition, without what only a build knows."""
    source = dataset.descriptor
    made: dict[str, JsonValue] = {"$schema": _PROFILES + "datapackage.json", "name": name, "id": dataset.id}
    made |= _plain(source, _PACKAGE) | _about(source)
    made |= _some("contributors", [_contributor(item) for item in as_list(source.get("contributors"))])
    made |= _some("department", _department(source))
    made |= _some("coverage", _plain(as_object(source.get("coverage")), ("start", "end"), lists=("units",)))
    made |= _some("update", _plain(as_object(source.get("update")), ("frequency", "due")))
    made["access"] = {"level": level.value}
    if level is AccessLevel.OPEN and withheld:
        made["withheldFields"] = withheld
    shown = {cut.resource.name: frozenset(cut.fields) for cut in cuts}
    made["resources"] = [_resource(cut, shown) for cut in cuts]
    return made


def _resource(cut: Cut, shown: Mapping[str, frozenset[str]]) -> Json:
    source, own = cut.resource.descriptor, frozenset(cut.fields)
    made: dict[str, JsonValue] = {"$schema": _PROFILES + "dataresource.json", "name": cut.resource.name}
    made |= {"path": f"{cut.resource.name}.csv"} | _plain(source, _RESOURCE) | _about(source)
    made |= {"type": "table", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    keys = [key for key in cut.resource.external_keys if own.issuperset(key.fields)]
    made |= _some("externalKeys", [_key(key) for key in keys])
    made["schema"] = _schema(cut, own, shown)
    return made


def _schema(cut: Cut, own: frozenset[str], shown: Mapping[str, frozenset[str]]) -> Json:
    schema = cut.resource.schema
    if schema is None:
        return {}
    made: dict[str, JsonValue] = {"$schema": _PROFILES + "tableschema.json"}
    made |= _some("missingValues", _labelled(schema.descriptor.get("missingValues")))
    if len(own) == len(schema.fields):
        made |= _plain(schema.descriptor, ("conformsTo",))
    made["fields"] = [_field(field.descriptor) for field in schema.fields if field.name in own]
    if schema.primary_key and own.issuperset(schema.primary_key):
        made["primaryKey"] = list(schema.primary_key)
    made |= _some("uniqueKeys", [list(key) for key in schema.unique_keys if own.issuperset(key)])
    tables = {**shown, "": own}
    foreign = [key for key in schema.foreign_keys if _whole(key, own, tables)]
    return made | _some("foreignKeys", [_key(key) for key in foreign])


def _whole(key: ForeignKey, own: frozenset[str], tables: Mapping[str, frozenset[str]]) -> bool:
    there = tables.get(key.resource, frozenset())
    return own.issuperset(key.fields) and there.issuperset(key.reference_fields) and bool(there)


def _key(key: ForeignKey) -> Json:
    reference: dict[str, JsonValue] = {"package": key.package} if key.package else {}
    reference |= {"resource": key.resource} if key.resource else {}  # a key into its own table names none
    reference |= {"fields": list(key.reference_fields)}
    return {"fields": list(key.fields), "reference": reference}


def _field(source: Json) -> Json:
    made = _plain(source, (*_FIELD, *_FORM), lists=("decimal", *_FORM_LISTS))
    made |= _some("missingValues", _labelled(source.get("missingValues")))
    made |= _some("translations", _translations(source, ("title", "description", "unit")))
    made |= _some("categories", _labelled(source.get("categories")))
    constraints = {key: value for key, value in as_object(source.get("constraints")).items() if key in _CONSTRAINTS}
    return made | _some("constraints", constraints)


def _labelled(value: JsonValue) -> list[JsonValue]:
    return [_label(item) if isinstance(item, dict) else item for item in as_list(value)]


def _label(item: Json) -> dict[str, JsonValue]:
    return _plain(item, ("value", "label")) | _some("translations", _translations(item, ("label",)))


def _about(source: Json) -> dict[str, JsonValue]:
    """Homepage, licences, sources and translations, which package and table have alike."""
    licences = [_titled(item, ("name", "title")) for item in as_list(source.get("licenses"))]
    sources = [_titled(item, ("title", "version")) for item in as_list(source.get("sources"))]
    homepage = as_text(source.get("homepage")) or ""
    made: dict[str, JsonValue] = {"homepage": homepage} if homepage.startswith(_WEB) else {}
    made |= _some("licenses", licences) | _some("sources", sources)
    return made | _some("translations", _translations(source, ("title", "description", "keywords")))


def _contributor(value: JsonValue) -> dict[str, JsonValue]:
    names = ("title", "givenName", "familyName", "organization", "role")
    return _titled(value, names, lists=("roles",))


def _titled(value: JsonValue, names: tuple[str, ...], lists: tuple[str, ...] = ()) -> dict[str, JsonValue]:
    """A licence, source or contributor: its address on the web and its title in other languages too."""
    item = as_object(value)
    made = _plain(item, names, lists=lists) | _address(item)
    return made | _some("translations", _translations(item, ("title",)))


def _department(source: Json) -> dict[str, JsonValue]:
    department = as_object(source.get("department"))
    contact = _named(as_object(department.get("contact")), ("name", "email", "phone"))
    return _named(department, ("code", "name", "agency")) | _some("contact", contact)


def _named(item: Json, names: tuple[str, ...]) -> dict[str, JsonValue]:
    return _plain(item, names) | _some("translations", _translations(item, ("name",)))


def _translations(source: Json, names: tuple[str, ...]) -> dict[str, JsonValue]:
    """The named texts in other languages, and no other text that may stand beside them."""
    languages = as_object(source.get("translations")).items()
    copied = {code: _plain(as_object(texts), names) for code, texts in languages}
    said = {
        code: {key: text for key, text in texts.items() if isinstance(text, (str, list))}
        for code, texts in copied.items()
    }
    return {code: texts for code, texts in said.items() if texts}


def _address(item: Json) -> dict[str, JsonValue]:
    """The path of a licence or source where it is a web address: a file's name stays at home."""
    path = as_text(item.get("path")) or ""
    return {"path": path} if path.startswith(_WEB) else {}


def _plain(source: Json, names: Iterable[str], lists: tuple[str, ...] = ()) -> dict[str, JsonValue]:
    """The named properties that are a text, a number or a truth value; of `lists` and keywords, lists of them."""
    scalars = {name: source[name] for name in names if isinstance(source.get(name), (str, int, float, bool))}
    named = [name for name in (*names, *lists) if name in lists or name == "keywords"]
    listed = {name: [item for item in as_list(source.get(name)) if not isinstance(item, dict)] for name in named}
    return scalars | {name: items for name, items in listed.items() if items}


def _some(name: str, value: JsonValue) -> dict[str, JsonValue]:
    """The property where it says anything; of a list, the items that do."""
    if isinstance(value, list):
        value = [item for item in value if item not in ({}, [])]
    return {name: value} if value else {}
