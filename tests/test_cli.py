"""The command line: what it prints where, and with which exit code."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from assistant.cli import main
from assistant.cli.failures import describe
from assistant.cli.server import command, refuse_unsafe
from assistant.errors import BadSettings
from assistant.loopback import is_loopback
from assistant.settings import Settings
from catalogue import errors as catalogue_errors
from tests.demo import demo_directory

Captured = pytest.CaptureFixture[str]
COMMANDS = (
    "ask",
    "audit",
    "build",
    "catalogue",
    "check",
    "demo",
    "doctor",
    "init",
    "receipt",
    "run",
    "search",
    "serve",
    "sql",
)
TRAPS = ("feedback", "draft", "export")
MORE_THAN_A_PIPE_HOLDS = 100_000


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small platform: one table, three rows, no dbt, no metrics, no model."""
    root = tmp_path_factory.mktemp("shop")
    with duckdb.connect(root / "shop.duckdb") as warehouse:
        warehouse.execute(
            "CREATE TABLE orders AS SELECT * FROM (VALUES "
            "(1, 'EU', 10.50::DECIMAL(9, 2)), (2, 'US', NULL), (3, 'EU', 2.25)"
            ") t(order_id, region, amount)"
        )
    (root / "platform.toml").write_text('[warehouse]\npath = "shop.duckdb"\n')
    return root


def test_help_lists_the_contracted_commands_and_no_stubs(capsys: Captured) -> None:
    assert main(["--help"]) == 0
    listed = {
        line.split()[0]
        for line in capsys.readouterr().out.partition("Commands:")[2].splitlines()
        if line.strip()
    }
    assert listed == set(COMMANDS)
    assert listed.isdisjoint(TRAPS)


@pytest.mark.parametrize("name", ["ask", "sql", "check", "run", "search"])
def test_commands_that_read_data_take_role_user_and_json(name: str, capsys: Captured) -> None:
    assert main([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert all(flag in shown for flag in ("--role", "--user", "--json"))


@pytest.mark.parametrize("words", [["chek"], ["check"], ["--nonsense"], ["search", "x", "-k", "0"]])
def test_wrong_usage_is_2_and_says_so_on_stderr(words: list[str], capsys: Captured) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Error: " in said.err


def test_wrong_usage_with_json_is_an_error_record(capsys: Captured) -> None:
    assert main(["check", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "usage"


@pytest.mark.parametrize(
    ("platform", "code", "exit_code"),
    [
        pytest.param("nowhere", "platform_not_found", 3, id="nowhere"),
        pytest.param("empty", "platform_not_found", 3, id="no-platform-toml"),
        pytest.param("misspelt", "bad_settings", 2, id="unknown-key"),
        pytest.param("gone", "warehouse_unavailable", 3, id="missing-file"),
        pytest.param("junk.duckdb", "warehouse_unavailable", 3, id="corrupt-file"),
    ],
)
def test_a_platform_that_cannot_be_opened_is_one_sentence(
    tmp_path: Path, platform: str, code: str, exit_code: int, capsys: Captured
) -> None:
    for name in ("empty", "misspelt", "gone"):
        (tmp_path / name).mkdir()
    (tmp_path / "misspelt" / "platform.toml").write_text('[warehouse]\npth = "x"\n')
    (tmp_path / "gone" / "platform.toml").write_text('[warehouse]\npath = "x.duckdb"\n')
    (tmp_path / "junk.duckdb").write_bytes(b"this is no database" * 1000)
    words = ["--platform", str(tmp_path / platform), "run", "SELECT 1 AS one"]
    assert main(words) == exit_code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in said.err
    assert main([*words, "--json"]) == exit_code
    assert json.loads(capsys.readouterr().out)["error"]["code"] == code


def test_without_any_platform_the_way_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", "SELECT 1"]) == 3
    assert "assistant demo" in capsys.readouterr().err


def test_run_prints_the_contracted_record(shop: Path, capsys: Captured) -> None:
    query = "SELECT region, sum(amount) AS total FROM orders GROUP BY region ORDER BY region"
    assert main(["--platform", str(shop), "run", query, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert set(record) == {"sql", "columns", "rows", "truncated"}
    assert [column["name"] for column in record["columns"]] == ["region", "total"]
    assert record["rows"] == [["EU", "12.75"], ["US", None]]
    assert record["truncated"] is False


def test_run_prints_tabs_where_nobody_looks(shop: Path, capsys: Captured) -> None:
    query = "SELECT order_id, amount FROM orders ORDER BY order_id"
    assert main(["--platform", str(shop), "run", query]) == 0
    assert capsys.readouterr().out == "order_id\tamount\n1\t10.50\n2\t\n3\t2.25\n"


def test_run_reads_sql_from_stdin(shop: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "--platform", str(shop), "run", "-"],
        input="SELECT count(*) AS n FROM orders",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "n\n3\n"), done.stderr


def test_check_allows_with_the_sql_that_would_run(shop: Path, capsys: Captured) -> None:
    assert main(["--platform", str(shop), "check", "SELECT region FROM orders", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["allowed"] is True
    assert "orders" in record["sql"]


def test_check_refuses_with_the_rule(shop: Path, capsys: Captured) -> None:
    assert main(["--platform", str(shop), "check", "DROP TABLE orders", "--json"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert set(record) == {"allowed", "rule", "message"}
    assert record["allowed"] is False


def test_run_of_what_is_refused_is_an_error(shop: Path, capsys: Captured) -> None:
    assert main(["--platform", str(shop), "run", "DROP TABLE orders", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "query_rejected"
    assert main(["--platform", str(shop), "run", "DROP TABLE orders"]) == 1
    assert capsys.readouterr().out == ""


def test_search_prints_hits(shop: Path, capsys: Captured) -> None:
    assert main(["--platform", str(shop), "search", "orders by region", "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)["hits"]
    assert hits
    assert set(hits[0]) == {"kind", "name", "score", "why"}
    assert "main.orders" in {hit["name"] for hit in hits}


@pytest.mark.parametrize("name", ["ask", "sql"])
def test_what_cannot_be_answered_is_1(name: str, shop: Path, capsys: Captured) -> None:
    words = ["--platform", str(shop), name, "What is the meaning of life?", "--json"]
    assert main(words) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["kind"] == "refused"
    assert record["refusal"]["reason"]


def test_an_empty_question_is_2(shop: Path, capsys: Captured) -> None:
    assert main(["--platform", str(shop), "ask", "  ", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "bad_question"


def test_an_unknown_role_is_2(shop: Path, capsys: Captured) -> None:
    words = ["--platform", str(shop), "run", "SELECT 1", "--role", "emperor", "--json"]
    assert main(words) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "unknown_role"


def test_catalogue_lists_shows_and_judges(shop: Path, capsys: Captured) -> None:
    platform = ["--platform", str(shop), "catalogue"]
    assert main([*platform, "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [table["name"] for table in listed["tables"]] == ["main.orders"]
    assert main([*platform, "show", "orders", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [column["name"] for column in shown["columns"]] == ["order_id", "region", "amount"]
    assert main([*platform, "health"]) == 0
    assert "main.orders\tunknown" in capsys.readouterr().out


def test_the_health_of_one_table_is_told_with_its_history(shop: Path, capsys: Captured) -> None:
    assert main(["--platform", str(shop), "catalogue", "health", "orders", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "name": "main.orders",
        "health": "unknown",
        "reasons": [],
        "history": [],
        "usual_days_to_fix": None,
    }
    demo = ["--platform", str(demo_directory()), "catalogue", "health"]
    assert main([*demo, "gold.fct_flights", "--json"]) == 0
    failing = json.loads(capsys.readouterr().out)["history"]
    assert {each["column"] for each in failing} >= {"tail_number"}
    assert {(each["fixed"], each["days"]) for each in failing} == {(None, None)}


def test_catalogue_show_of_an_unknown_name_is_1(shop: Path, capsys: Captured) -> None:
    assert main(["--platform", str(shop), "catalogue", "show", "order"]) == 1
    assert "main.orders" in capsys.readouterr().err


def test_build_reports_what_it_holds(shop: Path, capsys: Captured) -> None:
    assert main(["--platform", str(shop), "build"]) == 0
    said = capsys.readouterr()
    assert said.out.strip().endswith("1 table, 0 metrics, 6 more inferred.")
    assert said.err


def test_an_interrupt_is_130(shop: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "assistant", "--platform", str(shop), "run", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with running:
        assert running.stdin is not None
        running.stdin.write("-" * MORE_THAN_A_PIPE_HOLDS)
        running.stdin.flush()  # returns once the command has begun to read
        time.sleep(0.5)  # for it to wait for more
        running.send_signal(signal.SIGINT)
        said = running.stderr.read() if running.stderr else ""
    assert running.returncode == 130
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (catalogue_errors.UnknownRole("x"), 2),
        (catalogue_errors.RoleNotAllowed("x", None), 2),
        (catalogue_errors.BadPolicy(Path("policy.yaml"), "is wrong"), 2),
        (catalogue_errors.BadArtifact(Path("manifest.json"), "is truncated"), 3),
        (catalogue_errors.WarehouseUnavailable("gone"), 3),
        (catalogue_errors.IndexUnavailable("gone"), 3),
        (catalogue_errors.UnknownTable("x"), 1),
        (catalogue_errors.BadMetricQuery("no"), 1),
        (BadSettings("no"), 2),
        (PermissionError(13, "Permission denied", "/x"), 3),
        (KeyboardInterrupt(), 130),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_failure_has_its_exit_code(error: BaseException, exit_code: int) -> None:
    assert describe(error)[0] == exit_code


def test_a_bug_is_one_sentence_and_a_private_file() -> None:
    exit_code, code, message = describe(ZeroDivisionError("secret row"))
    assert (exit_code, code) == (1, "internal")
    assert "secret row" not in message
    log = Path(message.rsplit(" ", 1)[1].rstrip("."))
    assert "secret row" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0
    os.unlink(log)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_serve_refuses_to_leave_the_machine(host: str, shop: Path, capsys: Captured) -> None:
    assert not is_loopback(host)
    assert main(["--platform", str(shop), "serve", "--host", host]) == 2
    assert "sign-in" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_serve_stays_on_loopback(host: str, shop: Path) -> None:
    refuse_unsafe(Settings.open(shop), host=host, any_role=True)
    words = command(host, 8501)
    assert f"--server.address={host}" in words
    assert "--browser.gatherUsageStats=false" in words
    assert "--server.headless=true" in words


def test_any_role_is_for_loopback_only(shop: Path) -> None:
    with pytest.raises(BadSettings, match="loopback only"):
        refuse_unsafe(Settings.open(shop), host="0.0.0.0", any_role=True)


def test_on_a_terminal_rows_are_a_table_as_people_read_it(shop: Path) -> None:
    terminal, other_end = os.openpty()
    query = "SELECT region, amount, order_id * 1000 AS big FROM orders ORDER BY order_id"
    subprocess.run(
        [sys.executable, "-m", "assistant", "--platform", str(shop), "run", query],
        stdout=other_end,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "NO_COLOR": "1", "TERM": "dumb"},
        check=True,
    )
    os.close(other_end)
    lines = os.read(terminal, 10_000).decode().splitlines()
    os.close(terminal)
    assert [line.split() for line in lines] == [
        ["region", "amount", "big"],
        ["EU", "10.5", "1,000"],
        ["US", "no", "value", "2,000"],
        ["EU", "2.25", "3,000"],
    ]
    assert len({len(line.rstrip()) for line in lines}) == 1
