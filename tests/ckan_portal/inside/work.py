"""Run by CKAN's own Python: CKAN's worker, which does each job in a fork of its own.

It must be a fork: xloader leaves a transaction open when it is done, which locks the table for as long as the process
lives. usage: work.py FILE; the file is made when the worker takes jobs.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(ready: Path) -> None:
    from serve import application

    with application()._wsgi_app.test_request_context():
        from ckan.lib.jobs import Worker

        worker = Worker()
        ready.touch()
        worker.work(logging_level="WARNING")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
