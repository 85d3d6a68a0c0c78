"""A stand-in for `assistant.Assistant` that answers by hand-made rows, worded by the real parts."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from assistant.answer import (
    Answer,
    Clarification,
    Confidence,
    Draft,
    Event,
    Finding,
    MetricReceipt,
    Option,
    Receipt,
    Refusal,
    Result,
    TableReceipt,
)
from assistant.audit import AuditLog
from assistant.conversations import Conversations
from assistant.errors import AssistantError, Cancelled, ModelUnreachable
from assistant.journal import Asker, Journal
from assistant.ports import Stop, never_stops
from assistant.present.answers import present
from assistant.stewardship import Stewardship
from catalogue.catalogue import Catalogue
from catalogue.model import Hit, MetricQuery
from catalogue.suspects import suspects
from tests.assistant.present.samples import CATALOGUE, JUNE, months, query, rows

RECEIPT = Receipt(
    id="r1",
    governed=True,
    health="caution",
    confidence=Confidence(band="high", why="an approved metric answers every word"),
    tables=(
        TableReceipt(
            name="gold.fct_flights",
            layer="gold",
            domain="operations",
            owner="ops@example.org",
            health="caution",
            as_of="2013-12-31",
        ),
    ),
    metrics=(
        MetricReceipt(
            name="on_time_rate",
            label="On-time rate",
            definition="Arrivals less than 15 minutes late, of flights that arrived.",
            owner="ops@example.org",
        ),
    ),
    findings=(
        Finding(level="warning", code="test", message="1,234 tail numbers name no aircraft."),
    ),
)
AIRLINES = (
    ("ExpressJet Airlines Inc.", 0.5432, 4456),
    ("Frontier Airlines Inc.", 0.5713, 59),
    ("JetBlue Airways", 0.6841, 4566),
    ("United Air Lines Inc.", 0.7204, 4975),
    ("Hawaiian Airlines Inc.", 0.931, 30),
)
WORST = query(
    "on_time_rate",
    by=("airline__name",),
    period=JUNE,
    order_by=("on_time_rate",),
    limit=1,
)


def airlines(count: int) -> Result:
    chosen = AIRLINES[:count]
    return rows(
        {
            "airline__name": [name for name, _, _ in chosen],
            "on_time_rate": [rate for _, rate, _ in chosen],
            "arrived_flights": [n for _, _, n in chosen],
        }
    )


def answered(question: str, asked: MetricQuery, result: Result, context: Result | None) -> Answer:
    draft = Draft(kind="metric", metric_query=asked)
    shown = present(draft=draft, result=result, catalogue=CATALOGUE, context=context)
    return Answer(
        question=question,
        kind="metric",
        text=shown.text,
        headline=shown.headline,
        chart=shown.chart,
        labels=shown.labels,
        units=shown.units,
        receipt=RECEIPT,
        conversation="c1",
        sql="SELECT 1",
        result=result,
        ms={"run": 3.2},
    )


@dataclass
class FakeAssistant:
    """Answers a few questions; remembers what it was asked."""

    choices: tuple[str, ...] = ("reader",)
    catalogue_shown: Catalogue = CATALOGUE
    asked: list[dict[str, Any]] = field(default_factory=list)
    ran: list[tuple[str, str | None]] = field(default_factory=list)
    step_s: float = 0.0
    sends: tuple[str, ...] = ()
    """What it writes down as sent to a model."""
    place: Path = field(default_factory=lambda: Path(mkdtemp()))
    """Where its notes and its audit log stand."""
    journal: Journal = field(default_factory=lambda: Journal.at(Path(mkdtemp())))

    def roles(self, user: str | None = None) -> list[str]:
        return list(self.choices)

    def catalogue(self, *, user: str | None = None, role: str | None = None) -> Catalogue:
        return self.catalogue_shown

    def generate_sql(
        self, question: str, *, user: str | None = None, role: str | None = None
    ) -> Draft:
        name = next(
            (m.name for m in self.catalogue_shown.metrics if question.startswith(m.label)), None
        )
        asked = query(name, by=("metric_time__month",)) if name else None
        return Draft(kind="metric", metric_query=asked, sql=f"SELECT {name}" if name else None)

    def run(
        self,
        sql: str,
        *,
        user: str | None = None,
        role: str | None = None,
        stop: Stop = never_stops,
    ) -> Result:
        self.ran.append((sql, role))
        while "slow" in sql:
            if stop():
                raise Cancelled("The query was stopped.")
            time.sleep(0.01)
        flights = [27004, 24951, 28834, 28330, 28796, 28243]
        return rows({"metric_time__month": months(6), sql.split()[-1]: flights})

    def search(
        self, question: str, *, k: int = 10, user: str | None = None, role: str | None = None
    ) -> list[Hit]:
        return [Hit(kind="metric", name="on_time_rate", score=1.0)] if "tardy" in question else []

    def stream(
        self,
        question: str,
        *,
        user: str | None = None,
        role: str | None = None,
        conversation: str | None = None,
    ) -> Iterator[Event]:
        self.asked.append({"question": question, "role": role, "conversation": conversation})
        entry = self.journal.open(
            question, user=user, role=role or "", conversation=conversation or "", grant_key="g"
        )
        if self.sends:
            self.journal.sending(entry, self.sends)
        yield Event(stage="search", status="started")
        time.sleep(self.step_s)
        yield Event(stage="run", status="progress", detail="Running the query")
        time.sleep(self.step_s)
        try:
            answer = replace(self._answer(question), conversation=conversation or "")
        except AssistantError as error:
            self.journal.fail(entry, error, text=str(error), stopped=False)
            raise
        self.journal.close_entry(entry, answer)
        yield Event(stage="answer", status="finished", answer=answer)

    def stewardship(self, *, user: str | None = None, role: str | None = None) -> Stewardship:
        return Stewardship(
            user=user,
            role=role or "",
            suspects=tuple(suspects(self.catalogue_shown)),
            notes=self.place / "catalogue.yaml",
            audit=AuditLog.at(self.place),
        )

    def conversations(self, *, user: str | None = None, role: str | None = None) -> Conversations:
        asker = Asker(user=user, role=role or "")
        return Conversations(journal=self.journal, asker=asker, grant_key="g")

    def follow_ups(
        self, answer: Answer, *, user: str | None = None, role: str | None = None
    ) -> tuple[str, ...]:
        return ("Flights by airline",)

    def answerable(
        self, questions: Iterable[str], *, user: str | None = None, role: str | None = None
    ) -> tuple[str, ...]:
        return tuple(question for question in questions if "passengers" not in question)

    def _answer(self, question: str) -> Answer:
        if "month" in question:
            flights = [27004, 24951, 28834, 28330, 28796, 28243]
            result = rows({"metric_time__month": months(6), "flights": flights})
            return answered(question, query("flights", by=("metric_time__month",)), result, None)
        if "profit" in question:
            refusal = Refusal(
                reason="No data on profit.",
                missing=("profit",),
                suggestions=("Flights by month", "passengers by month"),
                contact="ops@example.org",
            )
            return self._unanswered(question, Draft(kind="refused", refusal=refusal))
        if "delay" in question:
            options = (
                Option(label="Average departure delay", question="departures by month", value=12.6),
                Option(label="Average arrival delay", question="arrivals by month", value=6.9),
            )
            clarification = Clarification(question="Which delay?", options=options)
            return self._unanswered(question, Draft(kind="clarify", clarification=clarification))
        if "model" in question:
            raise ModelUnreachable("The model at 127.0.0.1:8080 did not answer within 30 s.")
        return answered(question, WORST, airlines(1), airlines(5))

    def _unanswered(self, question: str, draft: Draft) -> Answer:
        shown = present(draft=draft, result=None, catalogue=CATALOGUE)
        return Answer(
            question=question,
            kind=draft.kind,
            text=shown.text,
            receipt=replace(RECEIPT, tables=(), metrics=(), findings=()),
            conversation="c1",
            refusal=draft.refusal,
            clarification=draft.clarification,
        )
