"""基础信息 › 方案: the plan in force, opening another, and the window that shows it at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import resources
from db.plan.catalogue import load_catalogue
from db.plan.editions import editions
from db.plan.reading.document import open_document
from db.work import plan_draft
from desktop.app import make_app
from desktop.dialogs.adoption import AdoptionDialog
from desktop.main_window import MainWindow
from desktop.pages.base import BasePage
from desktop.places import Place
from desktop.session import Session
from desktop.settings import Settings
from desktop.widgets.base_plan import SHIPPED, PlanPanel

PATIENCE = 15000
NEXT_YEAR = """潍坊市“四减四增”2024年工作要点
一、调整能源结构
（一）压减煤炭。到2024年底，全市压减煤炭消费100万吨以上。（市发改委牵头，市工信局配合）
（二）清洁取暖。2024年，完成清洁取暖改造5万户。（市住建局牵头）
"""


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    file = tmp_path / "工作要点.txt"
    file.write_text(NEXT_YEAR, encoding="utf-8")
    return file


def panel_of(page: BasePage) -> PlanPanel:
    panel = page.open_section("plan")
    assert isinstance(panel, PlanPanel)
    return panel


def test_it_shows_the_plan_in_force(qtbot: QtBot, empty_session: Session) -> None:
    page = BasePage(empty_session)
    qtbot.addWidget(page, before_close_func=lambda _: page.hide())
    page.show()
    panel = panel_of(page)
    assert panel.facts["title"].text() == load_catalogue().title
    assert panel.facts["source"].text() == SHIPPED
    assert not panel.former_card.isVisible() and not panel.lost_card.isVisible()
    panel.choose_open = lambda: ""
    panel.open_button.click()
    assert page.dialog is None


def test_a_plan_that_was_looked_through_is_compared_and_put_away(
    qtbot: QtBot, empty_session: Session, plan_file: Path
) -> None:
    page = BasePage(empty_session)
    qtbot.addWidget(page, before_close_func=lambda _: page.hide())
    page.show()
    places: list[Place] = []
    page.navigate.connect(places.append)
    panel_of(page).review_button.click()
    assert places == [Place("plan_review")]
    page.reveal(Place("base", section="plan", row_id="compare"))
    assert page.dialog is None
    document = open_document(plan_file)
    empty_session.write("打开方案", lambda op: plan_draft.begin(op, document))
    page.reveal(Place("base", section="plan", row_id="compare"))
    assert isinstance(page.dialog, AdoptionDialog)
    page.dialog.accept()
    with empty_session.county.reading() as conn:
        assert plan_draft.draft(conn) is None and editions(conn)[0].document_name == "工作要点.txt"
    empty_session.undo()
    with empty_session.county.reading() as conn:
        assert plan_draft.draft(conn) is not None and editions(conn) == []


def test_a_file_that_is_no_plan_is_told(qtbot: QtBot, empty_session: Session, tmp_path: Path) -> None:
    panel = PlanPanel(empty_session)
    qtbot.addWidget(panel)
    empty_session.problem.disconnect()
    told: list[str] = []
    empty_session.problem.connect(lambda problem: told.append(str(problem)))
    (tmp_path / "空.txt").touch()
    panel.choose_open = lambda: str(tmp_path / "空.txt")
    with qtbot.assertNotEmitted(panel.opened):
        panel.open_plan()
    assert len(told) == 1


@pytest.fixture
def window(qtbot: QtBot, demo_folder: Path) -> Iterator[MainWindow]:
    """The whole window on the demo county, with work on its own threads."""
    make_app()
    session = Session(author="王芳")
    window = MainWindow(session, Settings())
    qtbot.addWidget(window)
    problems: list[Exception] = []
    session.problem.connect(problems.append)
    window.show()
    with qtbot.waitSignal(session.opened, timeout=PATIENCE):
        session.open_folder(demo_folder)
    yield window
    assert problems == []
    window.close()


def test_another_plan_is_read_compared_taken_up_and_undone(qtbot: QtBot, window: MainWindow, plan_file: Path) -> None:
    session = window.session
    for name in ("breakdown", "projects", "submit", "overview"):
        window.show_page(name)
    window.go(Place("base", section="plan"))
    page = window.page("base")
    assert isinstance(page, BasePage)
    panel = panel_of(page)
    panel.choose_open = lambda: str(plan_file)
    panel.open_button.click()
    qtbot.waitUntil(lambda: isinstance(page.dialog, AdoptionDialog), timeout=PATIENCE)
    dialog = page.dialog
    assert isinstance(dialog, AdoptionDialog)
    assert dialog.plan.homeless and dialog.plan.new.years == (2024,)
    with qtbot.waitSignal(session.plan_changed, timeout=PATIENCE):
        dialog.accept()
    qtbot.waitUntil(lambda: window.page("base") is not page, timeout=PATIENCE)
    assert window.shell.top.year.value == 2024
    after = window.page("base")
    assert isinstance(after, BasePage) and after is not page and after.section == "plan"
    shown = panel_of(after)
    qtbot.waitUntil(lambda: shown.facts["source"].text() == "工作要点.txt", timeout=PATIENCE)
    qtbot.waitUntil(lambda: shown.lost_card.isVisible(), timeout=PATIENCE)
    for name in ("breakdown", "projects", "submit", "overview"):
        window.show_page(name)
    before = window.page("overview")
    with qtbot.waitSignal(session.plan_changed, timeout=PATIENCE):
        window.undo()
    qtbot.waitUntil(lambda: window.page("overview") is not before, timeout=PATIENCE)
    assert session.catalogue is load_catalogue() and session.year in (2021, 2022, 2023)
    window.go(Place("breakdown", task_id="08-06-1", year=2022))
    qtbot.waitUntil(lambda: session.year == 2022, timeout=PATIENCE)


def test_the_shipped_plan_s_own_document_needs_nothing_confirmed(qtbot: QtBot, empty_session: Session) -> None:
    page = BasePage(empty_session)
    qtbot.addWidget(page, before_close_func=lambda _: page.hide())
    page.show()
    panel = panel_of(page)
    panel.choose_open = lambda: str(resources.path("plan/weifang-2021-2023-draft.txt"))
    panel.open_button.click()
    assert isinstance(page.dialog, AdoptionDialog)
    assert page.dialog.plan.homeless == ()
    page.dialog.reject()
