"""Whose or what traces are meant: a user's, a value's, or those before a moment."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal

from assistant.errors import BadSettings

LEAST_VALUE_CHARS = 3
"""A shorter value stands in nearly every text."""
_ADMINISTRATIVE = ("erase", "expire")


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One of user, value and before is given."""

    user: str | None = None
    value: str | None = None
    before: datetime | None = None
    part: Literal["journal", "audit"] | None = None
    """The only place that is meant; None means every one."""

    def __post_init__(self) -> None:
        if sum(each is not None for each in (self.user, self.value, self.before)) != 1:
            raise BadSettings("Name either a user or a value to erase, one of the two.")
        if self.value is not None and len(self.folded_value) < LEAST_VALUE_CHARS:
            raise BadSettings(
                f"The value {self.value!r} is too short: with fewer than {LEAST_VALUE_CHARS} "
                "characters nearly everything would be erased."
            )

    @cached_property
    def folded_value(self) -> str:
        return _folded(self.value or "")

    def is_in(self, text: str) -> bool:
        """True where a text holds the value: in any case, across lines, quoted as in SQL or not."""
        if self.value is None:
            return False
        folded = _folded(text)
        return self.folded_value in folded or self.folded_value in folded.replace("''", "'")

    def is_in_json(self, text: str) -> bool:
        """True where JSON holds the value in a text or a key; damaged JSON is plain text."""
        try:
            return any(self.is_in(each) for each in texts_in(json.loads(text)))
        except ValueError:
            return self.is_in(text)

    def takes_question(self, row: Mapping[str, Any]) -> bool:
        """True for a row of the journal that goes."""
        if self.user is not None:
            return bool(row["user"] == self.user)
        if self.before is not None:
            return _in_utc(row["asked_at"]) < self.before
        if any(self.is_in(each) for each in row.values() if isinstance(each, str)):
            return True
        written = (row["sent"], row["answer"])
        return any(self.is_in_json(each) for each in written if each) or (
            row["rows"] is not None and self._is_in_rows(row["rows"])
        )

    def takes_conversation(self, row: Mapping[str, Any]) -> bool:
        """True for a listed conversation that goes with all its questions."""
        if self.before is not None:
            return _in_utc(row["asked_at"]) < self.before
        return self.user is not None and bool(row["user"] == self.user)

    def takes_record(self, record: Mapping[str, Any]) -> bool:
        """True for an entry of the audit log whose content goes; what tells of erasures stays."""
        if record["action"] in _ADMINISTRATIVE:
            return False
        if self.user is not None:
            return bool(record["user"] == self.user)
        return self.before is not None or any(self.is_in(each) for each in texts_in(record))

    def _is_in_rows(self, rows: bytes) -> bool:
        from assistant.kept_answer import rows_of

        table = rows_of(rows)
        return any(self.is_in(str(cell)) for column in table.columns for cell in column.to_pylist())


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in JSON, keys too; numbers as they are written."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from texts_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_in(item)
    elif value is not None:
        yield str(value)


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
