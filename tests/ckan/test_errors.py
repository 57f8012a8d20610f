"""What stops a run at a real portal: three lines of what, where and how to mend, a status, nothing half-visible."""

from __future__ import annotations

import http.server
import shutil
import ssl
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest
from catalogue_helpers import OPEN, package
from ckan_helpers import datasets
from cli_helpers import Ran, run
from fault_proxy import FaultProxy, refusal, status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ckan_helpers import Organisation


pytestmark = pytest.mark.usefixtures("officer")


@pytest.fixture
def catalogue(tmp_path: Path, organisation: Organisation) -> Path:
    more = "".join(f"Sông {number},{number}\n" for number in range(900))
    package(tmp_path / "c", f"{organisation.name}-levels", rows=f"river,level_cm\n{more}")
    package(tmp_path / "c", f"{organisation.name}-flows", access={**OPEN, "level": "shared"})
    return tmp_path / "c"


def publish(catalogue: Path, organisation: Organisation, *words: str, url: str = "") -> Ran:
    target = url or organisation.portal.url
    return run("publish", catalogue, "--to", target, "--organization", organisation.name, "--lang", "en", *words)


def lines(ran: Ran, code: int) -> list[str]:
    """The three lines of the error that ended the run."""
    assert ran.code == code, ran.out + ran.err
    found = ran.err.strip().splitlines()
    assert len(found) == 3, ran.err
    return found


@pytest.mark.parametrize("kind", ["wrong", "revoked"])
def test_a_token_that_the_portal_does_not_know(
    kind: str, catalogue: Path, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = organisation.dead_token if kind == "revoked" else "not-a-token-of-this-portal"
    monkeypatch.setenv("OPENDATA_TOKEN", token)
    what, where, remedy = lines(publish(catalogue, organisation), 3)
    assert "does not accept the token" in what
    assert where == organisation.portal.url
    assert "opendata login" in remedy
    assert datasets(organisation.portal, organisation) == []


def test_a_token_that_may_only_read(
    catalogue: Path, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENDATA_TOKEN", organisation.as_member.token)
    what, where, remedy = lines(publish(catalogue, organisation), 3)
    assert "lets it read only" in what
    assert where == organisation.portal.url
    assert "editor" in remedy
    assert datasets(organisation.portal, organisation) == []


def test_a_variable_that_is_to_hold_the_token_and_does_not(
    catalogue: Path, organisation: Organisation, tmp_path: Path
) -> None:
    text = f'[targets.province]\nurl = "{organisation.portal.url}"\ntoken_env = "PROVINCE_TOKEN"\n'
    (tmp_path / "opendata.toml").write_text(text)
    _what, _where, remedy = lines(publish(catalogue, organisation, url="province"), 2)
    assert "PROVINCE_TOKEN" in remedy


def test_an_organisation_that_is_missing_says_who_can_make_it(catalogue: Path, organisation: Organisation) -> None:
    ran = run("publish", catalogue, "--to", organisation.portal.url, "--organization", "nobodys", "--lang", "en")
    assert ran.code == 3
    assert "system administrator" in ran.err
    assert "--create-organization" in ran.err
    ran = run("plan", catalogue, "--to", organisation.portal.url, "--lang", "en")
    assert ran.code == 3
    assert "--organization NAME" in ran.out


def test_a_missing_organisation_is_made_where_the_token_may(catalogue: Path, organisation: Organisation) -> None:
    name = f"{organisation.name}-new"
    words = ["--organization", name, "--create-organization", "--lang", "en"]
    try:
        ran = run("publish", catalogue, "--to", organisation.portal.url, *words)
        assert ran.code == 0, ran.err
        assert organisation.as_anyone("organization_show", id=name)["title"] == "Sở Nông nghiệp và Môi trường"
    finally:
        for dataset in datasets(organisation.portal):
            if (dataset.get("organization") or {}).get("name") == name:
                organisation.as_sysadmin("dataset_purge", id=dataset["id"])
        organisation.as_sysadmin.ask("organization_purge", id=name)


def test_a_portal_that_is_away(catalogue: Path, organisation: Organisation) -> None:
    what, where, remedy = lines(publish(catalogue, organisation, url="http://127.0.0.1:9"), 3)
    assert "cannot be reached" in what
    assert where.startswith("http://127.0.0.1:9")
    assert "network" in remedy


def test_an_address_that_is_no_portal(catalogue: Path, organisation: Organisation) -> None:
    what, _where, remedy = lines(publish(catalogue, organisation, url=f"{organisation.portal.url}/about"), 3)
    assert "no CKAN portal at this address" in what
    assert "first page" in remedy


class _Quiet(http.server.BaseHTTPRequestHandler):
    """A server that knows nothing, and says so to its client alone."""

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def untrusted(tmp_path: Path) -> Iterator[str]:
    """The address of a server with a certificate that nobody vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate, and is not here")
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]
    words = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(["openssl", "req", *words, *names, *files], check=True, capture_output=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Quiet)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_certificate_that_is_not_trusted_and_one_that_is(
    catalogue: Path, organisation: Organisation, untrusted: str, tmp_path: Path
) -> None:
    what, where, remedy = lines(publish(catalogue, organisation, url=untrusted), 3)
    assert "certificate is not trusted" in what
    assert where == untrusted
    assert "ca_bundle" in remedy
    (tmp_path / "opendata.toml").write_text(f'[targets.province]\nurl = "{untrusted}"\nca_bundle = "cert.pem"\n')
    what, *_rest = lines(publish(catalogue, organisation, url="province"), 3)
    assert "certificate" not in what  # it is trusted now, and is no portal
    (tmp_path / "opendata.toml").write_text(f'[targets.province]\nurl = "{untrusted}"\nca_bundle = "none.pem"\n')
    what, *_rest = lines(publish(catalogue, organisation, url="province"), 2)
    assert "ca_bundle" in what


def test_an_upload_limit_is_learned_from_the_first_refusal(catalogue: Path, organisation: Organisation) -> None:
    with FaultProxy(organisation.portal.url) as proxy:
        too_large = refusal(409, "Validation Error", upload=["File upload too large"])
        proxy.fault(lambda seen: seen.action == "package_revise" and seen.write, too_large, always=True)
        ran = publish(catalogue, organisation, "--jobs", "1", url=proxy.url)
        sent = [item for item in proxy.writes() if item.action == "package_revise"]
    assert ran.code == 3
    assert "does not take a file this large" in ran.err
    assert "upload limit" in ran.err
    assert len(sent) == 1  # what was refused is not tried again, nor is another dataset with a file as large
    assert all(item["private"] for item in datasets(organisation.portal, organisation))


def test_an_upload_limit_that_the_target_names_stops_before_the_first_byte(
    catalogue: Path, organisation: Organisation, tmp_path: Path
) -> None:
    text = f'[targets.province]\nurl = "{organisation.portal.url}"\nmax_upload = 1\n'
    (tmp_path / "opendata.toml").write_text(text)
    more = "".join(f"Sông {number},{number}\n" for number in range(70_000))
    package(catalogue, f"{organisation.name}-large", rows=f"river,level_cm\n{more}")
    ran = publish(catalogue, organisation, url="province")
    assert ran.code == 3
    assert "takes no files larger than 1048576 bytes" in ran.err
    assert len(datasets(organisation.portal, organisation)) == 2


def test_a_portal_whose_disk_is_full(catalogue: Path, organisation: Organisation) -> None:
    with FaultProxy(organisation.portal.url) as proxy:
        proxy.fault(lambda seen: seen.action == "package_revise", status(500), always=True)
        ran = publish(catalogue, organisation, url=proxy.url)
    assert ran.code == 3
    assert "look at its log and disk" in ran.err
    assert all(item["private"] for item in datasets(organisation.portal, organisation))
    assert publish(catalogue, organisation).code == 0


def test_a_run_that_did_nothing_leaves_no_receipt_and_one_that_did_has_no_token(
    catalogue: Path, organisation: Organisation
) -> None:
    assert publish(catalogue, organisation).code == 0
    receipts = list((catalogue / ".opendata/receipts").glob("*.json"))
    assert len(receipts) == 1
    assert organisation.token not in receipts[0].read_text()
    ran = publish(catalogue, organisation)
    assert "Nothing to do" in ran.out
    assert list((catalogue / ".opendata/receipts").glob("*.json")) == receipts
