"""Where a clerk comes to in the window: every page, section, step and way, and the dialogs; for pictures and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

from PySide6.QtGui import QGuiApplication

import resources
from db.core.fields import load_schema
from db.core.values import Cell
from db.plan.catalogue import load_catalogue
from db.plan.reading.document import open_document
from db.store import records
from db.store.operation import Operation
from db.work import plan_draft
from db.work.assignees import assignees
from db.work.handouts import Handout, record_handouts
from db.work.plan_offer import Offer
from desktop.main_window import MainWindow
from desktop.pages import PAGES
from desktop.pages.base import BasePage
from desktop.pages.breakdown import BY_ASSIGNEE, BY_TASK, BreakdownPage
from desktop.pages.monthly import LATE, VIEWS, MonthlyPage
from desktop.pages.projects import ProjectsPage
from desktop.pages.submit import CHOOSE, DONE, FOLDER, SubmitPage
from desktop.pages.workbooks import WorkbooksPage
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.base_section import SECTIONS

Stop = tuple[str, Callable[[], object]]

SCREEN, TASK_BAR, TITLE = (1366, 768), 40, 30
"""The county's PC: its screen and the task bar in its own points, the window's title in those of the layout."""

LARGE_SCREEN, LARGEST_SCALE = (1920, 1080), 1.5
"""The least screen on which Windows offers more than this scale."""

TYPICAL = {
    "breakdown": Place("breakdown", task_id="08-06-1", year=2022),
    "projects": Place("projects", register="rural_heating"),
}


def room(scale: float) -> tuple[int, int]:
    """Return what a maximised window has inside, in the units in which it is laid out, at a scale of 1.0 to 2.0."""
    width, height = SCREEN if scale <= LARGEST_SCALE else LARGE_SCREEN
    return int(width / scale), int((height - TASK_BAR) / scale) - TITLE


def stops(window: MainWindow) -> Iterator[Stop]:
    """Yield each place by its name, with what leads there; to be called in order."""
    for entry in PAGES:
        window.go(TYPICAL.get(entry.name, Place(entry.name)))
        page = window.page(entry.name)
        if isinstance(page, BasePage):
            yield from ((f"base-{name}", partial(page.open_section, name)) for name, _, _ in SECTIONS)
        elif isinstance(page, SubmitPage):
            yield from _steps(page)
        elif isinstance(page, BreakdownPage):
            yield from ((f"breakdown-by-{mode}", partial(page.set_mode, mode)) for mode in (BY_ASSIGNEE, BY_TASK))
        elif isinstance(page, MonthlyPage):
            yield from _views(page)
        else:
            yield entry.name, lambda: None


def month_stops(window: MainWindow) -> Iterator[Stop]:
    """Yield the places that show a month, of a county in which there is much to see there."""
    window.go(Place("overview"))
    yield "overview", lambda: None
    window.go(Place("monthly"))
    page = window.page("monthly")
    assert isinstance(page, MonthlyPage)
    yield from _views(page)
    window.go(Place("evaluation"))
    yield "evaluation", lambda: None
    window.go(Place("base", section="backup"))
    yield "base-backup", lambda: None


def _views(page: MonthlyPage) -> Iterator[Stop]:
    yield from ((f"monthly-{view}", partial(page.show_view, view)) for view, _ in VIEWS)


def _steps(page: SubmitPage) -> Iterator[Stop]:
    yield "submit-choose", partial(page._show, CHOOSE)
    yield "submit-issues", page.go_on
    yield "submit-check", page._read_contents
    yield "submit-folder", partial(page._show, FOLDER)
    yield "submit-done", partial(page._show, DONE)


def read_the_plan(session: Session) -> None:
    """Let the plan's own document be looked through, for 核对方案 to have something to show."""
    document = open_document(resources.path("plan/weifang-2021-2023-draft.txt"))
    session.write("打开方案", lambda op: plan_draft.begin(op, document))


def send_books(session: Session) -> None:
    """Let workbooks be on their way, one of each status, for 收发 to have something to show."""
    session.write("发出填报工作簿", _hand_out)


def _hand_out(op: Operation) -> None:
    towns = [who for who in assignees(op.conn, ("town",)) if who.own]
    ids = record_handouts(
        op,
        "file",
        [
            Handout(
                f"book-{number}",
                "town",
                town.id,
                ("tasks", "registers"),
                "2022",
                ("assignment", "coal_boiler", "rural_heating", "construction_site"),
                "2022-03-01T09:30:00",
                f"{town.name} 任务确认、项目清单2022年.xlsx",
                1,
            )
            for number, town in enumerate(towns[:8])
        ],
    )
    schema = load_schema("handout")
    for row_id, status, name, problems in (
        (ids[0], "stored", "圣城街道（改）.xlsx", 0),
        (ids[1], "received", "文家填报表3.15最终版.xlsx", 0),
        (ids[2], "faulty", "新建 Microsoft Excel 工作表.xlsx", 3),
    ):
        back: dict[str, Cell] = {"status": status, "received_at": "2022-03-15T16:05:00", "received_name": name}
        records.update(op, schema, row_id, {**back, "problems": Decimal(problems)})


def dialogs(window: MainWindow) -> Iterator[Stop]:
    """Yield the dialogs, with what opens each; each is to be closed before the next."""
    window.go(TYPICAL["breakdown"])
    breakdown, base = window.page("breakdown"), window.page("base")
    assert isinstance(breakdown, BreakdownPage) and isinstance(base, BasePage)
    task = breakdown.task
    yield "dialog-split", task.split
    yield "dialog-quota", task.edit_quota
    yield "dialog-scope", task.edit_scope
    yield "dialog-assignees", task.add
    yield "dialog-copy-year", task.copy_year
    yield "dialog-responsibility", breakdown.county.edit
    yield "dialog-task-sheets", breakdown.papers.task_sheets
    yield "dialog-choose-assignee", breakdown.assignee.choose
    yield "dialog-paste", partial(_paste, breakdown)
    yield "dialog-adoption", partial(base.offer_plan, Offer(load_catalogue()))
    yield "dialog-help", window.helping.about
    books = window.page("workbooks")
    assert isinstance(books, WorkbooksPage)
    window.go(Place("workbooks"))
    yield "dialog-send-books", books.send
    yield "dialog-part-out", books.parts.press
    submit = window.page("submit")
    assert isinstance(submit, SubmitPage)
    yield "dialog-city-remarks", partial(_show_remarks, submit)
    yield from _month_dialogs(window)
    window.go(TYPICAL["projects"])
    projects = window.page("projects")
    assert isinstance(projects, ProjectsPage) and projects.panel is not None
    yield "dialog-export-rows", partial(projects.export_rows, projects.panel)
    yield "dialog-changes", partial(projects.show_changes, projects.panel)
    yield "dialog-paste-rows", partial(_paste_rows, projects)


def _show_remarks(page: SubmitPage) -> None:
    """Let the city have remarked on a project, and show it."""

    def remark(op: Operation) -> None:
        row_id, town_id = op.conn.execute("SELECT id, town_id FROM register_coal_boiler LIMIT 1").fetchone()
        place: dict[str, Cell] = {"table_name": "register_coal_boiler", "row_id": row_id, "field": "town_id"}
        sent: dict[str, Cell] = {"answer_id": "a", "package_id": "p", "kind": "registers", "period": "2022"}
        said: dict[str, Cell] = {"text": "这台锅炉在名录里属于另一个镇街，请核对后更正，并附验收单。", "author": "李强"}
        told: dict[str, Cell] = {"value": town_id, "status": "新提出", "written_at": "2022-04-06T09:20:00"}
        records.insert(op, load_schema("remark"), {**place, **sent, **said, **told})

    page.history.answers.show_remarks()
    page._session.write("导入退回", remark)


def _month_dialogs(window: MainWindow) -> Iterator[Stop]:
    window.go(Place("monthly"))
    monthly = window.page("monthly")
    assert isinstance(monthly, MonthlyPage)
    yield "dialog-copy-month", monthly.copy_last
    yield "dialog-close-month", monthly.close_month
    yield "dialog-reopen-month", monthly.reopen
    yield "dialog-year-plan", partial(monthly.tasks.open_plan, "08-06-1")
    monthly.show_view(LATE)
    yield "dialog-measure", monthly.late.record
    yield "dialog-supervision", monthly.late.issue


def _paste(breakdown: BreakdownPage) -> None:
    """Paste three towns' amounts, one of them a word."""
    QGuiApplication.clipboard().setText("100\t200\n一百多\t1.5\n-3\t300")
    sheet = breakdown.task.view.sheet
    sheet.setCurrentIndex(sheet.sheet_model().index(0, breakdown.task.model.year_column(2021)))
    sheet.paste()


def _paste_rows(projects: ProjectsPage) -> None:
    QGuiApplication.clipboard().setText(
        "项目名称\t所属镇街\n某村清洁取暖改造\t圣城街道\n另一村清洁取暖改造\t没有这个镇"
    )
    assert projects.panel is not None
    projects._paste(projects.panel.schema)
