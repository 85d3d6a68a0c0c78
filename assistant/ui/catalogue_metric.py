"""A metric's page: what it means, who says so, how it went, by what it can be split."""

from collections.abc import Sequence

import streamlit as st

from assistant.answer import Draft
from assistant.errors import AssistantError
from assistant.present.answers import Presentation, present
from assistant.present.format import SHARE
from assistant.present.phrases import listed
from assistant.ui.catalogue_parts import (
    Places,
    certification_words,
    grid_height,
    metric_questions,
    show_facts,
    show_questions,
)
from assistant.ui.chart import show_chart
from assistant.ui.escape import code, escape, quiet
from assistant.ui.session import Session
from assistant.ui.trust import health_words
from catalogue.catalogue import Catalogue
from catalogue.errors import CatalogueError
from catalogue.model import Dimension, Metric

_QUESTIONS = 4
_SYNONYMS = 4
_TREND_HEIGHT = 280


def show_metric(session: Session, metric: Metric, places: Places) -> None:
    """Draw everything the asker may know of a metric."""
    catalogue = session.catalogue
    places.back()
    st.title(escape(metric.label), anchor=False)
    st.caption(quiet(escape(_strip(metric))))
    if metric.description:
        st.markdown(escape(metric.description))
    if metric.synonyms:
        st.caption(quiet(escape(f"Also called {listed(metric.synonyms[:_SYNONYMS])}")))
    show_facts(_facts(metric))
    _show_trend(session, metric)
    show_questions(session, metric_questions([metric], catalogue, each=_QUESTIONS), places)
    _show_dimensions(metric, catalogue)
    _show_sources(metric, catalogue, places)


def trend_of(session: Session, metric: Metric) -> Presentation | None:
    """Return the metric by month as this asker sees it; None where there is none."""
    question = f"{metric.label} by {metric.period_grain or 'month'}"
    user, role = session.user, session.role
    draft = session.assistant.generate_sql(question, user=user, role=role)
    if not _is_plain(draft, metric) or draft.sql is None:
        return None
    result = session.assistant.run(draft.sql, user=user, role=role)
    return present(draft=draft, result=result, catalogue=session.catalogue)


def _is_plain(draft: Draft, metric: Metric) -> bool:
    query = draft.metric_query
    return query is not None and query.metrics == (metric.name,) and not query.where


def _show_trend(session: Session, metric: Metric) -> None:
    if metric.time_column is None:
        return
    place = st.empty()
    with place.container():
        st.skeleton(height=_TREND_HEIGHT)
    try:
        shown = trend_of(session, metric)
    except (AssistantError, CatalogueError) as error:
        place.caption(quiet(escape(str(error))))
        return
    with place.container():
        if shown is not None and shown.chart:
            show_chart(shown.chart, key=f"trend-{metric.name}")


def _strip(metric: Metric) -> str:
    parts = ["✓ Approved metric" if metric.governed else "○ Ungoverned"]
    parts += [metric.domain] if metric.domain else []
    parts += [metric.kind] if metric.kind != "simple" else []
    if metric.better != "neutral":
        parts.append(f"{metric.better} is better")
    if metric.certification.status != "none":
        parts.append(certification_words(metric.certification))
    return " · ".join(parts)


def _facts(metric: Metric) -> list[tuple[str, str]]:
    facts = []
    if metric.unit:
        facts.append(("Unit", escape("percent" if metric.unit == SHARE else metric.unit)))
    if metric.owner:
        facts.append(("Owner", escape(metric.owner)))
    facts.append(("Name", code(metric.name)))
    return facts


def _show_dimensions(metric: Metric, catalogue: Catalogue) -> None:
    known = catalogue.dimensions_by_name
    found = [known[name.lower()] for name in metric.dimensions if name.lower() in known]
    if not found:
        return
    st.header(f"Can be split by, {len(found):,}", anchor=False)
    st.dataframe(
        _dimension_rows(found),
        column_config={"Description": st.column_config.TextColumn(width="large")},
        hide_index=True,
        height=grid_height(len(found)),
        placeholder="",
        key=f"dimensions-{metric.name}",
        alt=f"Dimensions of {metric.label}",
    )


def _dimension_rows(dimensions: Sequence[Dimension]) -> list[dict[str, str]]:
    return [
        {
            "Dimension": dimension.label or dimension.name,
            "Description": dimension.description,
            "Name": dimension.name,
        }
        for dimension in dimensions
    ]


def _show_sources(metric: Metric, catalogue: Catalogue, places: Places) -> None:
    tables = [catalogue.tables_by_name.get(name.lower()) for name in metric.tables]
    if not any(tables):
        return
    st.header("Read from", anchor=False)
    for table in tables:
        if table is None:
            continue
        evidence = catalogue.evidence.get(table.full_name)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            places.link_table(table.full_name)
            st.markdown(health_words(evidence.health if evidence else "unknown"))
