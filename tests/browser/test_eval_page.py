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


def test_two_runs_stand_side_by_side_in_light_and_dark_and_load_nothing(
    page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "two.html"
    before, after = record("a", "right", "was fine"), record("a", "wrong", "is not")
    file.write_text(eval_page({"main": [before], "branch": [after]}), encoding="utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    papers = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(file.as_uri())
        papers.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert papers[0] != papers[1]
    assert set(asked) == {file.as_uri()}
    page.locator("summary:visible").first.click()
    left, right = (page.get_by_text(text, exact=True).bounding_box() for text in
                   ("was fine", "is not"))  # fmt: skip
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"], "side by side"
    assert left["x"] + left["width"] <= right["x"]
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
