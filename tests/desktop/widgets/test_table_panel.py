"""With real threads: a new row is found although the order of rows arrives after it was saved."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from desktop.app import make_app
from desktop.session import Session
from desktop.widgets.table_panel import TablePanel


def test_a_new_row_gets_the_cursor(qtbot: QtBot, demo_folder: Path) -> None:
    make_app()
    session = Session(author="王芳")
    try:
        with qtbot.waitSignal(session.opened):
            session.open_folder(demo_folder)
        panel = TablePanel(session, load_schema("enterprise"), "")
        qtbot.addWidget(panel, before_close_func=lambda _: panel.hide())
        panel.resize(1000, 600)
        panel.show()
        qtbot.waitUntil(lambda: panel.count.text() == "共 40 行" and bool(panel.row_panel.form.row_id))
        first = panel.row_panel.form.row_id
        panel.add()
        qtbot.waitUntil(lambda: panel.grid.currentIndex().row() == 40)
        qtbot.waitUntil(lambda: panel.row_panel.form.row_id not in ("", first))
        assert panel.count.text() == "共 41 行"
        panel.doing.delete()
        qtbot.waitUntil(lambda: panel.count.text() == "共 40 行")
    finally:
        session.close()
