"""Suite files: YAML -> Suite, with every mistake named by file, line and case."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from evals.case import Suite
from evals.errors import BadSuite

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
    first = error.errors()[0]
    where: Sequence[str | int] = first["loc"]
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = "is no key here"
    field = ".".join(str(part) for part in (where[2:] if where[:1] == ("cases",) else where))
    more = len(error.errors()) - 1
    tail = f" ({more} more)" if more else ""
    problem = f"{f'{field}: ' if field else ''}{message}.{tail}"
    return BadSuite(path, problem, line=_line(root, where), case=_case_id(data, where))


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
