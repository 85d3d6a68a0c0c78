"""A public set asked live over HTTP in both configurations, cut short, gone on with, replayed."""

import json
from pathlib import Path

import pytest

from evals.performance.defog import main, verdict
from evals.record import Failure, Record
from tests.assistant.drafting.chat_server import Canned, chat_server, completion
from tests.evals.test_benchmarks import defog

SQL = "SELECT sum(n) AS total FROM main.sales"
BARE = Canned(body=completion(json.dumps({"sql": SQL})))
BROKEN = Canned(body=completion(json.dumps({"sql": "SELECT no_such FROM main.sales"})))
OURS = Canned(body=completion(json.dumps({"reply": {"action": "sql", "sql": SQL}})))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    place = tmp_path / "data"
    place.mkdir()
    gold = "SELECT sum(n) FROM sales"
    return defog(
        place,
        {"id": "a", "question": "What do all of them come to, whatever they are?",
         "gold_sql_duckdb": gold},
        {"id": "b", "question": "And what would they come to otherwise?",
         "gold_sql_duckdb": gold},
        {"id": "today", "gold_sql_duckdb": gold, "time_dependent": True},
    )  # fmt: skip


def test_both_configurations_are_recorded_go_on_and_replay_the_same(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "local")
    common = ["--data", str(data), "--out", str(tmp_path / "out")]
    live = [*common, "--model", "openai:tiny", "--timeout", "20"]
    with chat_server(BARE) as server:
        assert main([*live, "--only", "bare", "--limit", "1", "--model-url", server.url]) == 0
    with chat_server(BROKEN, OURS, OURS) as server:
        assert main([*live, "--model-url", server.url]) == 0
        assert len(server.bodies) == 3, "what was asked is not asked again"
    capsys.readouterr()
    assert main(common) == 0
    shown = capsys.readouterr().out
    assert "today: depends on today's date" in shown
    assert "live: 2 questions: 1 right, 0 wrong, 1 error, 0 refused" in shown
    assert "live: 2 questions: 2 right, 0 wrong, 0 error, 0 refused" in shown
    assert shown.count("identical verdicts: 2 of 2") == 2


def test_a_model_out_of_reach_is_said_and_no_result_is_kept(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "local")
    common = ["--data", str(data), "--out", str(tmp_path), "--only", "bare", "--limit", "1"]
    with chat_server() as server:
        url = server.url
    assert main([*common, "--model", "openai:tiny", "--model-url", url]) == 2
    assert "What was asked is kept; run it again to go on." in capsys.readouterr().err
    assert not (tmp_path / "bare.results.jsonl").exists()
    assert main(common) == 0
    assert f"bare: nothing is recorded in {tmp_path}" in capsys.readouterr().out


def test_a_verdict_holds_an_error_by_its_kind_and_not_by_its_words() -> None:
    def rejected(rule: str, words: str) -> Record:
        error = Failure(type="QueryRejected", message=words, rule=rule)
        return Record(
            case="a",
            question="?",
            tags=(),
            expect=("answer",),
            outcome="error",
            why=f"QueryRejected: {words}",
            error=error,
        )

    was = rejected("grant", "No column here.")
    assert verdict(rejected("grant", "No column here. Others are.")) == verdict(was)
    assert verdict(rejected("read_only", "No column here.")) != verdict(was)
