"""run_results*.json and sources.json: what tests and freshness checks found, and when.

Only runs of `build` and `test` count: after `docs generate` a failed test reads `success`.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from catalogue.errors import BadArtifact
from catalogue.model import CheckResult
from catalogue.readers.dbt.artifacts import (
    RUN_RESULTS_VERSIONS,
    SOURCES_VERSIONS,
    Json,
    listed,
    open_artifact,
    open_if_there,
)
from catalogue.readers.dbt.manifest import FRESHNESS

_TRUSTED = frozenset({"build", "test"})
_PERIODS_S = {"minute": 60, "hour": 3600, "day": 86_400}
Status = Literal["pass", "warn", "fail", "error", "skipped"]


def test_results(directory: Path) -> Iterator[CheckResult]:
    """Yield the results of every run whose file is there and counts, oldest file first."""
    runs = []
    for path in sorted(directory.glob("run_results*.json")):
        content = open_artifact(path, RUN_RESULTS_VERSIONS)
        if (content.get("args") or {}).get("which") in _TRUSTED:
            runs.append((_moment(path, _generated_at(content)), path, content))
    for generated_at, path, content in sorted(runs, key=lambda run: run[0]):
        for result in listed(path, content, "results"):
            if str(result.get("unique_id", "")).startswith("test."):
                yield CheckResult(
                    check_id=result["unique_id"],
                    status=_status(result.get("status")),
                    at=_finished(path, result) or generated_at,
                    failures=_count(result.get("failures")),
                    message=_one_line(result.get("message")),
                )


def freshness_results(directory: Path, *, clock: datetime | None) -> Iterator[CheckResult]:
    """Yield how fresh each source was, judged at `clock`; None trusts the time dbt ran."""
    path = directory / "sources.json"
    content = open_if_there(path, SOURCES_VERSIONS)
    if content is None:
        return
    at = _moment(path, _generated_at(content))
    for result in listed(path, content, "results"):
        status, message = _judged(path, result, clock)
        yield CheckResult(
            check_id=f"{FRESHNESS}{result.get('unique_id')}", status=status, at=at, message=message
        )


def clock_at(as_of: date | None, timezone: str) -> datetime | None:
    """Return the end of the platform's fixed day, or None where its clock runs."""
    if as_of is None:
        return None
    return datetime.combine(as_of + timedelta(days=1), time.min, ZoneInfo(timezone))


def _judged(path: Path, result: Json, clock: datetime | None) -> tuple[Status, str]:
    loaded = result.get("max_loaded_at")
    if not loaded:
        return "error", "When it was last loaded could not be read."
    loaded_at = _moment(path, loaded)
    message = f"Last loaded {loaded_at.date().isoformat()}"
    if clock is None:
        return _status(result.get("status")), f"{message}."
    criteria = result.get("criteria") or {}
    for rule, status in (("error_after", "error"), ("warn_after", "warn")):
        allowed = _allowed(criteria.get(rule) or {})
        if allowed is not None and clock - loaded_at > allowed:
            late = _in_words(clock - loaded_at)
            verdict: Status = "fail" if status == "error" else "warn"
            return verdict, f"{message}, {late} before the platform's clock."
    return "pass", f"{message}."


def _allowed(rule: Json) -> timedelta | None:
    count = rule.get("count")
    seconds = _PERIODS_S.get(str(rule.get("period") or ""))
    return timedelta(seconds=count * seconds) if count is not None and seconds else None


def _in_words(span: timedelta) -> str:
    if span.days >= 2:
        return f"{span.days} days"
    return f"{span.total_seconds() / 3600:.0f} hours"


def _status(word: Any) -> Status:
    match word:
        case "pass" | "success":
            return "pass"
        case "warn":
            return "warn"
        case "fail":
            return "fail"
        case "error" | "runtime error":
            return "error"
        case _:
            return "skipped"


def _finished(path: Path, result: Json) -> datetime | None:
    ends = [step.get("completed_at") for step in result.get("timing") or []]
    known = [_moment(path, end) for end in ends if end]
    return max(known) if known else None


def _generated_at(content: Json) -> Any:
    return content["metadata"].get("generated_at")


def _moment(path: Path, value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise BadArtifact(path, f"holds {value!r} where a time is expected.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _one_line(value: Any) -> str:
    lines = str(value).strip().splitlines() if value else []
    return lines[0] if lines else ""
