"""Only what the data shows, and nobody has said, is proposed."""

from dataclasses import replace

from catalogue.catalogue import Catalogue
from catalogue.drafts.proposals import Drafts
from catalogue.drafts.rules import propose
from catalogue.model import (
    Check,
    Column,
    ColumnProfile,
    Dimension,
    Entity,
    Relationship,
    Table,
)

_STATUS = ColumnProfile(nulls=0, distinct=2, top_values=(("open", 60), ("paid", 40)))
ORDERS = Table(
    schema="shop",
    name="orders",
    columns=(
        Column(name="order_id", data_type="INTEGER"),
        Column(name="cust_id", data_type="INTEGER"),
        Column(name="st_cd", data_type="VARCHAR", profile=_STATUS),
        Column(name="amount", data_type="DOUBLE", description="Paid, in euro."),
    ),
    primary_key=("order_id",),
    row_count=100,
)
CUSTOMERS = Table(
    schema="shop",
    name="customers",
    columns=(Column(name="id", data_type="INTEGER"),),
    description="Who buys.",
    primary_key=("id",),
    row_count=10,
)
JOIN = Relationship(
    from_table="shop.orders",
    from_column="cust_id",
    to_table="shop.customers",
    to_column="id",
    origin="inferred",
    confidence=0.9,
)
CUT = Dimension(
    name="order__status",
    entity="order",
    kind="categorical",
    table="shop.orders",
    column="st_cd",
    label="Status",
    synonyms=("order status",),
)
SHOP = Catalogue(
    name="Shop",
    tables=(ORDERS, CUSTOMERS),
    relationships=(JOIN,),
    dimensions=(CUT,),
    entities=(
        Entity(name="order", golden="shop.orders"),
        Entity(name="customer", golden="shop.customers"),
    ),
)


def _tests(drafts: Drafts) -> set[tuple[str, str, str]]:
    return {(test.table, test.column, test.name) for test in drafts.tests}


def test_keys_joins_and_short_lists_of_values_get_tests() -> None:
    drafts = propose(SHOP)
    assert _tests(drafts) == {
        ("shop.orders", "order_id", "not_null"),
        ("shop.orders", "order_id", "unique"),
        ("shop.orders", "cust_id", "relationships"),
        ("shop.orders", "st_cd", "accepted_values"),
        ("shop.customers", "id", "not_null"),
        ("shop.customers", "id", "unique"),
    }
    (values,) = [test for test in drafts.tests if test.name == "accepted_values"]
    assert values.arguments == {"values": ["open", "paid"]}


def test_a_test_that_exists_is_not_proposed_again() -> None:
    check = Check(
        id="a", name="unique_orders_order_id", kind="test", table="Shop.Orders", column="ORDER_ID"
    )
    drafts = propose(replace(SHOP, checks=(check,)))
    assert ("shop.orders", "order_id", "unique") not in _tests(drafts)
    assert ("shop.orders", "order_id", "not_null") in _tests(drafts)


def test_values_are_listed_only_where_all_are_known_and_metrics_are_cut_by_them() -> None:
    more = replace(_STATUS, distinct=3)
    assert not _values(replace(ORDERS, columns=_with_profile(more)))
    assert not _values(replace(ORDERS, row_count=20))
    assert "accepted_values" not in {t.name for t in propose(replace(SHOP, dimensions=())).tests}


def _with_profile(profile: ColumnProfile) -> tuple[Column, ...]:
    return tuple(
        replace(column, profile=profile) if column.name == "st_cd" else column
        for column in ORDERS.columns
    )


def _values(orders: Table) -> bool:
    drafts = propose(replace(SHOP, tables=(orders, CUSTOMERS)))
    return any(test.name == "accepted_values" for test in drafts.tests)


def test_what_is_described_keeps_its_words() -> None:
    said = {(each.table, each.column): each.text for each in propose(SHOP).descriptions}
    assert said == {
        ("shop.orders", None): "One row per order.",
        ("shop.orders", "order_id"): "Identifies the order.",
        ("shop.orders", "cust_id"): "Names the customer, a row of shop.customers.",
        ("shop.customers", "id"): "Identifies the customer.",
    }


def test_words_are_proposed_for_names_that_do_not_show_them() -> None:
    (words,) = propose(SHOP).synonyms
    assert (words.table, words.column, words.words) == (
        "shop.orders",
        "st_cd",
        ("status", "order status"),
    )
    plain = replace(CUT, column="amount", label="Amount", synonyms=())
    assert propose(replace(SHOP, dimensions=(plain,))).synonyms == ()


def test_a_declared_join_is_no_proposal() -> None:
    assert [each.link for each in propose(SHOP).joins] == [JOIN]
    assert propose(replace(SHOP, relationships=(replace(JOIN, origin="declared"),))).joins == ()


def test_kinds_can_be_chosen() -> None:
    drafts = propose(SHOP).only(["joins", "synonyms"])
    assert drafts.joins
    assert drafts.synonyms
    assert not drafts.tests
    assert not drafts.descriptions
