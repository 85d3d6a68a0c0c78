"""policy.yaml held against a catalogue: user and role -> Grant.

Everything is checked when the policy is loaded; a grant is made in microseconds afterwards.
"""

import json
import threading
from collections.abc import Collection, Mapping, Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

from catalogue.access import Grant, Lineage, TableGrant
from catalogue.catalogue import Catalogue
from catalogue.errors import RoleNotAllowed, UnknownRole
from catalogue.expressions import Expressions
from catalogue.house_filters import house_filters
from catalogue.lineage import made_in, sources_of
from catalogue.policy_file import PolicyFile, RoleRules, read_policy_file
from catalogue.relations import Origin
from catalogue.role_access import Source, TableAccess, resolve

MOST_GRANTS = 1024
READER = "reader"


class Policy:
    """Who may see what on one platform. Safe to share between threads."""

    def __init__(
        self,
        *,
        default_role: str,
        users: Mapping[str, Sequence[str]],
        access: Mapping[str, Mapping[str, TableAccess]],
    ) -> None:
        self.default_role = default_role
        self._users = {user: tuple(roles) for user, roles in users.items()}
        self._access = access
        self._grants: dict[tuple[str, str | None], Grant] = {}
        self._lock = threading.Lock()

    @classmethod
    def load(
        cls, path: Path | None, catalogue: Catalogue, *, lineage: Lineage | None = None
    ) -> "Policy":
        """Read and check a policy; without a path `reader` sees all but what is suspected."""
        if path is None:
            written = PolicyFile(default_role=READER, roles={READER: None})
            return cls._of(written, Path("policy.yaml"), catalogue, lineage or {})
        return cls._of(read_policy_file(path), path, catalogue, lineage or {})

    @classmethod
    def _of(
        cls, written: PolicyFile, path: Path, catalogue: Catalogue, lineage: Lineage
    ) -> "Policy":
        views = {
            table.full_name.lower(): sources_of(table, catalogue.tables_by_name)
            for table in catalogue.tables
            if table.kind == "view"
        }
        made_of = cache(partial(_made_of, catalogue, lineage))
        with Expressions() as expressions:
            access = {
                role: resolve(
                    rules or RoleRules(),
                    catalogue,
                    source=Source(path=path, role=role),
                    expressions=expressions,
                    views=views,
                    made_of=made_of,
                )
                for role, rules in written.roles.items()
            }
            declared = house_filters(catalogue, expressions)
        for tables in access.values():
            for name, condition in declared.items():
                if name in tables:
                    tables[name].house_filter = condition
        return cls(default_role=written.default_role, users=written.users, access=access)

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role, in the order of the policy."""
        return tuple(self._access)

    def roles_of(self, user: str | None, *, any_role: bool = False) -> tuple[str, ...]:
        """Return the roles this user may take, the usual one first."""
        if any_role:
            return (self.default_role, *(r for r in self.roles if r != self.default_role))
        if user is None:
            return (self.default_role,)
        return self._users.get(user, (self.default_role,))

    def grant(self, *, user: str | None, role: str | None, any_role: bool = False) -> Grant:
        """Return what the asker may see; raises UnknownRole or RoleNotAllowed."""
        allowed = self.roles_of(user, any_role=any_role)
        if role is None:
            role = self._users.get(user or "", (self.default_role,))[0]
        if role not in self._access:
            raise UnknownRole(role, allowed)
        # A literal ends at a NUL, and such a user would be taken for another.
        if role not in allowed or not (user or "").isprintable():
            raise RoleNotAllowed(role, user)
        return self._grant(user, role)

    def _grant(self, user: str | None, role: str) -> Grant:
        with self._lock:
            if (role, user) not in self._grants:
                if len(self._grants) >= MOST_GRANTS:
                    self._grants.pop(next(iter(self._grants)))
                self._grants[role, user] = self._make(user, role)
            return self._grants[role, user]

    def _make(self, user: str | None, role: str) -> Grant:
        access = self._access[role]
        tables = {name: table.bind(user=user, role=role) for name, table in access.items()}
        return Grant(role=role, user=user, tables=tables, key=_digest(role, tables))


def _made_of(catalogue: Catalogue, lineage: Lineage) -> Mapping[Origin, Collection[Origin]]:
    """Return what columns are made of beyond views: as given, and inside a table itself."""
    known: dict[str, Origin] = {
        f"{name}.{column.name.lower()}": (name, column.name.lower())
        for name, table in catalogue.tables_by_name.items()
        for column in table.columns
    }
    found: dict[Origin, Collection[Origin]] = {
        known[column.lower()]: [known[each.lower()] for each in made if each.lower() in known]
        for column, made in lineage.items()
        if column.lower() in known
    }
    for name, table in catalogue.tables_by_name.items():
        for column, origins in made_in(table, catalogue.tables_by_name).items():
            found[name, column] = {*found.get((name, column), ()), *origins}
    return found


def _digest(role: str, tables: Mapping[str, TableGrant]) -> str:
    plain = [
        (
            name,
            sorted(table.columns),
            sorted(table.masks.items()),
            table.row_filter,
            table.minimum_group,
        )
        for name, table in sorted(tables.items())
    ]
    return sha256(json.dumps([role, plain]).encode()).hexdigest()[:16]
