"""The public API on the demo platform, without a model: contract by contract."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest

from assistant import Answer, Assistant, QueryRejected
from assistant.drafting.chat import ScriptedChat
from assistant.errors import BadQuestion, Cancelled, ModelUnreachable
from assistant.journal import Asker
from catalogue.errors import RoleNotAllowed, UnknownRole
from tests.demo import demo_directory


@pytest.fixture(scope="module")
def assistant() -> Iterator[Assistant]:
    with Assistant.open(demo_directory()) as opened:
        yield opened


def test_a_metric_question_is_answered_with_number_and_receipt(assistant: Assistant) -> None:
    answer = assistant.ask("How many flights were there in June?")
    assert answer.kind == "metric"
    assert answer.table is not None
    assert answer.table.to_pylist() == [{"flights": 28243}]
    assert answer.text.startswith("28,243 flights in June 2013")
    receipt = answer.receipt
    assert receipt.governed
    assert receipt.health == "healthy"
    assert receipt.confidence.band == "high"
    assert [table.name for table in receipt.tables] == ["gold.fct_flights"]
    assert receipt.tables[0].layer == "gold"
    assert receipt.tables[0].as_of == "2013-12-31"
    assert receipt.metrics[0].owner == "ops-analytics@example.org"
    assert receipt.sent_to_model == "nothing"


def test_the_answer_is_json_to_the_letter(assistant: Assistant) -> None:
    answer = assistant.ask("on-time rate by month").to_dict()
    assert json.loads(json.dumps(answer)) == answer
    assert set(answer) == {
        "question", "kind", "text", "sql", "conversation", "columns", "rows", "truncated", "chart",
        "clarification", "refusal", "receipt", "usage",
    }  # fmt: skip
    assert set(answer["usage"]["ms"]) == {"search", "draft", "guard", "run", "verify"}
    assert [column["name"] for column in answer["columns"]] == [
        "metric_time__month",
        "on_time_rate",
    ]
    assert len(answer["rows"]) == 12
    assert answer["rows"][0][0] == "2013-01-01"


def test_a_question_with_the_words_of_a_verified_query_gets_that_query(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("which airline had the worst on-time rate in june")
    assert answer.kind == "verified"
    assert answer.receipt.certification == "verified"
    assert answer.table is not None
    assert answer.table.column("airline__name").to_pylist() == ["Mesa Airlines Inc."]
    assert "39 arrivals" in answer.text


def test_a_ranking_shows_its_basis_and_warns_of_a_small_one(assistant: Assistant) -> None:
    answer = assistant.ask("Which airline had the best on-time rate on 3 March?")
    ((*_, basis),) = answer.to_dict()["rows"]
    assert basis < 30
    assert f"({basis} arrival" in answer.text
    assert any(finding.code == "small_basis" for finding in answer.receipt.findings)
    large = assistant.ask("Which airline had the most flights?")
    assert not any(finding.code == "small_basis" for finding in large.receipt.findings)


def test_an_ambiguous_question_is_asked_back_with_numbers(assistant: Assistant) -> None:
    answer = assistant.ask("average delay")
    assert answer.kind == "clarify"
    assert answer.clarification is not None
    values = {option.label: option.value for option in answer.clarification.options}
    assert set(values) == {"Average departure delay", "Average arrival delay"}
    assert all(isinstance(value, float) for value in values.values())


def test_what_the_data_does_not_hold_is_refused_with_a_way_on(assistant: Assistant) -> None:
    answer = assistant.ask("How many passengers flew in June?")
    assert answer.kind == "refused"
    assert answer.refusal is not None
    assert "passengers" in answer.refusal.missing
    assert answer.refusal.suggestions
    for suggestion in answer.refusal.suggestions:
        assert assistant.ask(suggestion).kind in ("metric", "verified")
    assert answer.to_dict()["rows"] == []


def test_tests_that_fail_taint_only_answers_that_use_the_column(assistant: Assistant) -> None:
    assert assistant.ask("flights by month").receipt.health == "healthy"
    assert assistant.ask("flights by manufacturer").receipt.health == "unhealthy"
    assert assistant.ask("seats offered by month").receipt.health == "caution"


@pytest.mark.parametrize("question", ["", "   \n", "?" * 1_000_000])
def test_an_empty_or_huge_question_is_a_clear_error(assistant: Assistant, question: str) -> None:
    with pytest.raises(BadQuestion):
        assistant.ask(question)


def test_sql_in_place_of_a_question_is_not_run(assistant: Assistant) -> None:
    answer = assistant.ask("SELECT count(*) FROM gold.fct_flights")
    assert answer.kind == "refused"
    assert "assistant run" in answer.text


def test_a_row_filter_holds_for_metrics_and_is_said(assistant: Assistant) -> None:
    everyone = assistant.ask("How many flights?").to_dict()["rows"][0][0]
    answer = assistant.ask("How many flights?", user="paula@example.org", role="partner")
    assert everyone == 336_776
    assert answer.to_dict()["rows"] == [[58_665]]
    assert any(finding.code == "row_filter" for finding in answer.receipt.findings)


def test_a_role_sees_nothing_of_what_it_is_denied(assistant: Assistant) -> None:
    user = {"user": "paula@example.org", "role": "partner"}
    assert all(table.schema == "gold" for table in assistant.catalogue(**user).tables)
    answer = assistant.ask("flights by manufacturer", **user)
    assert answer.kind == "refused"
    assert "dim_aircraft" not in json.dumps(answer.to_dict())
    with pytest.raises(QueryRejected) as rejection:
        assistant.check("SELECT * FROM gold.dim_aircraft", **user)
    assert "dim_aircraft" not in str(rejection.value).replace("gold.dim_aircraft", "", 1)


def test_roles_are_checked(assistant: Assistant) -> None:
    with pytest.raises(UnknownRole):
        assistant.ask("flights", role="king")
    with pytest.raises(RoleNotAllowed):
        assistant.ask("flights", role="steward")
    assert assistant.roles("anna@example.org") == ["analyst", "steward"]


def test_run_and_check_go_through_the_guard(assistant: Assistant) -> None:
    result = assistant.run("SELECT carrier, count(*) AS n FROM gold.fct_flights GROUP BY ALL")
    assert isinstance(result.table, pa.Table)
    assert result.table.num_rows == 16
    with pytest.raises(QueryRejected):
        assistant.run("DELETE FROM gold.fct_flights")


def test_search_finds_metrics_and_tables(assistant: Assistant) -> None:
    hits = assistant.search("how punctual are we", k=5)
    assert hits[0].name == "on_time_rate"
    assert len(hits) == 5


def test_the_stream_tells_each_step_and_ends_with_the_answer(assistant: Assistant) -> None:
    events = list(assistant.stream("flights by month"))
    assert events[-1].answer is not None
    assert events[-1].answer.kind == "metric"
    stages = [event.stage for event in events if event.status == "started"]
    assert stages == ["draft", "guard", "run", "verify"]


class _SilentChat:
    """A chat model that never replies until it is stopped."""

    name = "silent"

    def __init__(self) -> None:
        self.stopped = threading.Event()

    def reply(self, messages: object, schema: object, *, stop: object) -> object:
        while not stop():  # type: ignore[operator]
            time.sleep(0.01)
        self.stopped.set()
        raise Cancelled("The question was stopped.")


def test_closing_the_stream_stops_the_model(assistant: Assistant) -> None:
    chat = _SilentChat()
    with Assistant.open(demo_directory(), model=chat) as asked:  # type: ignore[arg-type]
        events = asked.stream("What is the meaning of punctuality in the small?")
        seen = [next(events) for _ in range(4)]
        assert any(event.status == "progress" for event in seen) or len(seen) == 4
        events.close()
        assert chat.stopped.wait(2)


def test_a_model_that_cannot_be_reached_raises_and_the_question_is_kept() -> None:
    chat = ScriptedChat([ModelUnreachable("The model at 127.0.0.1:9 did not answer.")])
    with Assistant.open(demo_directory(), model=chat) as asked:
        with pytest.raises(ModelUnreachable):
            asked.ask("Tell me something about crosswinds and eagles")
        kept = asked.parts.journal.recent(limit=1)[0]
    assert kept.question == "Tell me something about crosswinds and eagles"
    assert kept.kind == "refused"


def test_many_threads_get_their_own_answers(assistant: Assistant) -> None:
    months = ["January", "February", "March", "April", "May", "June", "July", "August"]

    def ask(month: str) -> Answer:
        return assistant.ask(f"flights in {month}")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, months))
    got = [answer.to_dict()["rows"][0][0] for answer in answers]
    assert got == [27_004, 24_951, 28_834, 28_330, 28_796, 28_243, 29_425, 29_327]


def test_a_conversation_is_continued_by_its_name(assistant: Assistant) -> None:
    first = assistant.ask("flights in May")
    second = assistant.ask("flights in June", conversation=first.conversation)
    assert second.conversation == first.conversation
    asker = Asker(user=None, role="analyst")
    asked = assistant.parts.journal.questions_of(first.conversation, asker)
    assert [entry.question for entry in asked] == ["flights in May", "flights in June"]


def test_what_is_excluded_and_the_rest_make_the_whole(assistant: Assistant) -> None:
    def count(question: str) -> int:
        answer = assistant.ask(question)
        assert answer.kind == "metric", answer.text
        return int(answer.to_dict()["rows"][0][0])

    whole = count("How many flights?")
    assert count("How many Boeing flights?") + count("How many flights excluding Boeing?") == whole


@pytest.mark.parametrize(
    ("grouped", "whole"),
    [
        ("United's weekly flights in March", "How many United flights in March?"),
        ("flights by month from 15 February to 10 April", "flights from 15 February to 10 April"),
        ("flights by quarter in May", "flights in May"),
        ("flights by year in June", "flights in June"),
    ],
)
def test_a_period_cuts_through_the_grain_it_is_grouped_by(
    assistant: Assistant, grouped: str, whole: str
) -> None:
    parts = [row[-1] for row in assistant.ask(grouped).to_dict()["rows"]]
    ((total,),) = assistant.ask(whole).to_dict()["rows"]
    assert sum(parts) == total


def test_a_name_that_ends_in_a_stop_ends_the_sentence(assistant: Assistant) -> None:
    text = assistant.ask("How many United flights in June?").text
    assert text.endswith("Inc.")
    assert not text.endswith("..")
