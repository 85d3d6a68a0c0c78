"""The README's commands run, and print what it says they print."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import duckdb
import pytest

from assistant.cli import main
from tests.demo import demo_directory

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
Captured = pytest.CaptureFixture[str]


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def _assistant_commands(block: str) -> list[list[str]]:
    words = [shlex.split(line) for line in block.splitlines()]
    return [line[1:] for line in words if Path(line[0]).name == "assistant"]


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in the checkout, where the README's reader stands, with the demo built."""
    assert demo_directory() == ROOT / ".assistant" / "demo"
    monkeypatch.chdir(ROOT)


def test_make_demo_runs_the_demo_command() -> None:
    # Inside `make check` the outer make hands its flags down; a reader's shell has none.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    words = ["make", "--dry-run", "--no-print-directory", "demo"]
    done = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ".venv/bin/assistant demo"
    assert "make demo" in _blocks("sh")[0].splitlines()


@pytest.mark.usefixtures("at_home")
def test_the_first_question_gets_the_answer_shown(capsys: Captured) -> None:
    (question,) = _assistant_commands(_blocks("sh")[0])
    assert main(question) == 0
    printed = capsys.readouterr().out
    for shown in (part.strip() for part in _blocks("text")[0].split("...\n")):
        assert shown.expandtabs() in printed.expandtabs()


@pytest.mark.usefixtures("at_home")
def test_the_python_lines_run(capsys: Captured) -> None:
    (code,) = _blocks("python")
    exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
    printed = capsys.readouterr().out
    assert "1,261" in printed
    assert "gold" in printed


def test_the_commands_for_own_data_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    with duckdb.connect("sales.duckdb") as warehouse:
        warehouse.execute("CREATE TABLE orders AS SELECT 'EU' AS region, 1 AS order_id")
    for words in _assistant_commands(_blocks("sh")[1]):
        assert main(words) == 0, words
    assert "EU\t1" in capsys.readouterr().out
