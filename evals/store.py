"""The directory of a run: its plan, its records as they come, and its summary.

`plan.json` is written first and must stay the same; `results.jsonl` only grows, and the last record
of a key counts; `summary.json` is made from the records.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout

from assistant.json_lines import BadLine, JsonLines
from evals.case import Suite
from evals.errors import BadRun
from evals.record import Key, Record
from evals.summary import Summary, summarise

PLAN_VERSION = 1
RESULTS = "results.jsonl"
SUMMARY = "summary.json"
PLAN = "plan.json"


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run that was made, read back."""

    directory: Path
    records: tuple[Record, ...]
    summary: Summary


class RunStore:
    """Keeps one run; use it as a context manager. One process writes a directory at a time."""

    def __init__(self, directory: Path, plan: Mapping[str, Any]) -> None:
        self._directory = directory
        self._plan = {"version": PLAN_VERSION, **plan}
        self._lines = JsonLines(directory / RESULTS)
        self._lock = FileLock(directory / ".lock", blocking=False)
        self._records: dict[Key, Record] = {}

    def __enter__(self) -> Self:
        """Open or go on with the run; raise BadRun where the directory holds another."""
        self._directory.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise BadRun(f"Another run is writing {self._directory}.") from error
        try:
            self._settle_plan()
            self._records = {record.key: record for record in _records(self._directory)}
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()

    @property
    def records(self) -> tuple[Record, ...]:
        return tuple(self._records.values())

    def is_done(self, key: Key) -> bool:
        """True where the case was asked; one that broke is asked again."""
        found = self._records.get(key)
        return found is not None and found.outcome != "error"

    def keep(self, record: Record) -> None:
        """Write a record down; raise OSError where that fails."""
        self._lines.append(record.to_dict())
        self._records[record.key] = record

    def summarise(self, *, missing: int = 0, stopped: str | None = None) -> Summary:
        """Write and return the summary of all records."""
        summary = summarise(
            self.records, mode=str(self._plan.get("mode")), missing=missing, stopped=stopped
        )
        write_json(self._directory / SUMMARY, summary.to_dict())
        return summary

    def _settle_plan(self) -> None:
        path = self._directory / PLAN
        if not path.exists():
            write_json(path, self._plan)
            return
        held = _json(path)
        for key in sorted({*held, *self._plan}):
            if held.get(key) != self._plan.get(key):
                raise BadRun(
                    f"{self._directory} holds a run with another {key}; go on with the same "
                    "suites and settings, or choose another --out."
                )


def read_run(directory: Path) -> Run:
    """Read a run back, finished or not; raise BadRun."""
    records = tuple({record.key: record for record in _records(directory)}.values())
    if not records:
        raise BadRun(f"{directory} holds no records of a run ({RESULTS}).")
    plan = _json(directory / PLAN) if (directory / PLAN).exists() else {}
    missing = max(0, int(plan.get("questions", 0)) - len(records))
    summary = summarise(records, mode=str(plan.get("mode", "live")), missing=missing)
    return Run(directory=directory, records=records, summary=summary)


def read_configuration(where: str) -> Run:
    """Read one configuration of a run, as `DIR` or `DIR:NAME`; raise BadRun where it is not one."""
    directory, _, name = (where, "", "") if Path(where).exists() else where.rpartition(":")
    run = read_run(Path(directory or where))
    names = list(dict.fromkeys(record.configuration for record in run.records))
    if name and name not in names:
        raise BadRun(f"{directory} holds no configuration {name!r}; it holds {', '.join(names)}.")
    if not name and len(names) > 1:
        raise BadRun(f"{where} holds {', '.join(names)}; say which as {where}:{names[0]}.")
    chosen = tuple(each for each in run.records if each.configuration == (name or names[0]))
    return replace(run, records=chosen)


def digest_of(suites: Sequence[Suite]) -> dict[str, str]:
    """Return each suite's name with a digest of its content."""
    return {
        suite.suite: sha256(suite.model_dump_json().encode()).hexdigest()[:16] for suite in suites
    }


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Replace a file whole, or leave the one that was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.part")
    try:
        text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
        beside.write_text(f"{text}\n", encoding="utf-8")
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _records(directory: Path) -> Iterable[Record]:
    path = directory / RESULTS
    try:
        for number, line in enumerate(JsonLines(path).read(), start=1):
            try:
                yield Record.from_dict(line)
            except ValueError as error:
                raise BadRun(f"{path}:{number}: {error}.") from error
    except BadLine as error:
        raise BadRun(str(error)) from error


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadRun(f"{path} cannot be read: {error}.") from error
    if not isinstance(content, dict):
        raise BadRun(f"{path} holds no JSON object.")
    return content
