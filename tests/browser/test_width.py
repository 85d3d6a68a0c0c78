"""On a phone nothing scrolls sideways but tables."""

import pytest
from playwright.sync_api import Page

from tests.browser.serving import expect_heading, settle

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize(
    "address",
    ["", "catalogue", "catalogue?table=gold.flight_features", "catalogue?metric=on_time_rate"],
)
def test_on_a_phone_nothing_scrolls_sideways(page: Page, app: str, address: str) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{app}/{address}")
    expect_heading(page, 1)
    settle(page)
    too_wide = page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
            .some(element => element.scrollWidth > element.clientWidth)"""
    )
    assert not too_wide
