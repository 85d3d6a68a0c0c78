"""Defog's sql-eval: `questions.jsonl` beside `db/<name>.duckdb`.

Each line: id, db, question, gold_sql_duckdb or gold_sql with gold_dialect, gold_alternatives_duckdb
(accepted variants of the output columns), gold_tables, order_matters, time_dependent.
"""

import json
from pathlib import Path
from typing import Any

from evals.benchmarks.benchmark import (
    BadBenchmark,
    Benchmark,
    Item,
    LeftOut,
    keep_running,
    transpiled,
)
from evals.errors import BadGold


def read_defog(directory: Path, *, name: str = "defog") -> Benchmark:
    """Read a folder; questions that depend on today's date are left out by name."""
    file = directory / "questions.jsonl"
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadBenchmark(f"{file} cannot be read: {error.strerror}.") from error
    items: list[Item] = []
    out: list[LeftOut] = []
    databases: dict[str, Path] = {}
    for number, line in enumerate(filter(str.strip, lines), start=1):
        row = _row(file, number, line)
        database = directory / "db" / f"{row['db']}.duckdb"
        found = _item(row, database)
        if isinstance(found, Item):
            databases[found.database] = database
            items.append(found)
        else:
            out.append(found)
    return keep_running(name, items, databases, out)


def _row(file: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
        missing = {"id", "db", "question"} - set(row)
    except (ValueError, TypeError) as error:
        raise BadBenchmark(f"{file}:{number}: is not JSON.") from error
    if missing:
        raise BadBenchmark(f"{file}:{number}: {min(missing)!r} is missing.")
    found: dict[str, Any] = row
    return found


def _item(row: dict[str, Any], database: Path) -> Item | LeftOut:
    if row.get("time_dependent"):
        return LeftOut(id=row["id"], reason="depends on today's date")
    if not database.exists():
        return LeftOut(id=row["id"], reason=f"{database.name} is missing")
    try:
        golds = _golds(row)
    except BadGold as error:
        return LeftOut(id=row["id"], reason=str(error))
    return Item(
        id=row["id"],
        database=row["db"],
        question=row["question"],
        golds=golds,
        evidence=row.get("evidence") or "",
        order_matters=bool(row.get("order_matters")),
        tables=tuple(row.get("gold_tables") or ()),
        tags=tuple(filter(None, (row["db"], row.get("category")))),
    )


def _golds(row: dict[str, Any]) -> tuple[str, ...]:
    first = row.get("gold_sql_duckdb")
    if not first and not row.get("gold_sql"):
        raise BadGold("has no gold SQL")
    first = first or transpiled(row["gold_sql"], row.get("gold_dialect") or "postgres")
    return tuple(dict.fromkeys((first, *(row.get("gold_alternatives_duckdb") or ()))))
