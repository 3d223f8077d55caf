"""Edits of months long gone: what is looked at again finds what a new run finds."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from db.core.period import Period
from db.core.values import State
from db.work.monthly.grid import month_grid
from db.work.monthly.lamps import rules
from db.work.monthly.model import COUNTY, FigureKind
from db.work.tasks import Duty, duty_of, leaf_tasks
from tests.db.checks.cases_tasks import GAS, HEATING
from tests.db.checks.desk import FEBRUARY, JANUARY, MARCH, CheckDesk
from tests.db.checks.test_runner import told

LAST_MARCH, LAST_MAY, DECEMBER = Period(2021, 3), Period(2021, 5), Period(2021, 12)
LAST_STAGE = max(rules().stages, key=lambda stage: rules().stages[stage])


def year_ago(desk: CheckDesk) -> str:
    """A figure of the same month a year ago becomes more than this year's."""
    earlier = desk.file(HEATING, LAST_MARCH, amount=Decimal(10))
    for period in (LAST_MAY, MARCH):
        desk.file(HEATING, period, amount=Decimal(20))
    return earlier


def carried(desk: CheckDesk) -> str:
    """What stands in for months without a figure becomes so little that they are red."""
    earlier = desk.file(HEATING, DECEMBER, amount=Decimal(120))
    later = desk.file(HEATING, MARCH, amount=Decimal(60))
    desk.put("progress", later, amount=None)
    return earlier


def running(desk: CheckDesk) -> str:
    """Three months running have no data."""
    for period in (FEBRUARY, MARCH):
        desk.file(GAS, period, amount=State.NO_DATA)
    return desk.file(GAS, JANUARY, amount=Decimal(1))


def finished(desk: CheckDesk) -> str:
    """A stage that is finished asks for no figure any more, one that is not does."""
    lines = month_grid(desk.conn, desk.plan, MARCH).lines
    line = next(line for line in lines if line.due.kind is FigureKind.STAGE and line.key.assignee_kind == COUNTY)
    desk.file(GAS, MARCH, amount=Decimal(1))
    return desk.file(line.due.id, DECEMBER, COUNTY, COUNTY, stage=LAST_STAGE)


NO_DATA = '{"amount": "暂无数据"}'
CASES: list[tuple[Callable[[CheckDesk], str], dict[str, object], str]] = [
    (year_ago, {"amount": 30_000_000}, "L04"),
    (carried, {"amount": 0}, "M06"),
    (running, {"amount": None, "states": NO_DATA}, "M03"),
    (finished, {"stage": "实施中"}, "M01"),
]


@pytest.mark.parametrize(("filed", "edit", "rule"), CASES, ids=[rule for _, _, rule in CASES])
def test_an_edit_is_seen_in_later_months(
    desk: CheckDesk, filed: Callable[[CheckDesk], str], edit: dict[str, object], rule: str
) -> None:
    for year in (2021, 2022):
        desk.share(HEATING, year, "60")
    desk.share(GAS, 2022, "60")
    row_id = filed(desk)
    board = desk.board()

    def in_march() -> list[str]:
        return [issue.found for issue in board.findings.issues if (issue.rule, issue.period) == (rule, str(MARCH))]

    before = in_march()
    steps: list[dict[str, object]] = [edit, {"deleted_at": "2022-04-01T08:00:00"}, {"deleted_at": None}]
    for step in steps:
        board.renewed(desk.conn, desk.plan, desk.put("progress", row_id, **step))
        assert told(board.findings) == told(desk.findings()), step
    assert in_march() != before
    for _ in steps:
        last = desk.last_operation()
        desk.county.undo()
        for changes in desk.changes_since(last):
            board.renewed(desk.conn, desk.plan, changes)
        assert told(board.findings) == told(desk.findings())
    assert in_march() == before


def test_an_entry_that_moved_is_missed_where_it_was(desk: CheckDesk) -> None:
    desk.share(HEATING, 2022, "60", "40")
    for period in (JANUARY, MARCH):
        desk.file(HEATING, period, amount=Decimal(10))
    moved = desk.file(HEATING, FEBRUARY, amount=Decimal(30))
    board = desk.board()
    board.renewed(desk.conn, desk.plan, desk.put("progress", moved, assignee_id=desk.towns[1]))
    assert told(board.findings) == told(desk.findings())


def test_what_was_filed_and_undone_left_nothing(desk: CheckDesk) -> None:
    desk.share(HEATING, 2022, "60")
    for period in (JANUARY, MARCH):
        desk.file(HEATING, period, amount=Decimal(10))
    board = desk.board()
    before = told(board.findings)
    last = desk.last_operation()
    desk.file(HEATING, FEBRUARY, amount=Decimal(30))
    [filed] = desk.changes_since(last)
    assert told(board.renewed(desk.conn, desk.plan, filed)) == told(desk.findings()) != before
    last = desk.last_operation()
    desk.county.undo()
    for changes in desk.changes_since(last):
        board.renewed(desk.conn, desk.plan, changes)
    assert told(board.findings) == before


def test_what_needs_no_breaking_down_is_due_everywhere_once_it_is_given_out(desk: CheckDesk) -> None:
    leaves = set(leaf_tasks(desk.plan))
    clause = next(each for each in desk.plan.clauses if each.id not in leaves and duty_of(each) is not Duty.NOTHING)
    desk.file(GAS, JANUARY, amount=Decimal(1))
    board = desk.board()
    last = desk.last_operation()
    desk.row("assignment", task_id=clause.id, year=Decimal(2023), assignee_kind="town", assignee_id=desk.towns[0])
    [given] = desk.changes_since(last)
    before = told(board.findings)
    assert told(board.renewed(desk.conn, desk.plan, given)) == told(desk.findings()) != before
