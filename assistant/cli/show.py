"""Answers, drafts, hits and receipts on stdout, in words."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from assistant.cli.tables import print_records, print_rows

if TYPE_CHECKING:
    from assistant.answer import Answer, Clarification, Draft, Receipt, Refusal
    from assistant.conversations import PastQuestion
    from catalogue.model import Hit

_TRUST = {
    "verified": "◇ Verified query",
    "metric": "✓ Approved metric",
    "generated": "△ Generated SQL",
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
        print_rows(answer.result, answer.labels, answer.units)
    if lines := receipt_lines(answer.kind, answer.receipt):
        typer.echo("\n" + "\n".join(lines))


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


def past_to_dict(past: "PastQuestion") -> dict[str, Any]:
    """Return what `receipt --json` prints."""
    answer = past.answer
    return {
        "id": past.id,
        "asked_at": past.asked_at and past.asked_at.isoformat(),
        "question": past.question,
        "outcome": past.outcome,
        "sql": past.sql,
        "receipt": answer.to_dict()["receipt"] if answer else None,
        "sent": list(past.sent),
    }


def print_past(past: "PastQuestion") -> None:
    """Print an earlier question's receipt, then the texts that left for a model, word for word."""
    moment = f" · {past.asked_at:%Y-%m-%d %H:%M} UTC" if past.asked_at else ""
    typer.echo(f"{past.question}\n{past.outcome.capitalize()}{moment}")
    if past.answer:
        lines = [past.answer.text, *receipt_lines(past.answer.kind, past.answer.receipt)]
        typer.echo("\n".join(lines))
    if past.sql:
        typer.echo(f"\n{past.sql}")
    if not past.sent:
        typer.echo("\nNothing left for a model.")
    for number, text in enumerate(past.sent, start=1):
        typer.echo(f"\nLeft for the model, text {number} of {len(past.sent)}:\n{text}")


def _trust_line(kind: str, receipt: "Receipt") -> str:
    ungoverned = kind == "metric" and not receipt.governed
    trust = "○ Ungoverned" if ungoverned else _TRUST.get(kind, "")
    layers = sorted({table.layer for table in receipt.tables if table.layer})
    confidence = f"confidence {receipt.confidence.band}"
    profiled = "not profiled" if _is_unprofiled(receipt) else ""
    parts = (trust, *layers, receipt.health, profiled, confidence)
    return " · ".join(part for part in parts if part)


def _is_unprofiled(receipt: "Receipt") -> bool:
    from assistant.receipt import NOT_PROFILED

    return any(finding.code == NOT_PROFILED for finding in receipt.findings)


def _table_line(name: str, owner: str | None, as_of: str | None) -> str:
    parts = [f"From {name}", f"data to {as_of}" if as_of else "", f"owner {owner}" if owner else ""]
    return " · ".join(part for part in parts if part)
