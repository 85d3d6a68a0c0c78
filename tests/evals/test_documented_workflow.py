"""The workflow that docs/evals.md tells users to copy: every command in it runs."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.evals.little import SUITE, little

ROOT = Path(__file__).parents[2]
SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
"""How a workflow runs a step."""


def workflow() -> dict[str, Any]:
    text = (ROOT / "docs" / "evals.md").read_text(encoding="utf-8")
    (block,) = (b for b in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "jobs:" in b)
    parsed: dict[str, Any] = yaml.safe_load(block)
    return parsed


def step(command: str, home: Path) -> None:
    """Run a step in a checkout that holds a platform and a suite, with our Python first."""
    variables = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "GITHUB_STEP_SUMMARY": str(home / "summary.md"),
    }
    done = subprocess.run(
        [*SHELL, command], cwd=home, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def test_every_command_of_the_workflow_runs(tmp_path: Path) -> None:
    suites = tmp_path / "evals" / "suites"
    suites.mkdir(parents=True)
    little(tmp_path / "made", SUITE.replace("platform: here\n", "")).rename(suites / "mine.yaml")
    (tmp_path / "made" / "here").rename(tmp_path / "platform")
    ((_, job),) = workflow()["jobs"].items()
    commands = [each["run"] for each in job["steps"] if "python -m evals" in each.get("run", "")]
    assert [re.findall(r"evals (\w+)", each)[0] for each in commands] == ["run", "report", "gate"]
    step(commands[0], tmp_path)
    step("python -m evals gate run --accept", tmp_path)
    assert (tmp_path / "evals" / "baselines" / "little.json").exists()
    for command in commands[1:]:
        step(command, tmp_path)
    assert "as it should be" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert {"junit.xml", "run.html"} <= {path.name for path in (tmp_path / "run").iterdir()}
