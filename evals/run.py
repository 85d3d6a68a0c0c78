"""Asks tasks in parallel and hands over each record as soon as there is one.

Only the caller's thread sees records, so that one writer keeps them; a budget stops the handing out
of tasks, never an answer under way.
"""

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic

from evals.budget import Budget, Spent
from evals.case import Case, Suite
from evals.errors import BadGold
from evals.record import Key, Record
from evals.score.marked import Marked

Golds = Callable[[Case], Sequence[Marked]]


@dataclass(frozen=True, kw_only=True)
class Task:
    """One case, to be asked once of one configuration."""

    key: Key
    ask: Callable[[], Record]


def compute_golds(suite: Suite, golds: Golds) -> dict[str, Sequence[Marked]]:
    """Return the gold results of every case, or raise BadGold."""
    computed = {case.id: golds(case) for case in suite.cases}
    for case in suite.cases:
        if case.gold and not any(gold.table.num_rows for gold in computed[case.id]):
            problem = f"The gold of case {case.id!r} returns no rows: nothing to compare with."
            raise BadGold(problem, case=case.id)
    return computed


def run_tasks(
    tasks: Iterable[Task],
    keep: Callable[[Record], None],
    *,
    workers: int = 1,
    budget: Budget | None = None,
    spent: Spent | None = None,
) -> str | None:
    """Ask the tasks; return which budget stopped the run, or None where all were asked.

    `keep` is called in this thread; what it raises ends the run.
    """
    budget, spent, began = budget or Budget(), spent or Spent(), monotonic()
    waiting, records = deque(tasks), queue.SimpleQueue[Record | Exception]()
    under_way = 0
    stopped = spent.over(budget, 0.0) if waiting else None
    while under_way or (waiting and not stopped):
        while waiting and not stopped and under_way < workers:
            _start(waiting.popleft(), records)
            under_way += 1
        record = records.get()
        under_way -= 1
        if isinstance(record, Exception):
            raise record
        keep(record)
        spent.add([record])
        if waiting and not stopped:
            stopped = spent.over(budget, (monotonic() - began) / 60)
    return stopped


def _start(task: Task, records: "queue.SimpleQueue[Record | Exception]") -> None:
    """A thread each: a daemon, so that an interrupted run ends at once."""

    def work() -> None:
        try:
            records.put(task.ask())
        except Exception as error:  # Raised where the run is, which waits for it.
            records.put(error)

    threading.Thread(target=work, name=f"case {task.key.case}", daemon=True).start()
