"""Answers as the journal keeps them: JSON for the words, Arrow for the rows; both come back whole.

Pydantic reads the JSON back, so that a record from another version is refused, never half read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer, Clarification, Kind, Receipt, Refusal, Result, Usage
from catalogue.model import MetricQuery

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROW_BYTES = 4_000_000
"""Longer results are kept without their rows."""


@dataclass(frozen=True, kw_only=True)
class Packed:
    """An answer as it lies in the journal."""

    words: str
    rows: bytes | None


@dataclass(frozen=True, kw_only=True)
class _Words:
    """What is kept of an answer, besides its rows; fields of the same name are the answer's."""

    question: str
    kind: Kind
    text: str
    receipt: Receipt
    conversation: str
    headline: str = ""
    sql: str | None = None
    drafted_sql: str | None = None
    chart: Mapping[str, Any] | None = None
    clarification: Clarification | None = None
    refusal: Refusal | None = None
    metric_query: MetricQuery | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
    ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """The words of an answer, and what is known of its rows."""

    answer: _Words
    truncated: bool = False
    duckdb_types: tuple[str, ...] = ()
    ran_ms: float = 0.0
    as_of: str | None = None


def pack(answer: Answer) -> Packed:
    """Return what is kept of an answer."""
    words = {each.name: getattr(answer, each.name) for each in fields(_Words)}
    result = answer.result
    kept = _Kept(
        answer=_Words(**words),
        truncated=bool(result and result.truncated),
        duckdb_types=result.duckdb_types if result else (),
        ran_ms=result.ms if result else 0.0,
        as_of=result.as_of if result else None,
    )
    rows = _to_bytes(result.table) if result else None
    return Packed(
        words=_adapter().dump_json(kept).decode(),
        rows=rows if rows is not None and len(rows) <= MOST_ROW_BYTES else None,
    )


def unpack(packed: Packed) -> Answer:
    """Return the answer again; raise ValueError where it cannot be read."""
    kept: _Kept = _adapter().validate_json(packed.words)
    words = {each.name: getattr(kept.answer, each.name) for each in fields(_Words)}
    result = None
    if packed.rows is not None and kept.answer.sql is not None:
        result = Result(
            table=rows_of(packed.rows),
            sql=kept.answer.sql,
            truncated=kept.truncated,
            duckdb_types=kept.duckdb_types,
            ms=kept.ran_ms,
            as_of=kept.as_of,
        )
    return Answer(**words, result=result)


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(_Kept)


def _to_bytes(table: "pa.Table") -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def rows_of(rows: bytes) -> "pa.Table":
    """Return rows as they were kept."""
    import pyarrow as pa

    with pa.ipc.open_stream(rows) as reader:
        return reader.read_all()
