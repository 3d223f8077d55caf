"""What is said to an issue holds for its values of that day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.checks.explanations import explain, withdraw
from db.checks.model import LONGEST_VALUES, Issue, Level
from db.core.errors import DataProblem
from tests.db.checks.desk import CheckDesk

REASON = "原责任人退休，新的人选下周确定"


def a_project(desk: CheckDesk) -> str:
    return desk.project("key_project", name="供热管网", town_id=desk.towns[0])


def the_issue(desk: CheckDesk, rule: str = "W02") -> Issue:
    [issue] = desk.issues(rule)
    return issue


def test_a_reason_settles_an_issue_until_its_values_change(desk: CheckDesk) -> None:
    row_id = desk.project("key_project", name="供热管网", town_id=desk.towns[0], stage="已完成")
    issue = the_issue(desk, "H02")
    assert issue.open
    with desk.county.operation("说明") as op:
        explain(op, issue, reason=REASON)
    found = the_issue(desk, "H02")
    assert not found.open
    assert found.explanation is not None
    assert (found.explanation.reason, found.explanation.author) == (REASON, op.author)
    assert found.explanation.values == issue.values
    desk.put("register_key_project", row_id, stage="已验收")
    assert the_issue(desk, "H02").open
    desk.put("register_key_project", row_id, stage="已完成")
    assert not the_issue(desk, "H02").open


@pytest.mark.parametrize("empty", ["", "核实无误", "情况属实，无误", "无", "asdfghjk"])
def test_empty_talk_is_refused(desk: CheckDesk, empty: str) -> None:
    a_project(desk)
    issue = the_issue(desk)
    with pytest.raises(DataProblem, match="审核说明要写明理由"):
        with desk.county.operation("说明") as op:
            explain(op, issue, reason=empty)
    assert the_issue(desk).open


def test_what_has_to_be_confirmed_needs_a_name_too(desk: CheckDesk) -> None:
    quota = desk.quota("08-06-1", 2022, "100")
    issue = the_issue(desk, "S01")
    assert issue.level is Level.CONFIRM
    with pytest.raises(DataProblem, match="分管负责人"):
        with desk.county.operation("说明") as op:
            explain(op, issue, reason=REASON, approved_by=" ")
    with desk.county.operation("说明") as op:
        explain(op, issue, reason=REASON, approved_by="王芳")
    assert not the_issue(desk, "S01").open
    assert the_issue(desk, "S01").row_id == quota


def test_what_blocks_is_mended_and_not_explained(desk: CheckDesk) -> None:
    row_id = a_project(desk)
    desk.put("register_key_project", row_id, name=None)
    [issue] = [each for each in desk.issues("F01") if each.row_id == row_id and each.field == "name"]
    assert issue.level is Level.BLOCKING
    with pytest.raises(DataProblem, match="强制性问题不能用说明代替"):
        with desk.county.operation("说明") as op:
            explain(op, issue, reason=REASON, approved_by="王芳")


def test_an_explanation_can_be_taken_back(desk: CheckDesk) -> None:
    a_project(desk)
    with desk.county.operation("说明") as op:
        explain(op, the_issue(desk), reason=REASON)
    with desk.county.operation("说明") as op:
        explain(op, the_issue(desk), reason="另一个理由：镇里还在物色人选")
    assert the_issue(desk).explanation is not None
    with desk.county.operation("撤回说明") as op:
        assert withdraw(op, the_issue(desk))
        assert not withdraw(op, the_issue(desk))
    assert the_issue(desk).explanation is None
    desk.county.undo()
    assert the_issue(desk).explanation is not None


def test_long_values_are_told_apart(desk: CheckDesk) -> None:
    a_project(desk)
    one = the_issue(desk)
    first, second = replace(one, found="很长" * 400 + "甲"), replace(one, found="很长" * 400 + "乙")
    assert len(first.values) <= LONGEST_VALUES
    assert first.values != second.values
