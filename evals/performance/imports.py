"""What it costs to import the assistant and to print its help, in CPU seconds.

Each measurement is a fresh interpreter: `python -m evals.performance.imports`.
"""

import os
import statistics
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

LIMIT_S = 0.5
REPEATS = 5


def commands() -> dict[str, list[str]]:
    """Return what is measured: a name and its command line."""
    script = Path(sysconfig.get_path("scripts")) / "assistant"
    shown = [str(script)] if script.exists() else [sys.executable, "-m", "assistant"]
    return {
        "import assistant": [sys.executable, "-c", "import assistant"],
        "assistant --help": [*shown, "--help"],
    }


def cpu_seconds(command: Sequence[str]) -> float:
    """Run a command to its end and return its user and system time."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system


def main() -> int:
    """Print the median of each and return 1 where one is above the limit."""
    worst = 0.0
    for name, command in commands().items():
        seconds = statistics.median(cpu_seconds(command) for _ in range(REPEATS))
        worst = max(worst, seconds)
        print(f"{name}: {seconds:.3f} s of CPU (limit {LIMIT_S} s)")
    return int(worst > LIMIT_S)


if __name__ == "__main__":
    sys.exit(main())
