"""A YAML file checked against a pydantic model; a complaint is one sentence naming the place."""

import re
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from catalogue.errors import BadFile, nearest


class Strict(BaseModel):
    """A mapping in which a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


M = TypeVar("M", bound=Strict)


class _Loader(yaml.SafeLoader):
    """YAML as people mean it: `on`, `no` and `y` are words, and a key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])


def read_yaml(path: Path, model: type[M]) -> M:
    """Return the file as `model`, or raise BadFile."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except FileNotFoundError as error:
        raise BadFile(path, "does not exist.") from error
    except OSError as error:
        raise BadFile(path, f"cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadFile(path, "is not UTF-8 text.") from error
    except yaml.YAMLError as error:
        raise BadFile(path, _yaml_problem(error)) from error
    if content is not None and not isinstance(content, dict):
        raise BadFile(path, "must be a mapping of keys to values.")
    try:
        return model.model_validate(content or {})
    except ValidationError as error:
        raise BadFile(path, _problem(error, model)) from error


def plain(value: Any) -> Any:
    """Return a YAML value in JSON types: an unquoted date is text again."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _yaml_problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f" at line {mark.line + 1}" if mark else ""
    return f"is not YAML as expected{where}: {getattr(error, 'problem', None) or 'unreadable'}."


def _problem(error: ValidationError, model: type[Strict]) -> str:
    # A key that is not known explains the one that is missing.
    first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
    place = ".".join(str(step) for step in first["loc"])
    if first["type"] == "extra_forbidden":
        unknown = str(first["loc"][-1])
        close = nearest(unknown, _keys(model))
        return f"unknown key {place!r}.{f' Did you mean {close!r}?' if close else ''}"
    if first["type"] == "missing":
        return f"{place!r} is missing."
    message = first["msg"].removeprefix("Value error, ")
    return f"{place!r}: {message[0].lower()}{message[1:]}." if place else f"{message}."


def _keys(model: type[Strict]) -> set[str]:
    """Return the keys a file of this model may hold at any depth."""
    found = set()
    for name, field in model.model_fields.items():
        found.add(field.alias or name)
        for inner in _models_in(field.annotation):
            found |= _keys(inner)
    return found


def _models_in(annotation: Any) -> list[type[Strict]]:
    if isinstance(annotation, type) and issubclass(annotation, Strict):
        return [annotation]
    return [
        each for argument in getattr(annotation, "__args__", ()) for each in _models_in(argument)
    ]
