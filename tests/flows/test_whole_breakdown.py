"""寿光市's whole plan, broken down in the window: 15 towns, 40 enterprises, three years, by keyboard and 分配….

Every balance ends at zero or says why not; undone to the beginning and done again, the tables are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.plan.catalogue import Target
from db.plan.vocabulary import Comparator
from db.store import records
from db.work.breakdown import StateKind, grid, states
from db.work.quotas import quota_table
from db.work.setup import new_county
from db.work.tasks import Duty, leaf_tasks
from desktop.dialogs.assignees import AddAssigneesDialog
from desktop.dialogs.copy_year import ALL, CopyYearDialog
from desktop.dialogs.paste_preview import PastePreview
from desktop.dialogs.quota import QuotaDialog
from desktop.dialogs.scope import ScopeDialog
from desktop.dialogs.split import SplitDialog
from desktop.models.block import format_block
from desktop.models.quota_model import FIRST_YEAR
from desktop.models.summary_model import Line
from desktop.pages import PAGES
from desktop.pages.base import BasePage
from desktop.pages.breakdown import BreakdownPage
from desktop.places import Place
from desktop.widgets.base_quotas import QuotaPanel
from tests.desktop.window_page import WindowPage

Key, Modifier = Qt.Key, Qt.KeyboardModifier
ENTERPRISES, TOWNS = 40, 15
HOUSEHOLDS, COKE, BOILERS = "08-06-1", "03-02-3", "08-02-1"
TABLES = ("enterprise", "quota", "task_scope", "assignment")
EXPLAINED = {StateKind.DONE, StateKind.EXCLUDED, StateKind.PENDING}


class Desk:
    """The window with 任务分解 in it, and the keys a clerk presses there."""

    def __init__(self, window: WindowPage) -> None:
        self.window, self.session = window, window.session
        self.window.window.go(Place("breakdown"))
        page = window.window.page("breakdown")
        assert isinstance(page, BreakdownPage)
        self.page, self.pane = page, page.task
        self.sheet, self.model = page.task.view.sheet, page.task.model

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
        """Press a key in the sheet."""
        QTest.keyClick(self.sheet, key, modifier)

    def walk(self) -> Iterator[str]:
        """Go down the tree line by line, as the arrow key does, and yield each task it comes to."""
        view = self.page.tree.view
        view.expandAll()
        view.setCurrentIndex(self.page.tree.filter.index(0, 0))
        seen = None
        while seen != view.currentIndex():
            seen = view.currentIndex()
            task_id = self.page.tree.current_task()
            if task_id:
                yield task_id
                view.expandAll()
            QTest.keyClick(view, Key.Key_Down)

    def split(self, year: int, method: str, total: str = "") -> None:
        """Share a year out and press Enter."""
        self.session.year = year
        QTest.keyClick(self.pane.split_button, Key.Key_Space)
        dialog = self.pane.dialog
        assert isinstance(dialog, SplitDialog)
        QTest.keyClick(dialog.methods.button(method), Key.Key_Space)
        if total:
            dialog.total.clear()
            QTest.keyClicks(dialog.total, total)
        assert not dialog.model.trouble
        QTest.keyClick(dialog.total, Key.Key_Return)
        assert not dialog.isVisible()

    def tick(self, row: int) -> None:
        """Tick an assignee in all years: Space, Shift+→ twice, Ctrl+R."""
        self.sheet.go(self.model.index(row, self.model.year_column(2021)))
        self.press(Key.Key_Space)
        self.press(Key.Key_Right, Modifier.ShiftModifier)
        self.press(Key.Key_Right, Modifier.ShiftModifier)
        self.press(Key.Key_R, Modifier.ControlModifier)

    def tables(self) -> dict[str, list[tuple[object, ...]]]:
        """Return everything that is in the tables a breakdown writes."""
        with self.session.county.reading() as conn:
            return {table: conn.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in TABLES}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    county = new_county(tmp_path / "寿光市", county="370783", author="王芳")
    with county, county.operation("登记企业") as op:
        firms = [{"name": f"寿光第{number}化工有限公司"} for number in range(1, ENTERPRISES + 1)]
        records.insert_many(op, load_schema("enterprise"), firms)
    return tmp_path / "寿光市"


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, folder: Path) -> Iterator[Desk]:
    window = WindowPage(qtbot, tmp_path, PAGES)
    window.frame.resize(1366, 768)
    window.frame.show()
    window.window.open_folder(folder)
    yield Desk(window)
    window.session.close()


def enter_quotas(desk: Desk) -> None:
    """Paste the city's paper as one block into 基础信息 › 县级目标; what the province has yet to set stays empty."""
    desk.window.window.go(Place("base", section="quotas"))
    base = desk.window.window.page("base")
    assert isinstance(base, BasePage)
    panel = base.findChild(QuotaPanel)
    assert isinstance(panel, QuotaPanel)
    with desk.session.county.reading() as conn:
        rows = quota_table(conn, desk.session.catalogue)
    paste(panel.number, "潍四减四增办〔2022〕1号")
    by_dialog = next(place for place, row in enumerate(rows) if row.target.id == HOUSEHOLDS)
    block = [["", "", ""] if row.pending else [str(100 + 3 * place)] * 3 for place, row in enumerate(rows)]
    block = [
        ["40", "40", "40"] if row.unit in ("%", "个百分点") and line[0] else line
        for row, line in zip(rows, block, strict=True)
    ]
    block[by_dialog] = ["", "", ""]
    wrong = next(place for place, line in enumerate(block) if line[0])
    typed, block[wrong][0] = block[wrong][0], "一百"
    panel.sheet.go(panel.model.index(0, FIRST_YEAR))
    paste(panel.sheet, format_block(block))
    preview = base.dialog
    assert isinstance(preview, PastePreview)
    assert not preview.accept_button.isEnabled(), "what cannot be read keeps the whole block from landing"
    assert "不是一个数" in preview.sentences.text()
    assert panel.model.stored(wrong + 1, FIRST_YEAR) is None
    QTest.keyClicks(preview.view, typed[0])
    (editor,) = preview.view.viewport().findChildren(QLineEdit)
    QTest.keyClicks(editor, typed[1:])
    QTest.keyClick(editor, Key.Key_Return)
    assert preview.accept_button.isEnabled()
    QTest.keyClick(preview, Key.Key_Return)
    assert not preview.isVisible()
    desk.window.window.go(Place("breakdown"))


def paste(widget: QWidget, text: str) -> None:
    """Put `text` on the clipboard and press Ctrl+V."""
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(widget, Key.Key_V, Modifier.ControlModifier)


def enter_by_dialog(desk: Desk) -> None:
    """Type a target's quotas one by one: Enter on the line 县级目标, the amount, the paper, Enter."""
    sums, line = desk.pane.view.sums, desk.pane.view.summary.line_of(Line.QUOTA)
    for year in (2021, 2022, 2023):
        sums.setCurrentIndex(sums.model().index(line, desk.model.year_column(year)))
        QTest.keyClick(sums, Key.Key_Return)
        dialog = desk.pane.dialog
        assert isinstance(dialog, QuotaDialog)
        assert dialog.year == year
        dialog.unit.setCurrentText("户")
        QTest.keyClicks(dialog.amount, "1000")
        paste(dialog.document_number, "潍四减四增办〔2022〕2号")
        QTest.keyClick(dialog.document_number, Key.Key_Return)
        assert not dialog.isVisible()


def exclude(desk: Desk) -> None:
    """Answer 不涉及: Space on the button; without a reason it is refused, with one Enter on 保存 does it."""
    QTest.keyClick(desk.pane.scope_button, Key.Key_Space)
    dialog = desk.pane.dialog
    assert isinstance(dialog, ScopeDialog)
    QTest.keyClick(dialog.accept_button, Key.Key_Return)
    assert dialog.isVisible() and "理由" in dialog.trouble.text()
    paste(dialog.reason, "辖区内没有焦化企业。")
    QTest.keyClick(dialog.reason, Key.Key_Tab)
    QTest.keyClick(dialog.accept_button, Key.Key_Return)
    assert not dialog.isVisible()


def break_down(desk: Desk, task_id: str) -> None:
    """Hand out the chosen task for 2021 and 2022, a completion for all years."""
    found = desk.pane.grid
    assert found is not None
    assert found.task_id == task_id
    if found.duty is Duty.COMPLETION:
        desk.tick(0)
        desk.tick(TOWNS - 1)
        return
    for year, method in ((2021, "equal"), (2022, "last_year")):
        quota = found.summaries[year].quota
        if quota is None:
            return
        assert isinstance(found.task, Target)
        more = {Comparator.MORE_THAN: 1, Comparator.LESS_THAN: -1}.get(found.task.comparator, 0)
        if found.duty is Duty.RATE:
            rate(desk, year, str(quota + more))
        else:
            desk.split(year, method, str(quota + more))


def rate(desk: Desk, year: int, text: str) -> None:
    """Type a rate at the top of a year's column and fill it down."""
    column = desk.model.year_column(year)
    desk.sheet.go(desk.model.index(0, column))
    QTest.keyClicks(desk.sheet, text[0])
    editor = desk.sheet.viewport().findChildren(QLineEdit)[-1]
    QTest.keyClicks(editor, text[1:])
    QTest.keyClick(editor, Key.Key_Return)
    desk.sheet.go(desk.model.index(0, column))
    for _ in range(desk.model.rowCount() - 1):
        desk.press(Key.Key_Down, Modifier.ShiftModifier)
    desk.press(Key.Key_D, Modifier.ControlModifier)


def add_everybody(desk: Desk) -> None:
    """Put all enterprises into the task's sheet."""
    QTest.keyClick(desk.pane.add_button, Key.Key_Space)
    dialog = desk.pane.dialog
    assert isinstance(dialog, AddAssigneesDialog)
    dialog.show_kind("enterprise")
    QTest.keyClick(dialog.all_button, Key.Key_Space)
    QTest.keyClick(dialog.accept_button, Key.Key_Return)


def test_the_whole_plan(desk: Desk) -> None:
    empty = desk.tables()
    enter_quotas(desk)
    leaves = frozenset(leaf_tasks(desk.session.catalogue))
    handed_out = 0
    for task_id in desk.walk():
        if task_id == COKE:
            exclude(desk)
        elif task_id in leaves:
            if task_id == BOILERS:
                add_everybody(desk)
            if task_id == HOUSEHOLDS:
                enter_by_dialog(desk)
            break_down(desk, task_id)
            handed_out += 1
    assert handed_out == len(leaves) - 1
    desk.page.tree.select(HOUSEHOLDS)
    desk.session.year = 2023
    QTest.keyClick(desk.pane.copy_button, Key.Key_Space)
    copy = desk.pane.dialog
    assert isinstance(copy, CopyYearDialog)
    QTest.keyClick(copy.which.button(ALL), Key.Key_Space)
    QTest.keyClick(copy.factor, Key.Key_Return)
    check_balances(desk)
    full = desk.tables()
    assert len(full["assignment"]) > 1500
    turn_back_and_forth(desk, empty, full)


def check_balances(desk: Desk) -> None:
    """Every task is done or says why not, and every year's balance is zero, within its limit, or explained."""
    session = desk.session
    with session.county.reading() as conn:
        judged = states(conn, session.catalogue)
        open_ = {task: judged[task] for task in leaf_tasks(session.catalogue) if judged[task].kind not in EXPLAINED}
        assert open_ == {}
        for task_id in leaf_tasks(session.catalogue):
            for year in grid(conn, session.catalogue, task_id).summaries.values():
                if year.balance:
                    assert year.sentence.startswith(("超出县级目标", "在控制数以内")), (task_id, year)


def turn_back_and_forth(desk: Desk, empty: object, full: object) -> None:
    """Ctrl+Z to the beginning, Ctrl+Y to the end."""
    window, session = desk.window.window, desk.session
    while session.undo_label not in (None, "登记企业"):
        window.undo()
    assert desk.tables() == empty
    assert desk.pane.grid is not None
    assert not any(row.cells for row in desk.pane.grid.rows)
    while session.redo_label is not None:
        window.redo()
    assert desk.tables() == full
