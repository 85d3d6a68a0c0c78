"""A run, or two side by side, as one HTML page that opens from disk and loads nothing.

All text from data is escaped; only the page's own script may run, by its hash.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from evals.compare import GOOD, case_name, compare
from evals.record import OUTCOMES, Record
from evals.report.figures import Figures, figures
from evals.rows import Rows
from evals.score.scores import score
from evals.stats import Estimate

_HERE = Path(__file__).parent
_MOST_ROWS = 50
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def run_html(records: Sequence[Record], *, title: str = "Evals") -> str:
    """Return the page of one run."""
    return _page(title, {title: records}, _figures_table({title: figures(records)}))


def comparison_html(
    before: Sequence[Record],
    after: Sequence[Record],
    *,
    names: tuple[str, str] = ("before", "after"),
    title: str = "Comparison",
) -> str:
    """Return the page of two runs, case by case; raise BadRun where they share no case."""
    found = compare(before, after)
    first, second = names if names[0] != names[1] else (f"{names[0]} (A)", f"{names[1]} (B)")
    runs = {first: before, second: after}
    table = _figures_table({name: figures(records) for name, records in runs.items()})
    return _page(title, runs, f"<p><strong>{escape(found.verdict)}</strong></p>{table}")


def _page(title: str, runs: Mapping[str, Sequence[Record]], head: str) -> str:
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    cases = "\n".join(_case(each) for each in _by_case(runs))
    tags = sorted({tag for records in runs.values() for each in records for tag in each.tags})
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY.format(digest=digest)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n{head}\n<h2>Cases</h2>\n"
        '<div class="filters"><input id="text" type="search" aria-label="Filter by words" '
        'placeholder="Filter by words">'
        f"{_select('outcome', 'every outcome', OUTCOMES)}{_select('tag', 'every tag', tags)}"
        f'<span id="count" role="status"></span></div>\n{cases}\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _by_case(runs: Mapping[str, Sequence[Record]]) -> list[list[tuple[str, Record]]]:
    """Return the records of every case, of each run in turn; those to look at come first."""
    cases: dict[str, list[tuple[str, Record]]] = {}
    for name, records in runs.items():
        for each in records:
            cases.setdefault(case_name(each), []).append((name, each))
    return sorted(cases.values(), key=lambda found: all(each.outcome in GOOD for _, each in found))


def _case(found: Sequence[tuple[str, Record]]) -> str:
    first = found[0][1]
    outcomes = "|".join(dict.fromkeys(each.outcome for _, each in found))
    shown = " → ".join(
        f'<span class="{_colour(each)}">{escape(each.outcome)}</span>' for _, each in found
    )
    answers = "".join(_answer(name, each) for name, each in found)
    return (
        f'<details data-outcome="{escape(outcomes)}" data-tags="{escape("|".join(first.tags))}">'
        f"<summary>{shown} · <code>{escape(case_name(first))}</code> {escape(first.question)}"
        f"</summary>{_earlier(first)}"
        f'<div class="pair">{answers}{_gold(first)}</div></details>'
    )


def _answer(name: str, record: Record) -> str:
    repeat = f", repeat {record.repeat}" if record.repeat else ""
    return (
        f"<div><h3>{escape(name)}: {escape(record.configuration)}{repeat}</h3>"
        f'<p class="{_colour(record)}">{escape(record.outcome)}: {escape(record.why)}</p>'
        f"{_block(record.text)}{_block(record.sql)}{_rows(record.answer)}"
        f"{_findings(record)}{_scores(record)}</div>"
    )


def _findings(record: Record) -> str:
    found = (record.receipt or {}).get("findings") or ()
    items = "".join(
        f"<li>{escape(str(each.get('level')))}: {escape(str(each.get('message')))}</li>"
        for each in found
    )
    return f"<h3>Findings</h3><ul>{items}</ul>" if items else ""


def _gold(record: Record) -> str:
    expected = record.expected
    sql = "".join(_block(each) for each in expected.sql) if expected else ""
    query = _block(str(expected.metric_query)) if expected and expected.metric_query else ""
    rows = "".join(_rows(each) for each in record.golds)
    wanted = escape(" or ".join(record.expect))
    return f"<div><h3>Gold</h3><p>expected: {wanted}</p>{query}{sql}{rows}</div>"


def _scores(record: Record) -> str:
    items = "".join(
        f"<tr><td>{escape(each.name)}</td><td>{_value(each.value)}</td>"
        f'<td class="quiet">{escape(each.reason)}</td></tr>'
        for each in record.scores or score(record)
    )
    return f'<div class="scroll"><table>{items}</table></div>'


def _value(value: Any) -> str:
    return "not computable" if value is None else f"{float(value):.3g}"


def _rows(rows: Rows | None) -> str:
    if rows is None:
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in rows.columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
        for row in rows.shown(_MOST_ROWS)
    )
    more = rows.row_count - _MOST_ROWS
    note = f'<p class="quiet">and {more:,} more rows</p>' if more > 0 else ""
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>{note}'


def _earlier(record: Record) -> str:
    return "".join(f'<p class="quiet">before: {escape(each)}</p>' for each in record.earlier)


def _figures_table(runs: Mapping[str, Figures]) -> str:
    names = dict(runs)
    rows = [
        _figure_row("as it should be", [each.good for each in names.values()]),
        _figure_row("wrong or broken", [each.dangerous for each in names.values()]),
    ]
    if any(each.flaky for each in names.values()):
        rows.append(_figure_row("not always alike", [each.flaky for each in names.values()]))
    scored = [{one.name: one.value for one in each.scores} for each in names.values()]
    for name in dict.fromkeys(name for each in scored for name in each):
        rows.append(_figure_row(name, [each.get(name) for each in scored]))
    tags = sorted({tag for each in names.values() for tag in each.by_tag})
    rows += [_figure_row(f"tag {tag}", [e.by_tag.get(tag) for e in names.values()]) for tag in tags]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    return f'<div class="scroll"><table><tr><th></th>{head}</tr>{"".join(rows)}</table></div>'


def _figure_row(name: str, values: Sequence[Estimate | None]) -> str:
    cells = "".join(f"<td>{'not computable' if v is None else escape(str(v))}</td>" for v in values)
    return f"<tr><td>{escape(name)}</td>{cells}</tr>"


def _select(name: str, every: str, values: Sequence[str]) -> str:
    options = "".join(f"<option>{escape(value)}</option>" for value in values)
    label = f'aria-label="{name}"'
    return f'<select id="{name}" {label}><option value="">{every}</option>{options}</select>'


def _block(text: str | None) -> str:
    return f"<pre>{escape(text)}</pre>" if text else ""


def _colour(record: Record) -> str:
    if record.outcome in GOOD:
        return "good"
    return "bad" if record.outcome in ("wrong", "error") else "meh"
