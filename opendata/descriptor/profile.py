"""The profiles in schemas/profile/: the standard's, with our extension over it, and what breaks them. Offline."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from opendata.descriptor import formats
from opendata.descriptor.wording import worded
from opendata.folders import data_folder
from opendata.model import as_object, as_text, canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError
    from jsonschema.protocols import Validator
    from referencing import Registry

    from opendata.descriptor.fault import Fault
    from opendata.model import Json

OURS = "urn:opendata-vn:profile:1.0"
STANDARD = "urn:opendata-vn:base:datapackage:2.0"
TABLE_SCHEMA = "urn:opendata-vn:base:tableschema:2.0"

_SIZES = {"pattern", "format", "minItems", "minProperties"}
_FILES = ("dialect", "schema", "resource", "package", "opendata")


def extended(descriptor: Json) -> bool:
    """True where a package uses our extension: it names our profile, or declares an access level.

    >>> extended({"$schema": "urn:opendata-vn:profile:1.0"}), extended({"access": {"level": "open"}}), extended({})
    (True, True, False)
    """
    named = (as_text(descriptor.get("$schema")) or "").startswith("urn:opendata-vn:")
    return named or "level" in as_object(descriptor.get("access"))


def breaches(value: Json, profile: str) -> Iterator[Fault]:
    """What of `value` breaks the profile of that `$id`, each breach worded for a user.

    Of a package made by others, what frictionless lets pass and no data depends on is let pass here too.
    Where a value is of the wrong type, nothing more is said of it.
    """
    found = list(_validator(profile).iter_errors(value))
    mistyped = {tuple(fault.absolute_path) for fault in found if fault.validator == "type"}
    for fault in found:
        told = fault.validator == "type" or tuple(fault.absolute_path) not in mistyped
        if told and (profile != STANDARD or not _harmless(fault)):
            yield worded(fault)


def _harmless(fault: ValidationError) -> bool:
    keys = [str(part) for part in fault.absolute_path if isinstance(part, str)]
    last = keys[-1] if keys else ""
    if fault.instance in ("", [], {}):
        return fault.validator in _SIZES and last not in {"resources", "fields"}
    return last in {"homepage", "mediatype", "hash", "example"} or keys == ["resources", "type"]


@functools.cache
def _validator(profile: str) -> Validator:
    from jsonschema import Draft7Validator
    from jsonschema.validators import create

    made: type[Validator] = create(
        meta_schema=Draft7Validator.META_SCHEMA,
        validators={**Draft7Validator.VALIDATORS, "uniqueItems": _unique},
        type_checker=Draft7Validator.TYPE_CHECKER,
    )
    return made({"$ref": profile}, registry=_registry(), format_checker=formats.checker())


def _unique(_validator: Validator, _wanted: object, found: object, _schema: object) -> Iterator[ValidationError]:
    """The rule in linear time: jsonschema's own compares each with each, which a hostile list makes endless."""
    from jsonschema import ValidationError

    if isinstance(found, list) and len({canonical(item) for item in found}) < len(found):
        yield ValidationError("an item stands twice")


@functools.cache
def _registry() -> Registry[Any]:
    from referencing import Registry
    from referencing.jsonschema import DRAFT7

    folder = data_folder("schemas") / "profile"
    loaded = [json.loads((folder / f"{name}.json").read_bytes()) for name in _FILES]
    # Without its `$schema`, by which jsonschema would go back to its own validator.
    bare = [{key: value for key, value in item.items() if key != "$schema"} for item in loaded]
    return Registry().with_resources((item["$id"], DRAFT7.create_resource(item)) for item in bare)
