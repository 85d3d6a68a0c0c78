"""Puts a run together: suites, their platforms, gold results, assistants and tasks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.settings import Settings
from catalogue.errors import UnknownRole
from evals.ask import HITS, ask_case
from evals.budget import Budget, Spent
from evals.case import Case, Suite
from evals.configuration import Configuration, Mode, as_mapping, cassette_of, chat_of
from evals.denied import denied_to
from evals.errors import BadGold, BadSuite
from evals.gold import GoldResults
from evals.record import Key, Record
from evals.run import Task, compute_golds, run_tasks
from evals.score.marked import Marked
from evals.score.safe import Denied
from evals.score.scores import score
from evals.store import RunStore, digest_of
from evals.suite import line_of, load_suite
from evals.summary import Summary

if TYPE_CHECKING:
    from assistant import Assistant
    from catalogue.model import Hit

DEMO = Path(".assistant/demo")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be run."""

    suites: tuple[Path, ...]
    platform: Path | None = None
    tag: str | None = None
    configurations: tuple[Configuration, ...] = (Configuration(),)
    mode: Mode = "live"
    cassette: Path | None = None
    """In place of the one beside the suite."""
    repeats: int = 1
    workers: int = 1
    budget: Budget = field(default_factory=Budget)


@dataclass(frozen=True, kw_only=True)
class _Loaded:
    path: Path
    suite: Suite
    platform: Path
    settings: Settings


Progress = Callable[[Record, int], None]
"""Called with each record and the number of questions of the whole plan."""


def run_wish(wish: Wish, directory: Path, progress: Progress) -> tuple[Summary, list[Record]]:
    """Run what is wished for, going on where the directory holds a part of it.

    Raises EvalError, AssistantError, CatalogueError or OSError; what was asked is kept.
    """
    loaded = [_load(path, wish) for path in wish.suites]
    _refuse_same_names(loaded)
    plan: dict[str, Any] = {
        "suites": digest_of([each.suite for each in loaded]),
        "configurations": [dict(as_mapping(each)) for each in wish.configurations],
        "repeats": wish.repeats,
        "mode": wish.mode,
        "questions": sum(len(each.suite.cases) for each in loaded)
        * len(wish.configurations)
        * wish.repeats,
    }
    with ExitStack() as stack:
        tasks = [task for each in loaded for task in _tasks(each, wish, stack)]
        with RunStore(directory, plan) as store:
            return _run(tasks, store, wish, progress)


def _run(
    tasks: Sequence[Task], store: RunStore, wish: Wish, progress: Progress
) -> tuple[Summary, list[Record]]:
    waiting = [task for task in tasks if not store.is_done(task.key)]
    spent = Spent()
    spent.add(store.records)

    def keep(record: Record) -> None:
        store.keep(record)
        progress(record, len(tasks))

    for record in store.records:
        progress(record, len(tasks))
    stopped: str | None = None
    try:
        stopped = run_tasks(waiting, keep, workers=wish.workers, budget=wish.budget, spent=spent)
    finally:
        done = {record.key for record in store.records}
        missing = sum(task.key not in done for task in tasks)
        summary = store.summarise(missing=missing, stopped=stopped)
    place = {task.key: at for at, task in enumerate(tasks)}
    records = sorted(store.records, key=lambda record: place.get(record.key, len(place)))
    return summary, records


def _load(path: Path, wish: Wish) -> _Loaded:
    suite = _chosen(path, load_suite(path), wish.tag)
    if wish.platform is None and not suite.platform:
        raise BadSuite(path, "names no platform; name one with --platform.")
    named = DEMO if suite.platform == "demo" else path.parent / suite.platform
    platform = wish.platform or named
    settings = Settings.open(platform)
    if suite.as_of and settings.as_of != suite.as_of:
        problem = f"asks as of {suite.as_of}, the platform's clock stands at {settings.as_of}."
        raise BadSuite(path, problem)
    return _Loaded(path=path, suite=suite, platform=platform, settings=settings)


def _chosen(path: Path, suite: Suite, tag: str | None) -> Suite:
    if tag is None:
        return suite
    tags = sorted({each for case in suite.cases for each in case.tags})
    if tag not in tags:
        raise BadSuite(path, f"no case has the tag {tag!r}. Tags: {', '.join(tags)}.")
    return suite.tagged(tag)


def _refuse_same_names(loaded: Sequence[_Loaded]) -> None:
    seen: dict[str, Path] = {}
    for each in loaded:
        if (earlier := seen.setdefault(each.suite.suite, each.path)) != each.path:
            raise BadSuite(each.path, f"is named {each.suite.suite!r}, as {earlier} is.")


@contextmanager
def _opened(loaded: _Loaded, configuration: Configuration, wish: Wish) -> Iterator["Assistant"]:
    from assistant import Assistant

    cassette = wish.cassette or cassette_of(loaded.path)
    chat = chat_of(configuration, loaded.settings, wish.mode, cassette)
    # Roles are the suite's to choose, as on the demo's own page.
    any_role = any(case.role for case in loaded.suite.cases)
    try:
        with Assistant.open(loaded.platform, model=chat.model, any_role=any_role) as assistant:
            yield assistant
    finally:
        chat.close()


def _tasks(loaded: _Loaded, wish: Wish, stack: ExitStack) -> Iterator[Task]:
    """Compute the golds of a suite and open what is asked; `stack` closes it."""
    gold = stack.enter_context(GoldResults(loaded.settings))
    try:
        marked = compute_golds(loaded.suite, gold.marked)
    except BadGold as error:
        line = line_of(loaded.path, error.case, "gold") if error.case else None
        raise BadGold(f"{loaded.path}:{f'{line}:' if line else ''} {error}") from error
    _refuse_unknown_names(loaded, gold)
    for configuration in wish.configurations:
        assistant = stack.enter_context(_opened(loaded, configuration, wish))
        _refuse_unknown_roles(loaded, assistant)
        asking = _Asking(assistant=assistant, gold=gold, marked=marked)
        # Repeats outermost: one that a budget cuts short has asked every case as often as it could.
        for repeat in range(wish.repeats):
            for case in loaded.suite.cases:
                key = Key(loaded.suite.suite, configuration.name, case.id, repeat)
                yield Task(key=key, ask=partial(asking.ask, key, case))


def _refuse_unknown_names(loaded: _Loaded, gold: GoldResults) -> None:
    for case in loaded.suite.cases:
        if found := gold.unknown(case):
            key, name = found
            problem = f"{key}: the warehouse holds no {name!r}."
            line = line_of(loaded.path, case.id, key)
            raise BadSuite(loaded.path, problem, line=line, case=case.id)


def _refuse_unknown_roles(loaded: _Loaded, assistant: "Assistant") -> None:
    for case in loaded.suite.cases:
        try:
            assistant.parts.policy.grant(user=case.user, role=case.role, any_role=True)
        except UnknownRole as error:
            line = line_of(loaded.path, case.id, "role")
            raise BadSuite(loaded.path, str(error), line=line, case=case.id) from error


@dataclass(frozen=True, kw_only=True)
class _Asking:
    """Asks the cases of one suite in one configuration, and scores what came of them."""

    assistant: "Assistant"
    gold: GoldResults
    marked: Mapping[str, Sequence[Marked]]
    _denied: "dict[str, Denied]" = field(default_factory=dict)
    """By the key of the grant."""

    def ask(self, key: Key, case: Case) -> Record:
        record = ask_case(
            case,
            self.assistant,
            self.marked[case.id],
            suite=key.suite,
            configuration=key.configuration,
            repeat=key.repeat,
            search=self._find,
        )
        return replace(record, scores=score(record, denied=partial(self._denied_to, case)))

    def _find(self, case: Case) -> "Sequence[Hit]":
        return self.assistant.search(case.asked[-1], k=HITS, user=case.user, role=case.role)

    def _denied_to(self, case: Case) -> Denied:
        parts = self.assistant.parts
        grant = parts.policy.grant(user=case.user, role=case.role, any_role=self.assistant.any_role)
        if grant.key not in self._denied:
            self._denied[grant.key] = denied_to(grant, parts.state.built.catalogue, self.gold.run)
        return self._denied[grant.key]
