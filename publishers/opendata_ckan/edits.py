"""What somebody else edited of a dataset by hand, in an officer's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.messages import N_, _
from opendata.model import as_object, parsed
from opendata_ckan.normal import field_digests

if TYPE_CHECKING:
    from opendata.model import Json

NAMES = {
    "title": N_("title"),
    "title_en": N_("English title"),
    "notes": N_("description"),
    "tags": N_("keywords"),
    "keywords": N_("keywords"),
    "keywords_en": N_("English keywords"),
    "license_id": N_("licence"),
    "version": N_("version"),
    "opendata_version": N_("version"),
    "url": N_("home page"),
    "author": N_("department"),
    "publisher_name": N_("department"),
    "publisher_name_en": N_("department"),
    "publisher_identifier": N_("department"),
    "maintainer": N_("contact"),
    "maintainer_email": N_("contact"),
    "contact_name": N_("contact"),
    "contact_email": N_("contact"),
    "contact_phone": N_("contact"),
    "sector": N_("sector"),
    "theme": N_("sector"),
    "opendata_level": N_("access level"),
    "access_rights": N_("access level"),
    "temporal_start": N_("period"),
    "temporal_end": N_("period"),
    "spatial_uri": N_("area covered"),
    "spatial_text": N_("area covered"),
    "frequency": N_("update frequency"),
    "provenance": N_("sources"),
    "issued": N_("date of issue"),
    "language": N_("language"),
    "conforms_to": N_("standard"),
    "identifier": N_("identifier"),
    "opendata_id": N_("identifier"),
    "opendata_digest": N_("digest"),
    "opendata_files": N_("list of files"),
}
"""What an officer calls each field of a dataset that we manage; in this order they are told."""


def edited(seal: str | None, dataset: Json) -> tuple[str, ...]:
    """The names of the fields that are not as they were sealed, in the user's language; none where the seal is none.

    >>> from opendata_ckan.normal import dataset_seal
    >>> edited(dataset_seal({"title": "Lúa"}), {"title": "Lúa gạo", "notes": "Mới"})
    ('title', 'description')
    >>> edited("sha256:0", {"title": "Lúa gạo"})
    ()
    """
    sealed, now = as_object(parsed(seal or "")), field_digests(dataset)
    if not sealed:
        return ()
    return tuple(dict.fromkeys(_(word) for key, word in NAMES.items() if sealed.get(key) != now.get(key)))
