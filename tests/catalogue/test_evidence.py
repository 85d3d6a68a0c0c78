"""Results are kept, dated, and never overwritten by what came later."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

import pytest

from catalogue.errors import BadFile
from catalogue.evidence import KEPT_PER_CHECK, keep, kept
from catalogue.model import CheckResult

_FIRST = datetime(2024, 3, 1, tzinfo=UTC)


def _result(check: str, *, days: int = 0, status: Literal["pass", "fail"] = "pass") -> CheckResult:
    return CheckResult(check_id=check, status=status, at=_FIRST + timedelta(days=days))


def test_results_add_up_over_runs(tmp_path: Path) -> None:
    path = tmp_path / "state" / "evidence.sqlite"
    keep(path, [_result("a"), _result("b")])
    keep(path, [_result("a", days=1, status="fail")])
    assert [(each.check_id, each.status) for each in kept(path)] == [
        ("a", "pass"),
        ("b", "pass"),
        ("a", "fail"),
    ]


def test_the_same_result_read_twice_is_one(tmp_path: Path) -> None:
    path = tmp_path / "evidence.sqlite"
    keep(path, [_result("a")])
    keep(path, [_result("a")])
    assert kept(path) == (_result("a"),)


def test_times_of_all_zones_sort_together(tmp_path: Path) -> None:
    path = tmp_path / "evidence.sqlite"
    east = timezone(timedelta(hours=9))
    early = CheckResult(check_id="a", status="fail", at=datetime(2024, 3, 1, 5, tzinfo=east))
    keep(path, [early, _result("a")])
    assert [each.status for each in kept(path)] == ["fail", "pass"]


def test_only_the_latest_of_a_check_are_carried(tmp_path: Path) -> None:
    path = tmp_path / "evidence.sqlite"
    keep(path, [_result("a", days=days) for days in range(KEPT_PER_CHECK + 5)])
    carried = kept(path)
    assert len(carried) == KEPT_PER_CHECK
    assert carried[-1].at == _FIRST + timedelta(days=KEPT_PER_CHECK + 4)


def test_a_broken_record_is_named(tmp_path: Path) -> None:
    path = tmp_path / "evidence.sqlite"
    path.write_text("not a database, but long enough to be taken for one" * 100)
    with pytest.raises(BadFile, match="no usable record of checks"):
        kept(path)
