"""What the pages of the catalogue share: links between them, facts in a row, what to ask next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from assistant.present.columns import dimension_noun, lower_first
from assistant.present.format import format_date
from assistant.ui.escape import escape, quiet
from assistant.ui.session import Session
from catalogue.catalogue import Catalogue
from catalogue.model import Certification, Metric

_ROW_PX = 35
_LINE_PX = 20
_MOST_ROWS, _FEWEST_SHOWN = 12, 8


@dataclass(frozen=True, kw_only=True)
class Places:
    """The pages that the catalogue links to."""

    ask: Any
    catalogue: Any

    def back(self) -> None:
        """Draw the way back to the list."""
        st.page_link(self.catalogue, label="Catalogue", icon=":material/arrow_back:")

    def link_table(self, name: str) -> None:
        """Draw a link to a table's page."""
        st.page_link(self.catalogue, label=_link(name), query_params={"table": name})

    def link_metric(self, name: str, label: str) -> None:
        """Draw a link to a metric's page."""
        st.page_link(self.catalogue, label=_link(label), query_params={"metric": name})


def _link(text: str) -> str:
    return f":primary[{escape(text)}]"


def show_facts(facts: Sequence[tuple[str, str]]) -> None:
    """Draw facts side by side, each under its name; they wrap where the page is narrow.

    Values are Markdown: text from the catalogue must come escaped.
    """
    with st.container(horizontal=True, gap="medium"):
        for name, value in facts:
            with st.container(width="content", gap=None):
                st.caption(quiet(escape(name)))
                st.markdown(value)


def row_height(lines: int) -> int:
    """Return the height of a row in pixels whose text takes so many lines."""
    return _ROW_PX + _LINE_PX * (lines - 1)


def grid_height(rows: int, *, lines: int = 1) -> int:
    """Return the height of a grid in pixels, whole rows, so that none is cut through."""
    shown = min(rows, max(_FEWEST_SHOWN, _MOST_ROWS // lines))
    return _ROW_PX + row_height(lines) * shown + 3


def show_questions(session: Session, questions: Sequence[str], places: Places) -> None:
    """Draw questions as buttons that are asked on the Ask page."""
    if not questions:
        return
    st.header("Ask about this", anchor=False)
    with st.container(horizontal=True, gap="small"):
        for question in questions:
            if st.button(escape(question), key=f"ask-{question}"):
                session.ask_next(question)
                st.switch_page(places.ask)


def certification_words(certification: Certification) -> str:
    """Return what people said of it: "verified by operations analytics, until 1 May 2027"."""
    parts: list[str] = [certification.status]
    if certification.by:
        parts.append(f"by {certification.by}")
    words = " ".join(parts)
    if certification.expires:
        return f"{words}, until {format_date(certification.expires)}"
    return f"{words}, {format_date(certification.on)}" if certification.on else words


def metric_questions(metrics: Sequence[Metric], catalogue: Catalogue, *, each: int) -> list[str]:
    """Return questions on metrics: by month, then by what it is most naturally split by."""
    known = catalogue.dimensions_by_name
    questions = []
    for metric in metrics:
        own = [f"{metric.label} by {metric.period_grain or 'month'}"]
        if not metric.needs_time:
            split = sorted(metric.dimensions, key=lambda name: not name.endswith("__name"))
            nouns = [dimension_noun(known[name.lower()]) for name in split if name.lower() in known]
            own += [f"{metric.label} by {lower_first(noun)}" for noun in dict.fromkeys(nouns)]
        questions += own[:each]
    return list(dict.fromkeys(questions))
