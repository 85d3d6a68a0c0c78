"""A suite names its platform: a directory, a bare DuckDB file, or what `--platform` says."""

from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from evals.cli import app
from evals.store import read_run
from tests.evals.little import SUITE, little

BARE = SUITE.replace("as_of: 2013-12-31\n", "")


def called(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def bare(directory: Path, name: str) -> Path:
    """Write a database that no platform.toml speaks of."""
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE sales AS FROM (VALUES (1, 40), (2, 2)) v(id, amount)")
    return path


def test_a_bare_database_is_named_beside_the_suite(tmp_path: Path) -> None:
    bare(tmp_path, "data/shop.duckdb")
    suite = tmp_path / "suites" / "shop.yaml"
    suite.parent.mkdir()
    suite.write_text(BARE.replace("platform: here", "platform: ../data/shop.duckdb"))
    result = called("run", suite, "--out", tmp_path / "out")
    assert result.exit_code in (0, 1), result.output
    gold = read_run(tmp_path / "out").records[0].golds[0]
    assert gold.rows == (({"decimal": "42"},),)


def test_a_bare_database_is_given_on_the_command_line(tmp_path: Path) -> None:
    suite = little(tmp_path, BARE.replace("platform: here\n", ""))
    assert "names no platform; name one with --platform" in called("run", suite).stderr
    database = bare(tmp_path, "shop.duckdb")
    result = called("run", suite, "--platform", database, "--out", tmp_path / "out")
    assert result.exit_code in (0, 1), result.output
    assert len(read_run(tmp_path / "out").records) == 2


def test_a_folder_of_data_is_a_platform(tmp_path: Path) -> None:
    suite = little(tmp_path, BARE.replace("platform: here", "platform: data"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sales.csv").write_text("id,amount\n1,40\n2,2\n", encoding="utf-8")
    result = called("run", suite, "--out", tmp_path / "out")
    assert result.exit_code in (0, 1), result.output
    assert read_run(tmp_path / "out").records[0].golds[0].rows == (({"decimal": "42"},),)


def test_a_suite_asks_while_the_warehouse_is_being_written(tmp_path: Path) -> None:
    suite = little(tmp_path)
    assert called("run", suite, "--out", tmp_path / "before").exit_code in (0, 1)
    with duckdb.connect(str(tmp_path / "here" / "w.duckdb")) as writing:
        writing.execute("BEGIN; INSERT INTO sales VALUES (3, 1000)")
        result = called("run", suite, "--out", tmp_path / "during")
    assert result.exit_code in (0, 1), result.output
    assert read_run(tmp_path / "during").records[0].golds[0].rows == (({"decimal": "42"},),)


@pytest.mark.parametrize("platform", [None, "demo", "ours"])
def test_a_new_suite_loads_runs_and_is_never_overwritten(
    tmp_path: Path, platform: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    little(tmp_path / "x").rename(tmp_path / "x.yaml")
    (tmp_path / "x" / "here").rename(tmp_path / "ours")
    named = ["--platform", platform] if platform else []
    result = called("new", "questions/suites/mine.yaml", *named)
    assert result.exit_code == 0, result.output
    assert result.stdout == "Wrote questions/suites/mine.yaml.\n"
    ran = called("run", "questions/suites/mine.yaml", "--platform", "ours", "--out", "out")
    assert ran.exit_code == 0, ran.output
    assert "1 refused rightly, 1 refused wrongly" in ran.stdout
    if platform == "ours":
        assert called("run", "questions/suites/mine.yaml", "--out", "again").exit_code == 0
    written = Path("questions/suites/mine.yaml").read_bytes()
    again = called("new", "questions/suites/mine.yaml")
    assert (again.exit_code, Path("questions/suites/mine.yaml").read_bytes()) == (2, written)
    assert "is there already; nothing was written" in again.stderr
