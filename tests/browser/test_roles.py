"""The role switch changes what is there, on every page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import ask, expect_heading, open_page, settle

pytestmark = pytest.mark.timeout(300)


def take_role(page: Page, role: str) -> None:
    page.get_by_role("combobox", name="Role").click()
    page.get_by_role("option", name=role).click()
    settle(page)


def test_another_role_sees_another_catalogue(page: Page, app: str) -> None:
    open_page(page, app)
    page.get_by_role("link", name="Catalogue").click()
    expect(page.get_by_role("heading", name="Tables, 8")).to_be_visible()
    take_role(page, "partner")
    expect(page.get_by_role("heading", name="Tables, 5")).to_be_visible()
    expect(page.get_by_text("gold.dim_aircraft")).to_have_count(0)


def test_another_role_gets_another_number(page: Page, app: str) -> None:
    open_page(page, app)
    ask(page, "How many flights were there in 2013?")
    expect_heading(page, 3, re.compile("336,776"))
    take_role(page, "partner")
    ask(page, "How many flights were there in 2013?")
    expect_heading(page, 3, re.compile("58,665"))


def test_a_filtered_table_shows_no_counts(page: Page, app: str) -> None:
    open_page(page, app)
    take_role(page, "partner")
    page.goto(f"{app}/catalogue?table=gold.fct_flights")
    expect_heading(page, 1)
    take_role(page, "partner")
    expect(page.get_by_text("Data to", exact=True)).to_have_count(0)
    expect(page.get_by_text("336,776")).to_have_count(0)
