"""Readers of public sets, on small folders of their layouts."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from evals.benchmarks.benchmark import BadBenchmark, Golds
from evals.benchmarks.defog import read_defog
from evals.benchmarks.dev_json import read_dev_json
from evals.score.exec_match import best_match


def defog(directory: Path, *rows: dict[str, object]) -> Path:
    (directory / "db").mkdir()
    with closing(duckdb.connect(str(directory / "db" / "shop.duckdb"))) as connection:
        connection.execute(
            "CREATE TABLE sales AS SELECT * FROM (VALUES ('a', 1), ('b', 2)) v(k, n)"
        )
    lines = [json.dumps({"db": "shop", "question": "How many?", **row}) for row in rows]
    (directory / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return directory


def bird(directory: Path, folder: str, *rows: dict[str, object]) -> Path:
    place = directory / folder / "shop"
    place.mkdir(parents=True)
    with closing(sqlite3.connect(place / "shop.sqlite")) as connection:
        connection.execute(
            'CREATE TABLE "Order Lines" (id INTEGER PRIMARY KEY, day DATE, paid REAL)'
        )
        connection.executemany(
            'INSERT INTO "Order Lines" VALUES (?, ?, ?)',
            [(1, "2023-01-05", 2), (2, "2023-02-05", 2.5), (3, None, "unknown")],
        )
        connection.execute("CREATE TABLE empty (id INTEGER, name TEXT)")
        connection.commit()
    (directory / "dev.json").write_text(json.dumps(rows), encoding="utf-8")
    return directory / "dev.json"


def test_defog_keeps_what_runs_and_names_the_rest(tmp_path: Path) -> None:
    found = read_defog(
        defog(
            tmp_path,
            {"id": "q0", "gold_sql_duckdb": "SELECT sum(n) FROM sales", "order_matters": True},
            {"id": "q1", "gold_sql_duckdb": "SELECT current_date", "time_dependent": True},
            {"id": "q2", "gold_sql": "SELECT n::text FROM sales LIMIT 1"},
            {"id": "q3", "gold_sql_duckdb": "SELECT nothing FROM sales"},
            {"id": "q4", "gold_sql_duckdb": "SELECT 1 WHERE false"},
            {"id": "q5"},
            {"id": "q6", "db": "lost", "gold_sql_duckdb": "SELECT 1"},
        )
    )
    assert [item.id for item in found.items] == ["q0", "q2"]
    reasons = {each.id: each.reason for each in found.left_out}
    assert reasons["q1"] == "depends on today's date"
    assert reasons["q3"].startswith("gold does not run: Binder Error")
    assert reasons["q4"] == "gold returns no rows"
    assert reasons["q5"] == "has no gold SQL"
    assert reasons["q6"] == "lost.duckdb is missing"
    assert "q3: gold does not run" in str(found)


def test_defog_says_what_is_wrong_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(BadBenchmark, match="cannot be read"):
        read_defog(tmp_path)
    (tmp_path / "questions.jsonl").write_text('{"id": 1}', encoding="utf-8")
    with pytest.raises(BadBenchmark, match=r"questions.jsonl:1: '\w+' is missing"):
        read_defog(tmp_path)
    (tmp_path / "questions.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(BadBenchmark, match=":1: is not JSON"):
        read_defog(tmp_path)


@pytest.mark.parametrize(
    ("folder", "key"), [("dev_databases", "SQL"), ("database", "query")], ids=["bird", "spider"]
)
def test_dev_json_is_transpiled_and_run_on_duckdb(tmp_path: Path, folder: str, key: str) -> None:
    def row(sql: str) -> dict[str, object]:
        return {"db_id": "shop", "question": "Which months?", key: sql, "evidence": "a hint"}

    ordered = (
        "SELECT strftime('%Y-%m', day), count(*) FROM `Order Lines` GROUP BY 1 ORDER BY 2 DESC"
    )
    file = bird(
        tmp_path,
        folder,
        row(ordered),
        row("SELECT IIF(id > 1, 'late', 'early') FROM `Order Lines`"),
        row("SELECT no_such FROM `Order Lines`"),
        row("SELECT FROM WHERE"),
        {"db_id": "lost", "question": "?", key: "SELECT 1"},
    )
    found = read_dev_json(file, tmp_path / "work")
    assert [item.id for item in found.items] == ["shop-0", "shop-1"]
    first = found.items[0]
    assert (first.order_matters, first.tables) == (True, ("Order Lines",))
    assert first.evidence == "a hint"
    assert {each.id for each in found.left_out} == {"shop-2", "shop-3", "lost-4"}
    with Golds(found.databases["shop"]) as golds:
        assert best_match(golds.run(first.golds[0]), golds.marked(first)).is_equal


def test_gold_keeps_what_it_means_to_sqlite_or_is_left_out(tmp_path: Path) -> None:
    def row(sql: str) -> dict[str, object]:
        return {"db_id": "shop", "question": "?", "SQL": sql}

    file = bird(
        tmp_path,
        "dev_databases",
        row('SELECT id FROM `Order Lines` WHERE paid = "unknown"'),
        row('SELECT "id" AS n FROM `Order Lines` ORDER BY "n"'),
        row("SELECT id FROM `Order Lines` WHERE paid LIKE 'UNK%'"),
        row("SELECT SUM(id) / 4 FROM `Order Lines`"),
        row("SELECT id FROM `Order Lines` ORDER BY id > 5 LIMIT 1"),
    )
    found = read_dev_json(file, tmp_path / "work")
    assert [item.id for item in found.items] == ["shop-0", "shop-1", "shop-2", "shop-4"]
    with Golds(found.databases["shop"]) as golds:
        assert golds.run(found.items[0].golds[0]).column(0).to_pylist() == [3]
        assert golds.run(found.items[2].golds[0]).column(0).to_pylist() == [3]
    (left,) = found.left_out
    assert left.reason.startswith("gold returns something else on DuckDB")


def test_sqlite_types_come_from_the_values(tmp_path: Path) -> None:
    file = bird(
        tmp_path,
        "databases",
        {"db_id": "shop", "question": "?", "SQL": "SELECT paid FROM `Order Lines`"},
    )
    found = read_dev_json(file, tmp_path / "work")
    with Golds(found.databases["shop"]) as golds:
        types = golds.run('SELECT typeof(id), typeof(day), typeof(paid) FROM "Order Lines" LIMIT 1')
        assert list(types.to_pylist()[0].values()) == ["BIGINT", "VARCHAR", "VARCHAR"]
        assert golds.run("SELECT * FROM empty").num_rows == 0


@pytest.mark.parametrize(("text", "problem"), [("{", "is not JSON"), ("{}", "is not a list")])
def test_dev_json_says_what_is_wrong_with_its_file(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "database").mkdir()
    (tmp_path / "dev.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadBenchmark, match=problem):
        read_dev_json(tmp_path / "dev.json", tmp_path / "work")


def test_dev_json_needs_its_databases(tmp_path: Path) -> None:
    (tmp_path / "dev.json").write_text("[]", encoding="utf-8")
    with pytest.raises(BadBenchmark, match="holds none of"):
        read_dev_json(tmp_path / "dev.json", tmp_path / "work")
