"""The wheel holds everything: installed alone, outside the checkout, it runs."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the checkout, without the network."""
    target = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment of its own that sees the locked dependencies."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "venv", with_pip=False, symlinks=True)
    python = home / "venv" / "bin" / "python"
    uv = Path(sysconfig.get_path("scripts")) / "uv"
    install = [uv, "pip", "install", "--python", python, "--no-deps", "--no-index", "--offline"]
    subprocess.run([*map(str, install), str(wheel)], check=True, capture_output=True)
    site = Path(
        _run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], home)
    )
    # Plain paths in a .pth file add directories but do not follow the checkout's own .pth file.
    (site / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home


def _run(command: Sequence[str | Path], home: Path) -> str:
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=home, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "name",
    [
        "app.py",
        ".streamlit/config.toml",
        "assistant/cli/__init__.py",
        "catalogue/demo/project/dbt_project.yml",
        "catalogue/weights/tokenizer.json",
        "catalogue/weights/NOTICE",
        "evals/suites/nyc_flights.yaml",
    ],
)
def test_the_wheel_holds(name: str, wheel: Path) -> None:
    assert name in zipfile.ZipFile(wheel).namelist()


def test_the_wheel_holds_every_data_file_of_the_packages(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    tracked = _run(["git", "ls-files", "assistant", "catalogue", "evals"], ROOT).splitlines()
    assert [name for name in tracked if name not in held] == []


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    packages = {"app.py", ".streamlit", "assistant", "catalogue", "evals"}
    assert {top for top in tops if not top.endswith(".dist-info")} == packages


def test_the_installed_command_runs_outside_the_checkout(installed: Path) -> None:
    command = installed / "venv" / "bin" / "assistant"
    assert "Commands:" in _run([command, "--help"], installed)
    where = _run(
        [
            installed / "venv" / "bin" / "python",
            "-c",
            "import assistant; print(assistant.__file__)",
        ],
        installed,
    )
    assert where.startswith(str(installed))


def test_the_installed_command_answers_from_a_bare_file(installed: Path) -> None:
    python = installed / "venv" / "bin" / "python"
    make = "import duckdb; duckdb.connect('t.duckdb').execute('CREATE TABLE t AS SELECT 42 AS n')"
    _run([python, "-c", make], installed)
    command = installed / "venv" / "bin" / "assistant"
    said = _run([command, "--platform", "t.duckdb", "run", "SELECT n FROM t"], installed)
    assert said == "n\n42"


def test_the_installed_page_is_found(installed: Path) -> None:
    python = installed / "venv" / "bin" / "python"
    code = "from assistant.cli.server import command; print(command('127.0.0.1', 1)[4])"
    page = Path(_run([python, "-c", code], installed))
    assert page.is_file()
    assert page.is_relative_to(installed)
