"""What a platform can answer today, what is in the way of more, and what each step would bring.

Names come from the catalogue of the default role; of what it hides there are only counts.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.doctor.examples import questions
from assistant.doctor.report import Ability, Check, Fix
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from catalogue.builder import Built
    from catalogue.catalogue import Catalogue
    from catalogue.proposals import ProposedFilter

MOST_EXAMPLES = 3
_TRIED = 12
"""Questions tried until there are enough examples."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the rules below look at."""

    settings: Settings
    whole: "Catalogue"
    """Everything that was built; only counted."""
    seen: "Catalogue"
    """What the default role sees; may be named."""
    model_works: bool
    filters: "Sequence[ProposedFilter]"
    """What the data that is seen speaks for leaving out."""


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something that is in the way of more, and the way out."""

    said: str
    fix: Fix


def ability_of(assistant: "Assistant", built: "Built", model: Check) -> Ability:
    """Weigh what was built."""
    from catalogue.proposals import as_toml, proposed_filters

    seen = assistant.catalogue()
    settings = assistant.parts.settings
    works = settings.model is not None and model.status == "ok"
    case = Case(
        settings=settings,
        whole=built.catalogue,
        seen=seen,
        model_works=works,
        filters=proposed_filters(seen),
    )
    gaps = [gap for rule in RULES if (gap := rule(case)) is not None]
    return Ability(
        can=tuple(_can(case)),
        examples=assistant.answerable(questions(seen)[:_TRIED])[:MOST_EXAMPLES],
        blocks=tuple(gap.said for gap in gaps),
        fixes=tuple(gap.fix for gap in gaps),
        filters=as_toml(case.filters) if case.filters else "",
    )


def _can(case: Case) -> Iterator[str]:
    seen = case.seen
    governed = sum(metric.governed for metric in seen.metrics)
    inferred = len(seen.metrics) - governed
    if governed:
        cuts = len(seen.dimensions)
        yield f"{_count(governed, 'declared metric')}, by {_count(cuts, 'dimension')}."
    if inferred:
        yield (
            f"{_count(inferred, 'inferred number')} (counts, totals, averages), each marked as "
            "ungoverned."
        )
    if seen.verified:
        yield f"{_count(len(seen.verified), 'verified question')}, word for word or by parameter."
    if case.model_works and case.settings.model:
        yield f"Free questions, through {case.settings.model.name}."
    yield f"Search and checked SQL over {_count(len(seen.tables), 'table')}."


def _no_metrics(case: Case) -> Gap | None:
    if any(metric.governed for metric in case.whole.metrics):
        return None
    step = (
        "Declare semantic models and metrics in the dbt project and run `dbt parse`."
        if case.settings.dbt
        else "Write one question with its SQL as verified/NAME.yaml and set "
        '`verified = "verified"` under [catalogue] (docs/platform.md, "Verified queries").'
    )
    gain = "Numbers that somebody has defined, answered without a model."
    said = "No metric is declared, so no number has an owner."
    return Gap(said=said, fix=Fix(gain=gain, step=step, worth=90))


def _suspected(case: Case) -> Gap | None:
    count = sum(column.is_suspected for table in case.whole.tables for column in table.columns)
    if not count:
        return None
    return Gap(
        said=f"{_count(count, 'column')} may hold personal data and {_are(count)} hidden until "
        "somebody says what it is.",
        fix=Fix(
            gain=f"{_count(count, 'hidden column')} confirmed as personal, or shown again.",
            step="Run `assistant catalogue classify`, then with --confirm or --clear and a name.",
            worth=80,
        ),
    )


def _unfiltered(case: Case) -> Gap | None:
    count = len(case.filters)
    if not count:
        return None
    holds = "holds" if count == 1 else "hold"
    return Gap(
        said=f"{_count(count, 'table')} {holds} deleted rows, tests or history that no declared "
        "filter leaves out.",
        fix=Fix(
            gain="Rows that are none left out of every answer, SQL of your own included.",
            step="Paste what is right of the proposal below into platform.toml.",
            worth=60,
        ),
    )


def _no_model(case: Case) -> Gap | None:
    if case.settings.model is not None:
        return None
    return Gap(
        said="No chat model: a question must be in the words of the metrics and tables.",
        fix=Fix(
            gain="Free questions, under the same guard.",
            step='Set `name = "provider:model"` under [model] in platform.toml, and its key in '
            "the environment.",
            worth=50,
        ),
    )


def _no_joins(case: Case) -> Gap | None:
    tables = case.whole.tables
    joined = {name for r in case.whole.relationships for name in (r.from_table, r.to_table)}
    alone = [table for table in tables if table.full_name not in joined]
    if len(tables) < 2 or len(alone) < len(tables) / 2:
        return None
    return Gap(
        said=f"{len(alone):,} of {len(tables):,} tables have no known join to another.",
        fix=Fix(
            gain="Questions across tables.",
            step="Name them under `joins` in catalogue.yaml, or declare foreign keys or dbt "
            "relationship tests.",
            worth=55,
        ),
    )


def _undescribed(case: Case) -> Gap | None:
    tables = case.whole.tables
    bare = [table for table in tables if not table.description]
    if not tables or len(bare) < len(tables) / 2:
        return None
    return Gap(
        said=f"{len(bare):,} of {len(tables):,} tables have no description.",
        fix=Fix(
            gain="Search and answers in the words of the business.",
            step="Describe the most used tables in catalogue.yaml"
            + (", or in the dbt project" if case.settings.dbt else "")
            + ".",
            worth=45,
        ),
    )


def _unmonitored(case: Case) -> Gap | None:
    if case.whole.checks or not case.whole.tables:
        return None
    step = (
        "Add tests to the dbt models and run `dbt build`."
        if case.settings.dbt
        else 'Build the tables with dbt and set `dbt = "target"` under [catalogue].'
    )
    return Gap(
        said="Nothing is tested: the health of every answer is unknown.",
        fix=Fix(gain="Health and as-of with every answer.", step=step, worth=30),
    )


def _conflicts(case: Case) -> Gap | None:
    conflicts = case.seen.conflicts
    if not conflicts:
        return None
    return Gap(
        said=f"{_count(len(conflicts), 'conflict')} between sources, such as: {conflicts[0]}",
        fix=Fix(
            gain="One truth where sources disagree.",
            step="Correct what the conflicts name, then run `assistant build`.",
            worth=25,
        ),
    )


RULES: tuple[Callable[[Case], Gap | None], ...] = (
    _no_metrics,
    _suspected,
    _unfiltered,
    _no_joins,
    _no_model,
    _undescribed,
    _unmonitored,
    _conflicts,
)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
