"""The command: up, status, organisation, down."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ckan_portal import cache, needs, people, services, setup, site
from ckan_portal.actions import Caller, RefusedError
from ckan_portal.processes import stop_strays
from ckan_portal.trouble import TroubleError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckan_portal.processes import Process
    from ckan_portal.setup import Setup


def main() -> int:
    asked = parser().parse_args()
    try:
        return int(asked.act(asked))
    except (TroubleError, RefusedError) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="portal.py", description="A real CKAN on this machine, for tests.")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    _up_words(commands.add_parser("up", help="start the portal of a folder, making it where there is none"))
    for name, act, told in (("status", status, "say what runs"), ("down", down, "stop all that runs")):
        command = commands.add_parser(name, help=told)
        command.add_argument("folder", type=_folder)
        command.set_defaults(act=act)
    _organisation_words(commands.add_parser("organisation", help="make an organisation with an editor and its token"))
    return whole


def _up_words(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=_folder, help="all of the portal lies there")
    command.add_argument("--ckan", metavar="VERSION", help="the version of CKAN (2.12.0)")
    command.add_argument("--bare", action="store_true", default=None, help="no DataStore, no xloader, no DCAT")
    command.add_argument("--port-base", type=int, metavar="PORT", help="CKAN's; the others follow it (free ones)")
    command.add_argument("--max-upload", type=int, metavar="MB", help="the largest file that it takes (2000)")
    command.add_argument("--site-url", metavar="URL", help="where it says that it is (http://127.0.0.1:PORT)")
    command.set_defaults(act=up)


def _organisation_words(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=_folder)
    command.add_argument("name", help="the organisation's; its editor is NAME-editor")
    command.add_argument("--group", action="append", default=[], help="a group that the editor may add datasets to")
    command.set_defaults(act=organisation)


def _folder(text: str) -> Path:
    return Path(text).absolute()


def processes(folder: Path) -> list[Process]:
    """Those of a portal, in the order of stopping."""
    makers = (site.web, site.worker, services.solr, services.redis, services.postgres)
    return [make(folder) for make in makers]


def expected(made: Setup) -> list[Process]:
    return [one for one in processes(made.folder) if one.name != "worker" or "xloader" in made.plugins]


def up(asked: argparse.Namespace) -> int:
    names = ("ckan", "bare", "port_base", "max_upload", "site_url")
    made = setup.wanted(asked.folder, {name: getattr(asked, name) for name in names})
    if (made.folder / setup.KEPT).is_file() and all(one.pid for one in expected(made)):
        made = setup.kept(made.folder)
        _say(f"{made.url} runs already: CKAN {made.ckan}; its sysadmin's token is in {made.token_file}")
        return 0
    needs.check_commands()
    _make_folders(made)
    _start(made)
    _say(f"{made.url} CKAN {made.ckan}; its sysadmin's token is in {made.token_file}")
    return 0


def _make_folders(made: Setup) -> None:
    made.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    needs.check_passable(made.folder)
    for name in ("log", "run", "pg", "redis", "solr", "storage"):
        (made.folder / name).mkdir(exist_ok=True)
    idle = {one.name for one in expected(made) if one.pid is None}
    needs.check_ports((name, port) for name, port in made.ports.items() if name in idle)
    setup.keep(made)


def _start(made: Setup) -> None:
    with _lap("packages"):
        python = cache.python(made)
        cache.jars()
    with _lap("databases"):
        services.start_solr(made, python)
        services.start_redis(made)
        services.start_postgres(made)
        services.make_databases(made)
        services.wait_for_redis(made)
    site.write_ini(made)
    with _lap("tables"):
        site.provision(made, python)
    with _lap("CKAN"):
        site.write_ini(made)
        site.start(made, python)
        services.wait_for_solr(made)
        site.wait(made)


def status(asked: argparse.Namespace) -> int:
    made = setup.kept(asked.folder)
    running = expected(made)
    for one in running:
        _say(f"{one.name:9} {f'runs, process {one.pid}' if one.pid else 'stopped'}")
    _say(f"{made.url} CKAN {made.ckan}, plugins {' '.join(made.plugins)}")
    return 0 if all(one.pid for one in running) else 1


def down(asked: argparse.Namespace) -> int:
    stopped = [one.name for one in processes(asked.folder) if one.stop()]
    stop_strays(asked.folder)
    _say(f"stopped: {', '.join(stopped)}" if stopped else "nothing ran")
    return 0


def organisation(asked: argparse.Namespace) -> int:
    made = setup.kept(asked.folder)
    sysadmin, editor = Caller(made.url, made.token), f"{asked.name}-editor"
    id_ = people.make_organisation(sysadmin, asked.name)
    token = people.make_user(sysadmin, editor, id_, "editor")
    for group in asked.group:
        people.make_group(sysadmin, group, editor)
    _say(token)
    return 0


@contextmanager
def _lap(name: str) -> Iterator[None]:
    start = time.monotonic()
    yield
    _say(f"{name:9} {time.monotonic() - start:5.1f} s")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
