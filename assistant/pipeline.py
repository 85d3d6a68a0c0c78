"""The way of one question, in reading order: search, draft, guard, run, verify, answer.

A Pipeline is bound to one scope and has no state; `Assistant` gives it events and a journal.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from assistant.answer import (
    Answer,
    Clarification,
    Draft,
    Event,
    Finding,
    Option,
    Refusal,
    Result,
    SafeQuery,
    Stage,
)
from assistant.drafting.drafter import QuestionDrafter
from assistant.drafting.scope import Scope
from assistant.errors import AssistantError, Cancelled, ModelError, QueryFailed, QueryRejected
from assistant.ports import Engine, Search, Stop, never_stops
from catalogue.errors import CatalogueError
from catalogue.model import Hit, Scalar

SEARCH_HITS = 12
CONTEXT_ROWS = 200
"""Groups read beside a ranking, at most."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question with everything that belongs to it."""

    id: str
    question: str
    conversation: str
    history: tuple[str, ...] = ()
    """Earlier questions of the conversation, oldest first."""


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What ran for a question, if anything did."""

    query: SafeQuery | None = None
    result: Result | None = None
    context: Result | None = None


@dataclass
class Trace:
    """Tells of each step and keeps its milliseconds."""

    tell: Callable[[Event], None]
    ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, stage: Stage, detail: str) -> Iterator[None]:
        self.tell(Event(stage=stage, status="started", detail=detail))
        began = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - began) * 1000
            self.ms[stage] = round(self.ms.get(stage, 0.0) + spent, 3)
            self.tell(Event(stage=stage, status="finished", detail=detail))


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """Answers questions within one scope."""

    scope: Scope
    search: Search
    drafter: QuestionDrafter
    engine: Engine
    is_ahead: bool = False
    """True where the rows are newer than the build: its dates are not theirs."""

    def answer(
        self,
        asked: Asked,
        *,
        tell: Callable[[Event], None] = lambda _: None,
        stop: Stop = never_stops,
    ) -> tuple[Answer, Draft]:
        """Take a question all the way; raise Cancelled when stopped, else there is an answer."""
        trace = Trace(tell=tell)
        draft = self.draft(asked, trace, stop)
        if draft.sql is None:
            if draft.clarification is not None:
                draft = replace(
                    draft, clarification=self._with_numbers(draft.clarification, trace, stop)
                )
            return self._compose(asked, draft, Ran(), (), trace.ms), draft
        try:
            ran = self._run(draft, trace, stop)
        except (QueryRejected, QueryFailed) as error:
            draft = replace(draft, error=error, refusal=Refusal(reason=str(error)))
            return self._compose(asked, draft, Ran(), (), trace.ms), draft
        assert ran.query is not None
        assert ran.result is not None
        with trace.step("verify", "Checking the result"):
            from assistant.verify.checks import Case, verify

            findings = verify(
                Case(
                    draft=draft,
                    query=ran.query,
                    result=ran.result,
                    context=ran.context,
                    catalogue=self.scope.catalogue,
                    values=self.scope.values,
                    count=lambda sql: self._count(sql, stop),
                )
            )
        return self._compose(asked, draft, ran, findings, trace.ms), draft

    def draft(self, asked: Asked, trace: Trace, stop: Stop) -> Draft:
        """Draft the question, with a search of the catalogue where the drafter asks for one."""

        def find() -> Sequence[Hit]:
            with trace.step("search", "Looking through the catalogue"):
                return self.search.search(asked.question, k=SEARCH_HITS, grant=self.scope.grant)

        _raise_if(stop)
        with trace.step("draft", "Working out what is asked"):
            draft = self.drafter.draft(
                asked.question, scope=self.scope, find=find, history=asked.history, stop=stop
            )
        trace.ms["draft"] = round(trace.ms["draft"] - trace.ms.get("search", 0.0), 3)
        return draft

    def _run(self, draft: Draft, trace: Trace, stop: Stop) -> "Ran":
        _raise_if(stop)
        with trace.step("guard", "Checking the query"):
            query = self.scope.check(draft.sql or "")
        with trace.step("run", "Running the query"):
            result = self.engine.run(query, stop=stop)
            return Ran(query=query, result=result, context=self._context(draft, stop))

    def _context(self, draft: Draft, stop: Stop) -> Result | None:
        """For a ranking, all groups: they say how many the first is one of, and fill the chart."""
        query = draft.metric_query
        if query is None or query.limit is None or not query.group_by or query.having:
            return None
        ranked = self.scope.catalogue.metrics_by_name.get(query.metrics[0].lower())
        counted = [ranked.basis] if ranked and ranked.basis else []
        metrics = tuple(dict.fromkeys([*query.metrics, *counted]))
        try:
            sql = self.scope.compile(replace(query, metrics=metrics, limit=CONTEXT_ROWS))
            return self.engine.run(self.scope.check(sql), stop=stop)
        except (CatalogueError, QueryRejected, QueryFailed):
            return None

    def _count(self, sql: str, stop: Stop) -> int | None:
        """Run a counting query of our own as any other: guard under the same grant, then engine."""
        try:
            value = self.engine.run(self.scope.check(sql), stop=stop).table.column(0)[0].as_py()
        except (QueryRejected, QueryFailed):
            return None
        return None if value is None else int(value)

    def _with_numbers(self, asked_back: Clarification, trace: Trace, stop: Stop) -> Clarification:
        """Give each reading its own number where it has a single one."""
        options = []
        with trace.step("run", "Working out the readings"):
            for option in asked_back.options:
                options.append(replace(option, value=self._number_of(option, stop)))
        return replace(asked_back, options=tuple(options))

    def _number_of(self, option: Option, stop: Stop) -> Scalar:
        if option.metric_query is None:
            return None
        try:
            query = self.scope.check(self.scope.compile(option.metric_query))
            table = self.engine.run(query, stop=stop).table
        except (CatalogueError, QueryRejected, QueryFailed):
            return None
        if table.num_rows != 1 or table.num_columns != len(option.metric_query.metrics):
            return None
        value = table.column(0)[0].as_py()
        if isinstance(value, int | float | str) or value is None:
            return value
        return int(value) if value == int(value) else float(value)

    def _compose(
        self,
        asked: Asked,
        draft: Draft,
        ran: "Ran",
        findings: Sequence[Finding],
        ms: Mapping[str, float],
    ) -> Answer:
        """Word the answer and assemble its receipt."""
        from assistant.drafting.layout import laid_out
        from assistant.present.answers import present
        from assistant.receipt import ahead_of_build, make_receipt

        catalogue, query, result = self.scope.catalogue, ran.query, ran.result
        shown = present(draft=draft, result=result, catalogue=catalogue, context=ran.context)
        receipt = make_receipt(
            asked.id,
            draft=draft,
            query=query,
            catalogue=catalogue,
            role=self.scope.grant.role,
            findings=(*draft.findings, *findings, *shown.findings),
        )
        if self.is_ahead and query is not None:
            receipt = ahead_of_build(receipt)
        return Answer(
            question=asked.question,
            kind="refused" if draft.refusal else draft.kind,
            text=shown.text,
            headline=shown.headline,
            receipt=receipt,
            conversation=asked.conversation,
            sql=result.sql if result else None,
            drafted_sql=laid_out(draft.sql) if result and draft.sql else None,
            result=result,
            chart=shown.chart,
            clarification=draft.clarification,
            refusal=draft.refusal,
            metric_query=draft.metric_query,
            labels=shown.labels,
            units=shown.units,
            usage=draft.usage,
            ms=dict(ms),
            error=draft.error,
        )


def _raise_if(stop: Stop) -> None:
    if stop():
        raise Cancelled("The question was stopped.")


def fatal(answer: Answer) -> AssistantError | None:
    """The error that must reach the caller instead of an answer: a model that cannot be used."""
    return answer.error if isinstance(answer.error, ModelError) else None
