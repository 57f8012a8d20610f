"""A build: complete, accepted by frictionless, the same bytes everywhere, and silent on what is withheld."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import frictionless
import pyarrow.parquet as pq
import pytest
from package_helpers import EVERY_TYPE, PADDY, PADDY_CSV, REVIEWED, every_type, nowhere, package, tree
from readers import assert_readers_agree

from opendata import files
from opendata import package as room
from opendata.errors import CheckError, DataError, DiskError, GateError, StaleError
from opendata.model import AccessLevel, BuiltPackage, Json, as_list, as_object, dump
from opendata.model.digest import content_digest
from opendata.model.layout import plain
from opendata.package import building
from opendata.package.csv_sink import lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from opendata.model import JsonValue

OPEN = AccessLevel.OPEN
SCHEMA = {key: value for key, value in PADDY.items() if key != "name"}


def built(folder: Path, tables: Mapping[str, tuple[Json, str]] | None = None, **more: JsonValue) -> BuiltPackage:
    return room.build(package(folder / "source", tables, **more), OPEN, nowhere, folder / "cache")


def resource(package: BuiltPackage, position: int = 0) -> Json:
    return as_object(as_list(package.descriptor["resources"])[position])


def with_fields(**changes: Json) -> dict[str, Any]:
    fields = [{**item, **changes.get(item["name"], {})} for item in PADDY["fields"]]
    return {**SCHEMA, "fields": fields}


def test_a_build_holds_the_table_twice_and_says_what_it_holds(tmp_path: Path) -> None:
    made = built(tmp_path)
    assert (made.name, made.level, made.version, made.withheld) == ("paddy-by-province", OPEN, "1.0.0", ())
    assert [file.path for file in made.files] == ["paddy.csv", "paddy.parquet"]
    table = resource(made)
    assert (table["path"], table["rows"], table["hash"]) == ("paddy.csv", 3, f"sha256:{made.files[0].sha256}")
    assert as_object(as_object(table["statistics"])["area"]) == {
        "count": 3, "missing": 0, "min": "12.50", "max": "100.10", "distinct": 3,
    }  # fmt: skip
    assert as_object(table["lineage"]) == {"derivedFrom": ["Niên giám thống kê"]}
    for file in made.files:
        assert (file.source.stat().st_size, files.sha256(file.source)) == (file.bytes, file.sha256)
    assert made.bytes == sum(file.bytes for file in made.files)


def test_the_csv_keeps_the_text_of_its_cells(tmp_path: Path) -> None:
    assert built(tmp_path).files[0].source.read_text(encoding="utf-8") == PADDY_CSV


def test_the_parquet_says_what_it_is(tmp_path: Path) -> None:
    made = built(tmp_path)
    found = pq.read_schema(made.files[1].source)
    texts = {key.decode(): value.decode() for key, value in (found.metadata or {}).items()}
    assert (texts["package"], texts["id"], texts["version"], texts["resource"]) == (
        made.name,
        made.id,
        "1.0.0",
        "paddy",
    )
    assert (found.field("unit_id").metadata or {})[b"description"].decode() == "Mã đơn vị hành chính"
    assert_readers_agree(made.files[1].source, made.files[0].source)


def test_frictionless_accepts_source_and_build(tmp_path: Path) -> None:
    made = built(tmp_path)
    for path in (tmp_path / "source" / "datapackage.json", made.files[0].source.parent / "datapackage.json"):
        report = frictionless.validate(str(path))
        assert report.valid, report.flatten(["type", "note"])


def test_a_build_of_every_type_is_accepted_and_read_alike(tmp_path: Path) -> None:
    fields = [{"name": name, **descriptor} for name, (descriptor, _) in EVERY_TYPE.items()]
    _, whole = every_type()
    content = bytes(lines(whole.texts)).decode()
    made = built(tmp_path, {"all": ({"schema": {"fields": fields}}, ",".join(EVERY_TYPE) + "\n" + content)})
    assert made.files[0].source.read_text(encoding="utf-8").partition("\n")[2] == content
    assert_accepted(made)


def test_what_the_source_wrote_its_own_way_is_brought_to_the_default(tmp_path: Path) -> None:
    fields = [
        {"name": "n", "type": "number", "decimalChar": ",", "groupChar": ".", "constraints": {"minimum": "0,5"}},
        {"name": "i", "type": "integer", "bareNumber": False, "missingValues": ["..", "-"]},
        {"name": "d", "type": "date", "format": "%d/%m/%Y", "constraints": {"maximum": "31/12/2030"}},
        {"name": "b", "type": "boolean", "trueValues": ["có"], "falseValues": ["không"]},
        {"name": "p", "type": "geopoint", "format": "array"},
        {"name": "t", "type": "datetime", "format": "%d/%m/%Y %H:%M", "timezone": "Asia/Ho_Chi_Minh"},
        {"name": "m", "type": "yearmonth"},
    ]
    content = (
        'n,i,d,b,p,t,m\n"1.234,50",7%,29/02/2024,có,"[105.8, 21]",05/01/2024 07:00,2024-02\n'
        '"0,5",..,01/01/2024,không,"[1,2]",05/01/2024 00:00,1995-12\n'
    )
    made = built(tmp_path, {"all": ({"schema": {"fields": fields}}, content)})
    first = made.files[0].source.read_text(encoding="utf-8").splitlines()[1]
    assert first.startswith("1234.50,7,2024-02-29,true,")
    assert_accepted(made)


def assert_accepted(made: BuiltPackage) -> None:
    report = frictionless.validate(str(made.files[0].source.parent / "datapackage.json"))
    assert report.valid, report.flatten(["type", "fieldName", "cell", "note"])
    assert_readers_agree(made.files[1].source, made.files[0].source)


def test_the_digest_is_of_metadata_and_csv(tmp_path: Path) -> None:
    made = built(tmp_path / "a")
    assert made.digest == made.descriptor["opendata_digest"] == content_digest(plain(made.descriptor))
    assert made.digest != built(tmp_path / "b", title="Khác").digest
    changed = {"paddy": ({"schema": SCHEMA}, PADDY_CSV.replace("12.50", "12.5"))}
    assert made.digest != built(tmp_path / "c", changed).digest
    parquet = {**as_object(as_list(resource(made)["alternates"])[0]), "bytes": 1, "hash": "sha256:0"}
    other = {**made.descriptor, "resources": [{**resource(made), "alternates": [parquet]}]}
    assert content_digest(other) == made.digest


SCRIPT = """
import json, sys
from pathlib import Path
from opendata.descriptor import read
from opendata.model import AccessLevel
from opendata.package import build
made = build(read(Path(sys.argv[1])), AccessLevel.OPEN, lambda key: None, Path(sys.argv[2]))
print(json.dumps([made.digest, made.folder_digest, [file.sha256 for file in made.files]]))
"""


def elsewhere(source: Path, cache: Path, **environment: str) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(source), str(cache)],
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
        timeout=120,
    )
    found: list[Any] = json.loads(done.stdout)
    return found


def test_the_bytes_are_the_same_anywhere(tmp_path: Path) -> None:
    schema = with_fields(note={"access": {"level": "internal"}})
    tables = {"paddy": ({"schema": schema}, PADDY_CSV)}
    made = built(tmp_path / "one", tables)
    package(tmp_path / "quite" / "another place", tables)
    expected = [made.digest, made.folder_digest, [file.sha256 for file in made.files]]
    for number, environment in enumerate(
        (
            {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
            {"TZ": "America/Lima", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "77", "OPENDATA_LANG": "vi"},
        )
    ):
        cache = tmp_path / f"cache{number}"
        assert elsewhere(tmp_path / "quite" / "another place", cache, **environment) == expected
        one, other = (tree(folder / "builds") for folder in (tmp_path / "one" / "cache", cache))
        assert list(one.values()) == list(other.values())


def test_two_processes_on_one_cache_keep_apart(tmp_path: Path) -> None:
    package(tmp_path / "source")
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "source"), str(tmp_path / "cache")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    one, other = [process.communicate(timeout=120)[0] for process in both]
    assert json.loads(one) == json.loads(other)
    assert len(list((tmp_path / "cache" / "builds" / "paddy-by-province").glob("*/datapackage.json"))) == 1


def test_nothing_of_a_withheld_column_is_anywhere(tmp_path: Path) -> None:
    content = "unit_id,year,area,note\n66,2016,100.1,Zebra\n01,2017,13,Apfel\n01,2016,12.50,Mango\n"
    schema = with_fields(note={"access": {"level": "internal"}, "title": "Người khai"})
    made = built(tmp_path, {"paddy": ({"schema": schema}, content)})
    assert made.files[0].source.read_text() == "unit_id,year,area\n01,2016,12.50\n01,2017,13\n66,2016,100.1\n"
    assert [item.field for item in made.withheld] == ["note"]
    assert made.descriptor["withheldFields"] == 1
    for content_bytes in tree(tmp_path / "cache").values():
        for word in ("note", "Zebra", "Apfel", "Mango", "Người khai", "Nguyễn Văn A", "data/paddy"):
            assert word.encode() not in content_bytes
    assert_readers_agree(made.files[1].source, made.files[0].source)


def test_the_order_of_the_source_does_not_show_where_a_column_is_withheld(tmp_path: Path) -> None:
    schema = with_fields(note={"access": {"level": "internal"}})
    header, *rows = PADDY_CSV.splitlines(keepends=True)
    one, other = (
        built(tmp_path / name, {"paddy": ({"schema": schema}, "".join([header, *order]))})
        for name, order in (("a", rows), ("b", rows[::-1]))
    )
    assert (one.digest, one.folder_digest) == (other.digest, other.folder_digest)


def test_a_withheld_table_is_checked_but_not_written(tmp_path: Path) -> None:
    tables = {
        "paddy": ({"schema": SCHEMA}, PADDY_CSV),
        "people": (
            {"schema": {"fields": [{"name": "n", "type": "integer"}]}, "access": {"level": "internal"}},
            "n\n1\n",
        ),
    }
    made = built(tmp_path / "a", tables)
    assert {file.resource for file in made.files} == {"paddy"}
    assert b"people" not in dump(made.descriptor)
    tables["people"] = (tables["people"][0], "n\nmany\n")
    with pytest.raises(CheckError) as fault:
        built(tmp_path / "b", tables)
    assert [finding.code for finding in fault.value.report.findings] == ["type-error"]
    assert not tree(tmp_path / "b" / "cache")


def test_what_is_no_table_is_left_out(tmp_path: Path) -> None:
    scan = {"path": "data/scan.pdf", "format": "pdf", "mediatype": "application/pdf", "type": None}
    tables = {"paddy": ({"schema": SCHEMA}, PADDY_CSV), "scan": (scan, "")}
    files.write(tmp_path / "source" / "data" / "scan.pdf", b"%PDF-")
    dataset = package(tmp_path / "source", tables)
    made = room.build(dataset, OPEN, nowhere, tmp_path / "cache")
    assert {file.resource for file in made.files} == {"paddy"}
    assert [item.resource for item in made.withheld] == ["scan"]
    assert room.check(dataset, nowhere).valid


def test_findings_of_all_tables_come_together(tmp_path: Path) -> None:
    one = {"schema": {"fields": [{"name": "n", "type": "integer"}]}}
    with pytest.raises(CheckError) as fault:
        built(tmp_path, {"first": (one, "n\nx\n1\n"), "second": (one, "n\n2\ny\n"), "third": (one, "n\n3\n")})
    found = [(finding.place.row, finding.cell) for finding in fault.value.report.findings]
    assert found == [(2, "x"), (3, "y")]
    assert not tree(tmp_path / "cache")


def test_keys_into_other_tables_are_checked(tmp_path: Path) -> None:
    units = ({"schema": {"fields": [{"name": "id", "type": "string"}], "primaryKey": "id"}}, "id\n01\n66\n")
    key = [{"fields": ["unit_id"], "reference": {"resource": "units", "fields": ["id"]}}]
    paddy = ({"schema": {**SCHEMA, "foreignKeys": key}}, PADDY_CSV)
    made = built(tmp_path / "a", {"paddy": paddy, "units": units})
    assert {file.resource for file in made.files} == {"paddy", "units"}
    with pytest.raises(CheckError) as fault:
        built(tmp_path / "b", {"paddy": paddy, "units": (units[0], "id\n01\n")})
    assert [finding.code for finding in fault.value.report.findings] == ["foreign-key"]


def test_a_table_that_cannot_be_opened_is_a_finding(tmp_path: Path) -> None:
    dataset = package(tmp_path / "source", {"paddy": ({"schema": SCHEMA}, PADDY_CSV), "gone": ({"schema": SCHEMA}, "")})
    (tmp_path / "source" / "data" / "gone.csv").unlink()
    with pytest.raises(CheckError) as fault:
        room.build(dataset, OPEN, nowhere, tmp_path / "cache")
    assert len(fault.value.report.findings) == 1
    assert not room.check(dataset, nowhere).valid


def test_the_gate_comes_before_the_data(tmp_path: Path) -> None:
    with pytest.raises(GateError):
        built(tmp_path, {"paddy": ({"schema": SCHEMA}, "not,these\n")}, access={"level": "open"})
    assert not (tmp_path / "cache").exists()


def test_a_row_of_nothing_published_is_refused(tmp_path: Path) -> None:
    schema = {
        "fields": [{"name": "a", "type": "string"}, {"name": "b", "access": {"level": "internal"}, "type": "string"}]
    }
    with pytest.raises(DataError, match="no value in any published column"):
        built(tmp_path, {"paddy": ({"schema": schema}, "a,b\n1,x\n,y\n")})
    assert not tree(tmp_path / "cache")


def origin(folder: Path, **more: JsonValue) -> Json:
    (folder / "source" / "source").mkdir(parents=True, exist_ok=True)
    (folder / "source" / "source" / "book.csv").write_text(PADDY_CSV, encoding="utf-8")
    return {"schema": SCHEMA, "origin": {"path": "source/book.csv", "recipe": [{"step": "skip", "rows": [9]}], **more}}


def digests(folder: Path) -> dict[str, str]:
    from opendata.sources import origin_digests

    dataset = package(folder / "source", {"paddy": (origin(folder), PADDY_CSV)})
    found = dataset.resources[0].origin
    assert found is not None
    source, recipe = origin_digests(dataset.folder, found)
    return {"sourceDigest": source, "recipeDigest": recipe}


def test_data_as_new_as_its_source_is_built(tmp_path: Path) -> None:
    made = built(tmp_path, {"paddy": (origin(tmp_path, **digests(tmp_path)), PADDY_CSV)})
    assert as_object(resource(made)["lineage"])["steps"] == ["skip"]
    for content in tree(tmp_path / "cache").values():
        assert b"book.csv" not in content


@pytest.mark.parametrize("lost", ["sourceDigest", "recipeDigest"])
@pytest.mark.parametrize("wrong", [None, "sha256:" + "0" * 64])
def test_stale_data_stops_the_build_and_is_found_by_the_check(tmp_path: Path, lost: str, wrong: str | None) -> None:
    said = {key: value for key, value in {**digests(tmp_path), lost: wrong}.items() if value}
    dataset = package(tmp_path / "source", {"paddy": (origin(tmp_path, **said), PADDY_CSV)})
    with pytest.raises(StaleError, match=r"is older than its source source/book\.csv") as fault:
        room.build(dataset, OPEN, nowhere, tmp_path / "cache")
    assert fault.value.remedy == f'Run: opendata update "{tmp_path / "source"}"'
    assert [finding.code for finding in room.check(dataset, nowhere).findings] == ["stale-data"]
    assert not tree(tmp_path / "cache")


def test_a_source_that_is_gone_is_told_as_what_it_is(tmp_path: Path) -> None:
    dataset = package(tmp_path / "source", {"paddy": (origin(tmp_path, **digests(tmp_path)), PADDY_CSV)})
    (tmp_path / "source" / "source" / "book.csv").unlink()
    with pytest.raises(StaleError) as fault:
        room.build(dataset, OPEN, nowhere, tmp_path / "cache")
    assert (fault.value.where, "older" in fault.value.what) == ("source/book.csv", False)
    assert [finding.place.path for finding in room.check(dataset, nowhere).findings] == ["source/book.csv"]


def test_a_file_changed_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = package(tmp_path / "source")

    def key(*_: object) -> str:
        (tmp_path / "source" / "data" / "paddy.csv").write_text(PADDY_CSV + "02,2018,1,\n", encoding="utf-8")
        return "0" * 32

    monkeypatch.setattr(building, "build_key", key)
    with pytest.raises(DataError, match="changed while it was read"):
        room.build(dataset, OPEN, nowhere, tmp_path / "cache")
    assert not tree(tmp_path / "cache")


def test_a_file_that_cannot_be_read_to_its_end_is_a_finding(tmp_path: Path) -> None:
    dataset = package(tmp_path / "source")
    with (tmp_path / "source" / "data" / "paddy.csv").open("ab") as stream:
        stream.write(b"02,2018,1,\xff\n")
    with pytest.raises(CheckError) as fault:
        room.build(dataset, OPEN, nowhere, tmp_path / "cache")
    assert fault.value.report.findings
    assert not tree(tmp_path / "cache")


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    dataset = package(tmp_path / "source")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(DiskError, match="disk is full"):
            room.build(dataset, OPEN, nowhere, tmp_path / "cache")
    assert not tree(tmp_path / "cache")
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.name.startswith(files.ASIDE)]
    assert room.build(dataset, OPEN, nowhere, tmp_path / "cache").files


def test_a_check_counts_rows_and_finds_nothing_in_a_sound_package(tmp_path: Path) -> None:
    report = room.check(package(tmp_path / "source"), nowhere)
    assert (report.valid, report.rows, report.complete) == (True, 3, True)
    assert not (tmp_path / "cache").exists()


def test_a_shared_edition_has_a_name_of_its_own(tmp_path: Path) -> None:
    schema = with_fields(note={"access": {"level": "shared"}})
    dataset = package(tmp_path / "source", {"paddy": ({"schema": schema}, PADDY_CSV)}, access=REVIEWED)
    shared = room.build(dataset, AccessLevel.SHARED, nowhere, tmp_path / "cache")
    opened = room.build(dataset, OPEN, nowhere, tmp_path / "cache")
    assert (shared.name, opened.name) == ("paddy-by-province--shared", "paddy-by-province")
    assert shared.digest != opened.digest
    assert "note" in as_object(resource(shared)["statistics"])
    assert "note" not in as_object(resource(opened)["statistics"])
