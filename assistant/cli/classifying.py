"""`catalogue classify`: what looks like personal data, and a person's word on it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.options import AsJson, Role, User, note, open_assistant

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from catalogue.catalogue import Catalogue
    from catalogue.suspects import Suspect

STEWARD = "steward"
Confirm = Annotated[
    list[str] | None,
    typer.Option(
        "--confirm",
        metavar="COLUMN[=CLASS]",
        help="[schema.]table.column is personal, or what stands after =: personal, restricted.",
    ),
]
Clear = Annotated[
    list[str] | None,
    typer.Option("--clear", metavar="COLUMN", help="[schema.]table.column holds nothing personal."),
]


def classify(
    context: typer.Context,
    confirm: Confirm = None,
    clear: Clear = None,
    role: Role = None,
    user: User = None,
    as_json: AsJson = False,
) -> int:
    """List columns that look personal and are hidden, or say what they are.

    What is said is written to the platform's notes (catalogue.yaml) and holds from the build that
    follows. With a policy, the list is what the role `steward` sees.
    """
    from assistant.cli.platforms import build_and_describe
    from assistant.cli.tables import print_json
    from catalogue.suspects import decisions, suspects, write

    with open_assistant(context) as assistant:
        catalogue, settings = _to_classify(assistant, user, role), assistant.parts.settings
    decided = decisions(catalogue, confirm=confirm or (), clear=clear or ())
    if decided:
        write(settings.notes, decided)
        note(f"Written to {settings.notes}.")
        build_and_describe(settings)
    left = [each for each in suspects(catalogue) if (each.table, each.column) not in decided]
    if as_json:
        said = {f"{table}.{column}": kind for (table, column), kind in decided.items()}
        print_json(
            {
                "columns": [_plain(each) for each in left],
                "decided": said,
                "notes": str(settings.notes),
            }
        )
    else:
        _print(left)
    return 0


def _to_classify(assistant: "Assistant", user: str | None, role: str | None) -> "Catalogue":
    """Without a policy whoever holds the files decides; with one, whoever sees the columns."""
    if assistant.parts.settings.policy is None:
        return assistant.parts.state.built.catalogue
    is_steward = role is None and STEWARD in assistant.parts.policy.roles
    return assistant.catalogue(user=user, role=STEWARD if is_steward else role)


def _plain(suspect: "Suspect") -> dict[str, Any]:
    return {
        "table": suspect.table,
        "column": suspect.column,
        "kind": suspect.suspicion.kind,
        "why": suspect.suspicion.why,
        "confidence": suspect.suspicion.confidence,
        "proposed": suspect.proposed,
    }


def _print(found: "list[Suspect]") -> None:
    from assistant.cli.tables import print_records

    if not found:
        typer.echo("Nothing looks personal that nobody has classified.")
        return
    print_records(
        ["column", "why", "proposed"],
        [[f"{e.table}.{e.column}", e.suspicion.why, e.proposed] for e in found],
    )
