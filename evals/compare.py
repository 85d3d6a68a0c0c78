"""Two runs side by side: which cases were gained and lost, and whether that is more than noise."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.errors import BadRun
from evals.figures import noise
from evals.record import DANGEROUS, GOOD, Record
from evals.score.scores import scores_of
from evals.stats import Paired, compare_pairs, per_case, smallest_difference


@dataclass(frozen=True, kw_only=True)
class Change:
    """One case that came out otherwise."""

    case: str
    question: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    """Outcomes of every repeat."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Run B against run A over the cases both asked."""

    paired: Paired
    """Share of cases that came out as they should."""
    dangerous: Paired
    """Share of cases that are wrong or broke."""
    scores: dict[str, Paired]
    """Every score, over the cases where both runs have a value."""
    smallest: float | None
    """Smallest difference these cases can show, given the noise seen; None: none at all."""
    lost: tuple[Change, ...]
    gained: tuple[Change, ...]
    other: tuple[Change, ...]
    """Neither gained nor lost, but of another outcome."""
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """Say in one sentence what may be concluded."""
        paired = self.paired
        sizes = (
            f"{paired.before:.1%} to {paired.after:.1%} over {paired.cases} cases "
            f"({paired.difference:+.1%}, 95 % interval {paired.low:+.1%} to {paired.high:+.1%}, "
            f"p = {paired.p_value:.3f}; {paired.gained} gained, {paired.lost} lost)"
        )
        limit = (
            "these cases can show no difference at all"
            if self.smallest is None
            else f"the smallest difference these cases can show is {self.smallest:.1%}"
        )
        found = "No difference shown"
        if paired.is_different:
            found = "Better" if paired.difference > 0 else "Worse"
        return f"{found}: {sizes}; {limit}."


def compare(before: Sequence[Record], after: Sequence[Record]) -> Comparison:
    """Compare two runs case by case; raise BadRun where they share no case."""
    old, new = _good(before), _good(after)
    try:
        paired = compare_pairs(old, new)
        dangerous = compare_pairs(_dangerous(before), _dangerous(after))
    except ValueError as error:
        raise BadRun("The two runs have no case in common.") from error
    changes = _changes(before, after)
    return Comparison(
        paired=paired,
        dangerous=dangerous,
        scores=_scores(before, after),
        smallest=smallest_difference(paired.cases, max(noise(before), noise(after))),
        lost=tuple(each for each in changes if new[each.case] < old[each.case]),
        gained=tuple(each for each in changes if new[each.case] > old[each.case]),
        other=tuple(each for each in changes if new[each.case] == old[each.case]),
        only_before=tuple(sorted(old.keys() - new.keys())),
        only_after=tuple(sorted(new.keys() - old.keys())),
    )


def paired_text(name: str, paired: Paired) -> str:
    """Say one paired figure in a line."""
    return (
        f"{name}: {paired.before:,.4g} to {paired.after:,.4g} over {paired.cases} cases "
        f"({paired.difference:+,.4g}, 95 % interval {paired.low:+,.4g} to {paired.high:+,.4g}, "
        f"p = {paired.p_value:.3f})"
    )


def _scores(before: Sequence[Record], after: Sequence[Record]) -> dict[str, Paired]:
    old, new = _score_values(before), _score_values(after)
    return {
        name: compare_pairs(values, new[name])
        for name, values in old.items()
        if values.keys() & new.get(name, {}).keys()
    }


def _score_values(records: Sequence[Record]) -> dict[str, dict[str, float]]:
    found: dict[str, list[tuple[str, float | None]]] = {}
    for record in records:
        for each in scores_of(record):
            found.setdefault(each.name, []).append((record.full_case, each.value))
    return {name: per_case(scored) for name, scored in found.items()}


def _good(records: Sequence[Record]) -> dict[str, float]:
    return per_case((each.full_case, float(each.outcome in GOOD)) for each in records)


def _dangerous(records: Sequence[Record]) -> dict[str, float]:
    return per_case((each.full_case, float(each.outcome in DANGEROUS)) for each in records)


def _changes(before: Sequence[Record], after: Sequence[Record]) -> list[Change]:
    old, new = _outcomes(before), _outcomes(after)
    questions = {each.full_case: each.question for each in after}
    return [
        Change(case=case, question=questions[case], before=old[case], after=new[case])
        for case in sorted(old.keys() & new.keys())
        if sorted(old[case]) != sorted(new[case])
    ]


def _outcomes(records: Sequence[Record]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in sorted(records, key=lambda record: record.repeat):
        found[each.full_case] = (*found.get(each.full_case, ()), each.outcome)
    return found
