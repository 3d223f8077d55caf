"""文件与打印: papers are written by jobs and told; a workbook is shown before it is imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from pytestqt.qtbot import QtBot

from db.work.breakdown import grid
from desktop.dialogs.breakdown_import import BreakdownImportDialog
from desktop.dialogs.task_sheets import TaskSheetsDialog
from desktop.session import Session
from desktop.widgets.basics import READ_ONLY
from desktop.widgets.dialog import Dialog
from desktop.widgets.papers_menu import PapersMenu

HEATING = "08-06-1"


@pytest.fixture
def menu(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> PapersMenu:
    made = PapersMenu(demo_session)
    qtbot.addWidget(made)
    made.choose_save = lambda name, kind: str(tmp_path / Path(name).name)
    return made


def told(menu: PapersMenu) -> str:
    assert isinstance(menu.dialog, Dialog)
    return menu.dialog.heading.text()


def edit(file: Path, change: Callable[[Any], object]) -> None:
    book = openpyxl.load_workbook(file)
    change(book["任务分解"])
    book.save(file)


def test_task_sheets_are_made_for_those_that_are_checked(menu: PapersMenu, tmp_path: Path) -> None:
    menu.task_sheets()
    dialog = menu.dialog
    assert isinstance(dialog, TaskSheetsDialog)
    assert dialog.accept_button.text() == "生成34份"
    dialog.check_everybody(False)
    assert not dialog.accept_button.isEnabled()
    dialog.show_kind("town")
    dialog.search.setText("羊口")
    dialog.model.check_all()
    assert dialog.accept_button.text() == "生成1份"
    dialog.folder.setText("任务书")
    dialog.accept()
    assert "完整的文件夹路径" in dialog.trouble.text()
    dialog.folder.setText(str(tmp_path / "任务书"))
    dialog.format.set_value("pdf")
    dialog.accept()
    assert told(menu) == "已生成1份任务书。"
    assert (tmp_path / "任务书" / "任务书-镇街-羊口镇.pdf").read_bytes().startswith(b"%PDF")


def test_a_county_without_tasks_offers_nobody(qtbot: QtBot, empty_session: Session) -> None:
    menu = PapersMenu(empty_session)
    qtbot.addWidget(menu)
    menu.task_sheets()
    dialog = menu.dialog
    assert isinstance(dialog, TaskSheetsDialog)
    assert dialog.nobody.text() == "没有承担任务的镇街。" and not dialog.accept_button.isEnabled()


def test_the_local_plan_is_written_where_the_clerk_wants_it(menu: PapersMenu, tmp_path: Path) -> None:
    menu.choose_save = lambda name, kind: str(tmp_path / "方案")
    opened: list[Path] = []
    menu.open_path = opened.append
    menu.local_plan()
    assert "落实方案已生成" in told(menu)
    file = tmp_path / "方案.docx"
    assert "寿光市" in Document(str(file)).paragraphs[0].text
    menu.choose_save = lambda name, kind: ""
    file.unlink()
    menu.local_plan()
    assert not file.exists()


def test_the_templates_are_laid_out_to_be_changed(menu: PapersMenu, demo_session: Session) -> None:
    menu.templates()
    assert "模板在本县的文件夹里" in told(menu)
    own = demo_session.folder / "templates"
    shipped = {"task_sheet.docx", "local_plan.docx", "supervision.docx", "monthly_report.docx", "self_evaluation.docx"}
    shipped.add("模板说明.md")
    assert shipped == {file.name for file in own.iterdir()}
    (own / "task_sheet.docx").write_bytes(b"changed")
    menu.templates()
    assert (own / "task_sheet.docx").read_bytes() == b"changed"


def test_the_workbook_goes_out_and_comes_back(menu: PapersMenu, demo_session: Session, tmp_path: Path) -> None:
    menu.export_book()
    assert told(menu) == "已导出576条分解。"
    file = next(tmp_path.glob("*任务分解.xlsx"))
    menu.choose_open = lambda: str(file)
    menu.import_book()
    dialog = menu.dialog
    assert isinstance(dialog, BreakdownImportDialog)
    assert "未变576条" in dialog.counts.text() and not dialog.accept_button.isEnabled()

    def change(sheet: Any) -> None:
        rows = [row for row in sheet.iter_rows(min_row=5) if row[1].value == HEATING and row[3].value == 2022]
        rows[0][6].value, rows[1][6].value = 1, "很多"

    edit(file, change)
    menu.import_book()
    dialog = menu.dialog
    assert isinstance(dialog, BreakdownImportDialog)
    rows = dialog.table.rows_model.rows
    assert [row[0].text for row in rows] == ["拒绝", "更新"] and "任务量 997 → 1" in rows[1][3].text
    assert not dialog.accept_button.isEnabled()
    dialog.leave_out.setChecked(True)
    assert dialog.accept_button.text() == "导入1条"
    dialog.accept()
    with demo_session.county.reading() as conn:
        assert grid(conn, demo_session.catalogue, HEATING).summaries[2022].subtotal == 19200 - 996
    assert demo_session.undo_label == "导入任务分解工作簿"
    demo_session.undo()
    with demo_session.county.reading() as conn:
        assert grid(conn, demo_session.catalogue, HEATING).summaries[2022].subtotal == 19200


def test_a_strange_workbook_is_told(menu: PapersMenu, demo_session: Session, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "别的.xlsx")
    menu.choose_open = lambda: str(tmp_path / "别的.xlsx")
    problems: list[Exception] = []
    demo_session.problem.disconnect()
    demo_session.problem.connect(problems.append)
    menu.import_book()
    assert "不是本程序导出的任务分解工作簿" in str(problems[0]) and menu.dialog is None


def test_cancelling_a_batch_is_no_failure(menu: PapersMenu, demo_session: Session, tmp_path: Path) -> None:
    notices: list[str] = []
    demo_session.notice.connect(notices.append)
    demo_session.job_started.connect(lambda job: job.cancel())
    keys = [("town", "x")]
    menu._write_task_sheets(keys, tmp_path / "任务书", False)
    assert notices == ["已取消：生成任务书。"] and menu.dialog is None
    assert not (tmp_path / "任务书").exists()


def test_the_menu_names_what_can_be_done(menu: PapersMenu) -> None:
    texts = [entry.text() for entry in menu.menu_of_papers().actions() if not entry.isSeparator()]
    assert texts == [
        "任务书…",
        "落实方案…",
        "落实方案，不遮盖姓名和电话…",
        "Word 模板…",
        "导出 Excel…",
        "导出 Excel，列出还没有分解的…",
        "导入 Excel…",
    ]


def test_entries_that_write_say_why_they_cannot(menu: PapersMenu, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [each.text() for each in menu.menu_of_papers().actions() if not each.isEnabled() and each.text()] == []
    monkeypatch.setattr(Session, "read_only", property(lambda _session: True))
    entries = menu.menu_of_papers()
    silent = {each.text(): each.toolTip() for each in entries.actions() if not each.isEnabled() and each.text()}
    assert silent == {"Word 模板…": READ_ONLY, "导入 Excel…": READ_ONLY}
    assert entries.toolTipsVisible()
