"""Every colour of charts, in one place.

Marks hold 3:1 against both grounds, text 4.5:1 against its own (a test measures it).
The categorical seven follow Okabe and Ito (2008), darkened until they hold on white.
"""

from typing import Any

GROUND = {"light": "#FFFFFF", "dark": "#10161A"}
FONT = "'Source Sans', sans-serif"
"""The face of Streamlit's `sans-serif`, which it ships."""
TEXT = {"light": "#1B262C", "dark": "#E6ECEF"}
QUIET_TEXT = {"light": "#55636B", "dark": "#A3B1B8"}
GRID = {"light": "#E4E9EC", "dark": "#26323A"}

ACCENT = "#0E8A82"
"""A deep blue-green: what was asked."""
REST = "#84929A"
"""What stands beside it."""
ON_DARK = {ACCENT: "#2FA79D", REST: "#5E6C75"}
"""Marks that change on a dark ground, so that what was asked stays the strongest."""
CATEGORIES = ("#0E8A82", "#C75B12", "#3A75C4", "#9A7B0A", "#B4548E", "#6B7A86", "#4E8F3A")
"""At most seven, told apart by colour-blind readers."""
SEQUENCE = {
    "light": ("#DDEFED", "#8CC7C2", "#3FA199", "#0E7A73", "#064B47"),
    "dark": ("#12312F", "#12544F", "#16807A", "#3FAFA6", "#A5E3DD"),
}
"""From low to high, for heat maps."""


def dress(spec: dict[str, Any], ground: str = "light") -> dict[str, Any]:
    """Return the specification with the colours of a light or dark ground."""
    text, quiet, grid = TEXT[ground], QUIET_TEXT[ground], GRID[ground]
    config = {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "text": {"color": text, "fontSize": 13},
        "axis": {
            "labelColor": quiet,
            "titleColor": quiet,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": grid,
            "domainColor": grid,
            "tickColor": grid,
        },
        "legend": {"labelColor": text, "titleColor": quiet, "labelFontSize": 12},
        "title": {"color": text, "subtitleColor": quiet, "anchor": "start"},
        "range": {"ramp": list(SEQUENCE[ground]), "heatmap": list(SEQUENCE[ground])},
    }
    recoloured = _on_dark(spec) if ground == "dark" else spec
    return {**recoloured, "config": config}


def _on_dark(part: Any) -> Any:
    """Recolour the marks of a specification; its data is left alone."""
    if isinstance(part, dict):
        return {key: value if key == "data" else _on_dark(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_on_dark(item) for item in part]
    return ON_DARK.get(part, part) if isinstance(part, str) else part
