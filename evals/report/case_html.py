"""One case as HTML: the question, each answer with its SQL and rows beside gold, findings, scores.

All text from data is escaped.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import zip_longest

from evals.record import DANGEROUS, GOOD, Outcome, Record, Score
from evals.rows import Rows
from evals.score.scores import scores_of

_MOST_ROWS = 50


def case_html(found: Sequence[tuple[str, Record]]) -> str:
    """Return the records of one case, each with the name of its run, folded under the question."""
    first = found[0][1]
    outcomes = "|".join(dict.fromkeys(each.outcome for _, each in found))
    shown = " → ".join(outcome_html(each.outcome, each.outcome) for _, each in found)
    answers = "".join(_answer(name, each) for name, each in found)
    return (
        f'<details data-outcome="{escape(outcomes)}" data-tags="{escape("|".join(first.tags))}">'
        f"<summary>{shown} <span>{escape(first.question)}</span> "
        f"<code>{escape(first.full_case)}</code></summary>{_asked(first)}"
        f'<div class="pair">{answers}{_gold(first)}</div></details>'
    )


def outcome_html(outcome: Outcome, text: str) -> str:
    """Return text in the outcome's colour, with its symbol: never colour alone."""
    colour, symbol = ("meh", "△")
    if outcome in GOOD:
        colour, symbol = ("good", "✓")
    elif outcome in DANGEROUS:
        colour, symbol = ("bad", "✕")
    said = escape(text if text == outcome else f"{text} {outcome}")
    return f'<span class="{colour}">{symbol} {said}</span>'


def _asked(record: Record) -> str:
    """Who asked, in which conversation."""
    said = [f"asked before: {each}" for each in record.earlier]
    who = " as ".join(filter(None, (record.user, record.role)))
    said += [f"asked by {who}"] if who else []
    return "".join(f'<p class="quiet">{escape(each)}</p>' for each in said)


def _answer(name: str, record: Record) -> str:
    repeat = f", repeat {record.repeat}" if record.repeat else ""
    return (
        f"<section><h3>{escape(name)}{repeat}</h3>"
        f"<p>{outcome_html(record.outcome, record.outcome)}: {escape(record.why)}</p>"
        f"{_paragraph(record.text)}{_block(record.sql)}{_rows(record.answer)}"
        f"{_findings(record)}{_scores(record)}</section>"
    )


def _gold(record: Record) -> str:
    expected = record.expected
    query = _block(_written(expected.metric_query)) if expected and expected.metric_query else ""
    pairs = zip_longest(expected.sql if expected else (), record.golds)
    golds = "".join(f"{_block(sql)}{_rows(rows)}" for sql, rows in pairs)
    wanted = escape(" or ".join(record.expect))
    return f"<section><h3>Gold</h3><p>expected: {wanted}</p>{query}{golds}</section>"


def _written(metric_query: dict[str, object]) -> str:
    return "\n".join(f"{key}: {value}" for key, value in metric_query.items())


def _findings(record: Record) -> str:
    found = (record.receipt or {}).get("findings") or ()
    items = "".join(
        f"<li>{escape(str(each.get('level')))}: {escape(str(each.get('message')))}</li>"
        for each in found
    )
    return f"<h4>Findings</h4><ul>{items}</ul>" if items else ""


def _scores(record: Record) -> str:
    items = "".join(
        f'<tr><th scope="row">{escape(each.name)}</th><td>{_value(each)}</td>'
        f'<td class="quiet">{"<br>".join(map(escape, _evidence(each)))}</td></tr>'
        for each in scores_of(record)
    )
    return (
        '<details class="scores"><summary>Scores</summary><div class="scroll"><table>'
        f"{items}</table></div></details>"
    )


def _value(score: Score) -> str:
    return "not computable" if score.value is None else f"{float(score.value):,.4g}"


def _evidence(score: Score) -> Iterator[str]:
    """Yield the reason and what is not empty of the evidence, a line each."""
    if score.reason:
        yield score.reason
    for key, value in score.evidence.items():
        if value not in (None, [], (), {}, ""):
            yield f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}"


def _rows(rows: Rows | None) -> str:
    if rows is None:
        return ""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in rows.columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
        for row in rows.shown(_MOST_ROWS)
    )
    more = rows.row_count - _MOST_ROWS
    note = f'<p class="quiet">and {more:,} more rows</p>' if more > 0 else ""
    return f'<div class="scroll"><table class="rows"><tr>{head}</tr>{body}</table></div>{note}'


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _block(text: str | None) -> str:
    return f"<pre>{escape(text)}</pre>" if text else ""
