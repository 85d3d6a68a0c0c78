"""The columns that wait for one asker's word whether they are personal, and that word kept.

With a policy it is a steward's word; without one it is that of whoever holds the files, which is
who the page is served to then. It is written to the platform's notes and holds from the build
that follows; who said it goes to the audit log.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.trail import Trail, audited
from catalogue.errors import BadDecision
from catalogue.suspects import CLEARED, Suspect, suspects, write

if TYPE_CHECKING:
    from assistant.audit import AuditLog
    from assistant.build import Parts
    from catalogue.access import Grant
    from catalogue.catalogue import Catalogue


@dataclass(frozen=True, kw_only=True)
class Stewardship:
    """What one asker may decide on."""

    user: str | None
    role: str
    suspects: tuple[Suspect, ...]
    """Every column that waits; none for those whose word does not count."""
    notes: Path
    audit: "AuditLog"

    def confirm(self, suspect: Suspect) -> None:
        """Write down that a column is what it looks like."""
        self._write(suspect, is_cleared=False)

    def clear(self, suspect: Suspect) -> None:
        """Write down that a column holds nothing personal."""
        self._write(suspect, is_cleared=True)

    def _write(self, suspect: Suspect, *, is_cleared: bool) -> None:
        name = f"{suspect.table}.{suspect.column}"
        said = CLEARED if is_cleared else suspect.proposed
        trail = Trail(action="classify", user=self.user, role=self.role, draft=f"{name}: {said}")
        with audited(self.audit, trail):
            if suspect not in self.suspects:
                raise BadDecision(
                    f"{name} does not wait for a word of the role {self.role}: "
                    "a steward's is needed."
                )
            write(self.notes, {(suspect.table, suspect.column): said})


def stewardship_of(parts: "Parts", grant: "Grant", user: str | None) -> Stewardship:
    """Return what this asker may decide on, as the catalogue stands now."""
    return Stewardship(
        user=user,
        role=grant.role,
        suspects=tuple(suspects(catalogue)) if (catalogue := _open_to(parts, grant)) else (),
        notes=parts.settings.notes,
        audit=parts.audit,
    )


def _open_to(parts: "Parts", grant: "Grant") -> "Catalogue | None":
    from catalogue.role_access import STEWARD

    if parts.settings.policy is None:
        return parts.state.built.catalogue
    return parts.scope(grant).catalogue if grant.role == STEWARD else None
