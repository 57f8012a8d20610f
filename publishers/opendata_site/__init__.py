"""The publisher to a folder that is a portal: plain files that open from disk or from any web server."""

from opendata_site.publisher import SitePublisher

__all__ = ["SitePublisher"]
