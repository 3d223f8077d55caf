from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.core.values import Cell, State
from db.store import records
from db.store.query import TableQuery
from db.store.records import Row
from desktop.session import Session
from desktop.widgets.field_editors import DateEditor, LineEditor, TextEditor, states_menu
from desktop.widgets.pick_editor import PickEditor
from desktop.widgets.record_form import RecordForm

SCHEMA = load_schema("key_project")
NUMBER = "total_investment"
KEY = Qt.Key


class FormPage:
    """A form as a person meets it, on the first of the demo's projects."""

    def __init__(self, qtbot: QtBot, session: Session) -> None:
        self.session = session
        self.form = RecordForm(session, SCHEMA)
        self.window = QWidget()
        QVBoxLayout(self.window).addWidget(self.form)
        self.window.resize(420, 900)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        found: list[list[str]] = []
        session.read(TableQuery(SCHEMA).ids, found.append, owner=session, key="ids")
        self.ids = found[0]
        self.form.show_row(self.ids[0])

    def editor(self, name: str) -> LineEditor:
        found = self.form.fields[name].editor
        assert isinstance(found, LineEditor)
        return found

    def fill(self, name: str, text: str) -> None:
        """Put the keyboard into a field, replace its text and leave by Enter."""
        self.form.focus_field(name)
        self.form.fields[name].editor.start_with(text)
        QTest.keyClick(self.form.fields[name].editor, KEY.Key_Return)

    def stored(self, name: str, row_id: str = "") -> Cell:
        found: list[Row | None] = []
        wanted = row_id or self.ids[0]
        self.session.read(
            lambda conn: records.get(conn, SCHEMA, wanted), found.append, owner=self.session, key="stored"
        )
        assert found[0] is not None
        return found[0].values[name]

    def problem(self, name: str) -> str:
        shown = self.form.fields[name].problem
        return shown.text() if shown.isVisibleTo(self.form) else ""


@pytest.fixture
def page(qtbot: QtBot, demo_session: Session) -> FormPage:
    return FormPage(qtbot, demo_session)


def test_form_has_every_field_with_unit_and_group(page: FormPage) -> None:
    assert list(page.form.fields) == list(SCHEMA.names)
    assert page.editor(NUMBER).accessibleName() == "总投资（万元）"
    assert page.editor("town_id").text() == "圣城街道"


def test_leaving_a_field_saves_it(page: FormPage) -> None:
    page.fill(NUMBER, "1,234.5")
    assert page.stored(NUMBER) == Decimal("1234.5")
    assert page.editor(NUMBER).text() == "1234.5"
    assert page.session.undo_label == "修改「重点项目」的总投资"
    page.session.undo()
    assert page.editor(NUMBER).text() == str(page.stored(NUMBER))


def test_leaving_without_a_change_saves_nothing(page: FormPage) -> None:
    before = page.session.undo_label
    page.form.focus_field(NUMBER)
    page.form.focus_field("name")
    page.fill("name", page.editor("name").text())
    assert page.session.undo_label == before


def test_unreadable_text_stays_with_its_sentence(page: FormPage) -> None:
    before = page.stored(NUMBER)
    page.fill(NUMBER, "5千瓦x")
    assert page.problem(NUMBER)
    assert not page.problem(NUMBER).startswith("「")
    assert page.editor(NUMBER).text() == "5千瓦x"
    assert page.editor(NUMBER).property("wrong") is True
    assert page.stored(NUMBER) == before
    QTest.keyClick(page.editor(NUMBER), KEY.Key_Escape)
    assert page.problem(NUMBER) == ""
    assert page.editor(NUMBER).text() == str(before)


def test_unreadable_text_is_kept_with_its_row(page: FormPage) -> None:
    page.fill(NUMBER, "abc")
    page.form.show_row(page.ids[1])
    assert page.problem(NUMBER) == ""
    assert page.editor(NUMBER).text() == str(page.stored(NUMBER, page.ids[1]))
    page.form.show_row(page.ids[0])
    assert page.editor(NUMBER).text() == "abc"
    assert page.problem(NUMBER)
    page.fill(NUMBER, "7")
    page.form.show_row(page.ids[1])
    page.form.show_row(page.ids[0])
    assert page.editor(NUMBER).text() == "7"


def test_what_is_typed_is_saved_when_another_row_comes(page: FormPage) -> None:
    page.form.focus_field("name")
    page.editor("name").start_with("新名称")
    page.form.show_row(page.ids[1])
    assert page.stored("name") == "新名称"


def test_reference_by_initials(page: FormPage) -> None:
    page.fill("town_id", "wjjd")
    assert page.editor("town_id").text() == "文家街道"
    page.fill("town_id", "没有这个镇")
    assert "请从列表中选择" in page.problem("town_id")


def test_a_figure_that_is_only_in_codes_takes_no_town_unasked(page: FormPage) -> None:
    before = page.stored("town_id")
    page.fill("town_id", "5")
    assert page.problem("town_id")
    assert page.stored("town_id") == before


def test_choice_from_the_list_is_saved_at_once(page: FormPage) -> None:
    editor = page.editor("stage")
    assert isinstance(editor, PickEditor)
    page.form.focus_field("stage")
    editor.offer_all()
    choice = next(
        editor.options.list.item(row)
        for row in range(editor.options.list.count())
        if editor.options.list.item(row).text() == "已完成"
    )
    editor.options.list.itemClicked.emit(choice)
    assert page.stored("stage") == "已完成"


def test_states_are_chosen_from_a_menu(page: FormPage, qtbot: QtBot) -> None:
    editor = page.editor(NUMBER)
    menu = states_menu(editor, editor.take)
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["未报", "不涉及", "暂无数据"]
    menu.actions()[1].trigger()
    assert page.stored(NUMBER) is State.NOT_APPLICABLE
    assert editor.text() == "不涉及"
    menu.actions()[0].trigger()
    assert page.stored(NUMBER) is None


def test_day_is_picked_from_the_calendar(page: FormPage) -> None:
    editor = page.editor("started_on")
    assert isinstance(editor, DateEditor)
    editor.show_calendar()
    assert editor.popup_visible()
    editor._pick(QDate(2022, 3, 15))
    assert str(page.stored("started_on")) == "2022-03-15"
    editor.clear()
    editor.show_calendar()
    editor._pick(QDate(2022, 4, 1))
    assert str(page.stored("started_on")) == "2022-04-01"


def test_long_text_keeps_its_lines(page: FormPage) -> None:
    editor = page.form.fields["content"].editor
    assert isinstance(editor, TextEditor)
    page.form.focus_field("content")
    editor.start_with("一")
    QTest.keyClick(editor, KEY.Key_Return)
    QTest.keyClicks(editor, "b")
    page.form.focus_field("name")
    assert page.stored("content") == "一\nb"


def test_help_is_shown_while_a_field_has_the_keyboard(page: FormPage) -> None:
    helped = next(each for each in page.form.fields.values() if each.field.help and each.field.name != "name")
    page.form.focus_field(helped.field.name)
    assert helped.help.isVisibleTo(page.form)
    page.form.focus_field("name")
    assert not helped.help.isVisibleTo(page.form)


def test_changes_from_elsewhere_are_seen_but_do_not_disturb_typing(page: FormPage) -> None:
    page.form.focus_field("name")
    page.editor("name").start_with("正在改")
    page.session.write("别处", lambda op: records.update(op, SCHEMA, page.ids[0], {NUMBER: Decimal(42), "name": "x"}))
    assert page.editor(NUMBER).text() == "42"
    assert page.editor("name").text() == "正在改"


def test_wrong_values_of_a_row_are_said(page: FormPage) -> None:
    page.session.write("别处", lambda op: records.update(op, SCHEMA, page.ids[0], {"stage": "乱写的阶段"}))
    assert page.problem("stage")


def test_no_row_and_rows_in_the_recycle_bin_cannot_be_filled_in(page: FormPage) -> None:
    inner = page.form.widget()
    assert inner is not None
    loaded: list[Row | None] = []
    page.form.row_loaded.connect(loaded.append)
    page.form.show_row("")
    assert not inner.isEnabled()
    assert page.editor("name").text() == ""
    assert loaded == [None]
    page.form.show_row(page.ids[2])
    assert inner.isEnabled()
    page.session.write("删除", lambda op: records.delete(op, SCHEMA, [page.ids[2]]))
    assert not inner.isEnabled()


def test_refused_write_is_said_under_the_field(page: FormPage) -> None:
    page.form.row_id = "gone"
    page.fill("name", "x")
    assert "已被删除" in page.problem("name")
    assert page.editor("name").text() == "x"
