"""The portal in a real Chromium, from disk and over http, on a wide and a narrow screen."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from built_helpers import built, ready
from site_helpers import Site

from opendata.cli.server import open_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDTHS = (1280, 380)
LONG = [(f"{number:02d}", str(1990 + number), f"{number * 1234.5:.2f}", "2024-12-31") for number in range(30)]
CONTRAST = """
() => {
  const parts = color => color.match(/[\\d.]+/g).map(Number);
  const light = color => {
    const [r, g, b] = parts(color).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (parts(color).length < 4 || parts(color)[3] > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim()) continue;
    const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(walker.currentNode.textContent);
  }
  return faint;
}
"""


def chromium() -> str | None:
    """Where a Chromium is: named by OPENDATA_CHROMIUM, else found on the PATH."""
    named = os.environ.get("OPENDATA_CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        give_up = pytest.fail if os.environ.get("OPENDATA_CI") else pytest.skip  # in CI nothing is skipped
        give_up("no Chromium: name one in OPENDATA_CHROMIUM, or install it (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    site = Site(folder / "portal")
    hostile = built(folder, "tea", more={"title": "<script>document.title='hit'</script>", "translations": None})
    long = built(folder, rows=LONG, tables=("area", "yield"), more={"description": "lúa " * 300, "withheldFields": 3})
    assert site.publish(ready(long), ready(hostile)).verified
    return site.root


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    with open_server(folder, 0) as server:  # what `opendata serve` runs
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module", params=["disk", "http"])
def address(request: pytest.FixtureRequest, portal: Path) -> Iterator[str]:
    if request.param == "disk":
        yield f"{portal.as_uri()}/"
        return
    with served(portal) as url:
        yield url


@pytest.fixture(params=WIDTHS)
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": request.param, "height": 800})
    failed: list[str] = []
    page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda asked: failed.append(asked.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    yield page
    page.close()
    assert [text for text in failed if "favicon" not in text and "404" not in text] == []


def test_a_visitor_goes_from_the_index_to_a_dataset_and_its_other_language(address: str, screen: Page) -> None:
    screen.goto(f"{address}index.html")
    assert screen.locator(".card").count() == 2
    screen.locator(".card a", has_text="Lúa").click()
    assert "Lúa paddy" in screen.locator("h1").inner_text()
    screen.get_by_role("link", name="English").click()
    assert screen.locator("h1").inner_text() == "Paddy paddy"
    assert screen.locator("html").get_attribute("lang") == "en"
    screen.locator(".path a").click()
    assert screen.url.endswith("index.en.html")


@pytest.mark.parametrize("path", ["index.html", "paddy/index.html", "paddy/index.en.html", "tea/index.html"])
def test_no_page_is_wider_than_the_screen_and_every_text_can_be_read(address: str, screen: Page, path: str) -> None:
    screen.goto(f"{address}{path}")
    assert screen.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert screen.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor") == "rgb(11, 61, 102)"
    assert screen.evaluate(CONTRAST) == []


def test_a_hostile_title_is_shown_and_not_run(address: str, screen: Page) -> None:
    screen.goto(f"{address}tea/index.html")
    assert screen.locator("h1").inner_text() == "<script>document.title='hit'</script>"
    assert screen.title() != "hit"
    assert screen.locator("script").count() == 0


def test_a_download_gives_the_published_bytes(screen: Page, portal: Path) -> None:
    with served(portal) as url:
        screen.goto(f"{url}paddy/index.html")
        with screen.expect_download() as waiting:
            screen.get_by_role("link", name="area.csv").click()
        waiting.value.path()
    assert Path(waiting.value.path()).read_bytes() == (portal / "paddy/area.csv").read_bytes()


def test_the_first_key_leads_past_the_header(address: str, screen: Page) -> None:
    screen.goto(f"{address}paddy/index.html")
    screen.keyboard.press("Tab")
    assert screen.evaluate("document.activeElement.className") == "skip"
    box = screen.locator(".skip").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    screen.keyboard.press("Enter")
    assert screen.url.endswith("#content")


def test_wide_tables_scroll_by_themselves_and_take_the_focus(address: str, screen: Page) -> None:
    screen.goto(f"{address}paddy/index.html")
    for region in screen.get_by_role("region").all():
        if region.get_attribute("tabindex") == "0":
            region.focus()
            assert region.evaluate("element => document.activeElement === element")
            assert region.evaluate("element => getComputedStyle(element).overflowX") == "auto"
