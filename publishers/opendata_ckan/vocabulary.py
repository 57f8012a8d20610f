"""Tables from the words of a descriptor to what CKAN and DCAT-AP call the same thing; nothing but tables."""

from __future__ import annotations

from typing import NamedTuple

EU = "http://publications.europa.eu/resource/authority/"
"""Where the vocabularies of the EU's Publications Office stand, which DCAT-AP goes by."""

ACCESS_RIGHTS = {"open": EU + "access-right/PUBLIC", "shared": EU + "access-right/RESTRICTED"}
AVAILABLE = EU + "planned-availability/AVAILABLE"
COUNTRIES = {"VN": EU + "country/VNM"}
LANGUAGES = {"vi": EU + "language/VIE", "en": EU + "language/ENG"}

FREQUENCIES = {
    "annual": EU + "frequency/ANNUAL",
    "quarterly": EU + "frequency/QUARTERLY",
    "monthly": EU + "frequency/MONTHLY",
    "weekly": EU + "frequency/WEEKLY",
    "daily": EU + "frequency/DAILY",
    "hourly": EU + "frequency/HOURLY",
    "irregular": EU + "frequency/IRREG",
    "never": EU + "frequency/NEVER",
}

THEMES = {
    "agriculture": (EU + "data-theme/AGRI",),
    "health": (EU + "data-theme/HEAL",),
    "environment": (EU + "data-theme/ENVI",),
    "industry": (EU + "data-theme/ECON",),
    "education": (EU + "data-theme/EDUC",),
    "culture-tourism": (EU + "data-theme/EDUC", EU + "data-theme/ECON"),
    "science-technology": (EU + "data-theme/TECH",),
    "transport": (EU + "data-theme/TRAN",),
    "population": (EU + "data-theme/SOCI",),
    "reference": (EU + "data-theme/GOVE", EU + "data-theme/REGI"),
}
"""The EU's theme of education is that of culture and sport too; administrative units are its regions and cities."""

FORMATS = {
    "text/csv": "CSV",
    "application/vnd.apache.parquet": "Parquet",
    "application/json": "JSON",
}
"""What CKAN's previews and loaders know a format by; in the order in which a dataset's files are sent."""

LOADED = frozenset({"text/csv"})
"""What a loader puts into the DataStore; on these it writes an MD5 into `hash`."""

SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
MD5 = "http://spdx.org/rdf/terms#checksumAlgorithm_md5"


class Licence(NamedTuple):
    """A licence: CKAN's id (the same in 2.11 and 2.12), its URI (none: ""), and whether CKAN counts it as open."""

    id: str
    uri: str = ""
    open: bool = False


_BY = Licence("cc-by", EU + "licence/CC_BY_4_0", open=True)
_BY_SA = Licence("cc-by-sa", EU + "licence/CC_BYSA_4_0", open=True)
_ZERO = Licence("cc-zero", EU + "licence/CC0", open=True)
_PDDL = Licence("odc-pddl", EU + "licence/ODC_PDDL", open=True)
_ODBL = Licence("odc-odbl", EU + "licence/ODC_BL", open=True)
_ODC_BY = Licence("odc-by", EU + "licence/ODC_BY", open=True)
_OGL = Licence("uk-ogl", EU + "licence/OGL_3_0", open=True)
_GFDL = Licence("gfdl", "https://www.gnu.org/licenses/fdl-1.3.html", open=True)

NOT_SPECIFIED = Licence("notspecified")
OTHER_OPEN = Licence("other-open", open=True)

LICENCES = {
    "cc-by-4.0": _BY,
    "cc-by": Licence("cc-by", open=True),
    "cc-by-3.0": Licence("cc-by", "https://creativecommons.org/licenses/by/3.0/", open=True),
    "cc-by-sa-4.0": _BY_SA,
    "cc-by-sa": Licence("cc-by-sa", open=True),
    "cc-by-sa-3.0": Licence("cc-by-sa", "https://creativecommons.org/licenses/by-sa/3.0/", open=True),
    "cc0-1.0": _ZERO,
    "cc-zero": _ZERO,
    "cc-by-nc-4.0": Licence("cc-nc", EU + "licence/CC_BYNC_4_0"),
    "cc-by-nc-sa-4.0": Licence("cc-nc", EU + "licence/CC_BYNCSA_4_0"),
    "cc-by-nc-nd-4.0": Licence("cc-nc", EU + "licence/CC_BYNCND_4_0"),
    "cc-by-nd-4.0": Licence("other-closed", EU + "licence/CC_BYND_4_0"),
    "cc-nc": Licence("cc-nc"),
    "pddl-1.0": _PDDL,
    "odc-pddl-1.0": _PDDL,
    "odc-pddl": _PDDL,
    "odbl-1.0": _ODBL,
    "odc-odbl": _ODBL,
    "odc-by-1.0": _ODC_BY,
    "odc-by": _ODC_BY,
    "ogl-uk-3.0": _OGL,
    "uk-ogl": _OGL,
    "gfdl-1.3-no-cover-texts-no-invariant-sections": _GFDL,
    "gfdl": _GFDL,
    "mit": Licence("other-open", "https://opensource.org/license/mit", open=True),
    "apache-2.0": Licence("other-open", "https://www.apache.org/licenses/LICENSE-2.0", open=True),
    "other-open": OTHER_OPEN,
    "other-pd": Licence("other-pd", open=True),
    "other-at": Licence("other-at", open=True),
    "other-nc": Licence("other-nc"),
    "other-closed": Licence("other-closed"),
    "notspecified": NOT_SPECIFIED,
}
"""By the name that a descriptor gives a licence, in small letters: Open Definition, SPDX or CKAN's own."""
