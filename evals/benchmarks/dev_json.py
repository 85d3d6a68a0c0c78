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
    transpiled,
)
from evals.benchmarks.sqlite_import import import_sqlite
from evals.errors import BadGold

_FOLDERS = ("dev_databases", "databases", "database")


def read_dev_json(
    file: Path, workspace: Path, *, databases: Path | None = None, name: str | None = None
) -> Benchmark:
    """Read a dev.json; its databases are imported into `workspace` once.

    `databases` is looked for beside the file where it is not given. What has no database, does not
    transpile or does not run is left out by name.
    """
    rows = _rows(file)
    folder = databases or _folder(file.parent)
    imported: dict[str, Path | str] = {}
    items: list[Item] = []
    out: list[LeftOut] = []
    for number, row in enumerate(rows):
        found = _item(row, number)
        if isinstance(found, Item):
            where = imported.setdefault(found.database, "")
            if where == "":
                where = imported[found.database] = _import(folder, found.database, workspace)
            if isinstance(where, Path):
                items.append(found)
                continue
            found = LeftOut(id=found.id, reason=where)
        out.append(found)
    paths = {db: path for db, path in imported.items() if isinstance(path, Path)}
    return keep_running(name or file.parent.name, items, paths, out)


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


def _item(row: dict[str, Any], number: int) -> Item | LeftOut:
    name = f"{row.get('db_id', 'unknown')}-{row.get('question_id', number)}"
    sql = row.get("SQL") or row.get("query")
    if not sql or not row.get("question") or not row.get("db_id"):
        return LeftOut(id=name, reason="lacks db_id, question or SQL")
    try:
        gold = transpiled(sql, "sqlite")
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


def _import(folder: Path, database: str, workspace: Path) -> Path | str:
    """Return the imported database, or why there is none."""
    if Path(database).name != database:
        return f"{database!r} is no name of a folder"
    source = folder / database / f"{database}.sqlite"
    if not source.exists():
        return f"{source.name} is missing"
    try:
        return import_sqlite(source, workspace / f"{database}.duckdb")
    except BadBenchmark as error:
        return str(error)
