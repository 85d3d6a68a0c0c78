"""Rows and records on stdout: for people on a terminal, exact and tab-separated elsewhere."""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from assistant.answer import Result

ROWS_ON_A_TERMINAL = 30
_NUMERIC = re.compile(r"U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*|BIGNUM")


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


def print_rows(
    result: "Result",
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
) -> None:
    """Print rows: as people read them on a terminal, exact and tab-separated elsewhere."""
    if sys.stdout.isatty():
        _print_rows_for_people(result, labels or {}, units or {})
    else:
        from assistant.present.encode import rows_to_json

        shown = rows_to_json(result.table, result.duckdb_types)
        print_tabs([column["name"] for column in shown.columns], shown.rows)
    if result.truncated:
        typer.echo(f"Cut off at {result.table.num_rows:,} rows.", err=True)


def _print_rows_for_people(
    result: "Result", labels: Mapping[str, str], units: Mapping[str, str]
) -> None:
    from assistant.present.format import format_value
    from assistant.present.rows import result_values

    names = result.table.column_names
    columns = [
        [format_value(value, units.get(name)) for value in values[:ROWS_ON_A_TERMINAL]]
        for name, values in zip(names, result_values(result), strict=True)
    ]
    numeric = [_NUMERIC.fullmatch(kind) is not None for kind in result.duckdb_types]
    print_table(
        [labels.get(name, name) for name in names], list(zip(*columns, strict=True)), numeric
    )
    hidden = result.table.num_rows - ROWS_ON_A_TERMINAL
    if hidden > 0:
        typer.echo(f"... {hidden:,} more rows; --json prints all.")


def print_records(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a listing: a table on a terminal, tab-separated text elsewhere."""
    if sys.stdout.isatty():
        texts = [["" if value is None else str(value) for value in row] for row in rows]
        print_table(heads, texts)
    else:
        print_tabs(heads, rows)


def print_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool] = ()
) -> None:
    """Print a table for people, numeric columns to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for head, is_numeric in zip_longest(heads, numeric, fillvalue=False):
        table.add_column(Text(str(head)), justify="right" if is_numeric else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)


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
