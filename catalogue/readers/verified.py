"""verified/*.yaml: questions with the query that a person approved, one file each."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from catalogue.errors import BadFile
from catalogue.model import Parameter, VerifiedQuery
from catalogue.readers.yaml_file import Strict, plain, read_yaml

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_SLOT = re.compile(r"\{(\w+)\}")


class _Period(Strict):
    type: Literal["period"]
    grain: Literal["day", "week", "month", "quarter", "year"]


class _Value(Strict):
    type: Literal["value"]
    dimension: Text


class _File(Strict):
    id: Text
    questions: Annotated[list[Text], Field(min_length=1)]
    parameters: dict[str, Annotated[_Period | _Value, Field(discriminator="type")]] = Field(
        default_factory=dict
    )
    metric_query: dict[str, Any] | None = None
    sql: Text | None = None
    verified_by: str | None = None
    verified_on: date | None = None


def read_verified(directory: Path) -> tuple[VerifiedQuery, ...]:
    """Read every file in the order of names, or raise BadFile for the first bad one."""
    if not directory.is_dir():
        raise BadFile(directory, "is not a directory.", advice="Make it, or take `verified` out.")
    found: dict[str, Path] = {}
    queries = []
    for path in sorted([*directory.glob("*.yaml"), *directory.glob("*.yml")]):
        query = _read(path)
        if query.id in found:
            raise BadFile(path, f"has the id {query.id!r}, as {found[query.id].name} has.")
        found[query.id] = path
        queries.append(query)
    return tuple(queries)


def _read(path: Path) -> VerifiedQuery:
    content = read_yaml(path, _File)
    if (content.metric_query is None) == (content.sql is None):
        raise BadFile(path, "must have either 'metric_query' or 'sql'.")
    _check_slots(path, content)
    return VerifiedQuery(
        id=content.id,
        questions=tuple(content.questions),
        parameters=tuple(_parameter(name, each) for name, each in content.parameters.items()),
        metric_query=plain(content.metric_query),
        sql=content.sql,
        verified_by=content.verified_by,
        verified_on=content.verified_on,
    )


def _parameter(name: str, note: _Period | _Value) -> Parameter:
    if isinstance(note, _Period):
        return Parameter(name=name, type="period", grain=note.grain)
    return Parameter(name=name, type="value", dimension=note.dimension)


def _check_slots(path: Path, content: _File) -> None:
    """A slot needs a declaration, and a question that leaves one out could never be bound."""
    declared = set(content.parameters)
    for question in content.questions:
        slots = set(_SLOT.findall(question))
        for name in sorted(slots ^ declared):
            problem = "is not declared under 'parameters'" if name in slots else "is not used"
            raise BadFile(path, f"parameter {name!r} {problem} in the question {question!r}.")
    if content.sql is not None and declared:
        raise BadFile(path, "'sql' cannot take parameters; use 'metric_query'.")
    for text in _texts(content.metric_query):
        for name in _SLOT.findall(text):
            if name not in declared:
                raise BadFile(path, f"'metric_query' uses {name!r}, which is not declared.")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
