"""Questions to begin with: approved ones, declared metrics, else the few tables that matter most.

Which of them are shown is decided by asking: only what is answered as it stands.
"""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.drafting.planning.language import common_words

if TYPE_CHECKING:
    from catalogue.catalogue import Catalogue
    from catalogue.model import Dimension, Metric

_TABLES = 6
"""So many of the tables that matter most are asked about."""
_FEW = 20
"""Groups that a first table of numbers should have at most."""
_NEAR = {"gold": 2, "mart": 2, "silver": 1, "intermediate": 1, "raw": -1, "bronze": -1}
_CODES = frozenset(["id", "key", "code", "number", "no", "reference", "name", "title"])
_MONEY = frozenset(["amount", "revenue", "price", "cost", "sales", "net", "gross", "paid", "total"])


def questions(seen: "Catalogue") -> list[str]:
    """Return questions that are likely answered, the approved and the governed first."""
    verified = [query.questions[0] for query in seen.verified if "{" not in query.questions[0]]
    governed = [metric for metric in seen.metrics if metric.governed]
    asked = [
        f"{metric.label} by month" if metric.time_column else metric.label for metric in governed
    ]
    return list(dict.fromkeys([*verified[:2], *(asked or _inferred(seen))]))


def _inferred(seen: "Catalogue") -> Iterator[str]:
    """One question about each table first, of other kinds in turn, then more of them."""
    asked = [_kinds(seen, metric, at) for at, metric in enumerate(_counts(seen))]
    yield from (kinds[0] for kinds in asked)
    yield from (question for kinds in asked for question in kinds[1:])


def _kinds(seen: "Catalogue", metric: "Metric", at: int) -> list[str]:
    total = next((each for each in seen.metrics if _adds_up(each, metric)), None)
    cut = next(_cuts(seen, metric), None)
    kinds = [f"How many {metric.label.lower()} are there?"]
    if metric.time_column:
        kinds.insert(0, f"{metric.label} by month")
    if cut is not None:
        kinds.insert(at % 2, f"{(total or metric).label} by {_said(cut)}")
    return kinds


def _counts(seen: "Catalogue") -> "list[Metric]":
    """The counts of the tables that matter most: near to the reader, joined, plainly named."""
    joined = Counter(
        name for each in seen.relationships for name in (each.from_table, each.to_table)
    )

    def weight(metric: "Metric") -> tuple[int, int, int, bool]:
        table = seen.tables_by_name[metric.tables[0].lower()]
        return (
            not metric.row_condition,
            _NEAR.get((table.layer or "").lower(), 0),
            joined[table.full_name],
            metric.time_column is not None,
        )

    counted = [each for each in seen.metrics if each.aggregation == "count" and each.tables]
    counted = [each for each in counted if _is_plain(each.label)] or counted
    return sorted(counted, key=weight, reverse=True)[:_TABLES]


def _is_plain(label: str) -> bool:
    """`Orders paid`, but not `Salaries frs`: every word one that people use, and used once."""
    words = label.lower().split()
    is_said_once = len(set(words)) == len(words)
    return is_said_once and all(word in common_words() and len(word) > 2 for word in words)


def _adds_up(metric: "Metric", count: "Metric") -> bool:
    """A sum of money of the same rows: `Total paid amount`."""
    words = metric.label.lower().split()[1:]
    is_sum = metric.aggregation == "sum" and metric.tables == count.tables
    return is_sum and not _MONEY.isdisjoint(words) and _is_plain(metric.label)


def _said(dimension: "Dimension") -> str:
    """The shortest that people call it: `destination country` of a shipment."""
    return min((dimension.label.lower(), *dimension.synonyms), key=len)


def _cuts(seen: "Catalogue", metric: "Metric") -> "Iterator[Dimension]":
    """What the table's own rows may be told apart by: words, few of them, and no codes."""
    table = seen.tables_by_name[metric.tables[0].lower()]
    for name in metric.dimensions:
        dimension = seen.dimensions_by_name[name.lower()]
        column = table.column(dimension.column) if dimension.table == table.full_name else None
        found = column.profile if column else None
        groups = found.distinct if found else None
        words = dimension.label.lower().split()
        is_few = groups is not None and 1 < groups <= _FEW
        if is_few and _is_plain(dimension.label) and _CODES.isdisjoint(words):
            yield dimension
