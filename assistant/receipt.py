"""The receipt: assembled by code from evidence, never from a model's words."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import (
    Confidence,
    Draft,
    Finding,
    MetricReceipt,
    Receipt,
    SafeQuery,
    TableReceipt,
)
from assistant.house_rules import conventions_of, declared_filters
from catalogue.catalogue import Catalogue
from catalogue.health import taints, taints_by_table
from catalogue.model import CertificationStatus, Evidence, Health, Metric, Table

NOT_PROFILED = "not_profiled"
"""Code of the finding that an answer stands on a first build of names and types."""
_UNANSWERED = Confidence(band="low", why="nothing ran")


def make_receipt(
    receipt_id: str,
    *,
    draft: Draft,
    query: SafeQuery | None,
    catalogue: Catalogue,
    role: str,
    findings: Sequence[Finding],
) -> Receipt:
    """Collect what is known of the tables, definitions and checks behind an answer."""
    tables = [
        catalogue.tables_by_name[name.lower()]
        for name in (query.tables if query else ())
        if name.lower() in catalogue.tables_by_name
    ]
    metrics = _metrics(draft, catalogue)
    health, reasons = _health(query, catalogue)
    filtered = [
        Finding(
            level="info", code="row_filter", message=f"Your role sees some rows of {name} only."
        )
        for name in (query.filtered if query else ())
    ]
    grouped = [
        Finding(
            level="warning",
            code="minimum_group",
            message=f"Your role sees groups of at least {least} rows of {name} only; "
            "smaller ones are left out.",
        )
        for name, least in (query.grouped if query else {}).items()
    ]
    return Receipt(
        id=receipt_id,
        governed=draft.kind in ("metric", "verified")
        and all(metric.governed for metric in metrics),
        health=health,
        certification=_certification(draft, tables, metrics),
        confidence=draft.confidence or _UNANSWERED,
        tables=_tables(tables, query, catalogue),
        metrics=tuple(_metric(metric) for metric in metrics),
        findings=(
            *findings,
            *reasons,
            *filtered,
            *grouped,
            *declared_filters(query, catalogue),
            *_unprofiled(draft, catalogue),
        ),
        role=role,
        masked=query.masked if query else (),
        lineage=_lineage(tables),
        conventions=conventions_of(query, catalogue),
        sent_to_model=draft.sent,
    )


def ahead_of_build(receipt: Receipt) -> Receipt:
    """Take back the dates of a receipt whose rows are newer than the build that knew them."""
    newer = Finding(
        level="info",
        code="rebuilding",
        message="The rows are newer than what is known about them: dates of the tables are "
        "left out until the catalogue is built anew.",
    )
    tables = tuple(replace(table, as_of=None, loaded_at=None) for table in receipt.tables)
    return replace(receipt, tables=tables, findings=(*receipt.findings, newer))


def _unprofiled(draft: Draft, catalogue: Catalogue) -> list[Finding]:
    """Say what a first build leaves out; to a question it could not answer, that it soon may."""
    if catalogue.is_profiled:
        return []
    text = "Not profiled yet: values, dates and meanings are being read in the background"
    if draft.refusal is None:
        text += ", so only names and types stand behind this answer."
        return [Finding(level="info", code=NOT_PROFILED, message=text)]
    text += ". Ask again in a few minutes: more can be answered then."
    return [Finding(level="warning", code=NOT_PROFILED, message=text)]


def _metrics(draft: Draft, catalogue: Catalogue) -> list[Metric]:
    names = draft.metric_query.metrics if draft.metric_query else ()
    return [
        catalogue.metrics_by_name[name.lower()]
        for name in names
        if name.lower() in catalogue.metrics_by_name
    ]


def _health(query: SafeQuery | None, catalogue: Catalogue) -> tuple[Health, list[Finding]]:
    if query is None or not query.tables:
        return "unknown", []
    evidence = taints(catalogue, query.tables, query.columns)
    level = {"unhealthy": "error", "caution": "warning"}.get(evidence.health, "info")
    return evidence.health, [
        Finding(level=level, code="health", message=reason)  # type: ignore[arg-type]
        for reason in evidence.reasons
    ]


def _certification(
    draft: Draft, tables: Sequence[Table], metrics: Sequence[Metric]
) -> CertificationStatus:
    """The weakest word that people have said of the things behind the answer."""
    if draft.kind == "verified":
        return "verified"
    said = [metric.certification.status for metric in metrics] or [
        table.certification.status for table in tables
    ]
    for status in ("deprecated", "none", "draft"):
        if status in said or not said:
            return status if said else "none"
    return "verified"


def _tables(
    tables: Sequence[Table], query: SafeQuery | None, catalogue: Catalogue
) -> tuple[TableReceipt, ...]:
    """Each table with its health as far as this answer uses it."""
    if query is None:
        return ()
    evidence = taints_by_table(catalogue, query.tables, query.columns)
    found = {name.lower(): each for name, each in evidence.items()}
    return tuple(_table(table, found.get(table.full_name.lower())) for table in tables)


def _table(table: Table, evidence: Evidence | None) -> TableReceipt:
    return TableReceipt(
        name=table.full_name,
        layer=table.layer,
        domain=table.domain,
        owner=table.owner,
        health=evidence.health if evidence else "unknown",
        as_of=table.as_of,
        loaded_at=table.last_loaded,
    )


def _metric(metric: Metric) -> MetricReceipt:
    return MetricReceipt(
        name=metric.name,
        definition=metric.description,
        owner=metric.owner,
        label=metric.label,
        unit=metric.unit,
    )


def _lineage(tables: Sequence[Table]) -> tuple[str, ...]:
    """`gold.fct_flights <- silver.flights`: one line per table and what it is built from."""
    return tuple(
        f"{table.full_name} <- {', '.join(table.upstream)}" for table in tables if table.upstream
    )
