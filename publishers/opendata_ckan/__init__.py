"""The publisher to a CKAN portal."""

from opendata_ckan.publisher import CkanPublisher

__all__ = ["CkanPublisher"]
