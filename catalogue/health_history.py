"""Health over time: when checks of a table stopped holding, and how long it took to mend them.

Reads the dated results that the platform keeps of every run; a skipped run says nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from catalogue.catalogue import Catalogue
from catalogue.model import Check, CheckResult

_BAD = frozenset({"warn", "fail", "error"})


@dataclass(frozen=True, kw_only=True)
class Episode:
    """One stretch in which a check did not hold: from its first failure to its next pass."""

    check: Check
    since: datetime
    until: datetime | None = None
    """When it passed again; None while it does not."""

    @property
    def lasted(self) -> timedelta | None:
        """The time from failure to fix."""
        return None if self.until is None else self.until - self.since


def episodes(catalogue: Catalogue, table: str) -> tuple[Episode, ...]:
    """Return the stretches of a table's own checks, those that last first, then the newest."""
    runs: dict[str, list[CheckResult]] = defaultdict(list)
    for result in sorted(catalogue.results, key=lambda each: each.at):
        runs[result.check_id].append(result)
    own = [check for check in catalogue.checks if check.table.lower() == table.lower()]
    found = [episode for check in own for episode in _of_check(check, runs[check.id])]
    found.sort(key=lambda each: (each.until is None, each.since), reverse=True)
    return tuple(found)


def usual_time_to_fix(found: Sequence[Episode]) -> timedelta | None:
    """Return the median time from failure to fix, or None where nothing was fixed yet."""
    lasted = [each.lasted.total_seconds() for each in found if each.lasted is not None]
    return timedelta(seconds=median(lasted)) if lasted else None


def _of_check(check: Check, results: Sequence[CheckResult]) -> list[Episode]:
    found = []
    since: datetime | None = None
    for result in results:
        if result.status in _BAD:
            since = since or result.at
        elif result.status == "pass" and since is not None:
            found.append(Episode(check=check, since=since, until=result.at))
            since = None
    if since is not None:
        found.append(Episode(check=check, since=since))
    return found
