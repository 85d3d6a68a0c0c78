"""A run in the terminal: figures with intervals, a table by tag, and every case to look at."""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.compare import Comparison, paired_text
from evals.figures import Figures, by_configuration, figures
from evals.record import Outcome, Record, count_outcomes
from evals.rows import Rows

_SHOWN: tuple[str, ...] = ("error", "wrong", "refused wrongly", "clarified wrongly")
_PREVIEW_ROWS = 3
_MOST_CASES = 50
_LONGEST = 4_000
_WIDTH = 140


def console() -> Console:
    """Return where reports are printed: a file or a pipe has room for whole tables."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)


def print_report(records: Sequence[Record], console: Console) -> None:
    """Print each configuration: its figures, and the cases to look at, gravest first."""
    parts = by_configuration(records)
    for name, found in parts.items():
        if len(parts) > 1:
            console.print(f"\n[bold]{escape(name)}[/bold]")
        numbers = figures(found)
        console.print(outcome_table(found, numbers))
        console.print()
        console.print(figure_table(numbers))
        console.print(f"{numbers.limit}.", soft_wrap=True)
        for outcome in _SHOWN:
            for record in found:
                if record.outcome == outcome:
                    _print_case(record, console)


def print_comparison(found: Comparison, console: Console) -> None:
    """Print the verdict, every score, and the cases that came out otherwise."""
    console.print(f"[bold]{escape(found.verdict)}[/bold]", soft_wrap=True)
    console.print(paired_text("wrong or broken", found.dangerous), soft_wrap=True)
    for name, paired in found.scores.items():
        console.print(paired_text(name, paired), soft_wrap=True)
    for heading, changes in (
        ("lost", found.lost),
        ("gained", found.gained),
        ("otherwise", found.other),
    ):
        for each in changes[:_MOST_CASES]:
            change = f"{', '.join(each.before)} → {', '.join(each.after)}"
            line = f"{heading:9}  {each.case}  {change}  {each.question!r}"
            console.print(escape(line), soft_wrap=True)
        if len(changes) > _MOST_CASES:
            console.print(f"{heading:9}  and {len(changes) - _MOST_CASES} more")
    for which, names in (("first", found.only_before), ("second", found.only_after)):
        if names:
            console.print(f"only in the {which} run: {', '.join(names)}", soft_wrap=True)


def outcome_table(records: Sequence[Record], numbers: Figures) -> Table:
    """Return outcomes in all and by tag, with the share of cases that came out as they should."""
    table = Table(box=None, pad_edge=False)
    table.add_column("", no_wrap=True)
    seen = [outcome for outcome, count in count_outcomes(records).items() if count]
    for heading in ("answers", *seen):
        table.add_column(heading, justify="right")
    table.add_column("as it should be (95 % interval)", no_wrap=True)
    table.add_row("all", *_counts(records, seen), str(numbers.good), style="bold")
    for tag, share in numbers.by_tag.items():
        found = [record for record in records if tag in record.tags]
        table.add_row(escape(tag), *_counts(found, seen), str(share or ""))
    return table


def figure_table(numbers: Figures) -> Table:
    """Return every figure with its interval, and why records are without."""
    table = Table(box=None, pad_edge=False)
    for heading in ("", "mean (95 % interval)", "not computable"):
        table.add_column(heading, no_wrap=heading != "not computable")
    for each in numbers.rows:
        without = f"{each.unscored}: {escape(each.why)}" if each.unscored else ""
        table.add_row(escape(each.name), str(each), without)
    return table


def verdict(records: Sequence[Record]) -> str:
    """Say the run in one line."""
    counts = count_outcomes(records)
    answerable = [record for record in records if record.expect == ("answer",)]
    right = sum(record.outcome == "right" for record in answerable)
    seconds = sum(record.ms for record in records) / 1000
    parts = [f"{count} {outcome}" for outcome, count in counts.items() if count]
    share = f", {right} of {len(answerable)} answerable right" if answerable else ""
    return f"{len(records)} cases: {', '.join(parts)}{share} ({seconds:.1f} s)"


def _counts(records: Sequence[Record], seen: Sequence[Outcome]) -> list[str]:
    counts = count_outcomes(records)
    return [str(len(records)), *(str(counts[each] or "·") for each in seen)]


def _print_case(record: Record, console: Console) -> None:
    console.print(f"\n[bold]{record.outcome}[/bold]  {record.case}  {escape(record.question)!r}")
    lines = [record.why, record.text, record.sql or ""]
    if record.answer:
        lines.append(f"answer: {_rows(record.answer)}")
    lines += [f"gold: {_rows(gold)}" for gold in record.golds[:1]]
    for line in filter(None, lines):
        console.print(f"    {escape(_cut(line))}", soft_wrap=True)


def _cut(text: str) -> str:
    line = " ".join(text[: _LONGEST + 1].split())
    return line if len(text) <= _LONGEST else f"{line[:_LONGEST]}…"


def _rows(result: Rows) -> str:
    rows = ", ".join(f"({', '.join(row)})" for row in result.shown(_PREVIEW_ROWS))
    more = result.row_count - _PREVIEW_ROWS
    return f"{', '.join(result.columns)}: {rows}{f' and {more} more rows' if more > 0 else ''}"
