"""Colours hold AA contrast on both grounds, and the page's theme uses the same grounds."""

import tomllib
from pathlib import Path

import pytest

from assistant.present import palette

CONFIG = Path(__file__).parents[3] / ".streamlit" / "config.toml"
GROUNDS = ("light", "dark")


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ground", GROUNDS)
def test_marks_can_be_told_from_the_ground(ground: str) -> None:
    spec = {"marks": [palette.ACCENT, palette.REST, *palette.CATEGORIES]}
    marks = palette.dress(spec, ground)["marks"]
    assert min(contrast(mark, palette.GROUND[ground]) for mark in marks) >= 3


@pytest.mark.parametrize("ground", GROUNDS)
def test_text_can_be_read(ground: str) -> None:
    texts = (palette.TEXT[ground], palette.QUIET_TEXT[ground])
    assert min(contrast(text, palette.GROUND[ground]) for text in texts) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
def test_the_theme_of_the_page_holds_contrast_and_the_same_grounds(ground: str) -> None:
    theme = tomllib.loads(CONFIG.read_text())["theme"][ground]
    assert theme["backgroundColor"] == palette.GROUND[ground]
    assert theme["textColor"] == palette.TEXT[ground]
    for key in ("greenTextColor", "orangeTextColor", "redTextColor", "grayTextColor", "linkColor"):
        for behind in ("backgroundColor", "secondaryBackgroundColor"):
            assert contrast(theme[key], theme[behind]) >= 4.5, (key, behind)


def test_what_was_asked_is_stronger_than_what_stands_beside_it() -> None:
    accent, rest = palette.dress({"marks": [palette.ACCENT, palette.REST]}, "dark")["marks"]
    ground = palette.GROUND["dark"]
    assert contrast(accent, ground) > contrast(rest, ground)


def test_data_keeps_its_own_words() -> None:
    spec = {"data": {"values": [palette.ACCENT]}}
    assert palette.dress(spec, "dark")["data"] == spec["data"]


def test_at_most_seven_categories() -> None:
    assert len(palette.CATEGORIES) <= 7
