"""Write pictures of the page to docs/img: `python -m tests.browser.screenshots`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.serving import ask, browser, open_page, served, settle
from tests.demo import demo_directory

IMAGES = Path(__file__).parents[2] / "docs" / "img"
QUESTION = "Which airline had the worst on-time rate in June 2013?"
WIDE, PHONE = (1280, 900), (400, 860)


def main() -> None:
    """Write every picture in light, dark and phone width."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        log = Path(place) / "streamlit.log"
        with served(demo_directory(), log) as address, browser() as opened:
            for scheme in ("light", "dark"):
                _ask(opened, address, scheme, WIDE, "")
                _catalogue(opened, address, scheme)
                _empty(opened, address, scheme)
            _ask(opened, address, "light", PHONE, "-phone")


def _ask(opened: Browser, address: str, scheme: str, size: tuple[int, int], kind: str) -> None:
    _shoot(opened, address, scheme, size, f"ask{kind}", question=QUESTION)


def _empty(opened: Browser, address: str, scheme: str) -> None:
    _shoot(opened, address, scheme, WIDE, "empty")


def _catalogue(opened: Browser, address: str, scheme: str) -> None:
    _shoot(opened, f"{address}/catalogue", scheme, WIDE, "catalogue")


def _shoot(
    opened: Browser,
    address: str,
    scheme: str,
    size: tuple[int, int],
    name: str,
    *,
    question: str | None = None,
) -> None:
    context = opened.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    if question:
        open_page(page, address)
        ask(page, question)
    else:
        page.goto(address)
        page.get_by_role("heading", level=1).wait_for(timeout=60_000)
    settle(page)
    suffix = "" if scheme == "light" else "-dark"
    page.screenshot(path=IMAGES / f"{name}{suffix}.png")
    context.close()


if __name__ == "__main__":
    main()
