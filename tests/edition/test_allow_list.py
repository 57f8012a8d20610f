"""The published descriptor, word for word: all that is allowed is there, and nothing that is not."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from descriptor_helpers import REVIEWED, UUID, dataset, fields, full

from opendata.edition import levels, outline
from opendata.errors import GateError
from opendata.model import AccessLevel, as_list, as_object, canonical

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Outline

OPEN, SHARED = AccessLevel.OPEN, AccessLevel.SHARED
PROFILES = "https://datapackage.org/profiles/2.0/"
MARK = "ZQX"

ABOUT: dict[str, Any] = {
    "homepage": "https://example.org/pigs",
    "licenses": [
        {
            "name": "CC-BY-4.0",
            "title": "Ghi công",
            "path": "https://example.org/licence",
            "translations": {"en": {"title": "Attribution"}},
        }
    ],
    "sources": [{"title": "Niên giám", "version": "2018", "path": "http://example.org/nien-giam"}],
    "translations": {"en": {"title": "Pigs", "description": "By province", "keywords": ["pigs", "farming"]}},
}
FIELDS: list[dict[str, Any]] = [
    {
        "name": "unit_id",
        "title": "Mã tỉnh",
        "description": "Mã đơn vị hành chính",
        "type": "string",
        "format": "default",
        "example": "66",
        "rdfType": "https://example.org/province",
        "categoriesOrdered": False,
        "categories": [
            {"value": "66", "label": "Đắk Lắk", "translations": {"en": {"label": "Dak Lak"}}},
            {"value": "67", "label": "Đắk Nông"},
        ],
        "missingValues": [{"value": "-", "label": "không"}, {"value": "..", "label": "chưa có"}],
        "constraints": {
            "required": True,
            "unique": False,
            "minLength": 1,
            "maxLength": 12,
            "pattern": "[0-9-]+",
            "enum": ["66", "67"],
        },
        "translations": {"en": {"title": "Province", "description": "Code"}, "fr": {"title": "Province"}},
    },
    {"name": "when", "type": "datetime", "timezone": "Asia/Ho_Chi_Minh", "format": "%d/%m/%Y %H:%M"},
    {
        "name": "pigs",
        "type": "number",
        "unit": "nghìn con",
        "decimal": [12, 1],
        "decimalChar": ",",
        "groupChar": ".",
        "bareNumber": False,
        "constraints": {"minimum": "0", "maximum": 9000, "exclusiveMinimum": -1, "exclusiveMaximum": "9001"},
        "translations": {"en": {"title": "Pigs", "unit": "thousand heads"}},
    },
    {"name": "final", "type": "boolean", "trueValues": ["có"], "falseValues": ["không"]},
    {"name": "kinds", "type": "list", "itemType": "string", "delimiter": ";"},
]


def visible(_key: object) -> bool:
    """As if all that keys into other packages point at were open."""
    return True


def rich() -> dict[str, Any]:
    """A package that says all that may be published."""
    made = full(
        **ABOUT,
        created="2026-01-31T08:00:00Z",
        keywords=["lợn", "chăn nuôi"],
        department={
            "code": "H15.05",
            "name": "Sở Nông nghiệp",
            "translations": {"en": {"name": "Department of Agriculture"}},
            "agency": False,
            "contact": {"name": "Phòng Chăn nuôi", "email": "a@example.org", "phone": "0262 3850 000"},
        },
        contributors=[
            {
                "title": "Ông A",
                "givenName": "A",
                "familyName": "Nguyễn",
                "organization": "Sở",
                "role": "author",
                "roles": ["author", "publisher"],
                "path": "https://example.org/a",
            }
        ],
    )
    made["resources"][0] |= {"title": "Đàn lợn", "description": "Mỗi năm", **copy.deepcopy(ABOUT)}
    made["resources"][0]["schema"] = {
        "fields": copy.deepcopy(FIELDS),
        "conformsTo": "agriculture/pigs@1.0",
        "missingValues": ["", ".."],
        "primaryKey": ["unit_id", "when"],
        "uniqueKeys": [["pigs"]],
        "foreignKeys": [{"fields": ["unit_id"], "reference": {"fields": ["unit_id"]}}],
    }
    return made


def table(made: Outline) -> dict[str, Any]:
    found = as_list(made.descriptor["resources"])[0]
    assert isinstance(found, dict)
    return found


def test_all_that_is_allowed_is_published(tmp_path: Path) -> None:
    source = rich()
    made = outline(dataset(tmp_path, source), OPEN, visible).descriptor
    resource = source["resources"][0]
    assert made == {
        "$schema": PROFILES + "datapackage.json",
        "name": "pigs",
        "id": UUID,
        **{key: source[key] for key in ("title", "description", "version", "created", "keywords", "sector")},
        **ABOUT,
        **{key: source[key] for key in ("contributors", "department", "coverage", "update")},
        "access": {"level": "open"},
        "resources": [
            {
                "$schema": PROFILES + "dataresource.json",
                "name": "pigs",
                "path": "pigs.csv",
                "title": "Đàn lợn",
                "description": "Mỗi năm",
                **ABOUT,
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "externalKeys": resource["externalKeys"],
                "schema": {"$schema": PROFILES + "tableschema.json", **resource["schema"]},
            }
        ],
    }


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The place of every object in the descriptor that may hold properties the standard does not name."""
    if isinstance(value, list):
        return [place for number, item in enumerate(value) for place in places(item, (*path, number))]
    if not isinstance(value, dict):
        return []
    return [path, *(place for key, item in value.items() for place in places(item, (*path, key)))]


# Its languages are its properties, and its own properties are a closed list.
CLOSED_TO_OTHERS = {"translations", "access", "constraints"}
OPEN_PLACES = [place for place in places(rich()) if not place or place[-1] not in CLOSED_TO_OTHERS]


@pytest.mark.parametrize("place", OPEN_PLACES, ids=lambda place: "/".join(map(str, place)) or "package")
def test_a_property_that_nobody_named_stays_at_home(place: tuple[str | int, ...], tmp_path: Path) -> None:
    """Wherever it stands, whatever it is: it is copied by no one."""
    before = outline(dataset(tmp_path / "before", rich()), OPEN, visible).descriptor
    descriptor: Any = rich()
    inner = descriptor
    for step in place:
        inner = inner[step]
    inner |= {"x-note": MARK, "email": f"{MARK.lower()}@example.org"} if "email" not in inner else {"x-note": MARK}
    made = outline(dataset(tmp_path / "after", descriptor), OPEN, visible).descriptor
    assert MARK.lower() not in canonical(made).decode().lower()
    assert made == before


@pytest.mark.parametrize(
    "path",
    [
        "source/nien-giam.xlsx",
        "mailto:a@example.org",
        "httpx.txt",
        "C:/Users/a.xlsx",
    ],
)
@pytest.mark.parametrize("key", ["sources", "licenses", "contributors"])
def test_only_web_addresses_are_published_as_paths(key: str, path: str, tmp_path: Path) -> None:
    entry = {"title": "Niên giám", "name": "CC-BY-4.0", "path": path}
    descriptor = full(**{key: [{name: entry[name] for name in ("title", "path")}]})
    if key == "licenses":
        descriptor[key] = [{"name": "CC-BY-4.0", "path": path}]
    made = outline(dataset(tmp_path, descriptor), OPEN, visible).descriptor
    (published,) = as_list(made[key])
    assert "path" not in as_object(published)


@pytest.mark.parametrize("address", ["http://example.org/a", "https://example.org/a", "ftp://example.org/a"])
def test_web_addresses_are_published(address: str, tmp_path: Path) -> None:
    made = outline(dataset(tmp_path, full(homepage=address, sources=[{"title": "a", "path": address}])), OPEN, visible)
    assert made.descriptor["homepage"] == address
    assert made.descriptor["sources"] == [{"title": "a", "path": address}]


def test_what_would_be_empty_is_left_out(tmp_path: Path) -> None:
    descriptor = full(
        sources=[{"path": "source/a.xlsx"}],
        contributors=[{"email": "a@example.org"}],
        translations={"en": {"note": "x"}},
        update=None,
        coverage=None,
    )
    made = outline(dataset(tmp_path, descriptor), OPEN, visible).descriptor
    assert not {"sources", "contributors", "translations", "update", "coverage", "keywords"} & made.keys()


def test_a_composite_key_goes_whole_where_one_of_its_fields_is_withheld(tmp_path: Path) -> None:
    descriptor = full()
    descriptor["resources"].append(
        {
            "name": "farms",
            "path": "data/farms.csv",
            "schema": {"fields": [{"name": "unit_id"}, {"name": "year"}, {"name": "owner"}]},
        }
    )
    descriptor["resources"][0]["schema"] |= {
        "uniqueKeys": [["unit_id", "year"], ["pigs", "year"], ["year"]],
        "foreignKeys": [
            {"fields": ["unit_id", "year"], "reference": {"resource": "farms", "fields": ["unit_id", "year"]}},
            {"fields": ["year"], "reference": {"resource": "farms", "fields": ["year"]}},
            {"fields": ["unit_id", "pigs"], "reference": {"resource": "", "fields": ["unit_id", "year"]}},
        ],
    }
    descriptor["resources"][0]["externalKeys"] = [
        {"fields": ["unit_id", "year"], "reference": {"package": "units", "resource": "units", "fields": ["a", "b"]}},
        {"fields": ["year"], "reference": {"package": "calendar", "resource": "years", "fields": ["year"]}},
    ]
    fields(descriptor, 1)[0]["access"] = {"level": "shared"}
    schema = as_object(table(outline(dataset(tmp_path / "there", descriptor), OPEN, visible))["schema"])
    assert [as_object(key)["fields"] for key in as_list(schema["foreignKeys"])] == [["year"], ["unit_id", "pigs"]]
    assert schema["primaryKey"] == ["unit_id", "year"]
    fields(descriptor)[0]["personal"] = "quasi"
    made = outline(dataset(tmp_path / "here", descriptor), OPEN, visible)
    schema = as_object(table(made)["schema"])
    assert "primaryKey" not in schema
    assert schema["uniqueKeys"] == [["pigs", "year"], ["year"]]
    assert [as_object(key)["fields"] for key in as_list(schema["foreignKeys"])] == [["year"]]
    assert [as_object(key)["fields"] for key in as_list(table(made)["externalKeys"])] == [["year"]]
    assert "unit_id" not in canonical(made.descriptor).decode()


def test_a_withheld_field_changes_nothing_but_itself_and_the_count(tmp_path: Path) -> None:
    """The edition of a package with a closed field is that of the package without it, but for the rows' order."""
    with_it, without = rich(), rich()
    for descriptor in (with_it, without):
        del descriptor["resources"][0]["schema"]["conformsTo"]
    secret = {"name": "owner", "title": MARK, "constraints": {"enum": [MARK]}, "access": {"level": "closed"}}
    with_it["resources"][0]["schema"]["fields"].insert(1, secret)
    with_it["resources"][0]["schema"]["uniqueKeys"].append(["owner"])
    seen = outline(dataset(tmp_path / "with", with_it), OPEN, visible)
    plain = outline(dataset(tmp_path / "without", without), OPEN, visible)
    assert canonical(seen.descriptor) == canonical(plain.descriptor)
    assert (seen.cuts[0].fields, plain.cuts[0].fields) == (plain.cuts[0].fields, seen.cuts[0].fields)
    assert (seen.cuts[0].sorted, plain.cuts[0].sorted) == (True, False)


def test_a_withheld_table_leaves_the_edition_as_if_it_had_never_been(tmp_path: Path) -> None:
    with_it = rich()
    secret = copy.deepcopy(with_it["resources"][0]) | {"name": "secret", "access": {"level": "internal"}}
    with_it["resources"].insert(0, secret)
    with_it["resources"][1]["schema"]["foreignKeys"].append(
        {"fields": ["pigs"], "reference": {"resource": "secret", "fields": ["pigs"]}}
    )
    seen = outline(dataset(tmp_path / "with", with_it), OPEN, visible).descriptor
    assert canonical(seen) == canonical(outline(dataset(tmp_path / "without", rich()), OPEN, visible).descriptor)


PERSONAL = ["none", "basic", "sensitive", "quasi"]
ORDER = [level.value for level in AccessLevel]
LEVELS = [(above, own) for rank, above in enumerate(ORDER) for own in (None, *ORDER[rank:])]


@pytest.mark.parametrize("edition", ["open", "shared"])
@pytest.mark.parametrize("personal", PERSONAL)
@pytest.mark.parametrize("drop", [None, "drop"])
@pytest.mark.parametrize(("above", "own"), LEVELS)
def test_whether_a_field_is_seen(
    edition: str, personal: str, drop: str | None, above: str, own: str | None, tmp_path: Path
) -> None:
    """By package, table and field, personal kind and disclosure: against the rules as the documentation has them."""
    descriptor = full()
    descriptor["resources"].append(
        {"name": "more", "path": "data/more.csv", "schema": {"fields": [{"name": "x", "access": {"level": "shared"}}]}}
    )
    descriptor["resources"][0]["access"] = {"level": above}
    fields(descriptor)[2] |= {"personal": personal} | ({"access": {"level": own}} if own else {})
    fields(descriptor)[2] |= {"disclosure": drop} if drop else {}
    seen = drop is None and ORDER.index(own or above) <= ORDER.index(edition)
    seen = seen and (edition == "shared" or personal == "none")
    try:
        made = outline(dataset(tmp_path, descriptor), AccessLevel(edition))
    except GateError:
        assert (edition, above) != ("shared", "open")
        assert not seen
        return
    shown = {cut.resource.name: cut.fields for cut in made.cuts}
    assert ("pigs" in shown.get("pigs", ())) == seen
    assert ("unit_id" in shown.get("pigs", ())) == (ORDER.index(above) <= ORDER.index(edition))


def test_the_owner_is_told_each_reason_once_and_closed_fields_too(tmp_path: Path) -> None:
    descriptor = full()
    fields(descriptor)[0] |= {"access": {"level": "closed"}}
    fields(descriptor)[1] |= {"personal": "sensitive", "access": {"level": "shared"}}
    made = outline(dataset(tmp_path, descriptor), OPEN, visible)
    assert [(item.field, item.level.value, item.reason) for item in made.withheld] == [
        ("unit_id", "closed", "Its level is closed."),
        ("year", "shared", "It is declared as personal data (sensitive)."),
    ]
    assert made.descriptor["withheldFields"] == 1
    shared = outline(made.dataset, SHARED)
    assert [item.field for item in shared.withheld] == ["unit_id"]
    assert "withheldFields" not in shared.descriptor


@pytest.mark.parametrize(
    ("access", "level", "said", "example"),
    [
        (None, OPEN, "internal, because no access level is given", "open"),
        (None, SHARED, "internal, because no access level is given", "shared"),
        ({**REVIEWED, "level": "shared"}, OPEN, "declared shared: it has no open edition", "open"),
        ({**REVIEWED, "level": "closed"}, SHARED, "declared closed: it has no shared edition", "shared"),
        ({"level": "shared"}, SHARED, "declared shared without a review", "shared"),
        ({"level": "open"}, SHARED, "declared open without a review", "open"),
    ],
)
def test_the_remedy_shows_the_lines_that_lower_it(
    access: dict[str, Any] | None, level: AccessLevel, said: str, example: str, tmp_path: Path
) -> None:
    with pytest.raises(GateError, match=said) as caught:
        outline(dataset(tmp_path, full(access=access)), level)
    assert f'"level": "{example}", "reviewedBy": "…", "reviewedOn": ' in caught.value.remedy
    assert caught.value.where == str(tmp_path / "datapackage.json")


@pytest.mark.parametrize("kind", ["counts", "microdata"])
def test_a_table_that_needs_protection_stops_the_open_edition_only_where_it_would_be_in_it(
    kind: str, tmp_path: Path
) -> None:
    descriptor = full()
    descriptor["resources"].append(
        {"name": "cases", "path": "data/c.csv", "disclosure": kind, "schema": {"fields": [{"name": "n"}]}}
    )
    with pytest.raises(GateError, match=f"cases holds {kind}") as caught:
        outline(dataset(tmp_path / "a", descriptor), OPEN, visible)
    assert caught.value.where.endswith("datapackage.json cases")
    descriptor["resources"][1]["access"] = {"level": "shared"}
    made = dataset(tmp_path / "b", descriptor)
    assert levels(made) == (OPEN, SHARED)
    assert [cut.resource.name for cut in outline(made, OPEN, visible).cuts] == ["pigs"]
    assert [cut.resource.name for cut in outline(made, SHARED).cuts] == ["pigs", "cases"]
    del descriptor["resources"][1]["access"]
    fields(descriptor, 1)[0]["access"] = {"level": "internal"}
    assert [cut.resource.name for cut in outline(dataset(tmp_path / "c", descriptor), OPEN, visible).cuts] == ["pigs"]
