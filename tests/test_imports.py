"""What import-linter cannot say: who imports the pages, and what a fresh interpreter loads."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.performance.imports import LIMIT_S, commands, cpu_seconds

ROOT = Path(__file__).parent.parent
PACKAGES = ("assistant", "catalogue", "evals")
HEAVY = (
    "chromadb",
    "langchain",
    "langchain_core",
    "openai",
    "streamlit",
    "pandas",
    "metricflow",
    "duckdb",
    "sqlglot",
    "pyarrow",
    "sqlalchemy",
)


def _sources() -> Iterator[Path]:
    yield ROOT / "app.py"
    for package in PACKAGES:
        yield from (ROOT / package).rglob("*.py")


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


# Import contracts cannot name a package that nobody imports yet, so its family is held here.
FAMILIES = {
    "chroma": {"catalogue/search/index.py"},
    "langchain": {"assistant/drafting/chat.py", "catalogue/embeddings.py"},
    "langgraph": set[str](),
    "metricflow": {"catalogue/metrics.py"},
    "openai": {"assistant/drafting/chat.py", "catalogue/embeddings.py"},
    "dbt": {"catalogue/demo/dbt_steps.py", "evals/platforms/dbt.py"},
    "torch": set[str](),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_library_family_stays_with_its_owner(family: str) -> None:
    importers = {
        path.relative_to(ROOT).as_posix()
        for path in _sources()
        if any(name.startswith(family) for name in _imported(path))
    }
    assert importers <= FAMILIES[family]


def _importers(prefix: str) -> set[str]:
    """Return the files, relative to the root, that import `prefix` or anything in it."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in _sources()
        if any(name == prefix or name.startswith(f"{prefix}.") for name in _imported(path))
    }


def test_only_the_app_and_its_pages_import_the_pages() -> None:
    outside = {path for path in _importers("assistant.ui") if not path.startswith("assistant/ui/")}
    assert outside <= {"app.py"}


def test_nothing_imports_the_app() -> None:
    assert _importers("app") == set()


def test_only_the_app_and_its_pages_import_streamlit() -> None:
    outside = {path for path in _importers("streamlit") if not path.startswith("assistant/ui/")}
    assert outside <= {"app.py"}


def test_the_app_wires_and_nothing_else() -> None:
    ours = {name for name in _imported(ROOT / "app.py") if name.split(".")[0] in PACKAGES}
    allowed = ("assistant.ui", "assistant.errors", "catalogue.errors")
    assert [name for name in sorted(ours) if not name.startswith(allowed)] == []


def test_no_source_names_the_place_it_was_made_in() -> None:
    here = re.compile(rf"{re.escape(str(ROOT))}\b|{re.escape(str(Path.home()))}/")
    named = [path for path in _sources() if here.search(path.read_text(encoding="utf-8"))]
    assert named == []


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("import assistant", id="import"),
        pytest.param("from assistant.cli import main; main(['--help'])", id="help"),
        pytest.param("from assistant import AssistantError, QueryRejected", id="errors"),
    ],
)
def test_a_fresh_interpreter_loads_nothing_heavy(statement: str) -> None:
    probe = f"{statement}; import sys; print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(HEAVY) & set(done.stderr.split()) == set()


@pytest.mark.parametrize("name", ["import assistant", "assistant --help"])
def test_starting_costs_at_most_half_a_second_of_cpu(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert min(cpu_seconds(commands()[name]) for _ in range(3)) <= LIMIT_S
