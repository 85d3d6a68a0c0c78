"""Proposals for a platform's own files: made by rule, and by the model where one is set.

What a role may not see is not proposed for it, and never goes to the model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from assistant.errors import BadSettings
from assistant.journal import Asker
from catalogue.drafts.proposals import Drafts, Kind
from catalogue.drafts.rules import propose
from catalogue.drafts.starter_metrics import visible_manifest

if TYPE_CHECKING:
    from assistant.build import Parts
    from assistant.drafting.describing import Described
    from catalogue.catalogue import Catalogue
    from catalogue.writers.yaml_file import YamlFile

Target = Literal["overlay", "dbt"]


@dataclass(frozen=True, kw_only=True)
class DraftFile:
    """One file with proposals in it."""

    path: Path
    patch: str
    save: Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """Files to review, and what is to be said besides."""

    files: tuple[DraftFile, ...]
    notes: tuple[str, ...] = ()


def draft_files(
    parts: "Parts",
    catalogue: "Catalogue",
    *,
    target: Target,
    kinds: Sequence[Kind],
    with_model: bool,
    asker: Asker,
) -> Drafted:
    """Return files with proposals for a catalogue that is within the asker's grant.

    Raises BadSettings where the platform has no dbt project, BadArtifact or BadFile.
    """
    inferred = parts.state.built.catalogue.inferred_manifest
    metrics = visible_manifest(inferred, catalogue)
    drafts = replace(propose(catalogue), metrics=metrics).only(kinds)
    notes: list[str] = []
    if with_model and parts.chat is not None and (not kinds or "docs" in kinds):
        said = _described(parts, catalogue, drafts, asker)
        drafts = replace(drafts, descriptions=(*drafts.descriptions, *said.descriptions))
        notes += said.notes
    if target == "overlay":
        return _to_overlay(parts, drafts, notes)
    return _to_dbt(parts, drafts, notes)


def _described(parts: "Parts", catalogue: "Catalogue", drafts: Drafts, asker: Asker) -> "Described":
    """Ask the model, and keep in the journal exactly what left for it, as for a question."""
    from assistant.answer import Draft
    from assistant.drafting.describing import describe

    assert parts.chat is not None
    entry = parts.journal.open(
        "catalogue draft", user=asker.user, role=asker.role, conversation=uuid4().hex[:12]
    )
    sent: list[str] = []

    def sending(texts: tuple[str, ...]) -> None:
        sent.extend(texts)
        parts.journal.sending(entry, tuple(sent))

    said = describe(catalogue, drafts.descriptions, parts.chat, sending)
    parts.journal.close_draft(entry, Draft(kind="generated", usage=said.usage))
    return said


def _to_overlay(parts: "Parts", drafts: Drafts, notes: list[str]) -> Drafted:
    from catalogue.writers.overlay_drafts import add_to_overlay
    from catalogue.writers.yaml_file import YamlFile

    file = YamlFile(parts.settings.notes)
    add_to_overlay(file, drafts)
    if drafts.tests or drafts.metrics:
        notes.append("Tests and starter metrics belong into a dbt project: `--to dbt`.")
    return Drafted(files=_changed([file], parts.settings.root), notes=tuple(notes))


def _to_dbt(parts: "Parts", drafts: Drafts, notes: list[str]) -> Drafted:
    from catalogue.writers.dbt import add_to_dbt
    from catalogue.writers.dbt_metrics import starter_metrics
    from catalogue.writers.dbt_project import ProjectFiles

    if parts.settings.dbt is None:
        raise BadSettings(
            "The platform has no dbt project: set `[catalogue] dbt` in platform.toml, "
            "or use `--to overlay`."
        )
    project = ProjectFiles(parts.settings.dbt)
    files = _changed(add_to_dbt(project, drafts), project.root)
    if drafts.metrics is not None:
        new = starter_metrics(project, drafts.metrics)
        files += tuple(_new(project.root / name, name, text) for name, text in new.items())
        if new:
            notes.append("After `dbt build` the starter metrics are declared ones, and yours.")
    if drafts.joins:
        notes.append("A join goes into dbt as the relationships test that watches it.")
    return Drafted(files=files, notes=tuple(notes))


def _changed(files: "Sequence[YamlFile]", root: Path) -> tuple[DraftFile, ...]:
    shown = [(file, file.patch(_shown(file.path, root))) for file in files]
    return tuple(
        DraftFile(path=file.path, patch=patch, save=file.save) for file, patch in shown if patch
    )


def _new(path: Path, name: str, text: str) -> DraftFile:
    patch = "".join(unified_diff([], text.splitlines(keepends=True), "/dev/null", f"b/{name}"))

    def save() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return DraftFile(path=path, patch=patch, save=save)


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
