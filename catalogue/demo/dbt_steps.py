"""Runs dbt for the demo, step after step in one process: starting dbt costs more than its work.

Run as `python -m catalogue.demo.dbt_steps PROJECT TARGET`; NYC_FLIGHTS_DUCKDB names the warehouse.
Prints one line `step <name>` before each step on stdout; dbt's own output goes to stderr.
Every dbt command overwrites the artifacts of the one before it. Freshness and tests write beside
the others, so that the manifest keeps the compiled models; their results are then put into TARGET.
"""

import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from dbt.cli.main import dbtRunner


@dataclass(frozen=True, kw_only=True)
class Step:
    """One dbt command; `may_fail` where its findings are judged by the caller."""

    name: str
    command: tuple[str, ...]
    may_fail: bool = False
    artifacts: str = ""
    """Folder inside the target for what the command writes."""


CHECKED = "checked"
EVIDENCE = ("run_results.json", "sources.json")
STEPS = (
    Step(
        name="models",
        command=(
            "build",
            "--exclude-resource-type",
            "test",
            "--exclude-resource-type",
            "unit_test",
        ),
    ),
    Step(name="documentation", command=("docs", "generate")),
    Step(name="freshness", command=("source", "freshness"), may_fail=True, artifacts=CHECKED),
    Step(name="tests", command=("test",), may_fail=True, artifacts=CHECKED),
)


def run(project: Path, target: Path) -> int:
    """Run all steps; return 0, or 1 at the first that failed."""
    say = sys.stdout
    for step in STEPS:
        print(f"step {step.name}", file=say, flush=True)
        with redirect_stdout(sys.stderr):
            outcome = dbtRunner().invoke(
                [*step.command, *_options(project, target / step.artifacts)]
            )
        if outcome.exception or not (outcome.success or step.may_fail):
            print(f"{step.name}: {outcome.exception or 'failed'}", file=sys.stderr)
            return 1
    for name in EVIDENCE:
        (target / CHECKED / name).replace(target / name)
    rmtree(target / CHECKED)
    return 0


def _options(project: Path, target: Path) -> list[str]:
    return [
        *("--project-dir", str(project), "--profiles-dir", str(project)),
        *("--target-path", str(target.absolute())),
    ]


if __name__ == "__main__":
    raise SystemExit(run(Path(sys.argv[1]), Path(sys.argv[2])))
