"""县级目标 as a sheet: typed under a paper's number; changes need number and reason; history stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from db.work.assignees import assignees
from db.work.assignments import set_assignment
from db.work.quotas import quotas
from desktop.models.quota_model import FIRST_YEAR
from desktop.models.sheet import SheetRole
from desktop.session import Session
from desktop.widgets.base_quotas import MISSING, PENDING, QuotaPanel

TARGET = "08-06-1"


@pytest.fixture
def panel(qtbot: QtBot, empty_session: Session) -> Iterator[QuotaPanel]:
    made = QuotaPanel(empty_session)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    made.refresh()
    empty_session.changed.connect(lambda changes: made.refresh() if made.concerns(changes) else None)
    yield made
    made.hide()


def told(session: Session, year: int) -> object:
    with session.county.reading() as conn:
        return quotas(conn).get(TARGET, {}).get(year)


def test_typed_amounts_carry_the_paper_above(panel: QuotaPanel, empty_session: Session) -> None:
    panel.number.setText("潍四减四增办〔2022〕1号")
    panel.issued_on.setText("2022.3.28")
    row = panel.model.row_of(TARGET)
    assert panel.model.enter(row, FIRST_YEAR + 1, "1.92万")
    with empty_session.county.reading() as conn:
        quota = quotas(conn)[TARGET][2022]
    assert (quota.amount, quota.unit, quota.document_number) == (Decimal(19200), "户", "潍四减四增办〔2022〕1号")
    assert quota.issued_on == date(2022, 3, 28)
    assert panel.model.data(panel.model.index(row, panel.model.paper_column)) == "潍四减四增办〔2022〕1号"
    empty_session.undo()
    assert told(empty_session, 2022) is None and panel.model.value(row, FIRST_YEAR + 1) is None


def test_a_change_without_number_and_reason_is_refused_in_its_cell(panel: QuotaPanel, empty_session: Session) -> None:
    row, column = panel.model.row_of(TARGET), FIRST_YEAR + 1
    panel.model.enter(row, column, "100")
    panel.sheet.setCurrentIndex(panel.model.index(row + 1, column))
    said: list[str] = []
    panel.sheet.told.connect(said.append)
    panel.model.enter(row, column, "200")
    assert "文号" in panel.model.problem(row, column) and panel.model.shown(row, column) == "200"
    assert said == [panel.model.problem(row, column)]
    panel.sheet.setCurrentIndex(panel.model.index(row, column))
    panel.model.enter(row, column, "200")
    assert len(said) == 1  # the cell itself is in sight and says it
    panel.number.setText("文2")
    panel.reason.setText("市里调整")
    panel.model.enter(row, column, "200")
    assert panel.model.problem(row, column) == "" and panel.model.value(row, column) == Decimal(200)
    panel.model.clear([panel.model.index(row, column)])
    assert told(empty_session, 2022) is None


def test_an_impossible_amount_stays_in_its_cell(panel: QuotaPanel, empty_session: Session) -> None:
    row = panel.model.row_of(TARGET)
    panel.model.enter(row, FIRST_YEAR, "很多")
    assert panel.model.problem(row, FIRST_YEAR) and panel.model.shown(row, FIRST_YEAR) == "很多"
    assert empty_session.undo_label is None


def test_an_impossible_date_is_told_and_left_out(panel: QuotaPanel) -> None:
    panel.issued_on.setText("昨天")
    assert panel.trouble.isVisible() and panel.issued_on.property("wrong") and panel.model.paper.issued_on is None
    panel.issued_on.setText("")
    assert not panel.trouble.isVisible()


def test_a_block_from_excel_is_one_step_after_the_preview(panel: QuotaPanel, empty_session: Session) -> None:
    row = panel.model.row_of(TARGET)
    panel.sheet.setCurrentIndex(panel.model.index(row, FIRST_YEAR))
    QGuiApplication.clipboard().setText("14400\t19200\t14400")
    wanted: list[object] = []
    panel.sheet.preview_wanted.connect(wanted.append)
    panel.sheet.paste()
    panel.sheet.land(wanted[0])  # type: ignore[arg-type]
    landed = [panel.model.value(row, FIRST_YEAR + place) for place in range(3)]
    assert landed == [Decimal(14400), Decimal(19200), Decimal(14400)]
    empty_session.undo()
    assert told(empty_session, 2021) is None and told(empty_session, 2023) is None


def test_filters_and_search_narrow_and_reveal_widens(panel: QuotaPanel) -> None:
    everything = panel.model.rowCount()
    panel.show_only(PENDING)
    assert 0 < panel.model.rowCount() < everything
    assert all(row.pending for row in panel.model.rows)
    panel.show_only(MISSING)
    panel.search.setText("清洁取暖改造")
    assert [row.target.id for row in panel.model.rows] == [TARGET]
    panel.reveal("05-04-1")
    assert panel.model.rowCount() == everything
    assert panel.model.rows[panel.sheet.currentIndex().row()].target.id == "05-04-1"


def test_cells_that_are_not_amounts_ask_for_the_dialog(panel: QuotaPanel) -> None:
    asked: list[tuple[str, int]] = []
    panel.quota_wanted.connect(lambda target, year: asked.append((target.id, year)))
    row = panel.model.row_of(TARGET)
    panel.sheet.setCurrentIndex(panel.model.index(row, FIRST_YEAR + 2))
    panel.sheet.doubleClicked.emit(panel.model.index(row, 1))
    panel.sheet.doubleClicked.emit(panel.model.index(row, FIRST_YEAR))
    assert asked == [(TARGET, 2023)]


def test_a_quota_that_its_breakdown_does_not_meet_is_marked(panel: QuotaPanel, empty_session: Session) -> None:
    row, column = panel.model.row_of(TARGET), FIRST_YEAR + 1
    panel.model.enter(row, column, "100")
    assert panel.model.data(panel.model.index(row, column), SheetRole.DOUBT) == ""
    with empty_session.county.reading() as conn:
        town = assignees(conn, ("town",))[0]
    empty_session.write(
        "分解",
        lambda op: set_assignment(
            op, task_id=TARGET, year=2022, assignee_kind="town", assignee_id=town.id, values={"amount": Decimal(70)}
        ),
    )
    doubt = panel.model.data(panel.model.index(row, column), SheetRole.DOUBT)
    assert doubt == "分解与县级目标对不上：还有30户没有分解。"


@pytest.mark.parametrize("width", [1000, 1040])
def test_the_names_take_just_the_room_there_is(qtbot: QtBot, panel: QuotaPanel, width: int) -> None:
    panel.resize(width, 400)
    assert panel.sheet.verticalScrollBar().maximum() > 0
    qtbot.waitUntil(lambda: panel.sheet.horizontalHeader().length() == panel.sheet.viewport().width())
    assert panel.sheet.horizontalScrollBar().maximum() == 0
