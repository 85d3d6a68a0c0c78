"""The value index: what is in it, and for whom."""

from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.access import Grant, TableGrant
from catalogue.builder import Built
from catalogue.catalogue import Catalogue
from catalogue.model import Column, Dimension, Metric, MetricQuery, Table
from catalogue.readers.duckdb import DuckDBWarehouse
from catalogue.values import DimensionValues, FactValues, ValueIndex, as_text, dimension_values
from tests.catalogue.platforms import make_duckdb

_FACTS = """
CREATE TABLE f AS SELECT * FROM (VALUES ('a', 1), ('a', 1), ('b', 0), (NULL, 1)) AS t (code, done);
CREATE TABLE g AS SELECT 'c' AS code, 5 AS rain
"""


class _ByTable:
    """A semantic layer of one dimension over two facts."""

    _SOURCE = {"count": "count(*)", "done": "sum(done)", "rain": "sum(rain)"}  # noqa: RUF012

    def compile(self, query: MetricQuery) -> str:
        table = "g" if query.metrics == ("rain",) else "f"
        cells = [f"{self._SOURCE[name]} AS {name}" for name in query.metrics]
        if not query.group_by:
            return f"SELECT {', '.join(cells)} FROM {table}"
        return f"SELECT code AS d__code, {', '.join(cells)} FROM {table} GROUP BY code"


def _metric(name: str, table: str, *, unit: str, basis: str | None = None) -> Metric:
    return Metric(
        name=name,
        label=name,
        unit=unit,
        basis=basis,
        dimensions=("d__code",),
        tables=(table,),
        additive=True,
    )


_DIMENSION = Dimension(
    name="d__code", entity="d", kind="categorical", table="main.f", column="code"
)
_TABLE = Table(schema="main", name="f", columns=(Column(name="code", data_type="VARCHAR"),))
_METRICS = (
    _metric("rain", "main.g", unit="inches"),
    _metric("done", "main.f", unit="rows", basis="count"),
    _metric("count", "main.f", unit="rows"),
)


def _dimension_values(directory: Path) -> dict[str, DimensionValues]:
    with DuckDBWarehouse(make_duckdb(directory / "f.duckdb", _FACTS)) as warehouse:
        return dimension_values(
            _METRICS, [_DIMENSION], {}, compiler=_ByTable(), warehouse=warehouse
        )


def test_a_dimension_counts_rows_of_its_facts(tmp_path: Path) -> None:
    index = ValueIndex(dimensions=_dimension_values(tmp_path))
    assert index.of_dimension("D__CODE") == {"a": 2, "b": 1, "c": 0}


def test_what_no_metric_counts_has_no_rows(tmp_path: Path) -> None:
    by_facts = {each.tables: each.values for each in _dimension_values(tmp_path)["d__code"].facts}
    assert by_facts[("main.f", "main.g")] == {"c": 0}


def test_what_is_not_indexed_has_no_values() -> None:
    assert ValueIndex().of_dimension("x") == {}
    assert ValueIndex().of_column("a.b.c") == {}


@pytest.mark.parametrize(
    ("value", "expected"), [(True, "true"), (3.0, "3"), (3.5, "3.5"), (7, "7"), ("JFK", "JFK")]
)
def test_values_are_held_as_text(value: object, expected: str) -> None:
    assert as_text(value) == expected


def _grant(**tables: TableGrant) -> Grant:
    return Grant(role="r", tables={f"main.{name}": each for name, each in tables.items()})


_ALL = TableGrant(columns=frozenset({"code", "done", "rain"}))
_INDEX = ValueIndex(
    dimensions={
        "d__code": DimensionValues(
            facts=(
                FactValues(values={"a": 2}, tables=("main.f",)),
                FactValues(values={"c": 1}, tables=("main.f", "main.g")),
            )
        )
    },
    columns={"main.f.code": {"a": 2}},
)


def _seen(grant: Grant) -> tuple[list[str], list[str]]:
    catalogue = Catalogue(name="x", tables=(_TABLE,), dimensions=(_DIMENSION,))
    narrowed = _INDEX.within(grant, catalogue)
    return list(narrowed.of_dimension("d__code")), list(narrowed.of_column("main.f.code"))


def test_who_sees_all_sees_all_values() -> None:
    assert _seen(_grant(f=_ALL, g=_ALL)) == (["a", "c"], ["a"])


def test_values_of_facts_out_of_sight_are_left_out() -> None:
    assert _seen(_grant(f=_ALL)) == (["a"], ["a"])


@pytest.mark.parametrize(
    "partial",
    [
        replace(_ALL, row_filter="code = 'a'"),
        replace(_ALL, masks={"code": "NULL"}),
        TableGrant(columns=frozenset({"done"})),
    ],
    ids=["row filter", "mask", "hidden column"],
)
def test_values_are_left_out_where_the_grant_narrows_their_table(partial: TableGrant) -> None:
    assert _seen(_grant(f=partial, g=_ALL)) == ([], [])


def test_without_the_table_there_is_nothing() -> None:
    assert _seen(_grant(g=_ALL)) == ([], [])


def test_the_demos_dimensions_hold_what_its_facts_hold(demo: Built) -> None:
    values = demo.values
    assert values.of_dimension("flight__origin") == {"EWR": 120835, "JFK": 111279, "LGA": 104662}
    assert len(values.of_dimension("airline__name")) == 16
    assert sum(values.of_dimension("origin_airport__name").values()) == 336_776
    assert set(values.of_dimension("flight__scheduled_hour")) <= {str(n) for n in range(24)}
    # 1,400 airports are known, only those flown to can be asked for.
    assert len(values.of_dimension("destination_airport__name")) < 110
    assert len(values.of_column("gold.dim_airport.name")) > 1_000
