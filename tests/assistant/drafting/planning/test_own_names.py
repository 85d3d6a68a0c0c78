"""A warehouse with names of its own: layers, dates and money are still told apart."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from tests.assistant.drafting.planning.bare import opened, rows

FREIGHT = """
CREATE SCHEMA landing; CREATE SCHEMA core; CREATE SCHEMA reporting; CREATE SCHEMA input;
CREATE TABLE landing.t_shipment AS SELECT i AS shipment_no FROM range(1, 61) t(i);
CREATE TABLE core.shipment AS SELECT i AS shipment_id, i % 10 = 0 AS is_test,
    CASE WHEN i % 4 = 0 THEN 'cancelled' ELSE 'delivered' END AS shipment_status,
    'Depot ' || (i % 3) AS depot_name, 5 + i % 7 AS parcel_count,
    TIMESTAMP '2024-01-01' + INTERVAL (i) DAY AS ordered_at,
    TIMESTAMP '2024-01-09' + INTERVAL (i) DAY AS delivered_at FROM range(1, 51) t(i);
CREATE TABLE reporting.fct_shipment AS SELECT * EXCLUDE (is_test) FROM core.shipment
  WHERE NOT is_test;
CREATE TABLE core.payment AS SELECT i AS payment_id, CAST(i AS DECIMAL(10, 2)) AS amount,
    DATE '2024-01-01' + CAST(i AS INTEGER) AS paid_on FROM range(1, 21) t(i);
CREATE TABLE core.fuel_transaction AS SELECT i AS fuel_id, 1.5 * i AS litres,
    TIMESTAMP '2024-02-01' + INTERVAL (i) HOUR AS fuelled_at, 1 + i % 3 AS vehicle_id
  FROM range(1, 31) t(i);
CREATE TABLE core.vehicle AS SELECT i AS vehicle_id, 'AB' || i AS plate FROM range(1, 4) t(i);
CREATE TABLE reporting.agg_month_026 AS SELECT i AS id, 'a' AS code FROM range(1, 13) t(i);
CREATE TABLE core.member AS SELECT i AS member_id, DATE '2024-01-01' + CAST(i AS INTEGER)
    AS joined_on, 10 + i % 3 AS stay_days, 'Dept ' || (i % 2) AS department, i % 2 AS department_id
  FROM range(1, 41) t(i);
CREATE TABLE core.emp_mst AS SELECT i AS emp_no, DATE '2024-01-01' + CAST(i AS INTEGER) AS hired_dt,
    CASE WHEN i > 30 THEN DATE '2024-06-01' END AS left_dt, i % 4 <> 0 AS is_active,
    CASE WHEN i % 10 = 0 THEN 'D' ELSE 'A' END AS rec_status, 60 * i AS duration_sec
  FROM range(1, 41) t(i);
CREATE TABLE core.sales AS SELECT i AS sale_id, CAST(9 AS DECIMAL(8, 2)) AS unit_price,
    2 AS qty, 'FR' AS country FROM range(1, 31) t(i);
CREATE TABLE core.department AS SELECT i AS department_id, 'Dept ' || i AS department
  FROM range(0, 2) t(i);
CREATE TABLE input.in_visits AS SELECT i AS visit_id, DATE '2024-03-01' AS visited_on
  FROM range(1, 9) t(i);
CREATE VIEW main.visits AS SELECT * FROM input.in_visits WHERE visit_id < 6;
"""


@pytest.fixture(scope="module")
def freight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with opened(tmp_path_factory.mktemp("freight"), FREIGHT) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("How many shipments do we have?", 45),  # of the layer nearest to the reader
        ("how many parcels in 2024", sum(5 + i % 7 for i in range(1, 51) if i % 10)),
        ("total payments", 210),
        ("how many payments", 20),
        ("total amount paid in January 2024", 210),
        ("total fuel litres in February 2024", 1.5 * 465),
        ("new members in January 2024", 30),
        ("average stay", sum(10 + i % 3 for i in range(1, 41)) / 40),
        ("average stay days per member", sum(10 + i % 3 for i in range(1, 41)) / 40),
        ("How many visits are there?", 5),  # of what is made of the other
        ("how many employees", 36),  # without those whose status says deleted
        ("how many active employees", 28),
        ("average employee duration", 60 * sum(i for i in range(1, 41) if i % 10) / 36),
        ("number of sales", 30),
        ("payments since 2024", 20),  # the data ends before today
        ("how many payments until January 2024", 20),  # and begins in no year before
    ],
)
def test_a_number_is_answered(freight: Assistant, question: str, value: float) -> None:
    answer = freight.ask(question)
    assert answer.kind == "metric", answer.text
    assert [float(str(row[0])) for row in rows(answer)] == [pytest.approx(value)]


@pytest.mark.parametrize(
    ("question", "groups"),
    [
        ("shipments by month", 2),
        ("shipments by depot", 3),
        ("members by department", 2),
    ],
)
def test_groups_are_answered(freight: Assistant, question: str, groups: int) -> None:
    answer = freight.ask(question)
    assert answer.kind == "metric", answer.text
    assert len(rows(answer)) == groups


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("How many shipments were delivered in January 2024?", "delivered_at"),
        ("How many new members are there?", "in which period they are new"),
        ("employees in 2024", "those who were there"),
        ("members joined until March 2025", "the data begins before"),
        ("average litres per vehicle", "of rows or of sums"),
        ("sales by country", "their number or their amount"),
        ("total sales", "their number or their amount"),
    ],
)
def test_what_may_mean_another_number_is_not_answered(
    freight: Assistant, question: str, reason: str
) -> None:
    answer = freight.ask(question)
    assert answer.kind == "refused"
    assert reason in answer.text


def test_two_tables_of_one_name_are_told_apart(tmp_path: Path) -> None:
    sql = """CREATE SCHEMA crm; CREATE SCHEMA erp;
    CREATE TABLE crm.customers AS SELECT i AS customer_id FROM range(5) t(i);
    CREATE TABLE erp.customers AS SELECT i AS customer_id FROM range(7) t(i);"""
    with opened(tmp_path, sql) as assistant:
        clarification = assistant.ask("How many customers?").clarification
    assert clarification is not None
    assert {option.label for option in clarification.options} == {
        "Customers (crm.customers)",
        "Customers (erp.customers)",
    }
