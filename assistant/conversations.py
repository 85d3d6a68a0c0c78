"""What one asker asked before: listed, shown again, renamed, deleted, rated.

An answer comes back only while the asker may see what they saw then: after a change of the access
rules it is withheld.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant import errors
from assistant.answer import Answer
from assistant.journal import (
    DRAFTED,
    FAILED,
    STOPPED,
    Asker,
    ConversationEntry,
    Entry,
    Journal,
    Thumb,
)

Outcome = Literal["answered", "drafted", "failed", "stopped", "interrupted", "withheld"]
MOST_TITLE_CHARS = 120


@dataclass(frozen=True, kw_only=True)
class PastQuestion:
    """A question of a conversation and what became of it."""

    id: str
    question: str
    outcome: Outcome
    answer: Answer | None = None
    text: str = ""
    """What is said where there is no answer."""
    thumb: Thumb | None = None
    thumb_reason: str = ""
    asked_at: datetime | None = None
    sql: str | None = None
    sent: tuple[str, ...] = ()
    """Exactly the texts that left for a model because of it."""


@dataclass(frozen=True, kw_only=True)
class Conversations:
    """One asker's conversations in the journal."""

    journal: Journal
    asker: Asker
    grant_key: str

    def listed(self) -> list[ConversationEntry]:
        """Those that were begun on the page, the latest first."""
        return self.journal.conversations(self.asker)

    def begin(self, conversation: str, *, title: str) -> None:
        """List a conversation, or move it up; an existing one keeps its title."""
        self.journal.list_conversation(
            conversation, self.asker, title=" ".join(title.split())[:MOST_TITLE_CHARS]
        )

    def questions(self, conversation: str) -> list[PastQuestion]:
        """Everything asked in a conversation, oldest first.

        A question that is open without an answer reads as interrupted: whoever runs questions
        in this process knows those that are still under way.
        """
        return [self._past(entry) for entry in self.journal.entries_of(conversation, self.asker)]

    def rename(self, conversation: str, title: str) -> None:
        """Give a conversation another title; blanks alone leave it as it is."""
        if flat := " ".join(title.split())[:MOST_TITLE_CHARS]:
            self.journal.rename(conversation, self.asker, flat)

    def delete(self, conversation: str) -> None:
        """Forget a conversation's answers and take it off the list."""
        self.journal.forget(conversation, self.asker)

    def rate(self, question_id: str, thumb: Thumb | None, reason: str = "") -> None:
        """Record a thumb, with a reason where one is given; None takes it back."""
        self.journal.rate(question_id, thumb, self.asker, reason=reason.strip())

    def question(self, question_id: str) -> PastQuestion:
        """One question with all that is kept of it; raise NoReceipt where there is none."""
        entry = self.journal.entry(question_id, self.asker)
        if entry is None:
            raise errors.NoReceipt(
                f"No question of yours as {self.asker.role} has the receipt {question_id!r}. "
                "`ask --json` and the end of every receipt on the page say their ids."
            )
        if entry.grant_key != self.grant_key:
            raise errors.NoReceipt(
                f"What you may see has changed since {question_id} was asked, so it is withheld."
            )
        return self._past(entry)

    def sent(self, question_id: str) -> tuple[str, ...]:
        """Exactly the texts that left for a model because of a question; none once withheld."""
        entry = self.journal.entry(question_id, self.asker)
        return entry.sent if entry and entry.grant_key == self.grant_key else ()

    def _past(self, entry: Entry) -> PastQuestion:
        outcome = _outcome(entry)
        answer = entry.answer if outcome == "answered" else None
        is_same = entry.grant_key == self.grant_key
        if outcome == "answered" and answer is None:
            outcome = "withheld"
        if outcome in ("answered", "failed") and not is_same:
            # What was said of a failure may name what the asker no longer sees.
            outcome, answer = "withheld", None
        return PastQuestion(
            id=entry.id,
            asked_at=entry.asked_at,
            sql=entry.sql if is_same else None,
            sent=entry.sent if is_same else (),
            question=entry.question,
            outcome=outcome,
            answer=answer,
            text=(entry.text or "") if outcome == "failed" else "",
            thumb=entry.thumb,
            thumb_reason=entry.thumb_reason or "",
        )


def _outcome(entry: Entry) -> Outcome:
    if entry.kind is None:
        return "interrupted"
    if entry.kind == STOPPED:
        return "stopped"
    if entry.kind == DRAFTED and entry.error is None:
        return "drafted"
    broke = entry.error in _names(_model_errors())
    return "failed" if entry.kind == FAILED or broke else "answered"


def _model_errors() -> Iterable[type[errors.ModelError]]:
    return (errors.ModelError, *errors.ModelError.__subclasses__())


def _names(kinds: Iterable[type[Exception]]) -> set[str]:
    return {kind.__name__ for kind in kinds}
