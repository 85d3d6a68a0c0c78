"""A replay miss shows the words that changed, however long the line they stand in."""

from assistant.drafting.request_change import nearest_change

LONG = "Choose the first action that fits the question. " * 20


def test_a_change_deep_in_a_long_line_is_shown() -> None:
    recorded = {"message 1 (system)": f"One.\n{LONG}Prefer metrics.{LONG}\nLast."}
    asked = {"message 1 (system)": f"One.\n{LONG}Like metrics best.{LONG}\nLast."}
    said = nearest_change(asked, [recorded]).splitlines()
    old, new = (line.strip() for line in said[2:])
    assert old.startswith("-…")
    assert "Prefer metrics." in old
    assert new.startswith("+…")
    assert "Like metrics best." in new
    assert max(map(len, said)) < 200


def test_changed_lines_stand_side_by_side_and_new_ones_alone() -> None:
    said = nearest_change({"a": "x1\ny1\nz\nnew"}, [{"a": "x\ny\nz"}])
    assert [line.strip() for line in said.splitlines()[2:]] == ["-x", "+x1", "-y", "+y1", "+new"]
