"""Two runs side by side: which cases were gained and lost, and whether that is more than noise."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.errors import EvalError
from evals.record import DANGEROUS, Record
from evals.stats import Paired, compare_pairs, flake_rate, per_case, smallest_difference

GOOD = frozenset({"right", "refused rightly", "clarified rightly"})


class BadRun(EvalError):
    """A run's results are absent, broken, or not comparable."""


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
        if paired.is_different:
            return f"{'Better' if paired.difference > 0 else 'Worse'}: {sizes}."
        limit = (
            "these cases can show no difference at all"
            if self.smallest is None
            else f"the smallest difference these cases can show is {self.smallest:.1%}"
        )
        return f"No difference shown: {sizes}; {limit}."


def read_run(path: Path) -> list[Record]:
    """Read `results.jsonl`, or the one in a run's folder; raise BadRun.

    A last line that was cut off by a kill is left out.
    """
    file = path / "results.jsonl" if path.is_dir() else path
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadRun(f"{file} cannot be read as the results of a run.") from error
    records = []
    for number, line in enumerate(lines, start=1):
        try:
            records.append(Record.from_dict(json.loads(line)))
        except ValueError as error:
            if number == len(lines) and isinstance(error, json.JSONDecodeError):
                break
            raise BadRun(f"{file}:{number}: {error}.") from error
    if not records:
        raise BadRun(f"{file} holds no results.")
    return records


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
        smallest=smallest_difference(paired.cases, _noise(before, after)),
        lost=tuple(each for each in changes if new[each.case] < old[each.case]),
        gained=tuple(each for each in changes if new[each.case] > old[each.case]),
        other=tuple(each for each in changes if new[each.case] == old[each.case]),
        only_before=tuple(sorted(old.keys() - new.keys())),
        only_after=tuple(sorted(new.keys() - old.keys())),
    )


def case_name(record: Record) -> str:
    """Return what tells a case apart within a run: suites may use the same ids."""
    return f"{record.suite}/{record.case}" if record.suite else record.case


def _good(records: Sequence[Record]) -> dict[str, float]:
    return per_case((case_name(each), float(each.outcome in GOOD)) for each in records)


def _dangerous(records: Sequence[Record]) -> dict[str, float]:
    return per_case((case_name(each), float(each.outcome in DANGEROUS)) for each in records)


def _noise(before: Sequence[Record], after: Sequence[Record]) -> float:
    """Return the share of cases that flip by chance: of repeats where there are any, else 0."""
    rates = [
        flake_rate((case_name(each), each.outcome) for each in records)
        for records in (before, after)
    ]
    known = [rate.value for rate in rates if rate is not None]
    return max(known, default=0.0)


def _changes(before: Sequence[Record], after: Sequence[Record]) -> list[Change]:
    old, new = _outcomes(before), _outcomes(after)
    questions = {case_name(each): each.question for each in after}
    return [
        Change(case=case, question=questions[case], before=old[case], after=new[case])
        for case in sorted(old.keys() & new.keys())
        if sorted(old[case]) != sorted(new[case])
    ]


def _outcomes(records: Sequence[Record]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in sorted(records, key=lambda record: record.repeat):
        found[case_name(each)] = (*found.get(case_name(each), ()), each.outcome)
    return found
