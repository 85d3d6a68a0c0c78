"""Write pictures of every page to docs/img: `make screenshots`."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from tests.browser.serving import ask, browser, open_page, served, settle
from tests.demo import copied_demo

IMAGES = Path(__file__).parents[2] / "docs" / "img"
ANSWERED = "Which airline had the worst on-time rate in June 2013?"
REFUSED = "What is the profit per passenger?"
WIDE, PHONE = (1280, 900), (400, 860)
_PIXELS_PER_POINT = 2


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One page to picture."""

    name: str
    address: str = ""
    question: str | None = None


SHOTS = (
    Shot(name="empty"),
    Shot(name="ask", question=ANSWERED),
    Shot(name="refused", question=REFUSED),
    Shot(name="catalogue", address="catalogue"),
    Shot(name="table", address="catalogue?table=gold.fct_flights"),
    Shot(name="metric", address="catalogue?metric=on_time_rate"),
)


def main() -> None:
    """Write every picture in light, in dark and in phone width."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        platform = copied_demo(place / "demo")
        with served(platform, place / "streamlit.log") as address, browser() as opened:
            for shot in SHOTS:
                _shoot(opened, address, shot, "light", WIDE, "")
                _shoot(opened, address, shot, "dark", WIDE, "-dark")
                _shoot(opened, address, shot, "light", PHONE, "-phone")


def _shoot(
    opened: Browser,
    address: str,
    shot: Shot,
    scheme: Literal["light", "dark"],
    size: tuple[int, int],
    suffix: str,
) -> None:
    context = opened.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        device_scale_factor=1 if size == WIDE else _PIXELS_PER_POINT,
    )
    page = context.new_page()
    _bring_up(page, address, shot)
    page.screenshot(path=IMAGES / f"{shot.name}{suffix}.png")
    context.close()


def _bring_up(page: Page, address: str, shot: Shot) -> None:
    if shot.question:
        open_page(page, address)
        ask(page, shot.question)
    else:
        page.goto(f"{address}/{shot.address}")
        page.get_by_role("heading", level=1).wait_for(timeout=60_000)
    settle(page)
    page.mouse.move(0, 0)


if __name__ == "__main__":
    main()
