"""Bad input through the command line: one clear sentence and the contracted exit code."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from assistant.cli import main
from tests.assistant.drafting.chat_server import Canned, chat_server, completion
from tests.catalogue.folders import write_folder
from tests.catalogue.platforms import set_age
from tests.full_disk import full_disk

Captured = pytest.CaptureFixture[str]
Breaks = Callable[[Path], None]

_PLATFORM = """
[platform]
name = "shop"
[warehouse]
path = "shop.duckdb"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A small platform that works."""
    place = tmp_path / "shop"
    place.mkdir()
    with duckdb.connect(str(place / "shop.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE orders AS SELECT range AS id, 'EU' AS region FROM range(5)"
        )
    (place / "platform.toml").write_text(_PLATFORM)
    return place


def _fails(words: list[str], code: int, said: str, capsys: Captured) -> None:
    """Run, and expect one sentence with this text on stderr, after the steps of a first build."""
    assert main(words) == code
    error = capsys.readouterr().err
    assert "Traceback" not in error
    (sentence,) = [line for line in error.splitlines() if line.startswith("Error: ")]
    assert said in sentence
    assert error.strip().endswith(sentence)


def _settings(text: str) -> Breaks:
    def write(place: Path) -> None:
        (place / "platform.toml").write_text(_PLATFORM + text)

    return write


def _no_database(place: Path) -> None:
    (place / "shop.duckdb").unlink()


def _corrupt_database(place: Path) -> None:
    (place / "shop.duckdb").write_bytes(b"this is no database at all" * 500)


def _truncated_database(place: Path) -> None:
    whole = (place / "shop.duckdb").read_bytes()
    (place / "shop.duckdb").write_bytes(whole[: len(whole) // 3])


def _artifacts(name: str, text: str) -> Breaks:
    def write(place: Path) -> None:
        _settings('[catalogue]\ndbt = "target"\n')(place)
        (place / "target").mkdir()
        (place / "target" / name).write_text(text)

    return write


def _policy(text: str) -> Breaks:
    def write(place: Path) -> None:
        _settings('[access]\npolicy = "policy.yaml"\n')(place)
        (place / "policy.yaml").write_text(text)

    return write


@pytest.mark.parametrize(
    ("breaks", "code", "said"),
    [
        pytest.param(shutil.rmtree, 3, "there is no such file or directory", id="no platform"),
        pytest.param(_no_database, 3, "shop.duckdb", id="no database"),
        pytest.param(_corrupt_database, 3, "shop.duckdb", id="a corrupt database"),
        pytest.param(_truncated_database, 3, "shop.duckdb", id="a torn database"),
        pytest.param(_settings("[plattform]\n"), 2, "plattform", id="an unknown section"),
        pytest.param(_settings("[limits]\nrow = 3\n"), 2, "rows", id="an unknown key"),
        pytest.param(_settings("[limits\n"), 2, "platform.toml", id="no TOML"),
        pytest.param(_settings('[catalogue]\ndbt = "target"\n'), 3, "dbt", id="no artifacts"),
        pytest.param(
            _artifacts("manifest.json", '{"metadata": {'), 3, "manifest.json", id="a torn manifest"
        ),
        pytest.param(
            _artifacts(
                "manifest.json",
                json.dumps({"metadata": {"dbt_schema_version": "https://x/manifest/v99.json"}}),
            ),
            3,
            "v99",
            id="a manifest of an unknown version",
        ),
        pytest.param(
            _policy("default_role: a\nroles: {a: {tables: {allow: [main.nothing]}}}\n"),
            2,
            "main.nothing",
            id="an unknown table in the policy",
        ),
        pytest.param(
            _policy("default_role: b\nroles: {a: {}}\n"),
            2,
            "'b'",
            id="an unknown role in the policy",
        ),
        pytest.param(
            _policy("default_role: a\nusers: {anna: [king]}\nroles: {a: {}}\n"),
            2,
            "king",
            id="a user with an unknown role",
        ),
        pytest.param(
            _policy("default_role: a\nrolls: {}\n"), 2, "roles", id="an unknown policy key"
        ),
    ],
)
def test_a_broken_platform_is_told_in_one_sentence(
    breaks: Breaks, code: int, said: str, shop: Path, capsys: Captured
) -> None:
    breaks(shop)
    _fails(["--platform", str(shop), "ask", "How many orders?"], code, said, capsys)


def _encrypted(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET force_mbedtls_unsafe = 'true'")
        connection.execute(f"ATTACH '{path}' AS secret (ENCRYPTION_KEY 'k')")
        connection.execute("CREATE TABLE secret.orders AS SELECT 1 AS id; DETACH secret")


def _sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER)")
        connection.commit()


@pytest.mark.parametrize(
    ("write", "said"),
    [
        pytest.param(_encrypted, "is encrypted", id="encrypted"),
        pytest.param(_sqlite, "is a SQLite file", id="sqlite"),
        pytest.param(lambda path: path.write_bytes(b"PAR1" * 50), "is not a DuckDB", id="parquet"),
        pytest.param(Path.touch, "is empty, not a DuckDB", id="empty"),
    ],
)
def test_a_foreign_file_is_told_in_one_sentence(
    write: Breaks, said: str, tmp_path: Path, capsys: Captured
) -> None:
    write(tmp_path / "foreign.duckdb")
    set_age(tmp_path / "foreign.duckdb", seconds=60)
    _fails(["--platform", str(tmp_path / "foreign.duckdb"), "ask", "Orders?"], 3, said, capsys)
    made = tmp_path / "made"
    _fails(["init", str(tmp_path / "foreign.duckdb"), "--dir", str(made)], 3, said, capsys)
    assert not made.exists()


def test_a_folder_of_good_and_bad_files_answers_and_names_the_bad(
    tmp_path: Path, capsys: Captured
) -> None:
    """One broken Parquet file, one table of CSV files in three encodings, parts that differ."""
    lines = "id;city;amount\n1;Köln;1,50\n"
    root = write_folder(
        tmp_path / "data",
        {
            "orders_1.csv": lines.encode("utf-8-sig"),
            "orders_2.csv": lines.replace("1;", "2;", 1).encode("cp1252"),
            "orders_3.csv": lines.replace("1;", "3;", 1)
            .replace("id", "extra;id", 1)
            .encode("utf-16"),
            "orders_4.parquet": b"PAR1 and nothing",
            "orders_5.parquet": "SELECT 5::BIGINT AS id, 'Bonn' AS city, 2 AS amount",
        },
    )
    sql = "SELECT count(*) AS n, count(DISTINCT city) AS cities FROM orders"
    assert main(["--platform", str(root), "run", sql]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "3\t2"
    assert main(["--platform", str(root), "catalogue", "health"]) == 0
    shown = capsys.readouterr().out
    assert "orders_4.parquet" in shown
    assert "orders_3.csv" in shown


def test_a_state_that_may_not_be_written_is_told_in_one_sentence(
    shop: Path, capsys: Captured
) -> None:
    (shop / ".assistant").write_text("a file, where a directory should be")
    _fails(["--platform", str(shop), "ask", "Orders?"], 3, ".assistant", capsys)


@pytest.mark.parametrize("damage", ["full", "read only"])
def test_a_journal_that_cannot_be_written_is_told_in_one_sentence(
    shop: Path, damage: str, capsys: Captured
) -> None:
    assert main(["--platform", str(shop), "build"]) == 0
    capsys.readouterr()
    if damage == "full":
        with full_disk(at_bytes=4096):
            _fails(["--platform", str(shop), "ask", "How many orders?"], 3, "journal", capsys)
    else:
        (shop / ".assistant" / "journal.sqlite").mkdir()
        _fails(["--platform", str(shop), "ask", "How many orders?"], 3, "journal", capsys)


def test_a_locked_database_does_not_stop_the_first_answer_for_ever(
    shop: Path, capsys: Captured
) -> None:
    """A writer that holds the file is copied around once it rests."""
    with duckdb.connect(str(shop / "shop.duckdb")) as writer:
        writer.execute("CREATE TABLE later (id INTEGER)")
        writer.execute("CHECKPOINT")
        assert main(["--platform", str(shop), "run", "SELECT count(*) AS n FROM main.orders"]) == 0
    assert "5" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("question", "code", "said"),
    [
        pytest.param("", 2, "empty", id="empty"),
        pytest.param("x" * 1_000_000, 2, "1,000,000 characters", id="one megabyte"),
        pytest.param("¿Cuántos pedidos hubo ayer?", 1, "Not understood", id="Spanish"),
        pytest.param("SELECT * FROM main.orders", 1, "assistant run", id="SQL"),
    ],
)
def test_a_bad_question_is_told_in_one_sentence(
    question: str, code: int, said: str, shop: Path, capsys: Captured
) -> None:
    assert main(["--platform", str(shop), "ask", question]) == code
    shown = capsys.readouterr()
    assert said in shown.out + shown.err
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    ("canned", "said"),
    [
        pytest.param(Canned(status=401, body=b"{}"), "key", id="401"),
        pytest.param(
            Canned(status=429, body=b"{}", headers={"Retry-After": "0"}), "rate limit", id="429"
        ),
        pytest.param(Canned(status=500, body=b"{}"), "failed", id="500"),
        pytest.param(Canned(body=b"not json"), "repl", id="malformed"),
        pytest.param(Canned(body=completion("")), "empty", id="empty"),
        pytest.param(
            Canned(body=completion('{"action":', finish_reason="length")), "cut", id="cut off"
        ),
    ],
)
def test_a_broken_model_is_told_in_one_sentence(
    canned: Canned, said: str, shop: Path, capsys: Captured
) -> None:
    with chat_server(canned) as server:
        _settings(f'[model]\nname = "openai:tiny"\nbase_url = "{server.url}"\n')(shop)
        code = main(["--platform", str(shop), "ask", "What do customers dream of?", "--json"])
    shown = capsys.readouterr()
    assert code == 3
    assert said in json.loads(shown.out)["error"]["message"].lower()


def test_a_model_nobody_serves_is_told_in_one_sentence(shop: Path, capsys: Captured) -> None:
    _settings('[model]\nname = "openai:tiny"\nbase_url = "http://127.0.0.1:9/v1"\n')(shop)
    _fails(["--platform", str(shop), "ask", "What is a dream?"], 3, "127.0.0.1:9", capsys)
