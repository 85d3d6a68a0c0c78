"""The Catalogue page: the list, one table or one metric, by what its address says."""

import streamlit as st

from assistant.ui.catalogue_list import show_list
from assistant.ui.catalogue_metric import show_metric
from assistant.ui.catalogue_parts import Places
from assistant.ui.catalogue_table import show_table_page
from assistant.ui.escape import escape
from assistant.ui.session import Session
from catalogue.errors import UnknownMetric, UnknownTable


def catalogue_page(session: Session, places: Places) -> None:
    """Draw what the address names: `?table=`, `?metric=`, or all there is."""
    table, metric = st.query_params.get("table"), st.query_params.get("metric")
    if table or metric:
        # A link within one page changes what is shown but not the address: said once more.
        st.query_params.from_dict({"table": table} if table else {"metric": metric or ""})
    try:
        if table:
            show_table_page(session, session.catalogue.table(table), places)
        elif metric:
            show_metric(session, session.catalogue.metric(metric), places)
        else:
            show_list(session, places)
    except (UnknownTable, UnknownMetric) as error:
        places.back()
        st.title("Not in this catalogue", anchor=False)
        st.markdown(escape(str(error)))
