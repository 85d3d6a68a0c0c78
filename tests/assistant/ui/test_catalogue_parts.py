"""What is said of columns, lineage and health; what is kept back."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pytest

from assistant.ui.catalogue_columns import (
    column_row,
    profile_of,
    value_range,
    values_chart,
)
from assistant.ui.catalogue_health import check_rows, history_lines
from assistant.ui.catalogue_lineage import drawing, in_words, lineage_of
from assistant.ui.catalogue_parts import certification_words, metric_questions
from assistant.ui.catalogue_search import find, named_columns
from catalogue.catalogue import Catalogue
from catalogue.model import (
    Certification,
    Check,
    CheckResult,
    Classification,
    Column,
    ColumnProfile,
    Suspicion,
)
from tests.assistant.present.samples import CATALOGUE, FLIGHTS

NAMES = Column(
    name="passenger",
    data_type="VARCHAR",
    profile=ColumnProfile(nulls=5, minimum="Ann", maximum="Zoe", top_values=(("Ann", 3),)),
)
TABLE = replace(FLIGHTS, row_count=20, columns=(NAMES,))


@pytest.mark.parametrize("kind", ["personal", "restricted"])
def test_no_statistic_of_a_classified_column_is_shown(kind: Classification) -> None:
    column = replace(NAMES, classification=kind)
    assert profile_of(column) is None
    assert value_range(column) is None
    row = column_row(column, TABLE)
    assert (row["missing"], row["values"], row["range"]) == (None, [], None)


def test_a_suspected_column_shows_nothing_of_its_values() -> None:
    suspicion = Suspicion(kind="email", why="all values look like e-mail addresses", confidence=0.9)
    column = replace(NAMES, suspicion=suspicion)
    assert column_row(column, TABLE)["classification"] == "suspected"
    assert profile_of(column) is None


def test_a_column_without_a_profile_claims_nothing() -> None:
    row = column_row(replace(NAMES, profile=None), TABLE)
    assert (row["missing"], row["values"]) == (None, [])


def test_a_row_says_missing_share_top_values_and_range() -> None:
    row = column_row(NAMES, TABLE)
    assert (row["missing"], row["values"], row["range"]) == (25.0, [3], "Ann to Zoe")


def test_values_are_drawn_with_their_text() -> None:
    assert NAMES.profile is not None
    spec = values_chart(NAMES, NAMES.profile)
    assert spec is not None
    assert spec["description"] == "Most frequent values of passenger: Ann 3 rows."


def test_dates_and_numbers_are_readable() -> None:
    day = Column(
        name="d",
        data_type="DATE",
        profile=ColumnProfile(nulls=0, minimum="2013-01-01", maximum="2013-12-31"),
    )
    assert value_range(day) == "1 January 2013 to 31 December 2013"
    miles = replace(
        day, data_type="INTEGER", profile=ColumnProfile(nulls=0, minimum="17", maximum="4983")
    )
    assert value_range(miles) == "17 to 4,983"


def lineage_catalogue(*names: str) -> Catalogue:
    """Tables in a row, each built from the one before."""
    tables = [
        replace(FLIGHTS, name=name, upstream=(f"gold.{names[place - 1]}",) if place else ())
        for place, name in enumerate(names)
    ]
    return replace(CATALOGUE, tables=tuple(tables))


def test_lineage_goes_both_ways_to_the_end() -> None:
    chain = lineage_catalogue("a", "b", "c", "d")
    lineage = lineage_of(chain.table("gold.b"), chain)
    assert set(lineage.edges) == {
        ("gold.a", "gold.b"),
        ("gold.b", "gold.c"),
        ("gold.c", "gold.d"),
    }
    assert in_words(lineage) == "gold.b is built from gold.a; it feeds gold.c."


def test_a_circle_ends() -> None:
    first = replace(FLIGHTS, name="a", upstream=("gold.b",))
    second = replace(FLIGHTS, name="b", upstream=("gold.a",))
    circle = replace(CATALOGUE, tables=(first, second))
    assert len(lineage_of(first, circle).edges) == 2


def test_names_cannot_break_out_of_the_drawing() -> None:
    chain = lineage_catalogue('a"];x[URL="http://e.org', "b\\N<b>&lt;")
    dot = drawing(lineage_of(chain.tables[0], chain), "dark")
    assert 'label="gold.a\\"];x[URL=\\"http://e.org"' in dot or '\\"];x[URL=\\"' in dot
    assert "b\\\\N<b>&amp;lt;" in dot


def test_the_gravest_check_comes_first() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    checks = tuple(
        Check(id=name, name=name, kind="test", table="gold.fct_flights") for name in ("a", "b", "c")
    )
    results = (
        CheckResult(check_id="a", status="pass", at=at),
        CheckResult(check_id="b", status="fail", at=at, failures=3),
    )
    rows = check_rows(FLIGHTS, replace(CATALOGUE, checks=checks, results=results))
    assert [row["Result"] for row in rows] == ["fails", "passes", "not run"]
    assert rows[0]["Rows"] == 3


def test_what_failed_before_and_was_mended_is_told() -> None:
    check = Check(id="a", name="not_null", kind="test", table="gold.fct_flights")
    days: tuple[tuple[Literal["pass", "fail"], int], ...] = (
        ("pass", 1),
        ("fail", 3),
        ("pass", 5),
        ("fail", 8),
    )
    results = tuple(
        CheckResult(check_id="a", status=status, at=datetime(2026, 11, day, tzinfo=UTC))
        for status, day in days
    )
    lines = history_lines(FLIGHTS, replace(CATALOGUE, checks=(check,), results=results))
    assert lines == [
        "1 failure mended so far, as a rule within 2 days. "
        "Last: not null, from 3 November 2026 to 5 November 2026."
    ]
    assert history_lines(FLIGHTS, CATALOGUE) == []


def test_a_name_counts_more_than_a_description() -> None:
    assert find("flights", CATALOGUE).metrics[0].name == "flights"


def test_every_word_must_fit() -> None:
    assert find("flights profit", CATALOGUE).is_empty


def test_columns_are_found_by_part_of_their_name() -> None:
    assert [column.name for column in named_columns("passen", TABLE)] == ["passenger"]
    assert named_columns("", TABLE) == ()


def test_questions_are_by_month_and_by_what_splits_best() -> None:
    rate = replace(CATALOGUE.metric("on_time_rate"), dimensions=("flight__origin", "airline__name"))
    assert metric_questions([rate], CATALOGUE, each=3) == [
        "On-time rate by month",
        "On-time rate by airline",
        "On-time rate by origin",
    ]


def test_a_change_is_asked_for_by_period_alone() -> None:
    change = CATALOGUE.metric("flights_mom")
    assert metric_questions([change], CATALOGUE, each=3) == [
        "Month-over-month change of flights by month"
    ]


def test_certification_is_a_sentence() -> None:
    said = Certification(status="verified", by="operations")
    assert certification_words(said) == "verified by operations"
