"""A run in figures: outcomes by suite, configuration, case and tag; what was spent, and the times.

A baseline is one slice of a summary without its times, so that it changes only when answers do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from statistics import quantiles
from typing import Any

from assistant.answer import Usage
from evals.record import OUTCOMES, Record, count_outcomes

SUMMARY_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Slice:
    """One suite in one configuration."""

    suite: str
    configuration: str
    outcomes: dict[str, int]
    """Outcome -> records, those of every repeat."""
    cases: dict[str, tuple[str, ...]]
    """Case -> its outcomes, one for each repeat."""
    tags: dict[str, dict[str, int]]
    usage: Usage
    ms: dict[str, float]
    """`p50` and `p95` of the wall clock of a question; empty in a baseline."""

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> "Slice":
        """Read what `asdict` wrote, by way of JSON; raise ValueError."""
        if odd := set(written) ^ {each.name for each in fields(cls)}:
            raise ValueError(f"{min(odd)!r} is missing or no field of a summary's slice")
        try:
            cases = {case: tuple(outcomes) for case, outcomes in written["cases"].items()}
            if odd_outcomes := {each for kept in cases.values() for each in kept} - set(OUTCOMES):
                raise ValueError(f"{min(odd_outcomes)!r} is no outcome")
            rest = {key: value for key, value in written.items() if key not in ("cases", "usage")}
            return cls(**rest, cases=cases, usage=Usage(**written["usage"]))
        except (TypeError, AttributeError) as error:
            raise ValueError(f"not a slice of a summary: {error}") from error


@dataclass(frozen=True, kw_only=True)
class Summary:
    """All slices of one run."""

    mode: str
    slices: tuple[Slice, ...]
    missing: int = 0
    """Questions of the plan that were not asked."""
    stopped: str | None = None
    """Why not, where a budget stopped the run."""

    def to_dict(self) -> dict[str, Any]:
        """Return JSON types."""
        return {"version": SUMMARY_VERSION, **asdict(self)}

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> "Summary":
        """Read what `to_dict` wrote, by way of JSON; raise ValueError."""
        if written.get("version") != SUMMARY_VERSION:
            problem = f"{written.get('version')!r}; this reads {SUMMARY_VERSION}"
            raise ValueError(f"a summary of version {problem}")
        try:
            return cls(
                mode=written["mode"],
                slices=tuple(Slice.from_dict(each) for each in written["slices"]),
                missing=written["missing"],
                stopped=written["stopped"],
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a summary: {error}") from error


def summarise(
    records: Sequence[Record], *, mode: str, missing: int = 0, stopped: str | None = None
) -> Summary:
    """Count records, each of another key."""
    groups = dict.fromkeys((record.suite, record.configuration) for record in records)
    slices = tuple(
        _slice([each for each in records if (each.suite, each.configuration) == group])
        for group in sorted(groups)
    )
    return Summary(mode=mode, slices=slices, missing=missing, stopped=stopped)


def _slice(records: Sequence[Record]) -> Slice:
    ordered = sorted(records, key=lambda record: (record.case, record.repeat))
    cases: dict[str, tuple[str, ...]] = {}
    for record in ordered:
        cases[record.case] = (*cases.get(record.case, ()), record.outcome)
    tags = sorted({tag for record in records for tag in record.tags})
    return Slice(
        suite=records[0].suite,
        configuration=records[0].configuration,
        outcomes=_counts(records),
        cases=cases,
        tags={tag: _counts([each for each in records if tag in each.tags]) for tag in tags},
        usage=sum((record.usage for record in ordered), Usage()),
        ms=_times([record.ms for record in records]),
    )


def _counts(records: Sequence[Record]) -> dict[str, int]:
    return {outcome: count for outcome, count in count_outcomes(records).items() if count}


def _times(ms: Sequence[float]) -> dict[str, float]:
    if len(ms) < 2:
        return {"p50": round(ms[0], 1), "p95": round(ms[0], 1)}
    cuts = quantiles(ms, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1)}
