"""Results on stdout: JSON as contracted, tables for people, tabs where nobody looks."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from assistant.answer import Answer, Clarification, Draft, Receipt, Refusal, Result
    from catalogue.model import Hit

ROWS_ON_A_TERMINAL = 30
_TRUST = {
    "verified": "◇ Verified query",
    "metric": "✓ Approved metric",
    "generated": "△ Generated SQL",
}


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(value, ensure_ascii=False, allow_nan=False))


def result_to_dict(result: "Result") -> dict[str, Any]:
    """Return the contract of `run --json`."""
    from assistant.present.encode import rows_to_json

    shown = rows_to_json(result.table, result.duckdb_types)
    return {
        "sql": result.sql,
        "columns": shown.columns,
        "rows": shown.rows,
        "truncated": result.truncated,
    }


def draft_to_dict(draft: "Draft") -> dict[str, Any]:
    """Return what `sql --json` prints."""
    from catalogue.metric_query import metric_query_to_mapping

    query = draft.metric_query
    return {
        "kind": draft.kind,
        "sql": draft.sql,
        "metric_query": None if query is None else metric_query_to_mapping(query),
        "tables": list(draft.tables),
        "findings": [asdict(finding) for finding in draft.findings],
        "clarification": draft.clarification and draft.clarification.question,
        "refusal": draft.refusal
        and {"reason": draft.refusal.reason, "missing": list(draft.refusal.missing)},
    }


def print_answer(answer: "Answer") -> None:
    """Print the verdict, the rows and the receipt in brief."""
    typer.echo(answer.text)
    if answer.clarification:
        _print_options(answer.clarification)
    if answer.refusal:
        _print_ways_on(answer.refusal)
    if answer.result is not None:
        typer.echo()
        print_rows(answer.result, answer.labels)
    typer.echo()
    for line in receipt_lines(answer.kind, answer.receipt):
        typer.echo(line)


def print_draft(draft: "Draft") -> None:
    """Print the SQL, or why there is none."""
    if draft.sql is not None:
        typer.echo(draft.sql)
    elif draft.clarification:
        typer.echo(draft.clarification.question)
        _print_options(draft.clarification)
    elif draft.refusal:
        typer.echo(draft.refusal.reason)
        _print_ways_on(draft.refusal)


def _print_options(clarification: "Clarification") -> None:
    for option in clarification.options:
        value = "" if option.value is None else f": {option.value}"
        typer.echo(f"  - {option.label}{value}")


def _print_ways_on(refusal: "Refusal") -> None:
    for suggestion in refusal.suggestions:
        typer.echo(f"  - {suggestion}")
    if refusal.contact:
        typer.echo(f"Ask: {refusal.contact}")


def print_rows(result: "Result", labels: "dict[str, str] | Any" = None) -> None:
    """Print rows: a table on a terminal, tab-separated text elsewhere."""
    from assistant.present.encode import rows_to_json

    shown = rows_to_json(result.table, result.duckdb_types)
    names = [column["name"] for column in shown.columns]
    if sys.stdout.isatty():
        heads = [(labels or {}).get(name, name) for name in names]
        print_table(heads, shown.rows[:ROWS_ON_A_TERMINAL])
        hidden = len(shown.rows) - ROWS_ON_A_TERMINAL
        if hidden > 0:
            typer.echo(f"... {hidden:,} more rows; --json prints all.")
    else:
        print_tabs(names, shown.rows)
    if result.truncated:
        typer.echo(f"Cut off at {len(shown.rows):,} rows.", err=True)


def print_records(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a listing: a table on a terminal, tab-separated text elsewhere."""
    if sys.stdout.isatty():
        print_table(heads, rows)
    else:
        print_tabs(heads, rows)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table for people, numbers to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, head in enumerate(heads):
        numbers = all(isinstance(row[index], int | float | None) for row in rows)
        table.add_column(Text(head), justify="right" if numbers and rows else "left")
    for row in rows:
        table.add_row(*(Text(_for_people(value)) for value in row))
    Console().print(table)


def _for_people(value: Any) -> str:
    if value is None:
        return "no value"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"
    return str(value) if isinstance(value, str | bool) else json.dumps(value, ensure_ascii=False)


def print_tabs(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print tab-separated text: exact values, an empty field for no value."""
    typer.echo("\t".join(heads))
    for row in rows:
        typer.echo("\t".join(_for_machines(value) for value in row))


def _for_machines(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.replace("\t", " ").replace("\n", " ").replace("\r", " ")


def print_hits(hits: "Sequence[Hit]") -> None:
    """Print what a search found."""
    rows = [[hit.kind, hit.name, round(hit.score, 3), "; ".join(hit.why)] for hit in hits]
    print_records(["kind", "name", "score", "why"], rows)


def receipt_lines(kind: str, receipt: "Receipt") -> list[str]:
    """Say in a few lines why the answer can be believed; warnings first."""
    lines = [
        f"{finding.level.capitalize()}: {finding.message}"
        for finding in receipt.findings
        if finding.level != "info"
    ]
    if receipt.tables:
        lines.append(_trust_line(kind, receipt))
    lines += [f"{metric.name}: {metric.definition}" for metric in receipt.metrics]
    lines += [_table_line(table.name, table.owner, table.as_of) for table in receipt.tables]
    if receipt.masked:
        lines.append(f"Masked for role {receipt.role}: {', '.join(receipt.masked)}")
    return lines


def _trust_line(kind: str, receipt: "Receipt") -> str:
    ungoverned = kind == "metric" and not receipt.governed
    trust = "○ Ungoverned" if ungoverned else _TRUST.get(kind, "")
    layers = sorted({table.layer for table in receipt.tables if table.layer})
    confidence = f"confidence {receipt.confidence.band}"
    return " · ".join(part for part in (trust, *layers, receipt.health, confidence) if part)


def _table_line(name: str, owner: str | None, as_of: str | None) -> str:
    parts = [f"From {name}", f"data to {as_of}" if as_of else "", f"owner {owner}" if owner else ""]
    return " · ".join(part for part in parts if part)
