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
from assistant.drafting.coverage import unexplained
from assistant.drafting.grounding import Ambiguous, Grounded, NoSuchValue, ground
from assistant.drafting.prompting import fill, one_line
from assistant.drafting.reply import (
    AnyReply,
    ClarifyReply,
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
from catalogue.errors import BadMetricQuery, CatalogueError
from catalogue.metric_query import check_names, metric_query_from_mapping
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

    def sent_text(self) -> tuple[str, ...]:
        return tuple(message.content for message in self.messages[: self.sent])


class _Mendable(Exception):
    """A reply that another try may mend; the text is written for the model."""

    def __init__(self, problem: str, error: Exception) -> None:
        super().__init__(problem)
        self.error = error


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
        except (ModelError, QueryRejected, QueryFailed, CatalogueError) as error:
            draft = Draft(kind="refused", refusal=Refusal(reason=str(error)), error=error)
        return replace(
            draft,
            usage=talk.usage,
            sent=context.sent if talk.sent else "nothing",
            sent_text=talk.sent_text(),
        )

    def _converse(self, question: str, context: Context, talk: _Talk, stop: Stop) -> Draft:
        schema = reply_schema(metrics=context.metrics, dimensions=context.dimensions)
        while True:
            content = self._ask(talk, schema, stop)
            try:
                return self._read(content, question, talk)
            except _Mendable as problem:
                if talk.repairs >= self.repairs:
                    raise _given_up(problem, self.model.name) from problem
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
            raise _Mendable(str(error), error) from error
        match reply:
            case MetricQueryReply():
                return self._metric(reply, question, talk)
            case SqlReply():
                return self._sql(reply, talk)
            case ClarifyReply():
                return _clarify(reply)
            case RefuseReply():
                refusal = Refusal(reason=reply.reason, missing=tuple(reply.missing))
                return Draft(kind="refused", refusal=refusal)

    def _metric(self, reply: MetricQueryReply, question: str, talk: _Talk) -> Draft:
        try:
            query = metric_query_from_mapping(reply.mapping(self._better))
            check_names(query, self.catalogue)
            grounded = self._grounded(query)
            if isinstance(grounded, Ambiguous):
                return _which(grounded)
            sql = self.compile(grounded.query)
        except NoSuchValue as error:
            return Draft(kind="refused", refusal=Refusal(reason=str(error)))
        except (CatalogueError, ReplyMismatch) as error:
            raise _Mendable(str(error), error) from error
        tables = {name for each in query.metrics for name in self.catalogue.metric(each).tables}
        return Draft(
            kind="metric",
            sql=sql,
            metric_query=grounded.query,
            tables=tuple(sorted(tables)),
            findings=grounded.findings,
            confidence=self._metric_confidence(grounded, question, talk),
        )

    def _grounded(self, query: MetricQuery) -> Grounded | Ambiguous:
        if self.values is None:
            return Grounded(query=query)
        return ground(query, self.catalogue, self.values)

    def _better(self, name: str) -> str:
        known = self.catalogue.metrics_by_name.get(name.lower())
        return known.better if known else "neutral"

    def _metric_confidence(self, grounded: Grounded, question: str, talk: _Talk) -> Confidence:
        if talk.repairs:
            return Confidence(band="low", why="the model needed another try to fit the metrics")
        if grounded.findings:
            return Confidence(band="medium", why="a value was read as the nearest one that exists")
        if left := unexplained(question, grounded.query, self.catalogue):
            named = ", ".join(repr(word) for word in left[:4])
            why = f"the model chose a governed metric; nothing in its reading stands for {named}"
            return Confidence(band="medium", why=why)
        return Confidence(
            band="high", why="the model chose a governed metric; every word has a counterpart"
        )

    def _sql(self, reply: SqlReply, talk: _Talk) -> Draft:
        try:
            safe = self.check(reply.sql)
            if self.bind is not None:
                self.bind(safe)
        except (QueryRejected, QueryFailed) as error:
            if error.repair is None:
                raise
            raise _Mendable(error.repair, error) from error
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


def _which(found: Ambiguous) -> Draft:
    options = tuple(Option(label=label, metric_query=query) for label, query in found.readings)
    return Draft(
        kind="clarify", clarification=Clarification(question=found.question, options=options)
    )


def _given_up(problem: _Mendable, model: str) -> Exception:
    """Return what to tell once the tries are spent: a rejection stays one, else a bad reply."""
    if isinstance(problem.error, QueryRejected | QueryFailed | BadMetricQuery):
        return problem.error
    return BadReply(
        f"The model {model} gave no reply that fits this platform. The question is kept; "
        "put it in other words, or ask for a metric, which needs no model."
    )
