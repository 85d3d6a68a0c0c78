"""A table's health with its evidence: what speaks against it, since when, every check."""

from datetime import timedelta
from typing import Any

import streamlit as st

from assistant.present.format import format_date
from assistant.present.phrases import plural
from assistant.ui.catalogue_parts import grid_height
from assistant.ui.escape import escape, quiet
from assistant.ui.trust import health_words, readable_dates
from catalogue.catalogue import Catalogue
from catalogue.health_history import episodes, usual_time_to_fix
from catalogue.model import Check, CheckResult, Evidence, Table

_SAID = {
    "pass": "passes",
    "warn": "warns",
    "fail": "fails",
    "error": "could not run",
    "skipped": "skipped",
}
_GRAVITY = ("fail", "error", "warn", "skipped", "pass")


def show_health(table: Table, catalogue: Catalogue) -> None:
    """Draw the verdict, its reasons and the checks behind it."""
    evidence = catalogue.evidence.get(table.full_name) or Evidence(health="unknown")
    st.header("Health", anchor=False)
    st.markdown(f"{health_words(evidence.health)} {quiet(escape(_basis(evidence)))}")
    with st.container(gap="xsmall"):
        for reason in evidence.reasons:
            own = reason.removeprefix(f"{table.full_name}.")
            st.markdown(escape(readable_dates(own)))
        for line in history_lines(table, catalogue):
            st.markdown(quiet(escape(readable_dates(line))))
    rows = check_rows(table, catalogue)
    if rows:
        count = len(rows)
        with st.expander(f"{count:,} {plural('check', count)}", type="compact"):
            st.dataframe(
                rows,
                hide_index=True,
                height=grid_height(count),
                placeholder="",
                key=f"checks-{table.full_name}",
                alt=f"Checks of {table.full_name} with their last results",
            )


def history_lines(table: Table, catalogue: Catalogue) -> list[str]:
    """Say what failed before and was mended, and how long that takes as a rule."""
    fixed = [each for each in episodes(catalogue, table.full_name) if each.until is not None]
    usual = usual_time_to_fix(fixed)
    if usual is None:
        return []
    last = fixed[0]
    what = (last.check.description or last.check.name.replace("_", " ")).rstrip(".")
    days = f"from {format_date(last.since)} to {format_date(last.until or last.since)}"
    count = f"{len(fixed):,} {plural('failure', len(fixed))} mended so far"
    return [f"{count}, as a rule within {_duration(usual)}. Last: {what}, {days}."]


def _duration(lasted: timedelta) -> str:
    hours = max(1, round(lasted.total_seconds() / 3600))
    if hours < 48:
        return f"{hours} {plural('hour', hours)}"
    return f"{round(hours / 24)} days"


def check_rows(table: Table, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return each check of a table with its last result, the gravest first."""
    latest: dict[str, CheckResult] = {}
    for result in sorted(catalogue.results, key=lambda each: each.at):
        latest[result.check_id] = result
    name = table.full_name.lower()
    own = {check.id: check for check in catalogue.checks if check.table.lower() == name}
    known = [(check, latest.get(check.id)) for check in own.values()]
    known.sort(key=lambda pair: _GRAVITY.index(pair[1].status) if pair[1] else len(_GRAVITY))
    return [_check_row(check, result) for check, result in known]


def _check_row(check: Check, result: CheckResult | None) -> dict[str, Any]:
    return {
        "Check": check.description or check.name.replace("_", " "),
        "Column": check.column,
        "Result": _SAID[result.status] if result else "not run",
        "Rows": result.failures if result and result.failures else None,
        "On": result.at.date() if result else None,
    }


def _basis(evidence: Evidence) -> str:
    if evidence.checked_at is None:
        return "No check has looked at it."
    day = format_date(evidence.checked_at)
    if not evidence.tests:
        return f"Last checked on {day}."
    return f"{evidence.tests:,} {plural('check', evidence.tests)}, last run on {day}."
