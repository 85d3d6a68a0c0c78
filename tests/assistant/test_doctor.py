"""`doctor`: what is wrong, what can be answered, what would help, and an exit code for CI."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.doctor import Check, Report, examine
from tests.assistant.drafting.chat_server import Canned, chat_server, completion
from tests.catalogue.folders import write_folder
from tests.catalogue.platforms import make_duckdb, set_age, write_dbt
from tests.demo import demo_directory

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    make_duckdb(tmp_path / "shop.duckdb")
    (tmp_path / "platform.toml").write_text('[warehouse]\npath = "shop.duckdb"\n')
    return tmp_path


def _add(place: Path, text: str) -> None:
    with (place / "platform.toml").open("a") as file:
        file.write(text)


def _check(report: Report, name: str) -> Check:
    return next(check for check in report.checks if check.name == name)


def test_the_demo_is_fine_and_its_examples_are_answered(capsys: Captured) -> None:
    assert main(["--platform", str(demo_directory()), "doctor"]) == 0
    said = capsys.readouterr().out
    assert "✓ policy:" in said
    assert "declared metrics, by" in said
    assert "For example\n  - " in said


def test_what_is_printed_as_json_is_the_same(shop: Path, capsys: Captured) -> None:
    assert main(["--platform", str(shop), "doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    names = [check["name"] for check in report["checks"]]
    assert names == ["versions", "warehouse", "disk", "model", "index", "policy"]
    assert report["fine"] is True
    assert len(report["fixes"]) == 3
    assert all(fix["step"] and fix["gain"] for fix in report["fixes"])
    assert "No metric is declared, so no number has an owner." in report["blocks"]


def _not_a_database(place: Path) -> None:
    (place / "shop.duckdb").write_bytes(b"garbage" * 999)
    set_age(place / "shop.duckdb", seconds=60)


def _no_manifest(place: Path) -> None:
    _add(place, '[catalogue]\ndbt = "target"\n')


def _bad_policy(place: Path) -> None:
    _add(place, '[access]\npolicy = "policy.yaml"\n')
    (place / "policy.yaml").write_text("default_role: nobody\nroles: {analyst: {}}\n")


def _no_model(place: Path) -> None:
    _add(place, '[model]\nname = "openai:x"\nbase_url = "http://127.0.0.1:9/v1"\n')


def _no_key(place: Path) -> None:
    _add(place, '[model]\nname = "openai:gpt-5.2"\n')


@pytest.mark.parametrize(
    ("damage", "name", "says"),
    [
        pytest.param(_not_a_database, "index", "is not a DuckDB file", id="garbage"),
        pytest.param(_no_manifest, "artifacts", "manifest.json is not there", id="no-manifest"),
        pytest.param(_bad_policy, "policy", "nobody", id="policy"),
        pytest.param(_no_model, "model", "cannot be reached", id="model"),
        pytest.param(_no_key, "model", "OPENAI_API_KEY", id="key"),
    ],
)
def test_what_blocks_is_1_and_is_the_first_fix(
    shop: Path, damage: Callable[[Path], None], name: str, says: str, capsys: Captured
) -> None:
    damage(shop)
    report = examine(shop, {})
    assert says in _check(report, name).said
    assert _check(report, name).status == "blocks"
    assert report.fixes[0].step == _check(report, name).step
    assert main(["--platform", str(shop), "doctor"]) == 1
    assert f"✕ {name}: " in capsys.readouterr().out


def test_without_a_platform_the_contracted_codes_hold(tmp_path: Path) -> None:
    assert main(["--platform", str(tmp_path / "nowhere"), "doctor"]) == 3
    (tmp_path / "platform.toml").write_text("[warehouse]\npth = 1\n")
    assert main(["--platform", str(tmp_path), "doctor"]) == 2


def test_a_model_that_answers_is_no_fault_and_is_asked_nothing(shop: Path) -> None:
    with chat_server(Canned(body=completion("{}"))) as server:
        _add(shop, f'[model]\nname = "openai:x"\nbase_url = "{server.url}"\n')
        report = examine(shop, {})
    assert _check(report, "model").status == "ok"
    assert server.bodies == []
    assert "Free questions, through openai:x." in report.ability.can


def test_a_writer_is_named_and_is_no_harm_to_a_copy(shop: Path) -> None:
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); input()"
    command = [sys.executable, "-c", code, str(shop / "shop.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        set_age(shop / "shop.duckdb", seconds=60)
        check = _check(examine(shop, os.environ), "warehouse")
        writer.communicate(b"\n")
    assert check.status == "ok"
    assert f"Process {writer.pid} has it open for writing" in check.said


def test_a_manifest_of_another_target_is_a_warning(shop: Path) -> None:
    node = {
        "resource_type": "model", "database": "prod", "schema": "gold", "name": "orders",
        "unique_id": "model.shop.orders", "alias": "orders",
    }  # fmt: skip
    write_dbt(shop / "target", nodes={"model.shop.orders": node})
    _add(shop, '[catalogue]\ndbt = "target"\n')
    check = _check(examine(shop, {}), "artifacts")
    assert check.status == "warning"
    assert "built for another target (database prod, not shop)" in check.said
    assert check.step.startswith("Run `dbt build`")


def test_files_left_out_and_columns_hidden_are_what_is_in_the_way(tmp_path: Path) -> None:
    root = write_folder(
        tmp_path / "in",
        {
            "people.csv": "id,email\n1,ada@example.org\n2,ben@example.org\n",
            "orders/1.csv": "id,amount\n1,5\n",
            "orders/2.csv": b"",
            "plan.xlsx": b"x",
        },
    )
    report = examine(root, {})
    blocks = " ".join(report.ability.blocks)
    assert "1 column may hold personal data and is hidden" in blocks
    said = _check(report, "files").said
    assert said.startswith("main.orders: orders/2.csv is left out: it is empty.")
    assert "1 file of other kinds (.xlsx)" in said
    assert report.fixes[0].step == _check(report, "files").step
    assert report.is_fine


def test_a_build_names_the_files_it_left_out(tmp_path: Path, capsys: Captured) -> None:
    bad: dict[str, str | bytes] = {f"bad{n}x.json": "{" for n in range(25)}
    root = write_folder(tmp_path / "in", {"good.csv": "id\n1\n", **bad})
    assert main(["--platform", str(root), "build"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("in: 1 table,")
    assert said.err.count("is left out: it is no readable JSON file.") == 20
    assert "And 5 more of the kind." in said.err
