"""Recorded replies of a chat model: what one request got, kept in a file and given back.

A cassette is JSON lines, one reply each: digest, model, messages, schema, reply or error, usage,
ms and date. `Cassette` is its only reader and writer; a request is recorded once.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any

from assistant.answer import Usage
from assistant.drafting.request_change import nearest_change
from assistant.errors import BadReply, BadSettings, Cancelled, NotRecorded
from assistant.json_lines import JsonLines
from assistant.ports import ChatModel, Message, Reply, Stop, never_stops

CASSETTE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Request:
    """All that a reply depends on."""

    model: str
    messages: tuple[Message, ...]
    schema: Mapping[str, object]

    @property
    def digest(self) -> str:
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What one request got: a reply, or the model's own failure to give one."""

    request: Request
    content: str | None
    error: str | None
    usage: Usage
    ms: float
    recorded_on: str
    """ISO date."""

    def reply(self) -> Reply:
        """Give the reply again, or raise the BadReply that it was."""
        if self.content is None:
            raise BadReply(self.error or "The model gave no reply.")
        return Reply(content=self.content, usage=self.usage)

    def to_dict(self) -> dict[str, Any]:
        return {"version": CASSETTE_VERSION, "digest": self.request.digest, **asdict(self)}

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> "Recorded":
        """Read what `to_dict` wrote; raise ValueError for anything else."""
        if written.get("version") != CASSETTE_VERSION:
            problem = f"version {written.get('version')!r}; this reads {CASSETTE_VERSION}"
            raise ValueError(f"a recorded reply of {problem}")
        try:
            asked = written["request"]
            messages = tuple(Message(**each) for each in asked["messages"])
            request = Request(model=asked["model"], messages=messages, schema=asked["schema"])
            names = ("content", "error", "ms", "recorded_on")
            rest: dict[str, Any] = {name: written[name] for name in names}
            found = cls(request=request, usage=Usage(**written["usage"]), **rest)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a recorded reply: {error}") from error
        if found.request.digest != written.get("digest"):
            raise ValueError("a recorded reply that was edited: its digest is another")
        return found


class Cassette:
    """The recorded replies of one file; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._lines = JsonLines(path)
        self._lock = threading.Lock()
        self._replies: dict[str, Recorded] = {}
        for number, line in enumerate(self._lines.read(), start=1):
            try:
                found = Recorded.from_dict(line)
            except ValueError as error:
                raise BadSettings(f"{path}:{number}: {error}. Record it anew.") from error
            self._replies[found.request.digest] = found

    def __len__(self) -> int:
        return len(self._replies)

    @property
    def path(self) -> Path:
        return self._lines.path

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models whose replies it holds."""
        return tuple(dict.fromkeys(each.request.model for each in self._replies.values()))

    def find(self, request: Request) -> Recorded | None:
        return self._replies.get(request.digest)

    def keep(self, recorded: Recorded) -> None:
        """Add a reply and write it down before it is used; raise OSError where that fails."""
        with self._lock:
            if recorded.request.digest not in self._replies:
                self._lines.append(recorded.to_dict())
                self._replies[recorded.request.digest] = recorded

    def missing(self, request: Request) -> NotRecorded:
        """Return the error of a request that is not here, with what changed in it."""
        known = [each.request for each in self._replies.values()]
        change = nearest_change(_text(request), [_text(each) for each in known])
        return NotRecorded(
            f"{self.path} holds no reply to this request ({request.digest[:12]}). {change} "
            "Where the change is meant, record it anew."
        )


@dataclass(frozen=True, kw_only=True)
class RecordingChat:
    """A chat model whose replies are kept; what is already recorded is not asked again."""

    model: ChatModel
    cassette: Cassette

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
        """Answer as the model does, or raise its ModelError; only a BadReply is kept of those."""
        request = Request(model=self.name, messages=tuple(messages), schema=schema)
        if (known := self.cassette.find(request)) is not None:
            return known.reply()
        began = perf_counter()
        try:
            reply = self.model.reply(messages, schema, stop=stop)
        except BadReply as error:
            self._keep(request, began, error=str(error), usage=Usage(model=self.name, calls=1))
            raise
        self._keep(request, began, content=reply.content, usage=reply.usage)
        return reply

    def _keep(
        self,
        request: Request,
        began: float,
        *,
        usage: Usage,
        content: str | None = None,
        error: str | None = None,
    ) -> None:
        self.cassette.keep(
            Recorded(
                request=request,
                content=content,
                error=error,
                usage=usage,
                ms=round((perf_counter() - began) * 1000, 1),
                recorded_on=datetime.now(UTC).date().isoformat(),
            )
        )


@dataclass(frozen=True, kw_only=True)
class ReplayingChat:
    """Recorded replies in place of a model; raises NotRecorded for any other request."""

    name: str
    cassette: Cassette

    def reply(
        self,
        messages: Sequence[Message],
        schema: dict[str, object],
        *,
        stop: Stop = never_stops,
    ) -> Reply:
        """Give the recorded reply, or raise what was recorded in its place."""
        if stop():
            raise Cancelled("The question was stopped.")
        request = Request(model=self.name, messages=tuple(messages), schema=schema)
        known = self.cassette.find(request)
        if known is None:
            raise self.cassette.missing(request)
        return known.reply()


def _text(request: Request) -> dict[str, str]:
    """The parts of a request, each by the name an error calls it."""
    messages = {
        f"message {number} ({message.role})": message.content
        for number, message in enumerate(request.messages, start=1)
    }
    schema = json.dumps(request.schema, indent=1, sort_keys=True, ensure_ascii=False)
    return {"the model": request.model, **messages, "the schema": schema}
