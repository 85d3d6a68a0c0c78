"""`python -m evals`: thin; parses, calls one function, prints."""

import typer

from evals.cli import reading, running, starting

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)


@app.callback()
def _commands() -> None:
    """Measure the assistant."""


app.command("run")(running.run_suites)
app.command("record")(running.record_suite)
app.command("report")(reading.report_run)
app.command("compare")(reading.compare_runs)
app.command("gate")(reading.hold_run)
app.command("new")(starting.write_suite)
