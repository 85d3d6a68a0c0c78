"""Which numbers add up: only those whose name says so, whatever else the name holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.infer.natures import nature_of, word_lists
from catalogue.infer.words import words_of
from catalogue.model import Column, ColumnProfile

_NEVER_SUMMED = ["id", "code", "rate", "ratio", "percent", "price", "balance", "average"]
_WORDS = sorted(word for words in word_lists().values() for word in words if word.isalpha())


def _nature(name: str, data_type: str, **profile: object) -> str:
    found = ColumnProfile(nulls=0, **profile) if profile else None  # type: ignore[arg-type]
    return nature_of(Column(name=name, data_type=data_type, profile=found), words_of(name))


@pytest.mark.parametrize(
    ("name", "data_type", "nature"),
    [
        ("amount", "DECIMAL(10,2)", "sum"),
        ("ordAmt", "DOUBLE", "sum"),
        ("num_orders", "INTEGER", "sum"),
        ("lesion_cnt", "INTEGER", "sum"),
        ("order_number", "INTEGER", "key"),
        ("customer_id", "BIGINT", "key"),
        ("unit_price", "DECIMAL(10,2)", "level"),
        ("avg_order_amount", "DOUBLE", "level"),
        ("account_balance", "DECIMAL(10,2)", "level"),
        ("discount_pct", "DOUBLE", "level"),
        ("credit_limit", "INTEGER", "level"),
        ("age", "INTEGER", "level"),
        ("year_reg", "INTEGER", "kind"),
        ("latitude", "DOUBLE", "nothing"),
        ("store", "INTEGER", "nothing"),
        ("is_active", "BOOLEAN", "kind"),
        ("sender_type", "INTEGER", "kind"),
        ("description", "VARCHAR", "nothing"),
        ("status_code", "VARCHAR", "kind"),
        ("tags", "VARCHAR[]", "nothing"),
        ("absence_days", "INTEGER", "sum"),
        ("days_overdue", "INTEGER", "nothing"),
        ("lead_time_days", "INTEGER", "level"),
        ("total_price", "DECIMAL(10,2)", "sum"),
        ("rooms", "INTEGER", "level"),
        ("placed_at", "TIMESTAMP WITH TIME ZONE", "time"),
    ],
)
def test_a_columns_nature_is_in_its_name_and_type(name: str, data_type: str, nature: str) -> None:
    assert _nature(name, data_type) == nature


def test_whole_numbers_that_are_all_years_are_no_measure() -> None:
    assert _nature("made", "INTEGER", distinct=90, minimum="1931", maximum="2020") == "kind"


@given(
    before=st.lists(st.sampled_from(_WORDS), max_size=2),
    last=st.sampled_from(_NEVER_SUMMED),
    data_type=st.sampled_from(["INTEGER", "BIGINT", "DOUBLE", "DECIMAL(18,3)"]),
)
def test_nothing_that_ends_in_a_level_or_a_key_is_summed(
    before: list[str], last: str, data_type: str
) -> None:
    is_total = before[-1:] == ["total"] and last == "price"
    if before[:1] not in (["number"], ["n"], ["count"]) and not is_total:
        assert _nature("_".join([*before, last]), data_type) != "sum"


@given(st.text(min_size=1, max_size=12))
def test_a_number_without_a_known_word_is_never_summed(name: str) -> None:
    if not set(words_of(name)) & (word_lists()["sum"] | {"count", "number", "n", "days", "nights"}):
        assert _nature(name, "DOUBLE") != "sum"
