"""Which buckets of time are cut short by the period asked for, or by the end of the data."""

from datetime import date, datetime

from assistant.present.columns import ResultColumn
from assistant.present.format import bucket_end
from assistant.present.phrases import data_period
from catalogue.catalogue import Catalogue
from catalogue.model import MetricQuery, Period


def partial_rows(
    column: ResultColumn, query: MetricQuery | None, catalogue: Catalogue
) -> frozenset[int]:
    """Return the rows whose bucket of time reaches beyond what was counted."""
    bounds = _bounds(query, catalogue) if query else None
    if bounds is None or column.grain in (None, "day", "hour"):
        return frozenset()
    return frozenset(
        row
        for row, value in enumerate(column.values)
        if isinstance(value, date) and _is_cut(value, column.grain or "day", bounds)
    )


def _bounds(query: MetricQuery, catalogue: Catalogue) -> Period | None:
    data = data_period(query, catalogue)
    if data is None or query.period is None:
        return data or query.period
    start, end = max(data.start, query.period.start), min(data.end, query.period.end)
    return Period(start=start, end=end)


def _is_cut(value: date, grain: str, bounds: Period) -> bool:
    start = value.date() if isinstance(value, datetime) else value
    return start < bounds.start or bucket_end(start, grain) > bounds.end
