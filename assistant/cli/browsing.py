"""`catalogue list | show | health`: what the platform holds, as the asker may see it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.options import AsJson, Role, User, open_assistant

if TYPE_CHECKING:
    from datetime import timedelta

    from catalogue.catalogue import Catalogue
    from catalogue.model import Metric, Table

app = typer.Typer(help="Show what the platform holds.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_(
    context: typer.Context, role: Role = None, user: User = None, as_json: AsJson = False
) -> int:
    """List tables and metrics."""
    from assistant.cli.tables import print_json, print_records

    catalogue = _catalogue(context, user, role)
    tables = [_table_brief(table, catalogue) for table in catalogue.tables]
    metrics = [_metric_brief(metric) for metric in catalogue.metrics]
    if as_json:
        print_json({"tables": tables, "metrics": metrics})
        return 0
    print_records(list(tables[0]) if tables else ["name"], [list(t.values()) for t in tables])
    if metrics:
        typer.echo()
        print_records(list(metrics[0]), [list(metric.values()) for metric in metrics])
    return 0


@app.command()
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="schema.table or a metric.")],
    role: Role = None,
    user: User = None,
    as_json: AsJson = False,
) -> int:
    """Show one table with its columns, or one metric with its definition."""
    from assistant.cli.tables import print_json

    catalogue = _catalogue(context, user, role)
    metric = catalogue.metrics_by_name.get(name.lower())
    record = metric or catalogue.table(name)
    if as_json:
        print_json(_plain(asdict(record)))
    elif metric is not None:
        _print_metric(metric)
    else:
        _print_table(catalogue.table(name), catalogue)
    return 0


@app.command()
def health(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One table, with its history.")
    ] = None,
    role: Role = None,
    user: User = None,
    as_json: AsJson = False,
) -> int:
    """Show each table's health and what speaks against it; of one table, since when."""
    from assistant.cli.tables import print_json, print_records

    catalogue = _catalogue(context, user, role)
    if name is not None:
        return _show_history(catalogue.table(name), catalogue, as_json=as_json)
    rows = [
        {
            "name": table.full_name,
            "health": _health(table, catalogue),
            "as_of": table.as_of,
            "reasons": _reasons(table, catalogue),
        }
        for table in catalogue.tables
    ]
    if as_json:
        print_json({"tables": rows})
    else:
        print_records(
            ["name", "health", "as of", "reasons"],
            [[r["name"], r["health"], r["as_of"], " ".join(r["reasons"] or ())] for r in rows],
        )
    return 0


def _show_history(table: "Table", catalogue: "Catalogue", *, as_json: bool) -> int:
    from assistant.cli.tables import print_json, print_records
    from catalogue.health_history import episodes, usual_time_to_fix

    found = episodes(catalogue, table.full_name)
    usual = usual_time_to_fix(found)
    rows = [
        {
            "check": each.check.description or each.check.name,
            "column": each.check.column,
            "failed": each.since.isoformat(),
            "fixed": each.until.isoformat() if each.until else None,
            "days": _days(each.lasted),
        }
        for each in found
    ]
    if as_json:
        told = {"name": table.full_name, "health": _health(table, catalogue)}
        reasons = _reasons(table, catalogue)
        print_json({**told, "reasons": reasons, "history": rows, "usual_days_to_fix": _days(usual)})
        return 0
    typer.echo(f"{table.full_name}: {_health(table, catalogue)}")
    for reason in _reasons(table, catalogue):
        typer.echo(f"  {reason}")
    if rows:
        print_records(list(rows[0]), [list(row.values()) for row in rows])
    return 0


def _days(lasted: "timedelta | None") -> float | None:
    return None if lasted is None else round(lasted.total_seconds() / 86_400, 1)


def _catalogue(context: typer.Context, user: str | None, role: str | None) -> "Catalogue":
    with open_assistant(context) as assistant:
        return assistant.catalogue(user=user, role=role)


def _health(table: "Table", catalogue: "Catalogue") -> str:
    evidence = catalogue.evidence.get(table.full_name)
    return evidence.health if evidence else "unknown"


def _reasons(table: "Table", catalogue: "Catalogue") -> list[str]:
    evidence = catalogue.evidence.get(table.full_name)
    return list(evidence.reasons) if evidence else []


def _table_brief(table: "Table", catalogue: "Catalogue") -> dict[str, Any]:
    return {
        "name": table.full_name,
        "layer": table.layer,
        "domain": table.domain,
        "rows": table.row_count,
        "health": _health(table, catalogue),
        "as_of": table.as_of,
    }


def _metric_brief(metric: "Metric") -> dict[str, Any]:
    return {
        "name": metric.name,
        "label": metric.label,
        "unit": metric.unit,
        "owner": metric.owner,
        "governed": metric.governed,
    }


def _print_metric(metric: "Metric") -> None:
    typer.echo(f"{metric.name} · {metric.label}{f' ({metric.unit})' if metric.unit else ''}")
    for line in (
        metric.description,
        f"Owner: {metric.owner}" if metric.owner else "",
        f"Reads: {', '.join(metric.tables)}" if metric.tables else "",
        f"By: {', '.join(metric.dimensions)}" if metric.dimensions else "",
    ):
        if line:
            typer.echo(line)


def _print_table(table: "Table", catalogue: "Catalogue") -> None:
    from assistant.cli.tables import print_records

    facts = (table.layer, table.domain, table.owner, f"{_health(table, catalogue)}")
    typer.echo(" · ".join([table.full_name, *[fact for fact in facts if fact]]))
    if table.description:
        typer.echo(table.description)
    for reason in _reasons(table, catalogue):
        typer.echo(reason)
    typer.echo()
    print_records(
        ["column", "type", "classification", "description"],
        [[c.name, c.data_type, c.classification, c.description] for c in table.columns],
    )


def _plain(value: Any) -> Any:
    """Dates in ISO 8601; everything else is JSON already."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
