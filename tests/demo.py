"""The demo platform for tests: built once per checkout, shared by every test run."""

import shutil
from functools import cache
from pathlib import Path

from catalogue.demo.build import build_demo

_PLACE = Path(__file__).parents[1] / ".assistant" / "demo"


@cache
def demo_directory() -> Path:
    """Return the demo platform's directory; the first call of a fresh checkout builds it."""
    return build_demo(_PLACE, progress=lambda step: None)


def copied_demo(place: Path) -> Path:
    """Copy the demo platform to `place`, without what was ever asked of it, and return `place`."""
    kept_back = shutil.ignore_patterns("journal.sqlite*", "dbt", "logs")
    return Path(shutil.copytree(demo_directory(), place, ignore=kept_back))
