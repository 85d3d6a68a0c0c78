"""The journal keeps every question, from before any work is done for it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.answer import Answer, Receipt, Usage
from assistant.journal import Journal


def _answer(**changes: object) -> Answer:
    fields: dict[str, object] = {
        "question": "flights",
        "kind": "metric",
        "text": "336,776 flights.",
        "receipt": Receipt(id="a"),
        "conversation": "c",
        "usage": Usage(model="m", calls=1, input_tokens=10, output_tokens=2),
        "ms": {"draft": 12.0},
    }
    return Answer(**(fields | changes))  # type: ignore[arg-type]


def test_a_question_is_there_before_its_answer(tmp_path: Path) -> None:
    journal = Journal.at(tmp_path)
    entry = journal.open("flights", user=None, role="analyst", conversation="c")
    assert journal.recent()[0].kind is None
    journal.close_entry(entry, _answer(), sent=("system", "question"))
    assert journal.recent()[0].kind == "metric"
    assert journal.sent_to_model(entry) == ("system", "question")
    journal.close()


def test_users_see_their_own_questions(tmp_path: Path) -> None:
    journal = Journal.at(tmp_path)
    journal.open("mine", user="anna", role="analyst", conversation="c")
    journal.open("theirs", user="omar", role="analyst", conversation="d")
    assert [entry.question for entry in journal.recent(user="anna")] == ["mine"]
    assert journal.recent() == []
    journal.close()


def test_many_threads_may_write(tmp_path: Path) -> None:
    journal = Journal.at(tmp_path)

    def write(number: int) -> None:
        entry = journal.open(f"q{number}", user=None, role="analyst", conversation="c")
        journal.close_entry(entry, _answer())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert len(journal.recent(limit=100)) == 40
    journal.close()


def test_a_journal_survives_its_process(tmp_path: Path) -> None:
    first = Journal.at(tmp_path)
    first.open("kept", user=None, role="analyst", conversation="c")
    first.close()
    assert [entry.question for entry in Journal.at(tmp_path).recent()] == ["kept"]
