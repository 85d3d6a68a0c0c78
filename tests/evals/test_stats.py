"""Intervals, flakes and paired comparison; the simulations are seeded."""

import random
from math import isclose

import pytest

from evals.stats import (
    bootstrap,
    compare_pairs,
    estimate,
    flake_rate,
    mcnemar,
    per_case,
    slices,
    smallest_difference,
    wilson,
)

CASES = 120
SIMULATIONS = 100
RESAMPLES = 10
"""The call rests on the exact test; the bootstrap's bounds are not looked at here."""


def simulated(rate: float, noise: float, drop: float, seed: int) -> bool:
    """Simulate two runs over the same 120 cases; was a difference called?

    A case is within A's reach with `rate`; B loses reach of a share `drop` of all cases; then each
    run flips a `noise` share of its verdicts by chance, independently of the other.
    """
    chance = random.Random(seed)
    before: dict[str, float] = {}
    after: dict[str, float] = {}
    for number in range(CASES):
        truth = chance.random() < rate
        worse = truth and chance.random() >= drop / rate
        case = f"case-{number}"
        before[case] = float(truth ^ (chance.random() < noise))
        after[case] = float(worse ^ (chance.random() < noise))
    found = compare_pairs(before, after, resamples=RESAMPLES)
    return found.is_different and (drop == 0 or found.difference < 0)


@pytest.mark.parametrize("noise", [0.0, 0.05, 0.1, 0.2])
@pytest.mark.parametrize("rate", [0.5, 0.7, 0.9])
def test_noise_alone_is_not_called_a_difference(rate: float, noise: float) -> None:
    called = sum(simulated(rate, noise, 0.0, seed) for seed in range(SIMULATIONS))
    print(f"\nnoise only: rate {rate}, noise {noise}: {SIMULATIONS - called} of 100 not called")
    assert called <= 5


@pytest.mark.parametrize("noise", [0.0, 0.02, 0.05, 0.1])
@pytest.mark.parametrize("rate", [0.5, 0.7, 0.9])
def test_a_drop_of_15_points_on_120_cases_is_called(rate: float, noise: float) -> None:
    # Noise flips right and wrong alike, so it shrinks the drop seen by a factor of (1 - 2 noise).
    drop = 0.15 / (1 - 2 * noise)
    called = sum(simulated(rate, noise, drop, seed) for seed in range(SIMULATIONS))
    print(f"\nplanted drop: rate {rate}, noise {noise}: {called} of 100 called")
    assert called >= 80


def test_wilson_gives_the_published_interval() -> None:
    found = wilson(15, 148)
    assert isclose(found.low, 0.0624, abs_tol=5e-4)
    assert isclose(found.high, 0.1605, abs_tol=5e-4)


@pytest.mark.parametrize(("right", "low", "high"), [(0, 0.0, 0.278), (10, 0.722, 1.0)])
def test_wilson_leaves_room_at_the_ends(right: int, low: float, high: float) -> None:
    found = wilson(right, 10)
    assert (round(found.low, 3), round(found.high, 3)) == (low, high)


@pytest.mark.parametrize(("right", "total"), [(0, 0), (3, 2), (-1, 2)])
def test_wilson_refuses_what_is_no_share(right: int, total: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(right, total)


def test_wilson_covers_the_truth_about_as_often_as_it_says() -> None:
    chance = random.Random(7)
    covered = 0
    for _ in range(1_000):
        found = wilson(sum(chance.random() < 0.8 for _ in range(CASES)), CASES)
        covered += found.low <= 0.8 <= found.high
    assert 930 <= covered <= 970


def test_bootstrap_is_seeded_and_holds_the_mean() -> None:
    values = [0.1, 0.5, 0.9, 1.0, 0.0, 0.7]
    found = bootstrap(values)
    assert found == bootstrap(values)
    assert found.low < found.value < found.high


def test_estimate_takes_wilson_for_right_or_wrong() -> None:
    assert estimate([1, 0, 1, 1]) == wilson(3, 4)
    assert estimate([0.5, 0.5]).low == 0.5


def test_repeats_are_averaged_and_the_unscored_left_out() -> None:
    assert per_case([("a", 1), ("a", 0), ("b", None), ("c", 1)]) == {"a": 0.5, "c": 1.0}


def test_flake_rate_counts_repeated_cases_only() -> None:
    found = flake_rate([("a", "right"), ("a", "wrong"), ("b", "right"), ("b", "right"), ("c", "x")])
    assert found is not None
    assert (found.value, found.cases) == (0.5, 2)
    assert flake_rate([("a", "right"), ("b", "wrong")]) is None


def test_slices_keep_tags_without_a_score_as_unknown() -> None:
    found = slices({"a": 1.0, "b": 0.0}, {"a": ["x"], "b": ["x", "y"], "c": ["z"]})
    assert found["x"] == wilson(1, 2)
    assert found["y"] == wilson(0, 1)
    assert found["z"] is None


@pytest.mark.parametrize(
    ("gained", "lost", "p"), [(0, 0, 1.0), (0, 5, 0.0625), (0, 6, 0.03125), (3, 3, 1.0)]
)
def test_mcnemar_is_exact(gained: int, lost: int, p: float) -> None:
    assert isclose(mcnemar(gained, lost), p)
    assert isclose(mcnemar(lost, gained), p)


def test_pairs_are_matched_by_case_and_others_left_out() -> None:
    found = compare_pairs({"a": 1, "b": 1, "c": 0}, {"b": 0, "c": 0, "d": 1})
    assert (found.cases, found.gained, found.lost) == (2, 0, 1)
    assert found.difference == -0.5


def test_shares_of_repeats_are_compared_by_permutation() -> None:
    before = {f"c{n}": 0.8 + 0.01 * (n % 5) for n in range(40)}
    after = {case: value - 0.3 for case, value in before.items()}
    found = compare_pairs(before, after)
    assert found.is_different
    assert isclose(found.low, -0.3)
    assert not compare_pairs(before, before).is_different


def test_runs_without_a_common_case_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="no scored case in common"):
        compare_pairs({"a": 1}, {"b": 1})


def test_the_smallest_difference_shrinks_with_more_cases() -> None:
    found = [smallest_difference(cases, 0.1) for cases in (30, 120, 480)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[2] is not None
    assert found[0] > found[1] > found[2]
    assert found[1] < 0.15


def test_a_handful_of_cases_shows_no_difference_at_all() -> None:
    assert smallest_difference(4, 0.0) is None


def test_the_smallest_difference_is_known_for_a_thousand_cases_and_more() -> None:
    found = smallest_difference(1_534, 0.05)
    assert found is not None
    assert found == pytest.approx(0.0196, abs=1e-3)
    assert smallest_difference(120, 0.05) == pytest.approx(13 / 120)
