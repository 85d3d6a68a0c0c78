"""Write pictures of every page to docs/img: `make screenshots`."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

from assistant.settings import Settings
from catalogue.builder import build
from tests.browser.serving import ask, browser, served, settle
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
        build(Settings.open(platform).sources())  # a first answer is not profiled otherwise
        with served(platform, place / "streamlit.log") as address, browser() as opened:
            for shot in SHOTS:
                seen = _shoot(
                    opened, f"{address}/{shot.address}", shot.name, question=shot.question
                )
                _shoot(opened, seen, f"{shot.name}-dark", scheme="dark")
                _shoot(opened, seen, f"{shot.name}-phone", size=PHONE)


def _shoot(
    opened: Browser,
    address: str,
    name: str,
    *,
    question: str | None = None,
    scheme: Literal["light", "dark"] = "light",
    size: tuple[int, int] = WIDE,
) -> str:
    """Picture one page and return its address, under which it looks the same to others."""
    context = opened.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        device_scale_factor=1 if size == WIDE else _PIXELS_PER_POINT,
    )
    page = context.new_page()
    page.goto(address)
    page.locator("h1, h3").first.wait_for(timeout=60_000)
    if question:
        ask(page, question)
    settle(page)
    page.mouse.move(0, 0)
    page.screenshot(path=IMAGES / f"{name}.png")
    seen = page.url
    context.close()
    return seen


if __name__ == "__main__":
    main()
