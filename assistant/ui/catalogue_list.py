"""The list of all that the role may see: metrics, tables and words; narrowed while typing."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import streamlit as st

from assistant.errors import AssistantError
from assistant.present.format import format_number
from assistant.present.phrases import plural
from assistant.ui.catalogue_parts import Places
from assistant.ui.catalogue_search import Found, find, named_columns
from assistant.ui.escape import code, escape, quiet
from assistant.ui.session import Session
from assistant.ui.trust import health_words, readable_moment
from catalogue.catalogue import Catalogue
from catalogue.errors import CatalogueError
from catalogue.model import Hit, Metric, Table, Term

_Noun = TypeVar("_Noun")
_MOST_COLUMNS = 4
_MOST_NEAR = 8
_ALL = "Everything"


def show_list(session: Session, places: Places) -> None:
    """Draw the search field and what it leaves of the catalogue."""
    catalogue = session.catalogue
    st.title("Catalogue", anchor=False)
    wanted = st.text_input(
        "Find a metric, table, column or word",
        placeholder="Find a metric, table, column or word",
        type="search",
        icon=":material/search:",
        key="find",
        live=True,
        persist_state="session",
        label_visibility="collapsed",
    )
    found = find(wanted or "", catalogue)
    near = found.is_empty
    if near:
        found = _near(session, wanted or "")
        st.markdown(escape(f"Nothing here is called {wanted!r}."))
        if not found.is_empty:
            st.caption(quiet("Close in meaning"))
    kind = _choose_kind(found)
    if kind in (_ALL, "Metrics"):
        _show_metrics(found.metrics, places, by_domain=not wanted)
    if kind in (_ALL, "Tables"):
        _show_tables(found.tables, wanted or "", catalogue, places)
    if kind in (_ALL, "Words"):
        _show_terms(found.terms)


def _choose_kind(found: Found) -> str:
    """Draw the choice of what to list, where there is one."""
    groups = {"Metrics": found.metrics, "Tables": found.tables, "Words": found.terms}
    held = [name for name, members in groups.items() if members]
    if len(held) < 2:
        return _ALL
    kind = st.segmented_control(
        "Show",
        [_ALL, *held],
        default=_ALL,
        required=True,
        key="show",
        label_visibility="collapsed",
        persist_state="session",
    )
    return kind or _ALL


def _near(session: Session, wanted: str) -> Found:
    """What is close in meaning, where no word fits."""
    try:
        hits = session.assistant.search(wanted, k=_MOST_NEAR, user=session.user, role=session.role)
    except (AssistantError, CatalogueError):
        return Found()
    catalogue = session.catalogue
    return Found(
        metrics=_named(hits, "metric", catalogue.metrics_by_name),
        tables=_named(hits, "table", catalogue.tables_by_name),
    )


def _named(hits: Sequence[Hit], kind: str, known: Mapping[str, _Noun]) -> tuple[_Noun, ...]:
    names = [hit.name.lower() for hit in hits if hit.kind == kind]
    return tuple(known[name] for name in names if name in known)


def _show_metrics(metrics: Sequence[Metric], places: Places, *, by_domain: bool) -> None:
    if not metrics:
        return
    st.header(f"Metrics, {len(metrics):,}", anchor=False)
    groups: dict[str, list[Metric]] = {}
    for metric in metrics:
        groups.setdefault((metric.domain or "") if by_domain else "", []).append(metric)
    for domain, members in groups.items():
        if len(groups) > 1:
            st.caption(quiet(escape((domain or "other").capitalize())))
        with st.container(gap="small"):
            for metric in members:
                _show_metric(metric, places)


def _show_metric(metric: Metric, places: Places) -> None:
    with st.container(gap=None):
        places.link_metric(metric.name, metric.label)
        st.caption(escape(metric.description) or code(metric.name))


def _show_tables(
    tables: Sequence[Table], wanted: str, catalogue: Catalogue, places: Places
) -> None:
    if not tables:
        return
    st.header(f"Tables, {len(tables):,}", anchor=False)
    with st.container(gap="small"):
        for table in tables:
            _show_table(table, wanted, catalogue, places)


def _show_table(table: Table, wanted: str, catalogue: Catalogue, places: Places) -> None:
    evidence = catalogue.evidence.get(table.full_name)
    with st.container(gap=None):
        places.link_table(table.full_name)
        if table.description:
            st.caption(escape(table.description))
        health = health_words(evidence.health if evidence else "unknown")
        st.caption(" · ".join([health, quiet(_table_facts(table))]))
        if columns := named_columns(wanted, table):
            names = ", ".join(code(column.name) for column in columns[:_MOST_COLUMNS])
            more = len(columns) - _MOST_COLUMNS
            rest = f" and {more:,} more" if more > 0 else ""
            st.caption(quiet(f"{plural('Column', len(columns))} {names}{rest}"))


def _table_facts(table: Table) -> str:
    facts = [escape(part) for part in (table.layer, table.domain) if part]
    if table.row_count is not None:
        facts.append(f"{format_number(table.row_count)} {plural('row', table.row_count)}")
    if table.as_of:
        facts.append(escape(f"data to {readable_moment(table.as_of)}"))
    return " · ".join(facts)


def _show_terms(terms: Sequence[Term]) -> None:
    if not terms:
        return
    st.header(f"Words, {len(terms):,}", anchor=False)
    with st.container(gap="xsmall"):
        for term in terms:
            st.markdown(f"**{escape(term.name)}** {quiet(escape(term.description))}")
