"""The conversation in view: what the journal holds of it, and what is under way.

Nothing of it lives in the browser but its id in the address, so a refresh, the back button or a
second tab show the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answer import Answer
from assistant.conversations import PastQuestion
from assistant.journal import Thumb
from assistant.ui.running import Running

State = Literal["running", "answered", "drafted", "failed", "stopped", "interrupted", "withheld"]


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One question and what became of it."""

    id: str
    question: str
    state: State
    answer: Answer | None = None
    error: str = ""
    """What is said where there is no answer."""
    thumb: Thumb | None = None
    thumb_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """The questions of one conversation, oldest first."""

    id: str | None
    turns: tuple[Turn, ...] = ()
    running: Running | None = None
    """The question under way, if one is."""

    def turn(self, turn_id: str | None) -> Turn | None:
        """Return the turn of this id, else the latest."""
        for turn in self.turns:
            if turn.id == turn_id:
                return turn
        return self.turns[-1] if self.turns else None


def conversation_of(
    conversation_id: str | None, past: Sequence[PastQuestion], latest: Running | None
) -> Conversation:
    """Put together what the journal holds and what this process knows of the latest question."""
    turns = [_turn(each) for each in past]
    if latest is None or latest.outcome == "answered":
        return Conversation(id=conversation_id, turns=tuple(turns))
    is_last = bool(turns) and turns[-1].question == latest.question.strip()
    is_open = is_last and turns[-1].state == "interrupted"
    if is_last and not is_open and latest.is_done:
        return Conversation(id=conversation_id, turns=tuple(turns))
    # Open in the journal, or not in it yet: this process knows better.
    known = Turn(
        id=turns.pop().id if is_open else "new",
        question=latest.question,
        state=latest.outcome or "running",
        error=latest.error,
    )
    running = None if latest.is_done else latest
    return Conversation(id=conversation_id, turns=(*turns, known), running=running)


def _turn(past: PastQuestion) -> Turn:
    return Turn(
        id=past.id,
        question=past.question,
        state=past.outcome,
        answer=past.answer,
        error=past.text,
        thumb=past.thumb,
        thumb_reason=past.thumb_reason,
    )
