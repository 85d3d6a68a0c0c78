"""verified/*.yaml: approved questions with their queries."""

from datetime import date
from pathlib import Path

import pytest

from catalogue.errors import BadFile
from catalogue.model import Parameter, VerifiedQuery
from catalogue.readers.verified import read_verified
from tests.demo import demo_directory

_HEAD = "id: a\nquestions: ['How many in {month}?']\n"
_MONTH = "parameters: {month: {type: period, grain: month}}\n"
_QUERY = "metric_query: {metrics: [flights], period: '{month}'}\n"


def _read(directory: Path, text: str) -> VerifiedQuery:
    (directory / "a.yaml").write_text(text)
    (query,) = read_verified(directory)
    return query


def test_the_demos_queries_are_read() -> None:
    queries = {query.id: query for query in read_verified(demo_directory() / "verified")}
    assert len(queries) >= 6
    worst = queries["worst-on-time-by-airline"]
    assert worst.parameters == (Parameter(name="month", type="period", grain="month"),)
    assert worst.metric_query is not None
    assert worst.metric_query["period"] == "{month}"
    assert worst.verified_on == date(2026, 11, 1)


def test_a_date_inside_a_query_stays_text(tmp_path: Path) -> None:
    text = "id: a\nquestions: [q]\nmetric_query: {metrics: [flights], period: 2013-06-03}\n"
    assert _read(tmp_path, text).metric_query == {"metrics": ["flights"], "period": "2013-06-03"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (_HEAD + _QUERY, "parameter 'month' is not declared"),
        ("id: a\nquestions: [q]\n" + _MONTH + _QUERY, "parameter 'month' is not used"),
        (_HEAD + _MONTH, "either 'metric_query' or 'sql'"),
        (_HEAD + _MONTH + _QUERY + "sql: SELECT 1\n", "either 'metric_query' or 'sql'"),
        (_HEAD + _MONTH + "sql: SELECT 1\n", "'sql' cannot take parameters"),
        ("id: a\nquestions: [q]\n" + _QUERY, "'metric_query' uses 'month'"),
        ("id: a\nquestions: []\nsql: SELECT 1\n", "'questions'"),
        ("questions: [q]\nsql: SELECT 1\n", "'id' is missing"),
        ("id: a\nquestion: [q]\nsql: SELECT 1\n", "unknown key 'question'"),
        (_HEAD + "parameters: {month: {type: text}}\n" + _QUERY, "'parameters.month'"),
        (_HEAD + "parameters: {month: {type: period}}\n" + _QUERY, "grain' is missing"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(BadFile) as caught:
        _read(tmp_path, text)
    assert problem in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "a.yaml"))


def test_two_queries_of_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("id: same\nquestions: [q]\nsql: SELECT 1\n")
    with pytest.raises(BadFile, match=r"b\.yaml: has the id 'same', as a\.yaml has"):
        read_verified(tmp_path)


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="is not a directory"):
        read_verified(tmp_path / "verified")
