"""审核: the queue follows what is typed, leads to the cell, and takes explanations in place."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.checks.model import Issue, Level
from db.checks.queue import Narrowing, Standing
from db.core.fields import load_schema
from db.store import records
from db.work.county_settings import save_contacts
from desktop.checking import checking_of
from desktop.pages.check import UNCHECKED, CheckPage
from desktop.places import Place
from desktop.session import Session
from tests.desktop.conftest import TODAY, spoil


@pytest.fixture
def page(qtbot: QtBot, demo_session: Session) -> CheckPage:
    """The page of the demo county with something to mend, as it looks on a clerk's screen."""
    spoil(demo_session)
    made = CheckPage(demo_session)
    qtbot.addWidget(made)
    made.resize(1280, 620)
    made.show()
    return made


def choose(page: CheckPage, level: Level, place: int = 0) -> Issue:
    """Choose an issue of this class and return it."""
    assert page.queue is not None
    rows = [row for row, issue in enumerate(page.queue.issues) if issue.level is level]
    page.table.clearSelection()
    page.table.selectRow(rows[place])
    return page.queue.issues[rows[place]]


def test_everything_is_checked_when_the_page_is_first_looked_at(page: CheckPage) -> None:
    findings = page.checking.findings
    assert findings is not None and page.queue is not None
    assert len(page.queue.issues) == len(findings.issues) == page.table.rows_model.rowCount()
    assert page.sentence.text() == findings.headline() and f"{len(findings.issues)}个问题" in page.sentence.text()
    assert page.rules.current_key == ""
    assert page.panel.issues == (page.queue.issues[page.table.currentIndex().row()],)


def test_a_rule_in_the_list_leaves_its_issues(page: CheckPage) -> None:
    key = next(key for key in page.rules.keys if ":" in key)
    page.rules.chosen.emit(key)
    assert page.queue is not None
    assert {issue.rule for issue in page.queue.issues} == {key.partition(":")[2]}
    page.rules.chosen.emit(UNCHECKED)
    if page.checking.findings is not None and page.checking.findings.not_checked:
        assert page.stack.currentWidget() is page.unchecked
    page.rules.chosen.emit("")
    assert page.stack.currentWidget() is page.table


def test_filters_that_leave_nothing_say_so(page: CheckPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.filters.changed):
        page.filters.search.setText("没有这样的问题")
    assert page.stack.currentWidget() is page.empty
    assert "筛选" in page.empty.title.text()
    page.filters.clear()
    assert page.stack.currentWidget() is page.table


def test_what_is_mended_leaves_the_queue_by_itself(page: CheckPage, demo_session: Session) -> None:
    town, schema = "", load_schema("town")

    def empty(conn: sqlite3.Connection) -> str:
        return str(conn.execute("SELECT id FROM town WHERE deleted_at IS NULL LIMIT 1").fetchone()[0])

    found: list[str] = []
    demo_session.read(empty, found.append, owner=page, key="test")
    town = found[0]
    before = len(page.checking.findings.issues) if page.checking.findings else 0
    demo_session.write("改坏", lambda op: records.update(op, schema, town, {"phone": "不是电话"}))
    assert page.checking.findings is not None
    broken = [issue for issue in page.checking.findings.issues if issue.row_id == town and issue.field == "phone"]
    assert broken and page.queue is not None and broken[0] in page.queue.issues
    demo_session.undo()
    assert len(page.checking.findings.issues) == before


def test_a_double_click_leads_to_the_cell(page: CheckPage) -> None:
    places: list[Place] = []
    page.navigate.connect(places.append)
    assert page.queue is not None
    row = next(row for row, issue in enumerate(page.queue.issues) if issue.register)
    page.table.activated.emit(page.table.rows_model.index(row, 0))
    issue = page.queue.issues[row]
    assert places == [Place("projects", register=issue.register, row_id=issue.row_id, field=issue.field)]
    page.panel.clause.click()
    assert places[-1].page == "breakdown"


def test_an_explanation_is_judged_kept_and_taken_back(page: CheckPage) -> None:
    issue = choose(page, Level.EXPLAIN)
    page.panel.reason.setPlainText("核实无误")
    page.panel.save.click()
    assert page.panel.fault.text() and page.panel.reason.toPlainText() == "核实无误"
    page.panel.reason.setPlainText("企业三月停产检修，四月恢复")
    page.panel.save.click()
    assert not page.panel.fault.text()
    kept = next(each for each in page.queue.issues if each.key == issue.key) if page.queue else None
    assert kept is not None and kept.explanation is not None and not kept.open
    assert "已说明" in page.panel.standing.text()
    page.panel.withdraw.click()
    assert page.chosen[0].key == issue.key and page.chosen[0].explanation is None


def test_a_confirmation_needs_the_name_of_who_is_in_charge(page: CheckPage) -> None:
    choose(page, Level.CONFIRM)
    assert page.panel.approved_by.isVisible()
    page.panel.approved_by.clear()
    page.panel.reason.setPlainText("按批复推迟到2024年完成")
    page.panel.save.click()
    assert "分管负责人" in page.panel.fault.text()
    page.panel.approved_by.setText("李明")
    page.panel.save.click()
    assert not page.panel.fault.text() and page.chosen[0].explanation is not None


def test_one_explanation_for_several_of_a_rule(page: CheckPage) -> None:
    issue = choose(page, Level.EXPLAIN)
    page.rules.chosen.emit(f"{issue.level}:{issue.rule}")
    page.table.selectAll()
    count = len(page.chosen)
    page.panel.reason.setPlainText("全县统一推迟到四月填报")
    page.panel.save.click()
    assert page.queue is not None and page.queue.standings[Standing.EXPLAINED] >= count


def test_a_blocking_issue_takes_no_explanation(page: CheckPage) -> None:
    choose(page, Level.BLOCKING)
    assert not page.panel.save.isVisible() and not page.panel.reason.isVisible()
    assert "不能用说明代替" in page.panel.standing.text()


def test_the_list_is_written_into_a_workbook(page: CheckPage, tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    file = tmp_path / "审核问题.xlsx"
    page.tools.choose = lambda: file  # type: ignore[method-assign]
    page.tools.export()
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert page.queue is not None
    assert len([row for row in rows if row[0] in ("强制性", "准强制性", "核实性", "提示性")]) == len(page.queue.issues)


def test_a_link_shows_what_waits(page: CheckPage) -> None:
    page.reveal(Place("check", section="open"))
    assert page.queue is not None and all(issue.open for issue in page.queue.issues)
    page.reveal(Place("check", section="open monthly"))
    assert page.filters.wanted == Narrowing(kind="monthly", standing=Standing.OPEN)
    page.reveal(Place("check", section="blocking"))
    assert {issue.level for issue in page.queue.issues} == {Level.BLOCKING}


def test_a_county_that_is_closed_leaves_nothing_behind(page: CheckPage, demo_session: Session) -> None:
    demo_session.close_county()
    assert page.checking.findings is None and not page.checking.busy


def test_there_is_one_checking_of_a_session(demo_session: Session) -> None:
    assert checking_of(demo_session) is checking_of(demo_session)
    assert demo_session.today() == TODAY


def test_what_the_window_tells_is_counted_before_it_is_told(demo_session: Session) -> None:
    checking, told = checking_of(demo_session), list[set[str]]()

    def note() -> None:
        if checking.findings is not None:
            told.append(set(vars(checking.findings)))

    checking.renewed.connect(note)
    checking.want()
    with demo_session.county.operation("改动") as op:
        op.conn.execute("UPDATE town SET name = name || '一' WHERE seq = 1")
    demo_session.changed.emit(op.changes)
    assert len(told) == 2 and all({"counts", "blocking", "unexplained"} <= each for each in told)


def test_enter_leads_too(page: CheckPage, qtbot: QtBot) -> None:
    places: list[Place] = []
    page.navigate.connect(places.append)
    page.table.setFocus()
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert len(places) == 1


def test_who_is_in_charge_of_the_county_is_offered(page: CheckPage, demo_session: Session) -> None:
    demo_session.write("改联系人", lambda op: save_contacts(op, {"leader": "李明"}))
    choose(page, Level.CONFIRM)
    assert page.panel.approved_by.text() == "李明"
    demo_session.write("改联系人", lambda op: save_contacts(op, {"leader": "王强"}))
    assert page.panel.approved_by.text() == "王强"
    page.panel.reason.setPlainText("按批复推迟到2024年完成")
    page.panel.approved_by.setText("赵敏")
    page.panel.save.click()
    demo_session.write("改联系人", lambda op: save_contacts(op, {"leader": "李明"}))
    assert page.panel.approved_by.text() == "赵敏"


def test_when_nothing_of_a_rule_waits_any_more_the_next_is_shown(page: CheckPage) -> None:
    page.reveal(Place("check", section="open"))
    rules = [key for key in page.rules.keys if key.startswith(f"{Level.EXPLAIN}:")]
    first, rest = rules[0], {key for key in page.rules.keys if ":" in key} - {rules[0]}
    page.rules.chosen.emit(first)
    page.table.selectAll()
    page.panel.reason.setPlainText("全县统一推迟到四月填报")
    page.panel.save.click()
    assert page.queue is not None and page.queue.issues and page.rules.current_key in rest
    assert page.stack.currentWidget() is page.table and page.panel.issues[0].open
    assert f"{page.panel.issues[0].level}:{page.panel.issues[0].rule}" == page.rules.current_key
