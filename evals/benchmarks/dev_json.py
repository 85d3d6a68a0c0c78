"""BIRD and Spider: `dev.json` beside folders of SQLite databases, imported into DuckDB.

BIRD: db_id, question, SQL, evidence, question_id, difficulty; `dev_databases/<db>/<db>.sqlite`.
Spider: db_id, question, query; `database/<db>/<db>.sqlite`.
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
    orders,
    tables_of,
)
from evals.benchmarks.sqlite_gold import from_sqlite, names_in, other_result
from evals.benchmarks.sqlite_import import import_sqlite
from evals.errors import BadGold
from evals.score.marked import Marked

_FOLDERS = ("dev_databases", "databases", "database")


def read_dev_json(
    file: Path, workspace: Path, *, databases: Path | None = None, name: str | None = None
) -> Benchmark:
    """Read a dev.json; its databases are imported into `workspace` once.

    `databases` is looked for beside the file where it is not given. What has no database, does not
    transpile, does not run or returns something else than SQLite does is left out by name.
    """
    rows = _rows(file)
    folder = databases or _folder(file.parent)
    imported: dict[str, Path | str] = {}
    originals: dict[str, str] = {}
    items: list[Item] = []
    out: list[LeftOut] = []
    for number, row in enumerate(rows):
        name_of_row, database = _name(row, number), str(row.get("db_id") or "")
        sql = row.get("SQL") or row.get("query")
        if not sql or not row.get("question") or not database:
            out.append(LeftOut(id=name_of_row, reason="lacks db_id, question or SQL"))
            continue
        if database not in imported:
            imported[database] = _import(folder, database, workspace)
        found = _item(row, name_of_row, sql, imported[database])
        if isinstance(found, Item):
            originals[found.id] = sql
            items.append(found)
        else:
            out.append(found)
    paths = {db: path for db, path in imported.items() if isinstance(path, Path)}

    def differs(item: Item, result: Marked) -> str | None:
        return other_result(_source(folder, item.database), originals[item.id], result)

    return keep_running(name or file.parent.name, items, paths, out, differs=differs)


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadBenchmark(f"{file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadBenchmark(f"{file} is not JSON: {error}.") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadBenchmark(f"{file} is not a list of questions.")
    return rows


def _folder(parent: Path) -> Path:
    for name in _FOLDERS:
        if (parent / name).is_dir():
            return parent / name
    raise BadBenchmark(f"{parent} holds none of {', '.join(_FOLDERS)}.")


def _name(row: dict[str, Any], number: int) -> str:
    return f"{row.get('db_id') or 'unknown'}-{row.get('question_id', number)}"


def _item(row: dict[str, Any], name: str, sql: str, database: Path | str) -> Item | LeftOut:
    if isinstance(database, str):
        return LeftOut(id=name, reason=database)
    try:
        gold = from_sqlite(sql, names_in(database))
    except BadGold as error:
        return LeftOut(id=name, reason=str(error))
    return Item(
        id=name,
        database=row["db_id"],
        question=row["question"],
        golds=(gold,),
        evidence=row.get("evidence") or "",
        order_matters=orders(gold),
        tables=tables_of(gold),
        tags=tuple(filter(None, (row["db_id"], row.get("difficulty")))),
    )


def _source(folder: Path, database: str) -> Path:
    return folder / database / f"{database}.sqlite"


def _import(folder: Path, database: str, workspace: Path) -> Path | str:
    """Return the imported database, or why there is none."""
    if Path(database).name != database:
        return f"{database!r} is no name of a folder"
    source = _source(folder, database)
    if not source.exists():
        return f"{source.name} is missing"
    try:
        return import_sqlite(source, workspace / f"{database}.duckdb")
    except BadBenchmark as error:
        return str(error)
