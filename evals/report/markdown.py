"""A run, or two compared, as Markdown for a CI step summary. All text from data is escaped."""

import re
from collections.abc import Sequence

from evals.compare import Change, Comparison, paired_text
from evals.figures import Figure, Figures, by_configuration, figures
from evals.record import GOOD, OUTCOMES, Record, count_outcomes

_MOST_CASES = 50
_LONGEST = 200
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~@&:/$-])")


def run_markdown(records: Sequence[Record], *, title: str = "Evals") -> str:
    """Return a summary with intervals, a table by tag, and the cases to look at."""
    parts = by_configuration(records)
    lines = [f"## {escape(title)}", ""]
    for name, found in parts.items():
        lines += [f"### {escape(name)}", ""] if len(parts) > 1 else []
        lines += _part(found)
    return "\n".join(lines) + "\n"


def comparison_markdown(comparison: Comparison, *, title: str = "Comparison") -> str:
    """Return the verdict and the cases that came out otherwise."""
    lines = [f"## {escape(title)}", "", f"**{escape(comparison.verdict)}**", ""]
    lines += [f"- {escape(paired_text('wrong or broken', comparison.dangerous))}"]
    lines += [f"- {escape(paired_text(*each))}" for each in comparison.scores.items()]
    lines += [""]
    for heading, changes in (
        ("Lost", comparison.lost),
        ("Gained", comparison.gained),
        ("Otherwise", comparison.other),
    ):
        if changes:
            lines += [f"### {heading}", "", "| case | question | before | after |"]
            lines += ["| --- | --- | --- | --- |", *map(_change, changes[:_MOST_CASES])]
            lines += [*_more(len(changes)), ""]
    for heading, names in (
        ("Only in the first run", comparison.only_before),
        ("Only in the second run", comparison.only_after),
    ):
        if names:
            lines += [f"{heading}: {', '.join(escape(name) for name in names)}.", ""]
    return "\n".join(lines)


def escape(text: str) -> str:
    """Return text that Markdown and HTML show as it stands, on one line and not too long."""
    line = " ".join(text.split())
    shown = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
    return _SPECIAL.sub(r"\\\1", shown).replace("\\<", "&lt;").replace("\\&", "&amp;")


def _part(records: Sequence[Record]) -> list[str]:
    found = figures(records)
    counts = count_outcomes(records)
    outcomes = ", ".join(f"{counts[each]} {each}" for each in OUTCOMES if counts[each])
    return [
        f"{found.records} answers to {found.cases} cases: {outcomes}; {found.limit}.",
        "",
        "| | 95 % interval | not computable |",
        "| --- | --- | --- |",
        *map(_row, found.rows),
        "",
        *_tag_table(found),
        *_listed(records),
    ]


def _row(each: Figure) -> str:
    without = f"{each.unscored}: {escape(each.why)}" if each.unscored else ""
    return f"| {escape(each.name)} | {each} | {without} |"


def _tag_table(found: Figures) -> list[str]:
    if not found.by_tag:
        return []
    rows = [f"| {escape(tag)} | {value} |" for tag, value in found.by_tag.items() if value]
    return ["| tag | as it should be (95 % interval) |", "| --- | --- |", *rows, ""]


def _listed(records: Sequence[Record]) -> list[str]:
    bad = [each for each in records if each.outcome not in GOOD]
    if not bad:
        return []
    rows = [
        f"| {escape(each.case)} | {escape(each.outcome)} | {escape(each.question)} "
        f"| {escape(each.why)} |"
        for each in bad[:_MOST_CASES]
    ]
    head = [
        "### To look at",
        "",
        "| case | outcome | question | why |",
        "| --- | --- | --- | --- |",
    ]
    return [*head, *rows, *_more(len(bad))]


def _more(count: int) -> list[str]:
    return ["", f"and {count - _MOST_CASES} more."] if count > _MOST_CASES else []


def _change(change: Change) -> str:
    before, after = ", ".join(change.before), ", ".join(change.after)
    return f"| {escape(change.case)} | {escape(change.question)} | {before} | {after} |"
