"""The shape of platform.toml, and one sentence for whatever does not fit it.

Unknown keys are errors: a misspelt limit must never be a limit that silently does not hold.
"""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from assistant.errors import BadSettings
from catalogue.errors import nearest

_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_MEMORY = re.compile(r"(\d+(?:\.\d+)?) ?(KB|MB|GB|KIB|MIB|GIB)", re.IGNORECASE)
LEAST_MEMORY_BYTES = 256 * 10**6


def memory_bytes(text: str) -> int:
    """Return the bytes that a size such as `2GB` or `512 MiB` stands for."""
    match = _MEMORY.fullmatch(text.strip())
    if match is None:
        raise ValueError('should be a size such as "2GB" or "512MB"')
    size = int(float(match[1]) * _UNITS[match[2].upper()])
    if size < LEAST_MEMORY_BYTES:
        raise ValueError(f"should be at least {LEAST_MEMORY_BYTES // 10**6}MB")
    return size


def _memory(text: str) -> str:
    memory_bytes(text)
    return text


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("should be a time zone such as America/New_York") from error
    return name


def _endpoint(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("should be an http or https address")
    if parts.username or parts.password:
        raise ValueError("should hold no key or password; keys come from the environment only")
    return url


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PlatformSection(_Section):
    """What the platform is called and which clock it keeps."""

    name: Annotated[str, Field(min_length=1)] | None = None
    timezone: Annotated[str, AfterValidator(_timezone)] = "UTC"
    as_of: date | None = None


class ConventionsSection(_Section):
    """House rules of every answer."""

    fiscal_year_start: int = Field(default=1, ge=1, le=12)
    week_start: Literal["monday", "sunday"] = "monday"
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    filters: dict[str, str] = Field(default_factory=dict)


class WarehouseSection(_Section):
    """Where the data lies."""

    engine: Literal["duckdb"] = "duckdb"
    path: Annotated[str, Field(min_length=1)] | None = None
    files: Annotated[str, Field(min_length=1)] | None = None
    serve: Literal["snapshot", "live"] | None = None

    @model_validator(mode="after")
    def _names_one_place(self) -> "WarehouseSection":
        if self.files is not None and self.path is not None:
            raise ValueError("`warehouse.path` and `warehouse.files` are both set; keep one")
        if self.files is not None and self.serve == "live":
            raise ValueError(
                "`warehouse.serve` should be snapshot: a data folder is imported, not read live"
            )
        if self.files is None and self.path is None:
            raise ValueError(
                "`warehouse.path` is missing: name the DuckDB file, "
                "or a folder of data files as `warehouse.files`"
            )
        return self


class CatalogueSection(_Section):
    """What else is known of the data."""

    dbt: str | None = None
    overlay: str | None = None
    verified: str | None = None


class ModelSection(_Section):
    """The chat model, if any."""

    name: Annotated[str, Field(pattern=r"^[\w-]+:.+$")]
    base_url: Annotated[str, AfterValidator(_endpoint)] | None = None
    send: Literal["schema", "samples", "rows"] = "schema"


class LimitsSection(_Section):
    """What one query may take."""

    timeout_s: float = Field(default=30, gt=0)
    memory: Annotated[str, AfterValidator(_memory)] = "2GB"
    rows: int = Field(default=10_000, ge=1)
    hold_s: float = Field(default=1, ge=0)


class RetentionSection(_Section):
    """How long what people asked is kept."""

    journal_days: int | None = Field(default=None, ge=1)
    audit_days: int | None = Field(default=None, ge=1)


class AccessSection(_Section):
    """Who may see what."""

    policy: str | None = None


class PlatformFile(_Section):
    """The whole of platform.toml."""

    platform: PlatformSection = PlatformSection()
    conventions: ConventionsSection = ConventionsSection()
    warehouse: WarehouseSection
    catalogue: CatalogueSection = CatalogueSection()
    model: ModelSection | None = None
    limits: LimitsSection = LimitsSection()
    access: AccessSection = AccessSection()
    retention: RetentionSection = RetentionSection()


def read_platform_file(path: Path) -> PlatformFile:
    """Read platform.toml, or raise BadSettings naming the key and the file."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} is not valid TOML: {error}.") from error
    except OSError as error:
        raise BadSettings(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return PlatformFile.model_validate(data)
    except ValidationError as error:
        raise BadSettings(f"{path}: {_sentence(error.errors()[0])}") from error


def _sentence(problem: ErrorDetails) -> str:
    """Say what is wrong with one key, never echoing an address that may hold a secret."""
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return _unknown_key(key)
    if problem["type"] == "missing":
        return f"`{key}` is missing."
    message = _plain(problem["msg"])
    if message.startswith("`"):
        return f"{message}."
    if problem["type"] == "string_pattern_mismatch":
        message = _PATTERNS.get(key, message)
    given = problem["input"]
    shown = isinstance(given, str | int | float | bool) and key != "model.base_url"
    return f"`{key}` {message}{f', not {given!r}' if shown else ''}."


_PATTERNS = {
    "conventions.currency": "should be a currency code such as EUR",
    "model.name": "should be provider:model, such as openai:gpt-5.2",
}


def _plain(message: str) -> str:
    text = message.removeprefix("Value error, ").removeprefix("Input ")
    return text.replace("should be a valid dictionary or instance of", "should be a section like")


def _unknown_key(key: str) -> str:
    section, _, name = key.rpartition(".")
    known = _keys(section)
    close = nearest(name, known)
    what = f"unknown key `{key}`" if section else f"unknown section or key `{key}`"
    hint = f"Did you mean `{close}`?" if close else f"Known here: {', '.join(known)}."
    return f"{what}. {hint}"


def _keys(section: str) -> list[str]:
    model: Any = PlatformFile
    if section:
        annotation = PlatformFile.model_fields[section].annotation
        model = ModelSection if section == "model" else annotation
    return sorted(model.model_fields)
