"""How well search finds the tables a question needs: complete recall@k on a pool of schemas.

Complete recall@k is the share of questions with *all* their tables among the first k. The data
is a directory with `tables.jsonl` and `queries.jsonl`: `python -m evals.performance.retrieval
--data DIR`. What was tuned on a set says little about another: these are development figures.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue.access import Grant, TableGrant
from catalogue.catalogue import Catalogue
from catalogue.embeddings import MiniLM
from catalogue.model import Column, Relationship, Table
from catalogue.search.index import build_index
from catalogue.search.search import CatalogueSearch

CUTS = (1, 5, 10, 15)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question with the tables that its SQL needs."""

    text: str
    tables: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What search returned for one question."""

    question: Question
    tables: tuple[str, ...]
    seconds: float

    def is_complete(self, cut: int) -> bool:
        """True where the first `cut` tables hold all that the question needs."""
        return self.question.tables <= set(self.tables[:cut])


def read_pool(directory: Path) -> tuple[Catalogue, list[Question]]:
    """Read a pool of schemas as one catalogue, with its questions."""
    tables = list(_lines(directory / "tables.jsonl"))
    names = {each["id"]: _full_name(each) for each in tables}
    catalogue = Catalogue(
        name=directory.name,
        tables=tuple(_table(each) for each in tables),
        relationships=tuple(edge for each in tables for edge in _relationships(each)),
    )
    questions = [
        Question(
            text=each["question"], tables=frozenset(names[name] for name in each["gold_tables"])
        )
        for each in _lines(directory / "queries.jsonl")
    ]
    return catalogue, questions


def seeing_all(catalogue: Catalogue) -> Grant:
    """Return a grant that hides nothing."""
    return Grant(
        role="reader",
        key="all",
        tables={
            table.full_name.lower(): TableGrant(
                columns=frozenset(column.name.lower() for column in table.columns)
            )
            for table in catalogue.tables
        },
    )


def search_all(catalogue: Catalogue, questions: Sequence[Question]) -> Iterator[Found]:
    """Index a catalogue and search it with every question."""
    with tempfile.TemporaryDirectory() as directory:
        started = time.perf_counter()
        build_index(Path(directory), catalogue, MiniLM())
        print(f"index of {len(catalogue.tables)} tables: {time.perf_counter() - started:.1f} s")
        search = CatalogueSearch(Path(directory), catalogue, MiniLM())
        grant = seeing_all(catalogue)
        search.search("warm", k=1, grant=grant)
        for question in questions:
            started = time.perf_counter()
            hits = search.search(question.text, k=max(CUTS), grant=grant)
            yield Found(
                question=question,
                tables=tuple(hit.name for hit in hits),
                seconds=time.perf_counter() - started,
            )
        search.close()


def report(found: Sequence[Found]) -> str:
    """Return complete recall at each cut, for all questions and by number of tables."""
    by_count = {
        "all": list(found),
        "one table": [each for each in found if len(each.question.tables) == 1],
        "two and more": [each for each in found if len(each.question.tables) > 1],
    }
    lines = [f"{'complete recall':16}{'n':>6}" + "".join(f"{f'@{cut}':>7}" for cut in CUTS)]
    for name, group in by_count.items():
        shares = [100 * statistics.fmean(each.is_complete(cut) for each in group) for cut in CUTS]
        lines.append(f"{name:16}{len(group):6}" + "".join(f"{share:7.1f}" for share in shares))
    times = sorted(1000 * each.seconds for each in found)
    middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
    return "\n".join([*lines, f"search: p50 {middle:.1f} ms, p95 {high:.1f} ms"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report for one data directory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="tables.jsonl and queries.jsonl")
    parser.add_argument("--misses", type=int, default=0, help="print so many incomplete ones")
    options = parser.parse_args(arguments)
    found = list(search_all(*read_pool(options.data)))
    print(report(found))
    missed = [each for each in found if not each.is_complete(max(CUTS))]
    for each in missed[: options.misses]:
        print(f"{each.question.text}\n  needs {sorted(each.question.tables)}\n  got {each.tables}")
    return 0


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _full_name(table: dict[str, Any]) -> str:
    return f"{table['db']}.{table['name']}"


def _table(table: dict[str, Any]) -> Table:
    columns = tuple(
        Column(name=each["name"], data_type=each["type"], label=each["natural_name"])
        for each in table["columns"]
    )
    description = table.get("description") or ""
    return Table(schema=table["db"], name=table["name"], columns=columns, description=description)


def _relationships(table: dict[str, Any]) -> Iterator[Relationship]:
    for key in table["foreign_keys"]:
        for column, target in zip(key["columns"], key["ref_columns"], strict=False):
            yield Relationship(
                from_table=_full_name(table),
                from_column=column,
                to_table=f"{table['db']}.{key['ref_table']}",
                to_column=target,
            )


if __name__ == "__main__":
    sys.exit(main())
