"""Prompt files by name, and the marking of text that comes from data or from the asker.

Each file carries its version in its name; a changed prompt is a new file.
"""

import re
from functools import cache
from pathlib import Path
from string import Template

_DIRECTORY = Path(__file__).with_name("prompts")
_UNSEEN = r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*"
"""What a reader, or a model, may not notice inside a tag."""
_NAMES = "|".join(_UNSEEN.join(name) for name in ("catalogue", "found", "earlier", "question"))
_TAGS = re.compile(
    rf"[<\uff1c\ufe64\u2039](?={_UNSEEN}[/\uff0f]?{_UNSEEN}(?:{_NAMES})\b)", re.IGNORECASE
)
_SPACE = re.compile(r"\s+")
_CHARS_PER_TOKEN = 3.5


def fill(name: str, **values: str) -> str:
    """Return a prompt with its placeholders filled.

    Raises ValueError where a placeholder has no value, or a value has no placeholder.
    """
    template = _template(name)
    wanted = set(template.get_identifiers())
    if wanted != set(values):
        odd = ", ".join(sorted(wanted ^ set(values)))
        raise ValueError(f"The prompt {name!r} and its values do not agree on: {odd}.")
    return template.substitute(values)


def one_line(text: str, *, at_most: int = 200) -> str:
    """Return text from data on one bounded line that cannot close the tags around it."""
    line = untagged(_SPACE.sub(" ", text).strip())
    return line if len(line) <= at_most else f"{line[: at_most - 1].rstrip()}…"


def untagged(text: str) -> str:
    """Return the text with every tag of our prompts made harmless."""
    return _TAGS.sub("(", text)


def estimated_tokens(text: str) -> int:
    """Estimate tokens without any model's tokenizer; on the high side for English."""
    return int(len(text) / _CHARS_PER_TOKEN) + 1


@cache
def _template(name: str) -> Template:
    template = Template((_DIRECTORY / f"{name}.md").read_text(encoding="utf-8").strip())
    if not template.is_valid():
        raise ValueError(f"The prompt {name!r} holds a $ that starts no placeholder.")
    return template
