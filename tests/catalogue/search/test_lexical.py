"""BM25 over stemmed words."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from catalogue.search.lexical import BM25, words


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("fct_flights", ["fct", "flight"]),
        ("depDelay2013", ["dep", "delay", "2013"]),
        ("Cancelled, cancelling", ["cancel", "cancel"]),
        ("on-time rate?", ["on", "time", "rate"]),
        ("", []),
        ("Abflüge 航班", ["abflüg", "航班"]),
    ],
)
def test_words_are_split_and_stemmed(text: str, stems: list[str]) -> None:
    assert words(text) == stems


def test_rare_words_count_more_than_common_ones() -> None:
    index = BM25(["flights by airline", "flights by airport", "flights by aircraft"])

    scores = index.scores("flights per airport")

    assert scores.argmax() == 1
    assert scores[0] == scores[2] > 0


def test_nothing_shared_scores_nothing() -> None:
    assert BM25(["flights"]).scores("profit") == pytest.approx([0.0])
    assert len(BM25([]).scores("profit")) == 0


def test_share_says_how_common_a_stem_is() -> None:
    index = BM25(["a flight", "a plane"])

    assert (index.share("a"), index.share("flight"), index.share("x")) == (1.0, 0.5, 0.0)


def test_threads_stem_alike() -> None:
    texts = [f"delayed{'ly' * (n % 3)} airlines{n} cancellations" for n in range(400)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(words, texts))

    assert together == [words(text) for text in texts]
