"""Metric queries as people write them: the YAML form and its periods, with every mistake named.

Owns the written form only; whether the names exist is for `catalogue.metrics` to say.
"""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, cast, get_args

from catalogue.errors import BadMetricQuery, nearest
from catalogue.model import Filter, FilterOp, Having, HavingOp, MetricQuery, Period, Scalar

if TYPE_CHECKING:
    from catalogue.catalogue import Catalogue

FILTER_OPS: tuple[FilterOp, ...] = get_args(FilterOp)
HAVING_OPS: tuple[HavingOp, ...] = get_args(HavingOp)
_GRAIN = re.compile(r"__(?:day|week|month|quarter|year|hour|minute|second)$")
_KEYS = ("metrics", "group_by", "where", "having", "period", "order_by", "limit")
_LIST_OPS = frozenset({"in", "not in"})
_PERIOD_FORMS = "2013, 2013-Q2, 2013-06, 2013-06-03 or 2013-03-03..2013-05-05"
_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def parse_period(text: str | int | date) -> Period:
    """Read a period as written; a year may be a number and a day a date, as YAML makes them.

    >>> parse_period("2013-Q2").end
    datetime.date(2013, 6, 30)
    """
    written = _iso(text) if isinstance(text, date) else str(text).strip()
    try:
        period = _whole(written) or _days(written)
    except ValueError as error:
        raise BadMetricQuery(
            f"{written!r} is not a period. Write it as {_PERIOD_FORMS}."
        ) from error
    if period.start > period.end:
        raise BadMetricQuery(f"The period {written!r} ends before it starts.")
    return period


def period_text(period: Period) -> str:
    """Return the shortest written form of a period; `parse_period` reads it back.

    >>> period_text(Period(start=date(2013, 6, 1), end=date(2013, 6, 30)))
    '2013-06'
    """
    start, end = period.start, period.end
    if start == end:
        return start.isoformat()
    quarter = (start.month + 2) // 3
    forms = (f"{start:%Y}", f"{start:%Y}-Q{quarter}", f"{start:%Y-%m}")
    return next(
        (form for form in forms if parse_period(form) == period),
        f"{start.isoformat()}..{end.isoformat()}",
    )


def metric_query_from_mapping(mapping: Mapping[str, object]) -> MetricQuery:
    """Read a metric query from its YAML form, or raise BadMetricQuery naming the wrong part."""
    _refuse_unknown_keys(mapping, _KEYS, "a metric query")
    query = MetricQuery(
        metrics=_names(mapping, "metrics"),
        group_by=_names(mapping, "group_by"),
        where=tuple(_filter(entry) for entry in _entries(mapping, "where")),
        having=tuple(_having(entry) for entry in _entries(mapping, "having")),
        period=_period(mapping.get("period")),
        order_by=_names(mapping, "order_by"),
        limit=_limit(mapping.get("limit")),
    )
    check_metric_query(query)
    return query


def metric_query_to_mapping(query: MetricQuery) -> dict[str, object]:
    """Return the YAML form, without the parts that are empty."""
    mapping: dict[str, object] = {
        "metrics": list(query.metrics),
        "group_by": list(query.group_by),
        "where": [
            {"dimension": each.dimension, "op": each.op, "values": list(each.values)}
            for each in query.where
        ],
        "having": [
            {"metric": each.metric, "op": each.op, "value": each.value} for each in query.having
        ],
        "period": period_text(query.period) if query.period else None,
        "order_by": list(query.order_by),
        "limit": query.limit,
    }
    return {key: value for key, value in mapping.items() if value is not None and value != []}


def whole_periods(period: Period, grain: str) -> int | None:
    """Return how many whole periods of a grain these days are, or None where an end is ragged."""
    lengths = {"month": 1, "quarter": 3, "year": 12}
    if grain in {"day", "week"}:
        days = (period.end - period.start).days + 1
        ragged = grain == "week" and (period.start.weekday() or days % 7)
        return None if ragged else days // (7 if grain == "week" else 1)
    length = lengths.get(grain)
    if length is None:
        return None
    after = period.end + timedelta(days=1)
    first = period.start.year * 12 + period.start.month - 1
    last = after.year * 12 + after.month - 1
    is_ragged = period.start.day > 1 or after.day > 1 or first % length or last % length
    return None if is_ragged else (last - first) // length


def check_names(query: MetricQuery, catalogue: "Catalogue") -> None:
    """Raise UnknownMetric, UnknownDimension or BadMetricQuery for a name this catalogue lacks.

    Give it the catalogue within the asker's grant: suggestions name nothing beyond it.
    """
    for name in (*query.metrics, *(each.metric for each in query.having)):
        catalogue.metric(name)
    for name in (*query.group_by, *(each.dimension for each in query.where)):
        base = _GRAIN.sub("", name.lower())
        if base == "metric_time":
            continue
        dimension = catalogue.dimension(base)
        for metric in map(catalogue.metric, query.metrics):
            if dimension.name not in metric.dimensions:
                accepted = ", ".join(metric.dimensions) or "time only"
                raise BadMetricQuery(
                    f"{metric.name!r} cannot be grouped or filtered by {name!r}. "
                    f"It can be by {accepted}."
                )


def check_metric_query(query: MetricQuery) -> None:
    """Raise BadMetricQuery where a query contradicts itself, whatever the platform holds."""
    if not query.metrics:
        raise BadMetricQuery("A metric query names at least one metric.")
    for part in ("metrics", "group_by", "order_by"):
        _refuse_repeats(part, getattr(query, part))
    for condition in query.where:
        _check_filter(condition)
    for having in query.having:
        if having.op not in HAVING_OPS:
            raise BadMetricQuery(_bad_op(having.op, HAVING_OPS))
    if query.limit is not None and query.limit < 1:
        raise BadMetricQuery(f"limit is a whole number of at least 1, not {query.limit}.")


def _iso(value: date) -> str:
    return (value.date() if isinstance(value, datetime) else value).isoformat()


def _whole(written: str) -> Period | None:
    """Read a whole year, quarter or month."""
    if found := _YEAR.fullmatch(written):
        return _months(int(found[1]), 1, 12)
    if found := _QUARTER.fullmatch(written):
        last = int(found[2]) * 3
        return _months(int(found[1]), last - 2, last)
    if found := _MONTH.fullmatch(written):
        return _months(int(found[1]), int(found[2]), int(found[2]))
    return None


def _months(year: int, first: int, last: int) -> Period:
    start = date(year, first, 1)
    return Period(start=start, end=date(year, last, 1) + timedelta(monthrange(year, last)[1] - 1))


def _days(written: str) -> Period:
    start, separator, end = written.partition("..")
    first = date.fromisoformat(start.strip())
    return Period(start=first, end=date.fromisoformat(end.strip()) if separator else first)


def _period(value: object) -> Period | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | date):
        raise BadMetricQuery(f"period is written as {_PERIOD_FORMS}, not {value!r}.")
    return parse_period(value)


def _limit(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise BadMetricQuery(f"limit is a whole number of at least 1, not {value!r}.")


def _refuse_unknown_keys(mapping: Mapping[str, object], known: Sequence[str], what: str) -> None:
    for key in mapping:
        if key not in known:
            close = nearest(str(key), known)
            hint = f" Did you mean {close!r}?" if close else f" It has {', '.join(known)}."
            raise BadMetricQuery(f"{key!r} is no part of {what}.{hint}")


def _names(mapping: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = mapping.get(key)
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise BadMetricQuery(f"{key} is a list of names, not {value!r}.")
    return tuple(value)


def _entries(mapping: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    value = mapping.get(key)
    if value is None:
        return []
    if not isinstance(value, list | tuple) or not all(isinstance(item, Mapping) for item in value):
        raise BadMetricQuery(f"{key} is a list of conditions, not {value!r}.")
    return list(value)


def _filter(entry: Mapping[str, object]) -> Filter:
    _refuse_unknown_keys(entry, ("dimension", "op", "values"), "a condition in where")
    values = entry.get("values")
    listed = list(values) if isinstance(values, list | tuple) else [values]
    return Filter(
        dimension=_word(entry, "dimension"),
        op=cast(FilterOp, _word(entry, "op", default="=")),
        values=tuple(_scalar(value) for value in listed) if "values" in entry else (),
    )


def _having(entry: Mapping[str, object]) -> Having:
    _refuse_unknown_keys(entry, ("metric", "op", "value"), "a condition in having")
    value = entry.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadMetricQuery(f"value of a having condition is a number, not {value!r}.")
    return Having(metric=_word(entry, "metric"), op=cast(HavingOp, _word(entry, "op")), value=value)


def _word(entry: Mapping[str, object], key: str, *, default: str | None = None) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str):
        raise BadMetricQuery(f"A condition needs {key!r} as text, not {value!r}.")
    return value


def _scalar(value: object) -> Scalar:
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise BadMetricQuery(f"A value of a condition is text, a number or a date, not {value!r}.")


def _check_filter(condition: Filter) -> None:
    op, values = condition.op, condition.values
    if op not in FILTER_OPS:
        raise BadMetricQuery(_bad_op(op, FILTER_OPS))
    wanted = 2 if op == "between" else 1
    if not values or (op not in _LIST_OPS and len(values) != wanted):
        count = "at least one value" if op in _LIST_OPS else f"{wanted} value(s)"
        advice = " Use 'in' for several." if op == "=" and len(values) > 1 else ""
        raise BadMetricQuery(
            f"{op!r} on {condition.dimension!r} takes {count}, not {len(values)}.{advice}"
        )
    if None in values and op not in {"=", "!=", *_LIST_OPS}:
        raise BadMetricQuery(f"{op!r} on {condition.dimension!r} cannot compare with no value.")


def _bad_op(op: str, known: Sequence[str]) -> str:
    return f"{op!r} is no comparison here. Use one of {', '.join(known)}."


def _refuse_repeats(part: str, names: Sequence[str]) -> None:
    bare = [name.lstrip("-").lower() for name in names]
    for name in bare:
        if bare.count(name) > 1:
            raise BadMetricQuery(f"{part} names {name!r} twice.")
