"""`python -m evals run`: what cannot be run is said in one sentence, with its exit code."""

from pathlib import Path

import duckdb
from typer.testing import CliRunner

from evals.cli import app

SUITE = """suite: s
platform: here
as_of: 2013-12-31
cases:
  - {id: a, question: q, expect: refuse, tags: [absent]}
"""


def written(directory: Path) -> Path:
    """Write a suite and, beside it, the platform it names, with another clock."""
    platform = directory / "here"
    platform.mkdir()
    duckdb.connect(str(platform / "w.duckdb")).close()
    settings = '[platform]\nname = "x"\nas_of = 2014-01-01\n[warehouse]\npath = "w.duckdb"\n'
    (platform / "platform.toml").write_text(settings, encoding="utf-8")
    suite = directory / "s.yaml"
    suite.write_text(SUITE, encoding="utf-8")
    return suite


def test_an_absent_suite_is_a_usage_error() -> None:
    result = CliRunner().invoke(app, ["run", "no_such_suite"])
    assert result.exit_code == 2
    assert "nyc_flights" in result.stderr


def test_another_clock_than_the_suite_asks_at_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["run", str(written(tmp_path))])
    assert result.exit_code == 2
    assert "the platform's clock stands at 2014-01-01" in result.stderr


def test_an_unknown_tag_is_refused_and_the_tags_are_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["run", str(written(tmp_path)), "--tag", "absnt"])
    assert result.exit_code == 2
    assert "Tags: absent" in result.stderr


def test_an_absent_platform_is_out_of_reach(tmp_path: Path) -> None:
    suite = written(tmp_path)
    result = CliRunner().invoke(app, ["run", str(suite), "--platform", str(tmp_path / "nowhere")])
    assert result.exit_code == 3
    assert result.stderr.startswith("Error: ")
