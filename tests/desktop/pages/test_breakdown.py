"""任务分解 as a clerk uses it: from an empty county to a task that adds up, and the other way round."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from db.work.breakdown import StateKind, states
from db.work.quotas import set_quota
from desktop.dialogs.assignees import AddAssigneesDialog
from desktop.dialogs.quota import QuotaDialog
from desktop.dialogs.scope import ScopeDialog
from desktop.dialogs.split import SplitDialog
from desktop.jobs import SyncJobs
from desktop.models.sheet_column import Kind
from desktop.models.split_model import Col
from desktop.pages.breakdown import BY_ASSIGNEE, BY_TASK, BreakdownPage
from desktop.places import Place
from desktop.session import Session

HOUSEHOLDS, BOILERS, OTHER = "08-06-1", "08-02-1", "03-02-3"


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
    assert page.task.next_step.link.text() == "下一项任务", "the strip stays: the sheet must not jump"
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


def test_the_sheet_stays_where_it_is_after_the_first_entry(page: BreakdownPage, empty_session: Session) -> None:
    empty_session.write("目标", lambda op: set_quota(op, target_id=HOUSEHOLDS, year=2022, amount=Decimal(100)))
    page.tree.select(HOUSEHOLDS)
    model, sheet = page.task.model, page.task.view.sheet
    page.grab()
    top = sheet.mapTo(page, QPoint(0, 0)).y()
    model.enter(0, model.year_column(2022), "5")
    page.grab()
    assert sheet.mapTo(page, QPoint(0, 0)).y() == top
    assert page.task.next_step.sentence.text() == "2022年还有95户没有分解。"
    model.enter(1, model.year_column(2022), "95")
    assert page.task.next_step.link.text() == "下一项任务"
    page.tree.select(BOILERS)
    page.tree.select(HOUSEHOLDS)
    assert page.task.next_step.isHidden(), "opened again, there is nothing to begin with"


def test_nobody_to_add_leads_to_where_enterprises_are_registered(page: BreakdownPage) -> None:
    wanted: list[Place] = []
    page.navigate.connect(wanted.append)
    page.tree.select(HOUSEHOLDS)
    page.task.add()
    dialog = page.task.dialog
    assert isinstance(dialog, AddAssigneesDialog)
    dialog.show_kind("town")
    assert dialog.register_button.isHidden()
    dialog.show_kind("enterprise")
    assert not dialog.register_button.isHidden() and dialog.register_button.text() == "到“基础信息”登记企业"
    dialog.register_button.click()
    assert wanted == [Place("base", section="enterprise")] and not dialog.isVisible()


def test_units_are_named_and_disabled_where_there_are_none(page: BreakdownPage) -> None:
    page.tree.select(HOUSEHOLDS)
    assert page.task.unit.text() == "单位：户（市级万户）"
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
    assert pane.model.rowCount() == tasks, "going through the plan gives nobody anything"
    qtbot.keyClick(demo.tree.view, Qt.Key.Key_Return)
    assert pane.model.rowCount() == tasks + 1
    assert not pane.add_button.isEnabled(), "it is there already"
    new = pane.model.row_of(BOILERS)
    assert pane.sheet.currentIndex().row() == new
    qtbot.keyClick(pane.sheet, Qt.Key.Key_Space)
    assert pane.model.value(new, column) is True
    pane.walk(1)
    assert pane.who.text().startswith("文家街道")
    pane.sheet.row_action.emit(0, "open")
    assert demo.mode == BY_TASK
    assert demo.tree.current_task() == pane.model.tasks[0].task.id


def test_a_click_in_the_plan_or_the_button_gives_the_assignee_a_task(demo: BreakdownPage, qtbot: QtBot) -> None:
    demo.modes.button(BY_ASSIGNEE).click()
    pane = demo.assignee
    demo.tree.select(BOILERS)
    view = demo.tree.view
    place = view.visualRect(view.currentIndex()).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert pane.sheet.currentIndex().row() == pane.model.row_of(BOILERS) >= 0
    demo.tree.select("08-01-1")
    assert not pane.add_button.isEnabled(), "it is not handed out"
    demo.tree.select(OTHER)
    assert pane.model.row_of(OTHER) < 0
    pane.add_button.click()
    assert pane.sheet.currentIndex().row() == pane.model.row_of(OTHER) >= 0


def test_rows_of_an_assignee_add_up_as_their_measure_says(demo: BreakdownPage) -> None:
    demo.modes.button(BY_ASSIGNEE).click()
    model = demo.assignee.model
    total = next(c for c, each in enumerate(model.columns) if each.kind is Kind.TOTAL)
    rows = {each.task.id: (model.shown(row, total), each.apart) for row, each in enumerate(model.tasks)}
    shown, apart = rows[HOUSEHOLDS]
    amounts = [cell.in_unit or 0 for cell in model.tasks[model.row_of(HOUSEHOLDS)].cells.values()]
    assert (shown, apart) == (f"{sum(amounts):,}", "")
    others = [shown for shown, apart in rows.values() if apart]
    assert others and set(others) == {"—"}
    row = next(row for row, each in enumerate(model.tasks) if each.apart)
    assert "不相加" in str(model.data(model.index(row, total), Qt.ItemDataRole.ToolTipRole))


def test_one_button_writes_the_paper_of_the_one_shown(demo: BreakdownPage, demo_session: Session) -> None:
    demo.modes.button(BY_ASSIGNEE).click()
    assert demo.assignee.assignee is not None
    demo.assignee.paper_button.click()
    (file,) = (demo_session.folder / "exports" / "任务书").iterdir()
    assert demo.assignee.assignee.name in file.name and file.suffix == ".docx"
    assert demo.papers.dialog is not None
    demo.papers.dialog.accept()


def test_a_pane_nobody_looks_at_reads_nothing(
    demo: BreakdownPage, demo_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.modes.button(BY_ASSIGNEE).click()
    demo.modes.button(BY_TASK).click()
    demo.tree.select(HOUSEHOLDS)
    grid = demo.task.grid
    assert grid is not None
    read: list[object] = []
    plain = demo_session.read

    def watch(query: Any, done: Any, *, owner: Any, key: str = "") -> None:
        read.append(owner)
        plain(query, done, owner=owner, key=key)

    monkeypatch.setattr(demo_session, "read", watch)
    column = demo.task.model.year_column(2022)
    demo.task.model.enter(0, column, "7")
    assert demo.task in read and demo.assignee not in read
    demo.modes.button(BY_ASSIGNEE).click()
    model, row = demo.assignee.model, demo.assignee.model.row_of(HOUSEHOLDS)
    assert demo.assignee in read and model.tasks[row].cells[2022].in_unit == 7, "it catches up when it is shown"
    read.clear()
    place = next(c for c, each in enumerate(model.columns) if each.year == 2022)
    model.enter(row, place, "8")
    assert demo.assignee in read and demo.task not in read
    demo.hide()
    read.clear()
    demo_session.undo()
    assert demo.assignee not in read and demo.task not in read
    demo.show()
    assert demo.assignee.model.tasks[row].cells[2022].in_unit == 7
    demo.modes.button(BY_TASK).click()
    assert demo.task.model.stored(0, column) == 7


def test_locked_amounts_are_left_alone_and_remembered(demo: BreakdownPage, qtbot: QtBot) -> None:
    demo.tree.select(HOUSEHOLDS)
    pane, model, sheet = demo.task, demo.task.model, demo.task.view.sheet
    column = model.year_column(2022)

    def locked() -> list[int]:
        rows = range(model.rowCount())
        return [row for row in rows if model.look(row, column).locked]

    sheet.go(model.index(0, column))
    qtbot.keyClick(sheet, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(sheet, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert locked() == [0, 1]
    assert "已锁定" in str(model.data(model.index(0, column), Qt.ItemDataRole.ToolTipRole))
    assert "锁定" in [entry.text() for entry in sheet.menu_at(model.index(0, column)).actions()][5]
    kept = [model.stored(row, column) for row in (0, 1)]
    pane.split_button.click()
    dialog = pane.dialog
    assert isinstance(dialog, SplitDialog)
    assert [line.locked for line in dialog.model.recipients[:3]] == [True, True, False]
    dialog.model.setData(dialog.model.index(1, Col.LOCKED), "")
    dialog.model.setData(dialog.model.index(2, Col.LOCKED), "√")
    dialog.years.button(2023).click()
    assert not any(line.locked for line in dialog.model.recipients), "each year has its own"
    dialog.years.button(2022).click()
    dialog.total.setText("40000")
    dialog.accept()
    assert model.stored(0, column) == kept[0] and model.stored(1, column) != kept[1]
    demo.tree.select(BOILERS)
    assert locked() == []
    assert not model.toggle_locks([model.index(0, column)]), "a tick is nothing that 分配 gives"
    demo.tree.select(HOUSEHOLDS)
    assert locked() == [0, 2], "what was changed in the dialog is remembered too"
    sheet.go(model.index(0, column))
    qtbot.keyClick(sheet, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert locked() == [2]


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


def test_a_task_chosen_before_the_states_are_there_stays_chosen(qtbot: QtBot, empty_session: Session) -> None:
    page = BreakdownPage(empty_session)
    qtbot.addWidget(page)
    page.tree.search.setText(HOUSEHOLDS)
    page.tree.search.returnPressed.emit()
    assert page.tree.current_task() == HOUSEHOLDS
    page.show()
    assert page.tree.current_task() == HOUSEHOLDS
    assert page.tree.search.text() == HOUSEHOLDS
