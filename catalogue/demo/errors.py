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


class DemoNotInstalled(CatalogueError):
    """The demo's data or dbt are not installed."""

    code = "demo_not_installed"

    def __init__(self, missing: str) -> None:
        super().__init__(
            f"The demo needs more than is installed ({missing}). "
            "Install `data-platform-assistant[demo]`."
        )
        self.missing = missing


class NotADemo(CatalogueError):
    """A directory was named for the demo that holds something else."""

    code = "not_a_demo"

    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"{directory} holds files of another kind, so the demo is not built there. "
            "Name a new or an empty directory."
        )
        self.directory = directory
