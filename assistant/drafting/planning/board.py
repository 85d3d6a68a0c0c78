"""Board: the items of one reading, the role each one has, and which have been used.

Everything that assembles a query writes here; `Unread` and `Ambiguous` are how it stops.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.drafting.planning.items import Item, Reading
from assistant.drafting.planning.vocabulary import Vocabulary

RANKS = ("highest", "lowest", "best", "worst", "top", "bottom")
LISTS = ("and", "or", "versus")


class Unread(Exception):
    """These words found no role, for this reason."""

    def __init__(self, words: Iterable[str], reason: str = "", *, is_final: bool = False) -> None:
        self.words = tuple(words)
        self.is_final = is_final
        self.reason = reason
        super().__init__(reason or ", ".join(self.words))


class Ambiguous(Exception):
    """An item may mean several things that give different numbers."""

    def __init__(self, key: str, text: str, options: Sequence[str]) -> None:
        self.key = key
        self.text = text
        self.options = tuple(options)
        super().__init__(text)


@dataclass
class Board:
    """One attempt at a reading; `choices` settles what an earlier attempt found ambiguous."""

    reading: Reading
    vocabulary: Vocabulary
    choices: Mapping[str, str] = field(default_factory=dict)
    items: list[Item] = field(init=False)
    used: set[int] = field(default_factory=set)
    """Positions of items that have found their place in the query."""
    roles: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    lists: list[list[int]] = field(default_factory=list)
    """Positions of values that are joined to one list, each."""

    def __post_init__(self) -> None:
        self.items = [item for item in self.reading.items if not item.is_filler]

    def of_role(self, role: str) -> list[int]:
        """Positions of the items that have this role."""
        return [at for at in range(len(self.items)) if self.roles[at] == role]

    def word_before(self, at: int) -> str:
        """The word right before an item, function words included."""
        first = self.items[at].indices[0]
        return next(
            (
                item.phrase[-1]
                for item in self.reading.items
                if item.phrase and item.indices[-1] == first - 1
            ),
            "",
        )

    def texts(self, role: str | None = None) -> list[str]:
        """The words of all items, or of those with this role."""
        return [
            item.text for at, item in enumerate(self.items) if role in (None, self.roles.get(at))
        ]

    def is_list_between(self, left: int, right: int) -> bool:
        """True where only `and`, `versus` and commas stand between two positions."""
        between = range(left + 1, right)
        return bool(between) and all(
            self.items[at].operator in ("and", "versus") or self.items[at].is_separator
            for at in between
        )


def entity_of(dimension: str) -> str:
    """The entity of a group-by name: `airline` of `airline__name`."""
    return dimension.split("__")[0]
