"""A run in the terminal: counts, a table by tag, and every case that is not as it should be."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.record import OUTCOMES, Record, count_outcomes
from evals.rows import Rows

_SHOWN: tuple[str, ...] = ("error", "wrong", "refused wrongly", "clarified wrongly")
_PREVIEW_ROWS = 3


def print_report(records: Sequence[Record], console: Console) -> None:
    """Print the summary and the cases to look at, gravest first."""
    console.print(summary_table(records))
    for outcome in _SHOWN:
        for record in records:
            if record.outcome == outcome:
                _print_case(record, console)


def summary_table(records: Sequence[Record]) -> Table:
    """Return outcomes in all and by tag."""
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for heading in ("cases", *OUTCOMES):
        table.add_column(heading, justify="right")
    table.add_row("all", *_figures(records), style="bold")
    for tag in sorted({tag for record in records for tag in record.tags}):
        table.add_row(tag, *_figures([record for record in records if tag in record.tags]))
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


def _figures(records: Sequence[Record]) -> list[str]:
    counts = count_outcomes(records)
    return [str(len(records)), *(str(counts[each] or "·") for each in OUTCOMES)]


def _print_case(record: Record, console: Console) -> None:
    console.print(f"\n[bold]{record.outcome}[/bold]  {record.case}  {escape(record.question)!r}")
    lines = [record.why, record.text, record.sql or ""]
    if record.answer:
        lines.append(f"answer: {_rows(record.answer)}")
    lines += [f"gold: {_rows(gold)}" for gold in record.golds[:1]]
    for line in filter(None, lines):
        console.print(f"    {escape(' '.join(line.split()))}", soft_wrap=True)


def _rows(result: Rows) -> str:
    rows = ", ".join(f"({', '.join(row)})" for row in result.shown(_PREVIEW_ROWS))
    more = result.row_count - _PREVIEW_ROWS
    return f"{', '.join(result.columns)}: {rows}{f' and {more} more rows' if more > 0 else ''}"
