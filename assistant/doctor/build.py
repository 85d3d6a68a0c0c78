"""What was built, and whether the policy holds for it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.doctor.report import Check
from assistant.settings import Settings
from catalogue.errors import CatalogueError
from catalogue.readers.files.notes import Note

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from catalogue.builder import Built

MOST_NOTES = 5
_REBUILD = "Run `assistant build`."


def index_check(settings: Settings, built: "Built") -> Check:
    """Say when the index was built, and whether a source has changed since."""
    from catalogue.builder import is_stale

    when = datetime.fromtimestamp(built.directory.stat().st_mtime, tz=UTC)
    said = (
        f"Built {when:%Y-%m-%d %H:%M} UTC: {len(built.catalogue.tables):,} tables, "
        f"{len(built.catalogue.metrics):,} metrics."
    )
    if not built.catalogue.is_profiled:
        said += " Names and types only; nothing is profiled yet."
        return Check(name="index", status="warning", said=said, step=_REBUILD)
    try:
        stale = is_stale(settings.sources(), built)
    except CatalogueError:
        stale = False
    if stale:
        said += " A source has changed since."
        return Check(name="index", status="warning", said=said, step=_REBUILD)
    return Check(name="index", status="ok", said=said)


def files_check(notes: Sequence[Note]) -> list[Check]:
    """Say what the import of a data folder left out or bent; nothing for a DuckDB file."""
    if not notes:
        return []
    texts = [note.text for note in sorted(notes, key=lambda note: note.kind != "left out")]
    more = f" And {len(texts) - MOST_NOTES:,} more." if len(texts) > MOST_NOTES else ""
    said = " ".join(texts[:MOST_NOTES]) + more
    if all(note.kind != "left out" for note in notes):
        return [Check(name="files", status="ok", said=said)]
    step = "Mend or remove what is left out, then run `assistant build`."
    return [Check(name="files", status="warning", said=said, step=step, worth=95)]


def policy_check(assistant: "Assistant") -> Check:
    """Say which roles there are, or why the policy does not hold."""
    path = assistant.parts.settings.policy
    try:
        roles = assistant.roles()
    except CatalogueError as error:
        step = f"Correct {path}."
        return Check(name="policy", status="blocks", said=str(error), step=step)
    if path is None:
        said = "No policy: one role, reader, sees every table; the page is for this machine only."
        return Check(name="policy", status="ok", said=said)
    return Check(name="policy", status="ok", said=f"{path} holds. Default role: {roles[0]}.")
