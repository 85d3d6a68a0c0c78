"""Addresses below the root, opened directly: a bookmark or a refresh on the catalogue.

Streamlit's front end takes any path for a place where a server might be and asks there first, in
vain and on the reader's console. The document that is served here names the server's place.
"""

from collections.abc import Sequence
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

PAGES = Path(__file__).with_name("pages.py")
"""The script that draws all pages."""
CATALOGUE = "catalogue"
_DOCUMENT = Path(streamlit.__file__).parent / "static" / "index.html"
_SERVER = "<script>window.__streamlit = {BACKEND_BASE_URL: window.location.origin}</script>"


def own_addresses() -> Sequence[Route]:
    """Return the routes of the pages that do not lie at the root."""
    return [Route(f"/{CATALOGUE}", _open)]


def _open(request: Request) -> HTMLResponse:
    document = _DOCUMENT.read_text(encoding="utf-8").replace("<head>", f"<head>{_SERVER}", 1)
    return HTMLResponse(document, headers={"Cache-Control": "no-cache"})
