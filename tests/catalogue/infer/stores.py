"""A small bare warehouse as people leave them, and its inferred catalogue."""

from pathlib import Path

from catalogue.catalogue import Catalogue
from catalogue.readers.duckdb import DuckDBWarehouse
from catalogue.statistics import with_statistics
from catalogue.values import ValueIndex
from tests.catalogue.platforms import make_duckdb

STORE = """
CREATE SCHEMA raw; CREATE SCHEMA mart;
CREATE TABLE raw.customers AS SELECT i AS id, 'x' AS name FROM range(1, 41) t(i);
CREATE TABLE mart.dim_customer AS SELECT i AS cust_id, 'Customer ' || i AS cust_name,
    CASE WHEN i % 4 = 0 THEN 'Paris' WHEN i % 4 = 1 THEN 'Rome' ELSE 'Oslo' END AS cust_city
  FROM range(1, 41) t(i);
CREATE TABLE mart.dim_airport AS SELECT 'AP' || i AS airport_code, 'City ' || i AS city
  FROM range(1, 21) t(i);
CREATE TABLE mart.fct_orders AS SELECT i AS order_id, 1 + i % 40 AS cust_id,
    'AP' || (1 + i % 20) AS origin_airport_code, 'AP' || (1 + (i * 7) % 20) AS dest_airport_code,
    DATE '2024-01-01' + CAST(i % 300 AS INTEGER) AS order_dt, now() AS etl_loaded_at,
    CAST(i % 50 + 0.5 AS DECIMAL(10, 2)) AS ord_amt, 1 + i % 3 AS qty,
    CAST(9.99 AS DECIMAL(10, 2)) AS unit_price, 0.2 AS tax_rate, 2020 + i % 4 AS model_year,
    CASE WHEN i % 5 = 0 THEN 'cancelled' ELSE 'shipped' END AS status, i % 9 = 0 AS is_deleted
  FROM range(1, 401) t(i);
CREATE TABLE mart.payments AS SELECT i AS payment_id, 1 + i % 400 AS order_id,
    CAST(i AS DECIMAL(10, 2)) AS paid_amount FROM range(1, 801) t(i);
CREATE TABLE mart.customer_history AS SELECT i AS customer_hist_key, 1 + i % 40 AS customer_no,
    CAST(100 AS DECIMAL(10, 2)) AS bonus_amount, DATE '2020-01-01' AS valid_from,
    CASE WHEN i <= 80 THEN DATE '2021-01-01' END AS valid_to FROM range(1, 121) t(i);
CREATE TABLE mart.stock_snapshot AS SELECT DATE '2024-01-01' + CAST(i % 10 AS INTEGER) AS day,
    i AS snapshot_id, CAST(i AS DECIMAL(10, 2)) AS stock_amount FROM range(1, 101) t(i);
CREATE TABLE mart.fct_orders_bak AS SELECT * FROM mart.fct_orders;
"""


def inferred(path: Path, sql: str = STORE) -> tuple[Catalogue, ValueIndex]:
    """Return what is inferred of a bare file made by this SQL."""
    make_duckdb(path, sql)
    with DuckDBWarehouse(path) as warehouse:
        bare = Catalogue(
            name="store", tables=warehouse.tables(), relationships=warehouse.relationships()
        )
        return with_statistics(bare, warehouse, compiler=None, progress=lambda _: None)
