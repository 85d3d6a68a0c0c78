"""The judge against labelled pairs of queries over the demo: agreement, and where it errs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.settings import Settings
from evals.gold import GoldResults
from evals.score.exec_match import match
from evals.score.marked import mark
from evals.score.values import FLOAT_TOLERANCE

PAIRS = Path(__file__).parent / "judge_pairs.yaml"
DEMO = Path(__file__).parents[2] / ".assistant" / "demo"
WANTED = 0.99
TABLES = {
    "S": "gold.fct_flights AS f",
    "A": "gold.dim_airline AS a",
    "P": "gold.dim_airport AS p",
    "C": "gold.dim_aircraft AS c",
    "D": "gold.agg_daily_flights AS d",
    "W": "gold.fct_weather_hourly AS w",
    "K": "gold.dim_date AS k",
}


@dataclass(frozen=True, kw_only=True)
class Pair:
    kind: str
    gold: str
    answer: str
    is_equal: bool
    order: bool = False
    strict: bool = False
    tolerance: float = FLOAT_TOLERANCE


def full(sql: str) -> str:
    return re.sub(
        r"\b(FROM|JOIN) ([SAPCDWK])\b", lambda found: f"{found[1]} {TABLES[found[2]]}", sql
    )


def pairs() -> list[Pair]:
    written: dict[str, dict[str, list[Any]]] = yaml.safe_load(PAIRS.read_text(encoding="utf-8"))
    return [
        _pair(kind, each, label == "equal")
        for label, kinds in written.items()
        for kind, listed in kinds.items()
        for each in listed
    ]


def _pair(kind: str, each: Any, is_equal: bool) -> Pair:
    if isinstance(each, list):
        return Pair(kind=kind, gold=full(each[0]), answer=full(each[1]), is_equal=is_equal)
    read = {**each, "gold": full(each["gold"]), "answer": full(each["answer"])}
    return Pair(kind=kind, is_equal=is_equal, **read)


@pytest.fixture(scope="module")
def demo() -> Iterator[GoldResults]:
    if not (DEMO / "nyc.duckdb").exists():
        pytest.skip("the demo is not built")
    with GoldResults(Settings.open(DEMO)) as results:
        yield results


def test_the_judge_agrees_with_the_labels(demo: GoldResults) -> None:
    every = pairs()
    wrong = []
    for pair in every:
        found = match(
            demo.run(pair.answer),
            mark(pair.gold, demo.run),
            order_matters=pair.order,
            extra_columns=not pair.strict,
            tolerance=pair.tolerance,
        )
        if found.is_equal != pair.is_equal:
            wrong.append(f"{pair.kind}: {found.why}\n    {pair.gold}\n    {pair.answer}")
    agreement = 1 - len(wrong) / len(every)
    kinds = len({pair.kind for pair in every})
    print(
        f"\n{len(every)} pairs of {kinds} kinds: agreement {agreement:.1%}; wrong:",
        *wrong,
        sep="\n  ",
    )
    assert len(every) >= 150
    assert agreement >= WANTED
