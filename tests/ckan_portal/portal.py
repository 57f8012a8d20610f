"""A real CKAN on this machine, for tests and for trying: `python tests/ckan_portal/portal.py --help`.

Needs Linux and Python's standard library; what else is missing it names, with the command that brings it.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from ckan_portal.command import main

    sys.exit(main())
