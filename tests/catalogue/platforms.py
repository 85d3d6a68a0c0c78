"""Small platforms for tests: DuckDB files and dbt artifacts of a few lines."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from catalogue.sources import Sources

SHOP = """
CREATE SCHEMA gold;
CREATE TABLE gold.customer (
    customer_id INTEGER PRIMARY KEY, name VARCHAR, email VARCHAR, segment VARCHAR
);
COMMENT ON TABLE gold.customer IS 'People who bought something.';
COMMENT ON COLUMN gold.customer.segment IS 'Kind of customer.';
INSERT INTO gold.customer VALUES
    (1, 'Ada', 'ada@example.org', 'private'), (2, 'Ben', 'ben@example.org', 'private'),
    (3, 'Cleo', NULL, 'business');
CREATE TABLE gold.orders (
    order_id INTEGER, customer_id INTEGER REFERENCES gold.customer (customer_id),
    placed_at TIMESTAMP, amount DECIMAL(10, 2), tags VARCHAR[], is_gift BOOLEAN
);
INSERT INTO gold.orders VALUES
    (1, 1, '2024-03-01 10:00:00', 10.50, ['new'], false),
    (2, 1, '2024-03-05 12:30:00', 99.00, NULL, true),
    (3, 3, '2024-03-04 08:00:00', 1.00, [], false);
CREATE VIEW gold.big_orders AS SELECT order_id, amount FROM gold.orders WHERE amount > 50;
"""


def make_duckdb(path: Path, sql: str = SHOP, *, is_old: bool = True) -> Path:
    """Write a DuckDB file; `is_old` dates it back, so that it counts as at rest at once."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)
    if is_old:
        set_age(path, seconds=60)
    return path


def set_age(path: Path, *, seconds: float) -> None:
    """Date a file back."""
    then = time.time() - seconds
    os.utime(path, (then, then))


def shop(directory: Path, **changes: Any) -> Sources:
    """Return the sources of a bare DuckDB file in `directory`."""
    live = directory / "shop.duckdb"
    if not live.exists():
        make_duckdb(live)
    sources: dict[str, Any] = {
        "name": "Shop",
        "root": directory,
        "state": directory / ".assistant",
        "warehouse": live,
    }
    return Sources(**{**sources, **changes})


def write_dbt(
    directory: Path,
    *,
    nodes: Mapping[str, Any] | None = None,
    sources: Mapping[str, Any] | None = None,
    **more: Any,
) -> Path:
    """Write a manifest.json of the version dbt 1.11 writes."""
    directory.mkdir(exist_ok=True)
    content = {
        "metadata": schema("manifest", 12),
        "nodes": nodes or {},
        "sources": sources or {},
        "groups": {},
        "exposures": {},
        "metrics": {},
        **more,
    }
    (directory / "manifest.json").write_text(json.dumps(content))
    return directory


def write_results(
    directory: Path,
    results: Sequence[tuple[str, str]],
    *,
    which: str = "test",
    at: str = "2024-03-06T08:00:00Z",
    name: str = "run_results.json",
) -> None:
    """Write a run_results.json with these ids and statuses."""
    content = {
        "metadata": {**schema("run-results", 6), "generated_at": at},
        "args": {"which": which},
        "results": [
            {"unique_id": unique_id, "status": status, "failures": 3 if status != "pass" else 0}
            for unique_id, status in results
        ],
    }
    (directory / name).write_text(json.dumps(content))


def schema(name: str, version: int) -> dict[str, str]:
    """Return the metadata by which dbt's artifacts say what they are."""
    return {"dbt_schema_version": f"https://schemas.getdbt.com/dbt/{name}/v{version}.json"}


def model(name: str, *, parents: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    """Return a node of a model in the schema gold."""
    return {
        "resource_type": "model",
        "schema": "gold",
        "name": name,
        "alias": name,
        "config": {"materialized": "table"},
        "depends_on": {"nodes": list(parents)},
        "columns": {},
        **more,
    }


def check(
    table: str, *, column: str | None = None, severity: str = "ERROR", **more: Any
) -> dict[str, Any]:
    """Return a node of a generic test on a model."""
    return {
        "resource_type": "test",
        "schema": "tests",
        "name": f"check_{table}_{column}",
        "attached_node": f"model.shop.{table}",
        "column_name": column,
        "config": {"severity": severity},
        "depends_on": {"nodes": [f"model.shop.{table}"]},
        "test_metadata": {"name": "not_null", "kwargs": {}},
        **more,
    }
