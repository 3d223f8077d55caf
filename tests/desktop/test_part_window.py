"""The window on a work package: its line, its pages, and nothing that is the county's matter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.exchange.part.scope import part_scope
from db.exchange.part.write import open_part, write_part
from db.plan.editions import county_catalogue
from db.work.opening import open_county
from desktop.jobs import SyncJobs
from desktop.main_window import MainWindow
from desktop.pages.base import BasePage
from desktop.pages.breakdown import BreakdownPage
from desktop.pages.check import CheckPage
from desktop.pages.give_back import GiveBackPage
from desktop.pages.monthly import LATE, TASKS, MonthlyPage
from desktop.pages.overview import OverviewPage
from desktop.pages.submit import SubmitPage
from desktop.places import Place
from desktop.session import Session
from desktop.settings import Settings
from desktop.widgets.responsibility_line import ResponsibilityLine


@pytest.fixture
def window(qtbot: QtBot, demo_folder: Path, tmp_path: Path) -> Iterator[MainWindow]:
    """A window on the part of the demo's first town; a problem nobody handles fails the test."""
    with open_county(demo_folder, author="王芳") as county, county.reading() as conn:
        scope = part_scope(conn, county_catalogue(conn), towns=["370783001"])
        written = write_part(county, scope, tmp_path / "out")
    open_part(written.file, tmp_path / "part")
    session = Session(jobs=SyncJobs(), author="李明")
    session.problem.connect(_raise)
    made = MainWindow(session, Settings())
    qtbot.addWidget(made)
    made.show()
    made.open_folder(tmp_path / "part")
    yield made
    session.close()


def _raise(problem: Exception) -> None:
    raise problem


def test_every_page_of_a_part_says_whose_it_is(window: MainWindow) -> None:
    assert window.shell.part_line.isVisible()
    assert window.shell.part_line.line.text() == "工作包：圣城街道 · 回交给王芳"
    assert window.shell.rail.button("submit").text() == "回交"
    for name in window._entries:
        assert window.show_page(name) is not None
    assert isinstance(window.page("submit"), GiveBackPage)


def test_a_part_offers_nothing_that_is_the_countys_matter(window: MainWindow) -> None:
    overview = window.page("overview")
    assert isinstance(overview, OverviewPage)
    assert overview.submitted.isHidden() and overview.first_steps.isHidden()
    assert overview.broken_down.figure.text().split(" / ")[0] == overview.broken_down.figure.text().split(" / ")[1]
    assert overview.filing.table.model().rowCount() == 1
    base = window.show_page("base")
    assert isinstance(base, BasePage)
    assert [key for key, *_ in base._sections] == ["enterprise", "quotas", "backup", "recycle", "history"]
    monthly = window.show_page("monthly")
    assert isinstance(monthly, MonthlyPage) and not monthly.close_button.isVisible()
    assert not monthly.late.paper_button.isVisibleTo(monthly) and not monthly.late.measure_button.isVisibleTo(monthly)
    for view in (LATE, TASKS):
        monthly.show_view(view)
        assert not monthly.close_button.isVisible() and not monthly.reopen_button.isVisible()
    (only,) = (entry for entry in monthly.papers.menu_of_papers().actions() if not entry.isSeparator())
    assert only.text().startswith("打印这张表…")
    breakdown = window.show_page("breakdown")
    assert isinstance(breakdown, BreakdownPage)
    words = [entry.text() for entry in breakdown.papers.menu_of_papers().actions() if entry.text()]
    assert words[0] == "导出 Excel…" and breakdown.assignee.paper_button.isHidden()
    breakdown.reveal(Place("breakdown", task_id="08-06-1"))
    grid = breakdown.task.grid
    assert grid is not None and grid.share and [row.assignee.name for row in grid.rows] == ["圣城街道"]
    for offered in (breakdown.task.split_button, breakdown.task.quota_button, breakdown.task.scope_button):
        assert not offered.isEnabled()
    assert breakdown.task.next_step.isHidden()
    line = breakdown.findChild(ResponsibilityLine)
    assert isinstance(line, ResponsibilityLine) and line.link.isHidden()
    check = window.show_page("check")
    assert isinstance(check, CheckPage)


def test_a_county_opened_afterwards_is_submitted_again(window: MainWindow, demo_folder: Path) -> None:
    window.open_folder(demo_folder)
    assert not window.shell.part_line.isVisible()
    assert window.shell.rail.button("submit").text() == "上报"
    assert isinstance(window.page("submit"), SubmitPage)
