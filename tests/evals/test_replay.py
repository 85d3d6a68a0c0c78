"""Recording a model over real HTTP, then replaying it with no model there."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evals.cli import app
from evals.record import Record
from evals.store import read_run
from tests.assistant.drafting.chat_server import Canned, chat_server, completion
from tests.evals.little import SUITE, little

TOTAL = {"reply": {"action": "sql", "sql": "SELECT sum(s.amount) AS total FROM main.sales AS s"}}
RAIN = {"reply": {"action": "refuse", "reason": "No forecast.", "missing": ["forecast"]}}
REPLIES = [Canned(body=completion(json.dumps(reply))) for reply in (TOTAL, RAIN)]


def called(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def recorded(directory: Path, *, replies: list[Canned] = REPLIES, expects: int = 0) -> Path:
    """Record the little suite and return its file."""
    suite = little(directory)
    with chat_server(*replies) as server:
        result = called(
            "record", suite, "--model", "openai:tiny", "--base-url", server.url, "--out",
            directory / "recorded",
        )  # fmt: skip
    assert result.exit_code == expects, result.output
    return suite


def verdicts(directory: Path) -> list[tuple[object, ...]]:
    def of(record: Record) -> tuple[object, ...]:
        return (*record.key, record.outcome, record.why, record.sql, record.answer, record.usage)

    return [of(record) for record in read_run(directory).records]


@pytest.fixture(autouse=True)
def _without_loopback_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "local")


def test_a_replay_gives_the_verdicts_of_the_recording(tmp_path: Path) -> None:
    suite = recorded(tmp_path)
    result = called("run", suite, "--replay", "--out", tmp_path / "replayed")
    assert result.exit_code == 0, result.output
    assert "1 right, 1 refused rightly" in result.stdout
    assert verdicts(tmp_path / "replayed") == verdicts(tmp_path / "recorded")
    kept = read_run(tmp_path / "replayed").records[0]
    assert (kept.usage.model, kept.usage.input_tokens, kept.tables) == (
        "openai:tiny", 120, ("main.sales",),
    )  # fmt: skip
    assert kept.hits is not None
    assert "main.sales" in [hit.name for hit in kept.hits]


def test_a_model_that_gives_no_fitting_reply_is_replayed_as_the_same_error(tmp_path: Path) -> None:
    cut = Canned(body=completion('{"reply": {"act', finish_reason="length"))
    suite = recorded(tmp_path, replies=[cut, REPLIES[1]], expects=1)
    assert called("run", suite, "--replay", "--out", tmp_path / "replayed").exit_code == 1
    again, before = verdicts(tmp_path / "replayed"), verdicts(tmp_path / "recorded")
    assert [each[4:6] for each in again] == [each[4:6] for each in before]
    assert again[0][4] == "error"


def test_a_cassette_of_another_prompt_is_an_error_that_shows_the_change(tmp_path: Path) -> None:
    suite = recorded(tmp_path)
    text = SUITE.replace("How much did we sell altogether?", "How much did we sell in total?")
    suite.write_text(text, encoding="utf-8")
    result = called("run", suite, "--replay", "--out", tmp_path / "replayed")
    assert result.exit_code == 1
    record = read_run(tmp_path / "replayed").records[0]
    assert record.error is not None
    assert record.error.type == "NotRecorded"
    assert "-How much did we sell altogether?" in record.error.message
    assert "record it anew" in result.stdout


def test_a_replay_without_its_cassette_says_what_to_do(tmp_path: Path) -> None:
    suite = little(tmp_path)
    result = called("run", suite, "--replay", "--cassette", tmp_path / "none.jsonl")
    assert result.exit_code in (0, 1), "a platform without a model needs no cassette"
    result = called("run", suite, "--replay", "--model", "openai:tiny")
    assert result.exit_code == 2
    assert "Record it first" in result.stderr


def test_a_cassette_of_another_version_is_refused_with_its_line(tmp_path: Path) -> None:
    suite = recorded(tmp_path)
    cassette = tmp_path / "cassettes" / "little.jsonl"
    text = cassette.read_text(encoding="utf-8").replace('"version": 1', '"version": 0', 1)
    cassette.write_text(text, encoding="utf-8")
    result = called("run", suite, "--replay")
    assert result.exit_code == 2
    assert "little.jsonl:1: a recorded reply of version 0; this reads 1" in result.stderr


def test_recording_goes_on_where_it_was_cut_short(tmp_path: Path) -> None:
    suite = recorded(tmp_path, replies=[REPLIES[0], Canned(status=500)], expects=1)
    with chat_server(REPLIES[1]) as server:
        result = called(
            "record", suite, "--model", "openai:tiny", "--base-url", server.url, "--out",
            tmp_path / "recorded",
        )  # fmt: skip
        assert len(server.bodies) == 1
    assert result.exit_code == 0, result.output
    assert "1 right, 1 refused rightly" in result.stdout


def test_recording_without_a_model_is_a_usage_error(tmp_path: Path) -> None:
    result = called("record", little(tmp_path))
    assert result.exit_code == 2
