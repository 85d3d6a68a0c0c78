"""Parts of sentences: filters, periods, nouns in the plural, lists."""

from collections.abc import Sequence
from datetime import date, datetime

from assistant.present.columns import dimension_noun, find_dimension, lower_first
from assistant.present.format import format_number, format_value, unit_for
from catalogue.catalogue import Catalogue
from catalogue.model import Filter, Having, Metric, MetricQuery, Period

_OPS = {
    "=": "{0}",
    "in": "{0}",
    "!=": "not {0}",
    "not in": "not {0}",
    ">": "above {0}",
    ">=": "{0} or more",
    "<": "below {0}",
    "<=": "{0} or less",
    "between": "{0}",
}
_HAVING_OPS = {
    "=": "exactly {0}",
    "!=": "other than {0}",
    ">": "more than {0}",
    ">=": "at least {0}",
    "<": "less than {0}",
    "<=": "at most {0}",
}
_UNCHANGED = {"aircraft", "series", "species"}


def plural(noun: str, count: int = 2) -> str:
    """Return the noun as it stands after a count: airline, airlines; day of week, days of week."""
    if count == 1:
        return noun
    head, space, tail = noun.partition(" of ")
    return _plural_word(head) + space + tail


def singular(name: str, unit: str) -> str:
    """Return a counted name as it stands after 1: "cancelled flight", "airline operating"."""
    one = unit_for(1, unit)
    if unit.lower() in name.lower():
        return name.replace(unit, one)
    return name[:-1] if name.endswith("s") and " " not in name else name


def _plural_word(words: str) -> str:
    if words.split(" ")[-1].lower() in _UNCHANGED:
        return words
    if words.endswith("y") and words[-2:-1] not in "aeiou":
        return words[:-1] + "ies"
    return words + ("es" if words.endswith(("s", "x", "ch", "sh")) else "s")


def listed(words: Sequence[str], joint: str = "and") -> str:
    """Return "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def filter_phrase(condition: Filter, catalogue: Catalogue) -> str:
    """Return a condition in words: "origin JFK", "scheduled hour 17 or more"."""
    dimension = find_dimension(condition.dimension, catalogue)
    name = condition.dimension.rsplit("__", 1)[-1].replace("_", " ")
    noun = dimension_noun(dimension) if dimension else name
    values = [_filter_value(value) for value in condition.values]
    joint = "to" if condition.op == "between" else "nor" if condition.op == "not in" else "or"
    return f"{noun} {_OPS[condition.op].format(listed(values, joint))}"


def _filter_value(value: object) -> str:
    # A number in a filter is a key as often as a quantity: hour 17, year 1999, flight 1545.
    return str(value) if isinstance(value, int) else format_value(value)


def having_phrase(condition: Having, catalogue: Catalogue) -> str:
    """Return a condition on the result in words: "more than 50,000 flights"."""
    metric = catalogue.metrics_by_name.get(condition.metric.lower())
    label = lower_first(metric.label) if metric else condition.metric.replace("_", " ")
    number = format_number(condition.value, metric.unit if metric else None)
    return f"{_HAVING_OPS[condition.op].format(number)} {label}"


def scope_phrase(query: MetricQuery, catalogue: Catalogue) -> str:
    """Return what narrows the query: " in June 2013, origin JFK"; empty where nothing does."""
    period = period_phrase(query, catalogue)
    words = ", ".join([part for part in (period, *condition_phrases(query, catalogue)) if part])
    return f" {words}" if period else f", {words}" if words else ""


def condition_phrases(query: MetricQuery, catalogue: Catalogue) -> list[str]:
    """Return the conditions on dimensions in words."""
    # That a ranking leaves out rows without a group goes without saying.
    said = [each for each in query.where if (each.op, each.values) != ("!=", (None,))]
    return [filter_phrase(condition, catalogue) for condition in said]


def period_phrase(query: MetricQuery, catalogue: Catalogue) -> str:
    """Return "in June 2013"; without a period asked, what all the data spans."""
    period = query.period or data_period(query, catalogue)
    if period is None:
        return "in all data"
    return period_words(period)


def period_words(period: Period) -> str:
    """Return the period with its preposition: "in 2013", "on 4 July 2013", "from … to …"."""
    if period.start == period.end:
        return f"on {period.label}"
    return f"from {period.label}" if " to " in period.label else f"in {period.label}"


def data_period(query: MetricQuery, catalogue: Catalogue) -> Period | None:
    """Return the days that the metrics' data spans, where they are profiled."""
    for name in query.metrics:
        metric = catalogue.metrics_by_name.get(name.lower())
        if metric and (period := _profiled(metric, catalogue)):
            return period
    return None


def _profiled(metric: Metric, catalogue: Catalogue) -> Period | None:
    table_name, _, column_name = (metric.time_column or "").rpartition(".")
    table = catalogue.tables_by_name.get(table_name.lower())
    column = table.column(column_name) if table else None
    if column is None or column.profile is None:
        return None
    start, end = _day(column.profile.minimum), _day(column.profile.maximum)
    return Period(start=start, end=end) if start and end else None


def _day(text: str | None) -> date | None:
    try:
        return datetime.fromisoformat(text).date() if text else None
    except ValueError:
        return None
