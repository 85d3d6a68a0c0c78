"""Settings: platform.toml and the environment, checked once at start-up and passed down.

Finds the platform in the contracted order. Nothing here opens the warehouse or a client.
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from assistant.errors import BadSettings, PlatformNotFound
from assistant.platform_file import PlatformFile, memory_bytes, read_platform_file
from catalogue.errors import WarehouseUnavailable
from catalogue.model import Conventions

if TYPE_CHECKING:
    from catalogue.sources import Sources

PLATFORM_FILE = "platform.toml"
STATE_DIRECTORY = ".assistant"
NOTES_FILE = "catalogue.yaml"
"""The overlay of a platform that names none: beside platform.toml, else in the state."""
DEMO_DIRECTORY = Path(STATE_DIRECTORY) / "demo"
PLATFORM_VARIABLE = "ASSISTANT_PLATFORM"
ANY_ROLE_VARIABLE = "ASSISTANT_ANY_ROLE"
"""Set to 1 for the page: the asker may choose any role."""
SNAPSHOT_BYTES_AT_MOST = 8 * 10**9
"""Above this a warehouse is served live unless platform.toml says otherwise."""
_DATABASES = (".duckdb", ".ddb", ".db")


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """The chat model to use, and what may leave to it."""

    name: str
    """LangChain's `provider:model`."""
    base_url: str | None = None
    send: Literal["schema", "samples", "rows"] = "schema"


@dataclass(frozen=True, kw_only=True)
class LimitSettings:
    """What one query may take."""

    timeout_s: float = 30
    memory_bytes: int = 2 * 10**9
    """Per worker process."""
    rows: int = 10_000
    hold_s: float = 1
    """Live serving only: idle seconds before a worker lets go of the file."""


@dataclass(frozen=True, kw_only=True)
class RetentionSettings:
    """How many days what people asked is kept; None keeps it for good."""

    journal_days: int | None = None
    audit_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that is configured about one platform; all paths are absolute."""

    name: str
    place: Path
    """What to open for these settings again: a platform's directory, or bare data."""
    root: Path
    """The directory that the paths of platform.toml are relative to."""
    state: Path
    """Where the index, snapshots and the journal live."""
    warehouse: Path
    """A DuckDB file, or a folder of data files."""
    serve: Literal["snapshot", "live"] = "snapshot"
    as_of: date | None = None
    """A fixed clock for "last month"; None means now."""
    conventions: Conventions = Conventions()
    dbt: Path | None = None
    overlay: Path | None = None
    verified: Path | None = None
    policy: Path | None = None
    model: ModelSettings | None = None
    limits: LimitSettings = LimitSettings()
    retention: RetentionSettings = RetentionSettings()

    @classmethod
    def open(cls, path: Path | str, *, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the platform at `path`: a directory, its platform.toml, or bare data.

        Bare data is a DuckDB file, or a folder of Parquet, CSV and JSON files.

        Raises PlatformNotFound, BadSettings or WarehouseUnavailable.
        """
        place = Path(path).expanduser().absolute()
        if place.name == PLATFORM_FILE:
            place = place.parent
        variables = os.environ if environ is None else environ
        if place.is_dir():
            if (place / PLATFORM_FILE).is_file():
                return _from_directory(place)
            return _bare_folder(place, variables)
        if not place.is_file():
            raise PlatformNotFound(f"No platform at {place}: there is no such file or directory.")
        if place.suffix.lower() not in _DATABASES:
            raise PlatformNotFound(
                f"{place} is no platform: name a directory with a {PLATFORM_FILE}, "
                "a .duckdb file, or a folder of Parquet, CSV or JSON files."
            )
        state = _state_of_bare(place, variables)
        return cls(name=place.stem, place=place, root=place.parent, state=state, warehouse=place)

    @property
    def timezone(self) -> str:
        return self.conventions.timezone

    @property
    def notes(self) -> Path:
        """Where the platform's notes are read and written, also while the file is not there yet."""
        return self.overlay or self.state / NOTES_FILE

    def today(self) -> date:
        """The day that "today" means: `as_of`, or the current day in the platform's time zone."""
        return self.as_of or datetime.now(ZoneInfo(self.timezone)).date()

    def sources(self) -> "Sources":
        """What the catalogue is built from."""
        from catalogue.sources import Sources

        return Sources(
            name=self.name,
            root=self.root,
            state=self.state,
            warehouse=self.warehouse,
            is_live=self.serve == "live",
            dbt=self.dbt,
            overlay=self.notes if self.notes.is_file() else None,
            verified=self.verified,
            as_of=self.as_of,
            conventions=self.conventions,
        )


def find_platform(
    explicit: Path | str | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    start: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Path:
    """Return where the platform is, in the contracted order of search.

    `--platform`, the environment, the nearest platform.toml upwards, then the demo, which
    `say` is told of, since nobody asked for it by name.
    """
    variables = os.environ if environ is None else environ
    if explicit is not None:
        return Path(explicit)
    if named := variables.get(PLATFORM_VARIABLE):
        return Path(named)
    here = (start or Path.cwd()).absolute()
    for directory in (here, *here.parents):
        if (directory / PLATFORM_FILE).is_file():
            return directory
    demo = here / DEMO_DIRECTORY
    if (demo / PLATFORM_FILE).is_file():
        say(f"Using the demo platform in {DEMO_DIRECTORY}.")
        return demo
    raise PlatformNotFound(
        f"No platform found: no --platform, no {PLATFORM_VARIABLE}, no {PLATFORM_FILE} here or "
        "above, and no demo. `assistant demo` builds one."
    )


def _from_directory(root: Path) -> Settings:
    file = root / PLATFORM_FILE
    content = read_platform_file(file)
    warehouse = _warehouse(file, content)
    return Settings(
        name=content.platform.name or root.name,
        place=root,
        root=root,
        state=root / STATE_DIRECTORY,
        warehouse=warehouse,
        serve=content.warehouse.serve or _way_to_serve(warehouse),
        as_of=content.platform.as_of,
        conventions=Conventions(
            **content.conventions.model_dump(), timezone=content.platform.timezone
        ),
        dbt=_beside(root, content.catalogue.dbt),
        overlay=_existing(file, "catalogue.overlay", content.catalogue.overlay)
        or root / NOTES_FILE,
        verified=_existing(file, "catalogue.verified", content.catalogue.verified),
        policy=_existing(file, "access.policy", content.access.policy),
        model=ModelSettings(**content.model.model_dump()) if content.model else None,
        limits=_limits(content),
        retention=RetentionSettings(**content.retention.model_dump()),
    )


def _limits(content: PlatformFile) -> LimitSettings:
    return LimitSettings(
        timeout_s=content.limits.timeout_s,
        memory_bytes=memory_bytes(content.limits.memory),
        rows=content.limits.rows,
        hold_s=content.limits.hold_s,
    )


def _warehouse(file: Path, content: PlatformFile) -> Path:
    if content.warehouse.files is not None:
        folder = file.parent / content.warehouse.files
        if not folder.is_dir():
            raise WarehouseUnavailable(
                f"{file}: `warehouse.files` names {content.warehouse.files!r}, but there is no "
                f"folder {folder}."
            )
        return folder
    warehouse = file.parent / str(content.warehouse.path)
    if not warehouse.is_file():
        advice = " Name a folder as `warehouse.files`." if warehouse.is_dir() else ""
        raise WarehouseUnavailable(
            f"{file}: `warehouse.path` names {content.warehouse.path!r}, but there is no file "
            f"{warehouse}.{advice}"
        )
    return warehouse


def _way_to_serve(warehouse: Path) -> Literal["snapshot", "live"]:
    """A folder is imported in any case, and what was imported is the snapshot."""
    if warehouse.is_dir() or warehouse.stat().st_size <= SNAPSHOT_BYTES_AT_MOST:
        return "snapshot"
    return "live"


def _beside(root: Path, name: str | None) -> Path | None:
    return None if name is None else root / name


def _existing(file: Path, key: str, name: str | None) -> Path | None:
    path = _beside(file.parent, name)
    if path is not None and not path.exists():
        raise BadSettings(f"{file}: `{key}` names {name!r}, but there is no {path}.")
    return path


def _bare_folder(folder: Path, environ: Mapping[str, str]) -> Settings:
    from catalogue.readers.files.listing import holds_data

    if not holds_data(folder):
        raise PlatformNotFound(
            f"{folder} holds no {PLATFORM_FILE} and no Parquet, CSV or JSON file. Open a "
            "platform's directory, a .duckdb file or a data folder."
        )
    state = _state_of_bare(folder, environ)
    return Settings(name=folder.name, place=folder, root=folder, state=state, warehouse=folder)


def _state_of_bare(place: Path, environ: Mapping[str, str]) -> Path:
    """A directory in the user's cache, one for each database file or data folder."""
    digest = sha256(str(place.resolve()).encode()).hexdigest()[:12]
    return _user_cache(environ) / "data-platform-assistant" / f"{place.stem}-{digest}"


def _user_cache(environ: Mapping[str, str]) -> Path:
    if configured := environ.get("XDG_CACHE_HOME"):
        return Path(configured)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or Path.home())
    return Path.home() / ".cache"
