"""Items -> MetricQuery. Every item must find its role; one that does not stops the assembly.

`Unread` carries the words without a role, `Ambiguous` the readings that remain.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from assistant.drafting.language import phrase_of
from assistant.drafting.periods import Span
from assistant.drafting.reading import Item, Reading
from assistant.drafting.vocabulary import ValueRef, Vocabulary
from catalogue.model import Filter, Having, Metric, MetricQuery, Period, Scalar

_RANKS = ("highest", "lowest", "best", "worst", "top", "bottom")
DOMINANCE = 1000
"""So many times the rows make one reading of a value the only sensible one."""
_LISTS = ("and", "or", "versus")
_ASKS_FOR_GROUPS = ("by", "each", "which", "compare")


class Unread(Exception):
    """These words found no role, for this reason."""

    def __init__(self, words: Iterable[str], reason: str = "", *, is_final: bool = False) -> None:
        self.words = tuple(words)
        self.is_final = is_final
        self.reason = reason
        super().__init__(reason or ", ".join(self.words))


class Ambiguous(Exception):
    """An item may mean several things that give different numbers."""

    def __init__(self, key: str, text: str, options: Sequence[str]) -> None:
        self.key = key
        self.text = text
        self.options = tuple(options)
        super().__init__(text)


@dataclass(frozen=True, kw_only=True)
class Rank:
    """Order by a metric and keep so many groups."""

    direction: str
    count: int | None
    metric: str


@dataclass
class Assembly:
    """One attempt at a reading; `choices` settles what an earlier attempt found ambiguous."""

    reading: Reading
    vocabulary: Vocabulary
    choices: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.items = [item for item in self.reading.items if not item.is_filler]
        self.used: set[int] = set()
        self.roles: dict[int, str] = {}
        self.notes: list[str] = []

    # The way through

    def query(self) -> MetricQuery:
        """Return the only query this reading allows, or raise Unread or Ambiguous."""
        if unknown := self.reading.unknown:
            raise Unread(unknown)
        self._settle_roles()
        metrics = self._metrics()
        period, period_groups = self._period()
        filters, value_groups = self._filters(metrics)
        groups = self._groups(metrics)
        for group in (*value_groups, *period_groups):
            if group not in groups:
                groups.append(group)
        having = self._having(groups)
        rank = self._rank(metrics, groups)
        self._connectors()
        self._operators(metrics, groups)
        self._all_used()
        names = self._with_needed(metrics, groups)
        self._check_cuts(names, groups, filters)
        self._check_period(metrics, period)
        return self._build(names, groups, filters, having, period, rank)

    # Roles

    def _settle_roles(self) -> None:
        for at, item in enumerate(self.items):
            self.roles[at] = self._role(at, item)

    def _role(self, at: int, item: Item) -> str:
        """The one thing an item is, by the words around it."""
        if item.period:
            return "period"
        if item.comparator:
            return "comparator"
        groupable = bool(item.dimensions or item.grain)
        if item.metrics and item.operator:
            return "ranked_metric"
        if item.metrics and not (
            groupable and self._asks_for_group(at) and not self._is_only_metric(at)
        ):
            return "metric"
        if groupable and (self._asks_for_group(at) or not item.values):
            if self._beside_its_value(at) and not self._asks_for_group(at):
                return "noun"
            return "group"
        if item.values:
            return "value"
        for kind in ("adverb", "operator", "marker", "entity"):
            if getattr(item, kind):
                return kind
        return "number" if item.number is not None else "separator"

    def _asks_for_group(self, at: int) -> bool:
        """True where the words around ask for groups: by, each, which, top 5, the busiest."""
        before = self._before_its_value(at)
        if before is None:
            return self._heads_a_condition(at)
        item = self.items[before]
        if item.operator in (*_ASKS_FOR_GROUPS, *_RANKS):
            return True
        if item.number is not None:
            earlier = self.items[before - 1].operator if before > 0 else None
            return before == 0 or earlier in (*_ASKS_FOR_GROUPS, *_RANKS)
        if item.operator == "and" or item.is_separator:
            return before > 0 and self.roles.get(before - 1) == "group"
        return False

    def _is_only_metric(self, at: int) -> bool:
        """`the most precipitation`: behind a ranking word, where nothing else could be ranked."""
        ranked = at > 0 and self.items[at - 1].operator in _RANKS
        return ranked and not any(item.metrics for item in self.items if item is not self.items[at])

    def _before_its_value(self, at: int) -> int | None:
        """The item before, past a value of the same thing: `top 5 Airbus models`."""
        before = at - 1
        own = {self._entity(name) for name in self.items[at].dimensions}
        while before >= 0 and self.items[before].values and before == at - 1 and before > 0:
            refs = {self._entity(ref.dimension) for ref in self.items[before].values}
            if not own & refs:
                break
            before -= 1
        return before if before >= 0 else None

    def _beside_its_value(self, at: int) -> bool:
        """`Boeing aircraft`, `airline United`: the noun only names what kind of value stands beside it."""
        return self._value_beside(at) is not None

    def _value_beside(self, at: int) -> int | None:
        own = {self._entity(name) for name in self.items[at].dimensions}
        for other in (at - 1, at + 1):
            if not 0 <= other < len(self.items) or not self.items[other].values:
                continue
            if own & {self._entity(ref.dimension) for ref in self.items[other].values}:
                return other
        return None

    def _entity(self, dimension: str) -> str:
        return dimension.split("__")[0]

    def _of_role(self, role: str) -> list[int]:
        return [at for at in range(len(self.items)) if self.roles[at] == role]

    # Metrics

    def _metrics(self) -> list[str]:
        at_metrics = self._of_role("metric")
        ranked = self._of_role("ranked_metric")
        named = {at: self._one_metric(at) for at in at_metrics}
        if len(at_metrics) > 1:
            self._drop_population(named)
        for at in ranked:
            if not named:
                named[at] = self._one_metric(at)
        if not named:
            raise Unread(self._texts(), "no metric was named")
        ordered = sorted(named)
        for left, right in zip(ordered, ordered[1:], strict=False):
            if not self._is_list_between(left, right) and not self._is_ranking_between(left, right):
                raise Unread([self.items[right].text], "two metrics without a word that joins them")
        self.used.update(ordered)
        return list(dict.fromkeys(named[at] for at in ordered))

    def _one_metric(self, at: int) -> str:
        names = self.items[at].metrics
        if len(names) == 1:
            return names[0]
        key = f"metric:{at}"
        if key in self.choices:
            return self.choices[key]
        raise Ambiguous(key, self.items[at].text, names)

    def _drop_population(self, named: dict[int, str]) -> None:
        """`on-time rate of flights`: the flights are what the rate is of, not a second number."""
        for at in list(named):
            item = self.items[at]
            others = [other for other in named if other != at]
            if not others or item.phrase not in self.vocabulary.entities:
                continue
            if self._joined_to_a_metric(at) or self.roles.get(at - 1) in ("comparator", "number"):
                continue
            if any(self._shares_tables(named[at], named[other]) for other in others):
                del named[at]
                self.used.add(at)

    def _joined_to_a_metric(self, at: int) -> bool:
        neighbours = [other for other in (at - 1, at + 1) if 0 <= other < len(self.items)]
        return any(
            self.items[other].operator in (*_LISTS, *_RANKS) or self.items[other].is_separator
            for other in neighbours
            if not self._separates_clauses(other)
        )

    def _separates_clauses(self, at: int) -> bool:
        """A comma that does not stand between two metrics."""
        sides = [self.roles.get(at - 1), self.roles.get(at + 1)]
        return self.items[at].is_separator and sides != ["metric", "metric"]

    def _shares_tables(self, left: str, right: str) -> bool:
        first, second = self.vocabulary.metric(left), self.vocabulary.metric(right)
        return bool(set(first.tables) & set(second.tables))

    def _is_list_between(self, left: int, right: int) -> bool:
        between = range(left + 1, right)
        return bool(between) and all(
            self.items[at].operator in ("and", "versus") or self.items[at].is_separator
            for at in between
        )

    def _is_ranking_between(self, left: int, right: int) -> bool:
        """`number of flights of the airlines with the highest on-time rate` is not a list."""
        return False

    # Periods

    def _period(self) -> tuple[Period | None, list[str]]:
        found = self._of_role("period")
        spans = [span for at in found if (span := self.items[at].period) is not None]
        self.used.update(found)
        if len(spans) < 2:
            return (spans[0].period if spans else None), []
        return self._joined_periods(found, spans)

    def _joined_periods(
        self, found: list[int], spans: list[Span]
    ) -> tuple[Period | None, list[str]]:
        """`June versus July`: neighbours become one range, grouped by their grain."""
        for left, right in zip(found, found[1:], strict=False):
            if not self._is_list_between(left, right):
                raise Unread([self.items[right].text], "two periods without a word that joins them")
        ordered = sorted(spans, key=lambda span: span.period.start)
        for left_span, right_span in zip(ordered, ordered[1:], strict=False):
            gap = right_span.period.start - left_span.period.end
            if gap != timedelta(days=1) or left_span.grain != right_span.grain:
                raise Unread(
                    [self.items[at].text for at in found],
                    "periods are compared only where they are neighbours",
                )
        whole = Period(start=ordered[0].period.start, end=ordered[-1].period.end)
        return whole, [f"metric_time__{ordered[0].grain}"]

    # Filters

    def _filters(self, metrics: Sequence[str]) -> tuple[list[Filter], list[str]]:
        lists = self._value_lists()
        filters: list[Filter] = []
        groups: list[str] = []
        for positions in lists:
            dimension, values = self._settled_values(positions, metrics)
            negated = self._is_negated(positions[0])
            filters.append(_filter(dimension, values, negated=negated))
            if len(positions) > 1 and not negated and self._wants_each(positions, dimension):
                groups.append(dimension)
            self.used.update(positions)
        filters += self._numbered_values(metrics)
        named = [each.dimension for each in filters]
        if len(set(named)) < len(named):
            raise Unread(self._texts("value"), "two conditions on the same thing")
        return filters, groups

    def _value_lists(self) -> list[list[int]]:
        """Positions of values, those joined by and, or, versus or a comma together."""
        lists: list[list[int]] = []
        for at in self._of_role("value"):
            if lists and self._is_value_list_between(lists[-1][-1], at):
                lists[-1].append(at)
            else:
                lists.append([at])
        return lists

    def _is_value_list_between(self, left: int, right: int) -> bool:
        between = [at for at in range(left + 1, right) if self.roles[at] not in ("noun", "marker")]
        if not between or not all(
            self.items[at].operator in _LISTS or self.items[at].is_separator for at in between
        ):
            return False
        shared = {ref.dimension for ref in self.items[left].values} & {
            ref.dimension for ref in self.items[right].values
        }
        return bool(shared)

    def _settled_values(
        self, positions: Sequence[int], metrics: Sequence[str]
    ) -> tuple[str, list[str]]:
        allowed = self._allowed_dimensions(metrics)
        per_item = [self._refs(at, allowed) for at in positions]
        shared = set.intersection(*({ref.dimension for ref in refs} for refs in per_item))
        if not shared:
            raise Unread([self.items[at].text for at in positions], "no such value here")
        rows = {
            name: sum(
                self.vocabulary.rows_of(ref.dimension, ref.value)
                for refs in per_item
                for ref in refs
                if ref.dimension == name
            )
            for name in sorted(shared)
        }
        dimension = self._one_dimension(positions[0], rows)
        values = [
            next(ref.value for ref in refs if ref.dimension == dimension) for refs in per_item
        ]
        return dimension, list(dict.fromkeys(values))

    def _allowed_dimensions(self, metrics: Sequence[str]) -> set[str]:
        return set.intersection(*(set(self.vocabulary.metric(name).dimensions) for name in metrics))

    def _refs(self, at: int, allowed: set[str]) -> list[ValueRef]:
        """The values an item may mean, given the marker before it and what the metrics can be cut by."""
        refs = [ref for ref in self.items[at].values if ref.dimension in allowed]
        marked = self._marker_before(at)
        if marked is not None:
            refs = [ref for ref in refs if ref.dimension in marked]
        beside = next(
            (other for other in (at - 1, at + 1) if self.roles.get(other) == "noun"), None
        )
        if beside is not None and self._value_beside(beside) == at:
            entities = {self._entity(name) for name in self.items[beside].dimensions}
            named = [ref for ref in refs if ref.dimension in self.items[beside].dimensions]
            refs = named or [ref for ref in refs if self._entity(ref.dimension) in entities]
            self.used.add(beside)
        if not refs:
            raise Unread([self.items[at].text], "no such value in that role")
        return refs

    def _marker_before(self, at: int) -> tuple[str, ...] | None:
        before = at - 1
        while before >= 0 and self.roles[before] == "noun":
            before -= 1
        if before < 0 or self.roles[before] != "marker":
            return None
        self.used.add(before)
        return self.items[before].marker

    def _one_dimension(self, at: int, rows: Mapping[str, int]) -> str:
        """The dimension these values belong to: the only one, or the one nearly all rows have them in."""
        first, *others = sorted(rows, key=lambda name: -rows[name])
        if not others:
            return first
        if all(
            rows[name] == rows[first] and self._entity(name) == self._entity(first)
            for name in others
        ):
            return first
        if rows[first] >= DOMINANCE * rows[others[0]]:
            label = self.vocabulary.catalogue.dimension(first).label.lower()
            self.notes.append(f"Read {self.items[at].text!r} as {label}.")
            return first
        key = f"value:{at}"
        if key in self.choices:
            return self.choices[key]
        raise Ambiguous(key, self.items[at].text, sorted(rows))

    def _is_negated(self, at: int) -> bool:
        before = at - 1
        while before >= 0 and self.roles[before] in ("noun", "marker"):
            before -= 1
        if before >= 0 and self.items[before].operator == "not":
            self.used.add(before)
            return True
        return False

    def _wants_each(self, positions: Sequence[int], dimension: str) -> bool:
        """Whether a list of values asks for one number each; where that is open, ask back."""
        joints = {
            self.items[at].operator
            for at in range(positions[0] + 1, positions[-1])
            if self.items[at].operator in _LISTS
        }
        grouped = any(dimension in self.items[at].dimensions for at in self._of_role("group"))
        if grouped or "or" in joints:
            return False
        if "versus" in joints or any(item.operator == "compare" for item in self.items):
            return True
        key = f"each:{positions[0]}"
        if key in self.choices:
            return self.choices[key] == "each"
        names = " and ".join(self.items[at].text for at in positions)
        raise Ambiguous(key, names, ("each", "together"))

    def _numbered_values(self, metrics: Sequence[str]) -> list[Filter]:
        """`flight number 1545`, `hour 8`: a number right behind the dimension it is a value of."""
        filters: list[Filter] = []
        for at in self._of_role("number"):
            item = self.items[at]
            noun = at - 1
            if noun < 0 or not self.items[noun].dimensions or item.number is None:
                continue
            if self.roles[noun] == "group" and self._asks_for_group(noun) and noun > 0:
                continue
            text = f"{item.number:g}"
            held = [
                name for name in self.items[noun].dimensions if self.vocabulary.rows_of(name, text)
            ]
            if len(held) == 1 and held[0] in self._allowed_dimensions(metrics):
                self.roles[noun] = "noun"
                self.used.update((at, noun))
                filters.append(Filter(dimension=held[0], op="=", values=(_number(item.number),)))
        return filters

    # Groups

    def _groups(self, metrics: Sequence[str]) -> list[str]:
        groups: list[str] = []
        allowed = self._allowed_dimensions(metrics)
        for at in self._of_role("group"):
            if at in self.used:
                continue
            if not self._asks_for_group(at):
                raise Unread([self.items[at].text], "it is not clear what this asks for")
            groups += [name for name in self._group_names(at, allowed) if name not in groups]
            self.used.add(at)
        for at in self._of_role("adverb"):
            groups.append(f"metric_time__{self.items[at].adverb}")
            self.used.add(at)
        if any(item.operator == "trend" for item in self.items) and not groups:
            groups.append("metric_time__month")
        return groups

    def _heads_a_condition(self, at: int) -> bool:
        """`airlines with more than 50,000 flights`, `the airline with the most flights`."""
        if at + 1 >= len(self.items):
            return False
        after = self.items[at + 1]
        if after.operator == "by":
            return at + 2 < len(self.items) and bool(self.items[at + 2].metrics)
        has_threshold = after.metrics and at + 2 < len(self.items) and self.items[at + 2].comparator
        return bool(after.comparator or after.operator in _RANKS or has_threshold)

    def _group_names(self, at: int, allowed: set[str]) -> list[str]:
        item = self.items[at]
        if item.dimensions:
            usable = [name for name in item.dimensions if name in allowed]
            if not usable:
                labels = ", ".join(
                    self.vocabulary.catalogue.dimension(name).label for name in item.dimensions
                )
                raise Unread([item.text], f"this cannot be cut by {labels.lower()}")
            return usable
        return [f"metric_time__{item.grain}"]

    # Conditions on the result

    def _having(self, groups: Sequence[str]) -> list[Having]:
        found: list[Having] = []
        for at in self._of_role("comparator"):
            number_at = at + 1
            if number_at >= len(self.items) or self.items[number_at].number is None:
                raise Unread([self.items[at].text], "a comparison needs a number")
            if not groups:
                raise Unread(
                    [self.items[at].text, self.items[number_at].text], "a threshold needs groups"
                )
            metric_at = self._compared_metric(at)
            metric = self.vocabulary.metric(self._one_metric(metric_at))
            value = self._threshold(number_at, metric)
            found.append(Having(metric=metric.name, op=self.items[at].comparator, value=value))  # type: ignore[arg-type]
            self.used.update((at, number_at))
        return found

    def _compared_metric(self, at: int) -> int:
        """The metric right behind the number, or right before the comparison."""
        after, before = at + 2, at - 1
        is_metric = ("metric", "ranked_metric")
        if after < len(self.items) and self.roles[after] in is_metric:
            return after
        if before >= 0 and self.roles[before] in is_metric:
            return before
        raise Unread([self.items[at].text], "it is not clear what is compared")

    def _threshold(self, at: int, metric: Metric) -> float | int:
        item = self.items[at]
        assert item.number is not None
        is_percent = item.unit == "%"
        if metric.unit == "share":
            if item.unit not in ("", "%") or (not is_percent and item.number > 1):
                raise Unread([item.text], "a share is compared with a percentage")
            return item.number / 100 if is_percent else item.number
        if item.unit and phrase_of(item.unit) != phrase_of(metric.unit or ""):
            raise Unread([item.text], f"{metric.label} is not in that unit")
        return _number(item.number)

    # Ranking

    def _rank(self, metrics: Sequence[str], groups: Sequence[str]) -> Rank | None:
        found = [at for at, item in enumerate(self.items) if item.operator in _RANKS]
        if not found:
            return self._ordered_by(metrics, groups)
        if len(found) > 1 or not groups:
            raise Unread([self.items[at].text for at in found], "a ranking needs groups to rank")
        at = found[0]
        if not self._ranks_something(at):
            raise Unread([self.items[at].text], "it is not clear what is ranked")
        metric = self._ranked_metric(at, metrics)
        direction = self._direction(self.items[at], metric)
        self.used.add(at)
        count = self._rank_count(at)
        if count is None and self._wants_many(at):
            key = f"count:{at}"
            if key not in self.choices:
                raise Ambiguous(key, self.items[at].text, ("1", "5"))
            count = int(self.choices[key])
        return Rank(direction=direction, count=count or 1, metric=metric.name)

    def _ordered_by(self, metrics: Sequence[str], groups: Sequence[str]) -> Rank | None:
        """`airlines by flights`: every group, the highest first."""
        for at, item in enumerate(self.items):
            if item.operator == "by" and self.roles.get(at + 1) == "metric" and at > 0:
                if self.roles.get(at - 1) != "group" or len(metrics) != 1:
                    raise Unread([item.text], "it is not clear what is ordered")
                self.used.add(at)
                return Rank(direction="desc", count=None, metric=metrics[0])
        return None

    def _ranks_something(self, at: int) -> bool:
        """A ranking word must stand at its group, at its metric, or close the question."""
        nearby = {self.roles.get(at + 1), self.roles.get(at - 1)}
        group_by_word = any(
            self.items[before].operator in ("by", "each")
            for group in self._of_role("group")
            if (before := group - 1) >= 0
        )
        return not group_by_word and bool(
            nearby & {"metric", "group", "number"} or self.items[at].metrics
        )

    def _ranked_metric(self, at: int, metrics: Sequence[str]) -> Metric:
        names = self.items[at].metrics
        if names:
            metric = self.vocabulary.metric(self._one_metric(at))
            if metric.name not in metrics:
                raise Unread([self.items[at].text], "two rankings in one question")
            return metric
        beside = [other for other in (at + 1, at - 1) if self.roles.get(other) == "metric"]
        if beside:
            metric = self.vocabulary.metric(self._one_metric(beside[0]))
            self._check_spelled_out(beside[0], metric)
            return metric
        if len(metrics) != 1:
            raise Unread([self.items[at].text], "it is not clear which metric ranks")
        for position in self._of_role("metric"):
            self._check_spelled_out(position, self.vocabulary.metric(metrics[0]))
            before = position - 1
            if before >= 0 and self.items[before].operator == "by":
                self.used.add(before)
        return self.vocabulary.metric(metrics[0])

    def _check_spelled_out(self, at: int, metric: Metric) -> None:
        """`the highest departure delay` is one flight's; only `average departure delay` ranks groups."""
        if metric.additive or metric.unit == "share" or metric.kind in ("ratio", "derived"):
            return
        first = metric.label.split()[0].lower()
        aggregates = {"average", "median"}
        said = set(self.items[at].phrase)
        if first in aggregates and first not in said:
            raise Unread(
                [self.items[at].text], f"the {metric.label.lower()} or the highest single value"
            )

    def _direction(self, item: Item, metric: Metric) -> str:
        if item.operator in ("highest", "top"):
            return "desc"
        if item.operator in ("lowest", "bottom"):
            return "asc"
        if metric.better == "neutral":
            raise Unread(
                [item.text], f"nobody has said whether more {metric.label.lower()} is better"
            )
        wants_high = (metric.better == "higher") == (item.operator == "best")
        return "desc" if wants_high else "asc"

    def _rank_count(self, at: int) -> int | None:
        """The number beside the ranking word, or beside the group it ranks."""
        places = [at - 1, at + 1] + [group - 1 for group in self._of_role("group")]
        for place in places:
            if self.roles.get(place) != "number" or place in self.used:
                continue
            number = self.items[place].number
            if number is None or number != int(number) or not 1 <= number <= 10_000:
                raise Unread([self.items[place].text], "a ranking needs a whole number")
            self.used.add(place)
            return int(number)
        return None

    def _wants_many(self, at: int) -> bool:
        return self.items[at].operator in ("top", "bottom") or any(
            self.items[group].is_plural for group in self._of_role("group")
        )

    # What is left over

    def _connectors(self) -> None:
        """`and`, `versus` and commas are used up where both sides are of one kind."""
        kinds = {"metric", "value", "group", "period", "adverb"}
        for at, item in enumerate(self.items):
            if item.is_separator:
                self.used.add(at)
            if item.operator not in _LISTS:
                continue
            left, right = self._kind_towards(at, -1), self._kind_towards(at, +1)
            if left == right and left in kinds:
                self.used.add(at)

    def _kind_towards(self, at: int, step: int) -> str | None:
        """The role beside a connector, past separators, nouns, markers and grouping words."""
        at += step
        passing = ("separator", "noun", "marker")
        while 0 <= at < len(self.items) and (
            self.roles[at] in passing or self.items[at].operator in ("by", "each", "and")
        ):
            at += step
        return self.roles.get(at)

    def _operators(self, metrics: Sequence[str], groups: Sequence[str]) -> None:
        for at, item in enumerate(self.items):
            if (
                item.operator
                and at not in self.used
                and self._operator_fits(at, item.operator, metrics, groups)
            ):
                self.used.add(at)

    def _operator_fits(
        self, at: int, name: str, metrics: Sequence[str], groups: Sequence[str]
    ) -> bool:
        after = self.roles.get(at + 1)
        found = [self.vocabulary.metric(metric) for metric in metrics]
        if name in ("by", "each"):
            return after in ("group", "adverb") or (
                after == "number" and self.roles.get(at + 2) == "group"
            )
        if name == "which":
            return True
        if name == "how_many":
            return after in ("metric", "value", "marker") and all(
                _counts(metric) or metric.needs_time for metric in found
            )
        if name == "total":
            return after in ("metric", "value", None) and all(metric.additive for metric in found)
        if name == "overall":
            return not groups
        if name == "all":
            return after in ("metric", "period", "entity")
        if name == "only":
            return "value" in (after, self.roles.get(at - 1)) or after == "marker"
        if name in ("compare", "break_down", "trend"):
            return bool(groups)
        return False

    def _all_used(self) -> None:
        entities = [at for at in self._of_role("entity") if self._is_population(at)]
        self.used.update(entities)
        left = [self.items[at].text for at in range(len(self.items)) if at not in self.used]
        if left:
            raise Unread(left)

    def _is_population(self, at: int) -> bool:
        """An entity's noun beside a value of that entity, or behind `all`."""
        entity = self.items[at].entity
        for other in (at - 1, at + 1):
            if 0 <= other < len(self.items) and any(
                self._entity(ref.dimension) == entity for ref in self.items[other].values
            ):
                return True
        return False

    # Building

    def _with_needed(self, metrics: Sequence[str], groups: list[str]) -> list[str]:
        """Add the month that a metric by period needs."""
        for name in metrics:
            metric = self.vocabulary.metric(name)
            grain = metric.period_grain or "month"
            times = [group for group in groups if group.startswith("metric_time__")]
            if metric.needs_time and not times:
                groups.insert(0, f"metric_time__{grain}")
            elif metric.period_grain and times and times != [f"metric_time__{metric.period_grain}"]:
                raise Unread([metric.label], f"it has a value by {metric.period_grain} only")
        return list(metrics)

    def _check_cuts(
        self, metrics: Sequence[str], groups: Sequence[str], filters: Sequence[Filter]
    ) -> None:
        allowed = self._allowed_dimensions(metrics)
        for name in (*groups, *(each.dimension for each in filters)):
            if not name.startswith("metric_time__") and name not in allowed:
                label = self.vocabulary.catalogue.dimension(name).label
                raise Unread(
                    [label], f"{self.vocabulary.metric(metrics[0]).label} cannot be cut by it"
                )

    def _check_period(self, metrics: Sequence[str], period: Period | None) -> None:
        """A period outside the data gets a no, not a zero."""
        if period is None:
            return
        for name in metrics:
            held = self.vocabulary.data_range(self.vocabulary.metric(name))
            if held is None:
                continue
            outside = period.end < held.start or period.start > held.end
            begins_early = period.start.year < held.start.year
            ends_late = period.end.year > held.end.year
            if outside or begins_early or ends_late:
                raise Unread([period.label], f"the data covers {held.label}", is_final=True)

    def _build(
        self,
        metrics: Sequence[str],
        groups: Sequence[str],
        filters: Sequence[Filter],
        having: Sequence[Having],
        period: Period | None,
        rank: Rank | None,
    ) -> MetricQuery:
        order: tuple[str, ...] = ()
        limit = None
        names = list(metrics)
        if rank is not None:
            order = (f"-{rank.metric}" if rank.direction == "desc" else rank.metric,)
            limit = rank.count
            basis = self.vocabulary.metric(rank.metric).basis
            if (
                basis
                and basis not in names
                and basis.lower() in self.vocabulary.catalogue.metrics_by_name
            ):
                names.append(basis)
        elif times := [group for group in groups if group.startswith("metric_time__")]:
            order = tuple(times)
        elif groups and len(groups) <= 2:
            order = (f"-{metrics[0]}",)
        return MetricQuery(
            metrics=tuple(names),
            group_by=tuple(groups),
            where=tuple(filters),
            having=tuple(having),
            period=period,
            order_by=order,
            limit=limit,
        )

    def _texts(self, role: str | None = None) -> list[str]:
        return [
            item.text
            for at, item in enumerate(self.items)
            if role is None or self.roles.get(at) == role
        ]


def _counts(metric: Metric) -> bool:
    """True where `how many` may ask for it."""
    return metric.unit not in ("share", "minutes", None) and not metric.label.lower().startswith(
        "average"
    )


def _filter(dimension: str, values: Sequence[str], *, negated: bool) -> Filter:
    bound: tuple[Scalar, ...] = tuple(values)
    if len(values) == 1:
        return Filter(dimension=dimension, op="!=" if negated else "=", values=bound)
    return Filter(dimension=dimension, op="not in" if negated else "in", values=bound)


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value
