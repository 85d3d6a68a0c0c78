"""The evals' page as a person opens it: from disk, filtered, one case unfolded."""

from pathlib import Path

import duckdb
from playwright.sync_api import Page, expect

from evals.record import Expected, Outcome, Record
from evals.report.html import page as eval_page
from evals.rows import Rows


def record(case: str, outcome: Outcome, text: str) -> Record:
    rows = Rows.of(duckdb.connect().sql("SELECT 3 AS flights").to_arrow_table())
    return Record(
        case=case,
        question=f"What of {case}?",
        tags=(case,),
        expect=("answer",),
        outcome=outcome,
        why="same rows",
        text=text,
        sql="SELECT 3 AS flights",
        answer=rows,
        golds=(rows,),
        expected=Expected(expect=("answer",), sql=("SELECT count(*) FROM t",)),
    )


def test_the_page_filters_and_unfolds_from_disk(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    attack = "<img src=x onerror=\"document.title='taken'\">"
    records = [record("right-one", "right", "fine"), record("wrong-one", "wrong", attack)]
    file.write_text(eval_page({"": records}), encoding="utf-8")
    page.goto(file.as_uri())
    expect(page.locator("#count")).to_have_text("2 of 2 cases")
    page.select_option("#outcome", "wrong")
    expect(page.locator("#count")).to_have_text("1 of 2 cases")
    page.locator("summary:visible").click()
    expect(page.get_by_text(attack)).to_be_visible()
    expect(page.locator("pre:visible", has_text="SELECT count(*) FROM t")).to_be_visible()
    page.fill("#text", "fine")
    expect(page.locator("#count")).to_have_text("0 of 2 cases")
    assert page.title() == "Evals"
