"""Was a declared metric used where one says what was asked?"""

from evals.record import Record, Score

NAME = "metric_use"


def metric_use(record: Record) -> Score:
    """Score 1 where the answer uses exactly gold's metrics, else 0; dimensions are evidence."""
    gold = record.expected.metric_query if record.expected else None
    if not gold:
        return Score(name=NAME, value=None, reason="the case has no gold metric query")
    if record.answer is None:
        return Score(name=NAME, value=None, reason="nothing was answered")
    wanted = set(gold.get("metrics") or ())
    used = record.metric_query or {}
    found = set(used.get("metrics") or ())
    return Score(
        name=NAME,
        value=found == wanted,
        reason="" if found else f"answered as {record.kind}, without a metric",
        evidence={
            "metrics": sorted(found),
            "gold_metrics": sorted(wanted),
            "group_by": list(used.get("group_by") or ()),
            "gold_group_by": list(gold.get("group_by") or ()),
        },
    )
