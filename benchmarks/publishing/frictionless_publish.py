"""frictionless's Package.publish to CKAN; it updates, if told so, what is there already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import task
from frictionless import Package, Resource
from frictionless.portals import CkanControl
from frictionless.system import system

if TYPE_CHECKING:
    from task import Task


def package(told: dict[str, Any], files: list[Path]) -> Package:
    """The files as a data package."""
    resources = [Resource(path=file.name, basepath=str(file.parent), name=file.stem, format="csv") for file in files]
    licences, words = told["licenses"], told["keywords"]
    title, description = told["title"], told["description"]
    return Package(
        name=told["name"],
        title=title,
        description=description,
        licenses=licences,
        keywords=words,
        resources=resources,
    )


def publish(todo: Task) -> None:
    """Each dataset, one after the other; the first time they are created, later updated."""
    for told, files in todo.datasets():
        control = CkanControl(
            baseurl=todo.url,
            apikey=todo.token,
            organization_name=todo.organisation,
            allow_update=there(todo, told["name"]),
        )
        package(told, files).publish(control=control)


def there(todo: Task, name: str) -> bool:
    """True where an earlier step has published it; kept beside the material, as a user would know it."""
    mark = Path(todo.folder).parent / f".{todo.organisation}-{name}"
    known = mark.exists()
    mark.touch()
    return known


if __name__ == "__main__":
    wanted = task.read()
    with system.use_context(trusted=True), task.measured():
        publish(wanted)
