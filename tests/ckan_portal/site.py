"""CKAN itself: its settings, its first content, its web server and its worker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ckan_portal import services
from ckan_portal.processes import Process, environment, run
from ckan_portal.setup import write_secret

if TYPE_CHECKING:
    from ckan_portal.setup import Setup

INSIDE = Path(__file__).parent / "inside"
INI = """
[DEFAULT]
debug = false

[app:main]
use = egg:ckan
SECRET_KEY = {secret}
config.mode = strict
ckan.site_url = {told_url}
ckan.site_id = tests
ckan.plugins = {plugins}
ckan.storage_path = {folder}/storage
ckan.max_resource_size = {max_upload}
sqlalchemy.url = postgresql://ckan@127.0.0.1:{postgres}/ckan
ckan.datastore.write_url = postgresql://ckan@127.0.0.1:{postgres}/datastore
ckan.datastore.read_url = postgresql://datastore_reader@127.0.0.1:{postgres}/datastore
solr_url = http://127.0.0.1:{solr}/solr/ckan
ckan.redis.url = redis://127.0.0.1:{redis}/0
# without a token xloader queues nothing; its worker reads this portal's files where they are, whatever it calls itself
ckanext.xloader.api_token = {token}
ckanext.xloader.site_url = {url}

# 2.11 insists on these sections
[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = plain
[logger_root]
level = WARNING
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain
[formatter_plain]
format = %(asctime)s %(levelname)s %(name)s %(message)s
"""


def web(folder: Path) -> Process:
    return Process(folder, "web")


def worker(folder: Path) -> Process:
    return Process(folder, "worker")


def write_ini(setup: Setup) -> None:
    values = {name: getattr(setup, name) for name in ("secret", "told_url", "url", "folder", "max_upload")}
    plugins, token = " ".join(setup.plugins), setup.token or "later"
    write_secret(setup.ini, INI.format(plugins=plugins, token=token, **values, **setup.ports))


def provision(setup: Setup, python: Path) -> None:
    """Tables, DataStore rights, a sysadmin and its token, where they are not there."""
    if setup.token:
        return
    asked = {"env": _environment(setup) | {"PORTAL_PSQL": " ".join(services.psql(setup))}, "cwd": setup.folder}
    token = run([python, INSIDE / "provision.py"], "Giving CKAN its tables and its sysadmin", **asked)
    write_secret(setup.token_file, token.strip() + "\n")


def start(setup: Setup, python: Path) -> None:
    """The web server, and the worker where something queues jobs."""
    if "xloader" in setup.plugins:
        _ready(setup).unlink(missing_ok=worker(setup.folder).pid is None)
        worker(setup.folder).start([python, INSIDE / "work.py", _ready(setup)], **_variables(setup))
    threads = ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--timeout", "300"]
    manner = [*threads, "--graceful-timeout", "3", "--no-control-socket", "--bind", f"127.0.0.1:{setup.ports['web']}"]
    web(setup.folder).start([python, "-m", "gunicorn", *manner, "serve:application()"], **_variables(setup))


def wait(setup: Setup) -> None:
    web(setup.folder).wait(lambda: services.answers(f"{setup.url}/api/3/action/status_show"))
    if "xloader" in setup.plugins:
        worker(setup.folder).wait(_ready(setup).is_file)


def _ready(setup: Setup) -> Path:
    """The file that says that the worker takes jobs."""
    return setup.folder / "run" / "worker.ready"


def _variables(setup: Setup) -> dict[str, str]:
    return {"CKAN_INI": str(setup.ini), "PYTHONPATH": str(INSIDE)}


def _environment(setup: Setup) -> dict[str, str]:
    return environment() | _variables(setup)
