"""Personal data under bland names on a bare file: no planted value leaves by any way."""

from datetime import date
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pytest

from assistant import Assistant
from assistant.drafting.context import build_context
from assistant.errors import QueryRejected
from catalogue.builder import build
from catalogue.catalogue import Catalogue
from catalogue.model import Hit
from catalogue.sources import Sources
from catalogue.values import ValueIndex
from tests.catalogue.classify.planted import PERSONAL

PLANTED = ("email", "iban", "nhs", "phone abroad", "person", "birth", "note email", "json")
ROWS = 80
QUESTIONS = ("How many rows has tickets?", "List tickets by c0", "What is in c4?", "Top 5 c3")


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[str]]:
    """A bare file with one innocent column and eight others; and every planted value."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    random = Random(7)
    planted = {
        f"c{at}": [PERSONAL[label][1](random) for _ in range(ROWS)]
        for at, label in enumerate(PLANTED)
    }
    path = tmp_path / "desk.duckdb"
    with duckdb.connect(str(path)) as connection:
        table = pa.table({"state": ["open", "done"] * (ROWS // 2), **planted})
        connection.from_arrow(table).create("tickets")
        connection.execute("CREATE VIEW seen AS SELECT state, c0 AS who FROM tickets")
    texts = [text for values in planted.values() for text in values]
    return path, [text for text in texts if any(each.isdigit() for each in text) or " " in text]


def holds(text: str, planted: list[str]) -> list[str]:
    plain = ("Parcel was", "Asked about", "No answer", "Wants a refund")
    return [value for value in planted if value in text and not value.startswith(plain)]


def test_no_planted_value_is_kept_in_the_state(platform: tuple[Path, list[str]]) -> None:
    path, planted = platform
    with Assistant.open(path) as assistant:
        for question in QUESTIONS:
            answer = assistant.ask(question)
            assert not holds(str(answer.to_dict()), planted)
    state = path.parent / "cache"
    written = [file for file in state.rglob("*") if file.is_file() and file.suffix != ".duckdb"]
    assert any(file.name == "values.json" for file in written)
    for file in written:
        assert not holds(file.read_bytes().decode("utf-8", "ignore"), planted), file.name


@pytest.mark.parametrize("column", [f"c{at}" for at in range(len(PLANTED))])
def test_the_reader_cannot_select_a_planted_column(
    platform: tuple[Path, list[str]], column: str
) -> None:
    path, planted = platform
    with Assistant.open(path) as assistant:
        for sql in (
            f"SELECT {column} FROM tickets",
            f"SELECT count(*) FROM tickets WHERE {column} LIKE '%a%'",
            f"SELECT max(t.{column}) FROM tickets AS t",
        ):
            with pytest.raises(QueryRejected) as rejected:
                assistant.check(sql)
            assert not holds(str(rejected.value), planted)


def test_stars_and_views_show_the_rest(platform: tuple[Path, list[str]]) -> None:
    path, planted = platform
    with Assistant.open(path) as assistant:
        for sql in ("SELECT * FROM tickets", "SELECT * FROM seen"):
            table = assistant.run(sql).table
            assert table.column_names == ["state"]
            assert not holds(str(table.to_pylist()), planted)


def test_no_planted_value_reaches_a_model_even_of_a_steward(tmp_path: Path) -> None:
    random = Random(3)
    path = tmp_path / "desk.duckdb"
    planted = [PERSONAL["email"][1](random) for _ in range(ROWS)]
    with duckdb.connect(str(path)) as connection:
        table = pa.table({"state": ["open", "done"] * (ROWS // 2), "c1": planted})
        connection.from_arrow(table).create("tickets")

    def no_index(directory: Path, catalogue: Catalogue, progress: object) -> None:
        """Search is not asked here."""

    sources = Sources(name="desk", root=tmp_path, state=tmp_path / "state", warehouse=path)
    built = build(sources, index=no_index)
    context = build_context(
        f"Tickets of {planted[0]}",
        catalogue=built.catalogue,
        hits=(Hit(kind="table", name="main.tickets", score=1.0),),
        values=built.values,
        send="rows",
        today=date(2026, 1, 1),
    )
    assert isinstance(built.values, ValueIndex)
    assert "open" in context.text
    assert "c1" not in context.text
    assert not holds(context.text.replace(planted[0], ""), planted)
