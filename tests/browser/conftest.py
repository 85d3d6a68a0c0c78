"""One server and one browser for all browser tests."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import CHROMIUM, browser, served
from tests.demo import copied_demo

expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"no {CHROMIUM}: install Debian's chromium to see the page in a browser")
    with browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on the demo platform, as `assistant demo` serves it."""
    place = tmp_path_factory.mktemp("app")
    with served(copied_demo(place / "demo"), place / "streamlit.log") as address:
        yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    try:
        yield context.new_page()
    finally:
        context.close()
