"""Which column of one table names a row of another: by name and type, then checked in the data.

A join is kept only where the far side is really unique and nearly all values on the near side are
found there. Where two far sides fit equally well, neither is kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogue.infer.layers import layer_rank
from catalogue.infer.natures import Natured, is_whole
from catalogue.infer.subjects import Subject
from catalogue.infer.words import Words, singular
from catalogue.model import Column, Relationship
from catalogue.profile import base_type, is_text
from catalogue.warehouse import Warehouse, quoted

MOST_QUERIES = 4_000
"""Containment is measured for at most so many pairs; the best named ones go first."""
LEAST_CONTAINED = 0.95
"""So large a part of the distinct values on the near side must be found on the far side."""
LEAST_BY_NAME = 0.9
"""The same within one schema, where the column says in full whose key it is."""
MOST_FAR_SIDES = 4
"""Tables that one column is held against: the best named ones."""
_SAMPLED = 10_000
"""Distinct values of the near side that are looked for."""
_KEY_WORDS = frozenset(["id", "key", "sk", "fk", "pk", "code", "number", "no", "uuid", "guid",
                        "nr", "ref", "reference", "by"])  # fmt: skip
_GENERIC = frozenset(["id", "key", "code", "number", "name", "no", "sk", "pk", "uuid", "type",
                      "status", "date", "description"])  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two columns that may be joined, and how much their names say so."""

    near: Subject
    column: Column
    far: Subject
    key: Column
    score: float


def infer_joins(
    subjects: Sequence[Subject], known: Iterable[Relationship], warehouse: Warehouse
) -> tuple[Relationship, ...]:
    """Return the joins nobody declared that hold in the data, each with its confidence."""
    taken = {(each.from_table.lower(), each.from_column.lower()) for each in known}
    by_column: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for pair in _pairs(subjects):
        end = (pair.near.table.full_name.lower(), pair.column.name.lower())
        if end not in taken:
            by_column[end].append(pair)
    ranked = sorted(by_column.values(), key=lambda pairs: -max(pair.score for pair in pairs))
    found: list[Relationship] = []
    asked = 0
    for pairs in ranked:
        asked += min(len(pairs), MOST_FAR_SIDES)
        if asked > MOST_QUERIES:
            break
        if (kept := _best(pairs, warehouse)) is not None:
            found.append(kept)
    return tuple(found)


def _pairs(subjects: Sequence[Subject]) -> Iterator[Pair]:
    """Yield the pairs whose names and types fit; found by word, never all against all."""
    targets: dict[str, list[Subject]] = defaultdict(list)
    for subject in subjects:
        if subject.is_target:
            for word in {subject.named.entity[-1], *_words_of_key(subject)}:
                targets[word].append(subject)
    for near in subjects:
        for each in near.columns if near.shape.kind != "copy" else ():
            if each.nature not in ("key", "kind", "nothing") or each.column.name == near.key:
                continue
            for far in _reached(each.words, targets):
                if pair := _pair(near, each, far):
                    yield pair


def _words_of_key(subject: Subject) -> Words:
    key = next((each for each in subject.columns if each.column.name == subject.key), None)
    return tuple(singular(word) for word in key.words) if key else ()


def _reached(words: Words, targets: Mapping[str, list[Subject]]) -> list[Subject]:
    subjects = [
        subject for word in dict.fromkeys(map(singular, words)) for subject in targets.get(word, ())
    ]
    return list({subject.table.full_name: subject for subject in subjects}.values())


def _pair(near: Subject, each: Natured, far: Subject) -> Pair | None:
    key = far.table.column(far.key or "")
    if key is None or not _is_same_kind(each.column, key):
        return None
    score = _named_alike(each.words, far, is_self=near is far)
    if near is not far and _same_name(each.words, far):
        score = max(score, 0.9)
    is_far = near.table.schema != far.table.schema
    if score <= 0 or (is_far and (score < 0.8 or far.named.is_shadowed)):
        return None
    if near.table.schema == far.table.schema:
        score += 0.05
    return Pair(near=near, column=each.column, far=far, key=key, score=score)


def _same_name(words: Words, far: Subject) -> bool:
    """The same name on both sides says so, where it is more than `id`."""
    key = next((each.words for each in far.columns if each.column.name == far.key), ())
    return words == key and not set(words) <= _GENERIC


def _named_alike(words: Words, far: Subject, *, is_self: bool) -> float:
    """How much a column's words name the far table: all of it, with a role, or in part."""
    said = tuple(singular(word) for word in words)
    entity = tuple(singular(word) for word in far.named.entity)
    told = said
    while len(told) > 1 and told[-1] in _KEY_WORDS:
        told = told[:-1]
    has_key_word = len(told) < len(said)
    if is_self and told == entity:
        return 0.0
    if told == entity:
        return 0.95 if has_key_word else 0.7
    if told[-len(entity) :] == entity and has_key_word:
        return 0.85  # `ship_to_customer_id`: the words in front are its role
    if told[-1:] == entity[-1:] and has_key_word and not is_self:
        return 0.6
    parents = ("parent", "manager", "supervisor", "boss", "predecessor", "reports")
    return 0.5 if is_self and has_key_word and set(told) & set(parents) else 0.0


def _is_same_kind(near: Column, far: Column) -> bool:
    if is_whole(near) and is_whole(far):
        return True
    if is_text(near) and is_text(far):
        return True
    return base_type(near) == base_type(far)


def _best(pairs: Sequence[Pair], warehouse: Warehouse) -> Relationship | None:
    """Return the one join of a column that holds; none where two fit equally well."""
    held: list[tuple[float, float, Pair]] = []
    for pair in sorted(pairs, key=lambda pair: -pair.score)[:MOST_FAR_SIDES]:
        if held and pair.score < held[0][1] - 0.2:
            break
        share = contained(pair, warehouse)
        if share >= _least(pair):
            rank = layer_rank(pair.far.table.layer)
            held.append((_nearness(pair, rank), pair.score, pair))
    if not held:
        return None
    held.sort(key=lambda each: (-each[1], -each[0]))
    if len(held) > 1 and held[0][:2] == held[1][:2]:
        return None
    _, score, pair = held[0]
    return Relationship(
        from_table=pair.near.table.full_name,
        from_column=pair.column.name,
        to_table=pair.far.table.full_name,
        to_column=pair.key.name,
        origin="inferred",
        confidence=round(min(score, 0.95), 2),
    )


def _least(pair: Pair) -> float:
    is_near = pair.near.table.schema == pair.far.table.schema
    return LEAST_BY_NAME if is_near and pair.score >= 0.9 else LEAST_CONTAINED


def _nearness(pair: Pair, rank: float) -> float:
    """A table of the same layer is joined before one of another."""
    return -abs(rank - layer_rank(pair.near.table.layer))


def contained(pair: Pair, warehouse: Warehouse) -> float:
    """Return which part of the near side's distinct values the far side holds; 0 for none."""
    near = quoted(pair.near.table.schema, pair.near.table.name)
    far = quoted(pair.far.table.schema, pair.far.table.name)
    column, key = quoted(pair.column.name), quoted(pair.key.name)
    sql = (
        f"WITH near AS (SELECT DISTINCT {column} AS v FROM {near} WHERE {column} IS NOT NULL "
        f"LIMIT {_SAMPLED}) "
        f"SELECT count(*) AS asked, count(f.v) AS found FROM near "
        f"LEFT JOIN (SELECT DISTINCT {key} AS v FROM {far}) AS f ON near.v = f.v"
    )
    row = warehouse.query(sql).to_pylist()[0]
    return float(row["found"]) / float(row["asked"]) if row["asked"] else 0.0
