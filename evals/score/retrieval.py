"""Complete recall@k: are all gold tables and metrics among the first k that search finds?"""

from evals.record import Record, Score
from evals.score.references import last_segments
from evals.score.table_f1 import gold_tables

K = 10


def retrieval(record: Record, *, k: int = K) -> Score:
    """Score 1 where nothing is missing among the first k hits, else 0.

    A metric carries its tables with it: where the gold metrics are found, tables need not be.
    """
    name = f"retrieval@{k}"
    if record.hits is None:
        return Score(name=name, value=None, reason="search was not asked")
    metrics = _gold_metrics(record)
    tables = gold_tables(record)
    if not tables and not metrics:
        return Score(name=name, value=None, reason="the case names no gold tables or metrics")
    first = record.hits[:k]
    missing_metrics = metrics - {hit.name.lower() for hit in first if hit.kind == "metric"}
    segments = 2 if all("." in table for table in tables) else 1
    found = last_segments((hit.name for hit in first if hit.kind == "table"), segments)
    missing_tables = last_segments(tables, segments) - found
    by_metric = bool(metrics) and not missing_metrics
    by_table = bool(tables) and not missing_tables
    return Score(
        name=name,
        value=by_metric or by_table,
        evidence={
            "missing_tables": sorted(missing_tables),
            "missing_metrics": sorted(missing_metrics),
            "hits": [f"{hit.kind} {hit.name}" for hit in first],
        },
    )


def _gold_metrics(record: Record) -> set[str]:
    gold = record.expected.metric_query if record.expected else None
    return {str(name).lower() for name in (gold or {}).get("metrics") or ()}
