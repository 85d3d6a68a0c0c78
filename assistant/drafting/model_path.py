"""The model path of one platform: builds the context of a question and drafts with a chat model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answer import Draft, Refusal, SafeQuery
from assistant.drafting.context import TOKEN_BUDGET, Send, build_context
from assistant.drafting.model_drafter import ModelDrafter
from assistant.drafting.scope import Scope
from assistant.ports import ChatModel, Stop, never_stops
from catalogue.model import Hit

LONGEST_QUESTION = 4_000
"""Characters; a cut question would be another question."""


@dataclass(frozen=True, kw_only=True)
class ChatPath:
    """Drafts questions of any scope with one chat model."""

    chat: ChatModel
    send: Send
    """What may leave to the model."""
    today: Callable[[], date]
    token_budget: int = TOKEN_BUDGET
    bind: Callable[[SafeQuery], None] | None = None

    def draft(
        self,
        question: str,
        *,
        scope: Scope,
        hits: Sequence[Hit],
        history: Sequence[str] = (),
        stop: Stop = never_stops,
    ) -> Draft:
        """Return the model's draft; one that failed carries its `error`. Raises Cancelled."""
        if len(question) > LONGEST_QUESTION:
            reason = (
                f"The question is longer than {LONGEST_QUESTION:,} characters; ask a shorter one."
            )
            return Draft(kind="refused", refusal=Refusal(reason=reason))
        context = build_context(
            question,
            catalogue=scope.catalogue,
            hits=hits,
            values=scope.values,
            send=self.send,
            today=self.today(),
            token_budget=self.token_budget,
            history=history,
        )
        drafter = ModelDrafter(
            model=self.chat,
            catalogue=scope.catalogue,
            compile=scope.compile,
            check=scope.check,
            values=scope.values,
            bind=self.bind,
        )
        return drafter.draft(question, context, stop)
