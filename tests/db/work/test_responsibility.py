from __future__ import annotations

from datetime import date

import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import Cell
from db.store import records
from db.work.assignees import assignees
from db.work.responsibility import Responsibility, responsibilities, set_responsibility
from tests.db.work.desk import Desk


def answer(desk: Desk, **values: Cell) -> str:
    with desk.county.operation("责任分工") as op:
        return set_responsibility(op, clause_id="08-06", values=values)


def known(desk: Desk) -> Responsibility:
    return responsibilities(desk.conn)["08-06"]


def test_nothing_is_known_at_first(desk: Desk) -> None:
    assert responsibilities(desk.conn) == {}


def test_who_answers_for_a_clause_is_kept_and_said(desk: Desk) -> None:
    who = assignees(desk.conn, ("department",))[0]
    row_id = answer(desk, lead_id=who.id, cooperators="县发改局，县财政局", leader="张三", leader_post="副市长")
    found = known(desk)
    assert (found.id, found.lead, found.cooperators) == (row_id, who.name, ("县发改局", "县财政局"))
    assert found.sentence == f"县级牵头：{who.name}　配合：县发改局、县财政局　责任领导：张三（副市长）"
    answer(desk, leader="李四")
    assert known(desk).leader_post == "副市长", "what is not given stays"
    desk.county.undo()
    assert known(desk).leader == "张三"


def test_an_issued_plan_has_its_papers(desk: Desk) -> None:
    with pytest.raises(DataProblem, match="方案文号和印发日期"):
        answer(desk, plan_status="已印发")
    assert responsibilities(desk.conn) == {}
    answer(desk, plan_status="已印发", document_number="寿政办发〔2022〕5号", issued_on=date(2022, 4, 1))
    assert known(desk).plan_sentence == "落实方案已印发（寿政办发〔2022〕5号，2022-04-01）"
    with pytest.raises(DataProblem, match="印发日期"):
        answer(desk, issued_on=None)
    assert known(desk).issued_on == date(2022, 4, 1)


def test_what_was_deleted_comes_back_empty(desk: Desk) -> None:
    row_id = answer(desk, leader="张三")
    with desk.county.operation("删除") as op:
        records.delete(op, load_schema("responsibility"), [row_id])
    assert answer(desk, note="重填") == row_id
    assert (known(desk).leader, known(desk).note) == ("", "重填")


@pytest.mark.parametrize("values", [{"plan_status": "也许"}, {"leader": "长" * 61}, {"issued_on": "昨天"}])
def test_impossible_values_are_refused(desk: Desk, values: dict[str, Cell]) -> None:
    with pytest.raises(DataProblem):
        answer(desk, **values)


def test_an_unknown_clause_is_refused(desk: Desk) -> None:
    with desk.county.operation("责任分工") as op, pytest.raises(DataProblem, match="99-01"):
        set_responsibility(op, clause_id="99-01", values={"leader": "张三"})
