"""`catalogue draft` and `catalogue export`: what is known, or could be, into files of people."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import Role, User, note, open_assistant

if TYPE_CHECKING:
    from assistant.catalogue_drafts import DraftFile


class Target(StrEnum):
    """Whose files a draft goes to."""

    overlay = "overlay"
    dbt = "dbt"


class DraftKind(StrEnum):
    """What is proposed."""

    docs = "docs"
    synonyms = "synonyms"
    joins = "joins"
    tests = "tests"
    metrics = "metrics"


class ExportFormat(StrEnum):
    """In which standard a catalogue goes out."""

    odcs = "odcs"
    ossie = "ossie"


def draft(
    context: typer.Context,
    target: Annotated[
        Target, typer.Option("--to", help="The notes of the platform, or its dbt project.")
    ] = Target.overlay,
    only: Annotated[
        list[DraftKind] | None, typer.Option("--only", help="Kinds of proposals; default: all.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write the files instead of printing a patch.")
    ] = False,
    with_model: Annotated[
        bool, typer.Option("--model/--no-model", help="Let the platform's model describe tables.")
    ] = True,
    role: Role = None,
    user: User = None,
) -> int:
    """Propose docs, synonyms, joins, tests and starter metrics as a patch to review."""
    from assistant.catalogue_drafts import draft_files
    from assistant.journal import Asker
    from catalogue.proposals import as_toml, proposed_filters

    with open_assistant(context) as assistant:
        catalogue = assistant.catalogue(user=user, role=role)
        drafted = draft_files(
            assistant.parts,
            catalogue,
            target=target.value,
            kinds=[kind.value for kind in only or ()],
            with_model=with_model,
            asker=Asker(user=user, role=role or assistant.roles(user)[0]),
        )
    for text in drafted.notes:
        note(text)
    if not only and (filters := proposed_filters(catalogue)):
        note(f"Proposed for platform.toml, to paste where it is right:\n\n{as_toml(filters)}")
    if not drafted.files:
        note("Nothing to propose.")
    elif write:
        _write(drafted.files)
    else:
        typer.echo("".join(file.patch for file in drafted.files), nl=False)
    return 0


def export(
    context: typer.Context,
    form: Annotated[
        ExportFormat,
        typer.Option(
            "--format",
            help="odcs: a data contract, Open Data Contract Standard 3.1. "
            "ossie: a semantic model, Apache Ossie 0.1.1.",
        ),
    ] = ExportFormat.odcs,
    role: Role = None,
    user: User = None,
) -> int:
    """Print what the platform holds in an open standard, as YAML."""
    from catalogue.writers.expressions import Definitions
    from catalogue.writers.odcs import contract
    from catalogue.writers.ossie import semantic_model
    from catalogue.writers.yaml_file import written

    with open_assistant(context) as assistant:
        catalogue = assistant.catalogue(user=user, role=role)
        manifest = assistant.parts.state.built.catalogue.semantic_manifest
    if form is ExportFormat.odcs:
        typer.echo(written(contract(catalogue)), nl=False)
        return 0
    model, left_out = semantic_model(catalogue, Definitions(manifest))
    if left_out:
        note(f"Left out, because no single expression says them: {', '.join(left_out)}.")
    typer.echo(written(model), nl=False)
    return 0


def _write(files: "tuple[DraftFile, ...]") -> None:
    for file in files:
        file.save()
        note(f"Written: {file.path}.")
    note("Review the files, then `assistant build` reads them.")
