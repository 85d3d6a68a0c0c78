"""One column's sample -> the kinds of personal data that its values are, with the share of each.

A kind counts when so many values have its shape that chance or dirt do not explain it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from catalogue.classify.free_text import is_text, speaks_of_people
from catalogue.classify.names import is_known_name, name_parts
from catalogue.classify.sample import Sample
from catalogue.classify.shapes import CHANCE, NATIONAL_IDS, shapes_of, year_of

MOST_TESTED = 200
_ENOUGH = 0.8
"""The share of values that must have a shape; the rest may be dirt."""
_BY_CHANCE = 1e-3
"""How unlikely it must be that something else looks so in as many values."""
_NOTHING = frozenset({"", "-", "n/a", "na", "nan", "none", "null", "unknown", "nil", "?"})
_SHOWS_AN_X = 45
"""Of so many books 99 in 100 lists have one whose number ends in X."""
_BORN = range(1915, 2013)
_NUMBERS = ("iban", "card", "ip", "phone", *NATIONAL_IDS)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A kind of data that a column's values are."""

    kind: str
    share: float
    of: int
    """Values that were looked at."""
    label: str = ""
    """What they are exactly, where that is known, such as `NHS number`."""


@dataclass(frozen=True)
class Values:
    """Distinct values of one column, spread over its sample, and what they look like."""

    sample: Sample

    @cached_property
    def tested(self) -> tuple[str, ...]:
        ordered = sorted(v for v in self.sample.values if v.strip().lower() not in _NOTHING)
        step = max(1, len(ordered) // MOST_TESTED)
        return tuple(ordered[::step][:MOST_TESTED])

    @cached_property
    def shapes_by_value(self) -> dict[str, frozenset[str]]:
        return {value: shapes_of(value) for value in self.tested}

    @cached_property
    def shapes(self) -> Counter[str]:
        return Counter(shape for shapes in self.shapes_by_value.values() for shape in shapes)

    def share(self, holds: Callable[[str], bool]) -> float:
        """Return the share of the tested values for which something holds; 0 without values."""
        return sum(map(holds, self.tested)) / len(self.tested) if self.tested else 0.0

    def found(self, *, is_named: bool, is_about_people: bool, has_place: bool) -> Finding | None:
        """Return the kind that the values speak for; context lowers how much they must say."""
        looks = (
            self._email(),
            self._number(),
            self._bare_phone(),
            self._place() if not has_place else None,
            self._birth(is_about_people),
            self._person(is_named),
            self._free_text(),
        )
        return next((finding for finding in looks if finding), None)

    def _finding(self, kind: str, share: float, label: str = "") -> Finding:
        return Finding(kind=kind, share=share, of=len(self.tested), label=label)

    def _email(self) -> Finding | None:
        hits = self.shapes["email"]
        share = hits / len(self.tested) if self.tested else 0.0
        few = len(self.tested) < 5 and hits
        if few or (hits >= 2 and share >= 0.05):
            return self._finding("email", share)
        return None

    def _number(self) -> Finding | None:
        passed = [each for each in _NUMBERS if self._is_proven(each)]
        if self._are_versions():
            passed = [each for each in passed if each != "ip"]
        if "nhs" in passed and not self._are_nhs_numbers():
            passed.remove("nhs")
        if not passed:
            return None
        best = min(passed, key=lambda shape: (-self.shapes[shape], CHANCE[shape]))
        kind = "national_id" if best in NATIONAL_IDS else best
        return self._finding(kind, self.shapes[best] / len(self.tested), NATIONAL_IDS.get(best, ""))

    def _is_proven(self, shape: str) -> bool:
        hits = self.shapes[shape]
        return hits >= _ENOUGH * len(self.tested) > 0 and CHANCE[shape] ** hits <= _BY_CHANCE

    def _are_nhs_numbers(self) -> bool:
        """Without an X, which ISBN-10 would show in time; fewer prove it by what is given out."""
        if any(value[-1:] in "xX" for value in self.tested):
            return False
        is_given_out = self.share(lambda value: value.strip()[:1] in "34679") >= _ENOUGH
        return is_given_out or len(self.tested) >= _SHOWS_AN_X

    def _are_versions(self) -> bool:
        """Dotted versions have small parts; addresses seldom do."""
        return (
            self.share(
                lambda value: all(part.isdigit() and int(part) < 25 for part in value.split("."))
            )
            > 0.3
        )

    def _bare_phone(self) -> Finding | None:
        """Ten digits may be an order number: all must be possible, and from several areas."""
        bare = [value for value, has in self.shapes_by_value.items() if "phone_bare" in has]
        areas, exchanges = {value[-10:-7] for value in bare}, {value[-7] for value in bare}
        if len(bare) < 12 or len(bare) < 0.97 * len(self.tested):
            return None
        return self._finding("phone", 1.0) if len(areas) >= 5 and len(exchanges) >= 4 else None

    def _place(self) -> Finding | None:
        for kind in ("address", "postcode"):
            if self._is_proven(kind) or (kind == "address" and self._mostly(kind)):
                return self._finding(kind, self.shapes[kind] / len(self.tested))
        return None

    def _mostly(self, shape: str) -> bool:
        return self.shapes[shape] >= max(3, 0.5 * len(self.tested))

    def _birth(self, is_about_people: bool) -> Finding | None:
        """Days of birth lie decades apart and long ago, and not on the first of January."""
        years = sorted(year for value in self.tested if (year := year_of(value)) is not None)
        if len(years) < 8 or len(years) < 0.9 * len(self.tested):
            return None
        enough = 0.9 if is_about_people else 0.98
        share = sum(year in _BORN for year in years) / len(years)
        new_year = self.share(lambda value: value.strip()[4:10] in ("-01-01", "/01/01"))
        spread = years[-1] - years[0] >= 25 and years[len(years) // 2] <= 2000
        return (
            self._finding("birth", share) if share >= enough and spread and new_year < 0.2 else None
        )

    def _person(self, is_named: bool) -> Finding | None:
        parts = {value: found for value in self.tested if (found := name_parts(value))}
        if len(parts) < 0.7 * len(self.tested) or len(parts) < 3:
            return None
        known = {value for value, words in parts.items() if is_known_name(words)}
        several = sum(len(words) > 1 for words in parts.values())
        needed = _needed(several / len(parts), len(parts), is_named)
        rows = sum(self.sample.values[value] for value in parts)
        share = len(known) / len(parts)
        by_rows = sum(self.sample.values[value] for value in known) / rows
        return self._finding("person", share) if min(share, 1.5 * by_rows) >= needed else None

    def _free_text(self) -> Finding | None:
        texts = [value for value in self.sample.values if is_text(value)]
        hits = sum(map(speaks_of_people, texts))
        few = len(texts) < 20 and hits
        if few or hits >= max(2, 0.02 * len(texts)) or self._has_witness():
            share = hits / len(texts) if texts else 0.0
            return Finding(kind="free_text", share=share, of=len(texts))
        return None

    def _has_witness(self) -> bool:
        return any(speaks_of_people(value) for value in self.sample.witnesses)


def _needed(several: float, count: int, is_named: bool) -> float:
    """The share of names that must be known ones: single words are more often something else."""
    if is_named:
        return 0.15
    if several >= 0.6:
        return 0.35
    return 0.4 if count >= 10 else 0.7
