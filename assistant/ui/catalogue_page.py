"""The Catalogue page: what the platform holds for this role, with its words and its health."""

import streamlit as st

from assistant.present.format import format_number
from assistant.present.phrases import plural
from assistant.ui.escape import code, escape, quiet
from assistant.ui.session import Session
from assistant.ui.trust import health_words, readable_moment
from catalogue.catalogue import Catalogue
from catalogue.model import Metric, Table


def catalogue_page(session: Session) -> None:
    """Draw metrics and tables, narrowed by what is typed."""
    catalogue = session.catalogue
    st.title("Catalogue", anchor=False)
    wanted = st.text_input("Find", placeholder="A metric, table, column or word", key="find")
    metrics = [metric for metric in catalogue.metrics if _fits(wanted, _metric_words(metric))]
    tables = [table for table in catalogue.tables if _fits(wanted, _table_words(table))]
    if not metrics and not tables:
        st.markdown(escape(f"Nothing here is called {wanted!r}."))
    if metrics:
        st.header(f"Metrics, {len(metrics):,}", anchor=False)
        with st.container(gap="xsmall"):
            for metric in metrics:
                _show_metric(metric)
    if tables:
        st.header(f"Tables, {len(tables):,}", anchor=False)
        with st.container(gap="xsmall"):
            for table in tables:
                _show_table(table, catalogue)


def _show_metric(metric: Metric) -> None:
    st.markdown(f"**{escape(metric.label)}** {escape(metric.description)}")
    facts = [code(metric.name)]
    if metric.unit:
        facts.append(escape(metric.unit))
    if metric.owner:
        facts.append(f"owner {code(metric.owner)}")
    count = len(metric.dimensions)
    facts.append(f"{count:,} {plural('dimension', count)}")
    st.caption(quiet(" · ".join(facts)))


def _show_table(table: Table, catalogue: Catalogue) -> None:
    evidence = catalogue.evidence.get(table.full_name)
    health = evidence.health if evidence else "unknown"
    st.markdown(f"**{escape(table.full_name)}** {escape(table.description)} {health_words(health)}")
    st.caption(quiet(_table_facts(table)))
    for reason in evidence.reasons if evidence and health != "healthy" else ():
        st.caption(quiet(escape(reason)))
    count = len(table.columns)
    with st.expander(f"{count:,} {plural('column', count)}", type="compact"):
        _show_columns(table)


def _show_columns(table: Table) -> None:
    columns = [
        {"Column": column.name, "Type": column.data_type, "Description": column.description}
        for column in table.columns
    ]
    st.dataframe(columns, hide_index=True, key=f"columns-{table.full_name}")


def _table_facts(table: Table) -> str:
    facts = [escape(part) for part in (table.layer, table.domain) if part]
    if table.row_count is not None:
        facts.append(f"{format_number(table.row_count)} rows")
    if table.as_of:
        facts.append(escape(f"data to {readable_moment(table.as_of)}"))
    if table.owner:
        facts.append(f"owner {code(table.owner)}")
    return " · ".join(facts)


def _fits(wanted: str, words: str) -> bool:
    return all(part in words for part in wanted.lower().split())


def _metric_words(metric: Metric) -> str:
    return " ".join([metric.name, metric.label, metric.description, *metric.synonyms]).lower()


def _table_words(table: Table) -> str:
    columns = [column.name for column in table.columns]
    return " ".join([table.full_name, table.description, *columns]).lower()
