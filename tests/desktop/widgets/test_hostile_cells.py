from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from db.core.text import clean
from db.store.query import TableQuery
from db.work.registers import register
from desktop.session import Session
from desktop.widgets.grid import Grid
from desktop.widgets.record_form import RecordForm
from tests.desktop.grid_page import GridPage
from tests.flows.test_hostile_values import HOSTILE, LONG, REGISTER

BLOCK = [text for text in HOSTILE if text != LONG][:8]


def test_they_are_pasted_into_the_grid_and_copied_out_again(qtbot: QtBot, demo_session: Session) -> None:
    page = GridPage(qtbot, Grid(demo_session, TableQuery(register(demo_session.county.connect(), REGISTER))))
    page.go(0, "content")
    page.paste("\n".join('"' + text.replace('"', '""') + '"' for text in BLOCK))
    assert [page.cell(row, "content") for row in range(8)] == [clean(text, multiline=True) for text in BLOCK]
    page.select(0, "content", 7, "content")
    before = page.copied()
    page.paste(before)
    assert [page.cell(row, "content") for row in range(8)] == [clean(text, multiline=True) for text in BLOCK]


def test_they_are_typed_into_the_form_and_shown_again(qtbot: QtBot, demo_session: Session) -> None:
    schema = register(demo_session.county.connect(), REGISTER)
    (row_id, *_) = TableQuery(schema).ids(demo_session.county.connect())
    form = RecordForm(demo_session, schema)
    qtbot.addWidget(form)
    for text in (*HOSTILE, "x" * 65536):
        form.show_row("")
        form.show_row(row_id)
        editor = form.fields["content"].editor
        assert isinstance(editor, QPlainTextEdit)
        editor.setPlainText(text)
        refused = not form.fields["content"].commit()
        assert refused == (len(text) > 4000)
        assert editor.toPlainText() == (text if refused else clean(text, multiline=True))
