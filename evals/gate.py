"""Holds a run against its baselines: what was right stays right, and nothing new is wrong."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from evals.errors import BadRun
from evals.record import DANGEROUS
from evals.store import write_json
from evals.summary import SUMMARY_VERSION, Slice, Summary

BASELINES = Path(__file__).parent / "baselines"
GOOD = frozenset({"right", "refused rightly", "clarified rightly"})


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a gate found in one slice of a run."""

    slice: Slice
    failures: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        return not self.failures


def gate(run: Summary, baselines: Path = BASELINES) -> list[Judgement]:
    """Return a judgement of every slice; raise BadRun for a run cut short or without baseline."""
    if run.missing:
        raise BadRun(f"The run is not finished: {run.missing} questions were not asked.")
    return [hold(each, read_baseline(baseline_of(each, baselines))) for each in run.slices]


def hold(found: Slice, baseline: Slice) -> Judgement:
    """Compare a slice with its baseline."""
    failures, notes = [], []
    for case, before in baseline.cases.items():
        now = found.cases.get(case)
        if now is None:
            failures.append(f"{case}: in the baseline and not in the run")
        elif _is_worse(before, now):
            failures.append(f"{case}: was {_said(before)}, is {_said(now)}")
        elif _is_good(now) and not _is_good(before):
            notes.append(f"{case}: was {_said(before)}, is {_said(now)}")
    for case, now in found.cases.items():
        if case not in baseline.cases:
            told = f"{case}: is new and {_said(now)}"
            (failures if _is_dangerous(now) else notes).append(told)
    return Judgement(slice=found, failures=tuple(failures), notes=tuple(notes))


def accept(run: Summary, baselines: Path = BASELINES) -> list[Path]:
    """Make a finished run the baseline of its suites; return the files written."""
    if run.missing:
        raise BadRun(f"The run is not finished: {run.missing} questions were not asked.")
    written = []
    for each in run.slices:
        path = baseline_of(each, baselines)
        content = asdict(replace(each, ms={}))
        write_json(path, {"version": SUMMARY_VERSION, "mode": run.mode, **content})
        written.append(path)
    return written


def baseline_of(found: Slice, baselines: Path) -> Path:
    """Return the file of a suite's baseline; configurations but the default have their own."""
    name = found.configuration
    return baselines / f"{found.suite}{'' if name == 'default' else f'.{name}'}.json"


def read_baseline(path: Path) -> Slice:
    """Read a baseline, or raise BadRun."""
    if not path.exists():
        raise BadRun(f"There is no baseline {path}. `python -m evals gate RUN --accept` makes one.")
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version, _ = content.pop("version"), content.pop("mode")
        if version != SUMMARY_VERSION:
            raise ValueError(f"version {version!r}; this reads {SUMMARY_VERSION}")
        return Slice.from_dict(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadRun(f"{path} is no baseline: {error}.") from error


def _is_worse(before: tuple[str, ...], now: tuple[str, ...]) -> bool:
    lost = _is_good(before) and not _is_good(now)
    return lost or (_is_dangerous(now) and not _is_dangerous(before))


def _is_good(outcomes: tuple[str, ...]) -> bool:
    return all(outcome in GOOD for outcome in outcomes)


def _is_dangerous(outcomes: tuple[str, ...]) -> bool:
    return any(outcome in DANGEROUS for outcome in outcomes)


def _said(outcomes: tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(outcomes))
