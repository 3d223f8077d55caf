from __future__ import annotations

import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import State
from db.store.query import TableQuery
from db.work.scope import Scope, scope_of, scopes
from db.work.task_states import StateKind, shares, states
from tests.db.work.desk import Desk


def test_without_an_answer_a_task_applies(desk: Desk) -> None:
    assert scopes(desk.conn) == {}
    assert scope_of({}, desk.plan.target("08-06-1")) == Scope("08-06-1", "涉及", own=False)


def test_what_does_not_apply_needs_a_reason(desk: Desk) -> None:
    with pytest.raises(DataProblem, match="要写明理由"):
        desk.answer("03-02-2", "不涉及", "  ")
    desk.answer("03-02-2", "不涉及", "辖区内没有焦化企业")
    assert scopes(desk.conn) == {"03-02-2": Scope("03-02-2", "不涉及", "辖区内没有焦化企业")}
    assert desk.state("03-02-2").kind is StateKind.EXCLUDED


def test_an_answer_can_be_changed_and_undone(desk: Desk) -> None:
    desk.answer("03-02-2", "不涉及", "没有")
    desk.answer("03-02-2", "待定")
    assert scopes(desk.conn)["03-02-2"] == Scope("03-02-2", "待定")
    desk.county.undo()
    assert scopes(desk.conn)["03-02-2"].excluded


def test_an_excluded_clause_excludes_its_targets(desk: Desk) -> None:
    desk.answer("08-06-1", "涉及")
    desk.answer("08-06", "不涉及", "没有农村")
    given = scopes(desk.conn)
    assert scope_of(given, desk.plan.target("08-06-1")) == Scope("08-06-1", "不涉及", "没有农村", own=False)
    assert {desk.state(task_id).kind for task_id in ("08-06", "08-06-1", "08-06-2")} == {StateKind.EXCLUDED}


def test_an_undecided_clause_leaves_a_decided_target_alone(desk: Desk) -> None:
    desk.answer("08-06", "待定")
    desk.answer("08-06-1", "涉及")
    given = scopes(desk.conn)
    assert scope_of(given, desk.plan.target("08-06-1")).applies == "涉及"
    assert scope_of(given, desk.plan.target("08-06-2")).applies == "待定"


def test_the_stored_answer_is_the_one_that_a_field_would_read(desk: Desk) -> None:
    desk.answer("03-02-2", "不涉及", "没有")
    schema = load_schema("task_scope")
    (row,) = TableQuery(schema).each(desk.conn)
    assert row.values["applies"] is State.NOT_APPLICABLE is schema.field("applies").parse("不涉及")


def test_an_open_question_is_neither_left_lying_nor_resolved(desk: Desk) -> None:
    before = shares(desk.plan, states(desk.conn, desk.plan))[""]
    desk.answer("08-06", "待定")
    desk.answer("08-06-1", "涉及")
    assert desk.state("08-06-1").kind is StateKind.NOT_STARTED
    assert (desk.state("08-06-2").kind, desk.state("08-06-2").label) == (StateKind.UNDECIDED, "涉及待定")
    assert desk.state("08-06").kind is StateKind.NOT_STARTED
    desk.answer("08-06-1", "待定")
    assert desk.state("08-06").kind is StateKind.UNDECIDED
    after = shares(desk.plan, states(desk.conn, desk.plan))[""]
    moved = desk.state("08-06").total
    assert (after.of(StateKind.UNDECIDED), after.of(StateKind.NOT_STARTED)) == (
        moved,
        before.of(StateKind.NOT_STARTED) - moved,
    )
    assert (after.total, after.done) == (before.total, before.done)
    desk.share("08-06-1", 2022, "5")
    assert desk.state("08-06-1").kind is StateKind.PARTLY, "what has been handed out is judged by itself"


@pytest.mark.parametrize(("task_id", "applies"), [("99-01", "涉及"), ("03-02-2", "也许")])
def test_unknown_tasks_and_answers_are_refused(desk: Desk, task_id: str, applies: str) -> None:
    with pytest.raises(DataProblem):
        desk.answer(task_id, applies, "理由")
    assert scopes(desk.conn) == {}
