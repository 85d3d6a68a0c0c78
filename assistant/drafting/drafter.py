"""Question -> Draft, first that fits: verified, governed metric, the model, or a no."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.answer import (
    Clarification,
    Confidence,
    Draft,
    Finding,
    Option,
    Refusal,
)
from assistant.drafting.listing import listing_draft
from assistant.drafting.planner import Plan
from assistant.drafting.readings import question_for
from assistant.drafting.scope import Scope
from assistant.drafting.suggest import contact_for, describe_metrics, suggestions
from assistant.drafting.verified import match
from assistant.errors import ModelError
from assistant.ports import Stop, never_stops
from catalogue.errors import CatalogueError
from catalogue.model import Hit, Metric, MetricQuery

UNPLACED = "Answered only when every word is understood. Not understood:"
_SQL_STARTS = (
    "select ",
    "with ",
    "from ",
    "insert ",
    "update ",
    "delete ",
    "drop ",
    "create ",
    "alter ",
)


Find = Callable[[], Sequence[Hit]]
"""Searches the catalogue for the question at hand."""


def finds_nothing() -> Sequence[Hit]:
    """The search of a drafter that has none."""
    return ()


class ModelPath(Protocol):
    """Drafts with a chat model."""

    def draft(
        self,
        question: str,
        *,
        scope: Scope,
        hits: Sequence[Hit],
        history: Sequence[str],
        stop: Stop,
    ) -> Draft: ...


@dataclass(frozen=True, kw_only=True)
class QuestionDrafter:
    """Drafts questions; without a model path it answers only what it understands in full."""

    model: ModelPath | None = None

    def draft(
        self,
        question: str,
        *,
        scope: Scope,
        find: Find = finds_nothing,
        history: Sequence[str] = (),
        stop: Stop = never_stops,
    ) -> Draft:
        """Return a draft of any kind; never raises for what a question may hold.

        `find` searches the catalogue for the question; it is called only where the answer is not
        plain without it, because it loads the search index.
        """
        if looks_like_sql(question):
            return _refused("That is SQL. `assistant run` runs it under the same guard.")
        if (draft := self._verified(question, scope)) is not None:
            return draft
        plan = scope.planner.plan(question)
        if (draft := self._planned(question, plan, scope)) is not None:
            return draft
        if self.model is None or plan.is_final:
            return self._unplaced(question, plan, scope, find())
        try:
            return self.model.draft(question, scope=scope, hits=find(), history=history, stop=stop)
        except ModelError as error:
            return replace(_refused(str(error)), error=error)

    def _verified(self, question: str, scope: Scope) -> Draft | None:
        found = match(
            question, scope.catalogue.verified, vocabulary=scope.vocabulary, calendar=scope.calendar
        )
        if found is None:
            return None
        query = found.metric_query
        try:
            sql = scope.compile(query) if query else found.sql
        except CatalogueError:
            return None
        by = found.verified.verified_by or "a person"
        why = f"verified by {by}" + (
            f" on {found.verified.verified_on}" if found.verified.verified_on else ""
        )
        return Draft(
            kind="verified",
            sql=sql,
            metric_query=query,
            verified_id=found.verified.id,
            confidence=Confidence(band="high", why=why, value=1.0),
        )

    def _planned(self, question: str, plan: Plan, scope: Scope) -> Draft | None:
        corrected = [f"Read {typed!r} as {meant!r}." for typed, meant in plan.corrections.items()]
        findings = (
            *(Finding(level="info", code="spelling", message=text) for text in corrected),
            *(Finding(level="info", code="reading", message=text) for text in plan.notes),
        )
        if plan.query is not None:
            return _metric_draft(plan.query, scope, findings)
        if plan.listing is not None:
            return listing_draft(plan.listing, scope.catalogue, findings)
        if len(plan.choices) > 1:
            return _clarify(question, plan, scope, findings)
        return None

    def _unplaced(self, question: str, plan: Plan, scope: Scope, hits: Sequence[Hit]) -> Draft:
        words = ", ".join(f"{word!r}" for word in plan.unread[:6])
        if plan.is_final:
            reason = f"Not in the data: {', '.join(plan.unread)}; {plan.reason}."
        elif plan.reason:
            reason = f"{UNPLACED} {words} ({plan.reason})."
        else:
            reason = f"{UNPLACED} {words}."
        near = describe_metrics(scope.catalogue, hits)
        if near:
            reason = f"{reason} {near}"
        return Draft(
            kind="refused",
            refusal=Refusal(
                reason=reason,
                missing=plan.unread,
                suggestions=suggestions(scope.catalogue, hits, scope.calendar.today),
                contact=contact_for(scope.catalogue, hits),
            ),
        )


def _metric_draft(query: MetricQuery, scope: Scope, findings: tuple[Finding, ...]) -> Draft:
    try:
        sql = scope.compile(query)
    except CatalogueError as error:
        return _refused(str(error))
    matched = "every word was matched to a governed definition"
    if inferred := _inferred(query, scope):
        findings = (*findings, *inferred)
        sure = Confidence(
            band="medium",
            why="every word was matched, but to a definition that was inferred from names and data",
            value=0.8,
        )
    elif not findings:
        sure = Confidence(band="high", why=matched, value=0.99)
    else:
        read = " ".join(finding.message for finding in findings)
        sure = Confidence(
            band="medium", why=f"{matched}, one of them by inference: {read}", value=0.9
        )
    return Draft(
        kind="metric",
        sql=sql,
        metric_query=query,
        findings=findings,
        confidence=sure,
    )


def _inferred(query: MetricQuery, scope: Scope) -> tuple[Finding, ...]:
    """Say of each metric that nobody declared what it was taken to be."""
    metrics = [scope.catalogue.metric(name) for name in query.metrics]
    return tuple(
        Finding(
            level="info",
            code="ungoverned",
            message=f"Ungoverned: nobody has defined {_named(metric)}. {metric.description}",
        )
        for metric in metrics
        if not metric.governed
    )


def _named(metric: Metric) -> str:
    return metric.label[:1].lower() + metric.label[1:]


def _clarify(question: str, plan: Plan, scope: Scope, findings: tuple[Finding, ...]) -> Draft:
    options = tuple(
        Option(
            label=choice.label,
            metric_query=choice.query,
            question=question_for(choice, plan.ambiguous, question, scope.planner),
        )
        for choice in plan.choices
    )
    asked = f"{plan.ambiguous!r} can mean {len(options)} things here. Which one?"
    return Draft(
        kind="clarify",
        findings=findings,
        clarification=Clarification(question=asked, options=options),
    )


def _refused(reason: str) -> Draft:
    return Draft(kind="refused", refusal=Refusal(reason=reason))


def looks_like_sql(question: str) -> bool:
    """True where the asker typed a statement: it starts like one and has SQL's shape.

    >>> looks_like_sql("SELECT count(*) FROM t"), looks_like_sql("select the best airline")
    (True, False)
    """
    text = " ".join(question.lower().split())
    if not text.startswith(_SQL_STARTS):
        return False
    words = set(text.replace("(", " ").replace(";", " ; ").split())
    shapes = (
        {"select", "from"} <= words
        and text.startswith(("select ", "with ", "from "))
        and _has_list(text),
        {"insert", "into"} <= words,
        text.startswith("update ") and "set" in words,
        text.startswith("delete from "),
        text.startswith(
            ("drop table ", "drop schema ", "drop view ", "create table ", "alter table ")
        ),
    )
    return any(shapes)


def _has_list(text: str) -> bool:
    return any(sign in text for sign in ("*", "(", ",", ".", "=", ";"))
