"""What every column of a result means to a reader: its part, label, unit and grain.

Narration, charts and table headers all read results through here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import pyarrow as pa

from assistant.answer import Result
from assistant.present.format import (
    GRAINS,
    column_decimals,
    format_fiscal,
    format_number,
    format_period,
    format_quantity,
    format_value,
)
from assistant.present.rows import result_values
from catalogue.catalogue import Catalogue
from catalogue.house_time import is_moved
from catalogue.model import Dimension, Metric, MetricQuery

Part = Literal["measure", "time", "category", "other"]
_KEY_PARTS = {"name", "id", "code", "key"}
_KEY_WORDS = {"id", "key", "code", "year", "month", "day", "hour", "week", "quarter", "number"}
"""Last words of bare column names whose numbers name things instead of measuring them."""


@dataclass(frozen=True, kw_only=True)
class ResultColumn:
    """One column of a result as a reader meets it."""

    name: str
    part: Part
    label: str
    values: Sequence[Any]
    unit: str | None = None
    grain: str | None = None
    """The grain of a column of time buckets."""
    is_fiscal: bool = False
    """True where the buckets are the platform's quarters or years, not the calendar's."""
    noun: str = "row"
    """What one value of a category or time column is called: airline, month."""
    metric: Metric | None = None

    @property
    def is_change(self) -> bool:
        """True where a plus sign tells the reader something."""
        return self.metric is not None and self.metric.needs_time

    def quantity(self, row: int) -> str:
        """The measure in that row with its unit."""
        value, decimals = self.values[row], self._decimals
        return format_quantity(value, self.unit, signed=self.is_change, decimals=decimals)

    def number(self, row: int) -> str:
        """The measure in that row without its unit's word; percent keeps its sign."""
        value, decimals = self.values[row], self._decimals
        return format_number(value, self.unit, signed=self.is_change, decimals=decimals)

    @cached_property
    def _decimals(self) -> int | None:
        return column_decimals(self.values, self.unit)

    def words(self, row: int) -> str:
        """The value in that row as a reader says it."""
        if self.grain and self.is_fiscal:
            return format_fiscal(self.values[row], self.grain)
        if self.grain:
            return format_period(self.values[row], self.grain)
        value = self.values[row]
        # A number that names a group is a key, not a quantity: 2004, hour 17.
        is_key = self.part != "measure" and isinstance(value, int) and not isinstance(value, bool)
        return str(value) if is_key else format_value(value, self.unit)


def read_columns(
    result: Result, query: MetricQuery | None, catalogue: Catalogue
) -> tuple[ResultColumn, ...]:
    """Describe the columns of a result from the query that made it and the catalogue."""
    values = result_values(result)
    described = []
    for field, column in zip(result.table.schema, values, strict=True):
        metric = _metric(field.name, query, catalogue)
        if metric is not None:
            described.append(_measure(field.name, metric, column))
        else:
            described.append(_other(field, column, query, catalogue))
    return tuple(described)


def column_labels(
    result: Result, query: MetricQuery | None, catalogue: Catalogue
) -> Mapping[str, str]:
    """Return column name -> header label."""
    return {column.name: column.label for column in read_columns(result, query, catalogue)}


def column_units(
    result: Result, query: MetricQuery | None, catalogue: Catalogue
) -> Mapping[str, str]:
    """Return column name -> unit, for the columns that have one."""
    columns = read_columns(result, query, catalogue)
    return {column.name: column.unit for column in columns if column.unit}


def humanise(name: str) -> str:
    """Return a label for a bare column name: "n_flights" -> "N flights"."""
    words = name.replace("__", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else name


def lower_first(label: str) -> str:
    """Return the label as it stands inside a sentence; abbreviations keep their capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def dimension_noun(dimension: Dimension) -> str:
    """Return what one value of the dimension is called: airline, origin, day of week."""
    part = dimension.name.rsplit("__", 1)[-1]
    if part in _KEY_PARTS:
        return dimension.entity.replace("_", " ")
    return lower_first(dimension.label or humanise(part))


def split_grain(name: str) -> tuple[str, str | None]:
    """Split `metric_time__month` into its dimension and its grain."""
    head, _, tail = name.rpartition("__")
    return (head, tail) if head and tail in GRAINS else (name, None)


def find_dimension(name: str, catalogue: Catalogue) -> Dimension | None:
    """Return the dimension of a group-by name, with or without a grain."""
    known = catalogue.dimensions_by_name
    return known.get(name.lower()) or known.get(split_grain(name)[0].lower())


def _metric(name: str, query: MetricQuery | None, catalogue: Catalogue) -> Metric | None:
    found = catalogue.metrics_by_name.get(name.lower())
    if found is None or (query is not None and name in query.group_by):
        return None
    return found


def _measure(name: str, metric: Metric, values: Sequence[Any]) -> ResultColumn:
    return ResultColumn(
        name=name,
        part="measure",
        label=metric.label or humanise(name),
        values=values,
        unit=metric.unit,
        metric=metric,
    )


def _other(
    field: Any, values: Sequence[Any], query: MetricQuery | None, catalogue: Catalogue
) -> ResultColumn:
    head, grain = split_grain(field.name)
    is_time = pa.types.is_date(field.type) or pa.types.is_timestamp(field.type)
    dimension = find_dimension(field.name, catalogue)
    if is_time:
        is_fiscal = grain in ("quarter", "year") and is_moved(grain, catalogue.conventions)
        label = humanise(f"fiscal {grain}" if is_fiscal else grain or field.name)
        if dimension and head != "metric_time":
            label = dimension.label or humanise(dimension.name.rsplit("__", 1)[-1])
        return ResultColumn(
            name=field.name,
            part="time",
            label=label,
            values=values,
            grain=grain,
            is_fiscal=is_fiscal,
            noun=(f"fiscal {grain}" if is_fiscal else grain) or lower_first(label),
        )
    if dimension:
        label = dimension.label or humanise(dimension.name.rsplit("__", 1)[-1])
        return ResultColumn(
            name=field.name,
            part="category",
            label=label,
            values=values,
            noun=dimension_noun(dimension),
        )
    label = humanise(field.name)
    return ResultColumn(
        name=field.name,
        part=_part(field, query),
        label=label,
        values=values,
        noun=lower_first(label),
    )


def _part(field: Any, query: MetricQuery | None) -> Part:
    if query is not None and field.name in query.group_by:
        return "category"
    kind = field.type
    if pa.types.is_integer(kind) and field.name.lower().rsplit("_", 1)[-1] in _KEY_WORDS:
        return "category"
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return "measure"
    if pa.types.is_boolean(kind) or pa.types.is_dictionary(kind):
        return "category"
    return "category" if pa.types.is_string(kind) or pa.types.is_large_string(kind) else "other"
