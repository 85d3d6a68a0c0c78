"""One value set in the text of a YAML file: comments, order and spelling of the rest stay.

The result is read back and must hold the old content with that one value; else nothing is changed.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

import yaml

_PLAIN_KEY = re.compile(r"[A-Za-z_][\w.-]*")
_NOT_TEXT = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"))
_INDENT = 2


class CannotEdit(Exception):
    """The text is written in a way that no value can be set in; the message is half a sentence."""


def with_value(text: str, path: Sequence[str], value: str) -> str:
    """Return the text with the value at a path of keys, which are compared without case.

    >>> with_value("{a: {b: 1}}  # one", ["a", "c"], "x")
    '{a: {b: 1, c: x}}  # one'
    """
    try:
        before = yaml.safe_load(text)
        root = yaml.compose(text)
    except yaml.YAMLError as error:
        raise CannotEdit("is not YAML") from error
    if root is None or (isinstance(root, yaml.ScalarNode) and before is None):
        head = f"{text.rstrip()}\n" if text.strip() else ""
        changed = head + _block(path, value, 0)
    else:
        changed = _edited(text, root, path, value)
    _must_hold(changed, before, path, value)
    return changed


def _edited(text: str, root: yaml.Node, path: Sequence[str], value: str) -> str:
    node, at = root, 0
    while at < len(path) and isinstance(node, yaml.MappingNode):
        found = _value_of(node, path[at])
        if found is None:
            return _inserted(text, node, path[at:], value)
        node, at = found, at + 1
    if not isinstance(node, yaml.ScalarNode):
        raise CannotEdit(f"holds more than one value at {'.'.join(path[:at])!r}")
    new = value if at == len(path) else _flow(path[at:], value)
    if node.start_mark.index == node.end_mark.index:
        new = f" {new}"
    return text[: node.start_mark.index] + new + text[node.end_mark.index :]


def _value_of(node: yaml.MappingNode, key: str) -> yaml.Node | None:
    wanted = key.lower()
    return next((held for name, held in node.value if str(name.value).lower() == wanted), None)


def _inserted(text: str, node: yaml.MappingNode, path: Sequence[str], value: str) -> str:
    if node.flow_style:
        entry = f"{_key(path[0])}: {_flow(path[1:], value) if path[1:] else value}"
        if not node.value:
            at, entry = node.end_mark.index - 1, entry
        else:
            at, entry = node.value[-1][1].end_mark.index, f", {entry}"
        return text[:at] + entry + text[at:]
    indent = node.value[0][0].start_mark.column
    end = _end_of(node)
    line_end = text.find("\n", end)
    if end and text[end - 1] == "\n":
        at, lead = end, ""
    elif line_end == -1:
        at, lead = len(text), "\n"
    else:
        at, lead = line_end + 1, ""
    return text[:at] + lead + _block(path, value, indent) + text[at:]


def _end_of(node: yaml.Node) -> int:
    """Where the last thing in a node ends: a block's own mark lies behind the comments after it."""
    while isinstance(node, yaml.MappingNode | yaml.SequenceNode) and not node.flow_style:
        if not node.value:
            break
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.index)


def _block(path: Sequence[str], value: str, indent: int) -> str:
    """Return new keys as lines, the last two on one line."""
    lines = []
    for depth, key in enumerate(path):
        pad = " " * (indent + _INDENT * depth)
        if len(path) - depth == 2:
            lines.append(f"{pad}{_key(key)}: {_flow(path[depth + 1 :], value)}\n")
            break
        lines.append(f"{pad}{_key(key)}:{f' {value}' if depth == len(path) - 1 else ''}\n")
    return "".join(lines)


def _flow(path: Sequence[str], value: str) -> str:
    text = value
    for key in reversed(path):
        text = f"{{{_key(key)}: {text}}}"
    return text


def _key(name: str) -> str:
    is_plain = _PLAIN_KEY.fullmatch(name) and name.lower() not in _NOT_TEXT
    return name if is_plain else json.dumps(name, ensure_ascii=False)


def _must_hold(text: str, before: Any, path: Sequence[str], value: str) -> None:
    try:
        after = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise CannotEdit("is laid out in a way that cannot be added to") from error
    if after != _merged(before or {}, path, value):
        raise CannotEdit("is laid out in a way that cannot be added to without other changes")


def _merged(before: Any, path: Sequence[str], value: str) -> Any:
    if not path:
        return value
    held = dict(before) if isinstance(before, dict) else {}
    key = next((each for each in held if str(each).lower() == path[0].lower()), path[0])
    held[key] = _merged(held.get(key), path[1:], value)
    return held
