"""Joins as the semantic layer sees them: each with a role, so that two to one table stay apart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalogue.infer.definitions import elements
from catalogue.infer.naming import slug
from catalogue.infer.subjects import Subject
from catalogue.infer.words import Words, singular
from catalogue.model import Relationship

_KEY_WORDS = frozenset(["id", "key", "sk", "fk", "code", "number", "no", "uuid", "guid", "ref"])


@dataclass(frozen=True, kw_only=True)
class Link:
    """A column that leads to a row of another table, in a role."""

    column: str
    role: str
    """Name of the entity in the semantic layer."""
    words: Words
    """The role in words: `ship to customer`."""
    to: str
    """Full name of the table."""


def links_of(
    subjects: Mapping[str, Subject], relationships: Iterable[Relationship]
) -> dict[str, tuple[Link, ...]]:
    """Return the joins of each table that a metric may follow, by full name.

    Only joins to the key of another table, one row on that side; a self-reference is none.
    """
    by_name = {name.lower(): subject for name, subject in subjects.items()}
    grouped: dict[str, list[Relationship]] = defaultdict(list)
    for each in relationships:
        near, far = by_name.get(each.from_table.lower()), by_name.get(each.to_table.lower())
        if near is None or far is None or near is far or each.many_to != "one":
            continue
        if far.key is not None and far.key.lower() == each.to_column.lower():
            grouped[near.name].append(each)
    roles: dict[str, str] = {subject.named.slug: name for name, subject in subjects.items()}
    return {
        name: tuple(_links(by_name[name.lower()], found, by_name, roles))
        for name, found in grouped.items()
    }


def _links(
    near: Subject,
    joins: Sequence[Relationship],
    by_name: Mapping[str, Subject],
    roles: dict[str, str],
) -> Iterable[Link]:
    taken = set(elements(near).values())  # a column and a join of one name cannot be told apart
    for join in joins:
        far = by_name[join.to_table.lower()]
        words = _role(near, join.from_column, far)
        name = far.named.slug if words == far.named.entity else slug(words)
        if roles.get(name, far.name) != far.name:
            name = f"{name}_{far.named.slug}"
        if name in taken:
            name = f"{name}_row"
        if name in taken or roles.get(name, far.name) != far.name:
            continue
        taken.add(name)
        roles[name] = far.name
        column = near.table.column(join.from_column)
        assert column is not None
        yield Link(column=column.name, role=name, words=words, to=far.name)


def _role(near: Subject, column: str, far: Subject) -> Words:
    """The words of a key without what makes it a key; the far table's noun where none are left."""
    found = next((each.words for each in near.columns if each.column.name == column), ())
    words = tuple(found)
    while words and words[-1] in _KEY_WORDS:
        words = words[:-1]
    folded = tuple(singular(word) for word in words)
    key = next((each.words for each in far.columns if each.column.name == far.key), ())
    if not words or folded == far.named.entity or tuple(found) == key:
        return far.named.entity
    return words if folded[-1] == far.named.entity[-1] else (*words, *far.named.entity)
