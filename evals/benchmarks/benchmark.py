"""A public set as we read it: questions with gold that runs on DuckDB, and what was left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from evals.errors import BadGold, EvalError
from evals.score.marked import Marked, mark

if TYPE_CHECKING:
    import pyarrow as pa


class BadBenchmark(EvalError):
    """A public set's folder is absent, or not laid out as its reader expects."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question of a public set."""

    id: str
    database: str
    """Name of its database in `Benchmark.databases`."""
    question: str
    golds: tuple[str, ...]
    """Accepted SQL, in DuckDB's words."""
    evidence: str = ""
    """A hint that the set gives with the question."""
    order_matters: bool = False
    tables: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A question that is not asked, and why."""

    id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """Questions of one set with their DuckDB databases."""

    name: str
    items: tuple[Item, ...]
    databases: dict[str, Path]
    left_out: tuple[LeftOut, ...] = ()

    def __str__(self) -> str:
        listed = "".join(f"\n  {each.id}: {each.reason}" for each in self.left_out)
        return f"{self.name}: {len(self.items)} questions, {len(self.left_out)} left out{listed}"


def transpiled(sql: str, dialect: str) -> str:
    """Return gold SQL in DuckDB's words, or raise BadGold."""
    try:
        return sqlglot.transpile(sql, read=dialect, write="duckdb")[0]
    except (SqlglotError, IndexError) as error:
        problem = " ".join(str(error).split())[:160] or "empty"
        raise BadGold(f"not read as {dialect}: {problem}") from error


def orders(sql: str) -> bool:
    """Return whether the outermost query orders its rows."""
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
    except SqlglotError:
        return False
    return isinstance(tree, exp.Query) and tree.args.get("order") is not None


def tables_of(sql: str) -> tuple[str, ...]:
    """Return the base tables of a query, as it names them."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    inner = {each.alias for each in tree.find_all(exp.CTE)}
    named = {
        f"{table.db}.{table.name}" if table.db else table.name for table in tree.find_all(exp.Table)
    }
    return tuple(sorted(named - inner))


def keep_running(
    name: str,
    candidates: Sequence[Item],
    databases: dict[str, Path],
    left_out: Sequence[LeftOut] = (),
    *,
    differs: "Callable[[Item, Marked], str | None]" = lambda item, result: None,
) -> Benchmark:
    """Run every gold and keep the questions whose gold runs and returns a value.

    `differs` says why the result of the first gold is not the one that the set means.
    """
    kept: list[Item] = []
    out = list(left_out)
    for database in dict.fromkeys(item.database for item in candidates):
        with Golds(databases[database]) as golds:
            for item in (each for each in candidates if each.database == database):
                reason = _why_not(item, golds.run, differs)
                if reason:
                    out.append(LeftOut(id=item.id, reason=reason))
                else:
                    kept.append(item)
    order = {item.id: at for at, item in enumerate(candidates)}
    kept.sort(key=lambda item: order[item.id])
    return Benchmark(name=name, items=tuple(kept), databases=databases, left_out=tuple(out))


class Golds:
    """Runs the trusted SQL of a set on one of its databases, read-only."""

    def __init__(self, database: Path) -> None:
        self._connection = duckdb.connect(str(database), read_only=True)

    def __enter__(self) -> "Golds":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def run(self, sql: str) -> "pa.Table":
        """Run trusted SQL, or raise BadGold."""
        try:
            return self._connection.sql(sql).to_arrow_table()
        except duckdb.Error as error:
            raise BadGold(" ".join(str(error).split())[:160]) from error

    def marked(self, item: Item) -> list[Marked]:
        """Return the gold results of a question, ties included."""
        return [mark(sql, self.run) for sql in item.golds]


def _why_not(
    item: Item,
    run: "Callable[[str], pa.Table]",
    differs: "Callable[[Item, Marked], str | None]",
) -> str | None:
    try:
        found = [mark(sql, run) for sql in item.golds]
    except BadGold as error:
        return f"gold does not run: {error}"
    if not any(gold.table.num_rows for gold in found):
        return "gold returns no rows"
    return differs(item, found[0])
