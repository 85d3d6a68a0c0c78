"""Statistics of runs: every share with its interval, paired comparison of two runs.

Cases are the unit. Repeats of a case are averaged before anything else is done with them, so that
asking twice never looks like twice the evidence.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, comb, exp, lgamma, log, log1p, sqrt
from statistics import NormalDist, fmean

CONFIDENCE = 0.95
RESAMPLES = 2_000
POWER = 0.8
_NO_WEIGHT = 1e-9
"""Chances below it add nothing that is shown."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A mean with its interval."""

    value: float
    low: float
    high: float
    cases: int

    def __str__(self) -> str:
        return f"{self.value:.1%} ({self.low:.1%} to {self.high:.1%}, n = {self.cases})"


@dataclass(frozen=True, kw_only=True)
class Paired:
    """Two runs over the same cases, B minus A."""

    cases: int
    before: float
    after: float
    difference: float
    low: float
    high: float
    """Bounds of the difference by paired bootstrap."""
    gained: int
    """Cases right in B only."""
    lost: int
    """Cases right in A only."""
    p_value: float
    """Exact McNemar where cases are right or wrong, else a sign-flip test."""
    is_different: bool


def wilson(right: int, total: int, *, confidence: float = CONFIDENCE) -> Estimate:
    """Return a share with Wilson's score interval. Raises ValueError where there are no cases."""
    if not 0 <= right <= total or not total:
        raise ValueError(f"{right} of {total} is no share.")
    z = _z(confidence)
    share = right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    low = 0.0 if right == 0 else max(0.0, middle - half)
    high = 1.0 if right == total else min(1.0, middle + half)
    return Estimate(value=share, low=low, high=high, cases=total)


def bootstrap(
    values: Sequence[float],
    *,
    confidence: float = CONFIDENCE,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """Return a mean with its percentile bootstrap interval over cases; seeded."""
    if not values:
        raise ValueError("There are no values to take the mean of.")
    low, high = _percentile_interval(values, confidence, resamples, seed)
    return Estimate(value=fmean(values), low=low, high=high, cases=len(values))


def estimate(values: Sequence[float]) -> Estimate:
    """Return a mean with its interval: Wilson for right or wrong, else bootstrap."""
    if values and all(value in (0, 1) for value in values):
        return wilson(int(sum(values)), len(values))
    return bootstrap(values)


def per_case(scored: Iterable[tuple[str, float | None]]) -> dict[str, float]:
    """Average the repeats of every case; what could not be scored is left out."""
    values: dict[str, list[float]] = defaultdict(list)
    for case, value in scored:
        if value is not None:
            values[case].append(float(value))
    return {case: fmean(found) for case, found in values.items()}


def flake_rate(outcomes: Iterable[tuple[str, str]]) -> Estimate | None:
    """Return the share of cases, among those asked more than once, that did not end always alike.

    `outcomes` are (case, outcome) of every repeat. None where no case was repeated.
    """
    seen: dict[str, list[str]] = defaultdict(list)
    for case, outcome in outcomes:
        seen[case].append(outcome)
    repeated = [found for found in seen.values() if len(found) > 1]
    if not repeated:
        return None
    return wilson(sum(len(set(found)) > 1 for found in repeated), len(repeated))


def slices(
    values: Mapping[str, float], tags: Mapping[str, Sequence[str]]
) -> dict[str, Estimate | None]:
    """Return the estimate of every tag; None for a tag without a scored case."""
    members: dict[str, list[float]] = {tag: [] for each in tags.values() for tag in each}
    for case, value in values.items():
        for tag in tags.get(case, ()):
            members[tag].append(value)
    return {tag: estimate(found) if found else None for tag, found in sorted(members.items())}


def mcnemar(gained: int, lost: int) -> float:
    """Return the two-sided p-value of the exact McNemar test on the discordant pairs."""
    discordant = gained + lost
    if not discordant:
        return 1.0
    tail = sum(comb(discordant, k) for k in range(min(gained, lost) + 1))
    return min(1.0, float(2 * tail / 2**discordant))


def compare_pairs(
    before: Mapping[str, float],
    after: Mapping[str, float],
    *,
    confidence: float = CONFIDENCE,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Paired:
    """Compare two runs over the cases both have. Raises ValueError where they share none.

    Different means that the exact test says so: the bootstrap's bounds show the size.
    """
    shared = sorted(before.keys() & after.keys())
    if not shared:
        raise ValueError("The two runs have no scored case in common.")
    pairs = [(before[case], after[case]) for case in shared]
    changes = [new - old for old, new in pairs]
    low, high = _percentile_interval(changes, confidence, resamples, seed)
    gained, lost = sum(each > 0 for each in changes), sum(each < 0 for each in changes)
    is_binary = all(value in (0, 1) for pair in pairs for value in pair)
    p_value = mcnemar(gained, lost) if is_binary else _sign_flip(changes, resamples, seed)
    return Paired(
        cases=len(shared),
        before=fmean(old for old, _ in pairs),
        after=fmean(new for _, new in pairs),
        difference=fmean(changes),
        low=low,
        high=high,
        gained=gained,
        lost=lost,
        p_value=p_value,
        is_different=p_value < 1 - confidence,
    )


def smallest_difference(
    cases: int,
    discordant: float,
    *,
    confidence: float = CONFIDENCE,
    power: float = POWER,
) -> float | None:
    """Return the smallest difference that a paired comparison calls with the given power.

    `discordant` is the share of cases on which the runs disagree by noise alone. A drop of d adds
    d to it. Computed from the exact McNemar test; None where no difference can be shown.
    """
    if not cases:
        return None
    for step in range(1, cases + 1):
        drop = step / cases
        if _power(cases, min(1.0, max(discordant, 0.0) + drop), drop, 1 - confidence) >= power:
            return drop
    return None


def _power(cases: int, discordant: float, drop: float, alpha: float) -> float:
    """Chance that exact McNemar calls a drop, when this share of the pairs disagrees."""
    gained_share = (discordant - drop) / (2 * discordant)
    chance = 0.0
    for pairs in range(cases + 1):
        weight = _binomial(pairs, cases, discordant)
        if weight >= _NO_WEIGHT:
            few = range(_most_gains(pairs, alpha) + 1)
            chance += weight * sum(_binomial(gains, pairs, gained_share) for gains in few)
    return chance


def _binomial(hits: int, total: int, share: float) -> float:
    """Return the chance of so many hits; by logarithms, as the counts outgrow any float."""
    if share <= 0 or share >= 1:
        return float(hits == (total if share >= 1 else 0))
    ways = lgamma(total + 1) - lgamma(hits + 1) - lgamma(total - hits + 1)
    return exp(ways + hits * log(share) + (total - hits) * log1p(-share))


@cache
def _most_gains(pairs: int, alpha: float) -> int:
    """Return the most gains among discordant pairs that still let a drop be called, or -1."""
    tail, ways = 0, 1
    for gains in range(pairs // 2 + 1):
        tail += ways
        if 2 * tail / 2**pairs >= alpha:
            return gains - 1
        ways = ways * (pairs - gains) // (gains + 1)
    return pairs // 2


def _percentile_interval(
    values: Sequence[float], confidence: float, resamples: int, seed: int
) -> tuple[float, float]:
    if len(set(values)) == 1:
        return values[0], values[0]
    chance = random.Random(seed)
    means = sorted(fmean(chance.choices(values, k=len(values))) for _ in range(resamples))
    cut = (1 - confidence) / 2
    first = max(0, ceil(cut * resamples) - 1)
    return means[first], means[resamples - 1 - first]


def _sign_flip(changes: Sequence[float], resamples: int, seed: int) -> float:
    """Return the two-sided p-value of a paired permutation test; seeded."""
    moved = [change for change in changes if change]
    if not moved:
        return 1.0
    observed = abs(sum(moved)) - 1e-12
    chance = random.Random(seed)
    extreme = sum(
        abs(sum(change if chance.random() < 0.5 else -change for change in moved)) >= observed
        for _ in range(resamples)
    )
    return (extreme + 1) / (resamples + 1)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)
