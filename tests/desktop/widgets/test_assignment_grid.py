"""The grid of one task: where its sheet stands when there are few rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.work.breakdown import grid
from desktop.models.assignment_model import AssignmentModel
from desktop.session import Session
from desktop.widgets.assignment_grid import AssignmentGrid
from desktop.widgets.sheet import HEADER_HEIGHT, ROW_HEIGHT


@pytest.mark.parametrize("rows", [0, 1, 2, 5])
def test_few_rows_leave_no_gap_above_the_headings(qtbot: QtBot, empty_session: Session, rows: int) -> None:
    with empty_session.county.reading() as conn:
        found = grid(conn, empty_session.catalogue, "08-06-1")
    view = AssignmentGrid(AssignmentModel(empty_session))
    qtbot.addWidget(view)
    view.resize(900, 500)
    view.show()
    view.show_grid(replace(found, rows=found.rows[:rows]), 2022)
    QApplication.processEvents()
    assert view.sheet.y() == view.contentsRect().top() + 1
    assert view.sheet.height() == HEADER_HEIGHT + rows * ROW_HEIGHT + 1
    assert view.sums.y() == view.sheet.geometry().bottom() + 1
