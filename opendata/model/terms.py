"""The words of the closed lists that people read: levels, sectors, frequencies. Pages and commands take them from here.

`schemas/codelists/` says the same words, in both languages; a test holds them equal.
"""

from __future__ import annotations

from opendata.messages import N_

LEVELS = {
    "open": N_("Open data"),
    "shared": N_("Shared data"),
    "internal": N_("Internal data"),
    "closed": N_("Closed data"),
}

SECTORS = {
    "agriculture": N_("Agriculture"),
    "health": N_("Health"),
    "environment": N_("Environment"),
    "industry": N_("Industry"),
    "education": N_("Education"),
    "culture-tourism": N_("Culture and tourism"),
    "science-technology": N_("Science and technology"),
    "transport": N_("Transport"),
    "population": N_("Population"),
    "reference": N_("Reference data"),
}
"""In the order in which a portal shows them."""

FREQUENCIES = {
    "annual": N_("Every year"),
    "quarterly": N_("Every quarter"),
    "monthly": N_("Every month"),
    "weekly": N_("Every week"),
    "daily": N_("Every day"),
    "hourly": N_("Every hour"),
    "irregular": N_("At no fixed times"),
    "never": N_("No further updates"),
}
