"""A YAML file that people write too: their comments, order and quotes stay as they are.

Saved by rename, so that whoever is killed in the middle leaves the file as it was. Texts that are
put in are quoted where a reader of YAML 1.1 would take them for something else ("no", "12:30").
"""

import os
import tempfile
from collections.abc import Mapping
from difflib import unified_diff
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalogue.errors import BadFile

if TYPE_CHECKING:
    from ruamel.yaml import YAML

LINE_WIDTH = 100


class YamlFile:
    """The content of one file, to be changed in place and then saved, or shown as a patch."""

    def __init__(self, path: Path) -> None:
        """Read the file; one that is not there yet is empty. Raises BadFile."""
        self.path = path
        self._before = _read(path)
        self._yaml = _round_trip(self._before)
        self.content = _mapping(path, self._yaml, self._before)

    def text(self) -> str:
        """Return the file as it would be saved."""
        if not self.content:
            return self._before
        out = StringIO()
        self._yaml.dump(self.content, out)
        return out.getvalue()

    def patch(self, name: str | None = None) -> str:
        """Return what has changed as a unified diff that `git apply` takes; "" for nothing."""
        shown = name or self.path.name
        before = self._before.splitlines(keepends=True)
        after = self.text().splitlines(keepends=True)
        old = f"a/{shown}" if self.path.exists() else "/dev/null"
        return "".join(unified_diff(before, after, old, f"b/{shown}"))

    def section(self, *keys: str) -> Any:
        """Return the mapping below these keys, made where it is not there yet; raises BadFile.

        A key matches without case, as the catalogue compares names.
        """
        holder = self.content
        for at, key in enumerate(keys, start=1):
            known = next((each for each in holder if str(each).lower() == key.lower()), None)
            if known is None or holder[known] is None:
                known = text_of(key) if known is None else known
                holder[known] = {}
            holder = holder[known]
            self._can_be_added_to(holder, keys[:at])
        return holder

    def save(self) -> None:
        """Write the file whole or not at all, and only where it has changed; raises BadFile."""
        text = self.text()
        if text == self._before:
            return
        place = self.path.resolve()
        part: Path | None = None
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{place.name}-", dir=place.parent)
            part = Path(name)
            with open(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.chmod(_mode(place))
            part.replace(place)
        except OSError as error:
            raise BadFile(self.path, f"cannot be written: {error.strerror}.") from error
        finally:
            if part is not None:
                part.unlink(missing_ok=True)

    def _can_be_added_to(self, holder: object, keys: tuple[str, ...]) -> None:
        from ruamel.yaml.comments import CommentedMap

        where = ".".join(keys)
        if not isinstance(holder, dict):
            raise BadFile(self.path, f"holds no keys below {where!r}, so nothing is added there.")
        if isinstance(holder, CommentedMap) and holder.anchor.value is not None:
            raise BadFile(
                self.path,
                f"shares {where!r} by the anchor &{holder.anchor.value}: nothing is added there.",
                advice="Write the change by hand.",
            )


def text_of(text: str) -> str:
    """Return a text in quotes where YAML 1.1 would read its plain form as something else."""
    import yaml
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    in_line = text.replace(",", "")  # a comma inside braces is quoted by the writer
    try:
        in_braces = yaml.safe_load(f"{{{in_line}: {in_line}}}")
        is_plain = yaml.safe_load(text) == text and in_braces == {in_line: in_line}
    except yaml.YAMLError:
        is_plain = False
    return text if is_plain else DoubleQuotedScalarString(text)


def without_blanks(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what says something: no None, no empty text, list or mapping."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {}, ())}


def written(content: Mapping[str, Any]) -> str:
    """Return a new document as YAML text."""
    import yaml

    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=LINE_WIDTH))


def put_early(entry: Any, key: str, value: str) -> None:
    """Set a text where readers look for it: behind the name, or first.

    At the end of an entry it would stand behind the blank lines and comments that follow it.
    """
    if hasattr(entry, "insert"):
        entry.insert(1 if "name" in entry else 0, key, text_of(value))
    else:
        entry[key] = text_of(value)


def _mode(path: Path) -> int:
    """Return the file's permissions, or those that a new file would get."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(path, "cannot be read as UTF-8 text.") from error


def _mapping(path: Path, yaml: "YAML", text: str) -> Any:
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import YAMLError

    try:
        content = yaml.load(text)
    except YAMLError as error:
        raise BadFile(path, f"is not valid YAML: {str(error).splitlines()[0]}.") from error
    if content is None:
        return CommentedMap()
    if not isinstance(content, CommentedMap):
        raise BadFile(path, "is not a mapping of keys to values.")
    return content


def _round_trip(text: str) -> "YAML":
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    # Never fold: long lines of people stay theirs, and a folded one ends in a blank.
    yaml.width = 1_000_000
    yaml.explicit_start = text.startswith("---")
    dashes = _indent_of_lists(text)
    yaml.indent(mapping=_indent_of_mappings(text), sequence=dashes + 2, offset=dashes)
    return yaml


def _indent_of_mappings(text: str) -> int:
    """Return by how much the file indents a key below its key, as far as it does so at all."""
    steps = [
        _indent(below) - _indent(above.replace("- ", "  ", 1))
        for above, below in pairwise(_lines(text))
        if above.rstrip().endswith(":") and not below.lstrip().startswith("-")
    ]
    return next((step for step in steps if step > 0), 2)


def _indent_of_lists(text: str) -> int:
    """Return by how much the file indents the dashes of a list below its key: 2 or 0."""
    for above, below in pairwise(_lines(text)):
        if above.rstrip().endswith(":") and below.lstrip().startswith("- "):
            return min(2, max(0, _indent(below) - _indent(above)))
    return 2


def _lines(text: str) -> list[str]:
    """Return the lines that say something, without comments at their ends."""
    lines = (line.split(" #")[0].rstrip() for line in text.splitlines())
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
