"""Run by CKAN's own Python: what gunicorn serves."""

from __future__ import annotations

import os
from typing import Any


def application() -> Any:  # noqa: ANN401 - CKAN's own type
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    return make_app(load_config(os.environ["CKAN_INI"]))
