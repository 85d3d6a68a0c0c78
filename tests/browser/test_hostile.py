"""Text from data and from people stays text: nothing of it becomes markup, a link or a picture."""

import re
from collections.abc import Iterator

import duckdb
import pytest
import yaml
from playwright.sync_api import Page, Request, expect

from assistant.settings import Settings
from catalogue.builder import build
from tests.browser.serving import QUESTION_BOX, ask, expect_heading, served, settle
from tests.demo import copied_demo

pytestmark = pytest.mark.timeout(300)

MARKUP = "<img src=x onerror=\"window.taken='yes'\"><script>window.taken='yes'</script>"
LINKS = "[a](http://evil.example/a) ![b](http://evil.example/b.png) https://evil.example/c"
HOSTILE = f"{MARKUP} {LINKS} :red[d] :material/home: $e$ `f`"
NOTES = {
    "tables": {
        "gold.dim_airline": {
            "description": HOSTILE,
            "owner": HOSTILE,
            "columns": {"name": {"description": HOSTILE, "synonyms": [HOSTILE]}},
        }
    },
    "terms": {HOSTILE: HOSTILE},
}


@pytest.fixture(scope="module")
def hostile_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo with its largest airline renamed and its notes rewritten by somebody hostile."""
    place = tmp_path_factory.mktemp("hostile")
    platform = copied_demo(place / "demo")
    with duckdb.connect(str(platform / "nyc.duckdb")) as warehouse:
        warehouse.execute("UPDATE gold.dim_airline SET name = ? WHERE carrier = 'UA'", [HOSTILE])
    (platform / "catalogue.yaml").write_text(yaml.safe_dump(NOTES))
    build(Settings.open(platform).sources(), progress=lambda step: None)
    with served(platform, place / "streamlit.log") as address:
        yield address


@pytest.fixture
def outside(page: Page, hostile_app: str) -> list[str]:
    """The requests that the page makes to anything but its own server."""
    own = (hostile_app, hostile_app.replace("http", "ws"), "data:", "blob:")
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(own):
            asked.append(request.url)

    page.on("request", note)
    return asked


def assert_all_text(page: Page, outside: list[str]) -> None:
    settle(page)
    assert page.evaluate("window.taken") is None
    made = page.locator("[src*='evil.example'], [href*='evil.example'], [src=x]")
    expect(made).to_have_count(0)
    assert outside == []


def test_a_name_from_the_rows(page: Page, hostile_app: str, outside: list[str]) -> None:
    page.goto(hostile_app)
    ask(page, "Which airline had the most flights in 2013?")
    expect_heading(page, 3, re.compile(re.escape(MARKUP)))
    expect_heading(page, 3, re.compile(re.escape("[a](http")))
    for fold in page.get_by_test_id("stMain").locator("summary").all():
        fold.click()
    assert_all_text(page, outside)


def test_a_question(page: Page, hostile_app: str, outside: list[str]) -> None:
    page.goto(hostile_app)
    page.locator(QUESTION_BOX).fill(HOSTILE)
    page.keyboard.press("Enter")
    expect_heading(page, 2, re.compile(re.escape(MARKUP)))
    expect_heading(page, 3, "No answer to this")
    assert_all_text(page, outside)


@pytest.mark.parametrize("address", ["catalogue", "catalogue?table=gold.dim_airline"])
def test_notes_and_values_in_the_catalogue(
    page: Page, hostile_app: str, outside: list[str], address: str
) -> None:
    page.goto(f"{hostile_app}/{address}")
    expect(page.get_by_text(MARKUP).first).to_be_visible()
    assert_all_text(page, outside)


def test_a_name_in_the_address(page: Page, hostile_app: str, outside: list[str]) -> None:
    page.goto(f"{hostile_app}/catalogue?table=<img src=x onerror=\"window.taken='yes'\">")
    expect_heading(page, 1, "Not in this catalogue")
    assert_all_text(page, outside)
