"""任务分解 as a clerk uses it: from an empty county to a task that adds up, and the other way round."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.work.breakdown import StateKind, states
from desktop.dialogs.quota import QuotaDialog
from desktop.dialogs.scope import ScopeDialog
from desktop.dialogs.split import SplitDialog
from desktop.jobs import SyncJobs
from desktop.pages.breakdown import BY_ASSIGNEE, BY_TASK, BreakdownPage
from desktop.places import Place
from desktop.session import Session

HOUSEHOLDS, BOILERS = "08-06-1", "08-02-1"


def open_page(qtbot: QtBot, session: Session) -> BreakdownPage:
    page = BreakdownPage(session)
    qtbot.addWidget(page)
    page.resize(1282, 680)
    with qtbot.waitExposed(page):
        page.show()
    return page


@pytest.fixture
def page(qtbot: QtBot, empty_session: Session) -> BreakdownPage:
    return open_page(qtbot, empty_session)


@pytest.fixture
def demo(qtbot: QtBot, demo_session: Session) -> BreakdownPage:
    return open_page(qtbot, demo_session)


def kind(session: Session, task_id: str) -> StateKind:
    with session.county.reading() as conn:
        return states(conn, session.catalogue)[task_id].kind


def test_from_nothing_to_done_by_the_next_steps(page: BreakdownPage, empty_session: Session) -> None:
    page.tree.select(HOUSEHOLDS)
    assert page.task.next_step.link.text() == "录入县级目标…"
    page.task.next_step.link.click()
    quota = page.task.dialog
    assert isinstance(quota, QuotaDialog)
    quota.amount.setText("3080")
    quota.accept()
    assert kind(empty_session, HOUSEHOLDS) is StateKind.NOT_STARTED
    assert page.task.next_step.link.text() == "分配…"
    page.task.next_step.link.click()
    split = page.task.dialog
    assert isinstance(split, SplitDialog)
    split.accept()
    assert page.task.next_step.isHidden()
    assert kind(empty_session, HOUSEHOLDS) is StateKind.DONE
    node = page.model.node(page.model.index_of(HOUSEHOLDS))
    assert node is not None
    assert node.state is not None
    assert node.state.kind is StateKind.DONE, "the tree follows every write"
    empty_session.undo()
    empty_session.undo()
    assert page.task.next_step.link.text() == "录入县级目标…"
    empty_session.redo()
    empty_session.redo()
    assert kind(empty_session, HOUSEHOLDS) is StateKind.DONE


def test_units_are_named_and_disabled_where_there_are_none(page: BreakdownPage) -> None:
    page.tree.select(HOUSEHOLDS)
    assert page.task.unit.text() == "单位：户（市级单位：万户）"
    page.tree.select(BOILERS)
    assert page.task.unit.text() == ""
    assert not page.task.split_button.isEnabled()
    assert not page.task.quota_button.isEnabled()


def test_what_is_not_handed_out_says_so(page: BreakdownPage) -> None:
    page.tree.select("08-01-1")
    assert page.task.stack.currentIndex() == 1
    assert "不向下分解" in page.task.nothing.title.text()
    assert not page.task.add_button.isEnabled()


def test_excluding_a_task_and_taking_it_back(page: BreakdownPage, empty_session: Session) -> None:
    page.tree.select("03-02-3")
    page.task.scope_button.click()
    dialog = page.task.dialog
    assert isinstance(dialog, ScopeDialog)
    dialog.reason.setPlainText("辖区内没有焦化企业。")
    dialog.accept()
    assert "不涉及" in page.task.nothing.title.text()
    assert "焦化" in page.task.nothing.text.text()
    assert page.task.scope_button.text() == "改为涉及…"
    page.task.scope_button.click()
    back = page.task.dialog
    assert isinstance(back, ScopeDialog)
    back.accept()
    assert page.task.stack.currentIndex() == 0
    assert page.task.scope_button.text() == "不涉及…"


def test_a_heading_says_what_is_left_and_leads_on(page: BreakdownPage) -> None:
    page.tree.select_part("3")
    assert "还有" in page.heading.title.text()
    page.go_to_next()
    node = page.model.node(page.model.index_of(page.tree.current_task()))
    assert node is not None
    assert node.id.startswith("07")


def test_one_town_with_all_its_tasks(demo: BreakdownPage, demo_session: Session, qtbot: QtBot) -> None:
    demo.modes.button(BY_ASSIGNEE).click()
    pane = demo.assignee
    assert pane.who.text() == "圣城街道（镇街）"
    tasks = pane.model.rowCount()
    assert pane.count.text() == f"{tasks}项任务"
    row = pane.model.row_of(HOUSEHOLDS)
    column = next(c for c, each in enumerate(pane.model.columns) if each.year == 2022)
    pane.model.setData(pane.model.index(row, column), "1.5")
    assert "整数" in pane.model.problem(row, column)
    pane.model.setData(pane.model.index(row, column), "1000")
    assert kind(demo_session, HOUSEHOLDS) is not StateKind.NOT_STARTED
    assert demo_session.undo_label == "圣城街道：农村地区新增清洁取暖改造户数2022年：1,000"
    demo.tree.select(BOILERS)
    assert pane.model.rowCount() == tasks + 1
    new = pane.model.row_of(BOILERS)
    assert pane.sheet.currentIndex().row() == new
    qtbot.keyClick(pane.sheet, Qt.Key.Key_Space)
    assert pane.model.value(new, column) is True
    pane.walk(1)
    assert pane.who.text().startswith("文家街道")
    pane.sheet.row_action.emit(0, "open")
    assert demo.mode == BY_TASK
    assert demo.tree.current_task() == pane.model.tasks[0].task.id


def test_places_lead_to_tasks_assignees_parts_and_states(demo: BreakdownPage, demo_session: Session) -> None:
    demo.reveal(Place("breakdown", task_id=HOUSEHOLDS, year=2022))
    grid = demo.task.grid
    assert grid is not None
    row = grid.rows[4]
    demo.reveal(Place("breakdown", task_id=HOUSEHOLDS, year=2023, row_id=row.cells[2023].assignment_id))
    current = demo.task.view.sheet.currentIndex()
    assert (current.row(), current.column()) == (4, demo.task.model.year_column(2023))
    demo.reveal(Place("breakdown", section="part:4"))
    assert demo.clause.title.text().startswith("四、")
    demo.reveal(Place("breakdown", section="pending"))
    node = demo.model.node(demo.model.index_of(demo.tree.current_task()))
    assert node is not None
    assert node.state is not None
    assert node.state.kind is StateKind.PENDING
    demo.reveal(Place("breakdown", section="town", row_id=row.assignee.id))
    assert demo.mode == BY_ASSIGNEE
    assert demo.assignee.assignee is not None
    assert demo.assignee.assignee.id == row.assignee.id
    demo.reveal(Place("breakdown", task_id=BOILERS))
    assert demo.mode == BY_TASK


def test_moving_an_assignee_out_is_one_step(demo: BreakdownPage, demo_session: Session) -> None:
    demo.tree.select(BOILERS)
    pane = demo.task
    assert pane.grid is not None
    before = [row.assignee.id for row in pane.grid.rows]
    assert pane.grid.rows[0].assignee.kind == "department", "who has the task stands first"
    pane.remove(0)
    assert pane.grid is not None
    assert before[0] not in [row.assignee.id for row in pane.grid.rows]
    demo_session.undo()
    assert pane.model.row_of(before[0]) >= 0


def test_year_switch_changes_the_texts(demo: BreakdownPage, demo_session: Session) -> None:
    demo.tree.select(HOUSEHOLDS)
    model = demo.task.model
    deadline = next(c for c, each in enumerate(model.columns) if each.field == "deadline")
    assert model.shown(0, deadline) == "2022-12-31"
    demo_session.year = 2023
    assert model.shown(0, deadline) == "2023-12-31"


def test_selection_is_summed_for_the_status_line(demo: BreakdownPage, qtbot: QtBot) -> None:
    demo.tree.select(HOUSEHOLDS)
    with qtbot.waitSignal(demo.selection_told) as told:
        demo.task.view.sheet.selectAll()
    assert told.args is not None
    assert told.args[0].startswith("已选")


def test_read_only_county_can_be_looked_at(qtbot: QtBot, demo_session: Session) -> None:
    folder = demo_session.folder
    demo_session.close_county()
    session = Session(jobs=SyncJobs(), author="李四")
    session.open_folder(folder, read_only=True)
    page = open_page(qtbot, session)
    page.tree.select(HOUSEHOLDS)
    assert page.read_only.isVisible()
    assert not any(b.isEnabled() for b in (page.task.split_button, page.task.add_button, page.task.scope_button))
    model = page.task.model
    assert not model.index(0, model.year_column(2022)).flags() & Qt.ItemFlag.ItemIsEditable
    assert page.task.next_step.isHidden()
    page.task.edit_quota(2022)
    assert page.task.dialog is not None
    assert not page.task.dialog.accept_button.isEnabled()
    session.close()


def test_a_hidden_page_catches_up_when_it_is_shown(demo: BreakdownPage, demo_session: Session) -> None:
    demo.tree.select(HOUSEHOLDS)
    demo.hide()
    model = demo.task.model
    model.setData(model.index(0, model.year_column(2022)), "1")
    demo.show()
    node = demo.model.node(demo.model.index_of(HOUSEHOLDS))
    assert node is not None
    assert node.state is not None
    assert node.state.kind is StateKind.UNBALANCED


def test_focus_before_the_states_are_there_chooses_nothing(qtbot: QtBot, empty_session: Session) -> None:
    page = BreakdownPage(empty_session)
    qtbot.addWidget(page)
    # What Qt does when the tree gets the focus and nothing is current.
    page.tree.view.setCurrentIndex(page.tree.filter.index(0, 0))
    page.show()
    assert page.tree.current_task() == "03-01"
