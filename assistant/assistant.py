"""Assistant: the public face. Opens a platform and journals every question it takes."""

import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from assistant.answer import Answer, Draft, Event, Result, SafeQuery
from assistant.errors import AssistantError, BadQuestion, Cancelled
from assistant.ports import Stop, never_stops
from assistant.trail import Trail, audited

if TYPE_CHECKING:
    from assistant.build import Parts
    from assistant.conversations import Conversations, PastQuestion
    from assistant.pipeline import Asked, Pipeline
    from assistant.ports import ChatModel
    from assistant.stewardship import Stewardship
    from catalogue.catalogue import Catalogue
    from catalogue.model import Hit

MAX_QUESTION_CHARS = 20_000
HEARTBEAT_S = 0.2


@dataclass
class Assistant:
    """Answers questions about one platform. Safe to share between threads."""

    parts: "Parts"
    any_role: bool = False
    """Let every asker choose any role; for loopback only."""
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        model: "ChatModel | None" = None,
        any_role: bool = False,
    ) -> "Assistant":
        """Open the platform at `path`, or the one found in the contracted order.

        `model` replaces the platform's chat model, for example with a scripted one. Nothing is
        built: a platform that was never built is built by its first question.
        """
        from assistant.build import open_parts

        return cls(parts=open_parts(path, model=model), any_role=any_role)

    def ask(
        self,
        question: str,
        *,
        user: str | None = None,
        role: str | None = None,
        conversation: str | None = None,
    ) -> Answer:
        """Answer a question; raise AssistantError or CatalogueError where there can be none."""
        trail = Trail(action="ask", user=user, role=role, question=question)
        return self._ask(trail, conversation, tell=lambda _: None, stop=never_stops)

    def stream(
        self,
        question: str,
        *,
        user: str | None = None,
        role: str | None = None,
        conversation: str | None = None,
    ) -> Generator[Event, None, None]:
        """Yield each step and a heartbeat at least every 200 ms; the last event carries the answer.

        Closing the generator stops the model call and the query.
        """
        stopped = threading.Event()
        events: queue.SimpleQueue[Event | BaseException] = queue.SimpleQueue()

        def work() -> None:
            try:
                trail = Trail(action="ask", user=user, role=role, question=question)
                answer = self._ask(trail, conversation, tell=events.put, stop=stopped.is_set)
                events.put(Event(stage="answer", status="finished", answer=answer))
            except BaseException as error:  # handed to the reader of the stream, who raises it
                events.put(error)

        worker = threading.Thread(target=work, name="question", daemon=True)
        worker.start()
        try:
            yield from _drain(events)
        finally:
            stopped.set()

    def generate_sql(
        self, question: str, *, user: str | None = None, role: str | None = None
    ) -> Draft:
        """Draft a question without running it; `Draft.sql` is what would go to the guard."""
        from dataclasses import replace

        from assistant.pipeline import Trace

        trail = Trail(action="sql", user=user, role=role, question=question)
        with audited(self.parts.audit, trail):
            pipeline, asked = self._prepare(trail, None)
            with self._recording_failure(asked):
                draft = pipeline.draft(asked, Trace(tell=lambda _: None), never_stops)
            self.parts.journal.close_draft(asked.id, draft)
            trail.drafted(draft)
            if draft.sql is None:
                return draft
            safe = pipeline.scope.check(draft.sql)
            trail.sql.append(safe.sql)
            return replace(draft, tables=safe.tables)

    def check(self, sql: str, *, user: str | None = None, role: str | None = None) -> SafeQuery:
        """Return what would run in place of `sql`, or raise QueryRejected."""
        with audited(
            self.parts.audit, Trail(action="check", user=user, role=role, draft=sql)
        ) as trail:
            return self._check(sql, trail)

    def run(
        self,
        sql: str,
        *,
        user: str | None = None,
        role: str | None = None,
        stop: Stop = never_stops,
    ) -> Result:
        """Check `sql` and run what the guard made of it; raise Cancelled once `stop` says so."""
        with audited(
            self.parts.audit, Trail(action="run", user=user, role=role, draft=sql)
        ) as trail:
            result = self.parts.engine.run(self._check(sql, trail), stop=stop)
            trail.rows = result.table.num_rows
            return result

    def search(
        self, question: str, *, k: int = 10, user: str | None = None, role: str | None = None
    ) -> "list[Hit]":
        """Find tables, metrics, entities, verified queries and terms within the asker's grant."""
        return self.parts.search.search(question, k=k, grant=self._grant(user, role))

    def catalogue(self, *, user: str | None = None, role: str | None = None) -> "Catalogue":
        """Return the catalogue as this asker sees it."""
        return self.parts.scope(self._grant(user, role)).catalogue

    def roles(self, user: str | None = None) -> list[str]:
        """Return the roles this asker may choose from, the default first."""
        return list(self.parts.policy.roles_of(user, any_role=self.any_role))

    def conversations(self, *, user: str | None = None, role: str | None = None) -> "Conversations":
        """Return what this asker asked before, as the journal keeps it."""
        from assistant.conversations import Conversations
        from assistant.journal import Asker

        grant = self._grant(user, role)
        return Conversations(
            journal=self.parts.journal,
            asker=Asker(user=user, role=grant.role),
            grant_key=grant.key,
        )

    def stewardship(self, *, user: str | None = None, role: str | None = None) -> "Stewardship":
        """Return the columns that wait for this asker's word whether they are personal."""
        from assistant.stewardship import stewardship_of

        return stewardship_of(self.parts, self._grant(user, role), user)

    def receipt(
        self, receipt_id: str, *, user: str | None = None, role: str | None = None
    ) -> "PastQuestion":
        """Return one question of the asker's with its answer and what left for a model.

        Raises NoReceipt for an id that is not theirs, and once they may see something else than
        they could when they asked.
        """
        return self.conversations(user=user, role=role).question(receipt_id)

    def follow_ups(
        self, answer: Answer, *, user: str | None = None, role: str | None = None
    ) -> tuple[str, ...]:
        """Return questions that lead on from an answer and are answered without a model."""
        from assistant.drafting.follow_ups import follow_ups

        return follow_ups(answer.metric_query, self.parts.scope(self._grant(user, role)))

    def answerable(
        self, questions: Iterable[str], *, user: str | None = None, role: str | None = None
    ) -> tuple[str, ...]:
        """Return those of the questions that are answered without a model."""
        from assistant.drafting.follow_ups import answerable

        scope = self.parts.scope(self._grant(user, role))
        return tuple(question for question in questions if answerable(question, scope))

    def close(self) -> None:
        """End the workers and let go of every file."""
        self.parts.close()

    def __enter__(self) -> "Assistant":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # The steps around the pipeline

    def _grant(self, user: str | None, role: str | None) -> Any:
        self.parts.refresh()
        return self.parts.policy.grant(user=user, role=role, any_role=self.any_role)

    def _prepare(self, trail: Trail, conversation: str | None) -> "tuple[Pipeline, Asked]":
        """Check the question, settle who asks, and record it before any work is done for it."""
        from assistant.journal import Asker
        from assistant.pipeline import Asked

        text = _checked(trail.question or "")
        grant = self._grant(trail.user, trail.role)
        trail.role = grant.role
        asker = Asker(user=trail.user, role=grant.role)
        named = conversation or uuid4().hex[:12]
        journal = self.parts.journal
        earlier = journal.questions_of(named, asker) if conversation else []
        trail.question_id = journal.open(
            text, user=asker.user, role=asker.role, conversation=named, grant_key=grant.key
        )
        asked = Asked(
            id=trail.question_id,
            question=text,
            conversation=named,
            history=tuple(each.question for each in earlier),
        )
        return self.parts.pipeline(grant, trail), asked

    def _ask(self, trail: Trail, conversation: str | None, *, tell: Any, stop: Stop) -> Answer:
        from assistant.pipeline import fatal

        with audited(self.parts.audit, trail):
            pipeline, asked = self._prepare(trail, conversation)
            with self._recording_failure(asked):
                answer, draft = pipeline.answer(asked, tell=tell, stop=stop)
                if stop():
                    raise Cancelled("The question was stopped.")
            self.parts.journal.close_entry(asked.id, answer)
            trail.answered(answer, draft)
            if (error := fatal(answer)) is not None:
                raise error
            return answer

    def _check(self, sql: str, trail: Trail) -> SafeQuery:
        grant = self._grant(trail.user, trail.role)
        trail.role = grant.role
        safe = self.parts.scope(grant).check(sql)
        trail.sql.append(safe.sql)
        return safe

    @contextmanager
    def _recording_failure(self, asked: "Asked") -> Iterator[None]:
        """Close the record of a question that got no answer; only our own errors are told."""
        from catalogue.errors import CatalogueError

        try:
            yield
        except BaseException as error:
            is_told = isinstance(error, AssistantError | CatalogueError)
            self.parts.journal.fail(
                asked.id,
                error,
                text=str(error) if is_told else "",
                stopped=isinstance(error, Cancelled | KeyboardInterrupt),
            )
            raise


def _checked(question: str) -> str:
    """Return the question without blanks around it, or raise BadQuestion."""
    text = question.strip()
    if not text:
        raise BadQuestion(
            "The question is empty. Ask in plain words, for example: flights by month."
        )
    if len(text) > MAX_QUESTION_CHARS:
        raise BadQuestion(
            f"The question has {len(text):,} characters; at most {MAX_QUESTION_CHARS:,} are read. "
            "Ask it shorter."
        )
    return text


def _drain(events: "queue.SimpleQueue[Event | BaseException]") -> Generator[Event, None, None]:
    """Yield events as they come, with a heartbeat when none does, until the answer or an error."""
    latest = Event(stage="search", status="progress")
    while True:
        try:
            event = events.get(timeout=HEARTBEAT_S)
        except queue.Empty:
            yield Event(stage=latest.stage, status="progress", detail=latest.detail)
            continue
        if isinstance(event, BaseException):
            raise event
        yield event
        latest = event
        if event.stage == "answer":
            return
