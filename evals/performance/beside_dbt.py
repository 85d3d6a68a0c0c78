"""Many users ask while a pipeline rebuilds the file: does anybody meet the other?

The pipeline may never fail on a lock. No answer may be wrong, torn or a mix of two builds: each
build writes its number into every table. None may fail; only where the file itself is served
(`--serve live`) an answer may say that it is being written.

    python -m evals.performance.beside_dbt [--minutes 5] [--askers 16] [--serve live]
        [--writer dbt|plain|replace] [--pause 3]

Exit code 1 where anything of that happened.
"""

import argparse
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.platforms.versions import (
    QUESTION,
    TABLES,
    make_platform,
    reading,
    rows_of,
    writer_of,
)

if TYPE_CHECKING:
    from assistant import Assistant

BEING_WRITTEN = "is being written"
_BAD = ("mixed", "wrong", "failed", "pipeline failed")


@dataclass
class Diary:
    """What happened to everybody; written by many threads."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    """The first of each kind, in its own words."""
    lags: list[int] = field(default_factory=list)
    """Finished builds that an answer was behind."""
    begun: int = 0
    """The newest version that the pipeline has begun to write."""
    finished: int = 0
    slowest_s: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, kind: str, told: str = "") -> None:
        with self._lock:
            self.counts[kind] += 1
            self.examples.setdefault(kind, told)

    def keep_answer(self, rows: Sequence[Sequence[Any]], finished: int, seconds: float) -> None:
        """Judge what an answer read; `finished` is the newest build when it was asked."""
        kind, version = judge(rows, self.begun)
        with self._lock:
            self.slowest_s = max(self.slowest_s, seconds)
            if version is not None:
                self.lags.append(max(0, finished - version))
        self.keep(kind, str(rows))

    @property
    def is_clean(self) -> bool:
        """True where nobody met the other, and somebody was answered."""
        return self.counts["right"] > 0 and not any(self.counts[kind] for kind in _BAD)

    def __str__(self) -> str:
        lines = [f"{self.finished} builds, {sum(self.counts.values())} events"]
        for kind, count in self.counts.most_common():
            told = "" if kind == "right" else f"  {self.examples[kind][:600]}"
            lines.append(f"  {kind:16}{count:7}{told}")
        if self.lags:
            behind = f"{max(self.lags)} at most, {sum(self.lags) / len(self.lags):.1f} on average"
            lines.append(f"  finished builds that an answer was behind: {behind}")
        lines.append(f"  slowest answer {self.slowest_s:.1f} s")
        return "\n".join(lines)


def judge(rows: Sequence[Sequence[Any]], begun: int) -> tuple[str, int | None]:
    """Return `right`, `mixed` or `wrong`, and the version of a right answer."""
    if sorted(str(name) for name, *_ in rows) != sorted(TABLES):
        return "wrong", None
    versions = {each for _, low, high, _ in rows for each in (low, high)}
    if len(versions) > 1:
        return "mixed", None
    version = versions.pop()
    if not isinstance(version, int):
        return "wrong", None
    is_whole = all(int(count) == rows_of(version) for *_, count in rows)
    return ("right", version) if is_whole and version <= begun else ("wrong", None)


def write_on(write: Callable[[int], None], diary: Diary, stop: threading.Event) -> None:
    """Build version after version until told to stop."""
    while not stop.is_set():
        diary.begun += 1
        try:
            write(diary.begun)
            diary.finished = diary.begun
        except Exception as error:  # Whatever stops a pipeline is what is looked for.
            diary.keep("pipeline failed", str(error))
        stop.wait(0.2)


def ask_on(assistant: "Assistant", diary: Diary, stop: threading.Event, *, number: int = 0) -> None:
    """Ask in turns through the whole pipeline and by SQL that no cache has seen."""
    turn = 0
    while not stop.is_set():
        turn += 1
        finished, began = diary.finished, time.perf_counter()
        try:
            rows = _ask(assistant, "" if turn % 2 else f"{number}.{turn}")
            diary.keep_answer(rows, finished, time.perf_counter() - began)
        except Exception as error:  # Whatever an asker meets is what is looked for.
            kind = "being written" if BEING_WRITTEN in str(error) else "failed"
            diary.keep(kind, f"{type(error).__name__}: {error}")
        stop.wait(0.05)


def _ask(assistant: "Assistant", fresh: str) -> list[tuple[Any, ...]]:
    if fresh:
        table = assistant.run(f"SELECT * FROM ({reading()}) AS r WHERE '{fresh}' <> ''").table
    else:
        answer = assistant.ask(QUESTION)
        if answer.error is not None:
            raise answer.error
        if answer.table is None:
            raise LookupError(answer.text)
        table = answer.table
    return [tuple(row.values()) for row in table.to_pylist()]


def run_beside(
    platform: Path, write: Callable[[int], None], *, askers: int, seconds: float
) -> Diary:
    """Let askers and the pipeline at one file for a while."""
    from assistant import Assistant

    diary, stop = Diary(), threading.Event()
    with Assistant.open(platform) as assistant, ThreadPoolExecutor(askers + 1) as pool:
        assistant.ask(QUESTION)
        busy = [pool.submit(write_on, write, diary, stop)]
        for number in range(askers):
            busy.append(pool.submit(ask_on, assistant, diary, stop, number=number))
        try:
            time.sleep(seconds)
        finally:
            stop.set()
        for each in busy:
            each.result()
    return diary


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what happened; return 1 where somebody met the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--askers", type=int, default=16)
    parser.add_argument("--serve", choices=("snapshot", "live"), default="snapshot")
    parser.add_argument("--writer", choices=("dbt", "plain", "replace"), default="dbt")
    parser.add_argument("--pause", type=float, default=0, help="seconds of a slow model")
    options = parser.parse_args(arguments)
    place = Path(tempfile.mkdtemp(prefix="beside-dbt-"))
    try:
        platform = make_platform(place / "p", serve=options.serve, pause_s=options.pause)
        write = writer_of(options.writer, platform, pause_s=options.pause)
        diary = run_beside(platform, write, askers=options.askers, seconds=options.minutes * 60)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(f"{options.writer} beside {options.askers} askers, {options.serve}: {diary}")
    return 0 if diary.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
