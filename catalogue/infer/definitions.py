"""The starter metrics and dimensions of one table, each with a definition in words.

Offered: the count of its rows, distinct values, sums of what adds up, averages and extremes of
what can be measured. Never a sum over a level, a rate or versions of a row (`natures`, `shapes`).
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from catalogue.infer.naming import Named, plural_of, slug
from catalogue.infer.natures import Natured, is_plural, word_lists
from catalogue.infer.subjects import Subject
from catalogue.infer.words import Words, parts_of, singular
from catalogue.model import Aggregation
from catalogue.warehouse import quoted

_VERBS = {
    "join": ("joined",),
    "joined": ("joined",),
    "registration": ("registered",),
    "registered": ("registered",),
    "hire": ("hired",),
    "create": ("created",),
    "created": ("created",),
    "creation": ("created",),
    "start": ("started",),
    "started": ("started",),
    "order": ("ordered", "placed", "made"),
    "sale": ("sold", "made"),
    "transaction": ("made",),
    "payment": ("made",),
    "purchase": ("made", "purchased"),
    "booking": ("made", "booked"),
    "report": ("reported",),
    "reported": ("reported",),
    "visit": ("made",),
    "invoice": ("issued", "invoiced"),
    "signup": ("signed up",),
    "admission": ("admitted",),
    "snapshot": ("taken",),
    "claim": ("claimed", "filed", "submitted", "made"),
    "claimed": ("filed", "submitted", "made"),
    "ticket": ("opened", "raised", "created"),
    "loan": ("granted",),
    "call": ("made",),
    "paid": ("paid", "made"),
    "since": ("joined",),
}
"""What rows are said to do at their event time: `customers joined in June`."""
_COUNTED = frozenset(["quantity", "units", "shares", "count", "volume"])
_BEGUN = frozenset(
    ["joined", "registered", "created", "signed up", "hired", "opened", "onboarded", "since"]
)
"""What begins at the event time is new in a period: `new customers in June`."""
_LASTING = frozenset(["duration", "length", "time", "wait", "delay", "runtime", "stay", "downtime",
                      "uptime", "latency"])  # fmt: skip
_TIME_UNITS = frozenset(["days", "hours", "minutes", "minimum", "seconds", "ms"])
"""`minimum` is how the `min` of `duration_min` is spelled out; beside a maximum it is none."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One starter metric before it has dimensions."""

    name: str
    label: str
    aggregation: Aggregation
    column: str | None
    definition: str
    phrases: tuple[str, ...]
    unit: str | None = None


def elements(subject: Subject) -> dict[str, str]:
    """Return a name per column that the semantic layer takes, no two the same."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for each in subject.columns:
        name = slug(parts_of(each.column.name))
        while name in taken:
            name += "_x"
        taken.add(name)
        found[each.column.name] = name
    return found


def measures(
    subject: Subject, foreign: Mapping[str, Named], nouns: AbstractSet[Words] = frozenset()
) -> Iterator[Measure]:
    """Yield the starter metrics of a table.

    `foreign` are the tables its columns lead to, `nouns` what rows are called anywhere: what a
    column says of the `number of orders` is not what counting orders says.
    """
    if not subject.shape.is_countable or subject.named.is_shadowed:
        return
    yield _count(subject)
    names = elements(subject)
    for each in subject.columns:
        column = each.column.name
        if each.column.is_sensitive or column in subject.conditioned:
            continue
        if column in foreign:
            yield _different(subject, each, names[column], foreign[column])
        elif each.nature == "kind" and column != subject.key:
            yield _different(subject, each, names[column], None)
        elif each.nature in ("sum", "level") and subject.shape.kind == "things":
            for measure in _numbers(subject, each, names[column]):
                if measure.aggregation != "sum" or not _counts_rows(each, nouns):
                    yield measure


def condition(subject: Subject) -> str | None:
    """Return the condition that all metrics of the table share, as SQL."""
    return " AND ".join(each.sql for each in subject.shape.conditions) or None


def _count(subject: Subject) -> Measure:
    named = subject.named
    nouns = [plural_of(noun) for noun in named.nouns]
    verbs = _verbs(subject)
    begun = [f"new {noun}" for noun in nouns if _BEGUN.intersection(verbs)]
    nouns += [f"{noun} {verb}" for noun in nouns for verb in verbs] + begun
    return Measure(
        name=_name(subject, "count"),
        label=_capital(named.many),
        aggregation="count",
        column=None,
        definition=_definition(subject, f"Number of rows of {subject.name}"),
        phrases=tuple(nouns),
        unit=named.many,
    )


def _verbs(subject: Subject) -> tuple[str, ...]:
    words = next(
        (each.words for each in subject.columns if each.column.name == subject.event_time), ()
    )
    said = (*words, *subject.named.entity) if words else ()
    verbs = [verb for word in said for verb in _VERBS.get(word, ())]
    return tuple(dict.fromkeys([*verbs, *(word for word in words if word.endswith("ed"))]))


def _different(subject: Subject, each: Natured, element: str, far: Named | None) -> Measure:
    own = [" ".join(words) for words in _spoken(each, subject)] if far is None else [far.one]
    things = [plural_of(tuple(text.split())) for text in own]
    rows = [plural_of(noun) for noun in subject.named.nouns]
    phrases = [
        f"{word} {thing}" for word in ("different", "distinct", "unique") for thing in things
    ]
    if far is not None:
        phrases += [f"{things[0]} with {row}" for row in rows]
    return Measure(
        name=_name(subject, f"different_{element}"),
        label=f"Different {things[0]} of {subject.named.many}",
        aggregation="count_distinct",
        column=each.column.name,
        definition=_definition(subject, f"Number of different values of {_place(subject, each)}"),
        phrases=tuple(phrases),
        unit=things[0],
    )


def _numbers(subject: Subject, each: Natured, element: str) -> Iterator[Measure]:
    spoken = [" ".join(words) for words in _spoken(each, subject)]
    adds_up = each.nature == "sum" or _is_price_of_the_row(subject, each)
    for kind in _KINDS:
        if kind.aggregation == "sum" and not adds_up:
            continue
        phrases = [f"{word} {text}" for text in spoken for word in kind.words]
        if kind.aggregation == "sum":
            phrases += [*spoken, *(f"how much {text}" for text in spoken)]
            phrases += [f"{text} in total" for text in spoken]
            phrases += [f"{text} {verb}" for text in spoken for verb in _verbs(subject)]
            if set(each.words) & _COUNTED:
                phrases += [f"number of {text}" for text in spoken]
            if each.words[-1] == "count" and len(each.words) > 1:
                things = plural_of(each.words[:-1])
                said = (*kind.words, "how many", "number of")
                phrases += [things, *(f"{word} {things}" for word in said)]
        if kind.aggregation == "average" and (adds_up or is_plural(each.words[-1])):
            phrases += [f"average number of {text}" for text in spoken]
        if kind.aggregation in ("sum", "average") and _is_its_money(subject, each):
            phrases += _spoken_as_money(subject, kind)
        if kind.aggregation == "average":
            rows = [" ".join(noun) for noun in subject.named.nouns]
            phrases += [f"{phrase} per {row}" for phrase in tuple(phrases) for row in rows]
        yield Measure(
            name=_name(subject, f"{kind.aggregation}_{element}"),
            label=f"{kind.label} {spoken[0]}",
            aggregation=kind.aggregation,
            column=each.column.name,
            definition=_definition(subject, f"{kind.says} of {_place(subject, each)}"),
            phrases=tuple(dict.fromkeys(phrases)),
        )


def _is_its_money(subject: Subject, each: Natured) -> bool:
    """`amount` of a payment: what the payment is, so that nobody says `payment amount`."""
    own = {singular(word) for word in subject.named.entity}
    told = {singular(word) for word in each.words} - own - {"total", "paid", "gross"}
    says = {"amount", "value"}
    return (
        subject.named.entity[-1] in word_lists()["money"]
        and told <= says
        and (bool(told) or each.words[-1] in ("total", "paid"))
    )


def _spoken_as_money(subject: Subject, kind: "_Kind") -> list[str]:
    nouns = [plural_of(noun) for noun in subject.named.nouns]
    if kind.aggregation == "average":
        return [f"{word} {noun}" for word in kind.words for noun in nouns]
    bare = nouns if subject.named.entity[-1] in word_lists()["mass"] else []
    return [*bare, *(f"{word} {noun}" for word in (*kind.words, "how much") for noun in nouns)]


def _counts_rows(each: Natured, nouns: AbstractSet[Words]) -> bool:
    told = tuple(singular(word) for word in each.words if word not in _HOW_MANY)
    if told not in nouns or told[-1] in word_lists()["money"]:
        return False
    return is_plural(each.words[-1]) or not {"number", "count", "n"}.isdisjoint(each.words)


_HOW_MANY = frozenset(["number", "count", "n", "total", "of", "lifetime"])


@dataclass(frozen=True, kw_only=True)
class _Kind:
    aggregation: Aggregation
    label: Literal["Total", "Average", "Highest", "Lowest"]
    says: str
    words: tuple[str, ...]


_KINDS = (
    _Kind(aggregation="sum", label="Total", says="Sum", words=("total", "sum of", "overall")),
    _Kind(aggregation="average", label="Average", says="Average", words=("average", "average of")),
    _Kind(
        aggregation="max",
        label="Highest",
        says="Highest value",
        words=("highest", "maximum", "largest", "biggest"),
    ),
    _Kind(
        aggregation="min",
        label="Lowest",
        says="Lowest value",
        words=("lowest", "minimum", "smallest"),
    ),
)


def _is_price_of_the_row(subject: Subject, each: Natured) -> bool:
    """`sale price` of a sale: what the row was sold for, where it holds no quantity beside it."""
    own = {singular(word) for word in subject.named.entity}
    told = tuple(singular(word) for word in each.words)
    has_quantity = any(
        set(other.words) & (_COUNTED | {"items", "pieces"}) for other in subject.columns
    )
    is_own = len(told) == 2 and told[1] == "price" and told[0] in own
    return is_own and not has_quantity and subject.event_time is not None


def _spoken(each: Natured, subject: Subject) -> list[Words]:
    """The words for a column: its own, with its table's noun, and as they are written."""
    own = each.words
    found = [own]
    entity = subject.named.entity
    if not set(own) & set(entity):
        found.append((*entity, *own))
        found += [(*noun, *own) for noun in subject.named.nouns]
        if len(entity) > 1:
            found.append((*entity[:-1], *own))
    if own[0] in ("total", "sum") and len(own) > 1:
        found.append(own[1:])
    if own[0] == entity[0] and own[1:] not in ((), ("total",), ("count",), ("number",)):
        found.append(own[1:])
    found += [
        words[:-1]
        for words in tuple(found)
        if len(words) > 1 and words[-1] in _TIME_UNITS and words[-2] in _LASTING
        if not any(each.words == (*own[:-1], "maximum") for each in subject.columns)
    ]
    written = parts_of(each.column.name)
    if written != own and "".join(written) != "".join(own):
        found.append(written)
    return list(dict.fromkeys(found))


def spoken_of(each: Natured, noun: Words) -> list[Words]:
    """The words for a column of a thing: `city`, `customer city`."""
    alone = each.words
    own = alone[1:] if noun[-1] == alone[0] else alone
    with_noun = alone if set(noun) <= set(alone) else (*noun, *own)
    if set(alone) <= word_lists()["calendar"] or alone in _SAYS_NOTHING:
        return [with_noun]
    found = [alone, with_noun]
    if alone[: len(noun)] == noun and alone[len(noun) :] not in ((), *_SAYS_NOTHING):
        found.append(alone[len(noun) :])
    return list(dict.fromkeys(found))


_SAYS_NOTHING: frozenset[Words] = frozenset({("id",), ("key",), ("code",), ("number",)})


def identifying(subject: Subject) -> tuple[str, ...]:
    """Return the columns that tell one row from another to a reader: its name, else its key.

    A name that several rows share is told apart by the key as well.
    """
    if subject.key is None:
        return ()
    seen = {each.words: each.column.name for each in subject.kinds}
    own = subject.named.entity
    single = next(
        (
            seen[words]
            for words in (
                ("name",),
                (*own, "name"),
                (own[-1], "name"),
                ("full", "name"),
                ("title",),
                (*own, "title"),
                own,
            )
            if words in seen
        ),
        None,
    )
    if single is not None:
        return (single,) if single in subject.unique else (subject.key, single)
    both = tuple(seen[words] for words in (("first", "name"), ("last", "name")) if words in seen)
    return (subject.key, *both) if len(both) == 2 else (subject.key,)


def _definition(subject: Subject, what: str) -> str:
    """In plain words what was inferred, with the time it goes by and what it leaves out."""
    said = what
    if subject.event_time:
        said += f", by {subject.name}.{subject.event_time}"
    if subject.shape.conditions:
        said += ", where " + " and ".join(each.says for each in subject.shape.conditions)
    return f"{said}. Inferred from names and data."


def _place(subject: Subject, each: Natured) -> str:
    return f"{subject.name}.{each.column.name}"


def _name(subject: Subject, what: str) -> str:
    return f"{subject.named.slug}_{what}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def expression(measure_column: str | None) -> str:
    """Return what is aggregated, as SQL."""
    return "1" if measure_column is None else quoted(measure_column)
