"""Whether the configured chat model can be reached: a key and a connection, never a prompt."""

import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from assistant.doctor.report import Check
from assistant.drafting.endpoint import Endpoint, endpoint
from assistant.errors import AssistantError
from assistant.settings import Settings

TIMEOUT_S = 2.0


def model_check(settings: Settings, environ: Mapping[str, str]) -> Check:
    """Say whether there is a model, whether its key is set and its address answers."""
    if settings.model is None:
        said = "No chat model is configured: nothing leaves, and free questions are refused."
        return Check(name="model", status="ok", said=said)
    try:
        place = endpoint(settings.model.name, settings.model.base_url)
        place.key(environ)
    except AssistantError as error:
        step = "Set the key, or take [model] out of platform.toml."
        return Check(name="model", status="blocks", said=str(error), step=step)
    if problem := _connection_problem(place):
        step = "Start it, or correct `base_url` under [model]."
        said = f"{place.label} cannot be reached: {problem}."
        return Check(name="model", status="blocks", said=said, step=step)
    reached = "answers" if place.base_url else "has its key; it is not asked anything here"
    said = f"{place.label} {reached}. At most {settings.model.send} leaves for it."
    return Check(name="model", status="ok", said=said)


def _connection_problem(place: Endpoint) -> str | None:
    """Try a connection to an address of one's own; a provider's is left alone."""
    if place.base_url is None:
        return None
    parts = urlsplit(place.base_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=TIMEOUT_S):
            return None
    except OSError as error:
        return error.strerror or type(error).__name__
