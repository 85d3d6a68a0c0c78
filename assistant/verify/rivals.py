"""An entity that several tables hold: by how much the others differ from the one that counted."""

from collections.abc import Callable

from assistant.answer import Draft, Result
from catalogue.catalogue import Catalogue
from catalogue.model import Rival
from catalogue.warehouse import quoted

Count = Callable[[str], int | None]
"""Runs one counting query under the asker's grant; None where it may not or cannot run."""
_MOST = 3


def rivals_of_count(draft: Draft, result: Result, catalogue: Catalogue, count: Count) -> list[str]:
    """Return a sentence for each rival, where the answer is an entity's whole count."""
    answer = _plain_number(draft, result)
    rivals = _of_draft(draft, catalogue) if answer is not None else []
    if not rivals or answer != _golden(rivals[0], count):
        return []
    sentences = []
    for rival in rivals[:_MOST]:
        theirs = count(_counting(rival.table, rival.key))
        if theirs is not None:
            sentences.append(_sentence(rival, int(answer or 0), theirs))
    return sentences


def _plain_number(draft: Draft, result: Result) -> int | None:
    """The one number of a question without any condition."""
    query = draft.metric_query
    if query is None or query.where or query.having or query.group_by or query.period:
        return None
    if result.table.num_rows != 1 or result.table.num_columns != 1:
        return None
    value = result.table.column(0)[0].as_py()
    return int(value) if value is not None and value == int(value) else None


def _of_draft(draft: Draft, catalogue: Catalogue) -> list[Rival]:
    names = draft.metric_query.metrics if draft.metric_query else ()
    metric = catalogue.metrics_by_name.get(names[0].lower()) if len(names) == 1 else None
    tables = metric.tables if metric else ()
    return [rival for rival in catalogue.rivals if (rival.golden,) == tables]


def _golden(rival: Rival, count: Count) -> int | None:
    """Whether the number counts the entity at all is measured, not believed of its name."""
    return count(_counting(rival.golden, rival.golden_key))


def _counting(table: str, column: str) -> str:
    return f"SELECT count(DISTINCT {quoted(column)}) AS n FROM {quoted(*table.split('.', 1))}"


def _sentence(rival: Rival, golden: int, theirs: int) -> str:
    difference = theirs - golden
    if difference == 0:
        return f"{rival.table} holds as many by {rival.key}; {rival.golden} is the one that counts."
    share = f" ({abs(difference) / golden:.1%})" if golden else ""
    more = "more" if difference > 0 else "fewer"
    return (
        f"{rival.table} holds {theirs:,} by {rival.key}, {abs(difference):,}{share} {more} than "
        f"{rival.golden}, which is the one that counts."
    )
