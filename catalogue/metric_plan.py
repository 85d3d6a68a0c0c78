"""What of a metric query the semantic layer computes, and what happens around it.

Owns the rules for metrics that need days outside the period: a running total counts from its
start, a comparison with an earlier period needs that period. Neither may be cut by a filter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from catalogue.errors import BadMetricQuery, UnknownDimension, UnknownMetric
from catalogue.house_time import is_moved
from catalogue.metric_query import whole_periods
from catalogue.metric_sql import Literals, condition, literal
from catalogue.model import Conventions, Filter, MetricQuery, Period
from catalogue.semantic_manifest import DimensionRef, SemanticManifest

METRIC_TIME = "metric_time"
DAY_GRAINS = ("day", "week", "month", "quarter", "year")
_GRAINS = (*DAY_GRAINS, "hour", "minute", "second")


@dataclass(frozen=True, kw_only=True)
class GroupBy:
    """A name to group or filter by, resolved."""

    name: str
    """As the query says it."""
    base: str
    """Group-by name without grain, lower case."""
    grain: str | None = None
    ref: DimensionRef | None = None

    @property
    def request(self) -> str:
        """The name as the semantic layer takes it, and as it names the column."""
        return f"{self.base}__{self.grain}" if self.grain else self.base


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the semantic layer is asked for."""

    metrics: tuple[str, ...]
    group_by: tuple[GroupBy, ...]
    where: tuple[str, ...] = ()
    """Conditions with marks in place of values."""
    period: Period | None = None
    latest_by: str | None = None
    """Column of which only the latest value answers the query."""


@dataclass(frozen=True, kw_only=True)
class Planner:
    """Plans queries over one manifest; `accepted` gives the dimensions of a metric."""

    manifest: SemanticManifest
    accepted: Callable[[str], Mapping[str, DimensionRef]]
    conventions: Conventions = Conventions()

    def plan(self, query: MetricQuery, literals: Literals) -> Plan:
        """Resolve every name of a query, or raise; values go to `literals`."""
        metrics = self._metrics(query)
        plan = Plan(
            metrics=metrics,
            group_by=tuple(self._resolve(name, metrics) for name in query.group_by),
            where=tuple(self._where(each, metrics, literals) for each in query.where),
            period=query.period,
        )
        looking_back = [name for name in metrics if self.manifest.looks_back(name.lower())]
        running = [name for name in metrics if self.manifest.accumulates(name.lower())]
        moved = next((each for each in plan.group_by if self._is_moved(each)), None)
        if looking_back or running:
            if moved is not None:
                raise BadMetricQuery(
                    f"{(looking_back or running)[0]!r} is measured by the calendar: it has no "
                    f"value per {moved.grain} as the platform's conventions cut it."
                )
            self._refuse_time_cuts(query, plan, (looking_back or running)[0])
        if looking_back:
            return self._by_period(plan, looking_back[0])
        if running:
            _refuse_ragged(plan, running[0])
            return _at_the_end(plan, running)
        return _cut_to_days(plan, literals, is_moved=moved is not None)

    def _is_moved(self, group: GroupBy) -> bool:
        return is_moved(group.grain, self.conventions)

    def _metrics(self, query: MetricQuery) -> tuple[str, ...]:
        """Return the metrics asked for, then those only ordered or filtered by."""
        group_by = {name.lower() for name in query.group_by}
        ordered = [name.lstrip("-") for name in query.order_by]
        behind = [name for name in ordered if name.lower() not in group_by]
        behind += [each.metric for each in query.having]
        named: dict[str, str] = {}
        for name in (*query.metrics, *behind):
            named.setdefault(name.lower(), name)
        for folded, name in named.items():
            if folded not in self.manifest.public_names:
                raise self._no_metric(name)
        return tuple(named.values())

    def _no_metric(self, name: str) -> BadMetricQuery | UnknownMetric:
        base, _ = _split_grain(name.lower())
        if base == METRIC_TIME or self._is_known(base):
            return BadMetricQuery(f"{name!r} is no metric, and it is not in group_by.")
        return UnknownMetric(name)

    def _is_known(self, base: str) -> bool:
        return any(base in self.accepted(each) for each in self.manifest.public_names)

    def _resolve(self, name: str, metrics: tuple[str, ...]) -> GroupBy:
        """Find a name that every metric of the query accepts."""
        base, grain = _split_grain(name.lower())
        if base == METRIC_TIME:
            return GroupBy(name=name, base=base, grain=grain or "day")
        for metric in metrics:
            if base in self.accepted(metric.lower()):
                continue
            if self._is_known(base):
                raise BadMetricQuery(f"{metric!r} cannot be grouped or filtered by {name!r}.")
            raise UnknownDimension(name)
        ref = self.accepted(metrics[0].lower())[base]
        own_grain = self.manifest.grain(ref)
        if grain and not own_grain:
            raise UnknownDimension(name)
        return GroupBy(name=name, base=base, grain=grain or own_grain, ref=ref)

    def _where(self, where: Filter, metrics: tuple[str, ...], literals: Literals) -> str:
        found = self._resolve(where.dimension, metrics)
        data_type = self.manifest.data_type(found.ref) if found.ref and not found.grain else ""
        marks = [
            literals.mark(literal(value, data_type=data_type, is_time=found.grain is not None))
            for value in where.values
        ]
        reference = (
            f"TimeDimension('{found.base}', '{found.grain}')"
            if found.grain
            else f"Dimension('{found.base}')"
        )
        return condition(f"{{{{ {reference} }}}}", where, marks)

    def _refuse_time_cuts(self, query: MetricQuery, plan: Plan, metric: str) -> None:
        filtered = [self._resolve(each.dimension, plan.metrics) for each in query.where]
        grouped = [each for each in plan.group_by if each.base != METRIC_TIME]
        if any(each.grain for each in (*filtered, *grouped)):
            raise BadMetricQuery(
                f"{metric!r} needs earlier days too: limit it by period and group it by "
                f"{METRIC_TIME}, not by another time dimension."
            )

    def _by_period(self, plan: Plan, metric: str) -> Plan:
        """Group by the one grain that a metric which looks back has a value for."""
        grain = self.manifest.period_grain(metric.lower())
        grains = [each.grain for each in plan.group_by if each.base == METRIC_TIME]
        if grain and any(each != grain for each in grains):
            raise BadMetricQuery(
                f"{metric!r} has a value per {grain} only: use {METRIC_TIME}__{grain}."
            )
        count = whole_periods(plan.period, grain) if plan.period and grain else None
        if plan.period and grain and count is None:
            raise BadMetricQuery(f"{metric!r} has a value per whole {grain} only.")
        if grains:
            return plan
        if count != 1:
            raise BadMetricQuery(
                f"{metric!r} has a value per {grain or 'period'}: name one as the period, or "
                f"group by {METRIC_TIME}{f'__{grain}' if grain else ''}."
            )
        return replace(plan, group_by=(*plan.group_by, _metric_time(str(grain))))


def _ragged_grain(plan: Plan) -> str | None:
    """The grain of a grouping by time that the period cuts through, or None."""
    if plan.period is None:
        return None
    grains = [each.grain for each in plan.group_by if each.grain]
    return next((grain for grain in grains if whole_periods(plan.period, grain) is None), None)


def _refuse_ragged(plan: Plan, metric: str) -> None:
    if (grain := _ragged_grain(plan)) is not None:
        raise BadMetricQuery(f"{metric!r} has a value per whole {grain} only.")


def _cut_to_days(plan: Plan, literals: Literals, *, is_moved: bool) -> Plan:
    """Cut by days where the period cuts through a grain it is grouped by, or one that is moved.

    MetricFlow widens a time constraint to whole grains: weeks of March would count February's days.
    """
    if plan.period is None or not (is_moved or _ragged_grain(plan) is not None):
        return plan
    ends = (plan.period.start.isoformat(), plan.period.end.isoformat())
    marks = [literals.mark(literal(end, is_time=True)) for end in ends]
    days = f"{{{{ TimeDimension('{METRIC_TIME}', 'day') }}}}"
    within = Filter(dimension=METRIC_TIME, op="between", values=ends)
    return replace(plan, where=(*plan.where, condition(days, within, marks)), period=None)


def _at_the_end(plan: Plan, running: list[str]) -> Plan:
    """Without a grouping by time, a running total is its value on the last day."""
    if any(each.base == METRIC_TIME for each in plan.group_by):
        return plan
    if len(running) < len(plan.metrics):
        raise BadMetricQuery(
            f"{running[0]!r} is a running total: ask for it alone, or group by {METRIC_TIME}."
        )
    day = _metric_time("day")
    last = Period(start=plan.period.end, end=plan.period.end) if plan.period else None
    return replace(plan, group_by=(*plan.group_by, day), period=last, latest_by=day.request)


def _metric_time(grain: str) -> GroupBy:
    return GroupBy(name=f"{METRIC_TIME}__{grain}", base=METRIC_TIME, grain=grain)


def _split_grain(name: str) -> tuple[str, str | None]:
    base, separator, last = name.rpartition("__")
    return (base, last) if separator and last in _GRAINS else (name, None)
