"""A table's page: what it holds, how far to trust it, where it comes from, its metrics."""

from collections.abc import Sequence

import streamlit as st

from assistant.present.format import format_number
from assistant.present.phrases import listed, plural
from assistant.ui.catalogue_columns import show_columns
from assistant.ui.catalogue_health import show_health
from assistant.ui.catalogue_lineage import show_lineage
from assistant.ui.catalogue_parts import (
    Places,
    certification_words,
    metric_questions,
    show_facts,
    show_questions,
)
from assistant.ui.catalogue_suspects import show_suspects
from assistant.ui.escape import code, escape, quiet
from assistant.ui.session import Session
from assistant.ui.trust import health_words, readable_moment
from catalogue.catalogue import Catalogue
from catalogue.model import Metric, Relationship, Table


def show_table_page(session: Session, table: Table, places: Places) -> None:
    """Draw everything the asker may know of a table."""
    catalogue = session.catalogue
    places.back()
    st.title(escape(table.full_name), anchor=False)
    st.caption(_strip(table, catalogue))
    if table.description:
        st.markdown(escape(table.description))
    if names := _names(table):
        st.caption(quiet(names))
    show_facts(_facts(table))
    metrics = metrics_on(table, catalogue)
    show_questions(session, metric_questions(metrics[:3], catalogue, each=1), places)
    show_health(table, catalogue)
    show_columns(table)
    show_suspects(session, table)
    show_lineage(table, catalogue, places)
    _show_joins(table, catalogue, places)
    _show_metrics(metrics, places)


def metrics_on(table: Table, catalogue: Catalogue) -> tuple[Metric, ...]:
    """Return the metrics whose measures are read from this table."""
    name = table.full_name.lower()
    return tuple(
        metric for metric in catalogue.metrics if name in (read.lower() for read in metric.tables)
    )


def _strip(table: Table, catalogue: Catalogue) -> str:
    evidence = catalogue.evidence.get(table.full_name)
    parts = [escape(part) for part in (table.layer, table.domain, table.kind) if part]
    if table.certification.status != "none":
        parts.append(escape(certification_words(table.certification)))
    health = health_words(evidence.health if evidence else "unknown")
    return f"{health} · {quiet(' · '.join(parts))}"


def _names(table: Table) -> str:
    key = ", ".join(code(name) for name in table.primary_key)
    names = escape(f"also called {listed(table.synonyms)}") if table.synonyms else ""
    text = " · ".join(part for part in (f"key {key}" if key else "", names) if part)
    return text[:1].upper() + text[1:]


def _facts(table: Table) -> list[tuple[str, str]]:
    facts = []
    if table.row_count is not None:
        facts.append(("Rows", format_number(table.row_count)))
    if table.as_of:
        facts.append(("Data to", escape(readable_moment(table.as_of))))
    if table.last_loaded:
        facts.append(("Loaded", escape(readable_moment(table.last_loaded))))
    if table.owner:
        facts.append(("Owner", escape(table.owner)))
    return facts


def _show_joins(table: Table, catalogue: Catalogue, places: Places) -> None:
    name = table.full_name.lower()
    own = [link for link in catalogue.relationships if link.from_table.lower() == name]
    if not own:
        return
    st.header("Joins", anchor=False)
    for link in own:
        _show_join(link, places)


def _show_join(link: Relationship, places: Places) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"{code(link.from_column)} {quiet('to')} {code(link.to_column)} {quiet('of')}")
        places.link_table(link.to_table)
        if link.origin == "inferred":
            st.caption(quiet("inferred"))


def _show_metrics(metrics: Sequence[Metric], places: Places) -> None:
    if not metrics:
        return
    count = len(metrics)
    st.header(f"{plural('Metric', count)} on it, {count:,}", anchor=False)
    with st.container(horizontal=True, gap="small"):
        for metric in metrics:
            places.link_metric(metric.name, metric.label)
