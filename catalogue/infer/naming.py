"""What people call the rows of each table: a noun, its short forms, and which table it means.

Several tables may hold the same thing, raw and prepared: the one nearest to the reader has the
noun. Two of the same layer share it, and a question that uses it is asked back.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue.infer.layers import layer_rank
from catalogue.infer.natures import word_lists
from catalogue.infer.words import (
    Words,
    bare,
    plural,
    shared_start,
    singular,
    spelled_out,
    without_start,
)
from catalogue.model import Table

_QUALIFIERS = frozenset(["daily", "monthly", "weekly", "hourly", "yearly", "all", "current",
                         "latest", "enriched", "final", "new", "list", "detail", "details", "info",
                         "information", "record", "records", "extended", "wide"])  # fmt: skip


_NUMBERS = word_lists()["level"] | word_lists()["sum"] - {
    "sale",
    "payment",
    "order",
    "visit",
    "view",
}
"""A table of balances is no balance: what such a word asks for is a number, not rows."""
_PARTICIPLES = frozenset(["made", "received", "paid", "sent", "sold", "returned", "issued", "given",
                          "taken", "placed", "completed", "cancelled", "closed"])  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Named:
    """A table with the words for its rows."""

    entity: Words
    """What one row is, in the singular: `order line`."""
    slug: str
    """The entity as a name that no other table has."""
    nouns: tuple[Words, ...]
    """The phrases, in the singular, that mean this table's rows; the first is the fullest."""

    @property
    def is_shadowed(self) -> bool:
        """True where a table nearer to the reader holds the same thing."""
        return self.entity not in self.nouns

    @property
    def one(self) -> str:
        return " ".join(self.entity)

    @property
    def many(self) -> str:
        return plural_of(self.entity)


def head_of(words: Words) -> int:
    """Return the position of the noun: `payment` of `payment received`, else the last word."""
    at = len(words) - 1
    while at and (words[at] in _PARTICIPLES or words[at].isdigit()):
        at -= 1
    return at


def plural_of(words: Words) -> str:
    """Return a phrase in the plural: its noun.

    >>> plural_of(("order", "line")), plural_of(("payment", "received"))
    ('order lines', 'payments received')
    """
    at = head_of(words)
    return " ".join((*words[:at], plural(words[at]), *words[at + 1 :]))


def entity_words(tables: Sequence[Table]) -> dict[str, Words]:
    """Return what one row of each table is, by full name."""
    by_schema: dict[str, list[str]] = defaultdict(list)
    for table in tables:
        by_schema[table.schema].append(table.name)
    starts = {schema: shared_start(names) for schema, names in by_schema.items()}
    return {table.full_name: _entity(table.name, starts[table.schema]) for table in tables}


def _entity(name: str, start: Words) -> Words:
    words = spelled_out(bare(bare_of_qualifiers(without_start(name, start))))
    at = head_of(words)
    return (*words[:at], singular(words[at]), *words[at + 1 :])


def bare_of_qualifiers(parts: Words) -> Words:
    """Return the parts without what only says how often or how completely rows are kept."""
    while len(parts) > 1 and parts[-1] in _QUALIFIERS:
        parts = parts[:-1]
    return parts


def name_tables(
    tables: Sequence[Table],
    entities: Mapping[str, Words],
    layers: Mapping[str, str | None],
    *,
    golden: frozenset[str] = frozenset(),
) -> dict[str, Named]:
    """Return the words of each table; what a better layer's table is called, no other is.

    A table that people declared golden comes before every layer.
    """
    claims: dict[Words, list[tuple[bool, float, str]]] = defaultdict(list)
    for table in tables:
        entity = entities[table.full_name]
        is_golden = table.full_name in golden
        rank = float("inf") if is_golden else layer_rank(layers[table.full_name])
        for noun in _short_forms(entity):
            claims[noun].append((noun == entity, rank, table.full_name))
    known = {table.full_name.lower(): table for table in tables}
    sources = {table.full_name: _sources(table, known) for table in tables}
    owners = {noun: _owners(claimed, sources) for noun, claimed in claims.items()}
    slugs = _slugs(tables, entities, layers, owners)
    return {
        table.full_name: Named(
            entity=entities[table.full_name],
            slug=slugs[table.full_name],
            nouns=tuple(
                noun
                for noun in _short_forms(entities[table.full_name])
                if table.full_name in owners[noun]
            ),
        )
        for table in tables
    }


def _short_forms(entity: Words) -> tuple[Words, ...]:
    """The noun with ever fewer words in front of it, then without what stands behind.

    What is kept per month is no month: a question `by month` means time.
    """
    at = head_of(entity)
    if entity[at] in _NUMBERS:
        return (entity,)
    forms = [entity[start:] for start in range(1, at + 1)]
    shorter = dict.fromkeys([*forms, entity[: at + 1], entity[at : at + 1]])
    said = (form for form in shorter if not word_lists()["calendar"].issuperset(form))
    return tuple(dict.fromkeys([entity, *said]))


def _owners(
    claimed: Sequence[tuple[bool, float, str]], sources: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """Those with the fullest claim, among them those nearest to the reader, made of no other."""
    fullest = max(is_full for is_full, _, _ in claimed)
    best = max(rank for is_full, rank, _ in claimed if is_full == fullest)
    near = {name for is_full, rank, name in claimed if is_full == fullest and rank == best}
    return frozenset(near - {source for name in near for source in sources[name] - {name}})


def _sources(table: Table, known: Mapping[str, Table]) -> frozenset[str]:
    """Full names of everything that a table is made of, as far as its lineage is known."""
    found: set[str] = set()
    waiting = list(table.upstream)
    while waiting:
        source = known.get(waiting.pop().lower())
        if source is not None and source.full_name not in found:
            found.add(source.full_name)
            waiting += source.upstream
    return frozenset(found)


def _slugs(
    tables: Sequence[Table],
    entities: Mapping[str, Words],
    layers: Mapping[str, str | None],
    owners: Mapping[Words, frozenset[str]],
) -> dict[str, str]:
    """One name per table: its entity where that means it, else its own name, else its full name."""
    order = sorted(tables, key=lambda t: (-layer_rank(layers[t.full_name]), t.full_name))
    slugs: dict[str, str] = {}
    taken: set[str] = set()
    for table in order:
        entity = entities[table.full_name]
        wanted = [slug((table.name,)), slug((table.schema, table.name))]
        if table.full_name in owners[entity]:
            wanted = [slug(entity), *wanted]
        name = next((each for each in wanted if each not in taken), f"{wanted[-1]}_{len(taken)}")
        taken.add(name)
        slugs[table.full_name] = name
    return slugs


def slug(words: Sequence[str]) -> str:
    """Return words as a name that the semantic layer takes.

    >>> slug(("Order Line", "№")), slug(("2nd", "year"))
    ('order_line', 'n2nd_year')
    """
    kept = "".join(char if char.isascii() and char.isalnum() else "_" for char in "_".join(words))
    name = "_".join(part for part in kept.lower().split("_") if part) or "unnamed"
    name = f"n{name}" if name[0].isdigit() else name
    return f"{name}_value" if len(name) < 2 or name in _RESERVED else name


_RESERVED = frozenset(["metric_time", "day", "week", "month", "quarter", "year", "hour", "minute",
                       "second", "millisecond", "microsecond", "nanosecond"])  # fmt: skip
