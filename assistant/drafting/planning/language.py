"""Question -> tokens, and the closed word lists the planner reads questions with.

Words are compared after lower-casing, plural folding and one table of spellings; nothing is
stemmed further, because "operator" must not become "operate".
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

MAX_FUNCTION_WORDS = 120
_TOKEN = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:st|nd|rd|th|k|%)?(?![^\W\d_])"
    r"|[^\W_]+(?:['\u2019.][^\W_]+)*|[%&,;:]"
    # Signs that change what is meant stay tokens, so that no question is answered without them.
    r"|(?<!\S)-(?=\w)|(?<=[^\W\d_])-(?=\d)|['\u2019]\d\d\b|!(?=[=\w])"
    r"|[~\u2260=<>/\\^*+|#@$\u20ac\xa3\xac]+"
)
_IRREGULAR = {
    "christmas",
    "this",
    "is",
    "was",
    "has",
    "does",
    "as",
    "us",
    "its",
    "yes",
    "bus",
    "gas",
    "versus",
    "status",
}


@dataclass(frozen=True, kw_only=True)
class Token:
    """One word, number or separator of a question."""

    index: int
    raw: str
    """As typed."""
    word: str
    """Lower case, spelling and plural folded: what phrases are compared by."""

    @property
    def is_capitalised(self) -> bool:
        return self.raw[:1].isupper()


@dataclass(frozen=True, kw_only=True)
class Grammar:
    """Words with a fixed role, from `grammar.toml` and `function_words.txt`."""

    function_words: frozenset[str]
    spelling: dict[str, str]
    numbers: dict[str, int]
    operators: dict[tuple[str, ...], str]
    comparators: dict[tuple[str, ...], str]
    grains: dict[tuple[str, ...], str]
    adverbs: dict[tuple[str, ...], str]
    aggregates: frozenset[str]
    reversed_adjectives: frozenset[str]
    evaluative: frozenset[str]
    """Words such as `good` that name a value only beside the noun of its dimension."""
    idle: frozenset[str]
    """Words such as `recorded` that add nothing where rows of tables are counted."""

    @property
    def words(self) -> frozenset[str]:
        """Every word that has a role."""
        phrases: Iterable[tuple[str, ...]] = (
            *self.operators,
            *self.comparators,
            *self.adverbs,
            *self.grains,
        )
        return frozenset(word for phrase in phrases for word in phrase) | {*self.numbers}


@cache
def grammar() -> Grammar:
    """Load the word lists, once."""
    here = files("assistant.drafting.planning")
    raw = tomllib.loads(here.joinpath("grammar.toml").read_text())
    lines = here.joinpath("function_words.txt").read_text().split("\n")
    return Grammar(
        function_words=frozenset(line for line in lines if line and not line.startswith("#")),
        spelling=raw["spelling"],
        numbers=raw["numbers"],
        operators={
            tuple(phrase.split()): name
            for name, phrases in raw["operators"].items()
            for phrase in phrases
        },
        comparators={tuple(phrase.split()): op for phrase, op in raw["comparators"].items()},
        grains={tuple(phrase.split()): grain for phrase, grain in raw["grains"].items()},
        adverbs={tuple(phrase.split()): grain for phrase, grain in raw["adverbs"].items()},
        aggregates=frozenset(raw["aggregates"]["words"]),
        reversed_adjectives=frozenset(raw["reversed"]["words"]),
        evaluative=frozenset(raw["evaluative"]["words"]),
        idle=frozenset(raw["idle"]["words"]),
    )


def singular(word: str) -> str:
    """Fold a plural to its singular, only where that is safe.

    >>> [singular(word) for word in ("airlines", "cities", "busy", "status", "miles", "buses")]
    ['airline', 'city', 'busy', 'status', 'mile', 'buse']
    """
    if word in _IRREGULAR or len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") else word


def fold(text: str) -> str:
    """Lower-case and strip accents, so that `São` equals `sao`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=50_000)
def word_of(raw: str) -> str:
    """The form a word is compared in."""
    lowered = fold(raw).replace("’", "'")
    for ending in ("'s", "'d", "'ve", "'m", "'ll", "s'", "'"):
        if lowered.endswith(ending):
            lowered = lowered[: -len(ending)] + ("s" if ending == "s'" else "")
            break
    lowered = lowered.replace("'", "").rstrip(".")
    known = grammar()
    lowered = known.spelling.get(lowered, lowered)
    return singular(lowered)


def tokenise(question: str) -> list[Token]:
    """Split a question into tokens; hyphens and slashes separate words."""
    return [
        Token(index=index, raw=match.group(), word=word_of(match.group()))
        for index, match in enumerate(_TOKEN.finditer(question))
    ]


def phrase_of(text: str) -> tuple[str, ...]:
    """The words of a label, synonym or value, in the form questions are compared in."""
    return tuple(word_of(match) for match in _TOKEN.findall(text) if match not in ",;:&")


def number_of(token: Token) -> float | None:
    """The number a token stands for, or None.

    >>> [number_of(token) for token in tokenise("50,000 three 2.5 50k 80% june")]
    [50000.0, 3.0, 2.5, 50000.0, 80.0, None]
    """
    if (named := grammar().numbers.get(token.word)) is not None:
        return float(named)
    text = token.raw.lower().replace(",", "").rstrip("%")
    scale = 1000.0 if text.endswith("k") else 1.0
    try:
        return float(text.removesuffix("k")) * scale
    except ValueError:
        return None


@cache
def common_words() -> frozenset[str]:
    """Whole words of the embedding model's tokenizer: some 23,000 words of everyday English."""
    import json

    text = files("catalogue").joinpath("weights", "tokenizer.json").read_text()
    vocabulary = json.loads(text)["model"]["vocab"]
    whole = {word for word in vocabulary if word.isalpha()}
    return frozenset(whole | {singular(word) for word in whole})
