"""Catalogue -> proposals, by rule: only what the data shows today, and nobody has said.

A test costs a query over its table at every run, so tests are proposed where answers depend on
them: on keys, on joins, and on the values that metrics are cut by.
"""

from collections import defaultdict
from collections.abc import Iterator

from catalogue.catalogue import Catalogue
from catalogue.drafts.proposals import Description, Drafts, Join, Synonyms, Test, TestName
from catalogue.model import Column, Relationship, Table

MOST_VALUES = 10
"""Distinct values up to which a column has a list of values worth a test."""
_ASKED = ("gold",)
"""Layers that people ask of; what lies below is described by those who build it."""
LEAST_ROWS = 50
"""Below this a short list of values says little."""


def propose(catalogue: Catalogue) -> Drafts:
    """Return what can be proposed for a catalogue that is within a grant; metrics come apart."""
    proposer = _Proposer(catalogue)
    inferred = [link for link in catalogue.relationships if link.origin == "inferred"]
    return Drafts(
        descriptions=tuple(proposer.descriptions()),
        synonyms=tuple(proposer.synonyms()),
        joins=tuple(Join(link=link, why=_sure(link)) for link in inferred),
        tests=tuple(proposer.tests()),
    )


class _Proposer:
    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.entities = {
            entity.golden.lower(): entity for entity in catalogue.entities if entity.golden
        }
        self.links: dict[tuple[str, str], Relationship] = {
            (link.from_table.lower(), link.from_column.lower()): link
            for link in catalogue.relationships
            if link.many_to == "one"
        }
        self.tested: dict[tuple[str, str], set[str]] = defaultdict(set)
        for check in catalogue.checks:
            self.tested[check.table.lower(), (check.column or "").lower()].add(check.name.lower())
        self.cut_by = {
            f"{dimension.table}.{dimension.column}".lower() for dimension in catalogue.dimensions
        }

    def descriptions(self) -> Iterator[Description]:
        for table in self.catalogue.tables:
            entity = self.entities.get(table.full_name.lower())
            if entity is not None and not table.description and table.layer in (None, *_ASKED):
                text = f"One row per {entity.name}."
                yield Description(table=table.full_name, text=text, why=_key_reason(table))
            for column in table.columns:
                if not column.description and (said := self._column(table, column)):
                    text, why = said
                    yield Description(table=table.full_name, column=column.name, text=text, why=why)

    def _column(self, table: Table, column: Column) -> tuple[str, str] | None:
        name = column.name.lower()
        if [name] == [key.lower() for key in table.primary_key]:
            entity = self.entities.get(table.full_name.lower())
            return (f"Identifies the {entity.name}.", _key_reason(table)) if entity else None
        link = self.links.get((table.full_name.lower(), name))
        if link is not None:
            far = self.entities.get(link.to_table.lower())
            what = f"the {far.name}, " if far else ""
            return f"Names {what}a row of {link.to_table}.", _sure(link)
        return None

    def synonyms(self) -> Iterator[Synonyms]:
        """Words of a column that were read from its name, where the name does not show them."""
        words: dict[str, dict[str, None]] = defaultdict(dict)
        for dimension in self.catalogue.dimensions:
            said = (dimension.label, *dimension.synonyms)
            place = f"{dimension.table}.{dimension.column}".lower()
            words[place].update(dict.fromkeys(map(str.lower, said)))
        for table in self.catalogue.tables:
            for column in table.columns:
                spelled = column.name.lower().replace("_", " ")
                known = {spelled, column.label.lower(), *map(str.lower, column.synonyms)}
                found = words.get(f"{table.full_name}.{column.name}".lower(), {})
                new = tuple(word for word in found if word and word not in known)
                if new and not _is_readable(spelled, new):
                    yield Synonyms(table=table.full_name, column=column.name, words=new[:3])

    def tests(self) -> Iterator[Test]:
        for table in self.catalogue.tables:
            for column in table.columns:
                for test in self._tests(table, column):
                    place = (table.full_name.lower(), column.name.lower())
                    if not any(test.name in name for name in self.tested[place]):
                        yield test

    def _tests(self, table: Table, column: Column) -> Iterator[Test]:
        names: tuple[TestName, ...] = ("not_null", "unique")
        if [column.name.lower()] == [key.lower() for key in table.primary_key]:
            for name in names:
                yield _test(table, column, name, why=_key_reason(table))
        link = self.links.get((table.full_name.lower(), column.name.lower()))
        if link is not None:
            arguments: dict[str, object] = {"to": link.to_table, "field": link.to_column}
            yield _test(table, column, "relationships", why=_sure(link), **arguments)
        if values := self._values(table, column):
            why = (
                f"{len(values)} values in {table.row_count or 0:,} rows, and metrics are cut by it"
            )
            yield _test(table, column, "accepted_values", why=why, values=list(values))

    def _values(self, table: Table, column: Column) -> tuple[str, ...]:
        """All values of a column that metrics are cut by, where they are few and no secret."""
        profile = column.profile
        if profile is None or (table.row_count or 0) < LEAST_ROWS:
            return ()
        if f"{table.full_name}.{column.name}".lower() not in self.cut_by:
            return ()
        if not column.data_type.upper().startswith(("VARCHAR", "ENUM")):
            return ()
        is_whole = 2 <= (profile.distinct or 0) == len(profile.top_values) <= MOST_VALUES
        return tuple(sorted(value for value, _ in profile.top_values)) if is_whole else ()


def _test(table: Table, column: Column, name: TestName, *, why: str, **arguments: object) -> Test:
    return Test(table=table.full_name, column=column.name, name=name, arguments=arguments, why=why)


def _is_readable(spelled: str, words: tuple[str, ...]) -> bool:
    """True where every word that is proposed only repeats words of the name."""
    shown = set(spelled.split())
    return all(set(word.lower().split()) <= shown for word in words)


def _key_reason(table: Table) -> str:
    key = ", ".join(table.primary_key)
    return f"{key} is unique in {table.row_count:,} rows" if key and table.row_count else "its key"


def _sure(link: Relationship) -> str:
    if link.origin != "inferred":
        return "the join is declared"
    sure = "" if link.confidence is None else f", confidence {link.confidence:.2f}"
    return f"inferred from names and values{sure}"
