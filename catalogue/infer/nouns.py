"""Inferred definitions as the catalogue's nouns: metrics, dimensions, entities.

The names are those that the semantic layer gives to the same things: own columns, those one join
away, those two joins away where no shorter way leads there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogue.infer.definitions import Measure, condition, elements, identifying, spoken_of
from catalogue.infer.links import Link
from catalogue.infer.manifest import Model
from catalogue.infer.naming import plural_of
from catalogue.infer.natures import Natured
from catalogue.infer.subjects import Subject
from catalogue.infer.words import Words
from catalogue.model import Dimension, Entity, Metric


@dataclass(frozen=True, kw_only=True)
class _Path:
    """A way from a table to one whose columns its metrics can be cut by."""

    prefix: str
    role: Words
    """What the far rows are to the near ones, in words."""
    to: Subject
    hops: int


def metrics_and_dimensions(
    models: Mapping[str, Model],
) -> tuple[tuple[Metric, ...], tuple[Dimension, ...]]:
    """Return every starter metric with the dimensions it accepts, and these."""
    dimensions: dict[str, Dimension] = {}
    metrics: list[Metric] = []
    for model in models.values():
        if not model.measures:
            continue
        names: list[str] = []
        for path in _paths(model, models):
            for dimension in _dimensions(path):
                names.append(dimension.name)
                dimensions.setdefault(dimension.name, dimension)
        accepted = tuple(sorted(names))
        metrics += [_metric(model, measure, accepted) for measure in model.measures]
    return tuple(metrics), tuple(dimensions[name] for name in sorted(dimensions))


def _paths(model: Model, models: Mapping[str, Model]) -> Iterator[_Path]:
    """The table itself, what it joins, and what these join; the shortest ways to a table only."""
    own = model.subject
    yield _Path(prefix=own.named.slug, role=own.named.entity, to=own, hops=0)
    reached = {own.name}
    near: list[_Path] = []
    for link in model.links:
        far = models[link.to].subject
        near.append(_Path(prefix=link.role, role=link.words, to=far, hops=1))
        reached.add(link.to)
    yield from near
    for link in model.links:
        for second in models[link.to].links:
            if second.to not in reached:
                yield _second(link, second, models)


def _second(first: Link, second: Link, models: Mapping[str, Model]) -> _Path:
    return _Path(
        prefix=f"{first.role}__{second.role}",
        role=second.words,
        to=models[second.to].subject,
        hops=2,
    )


def _dimensions(path: _Path) -> Iterator[Dimension]:
    names = elements(path.to)
    told_by = identifying(path.to)
    for each in path.to.kinds:
        spoken = [" ".join(words) for words in spoken_of(each, path.role)]
        label = spoken[-1] if path.hops else spoken[0]
        if _is_all_there_is(each, path.to):
            spoken.append(" ".join(each.words[:-1]))
        if each.column.name in told_by:
            spoken.append(" ".join(path.role))
            spoken += [" ".join(noun) for noun in path.to.named.nouns]
        yield Dimension(
            name=f"{path.prefix}__{names[each.column.name]}",
            entity=path.prefix.rpartition("__")[2],
            kind="categorical",
            table=path.to.name,
            column=each.column.name,
            label=_capital(label),
            synonyms=tuple(dict.fromkeys([*spoken, *_odd_plurals(spoken)])),
            data_type=each.column.data_type,
        )


def _is_all_there_is(each: Natured, subject: Subject) -> bool:
    """`location_name` of a visit that knows no other location: by location is by its name."""
    thing = each.words[:-1]
    others = (other.words for other in subject.columns if other is not each)
    return (
        each.words[-1] == "name"
        and thing not in ((), subject.named.entity)
        and not any(words[: len(thing)] == thing for words in others)
    )


def _odd_plurals(spoken: Sequence[str]) -> list[str]:
    """`statuses`: plurals that are not the word with an s, which are compared without it."""
    return [
        many
        for text in spoken
        if (many := plural_of(tuple(text.split()))) != f"{text}s" and not text.endswith("y")
    ]


def _metric(model: Model, measure: Measure, dimensions: tuple[str, ...]) -> Metric:
    subject = model.subject
    used = [measure.column] if measure.column else []
    used += [name for each in subject.shape.conditions for name in each.columns]
    return Metric(
        name=measure.name,
        label=measure.label,
        description=measure.definition,
        unit=measure.unit,
        synonyms=measure.phrases,
        owner=subject.table.owner,
        domain=subject.table.domain,
        dimensions=dimensions,
        tables=(subject.name,),
        columns=tuple(f"{subject.name}.{name}" for name in dict.fromkeys(used)),
        time_column=f"{subject.name}.{subject.event_time}" if subject.event_time else None,
        additive=measure.aggregation in ("count", "sum"),
        governed=False,
        aggregation=measure.aggregation,
        row_condition=condition(subject),
    )


def entities_of(models: Iterable[Model], known: Sequence[Entity]) -> tuple[Entity, ...]:
    """Return what the tables hold as entities, besides those that are known by these names."""
    taken = {each.name.lower().replace("_", " ") for each in known}
    found: list[Entity] = []
    for model in models:
        named, shape = model.subject.named, model.subject.shape
        if not shape.is_countable or named.one in taken or named.is_shadowed:
            continue
        taken.add(named.one)
        nouns = tuple(plural_of(noun) for noun in named.nouns)
        found.append(
            Entity(
                name=named.one,
                key=model.subject.key,
                golden=model.subject.name,
                synonyms=nouns,
            )
        )
    return tuple(found)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
