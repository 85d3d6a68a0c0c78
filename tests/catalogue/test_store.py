"""Records survive the way to JSON and back, and nothing else is taken for one."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.catalogue import Catalogue
from catalogue.model import (
    Certification,
    CheckResult,
    Column,
    ColumnProfile,
    Evidence,
    Filter,
    MetricQuery,
    Period,
    Table,
    VerifiedQuery,
)
from catalogue.store import from_json, to_json
from catalogue.values import DimensionValues, FactValues, ValueIndex

_TEXT = st.text(max_size=20)
_TABLES = st.builds(
    Table,
    schema=_TEXT,
    name=_TEXT,
    kind=st.sampled_from(["table", "view"]),
    columns=st.lists(
        st.builds(
            Column,
            name=_TEXT,
            data_type=_TEXT,
            profile=st.none()
            | st.builds(
                ColumnProfile,
                nulls=st.integers(0),
                top_values=st.lists(st.tuples(_TEXT, st.integers(0)), max_size=3).map(tuple),
            ),
        ),
        max_size=3,
    ).map(tuple),
    certification=st.builds(
        Certification, status=st.sampled_from(["none", "verified"]), on=st.none() | st.dates()
    ),
    primary_key=st.lists(_TEXT, max_size=2).map(tuple),
)


@given(_TABLES)
def test_any_table_comes_back_equal(table: Table) -> None:
    assert from_json(Table, json.loads(json.dumps(to_json(table)))) == table


def test_a_whole_catalogue_comes_back_equal() -> None:
    result = CheckResult(check_id="c", status="fail", at=datetime(2024, 3, 1, tzinfo=UTC))
    catalogue = Catalogue(
        name="Shop",
        results=(result,),
        evidence={"gold.orders": Evidence(health="caution", results=(result,))},
        verified=(
            VerifiedQuery(
                id="v", questions=("q",), metric_query={"metrics": ["m"]}, verified_on=date.max
            ),
        ),
    )
    again = from_json(Catalogue, json.loads(json.dumps(to_json(catalogue))))
    assert again == catalogue
    assert again.fingerprint == catalogue.fingerprint


def test_a_metric_query_keeps_the_types_of_its_values() -> None:
    query = MetricQuery(
        metrics=("m",),
        where=(Filter(dimension="d", op="in", values=("1", 1, 1.5, True, None)),),
        period=Period(start=date(2013, 1, 1), end=date(2013, 1, 31)),
    )
    assert from_json(MetricQuery, json.loads(json.dumps(to_json(query)))) == query


def test_a_value_index_comes_back_equal() -> None:
    index = ValueIndex(
        dimensions={"d": DimensionValues(facts=(FactValues(values={"a": 2}, tables=("s.t",)),))},
        columns={"s.t.c": {"é": 1}},
    )
    assert from_json(ValueIndex, json.loads(json.dumps(to_json(index)))) == index


def test_what_is_at_its_default_is_not_written() -> None:
    assert to_json(Column(name="a", data_type="INTEGER")) == {"name": "a", "data_type": "INTEGER"}


@pytest.mark.parametrize("data", [[], "text", None, {"name": "a", "colour": "red"}, {}])
def test_other_data_is_refused(data: object) -> None:
    with pytest.raises(TypeError):
        from_json(Column, data)


def test_a_value_without_a_form_in_json_is_refused() -> None:
    with pytest.raises(TypeError, match="complex has no form"):
        to_json(1j)
