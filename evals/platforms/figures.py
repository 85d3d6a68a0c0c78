"""What a suite's run says of a platform that nobody tuned names for, in the issue's own terms."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.record import DANGEROUS, Record

RIGHT_AT_LEAST = 0.60
WRONG_AT_MOST = 0.02


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Counts of one or more suites' records."""

    must: int
    """Cases that have to be answered; asking back is no answer."""
    right: int
    may: int
    """Cases that hard or treacherous wording allows to refuse."""
    may_right: int
    wrong: tuple[str, ...]
    """Answerable cases that got another answer than a right one, or broke."""
    in_vain: int
    """Cases that nothing in the data answers."""
    in_vain_answered: tuple[str, ...]

    @property
    def right_share(self) -> float:
        return self.right / self.must if self.must else 1.0

    @property
    def wrong_share(self) -> float:
        """Wrong answers among the answerable cases."""
        asked = self.must + self.may
        return len(self.wrong) / asked if asked else 0.0

    @property
    def meets_targets(self) -> bool:
        return (
            self.right_share >= RIGHT_AT_LEAST
            and self.wrong_share <= WRONG_AT_MOST
            and not self.in_vain_answered
        )

    def __str__(self) -> str:
        return (
            f"right {self.right}/{self.must} ({self.right_share:.0%})"
            f" + {self.may_right}/{self.may} of the treacherous, "
            f"wrong {len(self.wrong)} ({self.wrong_share:.1%}), "
            f"refused {self.must + self.may - self.right - self.may_right - len(self.wrong)}, "
            f"in vain answered {len(self.in_vain_answered)}/{self.in_vain}"
        )


def figures_of(records: Sequence[Record]) -> Figures:
    """Count the records of a run."""
    must = [each for each in records if "answer" in each.expect and "refuse" not in each.expect]
    may = [each for each in records if "answer" in each.expect and "refuse" in each.expect]
    in_vain = [each for each in records if "answer" not in each.expect]
    return Figures(
        must=len(must),
        right=_count_right(must),
        may=len(may),
        may_right=_count_right(may),
        wrong=_dangerous([*must, *may]),
        in_vain=len(in_vain),
        in_vain_answered=_dangerous(in_vain),
    )


def _count_right(records: Sequence[Record]) -> int:
    return sum(record.outcome == "right" for record in records)


def _dangerous(records: Sequence[Record]) -> tuple[str, ...]:
    return tuple(f"{each.suite}:{each.case}" for each in records if each.outcome in DANGEROUS)
