"""The document that opens every page: Streamlit's own, with our few lines of style and script.

They stand in the document because they have to be there before anything is drawn: styles that
come later make the page jump.
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
"""The path of the one page that does not lie at the root."""
_STREAMLITS = Path(streamlit.__file__).parent / "static" / "index.html"


def documents() -> Sequence[Route]:
    """Return the routes under which pages are opened."""
    return [Route("/", _open), Route(f"/{CATALOGUE}", _open)]


def document() -> str:
    """Return the document: the script before Streamlit's, the style after its own."""
    script, style = (_beside(name) for name in ("page.js", "page.css"))
    text = _STREAMLITS.read_text(encoding="utf-8")
    text = text.replace("<head>", f"<head>\n<script>\n{script}</script>", 1)
    return text.replace("</body>", f"<style>\n{style}</style>\n</body>", 1)


def _open(request: Request) -> HTMLResponse:
    return HTMLResponse(document(), headers={"Cache-Control": "no-cache"})


def _beside(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
