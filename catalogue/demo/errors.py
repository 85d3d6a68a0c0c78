"""Errors of building the demo platform."""

from pathlib import Path

from catalogue.errors import CatalogueError


class DemoBuildFailed(CatalogueError):
    """A step of the demo build failed; `log` holds what the step's tools said."""

    code = "demo_build_failed"

    def __init__(self, step: str, log: Path, *, reason: str = "") -> None:
        because = f": {reason}" if reason else ""
        super().__init__(f"The demo build failed at step {step!r}{because}. Its log is {log}.")
        self.step = step
        self.log = log
        self.reason = reason
