"""Columns that look personal and wait for a person's word, and that word written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from catalogue.catalogue import Catalogue
from catalogue.classify.kinds import KINDS
from catalogue.errors import BadDecision, UnknownColumn
from catalogue.model import Classification, Suspicion

Decisions = dict[tuple[str, str], Classification]
"""By full table name and column, as the warehouse spells them."""
CLEARED: Classification = "internal"
_SAID: dict[str, Classification] = {"personal": "personal", "restricted": "restricted"}


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """One column that is hidden until somebody says what it is."""

    table: str
    column: str
    suspicion: Suspicion

    @property
    def proposed(self) -> Classification:
        """The classification that fits what it looks like."""
        return KINDS[self.suspicion.kind].usual


def suspects(catalogue: Catalogue) -> list[Suspect]:
    """Return every suspected column of a catalogue, those most surely personal first."""
    found = [
        Suspect(table=table.full_name, column=column.name, suspicion=column.suspicion)
        for table in catalogue.tables
        for column in table.columns
        if column.suspicion is not None and column.is_suspected
    ]
    return sorted(found, key=lambda each: (-each.suspicion.confidence, each.table, each.column))


def decisions(
    catalogue: Catalogue, *, confirm: Sequence[str] = (), clear: Sequence[str] = ()
) -> Decisions:
    """Return what was said of columns, named `[schema.]table.column`, with `=restricted` behind.

    Raises UnknownColumn or BadDecision. What is confirmed without a class gets the one proposed.
    """
    found: Decisions = {}
    for text in confirm:
        name, _, said = text.partition("=")
        place, proposed = _column(catalogue, name)
        if said and said not in _SAID:
            raise BadDecision(
                f"{name} cannot be confirmed as {said!r}: say personal or restricted."
            )
        found[place] = _SAID[said] if said else proposed
    for name in clear:
        place, _ = _column(catalogue, name)
        if place in found:
            raise BadDecision(f"{name} is both confirmed and cleared: say one of the two.")
        found[place] = CLEARED
    return found


def write(notes: Path, decided: Decisions) -> None:
    """Write decisions to the notes of a platform; they hold from the next build."""
    from catalogue.writers.overlay import classify

    classify(notes, decided)


def _column(catalogue: Catalogue, name: str) -> tuple[tuple[str, str], Classification]:
    wanted = name.strip().lower()
    held = {
        f"{table.full_name}.{column.name}": (table.full_name, column)
        for table in catalogue.tables
        for column in table.columns
    }
    named = [full for full in held if f".{full.lower()}".endswith(f".{wanted}")]
    if len(named) > 1:
        raise BadDecision(f"{name!r} may be any of {', '.join(named)}. Name it with its schema.")
    if not named or "." not in wanted:
        raise UnknownColumn(name, held)
    table, column = held[named[0]]
    suspicion = column.suspicion
    return (table, column.name), KINDS[suspicion.kind].usual if suspicion else "personal"
