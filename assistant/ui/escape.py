"""Text from data and catalogue -> Markdown that shows it as it is.

Streamlit turns more than Markdown into something else: bare links and addresses, `:emoji:`,
`:red[colour]`, `$math$`. What a backslash does not stop is broken by an invisible word joiner.
"""

import re

_JOINER = "\u2060"
_BREAKING_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LINK_STARTS = re.compile(r"(?i)(https?|ftp|mailto|xmpp)(?=:)|(www)(?=\.)|(?<=\S)(?=@\S)")
_SHORTCODE = re.compile(r":(?=[\w+\-/]+:)")


def escape(text: str) -> str:
    """Return Markdown that reads as `text` on one line, without links, pictures or colours."""
    flat = _flat(text)
    safe = _SHORTCODE.sub(f":{_JOINER}", _LINK_STARTS.sub(rf"\g<0>{_JOINER}", flat))
    return _PUNCTUATION.sub(r"\\\1", safe)


def quiet(markdown: str) -> str:
    """Return Markdown in the theme's grey; what is text in it is escaped already."""
    return f":gray[{markdown}]"


def _flat(text: str) -> str:
    """One line; spaces that hold a number and its unit together are kept."""
    return _BREAKING_SPACES.sub(" ", text).strip(" ")


def code(text: str) -> str:
    """Return a code span: nothing in it is interpreted, and it copies as it is."""
    flat = _flat(text)
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if "`" in flat else ""
    return f"{fence}{pad}{flat}{pad}{fence}" if flat else ""
