"""`catalogue classify`: what is hidden is listed with evidence, confirmed and cleared."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assistant import Assistant
from assistant.cli import main

Captured = pytest.CaptureFixture[str]
POLICY = """\
default_role: analyst
users: {"sam@example.org": [steward]}
roles:
  steward: {}
  analyst: {classification: {mask: [personal], deny: [restricted]}}
"""


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "desk.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE tickets AS SELECT i AS k, 'ada' || i || '@example.org' AS c17, "
            "'DE' || i AS ref, 'open' AS state FROM range(30) AS t(i)"
        )
    return path


def called(capsys: Captured, platform: Path, *arguments: str) -> dict[str, Any]:
    command = ["--platform", str(platform), "catalogue", "classify", "--json", *arguments]
    assert main(command) == 0, capsys.readouterr()
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def columns_of(platform: Path) -> list[str]:
    with Assistant.open(platform) as assistant:
        return list(assistant.run("SELECT * FROM tickets LIMIT 1").table.column_names)


def test_a_bare_file_is_cleared_by_whoever_holds_it(bare: Path, capsys: Captured) -> None:
    (found,) = called(capsys, bare)["columns"]
    assert found["column"] == "c17"
    assert found["kind"] == "email"
    assert found["proposed"] == "personal"
    assert "@example" not in json.dumps(found)
    assert columns_of(bare) == ["k", "ref", "state"]
    before = bare.read_bytes()
    told = called(capsys, bare, "--clear", "tickets.c17")
    assert told["columns"] == []
    assert told["decided"] == {"main.tickets.c17": "internal"}
    assert Path(str(told["notes"])).is_relative_to(bare.parent / "cache")
    assert columns_of(bare) == ["k", "c17", "ref", "state"]
    assert bare.read_bytes() == before


def test_a_confirmed_column_follows_the_policy(
    bare: Path, tmp_path: Path, capsys: Captured
) -> None:
    root = tmp_path / "platform"
    root.mkdir()
    bare.rename(root / "desk.duckdb")
    (root / "policy.yaml").write_text(POLICY)
    notes = root / "notes.yaml"
    notes.write_text("terms: {desk: A place.}  # ours\n")
    (root / "platform.toml").write_text(
        '[warehouse]\npath = "desk.duckdb"\n[access]\npolicy = "policy.yaml"\n'
        '[catalogue]\noverlay = "notes.yaml"\n'
    )
    assert columns_of(root) == ["k", "ref", "state"]
    assert main(["--platform", str(root), "catalogue", "classify"]) == 2, "nobody is a steward"
    capsys.readouterr()
    told = called(capsys, root, "--user", "sam@example.org", "--confirm", "tickets.c17")
    assert told["decided"] == {"main.tickets.c17": "personal"}
    assert notes.read_text().startswith("terms: {desk: A place.}  # ours\n")
    with Assistant.open(root) as assistant:
        masked = assistant.run("SELECT DISTINCT c17 FROM tickets").table.to_pylist()
    assert masked == [{"c17": None}]
    called(capsys, root, "--user", "sam@example.org", "--confirm", "tickets.c17=restricted")
    assert columns_of(root) == ["k", "ref", "state"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--confirm", "tickets.c71"], 1, "Did you mean 'main.tickets.c17'"),
        (["--confirm", "tickets.c17=secret"], 2, "'secret'"),
        (["--confirm", "tickets.c17", "--clear", "tickets.c17"], 2, "one of the two"),
        (["--clear", "c17"], 1, "'c17'"),
    ],
)
def test_what_cannot_be_done_is_said(
    bare: Path, capsys: Captured, arguments: list[str], code: int, said: str
) -> None:
    assert main(["--platform", str(bare), "catalogue", "classify", *arguments]) == code
    assert said in capsys.readouterr().err
