"""The register's own row follows the reports of its project, but not one that comes late."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell
from db.store import operation, records
from db.work.monthly.projects import FIELDS, ProjectKey, ReportChange, report_lines, set_reports
from db.work.registers import register
from tests.db.work.desk import Desk

MARCH, APRIL, MAY = Period(2022, 3), Period(2022, 4), Period(2022, 5)


@pytest.fixture
def boiler(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> ProjectKey:
    """A project of which the register says in June what was typed into it: 500, 已完成."""
    monkeypatch.setattr(operation, "now", lambda: "2022-06-02T09:00:00")
    row: dict[str, Cell] = {"name": "1号锅炉", "town_id": desk.towns[0], "stage": "已完成"}
    return ProjectKey("coal_boiler", desk.project("coal_boiler", **row, completed_investment=Decimal(500)))


def report(desk: Desk, where: ProjectKey, period: Period, **values: Cell) -> None:
    with desk.county.operation("填报") as op:
        set_reports(op, period, [ReportChange(where, values)])


def present(desk: Desk, where: ProjectKey) -> dict[str, Cell]:
    row = records.get(desk.conn, register(desk.conn, where.register), where.row_id)
    assert row is not None
    return {name: row.values.get(name) for name in ("completed_investment", "stage", "problems")}


def test_a_late_report_of_an_earlier_month_leaves_what_is_newer(desk: Desk, boiler: ProjectKey) -> None:
    report(desk, boiler, MARCH, completed_investment=Decimal(400), stage="实施中", problems="缺钢管")
    assert present(desk, boiler) == {"completed_investment": Decimal(500), "stage": "已完成", "problems": "缺钢管"}


def test_the_report_of_the_month_that_is_due_is_followed_whatever_it_says(desk: Desk, boiler: ProjectKey) -> None:
    report(desk, boiler, MAY, completed_investment=Decimal(400), stage="实施中")
    assert present(desk, boiler) == {"completed_investment": Decimal(400), "stage": "实施中", "problems": None}


def test_a_late_report_goes_further_than_an_empty_or_lesser_row(desk: Desk, boiler: ProjectKey) -> None:
    report(desk, boiler, MARCH, completed_investment=Decimal(600), stage="已验收")
    assert present(desk, boiler)["completed_investment"] == Decimal(600)
    assert present(desk, boiler)["stage"] == "已验收"


def test_a_late_report_that_is_corrected_takes_its_own_figure_back(desk: Desk, boiler: ProjectKey) -> None:
    report(desk, boiler, MARCH, completed_investment=Decimal(6000))
    report(desk, boiler, MARCH, completed_investment=Decimal(450), stage="实施中")
    assert present(desk, boiler) == {"completed_investment": Decimal(450), "stage": "已完成", "problems": None}
    report(desk, boiler, APRIL, completed_investment=Decimal(440))
    assert present(desk, boiler)["completed_investment"] == Decimal(440)


def test_a_report_from_the_recycle_bin_begins_anew(desk: Desk, boiler: ProjectKey) -> None:
    report(desk, boiler, MAY, completed_investment=Decimal(400), problems="缺钢管")
    (line,) = (each for each in report_lines(desk.conn, MAY) if each.key == boiler)
    with desk.county.operation("删除") as op:
        records.delete(op, load_schema("project_report"), [line.now.id])
    report(desk, boiler, MAY, stage="已完成")
    (line,) = (each for each in report_lines(desk.conn, MAY) if each.key == boiler)
    assert [getattr(line.now, name) for name in FIELDS] == [None, "已完成", "", "", ""]


def test_what_was_corrected_by_hand_since_is_not_raised_by_a_late_report(desk: Desk, boiler: ProjectKey) -> None:
    report(desk, boiler, MARCH, completed_investment=Decimal(600))
    assert present(desk, boiler)["completed_investment"] == Decimal(600)
    with desk.county.operation("改正") as op:
        records.update(op, register(op.conn, boiler.register), boiler.row_id, {"completed_investment": Decimal(480)})
    report(desk, boiler, APRIL, completed_investment=Decimal(650), stage="已验收", problems="缺钢管")
    assert present(desk, boiler) == {"completed_investment": Decimal(480), "stage": "已验收", "problems": "缺钢管"}
    (line,) = (each for each in report_lines(desk.conn, APRIL) if each.key == boiler)
    assert line.differs("completed_investment") and not line.differs("stage")
    (older,) = (each for each in report_lines(desk.conn, MARCH) if each.key == boiler)
    assert not older.differs("completed_investment")
    desk.county.undo()
    desk.county.undo()
    report(desk, boiler, APRIL, completed_investment=Decimal(650))
    assert present(desk, boiler)["completed_investment"] == Decimal(650)


def test_the_report_that_is_due_replaces_a_correction(desk: Desk, boiler: ProjectKey) -> None:
    with desk.county.operation("改正") as op:
        records.update(op, register(op.conn, boiler.register), boiler.row_id, {"completed_investment": Decimal(480)})
    report(desk, boiler, MAY, completed_investment=Decimal(650))
    assert present(desk, boiler)["completed_investment"] == Decimal(650)
