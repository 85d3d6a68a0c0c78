"""The figures that every report shows: shares with intervals, by score and by tag."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from evals.compare import GOOD, case_name
from evals.record import DANGEROUS, Record
from evals.score.scores import score
from evals.stats import Estimate, estimate, flake_rate, per_case, slices

_NOT_SHARES = frozenset({"cost", "latency"})


@dataclass(frozen=True, kw_only=True)
class ScoreFigure:
    """One score over a run."""

    name: str
    value: Estimate | None
    unscored: int
    """Records without a value."""
    why: str = ""
    """The commonest reason for that."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A run in figures."""

    cases: int
    records: int
    good: Estimate
    dangerous: Estimate
    flaky: Estimate | None
    by_tag: dict[str, Estimate | None]
    scores: tuple[ScoreFigure, ...]
    median_ms: float
    tokens: int
    cost_usd: float | None


def figures(records: Sequence[Record]) -> Figures:
    """Return the figures of a run. Raises ValueError for a run without records."""
    good = per_case((case_name(each), float(each.outcome in GOOD)) for each in records)
    bad = per_case((case_name(each), float(each.outcome in DANGEROUS)) for each in records)
    costs = [each.usage.cost_usd for each in records if each.usage.calls]
    known = [each for each in costs if each is not None]
    return Figures(
        cases=len(good),
        records=len(records),
        good=estimate(list(good.values())),
        dangerous=estimate(list(bad.values())),
        flaky=flake_rate((case_name(each), each.outcome) for each in records),
        by_tag=slices(good, {case_name(each): each.tags for each in records}),
        scores=score_figures(records),
        median_ms=median(each.ms for each in records),
        tokens=sum(each.usage.input_tokens + each.usage.output_tokens for each in records),
        cost_usd=sum(known) if len(known) == len(costs) else None,
    )


def score_figures(records: Sequence[Record]) -> tuple[ScoreFigure, ...]:
    """Return every score that is a share, with what could not be scored counted apart."""
    values: dict[str, list[tuple[str, float | None]]] = {}
    reasons: dict[str, list[str]] = {}
    for record in records:
        for each in record.scores or score(record):
            if each.name in _NOT_SHARES:
                continue
            value = None if each.value is None else float(each.value)
            values.setdefault(each.name, []).append((case_name(record), value))
            if value is None:
                reasons.setdefault(each.name, []).append(each.reason)
    return tuple(_figure(name, scored, reasons.get(name, [])) for name, scored in values.items())


def _figure(
    name: str, scored: Sequence[tuple[str, float | None]], reasons: Sequence[str]
) -> ScoreFigure:
    found = per_case(scored)
    return ScoreFigure(
        name=name,
        value=estimate(list(found.values())) if found else None,
        unscored=len(reasons),
        why=max(set(reasons), key=reasons.count) if reasons else "",
    )
