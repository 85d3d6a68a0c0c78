"""The figures of a run: shares with intervals, scores, spending and times, by tag and in all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evals.record import DANGEROUS, GOOD, Record, Score
from evals.score.scores import scores_of
from evals.stats import (
    Estimate,
    bootstrap,
    estimate,
    flake_rate,
    per_case,
    slices,
    smallest_difference,
)

Unit = Literal["share", "usd", "ms"]
_UNITS: Mapping[str, Unit] = {"cost": "usd", "latency": "ms"}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One score over a run; cases are its unit."""

    name: str
    value: Estimate | None
    """None where no record could be scored."""
    unit: Unit = "share"
    unscored: int = 0
    """Records without a value, counted apart."""
    why: str = ""
    """The commonest reason for that."""

    def __str__(self) -> str:
        return "not computable" if self.value is None else said(self.value, self.unit)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A run of one configuration in figures."""

    cases: int
    records: int
    good: Estimate
    """Cases that came out as they should."""
    dangerous: Estimate
    """Cases that are wrong or broke."""
    flaky: Estimate | None
    """Cases that did not end always alike; None where none was repeated."""
    smallest: float | None
    """Smallest difference that these cases can show against another run, given that noise."""
    by_tag: dict[str, Estimate | None]
    scores: tuple[Figure, ...]
    tokens: int

    @property
    def rows(self) -> tuple[Figure, ...]:
        """Every figure but those of tags, in the order that reports show."""
        flaky = (Figure(name="not always alike", value=self.flaky),) if self.flaky else ()
        return (
            Figure(name="as it should be", value=self.good),
            Figure(name="wrong or broken", value=self.dangerous),
            *flaky,
            *self.scores,
        )

    @property
    def limit(self) -> str:
        """Say what these cases can show."""
        if self.smallest is None:
            return f"{self.cases} cases can show no difference between two runs"
        return f"the smallest difference these {self.cases} cases can show is {self.smallest:.1%}"


def figures(records: Sequence[Record]) -> Figures:
    """Return the figures of a run. Raises ValueError for a run without records."""
    good = per_case((each.full_case, float(each.outcome in GOOD)) for each in records)
    bad = per_case((each.full_case, float(each.outcome in DANGEROUS)) for each in records)
    return Figures(
        cases=len(good),
        records=len(records),
        good=estimate(list(good.values())),
        dangerous=estimate(list(bad.values())),
        flaky=flake_rate((each.full_case, each.outcome) for each in records),
        smallest=smallest_difference(len(good), noise(records)),
        by_tag=slices(good, {each.full_case: each.tags for each in records}),
        scores=_score_figures(records),
        tokens=sum(each.usage.input_tokens + each.usage.output_tokens for each in records),
    )


def by_configuration(records: Sequence[Record]) -> dict[str, list[Record]]:
    """Part the records: figures of two configurations at once would mean nothing."""
    names = dict.fromkeys(each.configuration for each in records)
    return {name: [each for each in records if each.configuration == name] for name in names}


def noise(records: Sequence[Record]) -> float:
    """Return the share of cases that flip by chance: of repeats where there are any, else 0."""
    found = flake_rate((each.full_case, each.outcome) for each in records)
    return found.value if found else 0.0


def said(value: Estimate, unit: Unit = "share") -> str:
    """Return a figure with its interval and the number of cases, as text.

    >>> said(Estimate(value=0.5, low=0.25, high=0.75, cases=12))
    '50.0% (25.0% to 75.0%, n = 12)'
    """
    if unit == "share":
        return str(value)
    form = "{:,.0f} ms" if unit == "ms" else "{:.4f} $"
    shown = [form.format(each) for each in (value.value, value.low, value.high)]
    return f"{shown[0]} ({shown[1]} to {shown[2]}, n = {value.cases})"


def _score_figures(records: Sequence[Record]) -> tuple[Figure, ...]:
    found: dict[tuple[str, Unit], list[tuple[str, Score]]] = {}
    for record in records:
        for each in scores_of(record):
            unit = _UNITS.get(each.name, "share")
            found.setdefault((each.name, unit), []).append((record.full_case, each))
            for stage, ms in each.evidence.items() if each.name == "latency" else ():
                timed = Score(name=f"latency: {stage}", value=ms)
                found.setdefault((timed.name, "ms"), []).append((record.full_case, timed))
    return tuple(_figure(name, unit, scored) for (name, unit), scored in found.items())


def _figure(name: str, unit: Unit, scored: Sequence[tuple[str, Score]]) -> Figure:
    values = per_case((case, each.value) for case, each in scored)
    reasons = [each.reason for _, each in scored if each.value is None]
    return Figure(
        name=name,
        unit=unit,
        value=_estimate(list(values.values()), unit) if values else None,
        unscored=len(reasons),
        why=max(reasons, key=reasons.count) if reasons else "",
    )


def _estimate(values: Sequence[float], unit: Unit) -> Estimate:
    return estimate(values) if unit == "share" else bootstrap(values)
