"""Every error the evals raise.

EvalError
├── BadSuite       a suite file is absent, broken, or says what does not hold
├── BadGold        the marked answer of a case cannot be computed
└── BadRun         a run cannot start, go on or be read: settings, cassette, results
"""

from pathlib import Path


class EvalError(Exception):
    """Base of everything the evals raise."""


class BadSuite(EvalError):
    """A suite file is absent, broken, or says what does not hold."""

    def __init__(
        self, path: Path, problem: str, *, line: int | None = None, case: str | None = None
    ) -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {f'case {case!r}: ' if case else ''}{problem}")
        self.path = path
        self.problem = problem
        self.line = line
        self.case = case


class BadGold(EvalError):
    """The marked answer of a case cannot be computed: the suite is wrong, not the assistant."""

    def __init__(self, message: str, *, case: str | None = None) -> None:
        super().__init__(message)
        self.case = case


class BadRun(EvalError):
    """A run cannot start, go on, or be read."""
