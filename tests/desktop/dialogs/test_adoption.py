"""采用新方案: what is shown, what is confirmed, what is written, and the other way back for what had no place."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.plan.catalogue import Catalogue, load_catalogue
from db.plan.compare import Change
from db.plan.editions import editions
from db.work.adoption import adoption
from db.work.homeless import Homeless, homeless
from db.work.plan_offer import Offer
from db.work.quotas import quotas, set_quota
from desktop.dialogs.adoption import EVERYTHING, WITHOUT_PLACE, AdoptionDialog
from desktop.dialogs.rehouse import RehouseDialog
from desktop.session import Session

SHIPPED = load_catalogue()
HOUSEHOLDS = "08-06-1"


def changed() -> Catalogue:
    """Return the plan with another number of households and without 11-02."""
    text = SHIPPED.clause("08-06").text
    return replace(
        SHIPPED,
        version="next",
        title="正式稿",
        clauses=tuple(
            replace(c, text=text.replace("40万户", "50万户")) if c.id == "08-06" else c
            for c in SHIPPED.clauses
            if c.id != "11-02"
        ),
        targets=tuple(
            replace(t, quote=t.quote.replace("40万户", "50万户"), value=Decimal(50)) if t.id == HOUSEHOLDS else t
            for t in SHIPPED.targets
            if t.clause != "11-02"
        ),
        left_out=tuple(entry for entry in SHIPPED.left_out if entry.clause != "11-02"),
        faults=tuple(fault for fault in SHIPPED.faults if fault.clause != "11-02"),
    )


@pytest.fixture
def session(empty_session: Session) -> Session:
    empty_session.write("下达", lambda op: set_quota(op, target_id=HOUSEHOLDS, year=2022, amount=Decimal(100)))
    return empty_session


def dialog_for(qtbot: QtBot, session: Session, offer: Offer) -> AdoptionDialog:
    with session.county.reading() as conn:
        plan = adoption(conn, offer.catalogue)
    dialog = AdoptionDialog(session, offer, plan)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def dialog(qtbot: QtBot, session: Session) -> AdoptionDialog:
    return dialog_for(qtbot, session, Offer(changed(), "正文", "正式稿.docx", leftovers=2))


def shown(dialog: AdoptionDialog) -> list[list[str]]:
    return [[cell.text.strip() for cell in row] for row in dialog.table.rows_model.rows]


def choose(dialog: AdoptionDialog, task_id: str) -> None:
    dialog.table.selectRow(next(n for n, each in enumerate(dialog.shown) if each.old and each.old.id == task_id))


def test_changes_are_listed_and_filtered_with_their_counts(dialog: AdoptionDialog) -> None:
    assert dialog.heading.text() == "采用新方案：正式稿"
    assert [row[:2] for row in shown(dialog)][:2] == [["改文字", "08-06"], ["改目标", HOUSEHOLDS]]
    assert {row[0] for row in shown(dialog)[2:]} == {"删除"}
    dialog.choose_filter(Change.CHANGED)
    assert [row[1] for row in shown(dialog)] == [HOUSEHOLDS]
    dialog.choose_filter(Change.SAME)
    assert len(shown(dialog)) == int(dialog.chips[Change.SAME].text().split()[1])
    assert not dialog.chips[Change.ADDED].isVisible()
    assert dialog.chips[WITHOUT_PLACE].text() == f"{WITHOUT_PLACE} 1"
    assert "2处" in dialog.sentences.text()


def test_both_texts_stand_side_by_side_with_what_changed(dialog: AdoptionDialog) -> None:
    choose(dialog, HOUSEHOLDS)
    assert "40万户" in dialog.pane.old.toPlainText() and "50万户" in dialog.pane.new.toPlainText()
    assert dialog.pane.fields.text() == "目标值：40 → 50"
    assert "县级目标1条" in dialog.pane.stored.text()
    choose(dialog, "11-02")
    assert dialog.pane.old.toPlainText() == "".join(dialog.shown[dialog.table.currentIndex().row()].texts()[0])
    assert dialog.pane.new.toPlainText() == "" and not dialog.pane.same_task.isVisible()


def test_a_changed_task_is_followed_once_it_is_confirmed(dialog: AdoptionDialog, session: Session) -> None:
    choose(dialog, HOUSEHOLDS)
    assert shown(dialog)[1][3] == "待确认" and "1条没有去处" in dialog.summary.text()
    dialog.pane.same_task.click()
    assert shown(dialog)[1][3] == "跟随" and "没有内容失去去处" in dialog.summary.text()
    assert dialog.pane.same_task.isChecked()
    dialog.pane.same_task.click()
    assert shown(dialog)[1][3] == "没有去处"
    dialog.confirm_all.click()
    assert shown(dialog)[1][3] == "没有去处"  # what was answered stays answered
    dialog.choose_filter(EVERYTHING)
    choose(dialog, HOUSEHOLDS)
    dialog.pane.same_task.click()
    notices: list[str] = []
    session.notice.connect(notices.append)
    dialog.accept()
    assert session.catalogue.title == "正式稿" and notices == ["已采用新方案，1条内容跟随任务。"]
    with session.county.reading() as conn:
        assert quotas(conn).keys() == {HOUSEHOLDS} and editions(conn)[0].document_name == "正式稿.docx"
    session.undo()
    assert session.catalogue is SHIPPED


def test_a_plan_that_cannot_be_kept_is_told_and_the_dialog_stays(qtbot: QtBot, session: Session) -> None:
    torn = replace(changed(), targets=tuple(replace(t, quote="别的") for t in SHIPPED.targets if t.clause != "11-02"))
    dialog = dialog_for(qtbot, session, Offer(torn))
    dialog.accept()
    assert "读不了" in dialog.trouble.text() and dialog.isVisible()
    assert session.catalogue is SHIPPED


def waiting(session: Session) -> list[Homeless]:
    with session.county.reading() as conn:
        return homeless(conn)


def test_what_had_no_place_is_given_one(qtbot: QtBot, dialog: AdoptionDialog, session: Session) -> None:
    dialog.accept()
    (entry,) = waiting(session)
    rehousing = RehouseDialog(session, entry)
    rehousing.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(rehousing)
    rehousing.show()
    assert rehousing.shown[0].id == HOUSEHOLDS
    rehousing.search.setText("铁路 专用线")
    assert all("铁路" in row[1].text for row in rehousing.table.rows_model.rows)
    rehousing.search.setText("没有这样的任务")
    assert rehousing.chosen() is None and not rehousing.accept_button.isEnabled()
    rehousing.search.setText("08-02-1")
    rehousing.accept()
    assert "按完成与否" in rehousing.trouble.text() and waiting(session) == [entry]
    rehousing.search.setText(HOUSEHOLDS)
    rehousing.accept()
    assert waiting(session) == [] and session.undo_label == f"改挂：{entry.title}"
