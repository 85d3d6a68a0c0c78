"""Holds a run against its baselines: what was right stays right, and nothing new is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from evals.errors import BadRun
from evals.record import DANGEROUS, GOOD, Outcome
from evals.store import write_json
from evals.summary import HELD, Slice, Summary

BASELINE_VERSION = 2


class Baseline(BaseModel):
    """What of a slice is held: it changes only when answers do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = BASELINE_VERSION
    suite: str
    configuration: str
    outcomes: dict[Outcome, int]
    cases: dict[str, tuple[Outcome, ...]]
    failed: dict[str, tuple[str, ...]]

    @field_validator("version")
    @classmethod
    def _is_current(cls, version: int) -> int:
        if version != BASELINE_VERSION:
            raise ValueError(f"version {version}; this reads {BASELINE_VERSION}")
        return version

    @classmethod
    def of(cls, found: Slice) -> "Baseline":
        """Return what a slice is to be held against from now on."""
        kept = set(cls.model_fields) - {"version"}
        return cls(**{name: getattr(found, name) for name in kept})


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a gate found in one slice of a run."""

    slice: Slice
    failures: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        return not self.failures


def gate(run: Summary, baselines: Path) -> list[Judgement]:
    """Return a judgement of every slice; raise BadRun for a run cut short or without baseline."""
    _refuse_unfinished(run)
    return [hold(each, read_baseline(baseline_of(each, baselines))) for each in run.slices]


def hold(found: Slice, baseline: Baseline) -> Judgement:
    """Compare a slice with its baseline."""
    told = [*_of_outcomes(found, baseline), *_of_scores(found, baseline)]
    return Judgement(
        slice=found,
        failures=tuple(line for is_failure, line in told if is_failure),
        notes=tuple(line for is_failure, line in told if not is_failure),
    )


def _of_outcomes(found: Slice, baseline: Baseline) -> Iterator[tuple[bool, str]]:
    """Yield what changed, and whether it fails."""
    for case, before in baseline.cases.items():
        now = found.cases.get(case)
        if now is None:
            yield True, f"{case}: in the baseline and not in the run"
        elif _is_worse(before, now):
            yield True, f"{case}: was {_said(before)}, is {_said(now)}"
        elif _is_good(now) and not _is_good(before):
            yield False, f"{case}: was {_said(before)}, is {_said(now)}"
    for case, now in found.cases.items():
        if case not in baseline.cases:
            yield _is_dangerous(now), f"{case}: is new and {_said(now)}"


def _of_scores(found: Slice, baseline: Baseline) -> Iterator[tuple[bool, str]]:
    for name in HELD:
        before, now = (set(each.failed.get(name, ())) for each in (baseline, found))
        for case in sorted(now - before):
            yield True, f"{case}: {name} is 0"
        for case in sorted((before - now) & found.cases.keys()):
            yield False, f"{case}: {name} is no longer 0"


def accept(run: Summary, baselines: Path) -> list[Path]:
    """Make a finished run the baseline of its suites; return the files written."""
    _refuse_unfinished(run)
    written = []
    for each in run.slices:
        path = baseline_of(each, baselines)
        write_json(path, Baseline.of(each).model_dump(mode="json"))
        written.append(path)
    return written


def baseline_of(found: Slice, baselines: Path) -> Path:
    """Return the file of a suite's baseline; configurations but the default have their own."""
    name = found.configuration
    return baselines / f"{found.suite}{'' if name == 'default' else f'.{name}'}.json"


def read_baseline(path: Path) -> Baseline:
    """Read a baseline, or raise BadRun."""
    if not path.exists():
        raise BadRun(f"There is no baseline {path}. `python -m evals gate RUN --accept` makes one.")
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadRun(f"{path} cannot be read: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = "".join(f"{part}: " for part in first["loc"])
        problem = first["msg"].removeprefix("Value error, ")
        raise BadRun(
            f"{path} is no baseline: {where}{problem}. `python -m evals gate RUN --accept` "
            "makes a new one."
        ) from error


def _refuse_unfinished(run: Summary) -> None:
    if run.missing:
        raise BadRun(f"The run is not finished: {run.missing} questions were not asked.")


def _is_worse(before: tuple[Outcome, ...], now: tuple[Outcome, ...]) -> bool:
    lost = _is_good(before) and not _is_good(now)
    return lost or (_is_dangerous(now) and not _is_dangerous(before))


def _is_good(outcomes: tuple[Outcome, ...]) -> bool:
    return all(outcome in GOOD for outcome in outcomes)


def _is_dangerous(outcomes: tuple[Outcome, ...]) -> bool:
    return any(outcome in DANGEROUS for outcome in outcomes)


def _said(outcomes: tuple[Outcome, ...]) -> str:
    return ", ".join(dict.fromkeys(outcomes))
