"""Evidence -> healthy, caution, unhealthy or unknown.

A table's own checks taint it and everything built from it. A column's test taints only answers
that use the column, so the same table may stand differently behind two answers: `taints`, which
also works on a narrowed catalogue: what is hidden taints all the same, and is not named.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from catalogue.catalogue import Catalogue
from catalogue.model import Check, CheckResult, Evidence, Health, Table

_WORSE: dict[Health, int] = {"healthy": 0, "unknown": 1, "caution": 2, "unhealthy": 3}


@dataclass(frozen=True)
class _Judge:
    """The latest result of every check, by the table it watches."""

    tables: Mapping[str, Table]
    checks: Sequence[Check]
    results: Sequence[CheckResult]

    @cached_property
    def latest(self) -> dict[str, CheckResult]:
        """The last result of each check; an absent one keeps the result before it."""
        return {each.check_id: each for each in sorted(self.results, key=lambda each: each.at)}

    @cached_property
    def by_table(self) -> dict[str, list[Check]]:
        found = defaultdict(list)
        for check in self.checks:
            found[check.table.lower()].append(check)
        return found

    def of_table(self, name: str, columns: frozenset[str] | None = None) -> Evidence:
        """Judge a table; `columns` (lower case) are the ones used, None means all."""
        own = self.by_table.get(name.lower(), [])
        bearing = [
            check
            for check in own
            if columns is None or check.column is None or check.column.lower() in columns
        ]
        above = self._above(name)
        run = [check for check in (*own, *above) if check.id in self.latest]
        if not run:
            return Evidence(health="unknown", tests=0)
        judged = [(self._verdict(check), check) for check in (*bearing, *above)]
        against = [(health, check) for health, check in judged if health != "healthy"]
        against.sort(key=lambda pair: -_WORSE[pair[0]])
        results = [self.latest[check.id] for check in (*bearing, *above) if check.id in self.latest]
        return Evidence(
            health=against[0][0] if against else "healthy",
            reasons=_once(self._reason(check, name) for _, check in against),
            checked_at=max(self.latest[check.id].at for check in run),
            tests=len(run),
            results=tuple(results),
            inherited=_worst(self._verdict(check) for check in above),
        )

    def _above(self, name: str) -> tuple[Check, ...]:
        """Return the table-level checks of every table upstream that speak against it."""
        found: dict[tuple[str, str], Check] = {}
        seen = {name.lower()}
        waiting = list(self._parents(name))
        while waiting:
            parent = waiting.pop(0).lower()
            if parent in seen:
                continue
            seen.add(parent)
            waiting.extend(self._parents(parent))
            for check in self.by_table.get(parent, []):
                if check.column is None and self._verdict(check) in ("caution", "unhealthy"):
                    found[check.id, parent] = check
        return tuple(found.values())

    def _parents(self, name: str) -> tuple[str, ...]:
        table = self.tables.get(name.lower())
        return table.upstream if table else ()

    def _verdict(self, check: Check) -> Health:
        result = self.latest.get(check.id)
        if result is None:
            return "healthy"
        if result.status == "pass":
            return "healthy"
        if result.status == "skipped":
            return "unknown"
        if result.status == "warn":
            return "caution"
        if check.kind == "test" and result.status == "error":
            # A test that could not run has found nothing, but somebody must look at it.
            return "caution"
        return "unhealthy" if check.severity == "error" else "caution"

    def _reason(self, check: Check, table: str) -> str:
        result = self.latest[check.id]
        place = f"{check.table}.{check.column}" if check.column else check.table
        inherited = "" if check.table.lower() == table.lower() else f", which {table} is built from"
        what = check.description.rstrip(".") or f"{check.name.replace('_', ' ')}"
        return f"{place}{inherited}: {_outcome(check, result, what)} ({result.at:%Y-%m-%d})."


def judge(
    tables: Iterable[Table], checks: Sequence[Check], results: Sequence[CheckResult]
) -> dict[str, Evidence]:
    """Return the health of every table by full name, all its columns taken as used."""
    by_name = {table.full_name.lower(): table for table in tables}
    judge = _Judge(by_name, checks, results)
    return {table.full_name: judge.of_table(table.full_name) for table in by_name.values()}


def taints(catalogue: Catalogue, tables: Iterable[str], columns: Iterable[str]) -> Evidence:
    """Judge an answer by the tables it reads and the `schema.table.column` it uses.

    The worst table decides; without a table nothing is known.
    """
    found = list(taints_by_table(catalogue, tables, columns).values())
    if not found:
        return Evidence(health="unknown")
    dates = [each.checked_at for each in found if each.checked_at]
    found.sort(key=lambda each: -_WORSE[each.health])
    return Evidence(
        health=found[0].health,
        reasons=_once(reason for each in found for reason in each.reasons),
        checked_at=min(dates) if dates else None,
        tests=sum(each.tests for each in found),
        results=tuple(result for each in found for result in each.results),
    )


def taints_by_table(
    catalogue: Catalogue, tables: Iterable[str], columns: Iterable[str]
) -> dict[str, Evidence]:
    """Judge each table of an answer, by full name, with only the columns that the answer uses."""
    used: dict[str, set[str]] = {name.lower(): set() for name in tables}
    for name in columns:
        table, _, column = name.lower().rpartition(".")
        used.setdefault(table, set()).add(column)
    judge = _Judge(catalogue.tables_by_name, catalogue.checks, catalogue.results)
    spelled = {_spelled(catalogue, name): frozenset(names) for name, names in used.items()}
    return {
        name: _with_hidden(name, judge.of_table(name, columns), catalogue)
        for name, columns in spelled.items()
    }


def _with_hidden(name: str, seen: Evidence, catalogue: Catalogue) -> Evidence:
    """Add what was judged over the whole catalogue and cannot be seen in this one."""
    whole = catalogue.evidence.get(name)
    if whole is None:
        return seen
    if _WORSE[whole.inherited] > _WORSE[seen.inherited]:
        reason = f"{name}: something it is built from is late, or fails a test."
        return replace(
            seen,
            health=_worst([seen.health, whole.inherited]) if seen.tests else whole.inherited,
            reasons=(*seen.reasons, reason),
            checked_at=seen.checked_at or whole.checked_at,
            inherited=whole.inherited,
        )
    if not seen.tests and whole.health in ("caution", "unhealthy"):
        # Its results speak of rows that this asker does not see.
        reason = f"{name}: a check speaks against it."
        return replace(seen, health=whole.health, reasons=(reason,), checked_at=whole.checked_at)
    return seen if seen.tests else replace(seen, health=whole.health, checked_at=whole.checked_at)


def _spelled(catalogue: Catalogue, name: str) -> str:
    table = catalogue.tables_by_name.get(name)
    return table.full_name if table else name


def _outcome(check: Check, result: CheckResult, what: str) -> str:
    if check.kind == "freshness":
        verdict = "late" if result.status == "warn" else "stale"
        message = result.message.rstrip(".")
        return f"{verdict}, {message[:1].lower()}{message[1:]}"
    if result.status == "skipped":
        return f"not checked at the last run: {what}"
    if result.status == "error":
        return f"a test could not run: {what}"
    rows = "row" if result.failures == 1 else "rows"
    count = f", {result.failures:,} {rows}" if result.failures else ""
    verdict = "a test warns" if result.status == "warn" else "a test fails"
    return f"{verdict}: {what}{count}"


def _worst(healths: Iterable[Health]) -> Health:
    return max(healths, key=lambda health: _WORSE[health], default="healthy")


def _once(reasons: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reasons))
