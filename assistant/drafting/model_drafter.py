"""The model's way to a draft: ask, check, and let it mend its reply a bounded number of times.

Whatever goes wrong, the draft says what was spent and exactly what was sent.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from assistant.answer import (
    Clarification,
    Confidence,
    Draft,
    Option,
    Refusal,
    SafeQuery,
    Usage,
)
from assistant.drafting.context import Context
from assistant.drafting.metric_reading import LeftOut, MetricReading
from assistant.drafting.prompting import fill, one_line
from assistant.drafting.reply import (
    AnyReply,
    ClarifyReply,
    Mendable,
    MetricQueryReply,
    RefuseReply,
    ReplyMismatch,
    SqlReply,
    parse_reply,
    reply_schema,
)
from assistant.drafting.value_matches import Values
from assistant.errors import BadReply, Cancelled, ModelError, QueryFailed, QueryRejected
from assistant.ports import ChatModel, Message, Stop, never_stops
from catalogue.catalogue import Catalogue
from catalogue.errors import BadMetricQuery
from catalogue.model import MetricQuery

MOST_REPAIRS = 2
_LONGEST_PROBLEM = 600


@dataclass
class _Talk:
    """The conversation about one question, and what it cost."""

    messages: list[Message]
    sent: int = 0
    """How many of the messages went out."""
    usage: Usage = field(default_factory=Usage)
    repairs: int = 0


@dataclass(frozen=True, kw_only=True)
class ModelDrafter:
    """Drafts questions with a chat model, within one asker's view of the platform."""

    model: ChatModel
    catalogue: Catalogue
    """Already within the asker's grant: names in messages come from it alone."""
    compile: Callable[[MetricQuery], str]
    check: Callable[[str], SafeQuery]
    """The guard under the asker's grant."""
    values: Values | None = None
    """Binds the model's values to those that exist; they are never sent from here."""
    bind: Callable[[SafeQuery], None] | None = None
    """Plans a checked query without running it, or raises QueryFailed."""
    repairs: int = MOST_REPAIRS

    def draft(self, question: str, context: Context, stop: Stop = never_stops) -> Draft:
        """Return a draft of any kind but `verified`; raises Cancelled alone.

        A model that fails, a rejection and a reply that cannot be mended come back as a refusal
        with `error` set.
        """
        talk = _Talk(
            messages=[
                Message(role="system", content=fill("system.v1")),
                Message(role="user", content=context.text),
            ]
        )
        try:
            draft = self._converse(question, context, talk, stop)
        except Cancelled:
            raise
        except (ModelError, QueryRejected, QueryFailed) as error:
            draft = _refused(Refusal(reason=str(error)), error)
        return replace(
            draft,
            usage=talk.usage,
            sent=context.sent if talk.sent else "nothing",
        )

    def _converse(self, question: str, context: Context, talk: _Talk, stop: Stop) -> Draft:
        schema = reply_schema(metrics=context.metrics, dimensions=context.dimensions)
        while True:
            content = self._ask(talk, schema, stop)
            try:
                return self._read(content, question, talk)
            except Mendable as problem:
                if talk.repairs >= self.repairs:
                    return _given_up(problem, self.model.name)
                talk.repairs += 1
                told = one_line(str(problem), at_most=_LONGEST_PROBLEM)
                talk.messages += [
                    Message(role="assistant", content=content),
                    Message(role="user", content=fill("repair.v1", problem=told)),
                ]

    def _ask(self, talk: _Talk, schema: dict[str, object], stop: Stop) -> str:
        talk.sent = len(talk.messages)
        try:
            reply = self.model.reply(tuple(talk.messages), schema, stop=stop)
        except ModelError:
            talk.usage = talk.usage + Usage(model=self.model.name, calls=1)
            raise
        talk.usage = talk.usage + reply.usage
        return reply.content

    def _read(self, content: str, question: str, talk: _Talk) -> Draft:
        try:
            reply: AnyReply = parse_reply(content)
        except ReplyMismatch as error:
            raise Mendable(str(error), error) from error
        match reply:
            case MetricQueryReply():
                reading = MetricReading(
                    catalogue=self.catalogue, compile=self.compile, values=self.values
                )
                return reading.draft(reply, question, repairs=talk.repairs)
            case SqlReply():
                return self._sql(reply, talk)
            case ClarifyReply():
                return _clarify(reply)
            case RefuseReply():
                return _refused(Refusal(reason=reply.reason, missing=tuple(reply.missing)))

    def _sql(self, reply: SqlReply, talk: _Talk) -> Draft:
        try:
            safe = self.check(reply.sql)
            if self.bind is not None:
                self.bind(safe)
        except (QueryRejected, QueryFailed) as error:
            if error.repair is None:
                raise
            raise Mendable(error.repair, error) from error
        if talk.repairs:
            confidence = Confidence(
                band="low", why="the model wrote this SQL and had to mend it after a check failed"
            )
        else:
            confidence = Confidence(
                band="medium", why="the model wrote this SQL; no governed metric stands behind it"
            )
        return Draft(kind="generated", sql=reply.sql, tables=safe.tables, confidence=confidence)


def _clarify(reply: ClarifyReply) -> Draft:
    options = tuple(Option(label=each, question=each) for each in reply.options)
    return Draft(
        kind="clarify", clarification=Clarification(question=reply.question, options=options)
    )


def _given_up(problem: Mendable, model: str) -> Draft:
    """Refuse once the tries are spent: a rejection stays what it is, the rest is a bad reply."""
    error = problem.error
    if isinstance(error, LeftOut):
        return _refused(Refusal(reason=f"Not understood: {error}.", missing=error.words))
    if not isinstance(error, QueryRejected | QueryFailed | BadMetricQuery):
        error = BadReply(
            f"The model {model} gave no reply that fits this platform. The question is kept; "
            "put it in other words, or ask for a metric, which needs no model."
        )
    return _refused(Refusal(reason=str(error)), error)


def _refused(refusal: Refusal, error: Exception | None = None) -> Draft:
    return Draft(kind="refused", refusal=refusal, error=error)
