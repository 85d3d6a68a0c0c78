"""Runs dbt for the demo, step after step in one process: starting dbt costs more than its work.

Run as `python -m catalogue.demo.dbt_steps PROJECT TARGET`; NYC_FLIGHTS_DUCKDB names the warehouse.
Prints one line `step <name>` before each step on stdout; dbt's own output goes to stderr.
Tests come last: every dbt command overwrites run_results.json, and only theirs are evidence.
"""

import sys
from contextlib import redirect_stdout
from dataclasses import dataclass

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest


@dataclass(frozen=True, kw_only=True)
class Step:
    """One dbt command; `may_fail` where its findings are judged by the caller."""

    name: str
    command: tuple[str, ...]
    may_fail: bool = False


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
    Step(name="documentation", command=("docs", "generate", "--no-compile")),
    Step(name="freshness", command=("source", "freshness"), may_fail=True),
    Step(name="tests", command=("test",), may_fail=True),
)


def run(project: str, target: str) -> int:
    """Run all steps; return 0, or 1 at the first that failed."""
    options = ["--project-dir", project, "--profiles-dir", project, "--target-path", target]
    say = sys.stdout
    manifest: Manifest | None = None
    for step in STEPS:
        print(f"step {step.name}", file=say, flush=True)
        with redirect_stdout(sys.stderr):
            outcome = dbtRunner(manifest=manifest).invoke([*step.command, *options])
        if outcome.exception or not (outcome.success or step.may_fail):
            print(f"{step.name}: {outcome.exception or 'failed'}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(run(*sys.argv[1:3]))
