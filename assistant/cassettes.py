"""Recorded replies in which something must not stand any longer: found, and cut out of the file."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import BadSettings
from assistant.json_lines import BadLine, JsonLines
from assistant.subject import Subject


@dataclass(frozen=True, kw_only=True)
class Cut:
    """What is cut out of a cassette."""

    subject: Subject
    questions: frozenset[str] = frozenset()
    """A cassette knows no users, so a user's recorded replies are found by their questions."""

    def takes(self, line: Mapping[str, Any]) -> bool:
        """True for a recorded reply that goes."""
        before = self.subject.before
        if before is not None:
            return str(line.get("recorded_on", "")) < before.date().isoformat()
        if self.questions and not self.questions.isdisjoint(_lines_of(line)):
            return True
        return self.subject.is_in_json(json.dumps(line))


def cassettes_in(paths: Iterable[Path]) -> list[Path]:
    """Return the files that are named, and those in directories that are; raise BadSettings."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise BadSettings(f"There is no cassette {path}.")
        found += sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    return found


def cut_cassette(path: Path, cut: Cut, *, do: bool) -> int:
    """Return how many recorded replies go; `do` writes the file anew without them."""
    try:
        lines = list(JsonLines(path).read())
    except BadLine as error:
        raise BadSettings(f"{error} It is no cassette, and nothing was erased.") from error
    kept = [line for line in lines if not cut.takes(line)]
    if do and len(kept) < len(lines):
        part = path.with_name(f".{path.name}.part")
        with part.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in kept)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    return len(lines) - len(kept)


def _lines_of(line: Mapping[str, Any]) -> set[str]:
    messages = (line.get("request") or {}).get("messages") or []
    texts = [str(each.get("content", "")) for each in messages]
    whole = {" ".join(part.split()) for text in texts for part in text.splitlines()}
    return whole | {" ".join(inner.split()) for text in texts for inner in _questions_of(text)}


def _questions_of(text: str) -> list[str]:
    """A question of several lines stands between its tags."""
    return [part.partition("</question>")[0] for part in text.split("<question>")[1:]]
