"""`ask`, `sql`, `check`, `run`, `search`: one call of the assistant each."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import (
    AsJson,
    Question,
    Role,
    Sql,
    User,
    argument_or_stdin,
    open_assistant,
)

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.assistant import Assistant


def ask(
    context: typer.Context,
    question: Question,
    role: Role = None,
    user: User = None,
    as_json: AsJson = False,
) -> int:
    """Answer a question: the number, its rows and its receipt."""
    from assistant.cli.show import print_answer
    from assistant.cli.tables import print_json

    with open_assistant(context) as assistant:
        answer = _ask(assistant, argument_or_stdin(question), user, role)
    if as_json:
        print_json(answer.to_dict())
    else:
        print_answer(answer)
    return 1 if answer.kind == "refused" else 0


def _ask(assistant: "Assistant", question: str, user: str | None, role: str | None) -> "Answer":
    if not sys.stderr.isatty():
        return assistant.ask(question, user=user, role=role)
    from assistant.cli.progress import answer_with_steps

    return answer_with_steps(assistant.stream(question, user=user, role=role))


def sql(
    context: typer.Context,
    question: Question,
    role: Role = None,
    user: User = None,
    as_json: AsJson = False,
) -> int:
    """Write the SQL for a question, without running it."""
    from assistant.cli.show import draft_to_dict, print_draft
    from assistant.cli.tables import print_json

    with open_assistant(context) as assistant:
        draft = assistant.generate_sql(argument_or_stdin(question), user=user, role=role)
    if draft.error is not None:
        raise draft.error
    if as_json:
        print_json(draft_to_dict(draft))
    else:
        print_draft(draft)
    return 1 if draft.kind == "refused" else 0


def check(
    context: typer.Context,
    statement: Sql,
    role: Role = None,
    user: User = None,
    as_json: AsJson = False,
) -> int:
    """Say whether SQL may run, and print what would run in its place."""
    from assistant.cli.tables import print_json
    from assistant.errors import QueryRejected

    with open_assistant(context) as assistant:
        try:
            safe = assistant.check(argument_or_stdin(statement), user=user, role=role)
        except QueryRejected as rejection:
            if not as_json:
                raise
            print_json({"allowed": False, "rule": rejection.rule, "message": str(rejection)})
            return 1
    if as_json:
        print_json({"allowed": True, "sql": safe.sql})
    else:
        typer.echo(safe.sql)
    return 0


def run(
    context: typer.Context,
    statement: Sql,
    role: Role = None,
    user: User = None,
    as_json: AsJson = False,
) -> int:
    """Check SQL, run what the guard made of it, and print the rows."""
    from assistant.cli.tables import print_json, print_rows, result_to_dict

    with open_assistant(context) as assistant:
        result = assistant.run(argument_or_stdin(statement), user=user, role=role)
    if as_json:
        print_json(result_to_dict(result))
    else:
        print_rows(result)
    return 0


def receipt(
    context: typer.Context,
    receipt_id: Annotated[str, typer.Argument(metavar="ID", help="The id of a receipt.")],
    role: Role = None,
    user: User = None,
    as_json: AsJson = False,
) -> int:
    """Show an earlier answer's receipt, and exactly what left for a model."""
    from assistant.cli.show import past_to_dict, print_past
    from assistant.cli.tables import print_json

    with open_assistant(context) as assistant:
        past = assistant.receipt(receipt_id, user=user, role=role)
    if as_json:
        print_json(past_to_dict(past))
    else:
        print_past(past)
    return 0


def search(
    context: typer.Context,
    question: Question,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many hits.")] = 10,
    role: Role = None,
    user: User = None,
    as_json: AsJson = False,
) -> int:
    """Find tables, metrics, entities, verified queries and terms."""
    from assistant.cli.show import print_hits
    from assistant.cli.tables import print_json

    with open_assistant(context) as assistant:
        hits = assistant.search(argument_or_stdin(question), k=k, user=user, role=role)
    if as_json:
        found = [
            {"kind": hit.kind, "name": hit.name, "score": hit.score, "why": list(hit.why)}
            for hit in hits
        ]
        print_json({"hits": found})
    else:
        print_hits(hits)
    return 0
