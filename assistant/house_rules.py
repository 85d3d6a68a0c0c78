"""The conventions in a receipt: what held for this answer, as far as its asker may know it."""

from dataclasses import replace

from assistant.answer import Finding, SafeQuery
from catalogue.catalogue import Catalogue
from catalogue.model import Conventions


def conventions_of(query: SafeQuery | None, catalogue: Catalogue) -> Conventions:
    """The house rules, with the filters of the tables that were read."""
    narrowed = {name.lower() for name in (query.house_filtered if query else ())}
    rules = catalogue.conventions
    filters = {name: text for name, text in rules.filters.items() if name.lower() in narrowed}
    return replace(rules, filters=filters)


def declared_filters(query: SafeQuery | None, catalogue: Catalogue) -> list[Finding]:
    """Say which rows a declared filter left out; the condition itself where the asker may know it.

    The catalogue is the asker's: it holds no filter over columns that they do not see.
    """
    known = {name.lower(): text for name, text in catalogue.conventions.filters.items()}
    return [
        Finding(
            level="info",
            code="house_filter",
            message=f"Of {name} only rows count where {known[name.lower()]}, "
            "as the platform's conventions say."
            if name.lower() in known
            else f"Of {name} some rows never count, as the platform's conventions say.",
        )
        for name in (query.house_filtered if query else ())
    ]
