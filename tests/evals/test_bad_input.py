"""Bad suites through the command: one sentence, exit code 2, nothing asked and nothing written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli import app
from tests.evals.little import SUITE, little

GOLD = "gold: {sql: SELECT sum(amount) AS amount FROM main.sales}"
BROKEN: dict[str, tuple[Callable[[str], str], str]] = {
    "broken YAML": (lambda text: text.replace("tags: [sum]", "tags: [sum"), "is not YAML"),
    "an unknown key": (lambda text: text.replace("tags: [sum]", "tag: [sum]"), "'total': tag: is"),
    "missing gold": (
        lambda text: text.replace(f"    {GOLD}\n", ""),
        "case 'total': a case that may be answered needs gold",
    ),
    "gold that fails": (
        lambda text: text.replace("sum(amount)", "sum(price)"),
        "The gold of case 'total' fails: Binder Error: Referenced column \"price\" not found",
    ),
    "gold that is no SQL": (
        lambda text: text.replace("SELECT sum", "SELEKT sum"),
        "The gold of case 'total' fails: Parser Error",
    ),
    "gold without rows": (
        lambda text: text.replace("main.sales}", "main.sales WHERE false GROUP BY id}"),
        "The gold of case 'total' returns no rows",
    ),
    "an unknown role": (
        lambda text: text.replace("tags: [sum]", "role: pilot"),
        "case 'total': No role named 'pilot'",
    ),
    "an unknown table": (
        lambda text: text.replace("tables: main.sales", "tables: main.sails"),
        "case 'total': tables: the warehouse holds no 'main.sails'.",
    ),
    "an unknown column": (
        lambda text: text.replace("tags: [sum]", "columns: [sales.amount, sales.price]"),
        "case 'total': columns: the warehouse holds no 'sales.price'.",
    ),
    "no cases": (
        lambda text: f"{text.split('cases:')[0]}cases: []\n",
        "cases: needs at least 1 item.",
    ),
    "an empty file": (lambda _: "", "is empty"),
    "another clock": (lambda text: text.replace("2013-12-31", "2020-01-01"), "asks as of 2020"),
}


@pytest.mark.parametrize(("breaks", "problem"), BROKEN.values(), ids=BROKEN)
def test_a_bad_suite_is_said_in_one_sentence(
    tmp_path: Path, breaks: Callable[[str], str], problem: str
) -> None:
    suite = little(tmp_path, breaks(SUITE))
    out = tmp_path / "out"
    result = CliRunner().invoke(app, ["run", str(suite), "--out", str(out)])
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith(f"Error: {suite}:")
    assert problem in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""
    assert not out.exists()


@pytest.mark.parametrize("command", ["report", "compare", "gate"])
def test_a_directory_that_is_no_run_is_said(tmp_path: Path, command: str) -> None:
    places = [str(tmp_path / "none")] * (2 if command == "compare" else 1)
    result = CliRunner().invoke(app, [command, *places])
    assert result.exit_code == 2
    assert "holds no records of a run" in result.stderr
