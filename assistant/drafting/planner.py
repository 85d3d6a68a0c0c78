"""The no-model path: question -> MetricQuery, a question back, or an honest no.

It answers only when every content word has found its role; a corrected word is said aloud.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.drafting.planning.assembly import assemble
from assistant.drafting.planning.board import Ambiguous, Board, Unread
from assistant.drafting.planning.items import Reading
from assistant.drafting.planning.language import Token, common_words, grammar, tokenise
from assistant.drafting.planning.lists import Listing, find_listing
from assistant.drafting.planning.periods import Calendar
from assistant.drafting.planning.reading import merge_tokens, read
from assistant.drafting.planning.roles import settle_roles
from assistant.drafting.planning.vocabulary import Vocabulary
from catalogue.model import MetricQuery

MAX_QUESTION_CHARS = 2_000
MAX_TOKENS = 80
_MOST_CHOICES = 8


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One reading of an ambiguous question."""

    label: str
    query: MetricQuery
    question: str = ""
    """A question that asks for this reading."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the planner made of a question: exactly one of query, listing, choices or unread."""

    query: MetricQuery | None = None
    listing: Listing | None = None
    choices: tuple[Choice, ...] = ()
    ambiguous: str = ""
    """The words that may mean several things."""
    unread: tuple[str, ...] = ()
    reason: str = ""
    is_final: bool = False
    """True where a model could not know better: the data does not hold what was asked."""
    notes: tuple[str, ...] = ()
    """How an open word was read, in sentences."""
    corrections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Planner:
    """Plans questions in one asker's vocabulary, against one clock."""

    vocabulary: Vocabulary
    calendar: Calendar

    def plan(self, question: str) -> Plan:
        """Read a question in full, or say which words stood in the way."""
        tokens = merge_tokens(tokenise(question), self.vocabulary.compounds)
        if not tokens or len(tokens) > MAX_TOKENS or len(question) > MAX_QUESTION_CHARS:
            return Plan(
                unread=(question[:40],),
                reason="the question is empty or too long to place every word",
            )
        tokens, corrections = self._spelled(tokens)
        reading = read(tokens, self.vocabulary, self.calendar)
        if (listing := self._listing(question, reading)) is not None:
            return Plan(listing=listing, corrections=corrections)
        plan = self._assemble(reading)
        if plan.unread and not plan.is_final:
            plan = self._read_otherwise(tokens, reading) or plan
        if plan.unread and reading.unknown:
            plan = self._guess_metric(tokens, reading) or plan
        if plan.query is None and not plan.choices and not plan.unread:
            plan = replace(plan, unread=(question.strip()[:40],))
        return replace(plan, corrections=corrections)

    def _listing(self, question: str, reading: Reading) -> Listing | None:
        """Rows are listed only where nobody defined metrics; elsewhere such words mean a number."""
        if not self.vocabulary.idle or reading.unknown:
            return None
        board = Board(reading=reading, vocabulary=self.vocabulary)
        try:
            settle_roles(board)
            return find_listing(board, question)
        except (Unread, Ambiguous):
            return None

    def _read_otherwise(self, tokens: Sequence[Token], reading: Reading) -> Plan | None:
        """A long phrase may have cut a better one in two: try without each, keep a lone success."""
        plans: dict[object, Plan] = {}
        for item in reading.items:
            if len(item.indices) < 2 or item.marker or item.operator:
                continue
            other = read(tokens, self.vocabulary, self.calendar, without=frozenset({item.indices}))
            plan = self._assemble(other)
            if plan.query or plan.choices:
                plans[plan.query or plan.choices] = plan
        return next(iter(plans.values())) if len(plans) == 1 else None

    def _spelled(self, tokens: Sequence[Token]) -> tuple[list[Token], dict[str, str]]:
        """Correct misspelt words where only one correction is near."""
        reading = read(tokens, self.vocabulary, self.calendar)
        corrections: dict[str, str] = {}
        mended = list(tokens)
        unknown = {index for item in reading.items if item.is_unknown for index in item.indices}
        for index in sorted(unknown):
            if near := nearest_word(tokens[index].word, self.vocabulary.words):
                corrections[tokens[index].raw] = near
                mended[index] = replace(tokens[index], word=near)
        return merge_tokens(
            mended, self.vocabulary.compounds
        ) if corrections else mended, corrections

    def _assemble(self, reading: Reading, choices: Mapping[str, str] | None = None) -> Plan:
        board = Board(reading=reading, vocabulary=self.vocabulary, choices=choices or {})
        try:
            return Plan(query=assemble(board), notes=tuple(board.notes))
        except Unread as stop:
            return Plan(unread=stop.words, reason=stop.reason, is_final=stop.is_final)
        except Ambiguous as open_question:
            return self._offer(reading, open_question, choices or {})

    def _offer(
        self, reading: Reading, open_question: Ambiguous, choices: Mapping[str, str]
    ) -> Plan:
        """Try each reading of the ambiguous words; ask back only between those that hold."""
        if len(choices) > 2:
            return Plan(unread=(open_question.text,), reason="too many readings")
        held: list[Choice] = []
        for option in open_question.options[:_MOST_CHOICES]:
            plan = self._assemble(reading, {**choices, open_question.key: option})
            held += (
                [Choice(label=self._option_label(option), query=plan.query)] if plan.query else []
            )
            held += list(plan.choices)
        distinct = list({choice.query: choice for choice in held}.values())
        if len(distinct) == 1:
            return Plan(query=distinct[0].query)
        if not distinct:
            return Plan(unread=(open_question.text,))
        return Plan(choices=tuple(self._told_apart(distinct)), ambiguous=open_question.text)

    def _told_apart(self, choices: Sequence[Choice]) -> Iterator[Choice]:
        """Name the table where two choices would read the same."""
        said = Counter(choice.label for choice in choices)
        for choice in choices:
            tables = self.vocabulary.metric(choice.query.metrics[0]).tables
            is_shared = said[choice.label] > 1 and tables
            yield replace(choice, label=f"{choice.label} ({tables[0]})") if is_shared else choice

    def _option_label(self, option: str) -> str:
        catalogue = self.vocabulary.catalogue
        if metric := catalogue.metrics_by_name.get(option.lower()):
            return metric.label
        if dimension := catalogue.dimensions_by_name.get(option.lower()):
            return dimension.label
        return {
            "each": "one number each",
            "together": "both together",
            "1": "the first",
            "5": "the first 5",
        }.get(option, option)

    def _guess_metric(self, tokens: Sequence[Token], reading: Reading) -> Plan | None:
        """`average delay`: words that several metrics' labels share are asked back."""
        unknown = [item.indices[0] for item in reading.items if item.is_unknown]
        words = [tokens[index].word for index in unknown if index < len(tokens)]
        if not set(words) - grammar().aggregates or len(words) != len(unknown):
            return None
        candidates = list(self._metrics_with(words))
        if len(candidates) < 2:
            return None
        held: list[Choice] = []
        for name in candidates[:_MOST_CHOICES]:
            if choice := self._with_metric(reading, unknown, name):
                held.append(choice)
        if len(held) < 2:
            return None
        return Plan(choices=tuple(held), ambiguous=" ".join(tokens[index].raw for index in unknown))

    def _metrics_with(self, words: Sequence[str]) -> Iterator[str]:
        """Metrics one of whose phrases holds all these words."""
        seen: set[str] = set()
        for phrase, names in self.vocabulary.metrics.items():
            if set(words) <= set(phrase):
                for name in names:
                    if name not in seen:
                        seen.add(name)
                        yield name

    def _with_metric(self, reading: Reading, unknown: Sequence[int], name: str) -> Choice | None:
        first = next(item for item in reading.items if item.indices[0] == unknown[0])
        items = tuple(
            replace(item, metrics=(name,)) if item is first else item
            for item in reading.items
            if item is first or item.indices[0] not in unknown
        )
        plan = self._assemble(Reading(items=items))
        label = self.vocabulary.metric(name).label
        return Choice(label=label, query=plan.query) if plan.query else None


def nearest_word(word: str, known: frozenset[str]) -> str | None:
    """The one known word that this is a slip of, or None.

    A word that is itself in use (by the embedding model's vocabulary) is no slip, unless two of its
    letters changed places: `untied` may mean `united`, `trains` never means `rains`.
    """
    from rapidfuzz.distance import OSA

    if len(word) < 5 or not word.isalpha() or word in known:
        return None
    reach = 2 if len(word) >= 8 else 1
    near = [
        (OSA.distance(word, other, score_cutoff=reach), other)
        for other in known
        if other.isalpha() and abs(len(other) - len(word)) <= reach and other[0] == word[0]
    ]
    ranked = sorted((distance, other) for distance, other in near if distance <= reach)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    best = ranked[0][1]
    if word in common_words() and sorted(word) != sorted(best):
        return None
    return best
