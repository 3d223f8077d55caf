"""The lines under the sheet: what adds up is green, what does not is red and says so, rates are never summed."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.work.quotas import set_quota
from desktop.models.summary_model import Line, SummaryModel
from desktop.session import Session
from desktop.widgets.task_pane import TaskPane


def text(model: SummaryModel, line: Line, column: int) -> str:
    return str(model.index(model.line_of(line), column).data(Qt.ItemDataRole.DisplayRole))


def tone(model: SummaryModel, line: Line, column: int) -> str:
    return model.look(model.line_of(line), column).tone


def test_balance_follows_every_entry(qtbot: QtBot, empty_session: Session) -> None:
    pane = TaskPane(empty_session)
    qtbot.addWidget(pane)
    pane.show_task("08-06-1")
    model, summary = pane.model, pane.view.summary
    place = model.year_column(2022)
    assert text(summary, Line.BALANCE, place) == "—"
    _set_quota(empty_session)
    assert text(summary, Line.QUOTA, place) == "3,080"
    assert text(summary, Line.QUOTA, summary.note_column) == "示例1号"
    model.setData(model.index(0, place), "3000")
    assert text(summary, Line.BALANCE, place) == "80"
    assert tone(summary, Line.BALANCE, place) == "bad"
    assert text(summary, Line.BALANCE, summary.note_column) == "2022年还有80户没有分解。"
    model.setData(model.index(1, place), "80")
    assert (text(summary, Line.BALANCE, place), tone(summary, Line.BALANCE, place)) == ("0", "good")
    model.setData(model.index(2, place), "20")
    assert (text(summary, Line.BALANCE, place), tone(summary, Line.BALANCE, place)) == ("超20", "good")
    assert text(summary, Line.SUBTOTAL, place) == "3,100"


def _set_quota(session: Session) -> None:
    session.write(
        "县级目标",
        lambda op: set_quota(op, target_id="08-06-1", year=2022, amount=Decimal(3080), document_number="示例1号"),
    )


def test_rates_have_no_sum(qtbot: QtBot, demo_session: Session) -> None:
    pane = TaskPane(demo_session)
    qtbot.addWidget(pane)
    pane.show_task("05-06-2")
    summary = pane.view.summary
    assert summary.lines == (Line.QUOTA, Line.REACHED)
    place = pane.model.year_column(2023)
    assert text(summary, Line.REACHED, place) == "● 达到"
    pane.model.setData(pane.model.index(3, place), "8.5")
    assert text(summary, Line.REACHED, place) == "■ 未达到"
    assert "达不到" in text(summary, Line.REACHED, summary.note_column)


def test_tasks_to_complete_count_who_has_them(qtbot: QtBot, demo_session: Session) -> None:
    pane = TaskPane(demo_session)
    qtbot.addWidget(pane)
    pane.show_task("08-02-1")
    summary = pane.view.summary
    assert summary.lines == (Line.ASSIGNED,)
    assert text(summary, Line.ASSIGNED, pane.model.year_column(2021)) == "1个"
    assert text(summary, Line.ASSIGNED, pane.model.year_column(2022)) == "—"
