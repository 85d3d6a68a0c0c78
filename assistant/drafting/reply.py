"""What a chat model may reply, as a schema to ask for and as checked records.

The schema is small on purpose: a 1.5B model has to fill it, and its grammar is built anew
whenever it changes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

LONGEST_TEXT = 300
LONGEST_SQL = 6_000
_NAME = 100
_GRAINS = ("day", "week", "month", "quarter", "year")
_PERIOD = r"^[0-9]{4}(-Q[1-4]|-[0-9]{2}(-[0-9]{2}(\.\.[0-9]{4}-[0-9]{2}-[0-9]{2})?)?)?$"


class ReplyMismatch(Exception):
    """A reply is JSON but not what was asked for; the text is written for the model."""


class Mendable(Exception):
    """A reply that another try may mend; the text is written for the model.

    `error` is what to tell the asker once the tries are spent.
    """

    def __init__(self, problem: str, error: Exception) -> None:
        super().__init__(problem)
        self.error = error


def _cut(value: object) -> object:
    return value[:LONGEST_TEXT] if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_cut), Field(max_length=LONGEST_TEXT)]
Name = Annotated[str, Field(max_length=_NAME)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WhereReply(_Strict):
    """One condition on a dimension."""

    dimension: Name
    op: Literal["=", "!=", "in", "not in", ">", ">=", "<", "<=", "between"]
    values: Annotated[list[str | int | float], Field(max_length=20)]


class HavingReply(_Strict):
    """One condition on a metric's value in the result."""

    metric: Name
    op: Literal["=", "!=", ">", ">=", "<", "<="]
    value: int | float


class OrderReply(_Strict):
    """Which rows come first; `best` and `worst` are turned into a direction by code."""

    by: Name
    first: Literal["highest", "lowest", "best", "worst"]


class MetricQueryReply(_Strict):
    """A question in the terms of the semantic layer."""

    action: Literal["metric_query"]
    metrics: Annotated[list[Name], Field(max_length=6)]
    group_by: Annotated[list[Name], Field(max_length=6)] = []
    where: Annotated[list[WhereReply], Field(max_length=8)] = []
    having: Annotated[list[HavingReply], Field(max_length=4)] = []
    period: Annotated[str, Field(pattern=_PERIOD)] | None = None
    order_by: Annotated[list[OrderReply], Field(max_length=3)] = []
    limit: int | None = None

    def mapping(self, better: Callable[[str], str]) -> dict[str, object]:
        """Return the written form that `catalogue.metric_query` reads.

        `better` says of a name whether `higher` or `lower` is better; raises ReplyMismatch
        where it says neither and the reply asks for the best.
        """
        written = self.model_dump(exclude={"action", "order_by"}, exclude_defaults=True)
        return {**written, "order_by": [_direction(each, better) for each in self.order_by]}


def _direction(order: OrderReply, better: Callable[[str], str]) -> str:
    first = order.first
    if first in {"best", "worst"}:
        side = better(order.by)
        if side not in {"higher", "lower"}:
            raise ReplyMismatch(
                f"Of {order.by} neither more nor less is better; say highest or lowest first."
            )
        first = "highest" if (side == "higher") == (first == "best") else "lowest"
    return f"-{order.by}" if first == "highest" else order.by


class SqlReply(_Strict):
    """A query, where no metric says it."""

    action: Literal["sql"]
    sql: Annotated[str, Field(max_length=LONGEST_SQL)]


class ClarifyReply(_Strict):
    """A question back, with two to four ways to ask it plainly."""

    action: Literal["clarify"]
    question: Text
    options: Annotated[list[Text], Field(max_length=4)] = []


class RefuseReply(_Strict):
    """Why the platform cannot answer, and what it lacks."""

    action: Literal["refuse"]
    reason: Text
    missing: Annotated[list[Name], Field(max_length=6)] = []


AnyReply = MetricQueryReply | SqlReply | ClarifyReply | RefuseReply


class _Envelope(_Strict):
    reply: Annotated[AnyReply, Field(discriminator="action")]


def parse_reply(content: str) -> AnyReply:
    """Check a reply; raise ReplyMismatch with a message for the model where it does not fit."""
    try:
        return _Envelope.model_validate_json(content).reply
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(step) for step in problem['loc'][1:]) or 'reply'}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_input=False)[:3]
        )
        raise ReplyMismatch(f"The reply does not fit its form: {problems}.") from error


def reply_schema(
    *, metrics: Sequence[str] = (), dimensions: Sequence[str] = ()
) -> dict[str, object]:
    """Return the JSON schema of a reply: no references, every field required.

    Where names are given a reply can hold no others, so that a small model cannot invent any.
    """
    root = _Envelope.model_json_schema()
    schema = _flat(root, root.get("$defs", {}))
    choices = schema["properties"]["reply"]["anyOf"]
    if metrics:
        _only(choices[0]["properties"], metrics, dimensions)
    else:
        choices = choices[1:]
    schema["properties"]["reply"] = {"anyOf": choices}
    return {**schema, "title": "reply", "description": "The reply to the question."}


def _only(properties: Any, metrics: Sequence[str], dimensions: Sequence[str]) -> None:
    groups = [*dimensions, *(f"metric_time__{grain}" for grain in _GRAINS)]
    properties["metrics"]["items"] = _one_of(metrics)
    properties["group_by"]["items"] = _one_of(groups)
    properties["having"]["items"]["properties"]["metric"] = _one_of(metrics)
    properties["order_by"]["items"]["properties"]["by"] = _one_of([*metrics, *groups])
    if dimensions:
        properties["where"]["items"]["properties"]["dimension"] = _one_of(dimensions)


def _one_of(names: Sequence[str]) -> dict[str, object]:
    return {"type": "string", "enum": list(names)}


def _flat(node: Any, definitions: Mapping[str, Any]) -> Any:
    """Inline references, and say of each object that it has all its fields and no others."""
    if isinstance(node, list):
        return [_flat(each, definitions) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _flat(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions)
    dropped = {"$defs", "title", "description", "default", "discriminator"}
    flat: dict[str, Any] = {}
    for key, value in node.items():
        if key == "properties":
            flat[key] = {name: _flat(each, definitions) for name, each in value.items()}
        elif key not in dropped:
            flat["anyOf" if key == "oneOf" else key] = _flat(value, definitions)
    if "properties" in flat:
        flat["required"] = list(flat["properties"])
    return flat
