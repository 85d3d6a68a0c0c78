"""The trail of one request, from who asked to what ran; it ends as one entry of the audit log.

The entry is written before anything is handed to the asker: where it cannot be, nothing is.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from assistant.answer import Answer, Draft, Result, SafeQuery
from assistant.audit import Action, AuditLog, Decision, Record
from assistant.errors import AssistantError, Cancelled, QueryRejected
from assistant.ports import Engine, Stop, never_stops

_MOST_CHARS = 20_000
"""Of a question or of SQL that are too large to be read at all."""


@dataclass(kw_only=True)
class Trail:
    """What is known of a request so far."""

    action: Action
    user: str | None
    role: str | None
    question: str | None = None
    question_id: str | None = None
    draft: str | None = None
    sql: list[str] = field(default_factory=list)
    """Everything that ran, as the guard wrote it."""
    decision: Decision = "allowed"
    rule: str | None = None
    rows: int | None = None
    sent_to_model: str | None = None

    def answered(self, answer: Answer, draft: Draft) -> None:
        """Note what became of a question."""
        self.drafted(draft)
        self.rows = answer.result.table.num_rows if answer.result else None

    def drafted(self, draft: Draft) -> None:
        """Note a draft: its SQL, or why there is none."""
        self.draft = draft.sql
        self.sent_to_model = draft.sent
        if draft.error is not None:
            self.broke(draft.error)
        elif draft.refusal is not None:
            self.decision, self.rule = "refused", "no_answer"

    def broke(self, error: BaseException) -> None:
        """Note what ended the request."""
        self.decision, self.rule = _outcome(error)

    def record(self, ms: float) -> Record:
        """Return the entry to write."""
        return Record(
            action=self.action,
            user=self.user,
            role=self.role,
            question=_bounded(self.question),
            question_id=self.question_id,
            draft=_bounded(self.draft),
            sql=tuple(self.sql),
            decision=self.decision,
            rule=self.rule,
            rows=self.rows,
            ms=round(ms, 1),
            sent_to_model=self.sent_to_model,
        )


@dataclass(frozen=True, kw_only=True)
class WatchedEngine:
    """An engine that leaves each query on the trail before it runs."""

    engine: Engine
    trail: Trail

    def run(self, query: SafeQuery, *, stop: Stop = never_stops) -> Result:
        """Run a query, or raise what the engine raises."""
        self.trail.sql.append(query.sql)
        return self.engine.run(query, stop=stop)

    def close(self) -> None:
        """The engine is shared; whoever opened it closes it."""


@contextmanager
def audited(log: AuditLog, trail: Trail) -> Iterator[Trail]:
    """Write the trail to the log, however the request ends."""
    began = time.perf_counter()
    try:
        yield trail
    except BaseException as error:
        trail.broke(error)
        raise
    finally:
        log.append(trail.record((time.perf_counter() - began) * 1000))


def _outcome(error: BaseException) -> tuple[Decision, str]:
    from catalogue.errors import AccessError, CatalogueError

    if isinstance(error, QueryRejected):
        return "refused", error.rule
    if isinstance(error, AccessError):
        return "refused", error.code
    if isinstance(error, Cancelled | KeyboardInterrupt):
        return "stopped", Cancelled.code
    if isinstance(error, AssistantError | CatalogueError):
        return "failed", error.code
    return "failed", type(error).__name__


def _bounded(text: str | None) -> str | None:
    return text if text is None else text[:_MOST_CHARS]
