"""Suite files: YAML -> Suite, with every mistake named by file, line and case."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from evals.case import Suite
from evals.errors import BadSuite
from evals.said import UNKNOWN_KEY, said

SHIPPED = Path(__file__).parent / "suites"


def find_suite(name_or_path: str) -> Path:
    """Return the file of a suite: a path, or the name of one that is shipped."""
    path = Path(name_or_path)
    shipped = SHIPPED / f"{name_or_path}.yaml"
    return shipped if not path.exists() and shipped.exists() else path


def load_suite(path: Path) -> Suite:
    """Read and check a suite, or raise BadSuite."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        names = ", ".join(sorted(each.stem for each in SHIPPED.glob("*.yaml")))
        problem = f"cannot be read as a suite. Shipped ones: {names}."
        raise BadSuite(path, problem) from error
    root, data = _parse(path, text)
    try:
        suite = Suite.model_validate(data)
    except ValidationError as error:
        raise _located(path, root, data, error) from error
    _refuse_repeated_cases(path, root, suite)
    return suite


def line_of(path: Path, case: str, key: str) -> int | None:
    """Return where a key of a case stands in a file that was read before, or the case."""
    root, data = _parse(path, path.read_text(encoding="utf-8"))
    ids = [each.get("id") for each in data["cases"]]
    return _line(root, ("cases", ids.index(case), key)) if case in ids else None


def _parse(path: Path, text: str) -> tuple[yaml.Node, Any]:
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            raise BadSuite(path, "is empty.")
        for key in _repeated_keys(root):
            problem = f"the key {key.value!r} stands here twice."
            raise BadSuite(path, problem, line=key.start_mark.line + 1)
        return root, loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise BadSuite(path, f"is not YAML: {error.problem}.", line=line) from error
    finally:
        loader.dispose()


def _repeated_keys(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """YAML keeps the last of two equal keys silently; a suite must not lose a case's gold so."""
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _repeated_keys(each)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    yield key
                seen.add(key.value)
            yield from _repeated_keys(value)


def _located(path: Path, root: yaml.Node, data: Any, error: ValidationError) -> BadSuite:
    problems = _own(error.errors())
    first = problems[0]
    where: Sequence[str | int] = first["loc"]
    within_case = where[:1] == ("cases",) and len(where) > 1
    field = ".".join(str(part) for part in (where[2:] if within_case else where))
    tail = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    problem = f"{f'{field}: ' if field else ''}{said(first)}.{tail}"
    return BadSuite(path, problem, line=_line(root, where), case=_case_id(data, where))


def _own(problems: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Return the problems that are none because of another, keys that are not known first.

    A list whose entries are wrong is called too short as well, a misspelt key missing.
    """
    places = [each["loc"] for each in problems]
    own = [
        each
        for each in problems
        if not any(place[: len(each["loc"])] == each["loc"] != place for place in places)
    ]
    return sorted(own, key=lambda each: each["type"] != UNKNOWN_KEY)


def _case_id(data: Any, where: Sequence[str | int]) -> str | None:
    if len(where) < 2 or where[0] != "cases" or not isinstance(where[1], int):
        return None
    case = data["cases"][where[1]]
    return str(case["id"]) if isinstance(case, dict) and "id" in case else f"number {where[1] + 1}"


def _line(node: yaml.Node, where: Sequence[str | int]) -> int:
    """Return the line of the deepest part of `where` that stands in the file."""
    line = node.start_mark.line + 1
    for part in where:
        step = _step(node, part)
        if step is None:
            break
        line, node = step
    return line


def _step(node: yaml.Node, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        found: yaml.Node = node.value[part]
        return found.start_mark.line + 1, found
    return None


def _refuse_repeated_cases(path: Path, root: yaml.Node, suite: Suite) -> None:
    seen: set[str] = set()
    for number, case in enumerate(suite.cases):
        if case.id in seen:
            line = _line(root, ("cases", number, "id"))
            raise BadSuite(path, "the id is taken by an earlier case.", line=line, case=case.id)
        seen.add(case.id)
