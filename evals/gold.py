"""Gold results: what the marked SQL and the marked metric query return on the platform.

Runs on a private copy of what the assistant reads, be it a file or a folder, so that neither it nor
a nightly build meets it, and past the guard: gold is trusted text.
"""

import shutil
import tempfile
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import duckdb

from assistant.settings import Settings
from catalogue.model import MetricQuery
from evals.case import Case
from evals.errors import BadGold
from evals.score.marked import Marked, mark

if TYPE_CHECKING:
    import pyarrow as pa

    from catalogue.metrics import SemanticLayer


class GoldResults:
    """Computes gold results of one platform; use it as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._place = tempfile.TemporaryDirectory(prefix="evals-gold-")
        # DuckDB names the database after the file: no schema may have the same name.
        copy = Path(self._place.name) / "eval_warehouse.duckdb"
        shutil.copyfile(settings.sources().origin.current(settings.state).path, copy)
        self._connection = duckdb.connect(str(copy), read_only=True)
        self._layer: SemanticLayer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the copy and delete it."""
        self._connection.close()
        self._place.cleanup()

    def of_case(self, case: Case) -> "list[pa.Table]":
        """Return one result per accepted answer: those of the SQL, or else of the metric query.

        Raises BadGold.
        """
        return [marked.table for marked in self.marked(case)]

    def marked(self, case: Case) -> list[Marked]:
        """Return the results with the ties of their order and limit; raise BadGold."""
        gold = case.gold
        try:
            if gold and gold.sql:
                return [mark(sql, self.run) for sql in gold.sql]
            return [mark(self.compile(gold.query), self.run)] if gold and gold.query else []
        except BadGold as error:
            raise BadGold(f"The gold of case {case.id!r} fails: {error}", case=case.id) from error

    def unknown(self, case: Case) -> tuple[str, str] | None:
        """Return the first of a case's tables and columns that the warehouse does not hold.

        As key and name; a name may leave out schema or table.
        """
        for key, names in (("tables", case.tables), ("columns", case.columns)):
            for name in names:
                if (
                    tuple(name.lower().split(".")[-3 if key == "columns" else -2 :])
                    not in self._held
                ):
                    return key, name
        return None

    @cached_property
    def _held(self) -> set[tuple[str, ...]]:
        rows = self.run(
            "SELECT lower(table_schema) AS s, lower(table_name) AS t, lower(column_name) AS c"
            " FROM information_schema.columns"
        ).to_pylist()
        return {
            held
            for s, t, c in ((row["s"], row["t"], row["c"]) for row in rows)
            for held in ((t,), (s, t), (c,), (t, c), (s, t, c))
        }

    def run(self, sql: str) -> "pa.Table":
        """Run trusted SQL, or raise BadGold."""
        try:
            # A cursor each: cases are scored in several threads.
            return self._connection.cursor().sql(sql).to_arrow_table()
        except duckdb.Error as error:
            # The first line says it; the others point into the text.
            raise BadGold(str(error).splitlines()[0]) from error

    def compile(self, query: MetricQuery) -> str:
        """Return a metric query as SQL, or raise BadGold."""
        from catalogue.errors import CatalogueError

        try:
            return self._semantic_layer().compile(query)
        except CatalogueError as error:
            raise BadGold(str(error)) from error

    def _semantic_layer(self) -> "SemanticLayer":
        from catalogue.metrics import SemanticLayer

        if self._layer is None:
            if self._settings.dbt is None:
                raise BadGold("the platform names no dbt artifacts to read metrics from.")
            manifest = self._settings.dbt / "semantic_manifest.json"
            if not manifest.exists():
                raise BadGold(f"{manifest} is missing.")
            self._layer = SemanticLayer(manifest.read_text(encoding="utf-8"))
        return self._layer
