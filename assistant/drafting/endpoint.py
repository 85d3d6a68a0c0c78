"""Which model is meant, where it lives, and which environment variable holds its key."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from assistant.errors import BadSettings, ModelRefusedKey

KEY_VARIABLES = {
    "anthropic": "ANTHROPIC_API_KEY",
    "azure_openai": "AZURE_OPENAI_API_KEY",
    "cohere": "COHERE_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
    "fireworks": "FIREWORKS_API_KEY",
    "google_genai": "GOOGLE_API_KEY",
    "groq": "GROQ_API_KEY",
    "mistralai": "MISTRAL_API_KEY",
    "openai": "OPENAI_API_KEY",
    "openrouter": "OPENROUTER_API_KEY",
    "perplexity": "PPLX_API_KEY",
    "together": "TOGETHER_API_KEY",
    "xai": "XAI_API_KEY",
}
"""Providers that need a key; LangChain knows more, and each of those asks for its own."""
_NO_KEY = frozenset({"ollama"})
_LOCAL_KEY = "local"
_FAMILIES = ((re.compile(r"gpt-|chatgpt|o\d"), "openai"), (re.compile("claude"), "anthropic"))


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One chat model at one address."""

    provider: str
    model: str
    base_url: str | None = None

    @property
    def address(self) -> str:
        """Host and port as people write them, or the provider; never credentials."""
        return _host_and_port(self.base_url) if self.base_url else self.provider

    @property
    def label(self) -> str:
        """The subject of every sentence about this model."""
        return f"The model {self.model} at {self.address}"

    @property
    def is_loopback(self) -> bool:
        host = (urlsplit(self.base_url).hostname or "") if self.base_url else ""
        return host == "localhost" or _is_loopback(host)

    def key(self, environ: Mapping[str, str]) -> str | None:
        """Return the key, None where the provider looks for its own; raise where it is missing."""
        variable = KEY_VARIABLES.get(self.provider)
        if variable is None:
            return None
        if found := environ.get(variable, "").strip():
            return found
        if self.is_loopback:
            return _LOCAL_KEY
        raise ModelRefusedKey(f"{self.label} needs a key: set the environment variable {variable}.")


def endpoint(name: str, base_url: str | None = None) -> Endpoint:
    """Read `provider:model`; at an OpenAI-compatible `base_url` a bare model name will do."""
    if base_url is not None and not _is_web_address(base_url):
        raise BadSettings(
            f"[model] base_url in platform.toml is {base_url.split('@')[-1]!r}, "
            "which is not an address such as http://127.0.0.1:8080/v1."
        )
    prefix, separator, rest = name.strip().partition(":")
    known = prefix in KEY_VARIABLES or prefix in _NO_KEY
    if separator and rest and (known or (base_url is None and prefix.isidentifier())):
        return Endpoint(provider=prefix, model=rest, base_url=base_url)
    provider = "openai" if base_url else _family(name)
    if not name.strip() or provider is None:
        raise BadSettings(
            f"[model] name in platform.toml is {name!r}; "
            "write it as provider:model, such as openai:gpt-5.2."
        )
    return Endpoint(provider=provider, model=name.strip(), base_url=base_url)


def _family(name: str) -> str | None:
    return next((provider for form, provider in _FAMILIES if form.match(name.lower())), None)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _host_and_port(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port else host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
