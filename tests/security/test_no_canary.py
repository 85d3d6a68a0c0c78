"""Nothing outside the grant appears anywhere: not one canary in anything an asker or a model gets.

`CANARY_EXAMPLES` in the environment asks for more than the few hundred of a usual run.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import Assistant
from assistant.answer import Answer, Usage
from assistant.errors import AssistantError
from assistant.ports import Message, Reply, Stop, never_stops
from catalogue.errors import CatalogueError
from tests.assistant.guard.grammar_of_queries import queries
from tests.security.canary_platform import as_text, build_cage, found_in

EXAMPLES = int(os.environ.get("CANARY_EXAMPLES", "100"))


def generated(share: float = 1) -> settings:
    """Return how many examples a property is held to."""
    return settings(
        max_examples=int(EXAMPLES * share),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


USER = "anna@example.org"


@dataclass
class SaysAnything:
    """A model that replies what a test tells it to; keeps everything it was sent."""

    name: str = "scripted"
    reply_with: dict[str, object] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)

    def reply(
        self,
        messages: Sequence[Message],
        schema: dict[str, object],
        *,
        stop: Stop = never_stops,
    ) -> Reply:
        own = {message.content for message in messages if message.role == "assistant"}
        self.sent += [each.content for each in messages if each.content not in own]
        self.sent.append(json.dumps(schema))
        return Reply(content=json.dumps({"reply": self.reply_with}), usage=Usage(calls=1))


@pytest.fixture(scope="module")
def cage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_cage(tmp_path_factory.mktemp("cage"))


@pytest.fixture(scope="module")
def chat() -> SaysAnything:
    return SaysAnything()


class Quiet(Assistant):
    """An assistant that prints as its name: a failing example would print the whole platform."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text("Quiet()")


@pytest.fixture(scope="module")
def with_model(cage: Path, chat: SaysAnything) -> Iterator[Assistant]:
    with Quiet.open(cage, model=chat) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def without_model(cage: Path, with_model: Assistant) -> Iterator[Assistant]:
    """The same platform and build, opened as one without a model is."""
    settings_file = cage / "platform.toml"
    written = settings_file.read_text()
    settings_file.write_text(
        written.replace('[model]\nname = "openai:scripted"\nsend = "rows"\n', "")
    )
    with Quiet.open(cage) as assistant:
        settings_file.write_text(written)
        yield assistant


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No test may leave a canary in the log, at any level."""
    for room in ("assistant", "catalogue"):
        caplog.set_level(logging.DEBUG, logger=room)
    yield
    assert not found_in(caplog.text)


def everything(answer: Answer, assistant: Assistant) -> str:
    """Return all that a page, the command line or Python can show of an answer."""
    again = assistant.receipt(answer.receipt.id, user=USER)
    past = assistant.conversations(user=USER).questions(answer.conversation)
    shown = {
        "answer": answer.to_dict(),
        "drafted": answer.drafted_sql,
        "headline": answer.headline,
        "labels": [dict(answer.labels), dict(answer.units)],
        "suggestions": answer.refusal and asdict(answer.refusal),
        "options": answer.clarification and asdict(answer.clarification),
        "error": [str(answer.error), getattr(answer.error, "repair", "")],
        "follow-ups": assistant.follow_ups(answer, user=USER),
        "receipt": [again.text, again.sent, again.sql, again.answer and again.answer.to_dict()],
        "past": [[each.text, each.answer and each.answer.to_dict()] for each in past],
    }
    return as_text(shown)


def outcome(assistant: Assistant, question: str) -> str:
    try:
        return everything(assistant.ask(question, user=USER), assistant)
    except (AssistantError, CatalogueError) as error:
        return f"{error} {getattr(error, 'repair', '')}"


def test_the_steward_sees_the_canaries(without_model: Assistant) -> None:
    seen = repr(without_model.catalogue(user=USER, role="steward"))
    assert set(found_in(seen)) >= {"canary", "71993", "987654321", "91234567", "2088"}
    hits = without_model.search("canary salaries", user=USER, role="steward")
    assert found_in(as_text([asdict(hit) for hit in hits]))


def test_the_catalogue_of_the_pages_holds_none(without_model: Assistant) -> None:
    assert not found_in(repr(without_model.catalogue(user=USER)))


def test_the_roles_on_offer_are_the_askers(without_model: Assistant) -> None:
    assert without_model.roles(USER) == ["analyst", "steward"]


_WORDS = (
    "flights", "on-time rate", "cancelled flights", "average arrival delay", "airlines operating",
    "by airline", "by month", "by origin", "by status", "in May 2013", "in 2087", "in June",
    "Untied", "Delta", "Kenedy", "Airways", "CN", "cancelled", "worst", "best", "how many", "which",
    "salaries", "salary", "earn", "pay", "reviews", "hr", "email", "ssn", "token", "tokens",
    "cnary", "canari", "anary", "can ary", "customers", "orders", "events", "largest", "by region",
    "EU", "US", "biggest amount", "by kind", "compared with April", "top 5", "names of", "show me",
    "average", "delay", "list all tables", "hidden columns", "people", "person", "status", "note",
)  # fmt: skip
questions = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=6).map(" ".join)


@generated()
@given(question=questions)
def test_no_question_without_a_model_tells_of_one(without_model: Assistant, question: str) -> None:
    assert not found_in(outcome(without_model, question)), question


@generated()
@given(question=questions)
def test_no_search_finds_one(without_model: Assistant, question: str) -> None:
    hits = without_model.search(question, k=50, user=USER)
    # The digits of a score may be any.
    assert not found_in(as_text([asdict(replace(hit, score=0.0)) for hit in hits])), question


@generated(1.5)
@given(sql=queries())
def test_no_query_shows_one(without_model: Assistant, sql: str) -> None:
    try:
        result = without_model.run(sql, user=USER)
    except (AssistantError, CatalogueError) as error:
        shown = f"{error} {getattr(error, 'repair', '')}"
    else:
        shown = f"{result.table.schema} {result.table.to_pylist()} {result.duckdb_types}"
    assert not found_in(shown), sql


_HIDDEN = (
    "gold.canary_overview",
    "hr.canary_reviews",
    "canary_overview",
    "canary_token",
    "canary_text",
)


@st.composite
def near_misses(draw: st.DrawFn) -> str:
    """Draw a hidden name with one letter of its canary left out."""
    schema, dot, name = draw(st.sampled_from(_HIDDEN)).rpartition(".")
    at = draw(st.integers(0, len("canary") - 1))
    return f"{schema}{dot}{name[:at]}{name[at + 1 :]}"


@generated(0.5)
@given(near=near_misses(), known=st.sampled_from(("gold.customers", "gold.products")))
def test_no_near_miss_is_told_its_name(without_model: Assistant, near: str, known: str) -> None:
    column = near.rpartition(".")[2]
    catalogue = without_model.catalogue(user=USER)
    tries: tuple[Callable[[], object], ...] = (
        lambda: without_model.check(f"SELECT * FROM {near}", user=USER),
        lambda: without_model.check(f"SELECT {column} FROM {known}", user=USER),
        lambda: without_model.check(f"SELECT t.{column} FROM {known} AS t", user=USER),
        lambda: without_model.run(f"SELECT * EXCLUDE ({column}) FROM {known}", user=USER),
        lambda: catalogue.table(near),
        lambda: catalogue.metric(column),
    )
    for attempt in tries:
        with pytest.raises((AssistantError, CatalogueError)) as caught:
            attempt()
        assert not found_in(f"{caught.value} {getattr(caught.value, 'repair', '')}"), near


_METRICS = ("flights", "on_time_rate", "average_arrival_delay", "salary", "canry_count")
_DIMENSIONS = ("airline__name", "flight__origin", "flight__status", "metric_time__month", "tokn")
_VALUES = ("United", "Airways", "CN", "cancelled", "ed", "Kenedy", "anary", "JFK")
metric_replies = st.fixed_dictionaries(
    {
        "action": st.just("metric_query"),
        "metrics": st.lists(st.sampled_from(_METRICS), min_size=1, max_size=2, unique=True),
        "group_by": st.lists(st.sampled_from(_DIMENSIONS), max_size=2, unique=True),
        "where": st.lists(
            st.fixed_dictionaries(
                {
                    "dimension": st.sampled_from(_DIMENSIONS),
                    "op": st.sampled_from(("in", "not in", ">", "<")),
                    "values": st.lists(st.sampled_from(_VALUES), min_size=1, max_size=2),
                }
            ),
            max_size=1,
        ),
        "period": st.sampled_from((None, "2013", "2087")),
        "order_by": st.just([]),
        "limit": st.sampled_from((None, 1, 3)),
    }
)
sql_replies = queries().map(lambda sql: {"action": "sql", "sql": sql})


@generated(0.6)
@given(question=questions, reply=st.one_of(sql_replies, sql_replies, metric_replies))
def test_no_model_is_sent_one_and_none_can_draw_one_out(
    with_model: Assistant, chat: SaysAnything, question: str, reply: dict[str, object]
) -> None:
    chat.reply_with, chat.sent = reply, []
    shown = outcome(with_model, question)
    assert not found_in("\n".join(chat.sent)), question
    assert not found_in(shown), (question, reply)
