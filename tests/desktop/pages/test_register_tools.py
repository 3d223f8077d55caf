"""What the page of a register offers beside its rows: views, totals, changing many rows, copies."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.exchange.rows_read import read_rows_file
from db.exchange.rows_write import write_rows
from db.store.filters import Filter
from db.store.query import Sort
from desktop.dialogs.bulk_edit import BulkEditDialog
from desktop.dialogs.clause_registers import ClauseRegistersDialog
from desktop.dialogs.doubles import DoublesDialog
from desktop.dialogs.group_totals import GroupTotalsDialog
from desktop.dialogs.register_rows import ExportRowsDialog, ImportRowsDialog
from desktop.session import Session
from desktop.widgets.doubles_link import DoublesLink
from desktop.widgets.table_panel import TablePanel
from desktop.widgets.view_menu import ViewMenu
from tests.desktop.pages.test_projects import opened


def views_of(panel: TablePanel) -> ViewMenu:
    found = panel.findChildren(ViewMenu)
    assert len(found) == 1
    return found[0]


def words(menu: ViewMenu) -> list[str]:
    menu._fill()
    return [action.text() for action in menu.menu.actions() if action.text()]


def test_a_view_is_saved_opened_made_the_default_and_removed(qtbot: QtBot, demo_session: Session) -> None:
    _, panel = opened(qtbot, demo_session, "key_project")
    views, rows = views_of(panel), panel.grid.rows
    assert words(views)[0] == "还没有保存的视图"
    rows.set_filter("stage", Filter.one_of("stage", ["已完成"]))
    rows.set_sorts((Sort("town_id"), Sort("total_investment", descending=True)))
    panel.grid.columns.show_column(rows.column_of("location"), shown=False)
    found = panel.count.text()
    views.save_as()
    assert views.dialog is not None and not views.dialog.accept_button.isEnabled()
    views.dialog.name.setText("已完成的")
    views.dialog.default.setChecked(True)
    views.dialog.accept()
    assert panel.tools.views.text() == "已完成的" and views.current is not None
    panel.show_all()
    rows.set_sorts(())
    assert panel.tools.views.text() == "视图" and panel.count.text() == "共 14 行"
    panel.grid.columns.show_column(rows.column_of("location"), shown=True)
    _, again = opened(qtbot, demo_session, "key_project")
    assert again.count.text() == found and again.grid.columns.is_hidden(rows.column_of("location"))
    assert words(views_of(again))[0] == "已完成的（默认）"
    views_of(again).make_default(views_of(again).views[0])
    _, plain = opened(qtbot, demo_session, "key_project")
    assert plain.count.text() == "共 14 行"
    views_of(plain).open_view(views_of(plain).views[0])
    views_of(plain).remove(views_of(plain).views[0])
    assert views_of(plain).views == []
    demo_session.undo()
    assert [view.name for view in views_of(plain).views] == ["已完成的"]


def test_a_view_with_a_search_shows_it_in_the_box(qtbot: QtBot, demo_session: Session) -> None:
    _, panel = opened(qtbot, demo_session, "key_project")
    panel.tools.search.setText("光伏")
    panel._search()
    views = views_of(panel)
    view = views.shown("光伏")
    panel.show_all()
    views.open_view(view)
    assert panel.tools.search.text() == "光伏" and panel.count.text().startswith("筛选出 1 行")


def test_totals_by_stage_are_shown_copied_and_exported(
    qtbot: QtBot, demo_session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, panel = opened(qtbot, demo_session, "key_project")
    page.show_totals(panel)
    dialog = page.dialog
    assert isinstance(dialog, GroupTotalsDialog)
    dialog.by.setCurrentIndex(dialog.by.findData("stage"))
    assert dialog.heads[:2] == ["阶段", "行数"] and "总投资（万元）" in dialog.heads
    assert dialog.lines[-1][:2] == ["合计", 14]
    stages, known = [str(line[0]) for line in dialog.lines[:-1]], panel.schema.field("stage").enum
    assert len(stages) > 2 and stages == sorted(stages, key=known.index)
    dialog.copy()
    assert QGuiApplication.clipboard().text().startswith("阶段\t行数\t")
    file = tmp_path / "汇总.xlsx"
    monkeypatch.setattr(dialog, "choose", lambda: str(file))
    dialog.export()
    sheet = load_workbook(file).active
    assert sheet is not None and [cell.value for cell in sheet[sheet.max_row]][:2] == ["合计", 14]
    dialog.accept()


def test_many_rows_are_changed_in_one_step_after_a_look(qtbot: QtBot, demo_session: Session) -> None:
    _, panel = opened(qtbot, demo_session, "key_project")
    panel.grid.go_to(0, panel.grid.rows.column_of("stage"))
    panel.grid.selectAll()
    panel.doing.change_many()
    dialog = panel.doing.dialog
    assert isinstance(dialog, BulkEditDialog) and dialog.which.currentData() == "stage"
    assert not dialog.accept_button.isEnabled() and dialog.value is not None
    dialog.value.editor.start_with("没有这种")
    dialog.accept()
    assert dialog.plan is None and dialog.value.problem.isVisibleTo(dialog)
    dialog.value.editor.start_with("已完成")
    dialog.accept()
    plan = dialog.plan
    assert plan is not None and len(plan.changed) + plan.unchanged + len(plan.refused) == 14
    assert dialog.accept_button.text() == f"修改 {len(plan.changed)} 行"
    dialog.accept()
    rows = [panel.grid.rows.row_at(row) for row in range(14)]
    assert sum(row is not None and row.values["stage"] == "已完成" for row in rows) == 14 - len(plan.refused)
    assert demo_session.undo_label == f"批量修改「重点项目」的阶段{len(plan.changed)}行"
    demo_session.undo()
    row = panel.grid.rows.row_at(0)
    assert row is not None and panel.count.text() == "共 14 行"


def test_a_required_name_cannot_be_cleared_in_many_rows(qtbot: QtBot, demo_session: Session) -> None:
    _, panel = opened(qtbot, demo_session, "key_project")
    panel.grid.go_to(0, panel.grid.rows.column_of("name"))
    panel.doing.change_many()
    dialog = panel.doing.dialog
    assert dialog is not None
    dialog.preview(None)
    assert dialog.counts.text().startswith("更新0行，未变0行，拒绝1行。") and not dialog.accept_button.isEnabled()
    dialog.which.setCurrentIndex(dialog.which.findData("location"))
    assert dialog.plan is None
    dialog.reject()


def test_a_copy_of_a_row_is_added_at_the_end(qtbot: QtBot, demo_session: Session) -> None:
    page, panel = opened(qtbot, demo_session, "rural_heating")
    panel.grid.go_to(2, 0)
    row = panel.grid.rows.row_at(2)
    assert row is not None
    page.activateWindow()
    panel.grid.setFocus()
    qtbot.waitUntil(panel.grid.hasFocus)
    QTest.keyClick(panel.grid, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert panel.count.text() == "共 31 行"
    qtbot.waitUntil(lambda: panel.grid.currentIndex().row() == 30)
    copy = panel.grid.rows.row_at(30)
    assert copy is not None and copy.values["village"] is None
    assert copy.values["name"] == row.values["name"] and copy.values["town_id"] == row.values["town_id"]
    demo_session.undo()
    assert panel.count.text() == "共 30 行"


def test_only_the_rows_of_the_view_are_exported(
    qtbot: QtBot, demo_session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, panel = opened(qtbot, demo_session, "key_project")
    panel.grid.rows.set_search("光伏")
    page.export_rows(panel)
    dialog = page.dialog
    assert isinstance(dialog, ExportRowsDialog) and dialog.only_found.isChecked()
    file = tmp_path / "a.csv"
    monkeypatch.setattr(dialog, "choose", lambda: str(file))
    dialog.accept()
    found = read_rows_file(demo_session.county.connect(), panel.schema, file)
    assert found.sentence() == "新增0行，更新0行，未变1行，拒绝0行。"


def test_doubles_are_counted_listed_and_merged(qtbot: QtBot, demo_session: Session) -> None:
    page, panel = opened(qtbot, demo_session, "key_project")
    link = panel.findChild(DoublesLink)
    assert link is not None and link.isHidden()
    panel.grid.go_to(0, panel.grid.rows.column_of("name"))
    first = panel.grid.rows.row_at(0)
    assert first is not None
    panel.grid.add_row({"name": first.values["name"], "town_id": first.values["town_id"], "location": "南环路"})
    link.refresh()
    assert link.text() == "可能重复 1" and not link.isHidden()
    page.show_doubles(panel)
    dialog = page.dialog
    assert isinstance(dialog, DoublesDialog) and dialog.words.text().startswith("有1对")
    dialog._ask()
    merging = dialog.merging
    assert merging is not None and "location" in merging.taken
    merging.accept()
    assert dialog.pairs == [] and not dialog.merge.isEnabled()
    dialog.accept()
    link.refresh()
    assert link.isHidden() and panel.count.text() == "共 14 行"
    row = panel.grid.rows.row_at(0)
    assert row is not None and row.values["location"] == "南环路"
    assert demo_session.undo_label is not None and demo_session.undo_label.startswith("合并「重点项目」")
    demo_session.undo()
    assert panel.count.text() == "共 15 行"


def test_a_conflict_is_shown_with_both_values_and_needs_a_choice(
    qtbot: QtBot, demo_session: Session, tmp_path: Path
) -> None:
    page, panel = opened(qtbot, demo_session, "key_project")
    file = tmp_path / "a.xlsx"
    write_rows(demo_session.county.connect(), panel.schema, file)
    book = load_workbook(file)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(2, heads.index("地点") + 1).value = "文件里改的"
    book.save(file)
    panel.grid.rows.set_cell(panel.grid.rows.row_id(0), panel.grid.rows.column_of("location"), "程序里改的", "")
    page.read_rows_from(panel.schema, file)
    dialog = page.dialog
    assert isinstance(dialog, ImportRowsDialog) and dialog.conflicts is not None
    assert dialog.counts.text() == "新增0行，更新0行，未变13行，冲突1行，拒绝0行。"
    assert not dialog.accept_button.isEnabled()
    dialog.conflicts.choose_all(0)
    assert dialog.accept_button.isEnabled()
    dialog.conflicts.groups[0].button(1).setChecked(True)
    dialog.accept()
    row = panel.grid.rows.row_at(0)
    assert row is not None and row.values["location"] == "文件里改的"


def test_clauses_and_registers_are_listed_and_a_register_is_opened(
    qtbot: QtBot, demo_session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = opened(qtbot, demo_session, "key_project")
    page.show_clauses()
    dialog = page.dialog
    assert isinstance(dialog, ClauseRegistersDialog)
    places = [line[0] for line in dialog.lines]
    assert places == sorted(places) and all(all(line) for line in dialog.lines)
    file = tmp_path / "对照.csv"
    monkeypatch.setattr(dialog, "choose", lambda: str(file))
    dialog.export()
    assert file.read_text("utf-8-sig").startswith("条款,任务,清单\n")
    dialog._open(next(row for row, line in enumerate(dialog.lines) if line[2] == "燃煤锅炉淘汰"))
    assert page.register == "coal_boiler"
