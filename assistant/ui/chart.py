"""Draws a chart in the colours of the reader's theme, its title as text that wraps."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from assistant.present.palette import dress
from assistant.ui.escape import escape, quiet


def show_chart(spec: Mapping[str, Any], *, key: str) -> None:
    """Draw a Vega-Lite specification of `present.chart`."""
    body = {name: part for name, part in spec.items() if name not in ("title", "description")}
    title = spec.get("title") or {}
    if text := title.get("text"):
        st.markdown(f"**{escape(str(text))}**")
    if notes := title.get("subtitle"):
        st.caption(quiet(escape(" · ".join(map(str, notes)))))
    ground = "dark" if st.context.theme.type == "dark" else "light"
    with st.container(key=f"plot-{key}"):
        st.vega_lite_chart(
            dress(body, ground),
            width="stretch",
            theme=None,
            key=key,
            alt=str(spec.get("description", "")),
        )
