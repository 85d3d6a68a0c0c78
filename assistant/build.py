"""The only place where real parts are put together.

`Parts` opens cheaply and loads each heavy part when it is first needed; it notices a new build or a
changed warehouse by stat alone and swaps to it between questions.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings import Settings, find_platform

if TYPE_CHECKING:
    from assistant.audit import AuditLog
    from assistant.drafting.drafter import QuestionDrafter
    from assistant.drafting.outbox import Keep
    from assistant.drafting.scope import Scope
    from assistant.engines.duckdb import DuckDBEngine
    from assistant.journal import Journal
    from assistant.pipeline import Pipeline
    from assistant.ports import ChatModel
    from assistant.rebuild import Rebuilder
    from assistant.retention import Retention
    from assistant.trail import Trail
    from catalogue.access import Grant
    from catalogue.builder import Built
    from catalogue.infer.layer import InferredLayer
    from catalogue.metrics import SemanticLayer
    from catalogue.policy import Policy
    from catalogue.search.search import CatalogueSearch
    from catalogue.snapshot import Snapshot

MODEL_TIMEOUT_S = 60
"""At least so long a model may take for one reply."""
MOST_SCOPES = 64
"""Grants kept ready at once; more are built again when they come back."""


def open_parts(
    path: str | Path | None, *, model: "ChatModel | None" = None, rebuilds: bool = True
) -> "Parts":
    """Read the settings of a platform; everything else waits until it is needed."""
    settings = Settings.open(find_platform(path))
    return Parts(settings=settings, given_model=model, rebuilds=rebuilds)


@dataclass
class Parts:
    """The parts of one open platform. Safe to share between threads."""

    settings: Settings
    given_model: "ChatModel | None" = None
    rebuilds: bool = True
    """Start a build in the background when a source has changed."""
    progress: Callable[[str], None] = lambda _: None
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _state: "State | None" = field(default=None, repr=False)
    _outdated: "State | None" = field(default=None, repr=False)
    """The state before, which questions under way may still use."""

    @property
    def state(self) -> "State":
        """What was built, loaded; built first where it never was."""
        with self._lock:
            if self._state is None:
                self._state = State(built=self._built(), settings=self.settings)
            return self._state

    def refresh(self) -> None:
        """Move to a newer build where there is one; questions under way keep theirs."""
        from catalogue.builder import is_current

        with self._lock:
            if self._state is not None and not is_current(
                self.settings.sources(), self._state.built
            ):
                if self._outdated is not None:
                    self._outdated.close()
                self._outdated, self._state = self._state, None
            state = self.state
        if self.rebuilds:
            self.rebuilder.look(state.built)
        self.retention.look()

    @cached_property
    def retention(self) -> "Retention":
        from assistant.retention import Retention

        return Retention(settings=self.settings)

    def follow(self) -> None:
        """Follow the sources while nobody asks, too, until `close`."""
        self.rebuilder.follow(self.refresh)

    @cached_property
    def rebuilder(self) -> "Rebuilder":
        from assistant.rebuild import Rebuilder

        return Rebuilder(settings=self.settings)

    def _built(self) -> "Built":
        """Conventions hold from now on, also where the build was made before they were."""
        from catalogue.builder import build, load
        from catalogue.house_filters import under

        sources = self.settings.sources()
        built = load(sources) or build(sources, progress=self.progress, profiled=None)
        return replace(built, catalogue=under(built.catalogue, sources.conventions))

    @property
    def policy(self) -> "Policy":
        return self.state.policy

    @property
    def search(self) -> "CatalogueSearch":
        return self.state.search

    @cached_property
    def engine(self) -> "DuckDBEngine":
        from assistant.engines.duckdb import DuckDBEngine, Limits

        limits = self.settings.limits
        return DuckDBEngine(
            database=lambda: self._snapshot(self.state).path,
            hold_s=limits.hold_s if self.settings.serve == "live" else None,
            timezone=self.settings.timezone,
            limits=Limits(
                timeout_s=limits.timeout_s, memory_bytes=limits.memory_bytes, rows=limits.rows
            ),
        )

    def _snapshot(self, state: "State") -> "Snapshot":
        """Return the rows to read now: the newest that have the shape of the build's."""
        built = state.built.snapshot
        newest = self.settings.sources().origin.current(self.settings.state)
        return newest if newest.shape == built.shape else built

    @cached_property
    def journal(self) -> "Journal":
        from assistant.journal import Journal

        return Journal.at(self.settings.state)

    @cached_property
    def audit(self) -> "AuditLog":
        from assistant.audit import AuditLog

        return AuditLog.at(self.settings.state)

    def drafter(self, keep_sent: "Keep") -> "QuestionDrafter":
        """Return a drafter; whatever it sends to a model is given to `keep_sent` first."""
        from assistant.drafting.drafter import QuestionDrafter

        chat = self.chat
        if chat is None:
            return QuestionDrafter()
        from assistant.drafting.model_path import ChatPath
        from assistant.drafting.outbox import Outbox

        send = self.settings.model.send if self.settings.model else "schema"
        outbox = Outbox(model=chat, keep=keep_sent)
        return QuestionDrafter(model=ChatPath(chat=outbox, send=send, today=self.settings.today))

    @cached_property
    def chat(self) -> "ChatModel | None":
        """The chat model that was given, else the configured one, else none."""
        configured = self.settings.model
        if self.given_model is not None or configured is None:
            return self.given_model
        from assistant.drafting.chat import LangChainChat

        wait_s = max(MODEL_TIMEOUT_S, self.settings.limits.timeout_s)
        return LangChainChat(configured.name, base_url=configured.base_url, timeout_s=wait_s)

    def scope(self, grant: "Grant") -> "Scope":
        """Return the view of one grant, ready for questions."""
        return self.state.scope(grant, row_limit=self.settings.limits.rows)

    def pipeline(self, grant: "Grant", trail: "Trail") -> "Pipeline":
        """Return what answers one question under a grant, and leaves a trail."""
        from assistant.pipeline import Pipeline
        from assistant.trail import WatchedEngine

        state = self.state
        snapshot = self._snapshot(state)
        return Pipeline(
            scope=state.scope(grant, row_limit=self.settings.limits.rows),
            search=state.search,
            drafter=self.drafter(partial(self.journal.sending, trail.question_id or "")),
            engine=WatchedEngine(engine=self.engine.reading(snapshot.path), trail=trail),
            is_ahead=snapshot.stamp != state.built.snapshot.stamp,
        )

    def close(self) -> None:
        """End the workers and let go of every file and connection."""
        opened = [self.__dict__.get(name) for name in ("rebuilder", "engine", "journal", "audit")]
        if self.given_model is None:
            opened.append(self.__dict__.get("chat"))
        opened += [self._state, self._outdated]
        for part in opened:
            if part is not None:
                part.close()


@dataclass
class State:
    """Everything that belongs to one build; replaced whole when there is a newer one."""

    built: "Built"
    settings: Settings
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _scopes: "dict[str, Scope]" = field(default_factory=dict, repr=False)

    def close(self) -> None:
        """Let go of the search index, if it was opened."""
        if (search := self.__dict__.get("search")) is not None:
            search.close()

    @cached_property
    def policy(self) -> "Policy":
        from catalogue.access import load_policy

        return load_policy(self.settings.policy, self.built.catalogue)

    @cached_property
    def semantic(self) -> "SemanticLayer | None":
        from catalogue.metrics import SemanticLayer

        manifest = self.built.catalogue.semantic_manifest
        rules = self.built.catalogue.conventions
        if manifest is None:
            return None
        return SemanticLayer(manifest, column_types=self._types, conventions=rules)

    @cached_property
    def inferred(self) -> "InferredLayer | None":
        from catalogue.infer.layer import InferredLayer

        manifest = self.built.catalogue.inferred_manifest
        rules = self.built.catalogue.conventions
        if manifest is None:
            return None
        return InferredLayer(manifest, column_types=self._types, conventions=rules)

    @cached_property
    def _types(self) -> dict[str, str]:
        return {
            f"{table.full_name}.{column.name}": column.data_type
            for table in self.built.catalogue.tables
            for column in table.columns
        }

    @cached_property
    def search(self) -> "CatalogueSearch":
        from catalogue.embeddings import MiniLM
        from catalogue.search.search import CatalogueSearch

        return CatalogueSearch(self.built.directory, self.built.catalogue, MiniLM())

    def scope(self, grant: "Grant", *, row_limit: int) -> "Scope":
        with self._lock:
            if grant.key not in self._scopes:
                if len(self._scopes) >= MOST_SCOPES:
                    self._scopes.pop(next(iter(self._scopes)))
                self._scopes[grant.key] = self._make_scope(grant, row_limit)
            return self._scopes[grant.key]

    def _make_scope(self, grant: "Grant", row_limit: int) -> "Scope":
        from assistant.drafting.planning.periods import Calendar
        from assistant.drafting.scope import Scope
        from assistant.guard import check
        from catalogue.errors import BadMetricQuery
        from catalogue.model import MetricQuery

        full = self.built.catalogue
        narrowed = full.within(grant)
        semantic = self.semantic

        def compile_query(query: MetricQuery) -> str:
            metrics = [narrowed.metric(name) for name in query.metrics]
            if self.inferred is not None and any(not metric.governed for metric in metrics):
                return self.inferred.compile(query)
            if semantic is None:
                raise BadMetricQuery(
                    "This platform has no semantic layer, so no metrics can be compiled."
                )
            return semantic.compile(query)

        return Scope(
            grant=grant,
            catalogue=narrowed,
            values=self.built.values.within(grant, full),
            calendar=Calendar(today=self.settings.today(), conventions=self.settings.conventions),
            compile=compile_query,
            check=lambda sql: check(sql, catalogue=full, grant=grant, row_limit=row_limit),
        )
