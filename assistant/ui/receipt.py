"""The receipt, unfolded: definitions, tables, checks, confidence, what left the machine, time."""

import streamlit as st

from assistant.answer import Answer, Finding, Receipt, TableReceipt
from assistant.ui.escape import code, escape, quiet
from assistant.ui.trust import health_words, readable_moment

_MARKS = {"info": "·", "warning": "△", "error": "✕"}
_SENT = {
    "nothing": "Nothing left for a model.",
    "schema": "Names and types went to the model; no rows did.",
    "samples": "Names, types and sample values went to the model.",
    "rows": "Rows went to the model.",
}


def show_receipt(answer: Answer) -> None:
    """Draw everything that speaks for or against the answer."""
    receipt = answer.receipt
    for metric in receipt.metrics:
        label = escape(metric.label or metric.name)
        owner = f" Defined by {code(metric.owner)}." if metric.owner else ""
        st.markdown(f"**{label}**: {escape(metric.definition)}{owner}")
    for table in receipt.tables:
        st.markdown(_table(table))
    if any(table.health != receipt.health for table in receipt.tables):
        st.markdown(f"The columns used here: {health_words(receipt.health)}")
    confidence = receipt.confidence
    st.markdown(f"Confidence {confidence.band}: {escape(confidence.why)}")
    if receipt.masked:
        st.markdown(f"Masked for this role: {', '.join(map(code, receipt.masked))}")
    for finding in receipt.findings:
        st.markdown(finding_line(finding))
    st.caption(quiet(_fine_print(answer, receipt)))


def finding_line(finding: Finding) -> str:
    """Return a finding as Markdown, its level shown by symbol and colour."""
    text = f"{_MARKS[finding.level]} {escape(finding.message)}"
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
    parts = [_SENT[receipt.sent_to_model]]
    if answer.usage.calls:
        cost = "unknown" if answer.usage.cost_usd is None else f"{answer.usage.cost_usd:.4f} USD"
        tokens = answer.usage.input_tokens + answer.usage.output_tokens
        parts.append(f"Model {answer.usage.model}: {tokens:,} tokens, cost {cost}.")
    parts.append(f"Time zone {rules.timezone}, weeks from {rules.week_start.capitalize()}.")
    if answer.ms:
        spent = ", ".join(f"{stage} {ms:,.0f} ms" for stage, ms in answer.ms.items())
        parts.append(f"Time: {spent}.")
    parts.append(f"Role {receipt.role}. Receipt {receipt.id}.")
    return escape(" ".join(parts))
