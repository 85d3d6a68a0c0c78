"""Descriptions of tables and columns drafted by the chat model, for a person to review.

Only names, types and what is already described leave for the model, never a value: drafting docs
needs none, whatever `send` allows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answer import Usage
from assistant.drafting.prompting import fill, one_line
from assistant.drafting.shown import table_text
from assistant.errors import BadReply, ModelError
from assistant.ports import ChatModel, Message
from catalogue.catalogue import Catalogue
from catalogue.drafts.proposals import Description
from catalogue.model import Table

MOST_TABLES = 20
"""Tables described in one run; the next run goes on with the others."""
MOST_COLUMNS = 40
LONGEST_DESCRIPTION = 200
WHY = "drafted by the model from names and types"


class _ColumnReply(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    name: str
    description: str


class _TableReply(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    table: str = ""
    columns: list[_ColumnReply] = Field(default_factory=list)


@dataclass(kw_only=True)
class Described:
    """What the model said, what is to be said of it, and what it cost."""

    descriptions: list[Description] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)


def describe(
    catalogue: Catalogue,
    known: Sequence[Description],
    chat: ChatModel,
    sending: Callable[[tuple[str, ...]], None],
) -> Described:
    """Describe what neither the catalogue nor `known` describes; a model that fails is noted.

    `sending` is told the exact texts of each request before it leaves.
    """
    drafted = {(each.table, each.column) for each in known}
    open_tables = [table for table in catalogue.tables if _is_open(table, drafted)]
    said = Described()
    for table in open_tables[:MOST_TABLES]:
        messages = _messages(table)
        sending(tuple(message.content for message in messages))
        try:
            reply = chat.reply(messages, _TableReply.model_json_schema())
            said.usage = said.usage + reply.usage
            said.descriptions += _read(reply.content, table, drafted, chat.name)
        except ModelError as error:
            said.notes.append(f"{table.full_name} is not described: {error}")
    if open_tables:
        asked = min(len(open_tables), MOST_TABLES)
        said.notes.append(f"Names and types of {asked} tables went to {chat.name}.")
    if (left := len(open_tables) - MOST_TABLES) > 0:
        said.notes.append(f"{left} more tables wait for the next run.")
    return said


def _is_open(table: Table, drafted: set[tuple[str, str | None]]) -> bool:
    told: list[tuple[str | None, str]] = [(None, table.description)]
    told += [(column.name, column.description) for column in table.columns]
    return any(not text and (table.full_name, name) not in drafted for name, text in told)


def _messages(table: Table) -> tuple[Message, ...]:
    shown = table_text(table, {column.name: "" for column in table.columns})
    lines = shown.splitlines()[: MOST_COLUMNS + 1]
    return (
        Message(role="system", content=fill("describe.v1")),
        Message(role="user", content=fill("table.v1", table="\n".join(lines))),
    )


def _read(
    content: str, table: Table, drafted: set[tuple[str, str | None]], model: str
) -> list[Description]:
    try:
        reply = _TableReply.model_validate_json(content)
    except ValidationError as error:
        raise BadReply(f"The model {model} gave no description that can be read.") from error
    found = []
    if reply.table and not table.description and (table.full_name, None) not in drafted:
        found.append(_description(table, None, reply.table))
    for each in reply.columns:
        column = table.column(each.name)
        if column is None or column.description or (table.full_name, column.name) in drafted:
            continue
        if each.description.strip():
            found.append(_description(table, column.name, each.description))
    return found


def _description(table: Table, column: str | None, text: str) -> Description:
    said = one_line(text, at_most=LONGEST_DESCRIPTION)
    return Description(table=table.full_name, column=column, text=said, why=WHY)
