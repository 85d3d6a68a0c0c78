"""The web app that `streamlit run` serves: its pages and their addresses, nothing else."""

from streamlit.starlette import App

from assistant.ui.addresses import PAGES, own_addresses

app = App(PAGES, routes=own_addresses())
