"""The city's remarks and what 审核 found, at the cells themselves: marked, told in the tip, answered beside them."""

from __future__ import annotations

import sqlite3

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.checks.model import Level
from db.core.period import Period
from db.store.query import TableQuery
from db.work.breakdown import grid
from db.work.monthly.grid import month_grid
from db.work.monthly.projects import ProjectKey, ReportChange, report_lines, set_reports
from db.work.registers import register
from db.work.remarks import STATUSES
from desktop.cell_marks import CellMark, Spot, marks_of
from desktop.checking import checking_of
from desktop.models.assignment_model import AssignmentModel
from desktop.models.grid_model import MARK_ROLE, GridModel
from desktop.models.month_columns import FIGURE
from desktop.models.month_model import MonthModel
from desktop.models.project_month_model import ProjectMonthModel
from desktop.session import Session
from desktop.widgets.mark_drawing import paint_mark
from desktop.widgets.remark_note import RemarkNote
from tests.desktop.remarks import ask, remark

TASK, TABLE = "08-06-1", "register_coal_boiler"
MARCH = Period(2022, 3)


def one(session: Session, sql: str) -> str:
    return ask(session, lambda conn: str(conn.execute(sql).fetchone()[0]))


def boiler_model(session: Session) -> GridModel:
    schema = ask(session, lambda conn: register(conn, "coal_boiler"))
    model = GridModel(session, TableQuery(schema))
    model.setParent(session)
    model.refresh(keep=False)
    return model


def test_a_projects_cell_is_marked_until_the_city_closes(demo_session: Session) -> None:
    model = boiler_model(demo_session)
    row_id = model.row_id(0)
    cell = model.index(0, model.column_of("town_id"))
    assert cell.data(MARK_ROLE) is None
    closed = remark(demo_session, TABLE, row_id, "town_id", "早已关闭", "已关闭")
    assert cell.data(MARK_ROLE) is None
    remark(demo_session, TABLE, row_id, "town_id", "属于另一个镇街", "已回复")
    remark(demo_session, TABLE, row_id, "town_id", "请附验收单", "新提出")
    mark = cell.data(MARK_ROLE)
    assert mark.remark == "新提出" and mark.issue == ""
    tip = cell.data(Qt.ItemDataRole.ToolTipRole)
    assert "属于另一个镇街" in tip and "请附验收单" in tip and "早已关闭" not in tip
    assert model.index(1, cell.column()).data(MARK_ROLE) is None
    assert closed not in {each.id for each in marks_of(demo_session).remarks_at((TABLE, row_id))}


def test_what_is_said_of_a_row_stands_at_its_first_cell(demo_session: Session) -> None:
    model = boiler_model(demo_session)
    remark(demo_session, TABLE, model.row_id(0), "", "整行请补照片")
    assert model.index(0, 0).data(MARK_ROLE).remark == "新提出"
    assert model.index(0, 1).data(MARK_ROLE) is None


def test_an_assignment_is_marked_in_its_year(demo_session: Session) -> None:
    catalogue = demo_session.catalogue
    sql = f"SELECT id FROM assignment WHERE task_id = '{TASK}' AND year = 2022"
    row_id = one(demo_session, sql)
    remark(demo_session, "assignment", row_id, "unit", "单位不对")
    remark(demo_session, "assignment", row_id, "responsible", "责任人已调走")
    model = AssignmentModel(demo_session, demo_session)
    model.show_grid(ask(demo_session, lambda conn: grid(conn, catalogue, TASK)), 2022)
    marked = {
        (model.columns[c].field, model.columns[c].year): mark.words
        for r in range(model.rowCount())
        for c in range(model.columnCount())
        if (mark := model.mark(r, c)) is not None
    }
    assert marked == {
        ("amount", 2022): "市级意见（新提出）：单位不对",
        ("responsible", 0): "市级意见（新提出）：责任人已调走",
    }
    column = model.year_column(2022)
    (row,) = [r for r in range(model.rowCount()) if model.mark(r, column) is not None]
    assert "单位不对" in str(model.index(row, column).data(Qt.ItemDataRole.ToolTipRole))


@pytest.fixture
def filed(demo_session: Session) -> Session:
    """The demo county with figures of March."""
    from db.work.demo_months import fill_months

    demo_session.job("填月份", lambda progress: fill_months(demo_session.county, MARCH, MARCH))
    return demo_session


def test_a_months_figure_and_text_are_marked(filed: Session) -> None:
    row_id = one(filed, f"SELECT id FROM progress WHERE task_id = '{TASK}' AND period = '{MARCH}'")
    remark(filed, "progress", row_id, "amount", "与验收单不一致")
    remark(filed, "progress", row_id, "problems", "写具体些")
    model = MonthModel(filed, filed)
    found = ask(filed, lambda conn: month_grid(conn, filed.catalogue, MARCH))
    model.show_month(found, range(len(found.lines)))
    fields = [
        model.columns[c].field
        for r in range(model.rowCount())
        for c in range(model.columnCount())
        if (mark := model.mark(r, c)) is not None and mark.remark
    ]
    assert fields == [FIGURE, "problems"]


def test_a_projects_report_is_marked(demo_session: Session) -> None:
    row_id = one(demo_session, f"SELECT id FROM {TABLE}")
    key = ProjectKey("coal_boiler", row_id)
    demo_session.write("填", lambda op: set_reports(op, MARCH, [ReportChange(key, {"problems": "资金没有到位"})]))
    report = one(demo_session, "SELECT id FROM project_report")
    remark(demo_session, "project_report", report, "problems", "差多少")
    model = ProjectMonthModel(demo_session, demo_session)
    model.show_lines(ask(demo_session, lambda conn: report_lines(conn, MARCH)), MARCH, closed=False)
    row, column = model.row_of(key), [each.field for each in model.columns].index("problems")
    marked = model.mark(row, column)
    assert marked is not None and marked.remark == "新提出" and model.mark(row, column - 1) is None


def test_an_issue_is_marked_by_its_class_until_it_is_explained(demo_session: Session, qtbot: QtBot) -> None:
    model, marks, checking = boiler_model(demo_session), marks_of(demo_session), checking_of(demo_session)
    with qtbot.waitSignal(marks.renewed):
        checking.want()
    assert checking.findings is not None
    issue = next(i for i in checking.findings.issues if i.table == TABLE and i.open and i.field in model.schema)
    mark = marks.at(Spot((TABLE, issue.row_id), issue.field))
    assert mark is not None and mark.issue in list(Level) and issue.what in mark.words


def test_marks_differ_in_shape_and_colour(qtbot: QtBot) -> None:
    pictures = []
    for mark in [CellMark(status, "", "") for status in STATUSES[:3]] + [
        CellMark("", level.value, "") for level in (Level.BLOCKING, Level.CONFIRM, Level.EXPLAIN)
    ]:
        image = QImage(80, 29, QImage.Format.Format_Grayscale8)
        image.fill(255)
        painter = QPainter(image)
        paint_mark(painter, image.rect(), mark)
        painter.end()
        pictures.append(image)
    assert all(a != b for number, a in enumerate(pictures) for b in pictures[:number])


def test_a_remark_is_answered_beside_the_row(demo_session: Session, qtbot: QtBot) -> None:
    model = boiler_model(demo_session)
    row = (TABLE, model.row_id(0))
    note = RemarkNote(demo_session)
    qtbot.addWidget(note)
    note.show_rows((row,), "town_id")
    assert note.isHidden()
    first = remark(demo_session, *row, "name", "名称要写全称")
    remark(demo_session, *row, "town_id", "属于另一个镇街")
    assert not note.isHidden() and note.text.text() == "市级意见：属于另一个镇街" and note.count.text() == "1/2"
    note.after.click()
    assert note.text.text() == "市级意见：名称要写全称"
    note.open_button.click()
    note.reply.words.setPlainText("核实无误")
    note.reply.solved_button.click()
    assert "没有写清楚" in note.reply.trouble.text()
    note.reply.words.setPlainText("已按营业执照改成全称")
    note.reply.solved_button.click()

    def status(conn: sqlite3.Connection) -> str:
        return str(conn.execute("SELECT status FROM remark WHERE id = ?", (first,)).fetchone()[0])

    assert ask(demo_session, status) == "拟解决"
    assert note.reply.isHidden() and model.index(0, model.column_of("name")).data(MARK_ROLE).remark == "拟解决"


def test_marks_go_with_the_county(demo_session: Session) -> None:
    row_id = one(demo_session, f"SELECT id FROM {TABLE}")
    remark(demo_session, TABLE, row_id, "name", "名称要写全称")
    marks = marks_of(demo_session)
    assert not marks.is_empty
    demo_session.close_county()
    assert marks.is_empty


def test_what_is_replied_is_in_sight_where_the_page_is_longer_than_the_window(
    demo_session: Session, qtbot: QtBot
) -> None:
    row = (TABLE, one(demo_session, f"SELECT id FROM {TABLE}"))
    remark(demo_session, *row, "name", "名称要写全称")
    inside = QWidget()
    column = QVBoxLayout(inside)
    high = QWidget()
    high.setFixedHeight(400)
    note = RemarkNote(demo_session, low=True)
    column.addWidget(high)
    column.addWidget(note)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inside)
    qtbot.addWidget(area)
    area.resize(600, 300)
    area.show()
    note.show_rows((row,))
    note.open_button.click()
    seen, box = area.viewport(), note.reply
    qtbot.waitUntil(lambda: seen.rect().contains(box.mapTo(seen, box.rect().bottomLeft())))
