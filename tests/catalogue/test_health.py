"""The rules by which evidence becomes health."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from catalogue.access import Grant, TableGrant
from catalogue.catalogue import Catalogue
from catalogue.health import judge, taints, taints_by_table
from catalogue.model import Check, CheckResult, Column, Health, Table

Status = Literal["pass", "warn", "fail", "error", "skipped"]
_AT = datetime(2024, 3, 1, tzinfo=UTC)
_TABLES = (
    Table(schema="bronze", name="raw"),
    Table(schema="silver", name="clean", upstream=("bronze.raw",)),
    Table(
        schema="gold",
        name="orders",
        upstream=("silver.clean",),
        columns=(Column(name="id", data_type="INTEGER"), Column(name="amount", data_type="DOUBLE")),
    ),
)


def _check(
    id: str,
    *,
    table: str = "gold.orders",
    column: str | None = None,
    kind: Literal["test", "freshness"] = "test",
    severity: Literal["error", "warn"] = "error",
) -> Check:
    return Check(id=id, name=id, kind=kind, table=table, column=column, severity=severity)


def _result(check: str, status: Status, *, days: int = 0) -> CheckResult:
    return CheckResult(check_id=check, status=status, at=_AT + timedelta(days=days), failures=2)


def _health(
    checks: Sequence[Check], results: Sequence[CheckResult], table: str = "gold.orders"
) -> Health:
    return judge(_TABLES, checks, results)[table].health


@pytest.mark.parametrize(
    ("status", "severity", "expected"),
    [
        ("pass", "error", "healthy"),
        ("fail", "error", "unhealthy"),
        ("fail", "warn", "caution"),
        ("warn", "warn", "caution"),
        ("warn", "error", "caution"),
        ("error", "error", "caution"),
        ("skipped", "error", "unknown"),
    ],
)
def test_a_test_counts_by_status_and_severity(
    status: Status, severity: Literal["error", "warn"], expected: Health
) -> None:
    assert _health([_check("t", severity=severity)], [_result("t", status)]) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("pass", "healthy"),
        ("warn", "caution"),
        ("fail", "unhealthy"),
        ("error", "unhealthy"),
    ],
)
def test_freshness_counts_too(status: Status, expected: Health) -> None:
    assert _health([_check("f", kind="freshness")], [_result("f", status)]) == expected


def test_without_test_and_freshness_nothing_is_known() -> None:
    assert _health([], []) == "unknown"


def test_a_test_that_never_ran_says_nothing() -> None:
    assert _health([_check("t")], []) == "unknown"


def test_an_absent_result_keeps_the_last_one() -> None:
    results = [_result("t", "fail"), _result("other", "pass", days=5)]
    assert _health([_check("t")], results) == "unhealthy"


def test_the_latest_result_counts_whatever_the_order() -> None:
    results = [_result("t", "pass", days=2), _result("t", "fail")]
    assert _health([_check("t")], results) == "healthy"


def test_a_skipped_result_does_not_hide_a_failure() -> None:
    checks = [_check("t"), _check("u")]
    assert _health(checks, [_result("t", "skipped"), _result("u", "fail")]) == "unhealthy"


def test_a_tables_failure_reaches_its_descendants() -> None:
    found = judge(
        _TABLES,
        [_check("f", table="bronze.raw", kind="freshness"), _check("t")],
        [_result("f", "warn"), _result("t", "pass")],
    )
    assert {name: each.health for name, each in found.items()} == {
        "bronze.raw": "caution",
        "silver.clean": "caution",
        "gold.orders": "caution",
    }
    assert "bronze.raw, which gold.orders is built from" in found["gold.orders"].reasons[0]


def test_a_columns_failure_stays_in_its_table() -> None:
    checks = [_check("t", table="silver.clean", column="id"), _check("u")]
    results = [_result("t", "fail"), _result("u", "pass")]
    assert _health(checks, results, "silver.clean") == "unhealthy"
    assert _health(checks, results, "gold.orders") == "healthy"


def test_a_cycle_in_the_lineage_ends() -> None:
    tables = (
        Table(schema="a", name="x", upstream=("a.y",)),
        Table(schema="a", name="y", upstream=("a.x",)),
    )
    checks = [_check("t", table="a.x")]
    assert judge(tables, checks, [_result("t", "fail")])["a.y"].health == "unhealthy"


def _catalogue() -> Catalogue:
    return Catalogue(
        name="Shop",
        tables=_TABLES,
        checks=(_check("t", column="amount"), _check("u", column="id")),
        results=(_result("t", "fail"), _result("u", "pass")),
    )


def test_a_columns_failure_taints_only_answers_that_use_it() -> None:
    catalogue = _catalogue()
    used = taints(catalogue, ["gold.orders"], ["gold.orders.AMOUNT"])
    assert used.health == "unhealthy"
    assert used.reasons == ("gold.orders.amount: a test fails: t, 2 rows (2024-03-01).",)
    assert taints(catalogue, ["gold.orders"], ["gold.orders.id"]).health == "healthy"
    assert taints(catalogue, ["gold.orders"], []).health == "healthy"


def test_the_worst_table_decides() -> None:
    catalogue = _catalogue()
    columns = ["gold.orders.amount"]
    assert taints(catalogue, ["silver.clean", "gold.orders"], columns).health == "unhealthy"
    assert taints(catalogue, ["silver.clean", "gold.orders"], []).health == "unknown"
    each = taints_by_table(catalogue, ["SILVER.clean", "gold.orders"], columns)
    assert {name: found.health for name, found in each.items()} == {
        "silver.clean": "unknown",
        "gold.orders": "unhealthy",
    }


def test_an_answer_from_no_table_is_unknown() -> None:
    assert taints(_catalogue(), [], []).health == "unknown"


def _judged() -> Catalogue:
    checks = (_check("f", table="bronze.raw", kind="freshness"), _check("t"))
    results = (_result("f", "fail"), _result("t", "pass"))
    evidence = judge(_TABLES, checks, results)
    return Catalogue(name="Shop", tables=_TABLES, checks=checks, results=results, evidence=evidence)


def _all_columns(*names: str) -> Grant:
    columns = frozenset({"id", "amount"})
    return Grant(role="r", tables={name: TableGrant(columns=columns) for name in names})


def test_what_is_hidden_taints_all_the_same_and_is_not_named() -> None:
    narrowed = _judged().within(_all_columns("gold.orders"))
    found = taints(narrowed, ["gold.orders"], [])
    assert found.health == "unhealthy"
    assert found.reasons == ("gold.orders: something it is built from is late, or fails a test.",)
    assert narrowed.evidence["gold.orders"].health == "unhealthy"
    assert narrowed.evidence["gold.orders"].reasons == ()


def test_a_table_seen_in_part_keeps_its_health() -> None:
    catalogue = _catalogue()
    whole = replace(
        catalogue, evidence=judge(catalogue.tables, catalogue.checks, catalogue.results)
    )
    part = TableGrant(columns=frozenset({"id", "amount"}), row_filter="id = 1")
    narrowed = whole.within(Grant(role="r", tables={"gold.orders": part}))
    found = taints(narrowed, ["gold.orders"], ["gold.orders.amount"])
    assert found.health == "unhealthy"
    assert found.reasons == ("gold.orders: a check speaks against it.",)
