"""核对方案: opening a document, deciding about what was recognised in it, each decision saved and undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

import resources
from db.plan.model import Clause, Target
from db.plan.reading.model import Leftover, LeftoverGroup
from db.plan.review import Look, Review
from db.plan.vocabulary import Comparator
from db.work import plan_draft
from desktop.models.review_model import Show
from desktop.pages.plan_review import PlanReviewPage
from desktop.places import Place
from desktop.session import Session

PLAN = """某县四减四增落实方案（2022—2023年）
一、深入调整产业结构
（一）淘汰落后产能。到2022年，淘汰老旧锅炉12台，其中城区5台。（县工信局牵头）完成𠮷祥公司搬迁，新（改、扩）建厂房。（县发改局牵头）
二、深入调整能源结构
（二）清洁取暖。到2023年，新增清洁取暖3000户以上，清洁取暖率达到90%。（县住建局、县发改局按职责分工负责）
"""


@pytest.fixture
def page(qtbot: QtBot, empty_session: Session) -> PlanReviewPage:
    page = PlanReviewPage(empty_session)
    qtbot.addWidget(page, before_close_func=lambda _: page.hide())
    page.resize(1280, 690)
    page.show()
    return page


@pytest.fixture
def opened(page: PlanReviewPage, tmp_path: Path) -> PlanReviewPage:
    file = tmp_path / "落实方案.txt"
    file.write_text(PLAN, encoding="utf-8")
    page.open_file(file)
    return page


def review_of(page: PlanReviewPage) -> Review:
    assert page.desk.review is not None
    return page.desk.review


def quotes(page: PlanReviewPage) -> list[str]:
    return [target.quote for target in review_of(page).catalogue.targets]


def go_to(page: PlanReviewPage, quote: str) -> Target:
    for row, line in enumerate(page.desk.list.review.lines):
        if isinstance(line.thing, Target) and quote in line.thing.quote:
            page.desk.list.open_row(row)
            return line.thing
    raise AssertionError(quote)


def mark(page: PlanReviewPage, words: str) -> None:
    start = PLAN.index(words)
    page.desk.document.mark(start, start + len(words))


def test_an_empty_page_says_what_to_open(page: PlanReviewPage) -> None:
    assert page.stack.currentWidget() is page.nothing
    assert not page.compare_button.isVisible()


def test_a_document_is_read_and_shown_with_the_first_target_in_hand(opened: PlanReviewPage) -> None:
    assert opened.stack.currentWidget() is opened.desk
    line = opened.desk.line()
    assert line is not None
    assert isinstance(line.thing, Target)
    assert line.look is Look.UNSEEN
    assert "落实方案.txt" in opened.name.text()
    assert opened.desk.form.thing == line.thing


def test_pasted_text_is_read_too(page: PlanReviewPage) -> None:
    QGuiApplication.clipboard().setText(PLAN)
    page.paste()
    assert len(review_of(page).catalogue.clauses) == 3


def test_a_file_that_cannot_be_read_is_told_and_nothing_is_lost(opened: PlanReviewPage, empty_session: Session) -> None:
    empty_session.problem.disconnect()
    told: list[str] = []
    empty_session.problem.connect(lambda problem: told.append(str(problem)))
    broken = Path(empty_session.folder) / "空.txt"
    broken.write_text("")
    opened.open_file(broken)
    assert len(told) == 1
    assert "空.txt" in told[0]
    assert review_of(opened).reading.document.name == "落实方案.txt"


def test_enter_accepts_and_goes_on_until_everything_is_seen(qtbot: QtBot, opened: PlanReviewPage) -> None:
    for _ in range(len(review_of(opened).unseen)):
        qtbot.keyClick(opened.desk.list, Qt.Key.Key_Return)
    assert review_of(opened).unseen == ()
    assert set(review_of(opened).looks.values()) == {Look.ACCEPTED}
    assert "已核对" in opened.state.text()


def test_a_decision_is_undone_like_any_step(qtbot: QtBot, opened: PlanReviewPage, empty_session: Session) -> None:
    before = len(review_of(opened).unseen)
    qtbot.keyClick(opened.desk.list, Qt.Key.Key_Return)
    assert len(review_of(opened).unseen) == before - 1
    assert (empty_session.undo_label or "").startswith("核对：")
    empty_session.undo()
    assert len(review_of(opened).unseen) == before


def test_a_typed_field_is_saved_when_it_is_left(opened: PlanReviewPage) -> None:
    target = go_to(opened, "3000户")
    field = opened.desk.form.fields[Target]["comparator"]
    field.editor.start_with("等于")
    field.commit()
    changed = next(t for t in review_of(opened).catalogue.targets if t.quote == target.quote)
    assert changed.comparator is Comparator.EQUAL
    assert review_of(opened).looks[changed.id] is Look.CHANGED
    line = opened.desk.line()
    assert line is not None
    assert line.thing == changed


def test_an_unreadable_field_says_so_and_changes_nothing(opened: PlanReviewPage) -> None:
    target = go_to(opened, "3000户")
    field = opened.desk.form.fields[Target]["value"]
    field.editor.start_with("三千多")
    field.commit()
    assert field.problem.isVisible()
    assert target in review_of(opened).catalogue.targets


def test_marked_words_become_a_target(opened: PlanReviewPage) -> None:
    words = "完成𠮷祥公司搬迁，新（改、扩）建厂房"
    before = quotes(opened)
    for quote in [quote for quote in before if "𠮷祥" in quote]:
        go_to(opened, quote)
        opened.decisions.remove()
    assert not any("𠮷祥" in quote for quote in quotes(opened))
    mark(opened, words)
    assert opened.decisions.buttons["add"].isEnabled()
    opened.decisions.add()
    assert words in quotes(opened)
    line = opened.desk.line()
    assert line is not None
    assert line.look is Look.ADDED


def test_deleting_says_that_it_is_no_target(qtbot: QtBot, opened: PlanReviewPage) -> None:
    target = go_to(opened, "90%")
    qtbot.keyClick(opened.desk.list, Qt.Key.Key_Delete)
    assert target.quote not in quotes(opened)


def test_a_target_is_cut_at_the_marked_words(opened: PlanReviewPage) -> None:
    whole = go_to(opened, "12台")
    first = whole.quote[: len(whole.quote) // 2]
    mark(opened, first)
    opened.decisions.split()
    assert first in quotes(opened)
    assert whole.quote not in quotes(opened)


def test_targets_and_clauses_are_merged(opened: PlanReviewPage) -> None:
    desk = opened.desk
    rows = [row for row, line in enumerate(desk.list.review.lines) if isinstance(line.thing, Target)][-2:]
    first = desk.list.review.lines[rows[0]].thing
    desk.list.selectionModel().clearSelection()
    for row in rows:
        index = desk.list.review.index(row, 0)
        desk.list.selectionModel().select(index, desk.list.selectionModel().SelectionFlag.Select)
    assert opened.decisions.buttons["merge"].isEnabled()
    count = len(quotes(opened))
    opened.decisions.merge()
    assert len(quotes(opened)) == count - 1
    assert isinstance(first, Target)
    assert any(first.quote in quote for quote in quotes(opened))


def test_a_clause_begins_at_the_marked_words_and_is_merged_back(opened: PlanReviewPage) -> None:
    clauses = len(review_of(opened).catalogue.clauses)
    mark(opened, "清洁取暖率达到90%")
    opened.decisions.split_clause()
    parted = review_of(opened).catalogue.clauses
    assert len(parted) == clauses + 1
    rows = [row for row, line in enumerate(opened.desk.list.review.lines) if isinstance(line.thing, Clause)][-2:]
    selection = opened.desk.list.selectionModel()
    selection.clearSelection()
    for row in rows:
        selection.select(opened.desk.list.review.index(row, 0), selection.SelectionFlag.Select)
    opened.decisions.merge()
    assert len(review_of(opened).catalogue.clauses) == clauses


def test_the_notice_and_mere_remarks_are_folded_at_the_end(page: PlanReviewPage, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "通知.txt"
    notice = "某县人民政府关于印发方案的通知\n某政发〔2022〕5号\n请于3月1日前落实。\n\n"
    file.write_text(notice + PLAN.replace("12台，", "12台，十分之几另行下达，"), encoding="utf-8")
    page.open_file(file)
    page.desk.show_only(Show.LEFTOVER)
    shown, model = page.desk.list, page.desk.list.review
    groups = [line for line in model.lines if isinstance(line.thing, LeftoverGroup)]
    assert [line.thing for line in groups] == [LeftoverGroup.BEFORE_PLAN, LeftoverGroup.REMARK]
    assert [line.detail for line in groups] == ["3处", "1处"]
    assert model.lines[-2:] == groups
    folded = len(model.lines)
    shown.open_row(folded - 2)
    qtbot.keyClick(shown, Qt.Key.Key_Return)
    assert [line.title for line in model.lines[folded - 1 : -1]] == ["〔2022〕", "5号", "3月1日"]
    assert page.decisions.buttons["accept"].isEnabled() is False
    qtbot.keyClick(shown, Qt.Key.Key_Space)
    assert len(model.lines) == folded
    remark = next(one for one in review_of(page).leftovers if one.text == "（改、扩）")
    page.desk.document.clicked_at.emit(remark.start + 1)
    line = shown.current()
    assert line is not None and line.thing == remark


def test_what_was_not_understood_is_explained(opened: PlanReviewPage) -> None:
    opened.desk.show_only(Show.LEFTOVER)
    opened.desk.list.review.fold(LeftoverGroup.REMARK)
    left = [line for line in opened.desk.list.review.lines if isinstance(line.thing, Leftover) and line.thing.clause]
    assert left, "（改、扩） is to be explained"
    opened.desk.list.open_row(opened.desk.list.review.lines.index(left[0]))
    opened.decisions.explain()
    dialog = opened.decisions.dialog
    assert dialog is not None
    dialog.accept()
    assert dialog.trouble.text()
    dialog.reason.setText("说的是建设方式")
    dialog.accept()
    assert left[0].thing not in review_of(opened).leftovers
    assert "说的是建设方式" in {entry.reason for entry in review_of(opened).catalogue.left_out}


def test_a_click_on_a_target_goes_to_it(opened: PlanReviewPage) -> None:
    opened.desk.document.clicked_at.emit(PLAN.index("3000户"))
    line = opened.desk.line()
    assert line is not None
    assert isinstance(line.thing, Target)
    assert "3000户" in line.thing.quote
    opened.desk.document.clicked_at.emit(PLAN.index("（县工信局"))
    line = opened.desk.line()
    assert line is not None
    assert "县工信局" in line.detail


def test_clicks_go_round_targets_with_the_same_words(page: PlanReviewPage, tmp_path: Path) -> None:
    file = tmp_path / "方案.txt"
    file.write_text(resources.text("plan/weifang-2021-2023-draft.txt"), encoding="utf-8")
    page.open_file(file)
    text = review_of(page).reading.document.text
    place = text.index("分别比2020年下降3.1%")
    seen = []
    for _ in range(4):
        page.desk.document.clicked_at.emit(place)
        line = page.desk.line()
        assert line is not None
        seen.append(line.id)
    assert seen == ["09-02-1", "09-02-2", "09-02-3", "09-02-1"]


def test_putting_away_is_asked_for_and_undone(opened: PlanReviewPage, empty_session: Session) -> None:
    opened.ask_discard()
    empty_session.write("放弃核对方案", plan_draft.discard)
    assert opened.stack.currentWidget() is opened.nothing
    empty_session.undo()
    assert opened.stack.currentWidget() is opened.desk


def test_back_to_the_base_page(opened: PlanReviewPage) -> None:
    went: list[Place] = []
    opened.navigate.connect(went.append)
    opened.compare_button.click()
    assert [(place.page, place.section) for place in went] == [("base", "plan")]
