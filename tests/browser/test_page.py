"""What a person sees: the real app on the demo platform, in a real browser."""

import re

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, expect

from tests.browser.serving import ask, expect_heading, open_page, settle

pytestmark = pytest.mark.timeout(300)


def test_a_question_gets_its_verdict_and_nothing_comes_from_outside(page: Page, app: str) -> None:
    errors: list[str] = []
    outside: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    def watch(request: Request) -> None:
        if not request.url.startswith((app, app.replace("http", "ws"), "data:", "blob:")):
            outside.append(request.url)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", watch)
    open_page(page, app)
    expect_heading(page, 1, "Ask NYC flights")
    ask(page, "Which airline had the worst on-time rate in June 2013?")
    expect_heading(page, 3, re.compile(r".+, \d+\.\d\s%"))
    expect(page.get_by_text("the lowest of")).to_be_visible()
    expect(page.get_by_text("Verified query").first).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_be_visible()
    settle(page)
    assert not errors
    assert not outside


def test_a_second_question_takes_the_place_of_the_first(page: Page, app: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_page(page, app)
    ask(page, "Flights by month")
    ask(page, "Cancelled flights by month")
    expect_heading(page, 3, re.compile("cancelled flights"))
    expect(page.get_by_role("button", name="Flights by month 12 months")).to_be_visible()
    settle(page)
    assert not errors


def test_on_a_phone_nothing_scrolls_sideways(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    open_page(page, app)
    ask(page, "Flights by month")
    expect_heading(page, 3, re.compile("12 months"))
    settle(page)
    too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not too_wide
