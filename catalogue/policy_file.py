"""policy.yaml as it is written: read and checked for form, before any name in it is looked up."""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from catalogue.errors import BadPolicy, nearest


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TableRules(_Strict):
    """Which tables a role sees."""

    allow: list[str] | None = None
    deny: list[str] = Field(default_factory=list)


class ColumnRules(_Strict):
    """Which columns a role does not see, or sees through a mask."""

    deny: list[str] = Field(default_factory=list)
    mask: dict[str, str] = Field(default_factory=dict)


_Class = Literal["public", "internal", "personal", "restricted", "suspected"]


class ClassificationRules(_Strict):
    """What happens to classified columns, and to those suspected of holding personal data."""

    deny: list[_Class] = Field(default_factory=list)
    mask: list[_Class] = Field(default_factory=list)
    allow: list[Literal["suspected"]] = Field(default_factory=list)
    """Suspected columns are hidden from every role but `steward`, unless they stand here."""


GroupSize = Annotated[int, Field(ge=2)]


class RoleRules(_Strict):
    """Everything said of one role."""

    tables: TableRules = TableRules()
    columns: ColumnRules = ColumnRules()
    rows: dict[str, str] = Field(default_factory=dict)
    classification: ClassificationRules = ClassificationRules()
    minimum_group: GroupSize | dict[str, GroupSize] = Field(default_factory=dict)
    """Table -> fewest rows a group may have; a number alone is for every table."""


class PolicyFile(_Strict):
    """The whole file."""

    default_role: str
    users: dict[str, list[str]] = Field(default_factory=dict)
    roles: dict[str, RoleRules | None]


def read_policy_file(path: Path) -> PolicyFile:
    """Read policy.yaml; raise BadPolicy for anything that is not of its form."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadPolicy(path, "there is no such file.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadPolicy(path, "cannot be read.") from error
    except yaml.YAMLError as error:
        raise BadPolicy(path, f"is not YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(data, dict):
        raise BadPolicy(path, "must hold default_role and roles.")
    try:
        found = PolicyFile.model_validate(data)
    except ValidationError as error:
        raise BadPolicy(path, _first_problem(error)) from error
    _check_roles(path, found)
    return found


def _check_roles(path: Path, found: PolicyFile) -> None:
    _check_role(path, "default_role", found.default_role, found)
    for user, roles in found.users.items():
        if not roles:
            raise BadPolicy(path, f"users.{user} has no role.")
        for role in roles:
            _check_role(path, f"users.{user}", role, found)


def _check_role(path: Path, place: str, role: str, found: PolicyFile) -> None:
    if role not in found.roles:
        close = nearest(role, found.roles)
        hint = f"Did you mean {close!r}?" if close else f"Roles here: {', '.join(found.roles)}."
        raise BadPolicy(
            path, f"{place} names the role {role!r}, which is not defined.", advice=hint
        )


def _first_problem(error: ValidationError) -> str:
    problem: Any = error.errors()[0]
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{place} is not a key of the policy."
    if problem["type"] == "missing":
        return f"{place} is missing."
    return f"{place}: {problem['msg']}."
