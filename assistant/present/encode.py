"""Answers and rows -> JSON: the contract of `ask --json`, and nothing that `json.dumps` refuses.

Unknown is null, never 0; NaN, infinity and dates beyond Python's become null with a finding.
"""

import base64
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from assistant.answer import Answer, Clarification, Finding, Receipt, Refusal, Usage

if TYPE_CHECKING:
    import pyarrow as pa

_STAGES = ("search", "draft", "guard", "run", "verify")


@dataclass(frozen=True, kw_only=True)
class JsonTable:
    """Rows as JSON types."""

    columns: list[dict[str, str]]
    """`name` and `type` (DuckDB's name) of every column."""
    rows: list[list[Any]]
    findings: tuple[Finding, ...] = ()
    """What could not be written down as it was."""


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """Return the contract of `ask --json`: JSON types only."""
    result = answer.result
    shown = (
        rows_to_json(result.table, result.duckdb_types)
        if result
        else JsonTable(columns=[], rows=[])
    )
    return {
        "question": answer.question,
        "kind": answer.kind,
        "text": answer.text,
        "sql": answer.sql,
        "conversation": answer.conversation,
        "columns": shown.columns,
        "rows": shown.rows,
        "truncated": bool(result and result.truncated),
        "chart": _json(answer.chart),
        "clarification": _clarification(answer.clarification),
        "refusal": _refusal(answer.refusal),
        "receipt": _receipt(answer.receipt, shown.findings),
        "usage": _usage(answer),
    }


def rows_to_json(table: "pa.Table", duckdb_types: Sequence[str] = ()) -> JsonTable:
    """Return columns and rows as JSON types; `duckdb_types` tells HUGEINT from DECIMAL."""
    from assistant.present import rows

    types = rows.duckdb_types(table, tuple(duckdb_types))
    columns: list[list[Any]] = []
    findings: list[Finding] = []
    for name, kind, column in zip(table.column_names, types, table.columns, strict=True):
        encoder = _Encoder(whole="HUGEINT" in kind.upper())
        columns.append([encoder.encode(v) for v in rows.column_values(column, kind)])
        if encoder.lost:
            findings.append(_lost(name, encoder.lost))
    return JsonTable(
        columns=[
            {"name": name, "type": kind.strip('"')}
            for name, kind in zip(table.column_names, types, strict=True)
        ],
        rows=[list(row) for row in zip(*columns, strict=True)],
        findings=tuple(findings),
    )


def _lost(name: str, count: int) -> Finding:
    values = "1 value" if count == 1 else f"{count:,} values"
    return Finding(
        level="warning",
        code="not_finite",
        message=f"{values} of {name!r} cannot be written as a number or date; shown as no value.",
    )


class _Encoder:
    """Encodes the values of one column and counts those that JSON cannot hold."""

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole
        self.lost = 0

    def encode(self, value: Any) -> Any:
        if value is None or isinstance(value, (str, bool, int)):
            return value
        if isinstance(value, float):
            return self._float(value)
        if isinstance(value, Decimal):
            return int(value) if self._whole and value == int(value) else str(value)
        if isinstance(value, (date, time)):
            return value.isoformat()
        if isinstance(value, (bytes, bytearray)):
            return base64.b64encode(value).decode("ascii")
        return self._nested(value)

    def _float(self, value: float) -> float | None:
        if math.isfinite(value):
            return value
        self.lost += 1
        return None

    def _nested(self, value: Any) -> Any:
        if isinstance(value, timedelta):
            return _duration(0, 0, round(value.total_seconds() * 1e9))
        if hasattr(value, "nanoseconds") and hasattr(value, "months"):
            return _duration(value.months, value.days, value.nanoseconds)
        if isinstance(value, dict):
            return {str(key): self.encode(item) for key, item in value.items()}
        if isinstance(value, list) and value and all(isinstance(i, tuple) for i in value):
            return self._map(value)
        if isinstance(value, (list, tuple)):
            return [self.encode(item) for item in value]
        return str(value) if isinstance(value, UUID) else repr(value)

    def _map(self, pairs: list[tuple[Any, Any]]) -> Any:
        if all(isinstance(key, str) for key, _ in pairs):
            return {key: self.encode(item) for key, item in pairs}
        return [[self.encode(key), self.encode(item)] for key, item in pairs]


def _duration(months: int, days: int, nanoseconds: int) -> str:
    """ISO 8601 duration; months and days are kept apart from time, as in the data."""
    calendar = "".join(f"{n}{unit}" for n, unit in ((months, "M"), (days, "D")) if n)
    seconds = Decimal(nanoseconds) / Decimal(1_000_000_000)
    clock = f"T{seconds.normalize():f}S" if nanoseconds else ""
    return f"P{calendar}{clock}" if calendar or clock else "PT0S"


def _json(value: Any) -> Any:
    return None if value is None else _Encoder(whole=True).encode(_plain(value))


def _plain(value: Any) -> Any:
    if hasattr(value, "items"):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _clarification(clarification: Clarification | None) -> dict[str, Any] | None:
    if clarification is None:
        return None
    options = [
        {"label": option.label, "value": _json(option.value)} for option in clarification.options
    ]
    return {"question": clarification.question, "options": options}


def _refusal(refusal: Refusal | None) -> dict[str, Any] | None:
    if refusal is None:
        return None
    return {"reason": refusal.reason, "missing": list(refusal.missing)}


def _receipt(receipt: Receipt, lost: Sequence[Finding]) -> dict[str, Any]:
    confidence = receipt.confidence
    return {
        "id": receipt.id,
        "governed": receipt.governed,
        "health": receipt.health,
        "certification": receipt.certification,
        "confidence": {
            "band": confidence.band,
            "value": _json(confidence.value),
            "why": confidence.why,
        },
        "tables": [asdict(table) for table in receipt.tables],
        "metrics": [
            {"name": metric.name, "definition": metric.definition, "owner": metric.owner}
            for metric in receipt.metrics
        ],
        "findings": [asdict(finding) for finding in (*receipt.findings, *lost)],
        "role": receipt.role,
        "masked": list(receipt.masked),
        "lineage": list(receipt.lineage),
        "conventions": asdict(receipt.conventions),
        "sent_to_model": receipt.sent_to_model,
    }


def _usage(answer: Answer) -> dict[str, Any]:
    usage: Usage = answer.usage
    return {
        "model": usage.model,
        "calls": usage.calls,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        # Without a call the cost is known: nothing was spent.
        "cost_usd": usage.cost_usd if usage.calls else 0.0,
        "ms": {stage: round(answer.ms.get(stage, 0.0), 3) for stage in _STAGES},
    }
