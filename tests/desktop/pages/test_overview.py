"""总览: its figures are those of the county, and each leads to what is behind it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell, State
from db.store import records
from db.store.operation import Operation
from db.work.assignments import AssignmentEntry, set_assignments
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.grid import month_grid
from db.work.monthly.lamps import LampKind
from db.work.monthly.overview import MonthOverview, month_overview
from db.work.quotas import quotas, set_quota
from db.work.task_states import StateKind
from desktop.checking import checking_of
from desktop.export_job import export_package
from desktop.pages.overview import OverviewPage
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.issues_card import NOT_BEGUN, IssuesInStatus
from desktop.widgets.month_charts import LAMP_MARKS
from desktop.widgets.overview_cards import LAMPS, STATES, WHOLE
from desktop.widgets.simple_table import SimpleTable
from desktop.widgets.status_line import StatusLine


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
    assert "余额" not in page.broken_down.remark.text()
    assert page.projects.figure.text() == "252"
    assert not page.first_steps.isVisible()
    assert not page.open_card.isVisible()


def test_a_new_county_is_not_told_of_problems_before_anything_is_filled_in(
    qtbot: QtBot, empty_session: Session
) -> None:
    page, line = opened(qtbot, empty_session), StatusLine()
    qtbot.addWidget(line)
    checking = checking_of(empty_session)
    IssuesInStatus(checking, line)
    checking.again()
    assert checking.findings is not None and not checking.findings.may_export
    assert (page.issues.remark.text(), page.issues.figure.property("tone")) == (NOT_BEGUN, "")
    assert line.value("issues") == NOT_BEGUN

    def first_quota(op: Operation) -> None:
        set_quota(op, target_id="08-06-1", year=2022, amount=Decimal(5), document_number="文1", reason="市里下达")

    empty_session.write("录入县级目标", first_quota)
    assert "个问题待处理" in line.value("issues") and page.issues.remark.text() != NOT_BEGUN
    empty_session.undo()
    assert line.value("issues") == NOT_BEGUN


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
    with empty_session.county.reading() as conn:
        (town,) = conn.execute("SELECT id FROM town LIMIT 1").fetchone()
    share = AssignmentEntry("03-01", 2022, "town", town, {})
    empty_session.write("打勾", lambda op: set_assignments(op, [share]))
    assert page.broken_down.figure.text().startswith("1 / ")
    assert page.first_steps.isVisible()


def test_a_changed_quota_shows_up_as_work_to_do(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)

    def five_more(op: Operation) -> None:
        told = quotas(op.conn)["08-06-1"][2022].amount
        assert isinstance(told, Decimal)
        set_quota(op, target_id="08-06-1", year=2022, amount=told + 5, document_number="文1", reason="市里调整")

    demo_session.write("调整县级目标", five_more)
    assert page.broken_down.remark.text() == "1 项余额不为零"
    row = texts(page.todo)[0]
    assert row[0] == "08-06-1" and row[2] == "余额不为零" and "5" in row[3]
    with qtbot.waitSignal(page.navigate) as going:
        page.todo.chosen.emit(0)
    assert going.args == [Place("breakdown", task_id="08-06-1")]
    demo_session.undo()
    assert "余额" not in page.broken_down.remark.text()


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
    cards = {page.broken_down: "breakdown", page.filed: "monthly", page.red: "monthly", page.quotas: "base"}
    for card, wanted in (*cards.items(), (page.projects, "projects"), (page.submitted, "submit")):
        with qtbot.waitSignal(page.navigate) as going:
            qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
        assert going.args[0].page == wanted
        with qtbot.waitSignal(page.navigate) as going:
            qtbot.keyClick(card, Qt.Key.Key_Return)
        assert going.args[0].page == wanted


def test_the_last_package_is_shown_with_its_three_statuses_apart(
    qtbot: QtBot, demo_session: Session, tmp_path: Path
) -> None:
    export_package(demo_session.county, kind="plan", period="2022", out=tmp_path)
    page = opened(qtbot, demo_session)
    assert (page.submitted.figure.text(), page.submitted.remark.text()) == ("2022 第1次", "任务分解　已导出　待审核")

    def change(op: Operation) -> None:
        op.conn.execute("UPDATE submission SET status = '已接收', review = '通过'")
        first = "SELECT min(seq) FROM assignment WHERE year = 2022 AND amount > 0"
        op.conn.execute(f"UPDATE assignment SET amount = amount + 1000000 WHERE seq = ({first})")

    demo_session.write("改", change)
    assert page.submitted.remark.text() == "任务分解　已接收　通过后修改　报送后修改1处"


def test_many_registers_do_not_make_the_page_taller_than_the_screen(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    assert len(texts(page.registers)) == 38
    assert page.minimumSizeHint().height() <= 660


# -- the month -------------------------------------------------------------------------------------------------------

HEATING, MARCH = "08-06-1", Period(2022, 3)


def file_heating(session: Session) -> MonthOverview:
    """Give three towns a figure of March: one enough, one too little, one that does not apply."""
    with session.county.reading() as conn:
        lines = [line for line in month_grid(conn, session.catalogue, MARCH).lines if line.key.task_id == HEATING]
    amounts: tuple[Cell, ...] = (Decimal(9000), Decimal(0), State.NOT_APPLICABLE)
    changes = [EntryChange(line.key, {"amount": each}) for line, each in zip(lines, amounts, strict=False)]
    session.write("填报", lambda op: set_entries(op, MARCH, changes))
    with session.county.reading() as conn:
        return month_overview(conn, session.catalogue, MARCH)


def test_the_months_figures_are_those_of_the_county(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    assert page.parts.modes.value == STATES  # no lamp says anything yet
    found = file_heating(demo_session)
    assert page.filed.figure.text() == f"{found.filed} / {found.lines}" and found.filed >= 3
    assert page.red.figure.text() == str(found.line_lamps[LampKind.RED])
    assert page.parts.modes.value == LAMPS
    data = page.parts.chart.data
    assert {row.key: row.values for row in data.rows} == {
        part.part: tuple(Decimal(part.lamps.get(kind, 0)) for kind in LAMP_MARKS) for part in found.parts
    }
    filing = {row.name: row.cells["progress"] for row in found.filing}
    shown = {row[0].text: row[1].text for row in page.filing.table.rows_model.rows}
    assert shown.keys() == filing.keys()
    for name, cell in filing.items():
        assert shown[name].startswith(cell.status.value) or not cell.due
    judged = {town.id: town.met for town in found.towns if town.met is not None}
    assert {row.key: row.values[0] for row in page.towns.chart.data.rows} == judged


def test_every_chart_and_row_of_the_month_leads_to_what_is_behind_it(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    found = file_heating(demo_session)
    for signal, key, wanted in (
        (page.parts.chart.chosen, "4", Place("monthly", section="part:4")),
        (page.towns.chart.chosen, "x", Place("monthly", section="town:x")),
        (page.investment.chart.chosen, "coal_boiler", Place("projects", register="coal_boiler")),
        (page.curve.chart.chosen, "2022-02", Place("monthly", task_id=page.curve.task_id, period="2022-02")),
    ):
        with qtbot.waitSignal(page.navigate) as going:
            signal.emit(key, -1)
        assert going.args == [wanted]
    with qtbot.waitSignal(page.navigate) as going:
        page.parts.chart.chosen.emit("4", list(LAMP_MARKS).index(LampKind.YELLOW))
    assert going.args == [Place("monthly", section="part:4/yellow")]
    with qtbot.waitSignal(page.navigate) as going:
        page.filing.table.chosen.emit(0)
    assert going.args[0].section.partition(":")[0] in ("town", "who")
    assert found.lines


def test_a_targets_curve_is_chosen_and_stays_chosen(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    file_heating(demo_session)
    page.curve.choice.setCurrentIndex(page.curve.choice.findData(HEATING))
    page.curve.choice.activated.emit(page.curve.choice.currentIndex())
    data = page.curve.chart.data
    assert len(data.rows) == 12 and data.rows[2].values[0] == 9000
    page.curve.span.button(WHOLE).click()
    assert len(page.curve.chart.data.rows) == 36
    demo_session.undo()
    assert page.curve.task_id == HEATING


def test_the_clerk_is_reminded_but_not_where_nothing_has_begun(
    qtbot: QtBot, demo_session: Session, empty_folder: Path
) -> None:
    demo_session.today = lambda: date(2022, 4, 2)
    page = opened(qtbot, demo_session)
    assert "2022-04-06前（还有4天）" in page.reminder.sentence.text()
    with qtbot.waitSignal(page.navigate) as going:
        page.reminder.link.click()
    assert going.args == [Place("monthly", section="missing")]
    demo_session.open_folder(empty_folder)
    assert page.first_steps.isVisible() and not page.reminder.isVisible()


def test_another_month_shows_other_figures(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    file_heating(demo_session)
    march = page.filed.figure.text()
    demo_session.period = Period(2022, 2)
    assert page.filing.title.text() == "2月填报" and page.filed.figure.text() != march
