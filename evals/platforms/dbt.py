"""Runs dbt in a project's directory, in a process of its own that holds the file no longer.

Run as `python -m evals.platforms.dbt COMMAND…`: one process for several commands, since starting
dbt costs more than its work.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


class DbtFailed(Exception):
    """A dbt command failed; `output` is all that dbt said."""

    def __init__(self, commands: Sequence[str], output: str) -> None:
        last = "\n".join(output.splitlines()[-15:])
        super().__init__(f"dbt {', '.join(commands)} failed. Its last lines:\n{last}")
        self.output = output


def run_dbt(project: Path, *commands: str) -> str:
    """Run commands one after the other and return what dbt said; raise DbtFailed."""
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-m", __name__, *commands],
        cwd=project,
        env=os.environ
        | {
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DBT_USE_COLORS": "false",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DbtFailed(commands, done.stdout)
    return done.stdout


def _main(commands: Sequence[str]) -> int:
    from dbt.cli.main import dbtRunner

    for command in commands:
        outcome = dbtRunner().invoke([*command.split(), "--profiles-dir", "."])
        if not outcome.success:
            print(outcome.exception or f"{command} failed")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(_main(sys.argv[1:]))
