"""A newcomer's data -> the text of a platform.toml that opens it, with what else could be said.

Writes that one file and nothing else, and never over one that is there.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import BadSettings, PlatformNotFound
from assistant.settings import PLATFORM_FILE

_TEXT = """\
# What the assistant reads. Every key is explained in docs/platform.md; unknown keys are errors.
# Paths are relative to this file. Keys and passwords never stand here: they come from the
# environment.

[platform]
name = {name}
# timezone = "Europe/Berlin"     # "today" is a day of it; default UTC
# as_of = 2024-12-31             # a fixed clock for "last month", for data that has ended

[conventions]
# fiscal_year_start = 4          # the month a fiscal year starts in
# week_start = "sunday"
# currency = "EUR"

[warehouse]
{warehouse}

[catalogue]
{dbt}
# overlay = "catalogue.yaml"     # your own notes: descriptions, joins, synonyms, owners
# verified = "verified"          # questions with the query that a person approved

# Without a model, questions are answered from metrics or refused with what is missing.
# [model]
# name = "openai:gpt-5.2"        # provider:model; the key comes from the environment
# send = "schema"                # what may leave for the model: schema, samples or rows

# Without a policy every table is visible, and the page is served on this machine only.
# [access]
# policy = "policy.yaml"
"""
_COPIED = "# Copied and never opened: whatever writes it is not blocked."
_IMPORTED = "# Imported by each build; what has not changed is not read again."
_MOST_STEPS_UP = 2
"""A source further away is named by its whole path."""
_NO_DBT = '# dbt = "target"               # directory of dbt artifacts'


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a platform.toml is to say of where the data lies."""

    name: str
    place: Path
    """A DuckDB file or a data folder."""
    dbt: Path | None = None
    """dbt's artifacts, where there is a manifest."""
    notes: tuple[str, ...] = ()
    """What is missing or looks wrong, each with its way out."""


def write_platform(
    source: Path, directory: Path, environ: Mapping[str, str]
) -> tuple[Path, Source]:
    """Write platform.toml for a source into a directory; return its path and what it is made from.

    Raises BadSettings where there is one already, PlatformNotFound where the source is nothing
    that can be opened, and whatever is wrong with the source.
    """
    file = directory / PLATFORM_FILE
    found = look_at(source.expanduser().absolute(), environ)
    text = _TEXT.format(
        name=json.dumps(found.name, ensure_ascii=False),
        warehouse=_warehouse(found.place, directory),
        dbt=_NO_DBT if found.dbt is None else f"dbt = {_relative(found.dbt, directory)}",
    )
    directory.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError as error:
        raise BadSettings(
            f"{file} is there already and is never overwritten. Edit it, move it away, or name "
            "another directory with --dir."
        ) from error
    return file, found


def look_at(source: Path, environ: Mapping[str, str]) -> Source:
    """Tell what a source is: a dbt project, a data folder or a DuckDB file."""
    from catalogue.readers.dbt.target import PROJECT_FILE, read_target
    from catalogue.readers.files.listing import holds_data

    if source.name == PROJECT_FILE:
        source = source.parent
    if (source / PROJECT_FILE).is_file():
        target = read_target(source, environ)
        return Source(
            name=target.project.replace("_", " "),
            place=target.warehouse,
            dbt=target.artifacts if target.has_manifest else None,
            notes=(*target.missing, *target.warnings),
        )
    if source.is_dir() and holds_data(source):
        return Source(name=source.name, place=source)
    if source.is_file():
        from catalogue.live_file import check_head

        check_head(source, source)
        return Source(name=source.stem, place=source)
    raise PlatformNotFound(
        f"{source} holds no data: name a DuckDB file, a folder of Parquet, CSV or JSON files, or "
        f"a dbt project (a directory with a {PROJECT_FILE})."
        if source.exists()
        else f"{source} does not exist."
    )


def _warehouse(place: Path, directory: Path) -> str:
    if place.is_dir():
        return f"{_IMPORTED}\nfiles = {_relative(place, directory)}"
    return f"{_COPIED}\npath = {_relative(place, directory)}"


def _relative(path: Path, directory: Path) -> str:
    """Return a path as TOML, relative to the directory where it is near."""
    try:
        text = os.path.relpath(path, directory.absolute())
    except ValueError:  # another drive
        text = str(path)
    if Path(text).parts[: _MOST_STEPS_UP + 1].count("..") > _MOST_STEPS_UP:
        text = str(path)
    return json.dumps(Path(text).as_posix(), ensure_ascii=False)
