"""A month that is being filed: what is left is told once, and becomes less with whatever is filed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.checks.model import Issue
from db.core.period import Period
from db.core.values import Cell
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.grid import month_grid
from db.work.monthly.model import FigureKind
from tests.db.checks.cases_tasks import HEATING
from tests.db.checks.desk import FEBRUARY, MARCH, CheckDesk


def file_lines(desk: CheckDesk, period: Period, lines: range) -> None:
    """File these lines of the month as what each asks for."""
    whole = month_grid(desk.conn, desk.plan, period).lines
    given: dict[FigureKind, dict[str, Cell]] = {
        FigureKind.STAGE: {"stage": "前期工作"},
        FigureKind.RATE: {"numerator": Decimal(1), "denominator": Decimal(2)},
        FigureKind.AMOUNT: {"amount": Decimal(1)},
    }
    changes = [EntryChange(line.key, given[line.due.kind]) for line in (whole[place] for place in lines)]
    with desk.county.operation("月报") as op:
        set_entries(op, period, changes, catalogue=desk.plan)


def left(found: list[Issue]) -> list[Issue]:
    return [issue for issue in found if issue.rule in ("M01", "M02")]


@pytest.mark.parametrize("step", [1, 17])
def test_the_count_never_goes_up_while_a_month_is_filed(desk: CheckDesk, step: int) -> None:
    desk.share(HEATING, 2022, "60", "40", "30")
    total = len(month_grid(desk.conn, desk.plan, MARCH).lines)
    board = desk.board()
    (before,) = left(list(board.findings.issues))
    assert before.rule == "M02" and before.expected == f"{total}项"
    places = range(0, total, 1)[: step * 4]
    for start in places[::step]:
        last = desk.last_operation()
        file_lines(desk, MARCH, range(start, start + step))
        for changes in desk.changes_since(last):
            board.renewed(desk.conn, desk.plan, changes)
        (now,) = left(list(board.findings.issues))
        assert now.rule == "M01" and f"还有{total - start - step}项没有报" in now.what
        assert now == left(list(desk.findings().issues))[0]


def test_it_tells_who_owes_most_and_is_found_under_each(desk: CheckDesk) -> None:
    desk.file_everything(MARCH)
    desk.share(HEATING, 2022, "60", "40")
    desk.share("08-06-2", 2022, "60")
    (issue,) = desk.issues("M01")
    names = dict(desk.conn.execute("SELECT id, name FROM town"))
    assert f"{names[desk.towns[0]]}2项" in issue.found or f"{names[desk.towns[0]]}1项" in issue.found
    assert set(desk.towns[:2]) <= set(issue.units)


def test_who_is_waived_is_not_waited_for(desk: CheckDesk) -> None:
    desk.file_everything(MARCH)
    desk.share(HEATING, 2022, "60", "40")
    (code,) = desk.conn.execute("SELECT code FROM town WHERE id = ?", (desk.towns[0],)).fetchone()
    desk.setting("M01", waived=code)
    (issue,) = desk.issues("M01")
    assert desk.towns[0] not in issue.units and desk.towns[1] in issue.units and "还有1项" in issue.found


def test_a_county_that_reports_projects_is_told_of_the_rest_from_the_months_beginning(desk: CheckDesk) -> None:
    first = desk.project("key_project", name="供热管网", town_id=desk.towns[0])
    desk.project("key_project", name="换热站", town_id=desk.towns[0])
    desk.project("coal_boiler", name="一号炉", town_id=desk.towns[0])
    assert desk.issues("M14", "monthly", MARCH) == []
    desk.report(first, FEBRUARY, stage="实施中")
    (before,) = desk.issues("M14", "monthly", MARCH)
    desk.report(first, MARCH, stage="实施中")
    (after,) = desk.issues("M14", "monthly", MARCH)
    assert before.key == after.key and "有3个" in before.what and "有2个" in after.what
