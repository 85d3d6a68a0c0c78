"""The receipt, unfolded: definitions, tables, checks, confidence, what left the machine, time."""

from collections.abc import Sequence

import streamlit as st

from assistant.answer import Answer, Finding, Receipt, TableReceipt
from assistant.ui.escape import code, escape, quiet
from assistant.ui.trust import health_words, made_how, readable_dates, readable_moment

_MARKS = {"info": "·", "warning": "△", "error": "✕"}
_SENT = {
    "nothing": "Nothing left for a model.",
    "schema": "Names and types went to the model; no rows did.",
    "samples": "Names, types and sample values went to the model.",
    "rows": "Rows went to the model.",
}
_SENT_PX = 240


def show_receipt(answer: Answer, *, sent: Sequence[str] = ()) -> None:
    """Draw everything that speaks for or against the answer; `sent` went to a model for it."""
    receipt = answer.receipt
    with st.container(gap="small"):
        for metric in receipt.metrics:
            label = escape(metric.label or metric.name)
            owner = f" Defined by {code(metric.owner)}." if metric.owner else ""
            st.markdown(f"**{label}**: {escape(metric.definition)}{owner}")
        _section("Made how", [_made(answer)])
        _section("Data", [_table(table) for table in receipt.tables])
        _section("Built from", [_lineage(line) for line in receipt.lineage])
        _section("Checks", _checks(receipt))
        if receipt.masked:
            _section("Masked for this role", [", ".join(map(code, receipt.masked))])
        _section("Model", [_model(answer)])
        _word_for_word(sent)
        st.caption(quiet(_fine_print(answer, receipt)))


def show_sent(sent: Sequence[str], *, key: str) -> None:
    """Draw what left for a model because of a question without a receipt on the page."""
    if sent:
        with st.expander("What left for the model", type="compact", key=key):
            _word_for_word(sent)


def _word_for_word(sent: Sequence[str]) -> None:
    for text in sent:
        st.code(text, language=None, wrap_lines=True, height=_SENT_PX)


def _section(title: str, lines: Sequence[str]) -> None:
    if lines:
        with st.container(gap=None):
            st.caption(quiet(escape(title)))
            for line in lines:
                st.markdown(line)


def _made(answer: Answer) -> str:
    confidence = answer.receipt.confidence
    how = made_how(answer)
    return f"{escape(how)}, confidence {confidence.band}: {escape(readable_dates(confidence.why))}"


def _checks(receipt: Receipt) -> list[str]:
    lines = [finding_line(finding) for finding in receipt.findings]
    if any(table.health != receipt.health for table in receipt.tables):
        lines.append(f"The columns used here: {health_words(receipt.health)}")
    return lines or ["Nothing was found that speaks against it\\."]


def _lineage(line: str) -> str:
    """`gold.t <- silver.a, silver.b` as code spans with an arrow between."""
    table, _, sources = line.partition(" <- ")
    return f"{code(table)} ← {', '.join(code(source) for source in sources.split(', '))}"


def _model(answer: Answer) -> str:
    said = _SENT[answer.receipt.sent_to_model]
    usage = answer.usage
    if not usage.calls:
        return escape(said)
    cost = "unknown" if usage.cost_usd is None else f"{usage.cost_usd:.4f} USD"
    tokens = usage.input_tokens + usage.output_tokens
    return escape(f"{said} {usage.model}: {tokens:,} tokens, cost {cost}.")


def finding_line(finding: Finding) -> str:
    """Return a finding as Markdown, its level shown by symbol and colour."""
    text = f"{_MARKS[finding.level]} {escape(readable_dates(finding.message))}"
    colour = {"info": "gray", "warning": "orange", "error": "red"}[finding.level]
    return f":{colour}[{text}]"


def _table(table: TableReceipt) -> str:
    parts = [part for part in (table.layer, table.domain) if part]
    if table.as_of:
        parts.append(f"data to {readable_moment(table.as_of)}")
    if table.loaded_at:
        parts.append(f"loaded {readable_moment(table.loaded_at)}")
    words = " · ".join([*map(escape, parts), health_words(table.health)])
    owner = f" · owner {code(table.owner)}" if table.owner else ""
    return f"{code(table.name)} · {words}{owner}"


def _fine_print(answer: Answer, receipt: Receipt) -> str:
    rules = receipt.conventions
    parts = []
    parts.append(
        f"Time zone {rules.timezone}, weeks from {rules.week_start.capitalize()}, "
        f"fiscal year from month {rules.fiscal_year_start}, currency {rules.currency}."
    )
    if answer.ms:
        spent = ", ".join(f"{stage} {ms:,.0f} ms" for stage, ms in answer.ms.items())
        parts.append(f"Time: {spent}.")
    parts.append(f"Role {receipt.role}. Receipt {receipt.id}.")
    return escape(" ".join(parts))
