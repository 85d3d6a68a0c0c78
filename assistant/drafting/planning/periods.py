"""Words for time -> Period: "in June", "last quarter", "between 3 March and 5 May", "on 4 July".

A month or day without a year is the latest one that has begun by the clock. "Last month" and its
like are the last completed one. Whatever is not understood in full is not understood at all.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from assistant.drafting.planning.language import Token, number_of
from assistant.drafting.planning.time_words import (
    FISCAL,
    GRAINS,
    HOLIDAYS,
    ORDINALS,
    Grain,
    day_number,
    is_year_named,
    month_at,
    year_at,
)
from catalogue.model import Conventions, Period


@dataclass(frozen=True, kw_only=True)
class Span:
    """A period that was read, and the token after it."""

    period: Period
    end: int
    grain: Grain
    """The unit it was said in: `June` is a month."""
    is_open: Literal["start", "end"] | None = None
    """The side that was not said: the end of `since March`, the start of `until June`."""


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Reads periods against a clock."""

    today: date
    conventions: Conventions = Conventions()

    def read(self, tokens: Sequence[Token], start: int) -> Span | None:
        """Return the longest period that begins at `start`, or None."""
        words = [token.word for token in tokens]
        found = [
            span
            for reader in (
                self._range,
                self._open_ended,
                self._relative,
                self._part_of_year,
                self._single,
            )
            if (span := reader(tokens, words, start)) is not None
        ]
        longest = max(found, key=lambda span: span.end, default=None)
        if longest is None or not self._is_fiscal:
            return longest
        return replace(longest, period=replace(longest.period, is_fiscal=True))

    @property
    def _is_fiscal(self) -> bool:
        return self.conventions.fiscal_year_start != 1

    # Single periods

    def _single(self, tokens: Sequence[Token], words: Sequence[str], at: int) -> Span | None:
        for reader in (self._iso_day, self._day_and_month, self._month, self._quarter, self._year):
            if (span := reader(tokens, words, at)) is not None:
                return span
        return None

    def _iso_day(self, tokens: Sequence[Token], words: Sequence[str], at: int) -> Span | None:
        try:
            day = date.fromisoformat(tokens[at].raw)
        except (IndexError, ValueError):
            return self._holiday(words, at)
        return Span(period=Period(start=day, end=day), end=at + 1, grain="day")

    def _holiday(self, words: Sequence[str], at: int) -> Span | None:
        """The few days that have the same name and date wherever English is spoken."""
        for phrase, (month, day) in HOLIDAYS.items():
            if tuple(words[at : at + len(phrase)]) == phrase:
                return self._day_span(None, month, day, at + len(phrase))
        return None

    def _day_and_month(self, tokens: Sequence[Token], words: Sequence[str], at: int) -> Span | None:
        """`3 March`, `3rd of March`, `March 3`, `March 3rd`, each with an optional year."""
        if (number := day_number(tokens, at)) is not None:
            after = at + 2 if words[at + 1 : at + 2] == ["of"] else at + 1
            month = month_at(tokens, after)
            end = after + 1
        else:
            month = month_at(tokens, at)
            number = day_number(tokens, at + 1)
            end = at + 2
        if month is None or number is None:
            return None
        year, end = self._optional_year(tokens, end)
        return self._day_span(year, month, number, end)

    def _day_span(self, year: int | None, month: int, day: int, end: int) -> Span | None:
        try:
            chosen = date(year or self.today.year, month, day)
            if year is None and chosen > self.today:
                chosen = date(self.today.year - 1, month, day)
        except ValueError:
            return None
        return Span(period=Period(start=chosen, end=chosen), end=end, grain="day")

    def _month(self, tokens: Sequence[Token], words: Sequence[str], at: int) -> Span | None:
        start = at + 3 if words[at : at + 3] == ["the", "month", "of"] else at
        start = start + 2 if words[start : start + 2] == ["month", "of"] else start
        month = month_at(tokens, start)
        if month is None:
            return None
        year, end = self._optional_year(tokens, start + 1)
        if end == start + 1 and day_number(tokens, end) is not None:
            return None  # "June 32" is no day, and not June either
        chosen = year or (self.today.year if month <= self.today.month else self.today.year - 1)
        return Span(period=_month_period(chosen, month), end=end, grain="month")

    def _quarter(self, tokens: Sequence[Token], words: Sequence[str], at: int) -> Span | None:
        """`Q2`, `2nd quarter`, `the second quarter of 2013`."""
        number, end = None, at
        if (
            len(word := words[at] if at < len(words) else "") == 2
            and word[0] == "q"
            and word[1] in "1234"
        ):
            number, end = int(word[1]), at + 1
        else:
            start = at + 1 if words[at : at + 1] == ["the"] else at
            if words[start + 1 : start + 2] == ["quarter"] and words[start] in ORDINALS:
                number, end = ORDINALS[words[start]], start + 2
        if number is None or number < 1:
            return None
        year, end = self._optional_year(tokens, end)
        shift = (
            (self.conventions.fiscal_year_start - 1)
            if self.conventions.fiscal_year_start > 1
            else 0
        )
        chosen = year or self.today.year
        period = _months_period(chosen, 3 * number - 2 + shift, 3)
        if year is None and period.start > self.today:
            period = _months_period(chosen - 1, 3 * number - 2 + shift, 3)
        return Span(period=period, end=end, grain="quarter")

    def _year(self, tokens: Sequence[Token], words: Sequence[str], at: int) -> Span | None:
        start = at + 1 if words[at : at + 1] == ["year"] else at
        start = start + 1 if start > at and words[start : start + 1] == ["of"] else start
        year = year_at(tokens, start)
        if year is None or (self._is_fiscal and _is_called_fiscal(words, at)):
            return None  # a fiscal year is named after its first or its last day
        return Span(period=_months_period(year, 1, 12), end=start + 1, grain="year")

    # Parts, ranges and relative periods

    def _part_of_year(self, tokens: Sequence[Token], words: Sequence[str], at: int) -> Span | None:
        """`the first half of 2013`, `H1`, `second half of the year`."""
        start = at + 1 if words[at : at + 1] == ["the"] else at
        half, end = None, at
        if words[start : start + 1] in (["h1"], ["h2"]):
            half, end = int(words[start][1]), start + 1
        elif words[start + 1 : start + 2] == ["half"] and ORDINALS.get(words[start], 0) in (1, 2):
            half, end = ORDINALS[words[start]], start + 2
        if half is None or self._is_fiscal:
            return None
        year, end = self._optional_year(tokens, end)
        for tail in (["of", "the", "year"], ["of", "this", "year"]):
            if year is None and words[end : end + 3] == tail:
                year, end = self.today.year, end + 3
        if year is None and month_at(tokens, end + 1) is not None:
            return None  # half of a month
        if words[end : end + 2] and words[end] == "of" and year is None:
            return None
        return Span(
            period=_months_period(year or self.today.year, 6 * half - 5, 6), end=end, grain="month"
        )

    def _range(self, tokens: Sequence[Token], words: Sequence[str], at: int) -> Span | None:
        """`between A and B`, `from A to B`, `A to B`, `A through B`."""
        opener = words[at] if at < len(words) else ""
        joints = {"between": {"and"}, "from": {"to", "until", "till", "through"}}.get(opener)
        start = at + 1 if joints else at
        joints = joints or {"to", "until", "till", "through"}
        left = self._single(tokens, words, start)
        if left is None:
            left = self._bare_day(tokens, words, start, joints)
        if left is None or words[left.end : left.end + 1] == [] or words[left.end] not in joints:
            return None
        right = self._single(tokens, words, left.end + 1)
        if right is None or (left.grain != right.grain and "day" in (left.grain, right.grain)):
            return None
        first, last = left.period.start, right.period.end
        if not is_year_named(tokens[start : left.end]):
            named = is_year_named(tokens[left.end : right.end])
            first = _in_the_year_of(first, last, named=named)
        if first > last:
            return None
        return Span(period=Period(start=first, end=last), end=right.end, grain=left.grain)

    def _bare_day(
        self, tokens: Sequence[Token], words: Sequence[str], at: int, joints: set[str]
    ) -> Span | None:
        """The `3` of `3 to 5 March`: a day whose month stands behind the joint."""
        number = day_number(tokens, at)
        if number is None or at + 1 >= len(words) or words[at + 1] not in joints:
            return None
        right = self._day_and_month(tokens, words, at + 2)
        if right is None or number > right.period.start.day:
            return None
        day = right.period.start.replace(day=number)
        return Span(period=Period(start=day, end=day), end=at + 1, grain="day")

    def _open_ended(self, tokens: Sequence[Token], words: Sequence[str], at: int) -> Span | None:
        """`since March`, `after 3 May`, `before June`, `until the end of`."""
        opener = words[at] if at < len(words) else ""
        if opener not in ("since", "after", "before", "until", "till", "through"):
            return None
        span = self._single(tokens, words, at + 1)
        if span is None:
            return None
        if opener in ("since", "after"):
            begin = span.period.start if opener == "since" else span.period.end + timedelta(days=1)
            if begin > self.today:
                return None
            period = Period(start=begin, end=self.today)
            return Span(period=period, end=span.end, grain=span.grain, is_open="end")
        year_start = self._containing(span.period.start, "year").start
        last = span.period.start - timedelta(days=1) if opener == "before" else span.period.end
        if last < year_start or span.grain == "year":
            return None  # reaches back beyond a year that was named by nobody
        period = Period(start=year_start, end=last)
        return Span(period=period, end=span.end, grain=span.grain, is_open="start")

    def _relative(self, tokens: Sequence[Token], words: Sequence[str], at: int) -> Span | None:
        start = at + 1 if words[at : at + 1] == ["the"] else at
        rest = words[start:]
        if rest[1:2] and rest[1] in FISCAL and rest[2:3] in (["year"], ["quarter"]):
            found = self._relative(*_without(tokens, words, start + 1), start)
            return replace(found, end=found.end + 1) if found else None
        if rest[:1] in (["today"], ["yesterday"]):
            day = self.today - timedelta(days=int(rest[0] == "yesterday"))
            return Span(period=Period(start=day, end=day), end=start + 1, grain="day")
        if rest[:3] == ["year", "to", "date"] or rest[:1] == ["ytd"]:
            period = Period(start=self._containing(self.today, "year").start, end=self.today)
            return Span(period=period, end=start + (3 if rest[0] == "year" else 1), grain="year")
        if rest[:1] in (["whole"], ["entire"], ["full"]) and rest[1:2] == ["year"]:
            whole = self._containing(self.today, "year")
            return Span(period=whole, end=start + 2, grain="year")
        if (
            words[at : at + 1] == ["the"]
            and rest[:1] == ["year"]
            and year_at(tokens, start + 1) is None
        ):
            whole = self._containing(self.today, "year")
            return Span(period=whole, end=start + 1, grain="year")
        if not rest or rest[0] not in ("last", "previous", "past", "this", "current"):
            return None
        if len(rest) > 1 and rest[1] in GRAINS:
            return self._neighbour(rest[0], GRAINS[rest[1]], start + 2)
        count = number_of(tokens[start + 1]) if len(rest) > 2 else None
        if (
            count is None
            or rest[0] in ("this", "current")
            or rest[2] not in GRAINS
            or count != int(count)
        ):
            return None
        return self._last_n(int(count), GRAINS[rest[2]], start + 3)

    def _neighbour(self, which: str, grain: Grain, end: int) -> Span | None:
        current = self._containing(self.today, grain)
        if which in ("this", "current"):
            return Span(period=current, end=end, grain=grain)
        before = self._containing(current.start - timedelta(days=1), grain)
        return Span(period=before, end=end, grain=grain)

    def _last_n(self, count: int, grain: Grain, end: int) -> Span | None:
        """The last n days end today; of longer units, the last n completed ones."""
        if not 1 <= count <= 1000:
            return None
        if grain == "day":
            first = self.today - timedelta(days=count - 1)
            return Span(period=Period(start=first, end=self.today), end=end, grain=grain)
        current = self._containing(self.today, grain)
        last = current.start - timedelta(days=1)
        first = current.start
        for _ in range(count):
            first = self._containing(first - timedelta(days=1), grain).start
        return Span(period=Period(start=first, end=last), end=end, grain=grain)

    def _containing(self, day: date, grain: Grain) -> Period:
        """The period of that grain which the day falls in."""
        if grain == "day":
            return Period(start=day, end=day)
        if grain == "week":
            offset = (day.weekday() + (1 if self.conventions.week_start == "sunday" else 0)) % 7
            start = day - timedelta(days=offset)
            return Period(start=start, end=start + timedelta(days=6))
        if grain == "month":
            return _month_period(day.year, day.month)
        shift = self.conventions.fiscal_year_start - 1
        if grain == "quarter":
            months = (day.year * 12 + day.month - 1 - shift) // 3 * 3 + shift
            return _months_period(months // 12, months % 12 + 1, 3)
        months = (day.year * 12 + day.month - 1 - shift) // 12 * 12 + shift
        return _months_period(months // 12, months % 12 + 1, 12)

    def _optional_year(self, tokens: Sequence[Token], at: int) -> tuple[int | None, int]:
        """A year right after, after a comma, or after `of`; and where reading goes on."""
        skip = at
        if skip < len(tokens) and tokens[skip].word in (",", "of", "in"):
            skip += 1
        year = year_at(tokens, skip)
        return (year, skip + 1) if year else (None, at)


def _is_called_fiscal(words: Sequence[str], at: int) -> bool:
    """True for the `2024` of `fiscal year 2024`, and for the `year` before it."""
    before = words[max(at - 2, 0) : at]
    return any(word in FISCAL for word in before)


def _without(
    tokens: Sequence[Token], words: Sequence[str], at: int
) -> tuple[Sequence[Token], Sequence[str]]:
    return [*tokens[:at], *tokens[at + 1 :]], [*words[:at], *words[at + 1 :]]


def _month_period(year: int, month: int) -> Period:
    return Period(start=date(year, month, 1), end=date(year, month, monthrange(year, month)[1]))


def _months_period(year: int, month: int, count: int) -> Period:
    first = _month_period(year + (month - 1) // 12, (month - 1) % 12 + 1)
    final = month + count - 1
    last = _month_period(year + (final - 1) // 12, (final - 1) % 12 + 1)
    return Period(start=first.start, end=last.end)


def _in_the_year_of(first: date, last: date, *, named: bool) -> date:
    """The start of a range takes the year of its end; `November to February` began the year before.

    Where the year was said, as in `May to March 2013`, an earlier end is a slip and stays one.
    """
    same_year = _with_year(first, last.year)
    return same_year if same_year <= last or named else _with_year(first, last.year - 1)


def _with_year(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))
