"""The first hour with a platform of one's own, in figures: three kinds that nobody tuned names for.

For each: seconds from `init` to the first right answer, what `doctor` says, and what came of its
suite without a model; for the messy warehouse also which columns with people in them are hidden.

    python -m evals.performance.newcomer [--data ../shared/data] [--only bare|messy|dbt]
        [--records DIR]

`--data` holds `defog_basic/db`; without it the bare databases are left out. Exit code 1 where a
target is missed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evals.ask import ask_case
from evals.case import Case
from evals.platforms.figures import Figures, figures_of
from evals.record import Record
from evals.session import Wish, run_wish
from evals.suite import SHIPPED, load_suite

if TYPE_CHECKING:
    from assistant import Assistant

BARE = ("broker", "car_dealership", "derm_treatment", "ewallet")
FOUND_AT_LEAST = 0.95
HIDDEN_AT_MOST = 0.05
_TRIES = 5
"""Questions asked in turns until one is answered rightly."""
_PATIENCE_S = 300.0


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """One platform as it comes, and the same made ready for its suite."""

    suite: str
    source: Path
    """What `init` is given."""
    platform: Path
    """Where the suite is asked; it has the suite's clock."""


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """What a reader does not see, against the manifest of planted columns."""

    missed: tuple[str, ...]
    planted: int
    innocent_hidden: tuple[str, ...]
    innocent: int

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / self.planted

    @property
    def innocent_share(self) -> float:
        return len(self.innocent_hidden) / self.innocent

    @property
    def precision(self) -> float:
        found = self.planted - len(self.missed)
        return found / max(1, found + len(self.innocent_hidden))

    @property
    def meets_targets(self) -> bool:
        return self.recall >= FOUND_AT_LEAST and self.innocent_share <= HIDDEN_AT_MOST

    def __str__(self) -> str:
        lines = [
            f"people's columns found {self.recall:.1%} of {self.planted}, "
            f"precision {self.precision:.1%}, "
            f"innocent hidden {self.innocent_share:.1%} of {self.innocent}"
        ]
        lines += [f"    not found: {name}" for name in self.missed]
        lines += [f"    hidden though innocent: {name}" for name in self.innocent_hidden]
        return "\n".join(lines)


def newcomers(kind: str, data: Path | None, place: Path) -> Iterator[Newcomer]:
    """Make the platforms of a kind in a directory."""
    if kind == "bare":
        for name in BARE if data else ():
            file = place / f"{name}.duckdb"
            shutil.copyfile(Path(str(data)) / "defog_basic" / "db" / file.name, file)
            yield Newcomer(suite=name, source=file, platform=file)
    elif kind == "messy":
        from evals.platforms.messy import WAREHOUSE, build_messy

        made = build_messy(place / "messy")
        bare = place / WAREHOUSE
        shutil.copyfile(made / WAREHOUSE, bare)
        yield Newcomer(suite="messy", source=bare, platform=made)
    else:
        from evals.platforms.shop import build_shop

        made = build_shop(place / "shop")
        project = Path(shutil.copytree(made, place / "project"))
        (project / "platform.toml").unlink()
        yield Newcomer(suite="shop", source=project, platform=made)


def command(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run our own command line as a newcomer does."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def first_right_answer(newcomer: Newcomer, place: Path) -> str:
    """Time `init`, `open` and the suite's first questions until one is answered rightly."""
    from assistant import Assistant

    suite = load_suite(SHIPPED / "newcomer" / f"{newcomer.suite}.yaml")
    cases = [case for case in suite.cases if case.expect == ("answer",)][:_TRIES]
    began = time.perf_counter()
    made = command("init", str(newcomer.source), "--dir", str(place))
    if made.returncode:
        return f"init failed: {_last_line(made.stderr)}"
    inited = time.perf_counter() - began
    with Assistant.open(place) as assistant:
        case, asked = _ask_until_right(cases, assistant, place)
    took = time.perf_counter() - began - asked
    told = f"{took:.1f} s ({took / 60:.2f} min, of which init {inited:.1f} s)"
    return f"{told}: {case.question!r}" if case else f"no right answer to {len(cases)} in {told}"


def _ask_until_right(
    cases: Sequence[Case], assistant: "Assistant", place: Path
) -> tuple[Case | None, float]:
    """Return the first case answered rightly, and the seconds that judging took, not asking.

    A large platform answers its first questions before it is profiled, most of them with a
    refusal: they are asked again, as a newcomer would.
    """
    from assistant.settings import Settings
    from evals.gold import GoldResults

    began = time.perf_counter()
    with GoldResults(Settings.open(place)) as golds:
        marked = {case.id: golds.marked(case) for case in cases}
    judging = time.perf_counter() - began
    for case in _again_and_again(cases, seconds=_PATIENCE_S):
        if ask_case(case, assistant, marked[case.id]).outcome == "right":
            return case, judging
    return None, judging


def _again_and_again(cases: Sequence[Case], *, seconds: float) -> Iterator[Case]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield from cases
        time.sleep(0.5)


def ask_suite(newcomer: Newcomer, out: Path) -> list[Record]:
    """Build the platform in full and ask its suite, without a model."""
    built = command("--platform", str(newcomer.platform), "build")
    if built.returncode:
        raise RuntimeError(f"build failed: {_last_line(built.stderr)}")
    file = SHIPPED / "newcomer" / f"{newcomer.suite}.yaml"
    wish = Wish(suites=(file,), platform=newcomer.platform)
    _, records = run_wish(wish, out, lambda record, total: None)
    return records


def hidden_columns(platform: Path) -> Hidden:
    """Compare what a reader sees of the messy warehouse with its manifest."""
    import duckdb

    from assistant import Assistant
    from evals.platforms.messy import WAREHOUSE, planted

    with duckdb.connect(str(platform / WAREHOUSE), read_only=True) as connection:
        rows = connection.execute(
            "SELECT schema_name || '.' || table_name || '.' || column_name FROM duckdb_columns() "
            "WHERE NOT internal"
        ).fetchall()
    manifest = planted()
    innocent = {str(name) for (name,) in rows} - manifest.personal - manifest.unsure
    with Assistant.open(platform) as assistant:
        tables = assistant.catalogue().tables
    seen = {f"{table.full_name}.{column.name}" for table in tables for column in table.columns}
    return Hidden(
        missed=tuple(sorted(manifest.personal & seen)),
        planted=len(manifest.personal),
        innocent_hidden=tuple(sorted(innocent - seen)),
        innocent=len(innocent),
    )


def show(newcomer: Newcomer, place: Path, records_in: Path | None) -> tuple[list[Record], bool]:
    """Print all of one platform; return its records and whether every target is met."""
    print(f"\n{newcomer.suite}")
    print(f"  first right answer: {first_right_answer(newcomer, place / 'first')}")
    doctor = command("--platform", str(newcomer.platform), "doctor")
    said = doctor.stdout or _last_line(doctor.stderr)
    print("  doctor: " + "\n    ".join(said.splitlines()))
    records = ask_suite(newcomer, (records_in or place / "runs") / newcomer.suite)
    figures = figures_of(records)
    print(f"  suite: {figures}")
    _show_wrong(figures, records)
    meets = figures.meets_targets
    if newcomer.suite == "messy":
        hidden = hidden_columns(newcomer.platform)
        print(f"  {hidden}")
        meets = meets and hidden.meets_targets
    return records, meets


def _show_wrong(figures: Figures, records: Sequence[Record]) -> None:
    told = {*figures.wrong, *figures.in_vain_answered}
    for record in records:
        if f"{record.suite}:{record.case}" in told:
            print(f"    WRONG {record.case}: {record.question!r}: {record.text[:120]!r}")
            print(f"      {' '.join((record.sql or '').split())[:200]}")


@contextmanager
def _own_state(place: Path) -> Iterator[None]:
    """State of bare files goes beside them, as on a machine that has never seen them."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(place / "cache")
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_CACHE_HOME"]
        else:
            os.environ["XDG_CACHE_HOME"] = before


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip(" ╰─╯│")), "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of every platform; return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="holds defog_basic/db")
    parser.add_argument("--only", choices=("bare", "messy", "dbt"))
    parser.add_argument("--records", type=Path, help="keep the runs here")
    options = parser.parse_args(arguments)
    table: list[str] = []
    all_meet = True
    for kind in (options.only,) if options.only else ("bare", "messy", "dbt"):
        with tempfile.TemporaryDirectory(prefix="newcomer-") as directory:
            place = Path(directory)
            with _own_state(place):
                for newcomer in newcomers(kind, options.data, place):
                    records, meets = show(newcomer, place / newcomer.suite, options.records)
                    table.append(f"{newcomer.suite:16}{figures_of(records)}")
                    all_meet = all_meet and meets
    print("\n" + "\n".join(table))
    return 0 if all_meet else 1


if __name__ == "__main__":
    sys.exit(main())
