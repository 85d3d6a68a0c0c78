"""A run, or two side by side, as one HTML page that opens from disk and loads nothing.

All text from data is escaped; only the page's own script may run, by its hash.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path

from evals.compare import compare
from evals.figures import Figure, Figures, by_configuration, figures
from evals.record import GOOD, OUTCOMES, Record, count_outcomes
from evals.report.case_html import case_html, outcome_html

_HERE = Path(__file__).parent
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def page(runs: Mapping[str, Sequence[Record]], *, title: str = "Evals") -> str:
    """Return the page of these runs by name; two of them are compared.

    A run of several configurations counts as several. Raises BadRun where two share no case.
    """
    parts = _parts(runs)
    numbers = {name: figures(records) for name, records in parts.items()}
    cases = "\n".join(map(case_html, _by_case(parts)))
    tags = sorted({tag for records in parts.values() for each in records for tag in each.tags})
    head = "".join(
        (
            f"<h1>{escape(title)}</h1>",
            _verdict(parts),
            *(
                f"{_heading(name, parts)}{_run_line(records, numbers[name])}"
                for name, records in parts.items()
            ),
            "<h2>Figures</h2>",
            _figures_table(numbers),
            f"<h2>By tag</h2>{_tags_table(numbers, tags)}" if tags else "",
            "<h2>Cases</h2>",
        )
    )
    filters = (
        '<div class="filters"><input id="text" type="search" aria-label="Filter by words" '
        'placeholder="Filter by words">'
        f"{_select('outcome', 'every outcome', OUTCOMES)}{_select('tag', 'every tag', tags)}"
        '<span id="count" role="status"></span></div>'
    )
    return _document(title, f"{head}{filters}\n{cases}")


def _document(title: str, body: str) -> str:
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY.format(digest=digest)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f"{body}\n</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _parts(runs: Mapping[str, Sequence[Record]]) -> dict[str, list[Record]]:
    """Return the configurations of every run, each with a name of its own."""
    parts: dict[str, list[Record]] = {}
    for name, records in runs.items():
        found = by_configuration(records)
        for configuration, members in found.items():
            is_said = not name or len(found) > 1
            said = " · ".join(filter(None, (name, configuration if is_said else "")))
            parts[said] = members
    return parts if len(parts) > 1 else {"Answer": next(iter(parts.values()))}


def _verdict(parts: Mapping[str, Sequence[Record]]) -> str:
    if len(parts) != 2:
        return ""
    before, after = parts.values()
    return f'<p class="verdict">{escape(compare(before, after).verdict)}</p>'


def _heading(name: str, parts: Mapping[str, Sequence[Record]]) -> str:
    return f"<h2>{escape(name)}</h2>" if len(parts) > 1 else ""


def _run_line(records: Sequence[Record], numbers: Figures) -> str:
    counts = count_outcomes(records)
    outcomes = " ".join(
        f'<span class="count">{outcome_html(each, str(counts[each]))}</span>'
        for each in OUTCOMES
        if counts[each]
    )
    asked = max(each.asked_at for each in records)[:10]
    when = f", asked {escape(asked)}" if asked else ""
    limit = escape(f"{numbers.limit[0].upper()}{numbers.limit[1:]}")
    return (
        f"<p>{numbers.records} answers to {numbers.cases} cases{when}: "
        f'{outcomes}</p><p class="quiet">{limit}.</p>'
    )


def _by_case(parts: Mapping[str, Sequence[Record]]) -> list[list[tuple[str, Record]]]:
    """Return the records of every case, of each run in turn; those to look at come first."""
    cases: dict[str, list[tuple[str, Record]]] = {}
    for name, records in parts.items():
        for each in records:
            cases.setdefault(each.full_case, []).append((name, each))
    return sorted(cases.values(), key=lambda found: all(each.outcome in GOOD for _, each in found))


def _figures_table(numbers: Mapping[str, Figures]) -> str:
    found = {name: {row.name: row for row in each.rows} for name, each in numbers.items()}
    names = dict.fromkeys(row for rows in found.values() for row in rows)
    return _table(
        list(found),
        [(name, [_figure(rows.get(name)) for rows in found.values()]) for name in names],
    )


def _tags_table(numbers: Mapping[str, Figures], tags: Sequence[str]) -> str:
    rows = []
    for tag in tags:
        shares = [each.by_tag.get(tag) for each in numbers.values()]
        rows.append((tag, [_figure(Figure(name=tag, value=value)) for value in shares]))
    return _table(list(numbers), rows)


def _table(heads: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(cells)}</tr>' for name, cells in rows
    )
    return f'<div class="scroll"><table><tr><td></td>{head}</tr>{body}</table></div>'


def _figure(figure: Figure | None) -> str:
    if figure is None:
        return "<td></td>"
    bar = ""
    if figure.value and figure.unit == "share":
        at = figure.value
        bar = (
            f'<span class="range" aria-hidden="true"><i style="left:{at.low:.1%};'
            f'width:{at.high - at.low:.1%}"></i><b style="left:{at.value:.1%}"></b></span>'
        )
    why = f"{figure.unscored} not computable: {figure.why}" if figure.unscored else ""
    note = f'<div class="quiet">{escape(why)}</div>' if why else ""
    return f"<td>{bar}{escape(str(figure))}{note}</td>"


def _select(name: str, every: str, values: Sequence[str]) -> str:
    options = "".join(f"<option>{escape(value)}</option>" for value in values)
    label = f'aria-label="Filter by {name}"'
    return f'<select id="{name}" {label}><option value="">{every}</option>{options}</select>'
