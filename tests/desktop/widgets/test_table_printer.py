"""打印…: every table prints as it looks, what is personal masked unless asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPageLayout, QPdfWriter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.store import records
from db.store.query import Filter, TableQuery
from desktop.pages.breakdown import BreakdownPage
from desktop.pages.monthly import MonthlyPage
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.grid import Grid
from desktop.widgets.simple_table import Column, SimpleTable, TextCell
from desktop.widgets.table_printer import TablePrinter, add_print_entry, table_in_focus
from tests.desktop.test_table_pages import flat, pages_of

ENTERPRISE = load_schema("enterprise")
PHONE = "13805361234"


@pytest.fixture
def host(qtbot: QtBot, demo_session: Session) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def printer(host: QWidget, demo_session: Session, tmp_path: Path) -> TablePrinter:
    made = TablePrinter(demo_session, host)
    made.choose_file = lambda name: tmp_path / name
    made.opened = []  # type: ignore[attr-defined]
    made.open_path = made.opened.append  # type: ignore[attr-defined, method-assign]
    return made


def pdf_of(qtbot: QtBot, printer: TablePrinter, tmp_path: Path, name: str, *, personal: bool = False) -> str:
    assert printer.dialog is not None
    file = tmp_path / f"{name}.pdf"
    file.unlink(missing_ok=True)
    printer.dialog.personal.setChecked(personal)
    printer.dialog.file_button.click()
    qtbot.waitUntil(file.exists)
    return "".join(pages_of(file.read_bytes()))


def test_a_register_prints_the_rows_and_columns_that_are_shown(
    qtbot: QtBot, host: QWidget, printer: TablePrinter, demo_session: Session, tmp_path: Path
) -> None:
    grid = Grid(demo_session, TableQuery(ENTERPRISE, filters=(Filter.equals("name", "样例"),)), host)
    grid.setAccessibleName("企业")
    demo_session.write(
        "新增",
        lambda op: records.insert_many(
            op, ENTERPRISE, [{"name": "样例", "phone": PHONE, "contact": "王小明"}, {"name": "别家"}]
        ),
    )
    grid.rows.refresh()
    grid.setColumnHidden(grid.rows.column_of("contact"), True)
    printer.print_view(grid)
    masked = pdf_of(qtbot, printer, tmp_path, "企业")
    assert "样例" in masked and "别家" not in masked
    assert PHONE not in masked and "138****1234" in masked
    assert ENTERPRISE.field("contact").heading not in masked
    printer.print_view(grid)
    assert PHONE in pdf_of(qtbot, printer, tmp_path, "企业", personal=True)


def test_the_breakdown_prints_with_its_sums(
    qtbot: QtBot, host: QWidget, printer: TablePrinter, demo_session: Session, tmp_path: Path
) -> None:
    page = BreakdownPage(demo_session, host)
    page.resize(1200, 650)
    page.show()
    page.reveal(Place("breakdown", task_id="08-06-1", year=2022))
    sheet = page.task.view.sheet
    printer.print_view(sheet)
    text = pdf_of(qtbot, printer, tmp_path, sheet.property("paperTitle"))
    assert "余额" in text and "县级目标" in text and "单位:户" in text
    towns = [row.assignee.name for row in page.task.model.rows]
    assert towns and all(flat(town) in text for town in towns)


def test_a_printer_gets_pages_that_lie_across(
    host: QWidget, printer: TablePrinter, demo_session: Session, tmp_path: Path
) -> None:
    table = SimpleTable([Column("事项"), Column("还有", 90, number=True)], host)
    table.setAccessibleName("期限")
    table.show_rows([[TextCell("一件"), TextCell("3天")]])
    device = QPdfWriter(str(tmp_path / "printer.pdf"))
    printer.ask_printer = lambda chosen: chosen(device)
    told: list[str] = []
    demo_session.notice.connect(told.append)
    printer.print_view(table)
    assert printer.dialog is not None
    printer.dialog.print_button.click()
    assert told == ["“期限”1页，已送去打印。"]
    assert device.pageLayout().orientation() == QPageLayout.Orientation.Landscape


def test_an_empty_table_is_not_printed(host: QWidget, printer: TablePrinter, demo_session: Session) -> None:
    told: list[str] = []
    demo_session.notice.connect(told.append)
    printer.print_view(SimpleTable([Column("事项")], host))
    assert printer.dialog is None and told == ["表里还没有内容，没有可打印的。"]


def test_the_tables_own_menu_and_the_keys_print_it(host: QWidget, printer: TablePrinter, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QMenu

    table = SimpleTable([Column("事项")], host)
    table.show_rows([[TextCell("一件")]])
    table.show()
    menu = QMenu(host)
    add_print_entry(menu, table)
    entry = next(action for action in menu.actions() if "打印" in action.text())
    entry.trigger()
    assert printer.dialog is not None
    printer.dialog.reject()
    assert table_in_focus(host) is table
    table.setFocus(Qt.FocusReason.OtherFocusReason)
    printer.action.trigger()
    assert printer.dialog is not None and printer.dialog.isVisible()
    printer.dialog.reject()


def test_a_table_without_a_window_of_the_program_has_no_entry(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QMenu

    alone = SimpleTable([Column("事项")])
    qtbot.addWidget(alone)
    menu = QMenu(alone)
    add_print_entry(menu, alone)
    assert not menu.actions()


def test_a_month_prints_the_rows_nobody_has_looked_at(
    qtbot: QtBot, host: QWidget, printer: TablePrinter, demo_session: Session, tmp_path: Path
) -> None:
    page = MonthlyPage(demo_session, host)
    page.resize(1200, 500)
    page.show()
    sheet, model = page.tasks.sheet, page.tasks.model
    assert model.rowCount() > 100 and not model.window.has(model.rowCount() - 1)
    printer.print_view(sheet)
    assert all(model.window.has(row) for row in range(model.rowCount()))
    title = f"{demo_session.period.title}任务进度"
    assert sheet.property("paperTitle") == title
    text = pdf_of(qtbot, printer, tmp_path, title)
    assert flat(model.row_title(model.rowCount() - 1).partition(" ")[0]) in text


def test_without_a_printer_it_is_said_and_nothing_else_happens(
    host: QWidget, demo_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    demo_session.notice.connect(said.append)
    monkeypatch.setattr("PySide6.QtPrintSupport.QPrinterInfo.availablePrinterNames", list)
    TablePrinter(demo_session, host).ask_printer(lambda _device: pytest.fail("printed on nothing"))
    assert len(said) == 1 and "存为PDF" in said[0]
