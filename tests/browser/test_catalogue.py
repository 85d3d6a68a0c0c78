"""The catalogue in a real browser: search while typing, pages with addresses, the way to asking."""

import re

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.browser.serving import expect_heading, settle

pytestmark = pytest.mark.timeout(300)


def opened(page: Page, address: str) -> list[str]:
    """Open an address and return the list that its console errors go to."""
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    expect_heading(page, 1)
    return errors


def content(page: Page) -> Locator:
    """The page beside the sidebar, whose conversations carry questions as names."""
    return page.get_by_test_id("stMainBlockContainer")


def test_the_list_narrows_while_one_types_and_leads_on(page: Page, app: str) -> None:
    errors = opened(page, app)
    page.get_by_role("link", name="Catalogue").click()
    expect_heading(page, 1, "Catalogue")
    settle(page)
    page.get_by_role("searchbox").press_sequentially("punctual", delay=30)
    expect(page.get_by_role("heading", name="Metrics, 1")).to_be_visible()
    settle(page)
    content(page).get_by_role("link", name="On-time rate").click()
    expect_heading(page, 1, "On-time rate")
    expect(page).to_have_url(re.compile("metric=on_time_rate"))
    settle(page)
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_be_visible()
    page.go_back()
    expect_heading(page, 1, "Catalogue")
    settle(page)
    expect(page.get_by_role("searchbox")).to_have_value("punctual")
    assert not errors


def test_a_table_has_an_address(page: Page, app: str) -> None:
    errors = opened(page, f"{app}/catalogue?table=gold.flight_features")
    expect_heading(page, 1, "gold.flight_features")
    expect(page.get_by_role("heading", name="Lineage")).to_be_visible()
    expect(page.locator("[data-testid=stGraphVizChart] svg")).to_be_visible()
    content(page).get_by_role("link", name="gold.fct_flights").first.click()
    expect_heading(page, 1, "gold.fct_flights")
    settle(page)
    assert not errors


def test_a_metric_is_asked_about_on_the_ask_page(page: Page, app: str) -> None:
    opened(page, f"{app}/catalogue?metric=flights")
    content(page).get_by_role("button", name="Flights by month", exact=True).click()
    expect_heading(page, 3, re.compile("12 months"))


def test_what_the_role_does_not_hold_has_no_page(page: Page, app: str) -> None:
    opened(page, f"{app}/catalogue?table=silver.stg_flights")
    expect_heading(page, 1, "Not in this catalogue")
