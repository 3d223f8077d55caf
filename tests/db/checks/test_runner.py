"""A run, and what is done again after an edit: the same as a run from the beginning."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from db.checks.model import Findings, Issue, Level
from db.checks.rules import twice
from db.checks.runner import Board
from db.core.changes import Changes
from db.core.errors import Cancelled
from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell, State
from db.store import records
from db.work.monthly.months import close_month
from tests.db.checks.desk import MARCH, CheckDesk


def told(findings: Findings) -> list[Issue]:
    return sorted(findings.issues, key=lambda issue: issue.key)


def edits(desk: CheckDesk) -> list[Callable[[], object]]:
    """Return edits of every kind of table, one after the other."""
    project = desk.project("coal_boiler", name="一号炉", town_id=desk.towns[0], boiler_number="1")
    [share, *_] = desk.share("08-06-1", 2022, "60", "50")
    filed = desk.file("08-06-1", MARCH, amount=Decimal(10))
    return [
        lambda: desk.put("register_coal_boiler", project, stage="已完成"),
        lambda: desk.put("register_coal_boiler", project, phone="123"),
        lambda: desk.quota("08-06-1", 2022, "120", paper="潍〔2022〕1号"),
        lambda: desk.put("assignment", share, amount=70_000_000),
        lambda: desk.put("progress", filed, amount=None, source="copied", reviewed=0),
        lambda: desk.file("08-06-1", MARCH, desk.towns[1], amount=State.NO_DATA),
        lambda: desk.put("town", desk.towns[0], name="改了名的街道"),
        lambda: desk.answer("08-06", "不涉及", "辖区内没有农村"),
        lambda: desk.answer("08-06", "涉及"),
        lambda: desk.project("coal_boiler", name="二号炉", town_id=desk.towns[1], boiler_number="1"),
        lambda: desk.put("town", desk.towns[0], deleted_at="2022-04-01T08:00:00"),
        lambda: desk.put("register_coal_boiler", project, deleted_at="2022-04-01T08:00:00"),
        lambda: desk.setting("F01", level="hint"),
        lambda: desk.county.undo(),
        lambda: desk.county.undo(),
    ]


def test_renewing_finds_what_a_new_run_finds(desk: CheckDesk) -> None:
    steps = edits(desk)
    board = desk.board()
    for number, step in enumerate(steps):
        last = desk.last_operation()
        step()
        for changes in desk.changes_since(last):
            board.renewed(desk.conn, desk.plan, changes)
        assert told(board.findings) == told(desk.findings()), number


def test_a_month_is_looked_at_until_it_is_sent(desk: CheckDesk) -> None:
    """One that is only closed is not done with: the export asks for what is open in it; 审核 must tell it."""
    desk.file("08-06-1", MARCH, amount=State.NOT_APPLICABLE)
    board, last = desk.board(), desk.last_operation()

    def found() -> bool:
        nonlocal last
        for changes in desk.changes_since(last):
            board.renewed(desk.conn, desk.plan, changes)
        last = desk.last_operation()
        assert told(board.findings) == told(desk.findings())
        return any(issue.period == str(MARCH) for issue in board.findings.issues)

    assert found()
    with desk.county.operation("完成3月") as op:
        close_month(op, MARCH)
    assert found()
    sent = desk.row(
        "submission", kind="monthly", period=str(MARCH), sequence=Decimal(1), package_id="p", status="已导出"
    )
    assert not found()
    with desk.county.operation("撤回") as op:
        records.update(op, load_schema("submission"), sent, {"status": "已撤回"})
    assert found()
    with desk.county.operation("报4月") as op:
        records.update(op, load_schema("submission"), sent, {"status": "已导出", "period": "2022-04"})
    assert not found()


def test_a_new_name_is_said_in_every_issue(desk: CheckDesk) -> None:
    own: dict[str, Cell] = {"town_id": desk.towns[0], "boiler_number": "1"}
    desk.projects("coal_boiler", {"name": "一号炉", **own}, {"name": "二号炉", **own})
    desk.share("08-06-1", 2022, "60")
    desk.project("rural_heating", name="集中供热", town_id=desk.towns[1])
    board = desk.board()
    for number, town in enumerate(desk.towns[:2]):
        (name,) = desk.conn.execute("SELECT name FROM town WHERE id = ?", (town,)).fetchone()
        assert any(name in issue.found for issue in board.findings.issues), number
        board.renewed(desk.conn, desk.plan, desk.put("town", town, name=f"新名{number}街道"))
        assert told(board.findings) == told(desk.findings())
        assert not any(name in issue.what for issue in board.findings.issues)


def test_several_edits_are_looked_at_together(desk: CheckDesk) -> None:
    steps = edits(desk)
    board = desk.board()
    last = desk.last_operation()
    for step in steps[:11]:
        step()
    rows: dict[str, frozenset[str]] = {}
    for changes in desk.changes_since(last):
        rows |= {table: rows.get(table, frozenset()) | ids for table, ids in changes.rows.items()}
    assert told(board.renewed(desk.conn, desk.plan, Changes(0, "", rows))) == told(desk.findings())


def test_findings_count_and_decide(desk: CheckDesk) -> None:
    desk.project("key_project", name="供热管网", town_id=desk.towns[0])
    found = desk.findings("registers")
    assert sum(found.counts.values()) == len(found.issues)
    assert found.blocking and not found.may_export
    assert [issue.level for issue in found.issues] == sorted(
        (issue.level for issue in found.issues), key=list(Level).index
    )
    assert "强制性" in found.sentence()


def test_what_is_not_checked_is_told(desk: CheckDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twice, "MOST_COMPARED", 5)
    names = [{"name": f"第{number}号项目", "town_id": desk.towns[0]} for number in range(6)]
    desk.projects("key_project", *names)
    found = {each.rule: each.why for each in desk.findings().not_checked}
    assert found.keys() == {"E01", "D02"}
    assert "重点项目" in found["D02"]
    assert not desk.findings("annual", Period(2022)).not_checked


def test_like_names_are_found_beside_what_an_edit_changed(desk: CheckDesk) -> None:
    names = ("孙家集街道供热管网改造工程", "孙家集街道供热管网改造项目工程", "污水处理厂提标改造", "沼气站一期工程")
    own: dict[str, Cell] = {"town_id": desk.towns[0], "contractor": "一建"}
    ids = desk.projects("construction_site", *({"name": name, **own} for name in names))
    board = desk.board()
    for row_id, name in ((ids[2], "孙家集街道供热管网改建工程"), (ids[0], "沼气站"), (ids[2], "沼气站二期")):
        changes = desk.put("register_construction_site", row_id, name=name)
        renewed = {issue.key for issue in board.renewed(desk.conn, desk.plan, changes).issues if issue.rule == "D02"}
        assert renewed == {issue.key for issue in desk.findings().issues if issue.rule == "D02"}


def test_a_check_can_be_cancelled(desk: CheckDesk) -> None:
    class Impatient:
        def step(self, done: int, total: int, text: str = "") -> None:
            assert 0 <= done <= total
            if done > 3:
                raise Cancelled

    with pytest.raises(Cancelled):
        Board(desk.conn, desk.plan, today=desk.today, progress=Impatient())


def test_a_package_is_held_against_its_own_rules(desk: CheckDesk) -> None:
    desk.project("key_project", name="供热管网", town_id=desk.towns[0], stage="已完成")
    desk.share("08-06-1", 2022, "60")
    assert {issue.rule for issue in desk.findings("registers").issues} >= {"F01", "H02"}
    assert "H02" not in {issue.rule for issue in desk.findings("plan", Period(2022)).issues}


def test_what_another_program_wrote_stops_no_check(desk: CheckDesk) -> None:
    desk.share("08-06-1", 2022, "60")
    row_id = desk.file("08-06-1", MARCH, amount=Decimal(10))
    desk.put("progress", row_id, period="2022-19", unit="光年", assignee_id="nobody", stage="？", states="{}")
    project = desk.project("red_line", name="承诺", town_id=desk.towns[0], month="2022-03")
    desk.put("register_red_line", project, month="三月", prohibition="没有这一条", closed_on="昨天", name=None)
    rules = {issue.rule for issue in desk.findings().issues}
    assert rules >= {"F01", "F02", "F03", "F08", "M13", "T11"}


@pytest.mark.parametrize("level", list(Level))
def test_every_class_has_its_title(level: Level) -> None:
    assert level.title.endswith("性")
    assert level.effect
