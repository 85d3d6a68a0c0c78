"""Which column says when a row happened, and which when it was loaded.

Where two columns have an equal claim there is no event time: a period is then asked of neither.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from catalogue.infer.natures import Natured
from catalogue.infer.words import Words, singular

_TIME = frozenset(
    ["date", "time", "timestamp", "datetime", "at", "on", "day", "ts", "utc", "local", "month",
     "week", "period"]
)  # fmt: skip
_LOADED = frozenset(["loaded", "load", "etl", "elt", "ingested", "ingestion", "inserted", "insert",
                     "dw", "dwh", "synced", "extracted", "imported", "batched", "fivetran",
                     "airbyte", "crtd"])  # fmt: skip
_CREATED = frozenset(["created", "creation", "create"])
_HAPPENED = frozenset(
    ["order", "ordered", "transaction", "sale", "sold", "event", "occurred", "start", "started",
     "begin", "registered", "registration", "joined", "join", "signup", "hire", "hired", "placed",
     "purchase", "purchased", "visit", "session", "reported", "report", "assessment", "assess",
     "issued", "issue", "posted", "posting", "booked", "booking", "invoice", "payment", "paid",
     "snapshot", "recorded", "opened", "admission", "admitted", "departure", "submitted",
     "observed", "observation", "measured", "sent", "received", "requested", "published", "since",
     "pay", "billing", "service", "launch", "launched", "opening", "claimed", "filed", "scanned"]
)  # fmt: skip
_NEVER = frozenset(
    ["birth", "dob", "born", "death", "expiry", "expires", "expiration", "expire", "expired", "due",
     "end", "ended", "valid", "updated", "update", "modified", "changed", "deleted", "cancelled",
     "canceled", "closed", "termination", "terminated", "shipped", "ship", "delivery", "delivered",
     "promised", "scheduled", "next", "last", "verified", "read", "completed", "finished", "until",
     "to", "settlement", "refreshed", "effective", "planned", "estimated", "required", "returned",
     "approval", "approved", "first", "dispatched", "resolved"]
)  # fmt: skip


def event_time(entity: Words, columns: Sequence[Natured]) -> str | None:
    """Return the column that says when a row happened, or None where none or several may."""
    scored = [(_score(entity, each.words), each.column.name) for each in columns
              if each.nature == "time"]  # fmt: skip
    best = max((score for score, _ in scored), default=0)
    found = [name for score, name in scored if score == best]
    return found[0] if best and len(found) == 1 else None


def load_time(columns: Sequence[Natured]) -> str | None:
    """Return the column that says when a row was loaded, or None."""
    found = [each.column.name for each in columns
             if each.nature == "time" and set(each.words) & _LOADED]  # fmt: skip
    return found[0] if len(found) == 1 else None


def _score(entity: Words, words: Words) -> int:
    """How strong a column's claim is: its table's own date, a verb of happening, creation."""
    said = {singular(word) for word in words} | set(words)
    own = {singular(word) for word in entity}
    told = said - _TIME
    if said & _LOADED or (said & _NEVER and not _is_done_by(own, words)):
        return 0
    if not told or told <= own:
        return 5
    if told & own or _is_done_by(own, words):
        return 4
    if said & _CREATED:
        return 2
    if told & _HAPPENED:
        return 3
    return 1 if words[0].endswith("ed") and words[-1] in _TIME else 0


def _is_done_by(own: AbstractSet[str], words: Words) -> bool:
    """`returned at` of a return, `delivered on` of a delivery: what these rows are there for."""
    return words[0].endswith("ed") and words[0] in {
        done for word in own for done in (f"{word}ed", f"{word}d", f"{word[:-1]}ed")
    }
