"""What CKAN stands on: PostgreSQL, Redis and Solr, each listening on this machine alone."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from ckan_portal import cache, needs
from ckan_portal.processes import Process, environment, other_user, run

if TYPE_CHECKING:
    from ckan_portal.setup import Setup

SOLR = Path(__file__).parent / "solr"
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
DATABASES = """
select 'create role ckan login' where not exists (select from pg_roles where rolname = 'ckan') \\gexec
select 'create role datastore_reader login'
  where not exists (select from pg_roles where rolname = 'datastore_reader') \\gexec
select 'create database ' || name || ' owner ckan' from (values ('ckan'), ('datastore')) as wanted (name)
  where not exists (select from pg_database where datname = name) \\gexec
"""


def postgres(folder: Path) -> Process:
    return Process(folder, "postgres", signal.SIGINT)  # SIGINT: end now, in good order


def redis(folder: Path) -> Process:
    return Process(folder, "redis")


def solr(folder: Path) -> Process:
    return Process(folder, "solr")


def start_postgres(setup: Setup) -> None:
    programs, data = needs.postgres_programs(), setup.folder / "pg" / "data"
    assert programs is not None
    _make_cluster(programs, data)
    places = ("listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={setup.ports['postgres']}")
    words = [word for value in (*places, *QUICK) for word in ("-c", value)]
    postgres(setup.folder).start([programs / "postgres", "-D", data, *words], user="postgres")


def _make_cluster(programs: Path, data: Path) -> None:
    if data.is_dir():
        return
    if os.getuid() == 0:
        shutil.chown(data.parent, "postgres", "postgres")
    aside = data.with_name("data.new")
    shutil.rmtree(aside, ignore_errors=True)
    words = ["-D", aside, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    settings = {"env": environment(), "cwd": data.parent, **other_user("postgres")}
    run([programs / "initdb", *words], "Making PostgreSQL's folder", **settings)
    aside.rename(data)


def make_databases(setup: Setup) -> None:
    """Wait for PostgreSQL, and give it the roles and databases that it lacks."""
    postgres(setup.folder).wait(lambda: _postgres_answers(setup))
    run(psql(setup), "Making the databases", input=DATABASES, env=environment())


def psql(setup: Setup) -> list[str]:
    where = ["-h", "127.0.0.1", "-p", str(setup.ports["postgres"]), "-U", "postgres"]
    return ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", *where]


def _postgres_answers(setup: Setup) -> bool:
    asked = subprocess.run([*psql(setup), "-c", "select 1"], capture_output=True, check=False, env=environment())
    return asked.returncode == 0


def start_redis(setup: Setup) -> None:
    place = ["--bind", "127.0.0.1", "--port", str(setup.ports["redis"]), "--dir", setup.folder / "redis"]
    kept = ["--save", "3600 1", "--appendonly", "no", "--daemonize", "no"]  # a stop writes queued jobs to disk
    redis(setup.folder).start(["redis-server", *place, *kept])


def wait_for_redis(setup: Setup) -> None:
    redis(setup.folder).wait(lambda: _redis_answers(setup.ports["redis"]))


def _redis_answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(7) == b"+PONG\r\n"
    except OSError:
        return False


def start_solr(setup: Setup, python: Path) -> None:
    home = setup.folder / "solr"
    _make_core(home / "ckan", python)
    (home / "solr.xml").write_text("<solr/>\n", encoding="ascii")
    jvm = ["-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", f"-Dlog4j2.configurationFile={SOLR}/log4j2.xml"]
    words = ["-cp", f"{cache.jars()}/*", SOLR / "StartSolr.java", home, str(setup.ports["solr"])]
    solr(setup.folder).start(["java", *jvm, *words])


def _make_core(core: Path, python: Path) -> None:
    conf = core / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    (core / "core.properties").write_text("name=ckan\n", encoding="ascii")
    (schema,) = python.parents[1].glob("lib/python*/site-packages/ckan/config/solr/schema.xml")
    shutil.copyfile(schema, conf / "schema.xml")
    shutil.copyfile(SOLR / "solrconfig.xml", conf / "solrconfig.xml")
    for name in ("protwords.txt", "synonyms.txt"):
        (conf / name).touch()


def wait_for_solr(setup: Setup) -> None:
    address = f"http://127.0.0.1:{setup.ports['solr']}/solr/ckan/select?q=*:*&rows=0"
    solr(setup.folder).wait(lambda: answers(address))


def answers(address: str) -> bool:
    """Whether a page on this machine is there."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=20) as page:
            return page.status == 200
    except (OSError, urllib.error.URLError):
        return False
