"""Questions over a bare warehouse: answered from inferred metrics, or refused."""

from collections.abc import Iterator

import pytest

from assistant import Assistant
from tests.assistant.drafting.planning.bare import opened, rows
from tests.catalogue.infer.stores import STORE


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with opened(tmp_path_factory.mktemp("store"), STORE) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("How many customers are there?", 40),
        ("How many customers do we have in Paris?", 10),
        ("How many orders were placed in March 2024?", 54),
        ("how many cancelled orders", 72),
        ("number of orders from Rome", 89),
        ("How many different statuses do orders have?", 2),
        ("What is the highest order amount?", 49.5),
        ("average tax rate", 0.2),
        ("Total quantity of orders", 756),
    ],
)
def test_a_number_is_answered(store: Assistant, question: str, value: float) -> None:
    answer = store.ask(question)
    assert answer.kind == "metric", answer.text
    assert [float(str(row[0])) for row in rows(answer)] == [pytest.approx(value)]


def test_the_receipt_says_what_was_inferred(store: Assistant) -> None:
    receipt = store.ask("total order amount").receipt
    assert not receipt.governed
    assert receipt.confidence.band == "medium"
    said = next(each for each in receipt.findings if each.code == "ungoverned")
    assert said.message == (
        "Ungoverned: nobody has defined total order amount. Sum of mart.fct_orders.ord_amt, by "
        "mart.fct_orders.order_dt, where is_deleted is not true. Inferred from names and data."
    )


def test_groups_periods_and_rankings_are_answered(store: Assistant) -> None:
    assert [row[0] for row in rows(store.ask("orders by status"))] == ["shipped", "cancelled"]
    by_month = rows(store.ask("total order amount by month"))
    assert len(by_month) == 10
    top = rows(store.ask("Top 3 customers by total order amount"))
    assert len(top) == 3
    assert str(top[0][0]).startswith("Customer ")


def test_a_word_with_two_ways_is_asked_back(store: Assistant) -> None:
    answer = store.ask("orders by airport")
    assert answer.clarification is not None
    labels = {option.label for option in answer.clarification.options}
    assert labels == {"Origin airport code", "Destination airport code"}


def test_a_thing_without_a_date_has_no_periods(store: Assistant) -> None:
    answer = store.ask("customers in March 2024")
    assert answer.kind == "refused"
    assert "no date says when customers happened" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "total unit price",
        "sum of the tax rates",
        "total stock amount",
        "How many suppliers are there?",
        "How many orders were returned?",
        "What is the profit by status?",
        "average order id",
        "orders per warehouse",
        "How many happy customers are there?",
    ],
)
def test_what_the_data_does_not_hold_is_refused(store: Assistant, question: str) -> None:
    assert store.ask(question).kind == "refused"


@pytest.mark.parametrize(
    ("question", "many"),
    [
        ("List the customers in Paris", 10),
        ("show all customers", 40),
        ("Which statuses are there?", 2),
        ("List the cities of customers", 3),
        ("List the cancelled orders in March 2024", 12),
    ],
)
def test_rows_and_values_are_listed(store: Assistant, question: str, many: int) -> None:
    answer = store.ask(question)
    assert answer.kind == "generated", answer.text
    assert len(rows(answer)) == many
    assert not answer.receipt.governed
    assert "ungoverned" in {finding.code for finding in answer.receipt.findings}


def test_a_list_leaves_out_what_counts_leave_out(store: Assistant) -> None:
    answer = store.ask("list all orders")
    assert len(rows(answer)) == 356


@pytest.mark.parametrize(
    "question",
    ["List the customers with a yacht", "List the orders of happy customers", "show total balance"],
)
def test_a_list_with_a_word_out_of_place_is_refused(store: Assistant, question: str) -> None:
    assert store.ask(question).kind == "refused"


def test_a_list_never_shows_what_looks_personal(store: Assistant) -> None:
    answer = store.ask("list all customers")
    assert answer.table is not None
    catalogue = store.catalogue()
    hidden = {c.name for c in catalogue.table("mart.dim_customer").columns if c.is_sensitive}
    assert hidden.isdisjoint(answer.table.column_names)
