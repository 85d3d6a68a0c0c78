"""From a model's reply to a draft: compiled, checked, mended a bounded number of times."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from assistant.answer import Draft, SafeQuery
from assistant.drafting.chat import ScriptedChat
from assistant.drafting.context import build_context
from assistant.drafting.coverage import unexplained
from assistant.drafting.model_drafter import ModelDrafter
from assistant.drafting.reply import ReplyMismatch, parse_reply, reply_schema
from assistant.errors import (
    BadReply,
    Cancelled,
    ModelBusy,
    QueryFailed,
    QueryRejected,
)
from catalogue.errors import BadMetricQuery
from catalogue.model import Filter, MetricQuery, Period
from tests.assistant.drafting.shop import CATALOGUE, VALUES, FixedValues

SQL = "SELECT count(*) AS orders FROM gold.fct_orders AS o WHERE o.amount > 100"
CONTEXT = build_context(
    "Orders in France",
    catalogue=CATALOGUE,
    hits=(),
    values=VALUES,
    send="schema",
    today=date(2020, 12, 31),
)


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def metric(**fields: object) -> dict[str, object]:
    return {"reply": {"action": "metric_query", "metrics": ["orders"], **fields}}


def sql(text: str = SQL) -> dict[str, object]:
    return {"reply": {"action": "sql", "sql": text}}


def where(dimension: str, *values: object, op: str = "=") -> dict[str, object]:
    return metric(where=[{"dimension": dimension, "op": op, "values": list(values)}])


@dataclass
class Desk:
    """A drafter with scripted replies, a compiler and a guard that fail as told."""

    replies: list[str | Mapping[str, object] | Exception]
    rejections: list[Exception] = field(default_factory=list)
    bindings: list[Exception] = field(default_factory=list)
    compile_errors: list[Exception] = field(default_factory=list)
    values: FixedValues | None = VALUES
    checked: list[str] = field(default_factory=list)
    compiled: list[MetricQuery] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chat = ScriptedChat(self.replies)

    def draft(self, question: str = "How many orders?") -> Draft:
        drafter = ModelDrafter(
            model=self.chat,
            catalogue=CATALOGUE,
            compile=self._compile,
            check=self._check,
            values=self.values,
            bind=self._bind,
        )
        return drafter.draft(question, CONTEXT)

    def _compile(self, query: MetricQuery) -> str:
        self.compiled.append(query)
        if self.compile_errors:
            raise self.compile_errors.pop(0)
        return "SELECT compiled"

    def _check(self, text: str) -> SafeQuery:
        self.checked.append(text)
        if self.rejections:
            raise self.rejections.pop(0)
        return SafeQuery(sql=f"/* safe */ {text}", role="reader", tables=("gold.fct_orders",))

    def _bind(self, _: SafeQuery) -> None:
        if self.bindings:
            raise self.bindings.pop(0)


def test_a_metric_query_is_compiled() -> None:
    reply = metric(
        group_by=["customer__country"],
        where=[{"dimension": "order__channel", "op": "=", "values": ["web"]}],
        period="2020-06",
        order_by=[{"by": "orders", "first": "highest"}],
        limit=3,
    )
    desk = Desk([reply])
    draft = desk.draft("Top 3 countries by number of orders on the web in June 2020")
    expected = MetricQuery(
        metrics=("orders",),
        group_by=("customer__country",),
        where=(Filter(dimension="order__channel", op="=", values=("web",)),),
        period=Period(start=date(2020, 6, 1), end=date(2020, 6, 30)),
        order_by=("-orders",),
        limit=3,
    )
    assert (draft.kind, draft.sql, draft.metric_query) == ("metric", "SELECT compiled", expected)
    assert draft.tables == ("gold.fct_orders",)
    assert draft.findings == ()
    assert draft.confidence
    assert draft.confidence.band == "high"
    assert desk.compiled == [expected]


def test_sql_is_checked_and_kept_as_written() -> None:
    desk = Desk([sql()])
    draft = desk.draft()
    assert (draft.kind, draft.sql, draft.metric_query) == ("generated", SQL, None)
    assert draft.tables == ("gold.fct_orders",)
    assert desk.checked == [SQL]
    assert draft.confidence
    assert draft.confidence.band == "medium"


def test_a_question_back_offers_its_readings() -> None:
    reply = {"action": "clarify", "question": "What of France?", "options": ["Orders?", "Rate?"]}
    draft = Desk([{"reply": reply}]).draft()
    assert (draft.kind, draft.sql, draft.confidence) == ("clarify", None, None)
    assert draft.clarification
    assert draft.clarification.question == "What of France?"
    assert [option.question for option in draft.clarification.options] == ["Orders?", "Rate?"]


def test_a_refusal_says_what_is_missing() -> None:
    reply = {"action": "refuse", "reason": "No stock here.", "missing": ["stock"]}
    draft = Desk([{"reply": reply}]).draft()
    assert (draft.kind, draft.sql, draft.error) == ("refused", None, None)
    assert draft.refusal
    assert (draft.refusal.reason, draft.refusal.missing) == ("No stock here.", ("stock",))


@pytest.mark.parametrize(
    ("by", "first", "written"),
    [
        ("return_rate", "best", "return_rate"),
        ("return_rate", "worst", "-return_rate"),
        ("return_rate", "highest", "-return_rate"),
        ("orders", "lowest", "orders"),
    ],
)
def test_best_and_worst_become_directions(by: str, first: str, written: str) -> None:
    reply = metric(metrics=["return_rate", "orders"], order_by=[{"by": by, "first": first}])
    draft = Desk([reply]).draft()
    assert draft.metric_query
    assert draft.metric_query.order_by == (written,)


def test_the_best_of_what_has_no_better_is_asked_again() -> None:
    desk = Desk([metric(order_by=[{"by": "orders", "first": "best"}]), metric()])
    desk.draft()
    assert "neither more nor less is better" in desk.chat.asked[1][-1].content


REJECTED = QueryRejected(
    "Column o.total is unknown.", rule="columns", repair="gold.fct_orders has no column total."
)
UNPLANNED = QueryFailed("Binder error.", repair="count() takes one argument.")


@pytest.mark.parametrize(
    ("desk", "told"),
    [
        pytest.param(
            Desk([sql("SELECT o.total"), sql()], rejections=[REJECTED]),
            "no column total",
            id="guard",
        ),
        pytest.param(Desk([sql(), sql()], bindings=[UNPLANNED]), "takes one argument", id="binder"),
        pytest.param(
            Desk([metric(), metric()], compile_errors=[BadMetricQuery("Needs a month.")]),
            "Needs a month",
            id="compiler",
        ),
        pytest.param(Desk([metric(metrics=["order"]), metric()]), "'orders'", id="metric"),
        pytest.param(
            Desk([metric(group_by=["customer__contry"]), metric()]),
            "'customer__country'",
            id="dimension",
        ),
        pytest.param(Desk(['{"reply": {"action": "sql"}}', sql()]), "sql: Field", id="no field"),
        pytest.param(Desk([{"answer": 1}, sql()]), "does not fit its form", id="other form"),
        pytest.param(
            Desk([metric(reasoning="because"), metric()]), "does not fit its form", id="spare field"
        ),
    ],
)
def test_what_a_model_can_mend_goes_back_to_it(desk: Desk, told: str) -> None:
    draft = desk.draft()
    assert draft.sql
    assert draft.error is None
    assert draft.confidence
    assert draft.confidence.band == "low"
    first, second = desk.chat.asked
    assert second[: len(first)] == first
    assert [message.role for message in second] == ["system", "user", "assistant", "user"]
    assert told in second[-1].content
    assert draft.usage.calls == 2
    assert draft.usage.input_tokens == 200


def test_repairs_are_bounded_and_the_rejection_is_told() -> None:
    desk = Desk([sql()] * 9, rejections=[REJECTED] * 9)
    draft = desk.draft()
    assert len(desk.chat.asked) == 3
    assert draft.kind == "refused"
    assert draft.error is REJECTED
    assert draft.usage.calls == 3


def test_replies_that_never_fit_are_a_bad_reply() -> None:
    draft = Desk([{"answer": 1}] * 3).draft()
    assert isinstance(draft.error, BadReply)
    assert draft.refusal
    assert "The question is kept" in draft.refusal.reason


def test_a_policy_rejection_never_goes_back() -> None:
    denied = QueryRejected("Your role (analyst) does not include this.", rule="access")
    desk = Desk([sql("SELECT email FROM gold.dim_customer"), sql()], rejections=[denied])
    draft = desk.draft()
    assert len(desk.chat.asked) == 1
    assert draft.error is denied
    assert draft.refusal
    assert draft.refusal.reason == "Your role (analyst) does not include this."


def test_a_model_that_fails_leaves_what_was_spent_and_sent() -> None:
    desk = Desk([sql(), ModelBusy("Busy.")], rejections=[REJECTED])
    draft = desk.draft()
    assert isinstance(draft.error, ModelBusy)
    assert (draft.usage.calls, draft.usage.input_tokens) == (2, 100)


def test_a_stopped_question_is_cancelled() -> None:
    drafter = ModelDrafter(
        model=ScriptedChat([sql()]),
        catalogue=CATALOGUE,
        compile=lambda _: "",
        check=lambda text: SafeQuery(sql=text, role="reader"),
    )
    with pytest.raises(Cancelled):
        drafter.draft("Orders", CONTEXT, stop=lambda: True)


def test_the_draft_says_what_kind_of_text_was_sent() -> None:
    draft = Desk([sql("SELECT o.total"), sql()], rejections=[REJECTED]).draft()
    assert draft.sent == "schema"


READINGS: list[tuple[Any, ...]] = [
    ("customer__country", "France", "customer__country", "France", None),
    ("customer__country", "FRANCE", "customer__country", "France", "Read 'FRANCE' as 'France'."),
    ("customer__country", "Farnce", "customer__country", "France", "Read 'Farnce' as 'France'."),
    ("customer__country", "web", "order__channel", "web", "Read 'web' as 'Channel web'."),
]


@pytest.mark.parametrize(("dimension", "value", "found_in", "found", "said"), READINGS)
def test_a_value_is_bound_to_one_that_exists(
    dimension: str, value: str, found_in: str, found: str, said: str | None
) -> None:
    draft = Desk([where(dimension, value)]).draft(f"Orders in {value}")
    assert draft.metric_query
    assert draft.metric_query.where == (Filter(dimension=found_in, op="=", values=(found,)),)
    assert [finding.message for finding in draft.findings] == ([said] if said else [])
    assert draft.confidence
    assert draft.confidence.band == ("medium" if said else "high")


@pytest.mark.parametrize(
    ("question", "limit"),
    [
        ("Orders by country", None),
        ("Which country has the most orders?", 1),
        ("The busiest country of the year", 1),
        ("Show 1 country by orders", 1),
        ("Meilleur pays, commandes", 1),
    ],
)
def test_a_limit_that_nobody_asked_for_is_dropped(question: str, limit: int | None) -> None:
    draft = Desk([metric(group_by=["customer__country"], limit=1)]).draft(question)
    assert draft.metric_query
    assert draft.metric_query.limit == limit


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("What is the number of orders in France?", False),
        ("How many orders are there?", False),
        ("Orders by country", True),
        ("Orders for the countries", True),
        ("Which had the most orders?", True),
        ("Compare the orders of Spain", True),
        ("Commandes", True),
    ],
)
def test_groups_that_nobody_asked_for_are_dropped(question: str, kept: bool) -> None:
    reply = metric(
        group_by=["customer__country"], order_by=[{"by": "customer__country", "first": "lowest"}]
    )
    draft = Desk([reply], values=None).draft(question)
    assert draft.metric_query
    assert draft.metric_query.group_by == (("customer__country",) if kept else ())
    assert draft.metric_query.order_by == (("customer__country",) if kept else ())


@pytest.mark.parametrize(
    ("question", "kept"),
    [("How many orders in 2020?", False), ("The monthly orders", True), ("Orders by month", True)],
)
def test_periods_that_nobody_asked_to_split_are_not(question: str, kept: bool) -> None:
    draft = Desk([metric(group_by=["metric_time__month"])]).draft(question)
    assert draft.metric_query
    assert bool(draft.metric_query.group_by) is kept


def test_a_group_that_a_filter_fixes_is_dropped() -> None:
    condition = {"dimension": "customer__country", "op": "=", "values": ["France"]}
    reply = metric(group_by=["customer__country"], where=[condition])
    draft = Desk([reply]).draft("Orders by country for France")
    assert draft.metric_query
    assert draft.metric_query.group_by == ()


def test_a_month_in_a_filter_goes_back() -> None:
    desk = Desk([where("customer__country", "October"), metric(period="2020-10")])
    draft = desk.draft("Orders in October")
    assert "belongs in period" in desk.chat.asked[1][-1].content
    assert draft.metric_query
    assert draft.metric_query.period


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("How many orders by country in 2020?", ()),
        ("Number of orders per country, late or returned", ("late", "returned")),
        ("orders by country and profit", ("profit",)),
        ("orders by country without tax", ("tax",)),
    ],
)
def test_words_that_the_reply_leaves_out_are_named(question: str, left: tuple[str, ...]) -> None:
    draft = Desk([metric(group_by=["customer__country"], period="2020")]).draft(question)
    assert draft.metric_query
    assert unexplained(question, [draft.metric_query], CATALOGUE) == left
    assert draft.confidence
    assert draft.confidence.band == ("medium" if left else "high")
    assert all(repr(word) in draft.confidence.why for word in left)


def test_a_value_that_the_reply_drops_goes_back() -> None:
    reply = where("customer__country", "France")
    desk = Desk([metric(), reply])
    draft = desk.draft("Orders in France")
    assert "'France'" in desk.chat.asked[1][-1].content
    assert draft.kind == "metric"
    assert draft.sql


def test_a_value_that_the_reply_keeps_dropping_is_refused() -> None:
    draft = Desk([metric()] * 3).draft("Orders in France")
    assert draft.refusal
    assert draft.refusal.reason == "Not understood: 'France'."
    assert draft.refusal.missing == ("France",)
    assert draft.error is None


def test_a_value_that_may_be_several_is_asked_back() -> None:
    draft = Desk([where("customer__country", "United")]).draft()
    assert draft.clarification
    labels = [option.label for option in draft.clarification.options]
    assert labels == ["United Kingdom", "United States"]
    query = draft.clarification.options[0].metric_query
    assert query
    assert query.where[0].values == ("United Kingdom",)


def test_a_value_that_no_row_has_is_refused_and_not_told_to_the_model() -> None:
    desk = Desk([where("customer__country", "Atlantis")])
    draft = desk.draft()
    assert draft.kind == "refused"
    assert draft.refusal
    assert draft.refusal.reason == "No value of Country is like 'Atlantis'."
    assert len(desk.chat.asked) == 1


@pytest.mark.parametrize("op", [">", "between"])
def test_ranges_are_left_as_they_are(op: str) -> None:
    values = ["A", "B"] if op == "between" else ["A"]
    draft = Desk([where("customer__country", *values, op=op)]).draft()
    assert draft.metric_query
    assert draft.metric_query.where[0].values == tuple(values)


def test_without_an_index_values_are_left_as_they_are() -> None:
    draft = Desk([where("customer__country", "Atlantis")], values=None).draft()
    assert draft.kind == "metric"


def test_the_schema_is_one_that_strict_providers_take() -> None:
    schema = reply_schema(metrics=("orders",), dimensions=("customer__country",))
    Draft202012Validator.check_schema(schema)
    seen: list[Mapping[str, Any]] = []

    def walk(node: Any, visit: Callable[[Mapping[str, Any]], None]) -> None:
        if isinstance(node, dict):
            visit(node)
            for child in node.values():
                walk(child, visit)
        elif isinstance(node, list):
            for child in node:
                walk(child, visit)

    walk(schema, seen.append)
    for node in seen:
        assert not {"$ref", "$defs", "oneOf", "default", "discriminator"} & set(node)
        if node.get("type") == "object":
            assert node["required"] == list(node["properties"])
            assert node["additionalProperties"] is False


def test_a_schema_with_names_allows_no_others() -> None:
    validator = Draft202012Validator(
        reply_schema(metrics=("orders",), dimensions=("customer__country",))
    )
    full = {
        "action": "metric_query",
        "metrics": ["orders"],
        "group_by": ["customer__country", "metric_time__month"],
        "where": [],
        "having": [],
        "period": None,
        "order_by": [{"by": "orders", "first": "highest"}],
        "limit": None,
    }
    assert validator.is_valid({"reply": full})
    assert not validator.is_valid({"reply": {**full, "metrics": ["profit"]}})
    assert not validator.is_valid({"reply": {**full, "group_by": ["customer__email"]}})


def test_without_metrics_a_metric_query_cannot_be_replied() -> None:
    choices = json.dumps(reply_schema())
    assert "metric_query" not in choices
    assert "sql" in choices


@given(st.text(max_size=2_000))
def test_long_reasons_are_cut_and_never_a_failure(reason: str) -> None:
    reply = parse_reply(json.dumps({"reply": {"action": "refuse", "reason": reason}}))
    assert reply.action == "refuse"
    assert len(reply.reason) <= 300


@given(JSON)
def test_any_json_is_a_reply_or_a_mismatch(value: object) -> None:
    with pytest.raises(ReplyMismatch, match="does not fit"):
        parse_reply(json.dumps({"reply": value}))
