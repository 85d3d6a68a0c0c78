"""What the platform shows already: dashboards and models that read what an answer reads."""

from catalogue.model import Exposure

MOST_EXPOSURES = 2
_NAMES = {"dashboard": "dashboard", "analysis": "analysis", "notebook": "notebook", "ml": "model"}


def exposure_sentence(exposure: Exposure) -> str:
    """Return one sentence that names the exposure and whom to ask."""
    kind = _NAMES.get(exposure.kind, "application")
    article = "An" if kind[0] in "a" else "A"
    owner = f" (owner {exposure.owner})" if exposure.owner else ""
    name = exposure.label or exposure.name
    return f"{article} {kind} reads the same tables already: {name}{owner}."
