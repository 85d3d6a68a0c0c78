"""Whether people can sign in: Streamlit's `[auth]` secrets, read before the server listens.

Nothing of a secret is ever said, only which keys are missing and where they belong.
"""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.errors import BadSettings

SECRETS = Path(".streamlit") / "secrets.toml"
_SHARED = ("redirect_uri", "cookie_secret")
_OF_PROVIDER = ("client_id", "client_secret", "server_metadata_url")


def secrets_file(root: Path) -> Path | None:
    """Return the secrets that the server reads: beside platform.toml, here, or in the home."""
    places = (root, Path.cwd(), Path.home())
    return next((place / SECRETS for place in places if (place / SECRETS).is_file()), None)


def lacking_sign_in(root: Path) -> str | None:
    """Return what a sign-in still needs, in words; None where it is complete."""
    file = secrets_file(root)
    if file is None:
        keys = ", ".join((*_SHARED, *_OF_PROVIDER))
        return f"a sign-in ([auth] in {root / SECRETS} with {keys})"
    if missing := _missing(_auth_of(file)):
        return f"a whole sign-in ([auth] in {file} lacks {', '.join(missing)})"
    if find_spec("authlib") is None:
        return "Authlib for the sign-in (pip install 'data-platform-assistant[sign-in]')"
    return None


def _auth_of(file: Path) -> Mapping[str, Any]:
    try:
        auth = tomllib.loads(file.read_text(encoding="utf-8")).get("auth", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"{file} cannot be read as TOML.") from error
    return auth if isinstance(auth, dict) else {}


def _missing(auth: Mapping[str, Any]) -> Sequence[str]:
    shared = [key for key in _SHARED if not auth.get(key)]
    named = [value for value in auth.values() if isinstance(value, dict)]
    by_provider = [[key for key in _OF_PROVIDER if not each.get(key)] for each in (auth, *named)]
    return [*shared, *min(by_provider, key=len)]
