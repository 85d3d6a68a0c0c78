"""Proposals for a dbt project: a patch that git takes, dbt parses and the assistant answers by."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.cli import main
from evals.platforms.dbt import run_dbt
from tests.newcomer_platforms import shop_directory

Captured = pytest.CaptureFixture[str]
COMMENT = "# agreed with the tea buyers in March"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tea shop whose marts carry a comment of the team."""
    place = tmp_path_factory.mktemp("drafts") / "shop"
    shutil.copytree(shop_directory(), place, ignore=shutil.ignore_patterns(".assistant"))
    marts = place / "models" / "marts" / "_marts.yml"
    marts.write_text(marts.read_text().replace("models:\n", f"models:\n  {COMMENT}\n", 1))
    return place


@pytest.fixture(scope="module")
def patched(project: Path) -> Path:
    """The copy with every proposal applied by git, and parsed by dbt."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        out = _drafted(project)
    (project / "drafts.patch").write_text(out)
    applied = subprocess.run(
        ["git", "apply", "--whitespace=error", "drafts.patch"],
        cwd=project,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(project.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert applied.returncode == 0, applied.stderr
    run_dbt(project, "run --select metricflow_time_spine", "parse")
    return project


def _drafted(project: Path) -> str:
    from assistant.catalogue_drafts import draft_files
    from assistant.journal import Asker

    with Assistant.open(project) as assistant:
        assistant.parts.rebuilds = False
        drafted = draft_files(
            assistant.parts,
            assistant.catalogue(),
            target="dbt",
            kinds=[],
            with_model=False,
            asker=Asker(user=None, role="reader"),
        )
    return "".join(file.patch for file in drafted.files)


def test_what_the_team_wrote_stays_and_proposals_stand_beside_it(patched: Path) -> None:
    marts = (patched / "models" / "marts" / "_marts.yml").read_text()
    assert COMMENT in marts
    assert "data_tests: [unique, not_null]" in marts
    assert "description: Identifies the order." in marts
    assert "accepted_values" in marts


def test_starter_metrics_are_declared_metrics_after_dbt_parse(patched: Path) -> None:
    with Assistant.open(patched) as assistant:
        assistant.parts.rebuilds = False
        from catalogue.builder import build

        build(assistant.parts.settings.sources())
        answer = assistant.ask("How many orders were there in March 2025?")
        stated = assistant.run(
            "SELECT count(*) AS n FROM main_marts.fct_orders"
            " WHERE ordered_on BETWEEN '2025-03-01' AND '2025-03-31'"
        )
    assert answer.table is not None
    assert list(answer.table.to_pylist()[0].values()) == [stated.table.to_pylist()[0]["n"]]
    assert answer.receipt.governed


def test_a_platform_without_dbt_is_told_where_proposals_go(
    tmp_path: Path, capsys: Captured
) -> None:
    import duckdb

    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute("CREATE TABLE customers AS SELECT i AS customer_id FROM range(60) r(i)")
    (tmp_path / "platform.toml").write_text('[warehouse]\npath = "x.duckdb"\n')
    draft = ["--platform", str(tmp_path), "catalogue", "draft"]
    assert main([*draft, "--to", "dbt"]) == 2
    assert "--to overlay" in capsys.readouterr().err
    assert main(draft) == 0
    shown = capsys.readouterr()
    assert "+    description: One row per customer." in shown.out
    assert not list(tmp_path.glob("*.yaml"))
    assert main([*draft, "--only", "docs", "--write"]) == 0
    assert "One row per customer." in next(tmp_path.rglob("*.yaml")).read_text()
