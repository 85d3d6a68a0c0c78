"""A run in figures: outcomes by suite, configuration, case and tag, with intervals and spending.

Always made from the records, and written for those who read no records.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any

from assistant.answer import Usage
from evals.figures import Figure, figures
from evals.record import Outcome, Record, count_outcomes
from evals.score.scores import scores_of
from evals.stats import Estimate

SUMMARY_VERSION = 2
HELD = ("retrieval@10", "safe")
"""Scores that a gate holds beside the outcome, which does not tell them."""


@dataclass(frozen=True, kw_only=True)
class Slice:
    """One suite in one configuration."""

    suite: str
    configuration: str
    outcomes: dict[Outcome, int]
    """Outcome -> records, those of every repeat."""
    cases: dict[str, tuple[Outcome, ...]]
    """Case -> its outcomes, one for each repeat."""
    failed: dict[str, tuple[str, ...]]
    """Held score -> the cases in which it was 0, in any repeat."""
    tags: dict[str, dict[Outcome, int]]
    by_tag: dict[str, Estimate | None]
    """Tag -> share of cases that came out as they should."""
    figures: tuple[Figure, ...]
    smallest: float | None
    """Smallest difference that these cases can show."""
    usage: Usage
    ms: dict[str, float]
    """`p50` and `p95` of the wall clock of a question."""


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
    cases: dict[str, tuple[Outcome, ...]] = {}
    for record in ordered:
        cases[record.case] = (*cases.get(record.case, ()), record.outcome)
    tags = sorted({tag for record in records for tag in record.tags})
    found = figures(ordered)
    return Slice(
        suite=records[0].suite,
        configuration=records[0].configuration,
        outcomes=_counts(records),
        cases=cases,
        failed={name: _failed(name, ordered) for name in HELD},
        tags={tag: _counts([each for each in records if tag in each.tags]) for tag in tags},
        by_tag=found.by_tag,
        figures=found.rows,
        smallest=found.smallest,
        usage=sum((record.usage for record in ordered), Usage()),
        ms=_times([record.ms for record in records]),
    )


def _failed(name: str, records: Sequence[Record]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            record.case
            for record in records
            for each in scores_of(record)
            if each.name == name and each.value is not None and not each.value
        )
    )


def _counts(records: Sequence[Record]) -> dict[Outcome, int]:
    return {outcome: count for outcome, count in count_outcomes(records).items() if count}


def _times(ms: Sequence[float]) -> dict[str, float]:
    if len(ms) < 2:
        return {"p50": round(ms[0], 1), "p95": round(ms[0], 1)}
    cuts = quantiles(ms, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1)}
