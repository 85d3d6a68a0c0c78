"""Every test starts without our variables, without keys, and without a way off the machine.

Sockets beyond loopback are blocked by pytest-socket (see pyproject.toml), so no chat model
can be reached but a scripted one or one on this machine.
"""

import atexit
import os
from pathlib import Path

import pytest

_FOREIGN = ("ASSISTANT_", "OPENAI_", "ANTHROPIC_", "AZURE_", "LANGCHAIN_", "LANGSMITH_", "DBT_")
_KEPT = ("ASSISTANT_BENCH_DATA",)
"""Says where data lies, never how the assistant behaves."""


def pytest_configure(config: pytest.Config) -> None:
    """Forget what the developer's shell says, before any fixture of any scope reads it."""
    for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
        if name not in _KEPT:
            del os.environ[name]


@atexit.register
def _leave_pytest_the_last_word() -> None:
    """At exit DuckDB's binding prints a page about its own references; nobody can act on it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """State of bare files goes to a directory of this run, never to the user's cache."""
    cache: Path = tmp_path_factory.getbasetemp() / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
