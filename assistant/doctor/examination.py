"""Looks at everything once: what lies outside the catalogue first, then the catalogue itself.

Nothing is changed but what a first question would change: a platform that was never built gets
its names and types.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from assistant.assistant import Assistant
from assistant.doctor.abilities import ability_of
from assistant.doctor.build import files_check, index_check, policy_check
from assistant.doctor.files import artifacts_check, disk_check, warehouse_check
from assistant.doctor.model import model_check
from assistant.doctor.report import Ability, Check, Report
from assistant.doctor.versions import versions_check
from assistant.errors import AssistantError
from assistant.settings import Settings
from catalogue.errors import CatalogueError


def examine(
    path: Path, environ: Mapping[str, str], *, progress: Callable[[str], None] = lambda _: None
) -> Report:
    """Examine the platform at a path; raises only what no platform can be opened with."""
    settings = Settings.open(path)
    outside = [
        versions_check(),
        warehouse_check(settings),
        *artifacts_check(settings),
        disk_check(settings),
        model_check(settings, environ),
    ]
    with Assistant.open(path) as assistant:
        assistant.parts.rebuilds = False
        assistant.parts.progress = progress
        inside, ability = _inside(assistant, settings, outside[-1])
    return Report(platform=settings.name, checks=(*outside, *inside), ability=ability)


def _inside(assistant: Assistant, settings: Settings, model: Check) -> tuple[list[Check], Ability]:
    """Examine what was built; where nothing can be built, that is the finding."""
    try:
        built = assistant.parts.state.built
    except (AssistantError, CatalogueError) as error:
        step = "Mend that, then run `assistant build`."
        return [Check(name="index", status="blocks", said=str(error), step=step)], Ability()
    notes = settings.sources().origin.notes(built.snapshot)
    checks = [index_check(settings, built), *files_check(notes), policy_check(assistant)]
    if checks[-1].status == "blocks":
        return checks, Ability()
    return checks, ability_of(assistant, built, model)
