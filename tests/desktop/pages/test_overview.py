"""总览: its figures are those of the county, and each leads to what is behind it."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.store import records
from db.store.operation import Operation
from db.work.assignments import AssignmentEntry, set_assignments
from db.work.quotas import quotas, set_quota
from db.work.task_states import StateKind
from desktop.pages.overview import OverviewPage
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.simple_table import SimpleTable


def texts(table: SimpleTable) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows_model.rows]


def opened(qtbot: QtBot, session: Session) -> OverviewPage:
    page = OverviewPage(session)
    qtbot.addWidget(page)
    page.resize(1280, 690)
    page.show()
    return page


def test_the_demo_is_broken_down_and_adds_up(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    done, total = page.broken_down.figure.text().split(" / ")
    assert done == total and int(total) > 70
    assert page.unbalanced.figure.text() == "0"
    assert page.projects.figure.text() == "160"
    assert not page.first_steps.isVisible()
    assert page.nothing_open.isVisible() and not page.todo.isVisible()


def test_the_registers_are_totalled_from_their_rows(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    with demo_session.county.reading() as conn:
        rows, total = conn.execute("SELECT count(*), sum(total_investment) FROM register_coal_boiler").fetchone()
    row = next(row for row in texts(page.registers) if row[0] == "燃煤锅炉淘汰")
    assert row[1] == str(rows)
    assert row[3] == f"{total // 1_000_000:,}"


def test_an_empty_county_says_where_to_begin(qtbot: QtBot, empty_session: Session) -> None:
    page = opened(qtbot, empty_session)
    assert page.first_steps.isVisible()
    assert page.submitted.figure.text() == "—"
    assert page.nothing_due.isVisible()
    assert {row[2] for row in texts(page.todo)} == {StateKind.NOT_STARTED.value}


def test_the_first_steps_stay_until_each_has_begun(qtbot: QtBot, empty_session: Session) -> None:
    page = opened(qtbot, empty_session)
    assert page.unbalanced.remark.text() == "还没有分解完的任务"
    with empty_session.county.reading() as conn:
        (town,) = conn.execute("SELECT id FROM town LIMIT 1").fetchone()
    share = AssignmentEntry("03-01", 2022, "town", town, {})
    empty_session.write("打勾", lambda op: set_assignments(op, [share]))
    assert page.broken_down.figure.text().startswith("1 / ")
    assert page.unbalanced.remark.text() == "分解完的都对得上"
    assert page.first_steps.isVisible()


def test_a_changed_quota_shows_up_as_work_to_do(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)

    def five_more(op: Operation) -> None:
        told = quotas(op.conn)["08-06-1"][2022].amount
        assert isinstance(told, Decimal)
        set_quota(op, target_id="08-06-1", year=2022, amount=told + 5, document_number="文1", reason="市里调整")

    demo_session.write("调整县级目标", five_more)
    assert page.unbalanced.figure.text() == "1"
    row = texts(page.todo)[0]
    assert row[0] == "08-06-1" and row[2] == "余额不为零" and "5" in row[3]
    with qtbot.waitSignal(page.navigate) as going:
        page.todo.chosen.emit(0)
    assert going.args == [Place("breakdown", task_id="08-06-1")]
    demo_session.undo()
    assert page.unbalanced.figure.text() == "0"


def test_deadlines_are_counted_from_today_and_lead_to_the_project(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    rows = texts(page.due)
    assert any(row[3].startswith("逾期") for row in rows) and any(row[3].endswith(" 天") for row in rows)
    with qtbot.waitSignal(page.navigate) as going:
        page.due.chosen.emit(0)
    place = going.args[0]
    assert place.page == "projects"
    with demo_session.county.reading() as conn:
        row = records.get(conn, load_schema(place.register), place.row_id)
    assert row is not None and row.values["name"] == rows[0][0]


def test_every_figure_is_a_link_by_mouse_and_keyboard(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    for card, wanted in ((page.broken_down, "breakdown"), (page.projects, "projects"), (page.submitted, "submit")):
        with qtbot.waitSignal(page.navigate) as going:
            qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
        assert going.args[0].page == wanted
        with qtbot.waitSignal(page.navigate) as going:
            qtbot.keyClick(card, Qt.Key.Key_Return)
        assert going.args[0].page == wanted


def test_many_registers_do_not_make_the_page_taller_than_the_screen(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    assert len(texts(page.registers)) == 38
    assert page.minimumSizeHint().height() <= 660
