"""The only door to the chat model: what goes through it is written down before it leaves."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.ports import ChatModel, Message, Reply, Stop, never_stops

Keep = Callable[[tuple[str, ...]], None]
"""Keeps the texts of one request; where it raises, nothing leaves."""


@dataclass(frozen=True, kw_only=True)
class Outbox:
    """A chat model whose requests are kept, word for word."""

    model: ChatModel
    keep: Keep

    @property
    def name(self) -> str:
        return self.model.name

    def reply(
        self,
        messages: Sequence[Message],
        schema: dict[str, object],
        *,
        stop: Stop = never_stops,
    ) -> Reply:
        """Keep the messages and the form asked of the reply, then ask the model."""
        form = json.dumps(schema, ensure_ascii=False)
        self.keep((*(message.content for message in messages), form))
        return self.model.reply(messages, schema, stop=stop)
