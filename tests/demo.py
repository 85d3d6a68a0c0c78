"""The demo platform for tests: built once per checkout, shared by every test run."""

from functools import cache
from pathlib import Path

from catalogue.demo.build import build_demo

_PLACE = Path(__file__).parents[1] / ".assistant" / "demo"


@cache
def demo_directory() -> Path:
    """Return the demo platform's directory; the first call of a fresh checkout builds it."""
    return build_demo(_PLACE, progress=lambda step: None)
