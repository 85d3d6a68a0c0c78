"""`new`: the start of a suite of one's own."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from evals.cli.told import told
from evals.errors import BadRun

_SKELETON = Path(__file__).parent / "skeleton.yaml"


def write_suite(
    file: Annotated[Path, typer.Argument(help="The suite to write: a .yaml file, not yet there.")],
    platform: Annotated[
        Path | None, typer.Option(help="`demo`, or a path; absent: every run names one.")
    ] = None,
) -> None:
    """Write the skeleton of a suite; a file that is there is never touched."""
    with told():
        path = file if file.suffix in (".yaml", ".yml") else file.with_name(f"{file.name}.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8") as new:
                new.write(_skeleton(path, platform))
        except FileExistsError as error:
            raise BadRun(f"{path} is there already; nothing was written.") from error
    print(f"Wrote {path}.")
    asked = "" if platform else " --platform PATH"
    print(f"Edit it, then: python -m evals run {path}{asked}", file=sys.stderr)


def _skeleton(path: Path, platform: Path | None) -> str:
    name = re.sub(r"\W+", "_", path.stem)
    named = _beside(path, platform)
    return _SKELETON.read_text(encoding="utf-8").format(
        name=json.dumps(name),
        platform=f"platform: {json.dumps(named)}" if named else "# platform: ../ours",
        platform_words=named or "a platform",
    )


def _beside(path: Path, platform: Path | None) -> str:
    """Return the platform as the suite names it: relative to the suite's folder."""
    if platform is None or str(platform) == "demo":
        return str(platform or "")
    return os.path.relpath(platform.absolute(), path.absolute().parent)
