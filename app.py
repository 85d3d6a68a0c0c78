"""The web app that `streamlit run` serves: its pages and what opens them, nothing else."""

from streamlit.starlette import App

from assistant.ui.document import PAGES, documents

app = App(PAGES, routes=documents())
