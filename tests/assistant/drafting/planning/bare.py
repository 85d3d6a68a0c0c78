"""Bare warehouses that are asked without the search index, which only a refusal would load."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant import Answer, Assistant
from catalogue.builder import build
from tests.catalogue.platforms import make_duckdb


@contextmanager
def opened(root: Path, sql: str) -> Iterator[Assistant]:
    """Open a warehouse made by this SQL, built, on 26 October 2024."""
    make_duckdb(root / "store.duckdb", sql)
    (root / "platform.toml").write_text(
        '[platform]\nas_of = 2024-10-26\n[warehouse]\npath = "store.duckdb"\n'
    )
    with Assistant.open(root) as assistant:
        build(assistant.parts.settings.sources(), index=lambda directory, catalogue, say: None)
        assistant.parts.state.__dict__["search"] = _NoSearch()
        yield assistant


class _NoSearch:
    def search(self, question: str, *, k: int, grant: object) -> list[object]:
        return []

    def close(self) -> None: ...


def rows(answer: Answer) -> list[tuple[object, ...]]:
    """Return the rows of an answer; one that has none fails with what it says."""
    assert answer.table is not None, answer.text
    return [tuple(row.values()) for row in answer.table.to_pylist()]
