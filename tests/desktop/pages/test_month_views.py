"""月调度, the other views: the month's projects, what is late, measures taken and 督办单."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pytestqt.qtbot import QtBot

from db.work.monthly.measures import measures
from db.work.monthly.model import COUNTY
from desktop.dialogs.measure import MeasureDialog
from desktop.dialogs.supervision import SupervisionDialog
from desktop.pages.monthly import LATE, PROJECTS
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.dialog import Dialog
from tests.desktop.month_page import MARCH, Month


def test_projects_are_reported_by_the_month(month: Month, qtbot: QtBot) -> None:
    month.page.show_view(PROJECTS)
    model = month.page.projects.model
    column = model.column_of("completed_investment")
    assert model.rowCount() > 50 and model.index(0, column).data() == "未报"
    assert model.enter(0, column, "123.45")
    assert model.lines[0].now.completed_investment == Decimal("123.45")
    assert "已报1个" in month.page.projects.count.text()
    with qtbot.waitSignal(month.page.navigate) as going:
        month.page.projects.sheet.row_action.emit(0, "open")
    assert going.args[0].page == "projects" and going.args[0].row_id == model.lines[0].key.row_id
    month.page.reveal(
        Place("monthly", section="projects", register=model.lines[3].key.register, row_id=model.lines[3].key.row_id)
    )
    assert month.page.projects.sheet.currentIndex().row() == 3


def test_what_is_late_is_listed_and_measures_are_recorded(month: Month) -> None:
    month.page.show_view(LATE)
    late = month.page.late
    assert late.shown and late.table.rows_model.rows[0][6].text
    line = next(each for each in late.shown if each.key.assignee_kind != COUNTY)
    late.table.selectRow(late.shown.index(line))
    assert line.title in late.sentence.text() and late.no_measure.isVisible()
    late.record()
    dialog = late.dialog
    assert isinstance(dialog, MeasureDialog)
    dialog.fields["kind"].editor.start_with("约谈")
    dialog.accept()
    who = (line.key.assignee_kind, line.key.assignee_id)
    with month.session.county.reading() as conn:
        (found,) = measures(conn, who)
    assert (found.kind, found.taken_on, found.task_id) == ("约谈", date(2022, 4, 2), line.key.task_id)
    assert late.taken.isVisible() and late.taken.rows_model.rows[0][1].text == "约谈"
    late.taken.chosen.emit(0)
    changed = late.dialog
    assert isinstance(changed, MeasureDialog)
    changed.fields["result"].editor.start_with("月底前补齐")
    changed.accept()
    assert late.taken.rows_model.rows[0][3].text == "月底前补齐"


def test_a_measure_without_its_kind_is_refused(month: Month) -> None:
    month.page.show_view(LATE)
    month.page.late.record()
    dialog = month.page.late.dialog
    assert isinstance(dialog, MeasureDialog)
    dialog.accept()
    assert "没有填措施" in dialog.trouble.text() and dialog.isVisible()
    dialog.reject()


def test_papers_are_written_for_those_who_are_late_and_count_as_measures(month: Month) -> None:
    month.page.show_view(LATE)
    late = month.page.late
    late.issue()
    dialog = late.papers.dialog
    assert isinstance(dialog, SupervisionDialog)
    assert {owner.assignee.kind for owner in dialog.owners} <= {"town", "enterprise", "department"}
    dialog.check_everybody(False)
    dialog.show_kind(dialog.owners[0].assignee.kind)
    dialog.model.check_all(True)
    dialog.number.setText("督〔2022〕3号")
    folder = month.session.folder / "出"
    dialog.folder.setText(str(folder))
    chosen = [who.key for who in dialog.model.checked]
    dialog.accept()
    files = sorted(folder.iterdir())
    assert len(files) == len(chosen) and all(file.name.startswith("督办单-") for file in files)
    with month.session.county.reading() as conn:
        (found,) = measures(conn, chosen[0])
    assert (found.kind, found.document_number) == ("督办单", "督〔2022〕3号")
    told = late.papers.dialog
    assert isinstance(told, Dialog) and str(len(chosen)) in told.heading.text()


def test_an_empty_county_files_for_itself(qtbot: QtBot, empty_session: Session) -> None:
    empty_session.period = MARCH
    month = Month(qtbot, empty_session)
    assert month.model.rowCount() > 50
    assert {month.model.line(row).key.assignee_kind for row in range(month.model.rowCount())} == {COUNTY}
    month.page.show_view(PROJECTS)
    assert month.page.projects.stack.currentIndex() == 1
    month.page.show_view(LATE)
    assert not month.page.late.paper_button.isEnabled() and "没有可以督办的" in month.page.late.paper_button.toolTip()
