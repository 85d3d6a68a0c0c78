"""The public API: every name resolves, and every public name is listed."""

import ast
from pathlib import Path

import pytest

import assistant


@pytest.mark.parametrize("name", assistant.__all__)
def test_every_listed_name_resolves(name: str) -> None:
    assert getattr(assistant, name).__name__ == name


def test_all_is_complete_and_sorted() -> None:
    tree = ast.parse(Path(str(assistant.__file__)).read_text(encoding="utf-8"))
    for_checkers = {
        alias.name
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert set(assistant.__all__) == for_checkers
    assert list(assistant.__all__) == sorted(assistant.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        _ = assistant.Nonsense


def test_every_error_tells_its_exit_code_and_a_code_of_its_own() -> None:
    from assistant import errors
    from catalogue import errors as catalogue_errors

    def tree(base: type[Exception]) -> list[type[Exception]]:
        return [base, *[leaf for child in base.__subclasses__() for leaf in tree(child)]]

    for error in tree(errors.AssistantError):
        assert getattr(error, "exit_code", None) in (1, 2, 3, 130), error
    named = [
        error
        for error in (*tree(errors.AssistantError), *tree(catalogue_errors.CatalogueError))
        if not error.__name__.startswith("_")
    ]
    codes = [vars(error).get("code") for error in named]
    assert None not in codes
    assert len(set(codes)) == len(codes)
