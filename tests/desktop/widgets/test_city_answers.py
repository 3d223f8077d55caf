"""导入回执/退回 and 市级意见 in the window: taken in, shown, answered, and led to the cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.exchange.answers import Answer, answer_text
from desktop.dialogs.city_remarks import CityRemarksDialog
from desktop.pages.overview import OverviewPage
from desktop.pages.submit import REMARKS, SubmitPage
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.city_answers import CityAnswers
from tests.db.exchange.answered import answer_to, export, file, remark_on
from tests.db.work.desk import Desk


@pytest.fixture
def returned(empty_session: Session, tmp_path: Path) -> Answer:
    """The return of the month that the county exported."""
    with empty_session.county.reading() as conn:
        desk = Desk(empty_session.county, conn)
        row = file(desk, 300)
        return answer_to(export(desk, tmp_path), remarks=[remark_on(row, "300")], note="请核实清洁取暖户数")


@pytest.fixture
def page(qtbot: QtBot, empty_session: Session) -> SubmitPage:
    made = SubmitPage(empty_session)
    qtbot.addWidget(made)
    return made


def written(answer: Answer, folder: Path) -> Path:
    out = folder / answer.file_name
    out.write_text(answer_text(answer), encoding="utf-8")
    return out


def remarks_of(answers: CityAnswers, qtbot: QtBot) -> CityRemarksDialog:
    assert isinstance(answers.dialog, CityRemarksDialog)
    qtbot.addWidget(answers.dialog)
    return answers.dialog


def test_a_return_is_taken_in_answered_and_leads_to_its_cell(
    qtbot: QtBot, page: SubmitPage, empty_session: Session, returned: Answer, tmp_path: Path
) -> None:
    answers = page.history.answers
    answers.choose = lambda: [written(returned, tmp_path)]
    answers.import_button.click()
    told = answers.dialog
    assert told is not None and "市里退回，意见1条" in told.heading.text()
    qtbot.addWidget(told)
    assert answers.remarks_button.text() == "市级意见 1"
    told.accept()
    dialog = remarks_of(answers, qtbot)
    assert dialog.selected is not None and dialog.values.text() == "上报时是300，没有改过。"
    assert not dialog.reply.solved_button.isEnabled()
    dialog.reply.words.setPlainText("核实无误")
    dialog.reply.solved_button.click()
    assert "没有写清楚" in dialog.reply.trouble.text()
    dialog.reply.words.setPlainText("已按验收单更正为320户")
    dialog.reply.solved_button.click()
    assert dialog.reply.trouble.isHidden() and dialog.reply.words.toPlainText() == ""
    assert dialog.selected.status == "拟解决" and answers.remarks_button.text() == "市级意见"
    assert empty_session.undo_label == "回复市级意见"
    with qtbot.waitSignal(page.navigate) as led:
        dialog.lead()
    (place,) = led.args
    assert isinstance(place, Place) and (place.page, place.task_id, place.period) == ("monthly", "08-06-1", "2022-03")


def test_what_is_refused_is_told_with_its_reason(
    qtbot: QtBot, page: SubmitPage, returned: Answer, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("[]", encoding="utf-8")
    page.history.answers.take([bad])
    told = page.history.answers.dialog
    assert told is not None and told.heading.text() == "没有导入"
    qtbot.addWidget(told)


def test_without_remarks_the_list_says_where_they_come_from(qtbot: QtBot, page: SubmitPage) -> None:
    page.reveal(Place("submit", section=REMARKS))
    dialog = remarks_of(page.history.answers, qtbot)
    assert dialog.selected is None and "还没有市级意见" in dialog.heading.text()
    assert "导入退回以后" in dialog.values.text() and not dialog.reply.words.isEnabled()


def test_chips_narrow_by_status(qtbot: QtBot, page: SubmitPage, returned: Answer, tmp_path: Path) -> None:
    page.history.answers.take([written(returned, tmp_path)])
    first = page.history.answers.dialog
    assert first is not None
    qtbot.addWidget(first)
    first.reject()
    page.history.answers.show_remarks()
    dialog = remarks_of(page.history.answers, qtbot)
    dialog.chips["已关闭"].click()
    assert dialog.shown == [] and dialog.chips["新提出"].text() == "新提出 1"
    dialog.chips[""].click()
    assert len(dialog.shown) == 1


def test_the_overview_says_that_remarks_wait(
    qtbot: QtBot, empty_session: Session, page: SubmitPage, returned: Answer, tmp_path: Path
) -> None:
    overview = OverviewPage(empty_session)
    qtbot.addWidget(overview)
    overview.show()
    assert not overview.remarked.isVisibleTo(overview)
    page.history.answers.take([written(returned, tmp_path)])
    told = page.history.answers.dialog
    assert told is not None
    qtbot.addWidget(told)
    assert overview.remarked.sentence.text() == "市里有1条意见等县里办理。"
    with qtbot.waitSignal(overview.navigate) as led:
        overview.remarked.link.click()
    (place,) = led.args
    assert (place.page, place.section) == ("submit", REMARKS)
