"""The dialogs of 任务分解 save what was typed in them, and stay with everything when it is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from db.work.breakdown import BreakdownGrid, StateKind, grid, states
from db.work.quotas import quotas
from db.work.scope import Scope, scopes
from desktop.dialogs.assignees import AddAssigneesDialog, ChooseAssigneeDialog
from desktop.dialogs.paste_preview import PastePreview
from desktop.dialogs.quota import QuotaDialog
from desktop.dialogs.scope import ScopeDialog
from desktop.dialogs.split import SplitDialog
from desktop.models.split_model import Col
from desktop.session import Session
from desktop.widgets.task_pane import TaskPane
from tests.desktop.fits import faults

HOUSEHOLDS, BOILERS, RATE = "08-06-1", "08-02-1", "05-06-2"


def read_grid(session: Session, task_id: str) -> BreakdownGrid:
    with session.county.reading() as conn:
        return grid(conn, session.catalogue, task_id)


@pytest.fixture
def quota(qtbot: QtBot, empty_session: Session) -> QuotaDialog:
    dialog = QuotaDialog(empty_session, empty_session.catalogue.target(HOUSEHOLDS), 2022)
    qtbot.addWidget(dialog)
    return dialog


def told(session: Session, year: int) -> object:
    with session.county.reading() as conn:
        found = quotas(conn).get(HOUSEHOLDS, {}).get(year)
        return (found.amount, found.unit, found.document_number) if found else None


def again(qtbot: QtBot, session: Session) -> QuotaDialog:
    dialog = QuotaDialog(session, session.catalogue.target(HOUSEHOLDS), 2022)
    qtbot.addWidget(dialog)
    return dialog


def test_first_quota_needs_no_reason(quota: QuotaDialog, empty_session: Session) -> None:
    quota.unit.setCurrentText("万户")
    quota.amount.setText("1.2万")
    quota.unit.setCurrentText("户")
    assert quota.equals.text() == "即12,000户，合1.2万户"
    quota.amount.setText("3.08")
    quota.unit.setCurrentText("万户")
    assert quota.equals.text() == "合30,800户"
    quota.document_number.setText("示例〔2022〕1号")
    quota.issued_on.setText("2022.3.28")
    quota.accept()
    assert told(empty_session, 2022) == (Decimal("3.08"), "万户", "示例〔2022〕1号")
    assert read_grid(empty_session, HOUSEHOLDS).summaries[2022].quota == 30800


@pytest.mark.parametrize(("amount", "why"), [("1.5", "整数"), ("-5", "负数"), ("很多", "不是一个数"), ("", "还没有填")])
def test_impossible_quota_is_told_and_kept(quota: QuotaDialog, empty_session: Session, amount: str, why: str) -> None:
    quota.amount.setText(amount)
    quota.reason.setPlainText("理由")
    quota.accept()
    assert why in quota.trouble.text()
    assert (quota.amount.text(), quota.reason.toPlainText()) == (amount, "理由")
    assert quota.accept_button.isEnabled()
    assert told(empty_session, 2022) is None


def test_change_needs_papers_and_keeps_the_history(qtbot: QtBot, quota: QuotaDialog, empty_session: Session) -> None:
    quota.amount.setText("3000")
    quota.accept()
    change = again(qtbot, empty_session)
    assert change.amount.text() == "3000"
    change.amount.setText("3200")
    change.accept()
    assert "文号" in change.trouble.text()
    assert "理由" in change.trouble.text()
    assert told(empty_session, 2022) == (3000, "户", "")
    change.document_number.setText("示例2号")
    change.reason.setPlainText("市里调整")
    change.accept()
    assert told(empty_session, 2022) == (3200, "户", "示例2号")
    last = again(qtbot, empty_session)
    words = [[str(last.past.model().index(row, column).data()) for column in range(1, 5)] for row in range(2)]
    assert words == [["3,000户", "3,200户", "示例2号", "市里调整"], ["—", "3,000户", "", ""]]
    last.years.button(2023).click()
    assert last.amount.text() == ""
    assert "还没有录入过" in last.past_title.text()


def test_wrong_date_is_told(quota: QuotaDialog, empty_session: Session) -> None:
    quota.amount.setText("5")
    quota.issued_on.setText("12-15")
    quota.accept()
    assert "下达日期" in quota.trouble.text()
    assert told(empty_session, 2022) is None


def test_not_applicable_needs_a_reason(qtbot: QtBot, empty_session: Session) -> None:
    dialog = ScopeDialog(empty_session, "焦炭产量", Scope("03-02-3", own=False))
    qtbot.addWidget(dialog)
    dialog.choose("不涉及")
    dialog.accept()
    assert "理由" in dialog.trouble.text()
    dialog.reason.setPlainText("辖区内没有焦化企业。")
    assert dialog.trouble.isHidden()
    dialog.accept()
    with empty_session.county.reading() as conn:
        assert scopes(conn)["03-02-3"].reason == "辖区内没有焦化企业。"
        assert states(conn, empty_session.catalogue)["03-02-3"].kind is StateKind.EXCLUDED
    assert empty_session.undo_label == "焦炭产量：不涉及"


def test_split_equally_is_one_step(qtbot: QtBot, quota: QuotaDialog, empty_session: Session) -> None:
    quota.amount.setText("3080")
    quota.accept()
    dialog = SplitDialog(empty_session, read_grid(empty_session, HOUSEHOLDS), 2022)
    qtbot.addWidget(dialog)
    assert dialog.total.text() == "3080"
    dialog.accept()
    summary = read_grid(empty_session, HOUSEHOLDS).summaries[2022]
    assert summary.ok
    assert [summary.subtotal, summary.balance] == [3080, 0]
    empty_session.undo()
    assert read_grid(empty_session, HOUSEHOLDS).summaries[2022].filled == 0


def test_split_by_weights_that_are_missing_says_so(qtbot: QtBot, empty_session: Session) -> None:
    dialog = SplitDialog(empty_session, read_grid(empty_session, HOUSEHOLDS), 2022)
    qtbot.addWidget(dialog)
    dialog.methods.button("households").click()
    assert "没有户数" in dialog.hint.text()
    assert not dialog.accept_button.isEnabled()
    dialog.methods.button("own").click()
    dialog.sheet.paste_block(0, Col.WEIGHT, [["2"], ["1"], ["x"]])
    assert dialog.model.problem(2, Col.WEIGHT)
    dialog.total.setText("100")
    assert [line.share for line in dialog.model.recipients[:4]] == [67, 33, None, None]
    dialog.total.setText("1.5")
    assert "整数" in dialog.trouble.text()
    assert not dialog.accept_button.isEnabled()


def test_split_leaves_out_whoever_is_not_offered(qtbot: QtBot, demo_session: Session) -> None:
    found = read_grid(demo_session, HOUSEHOLDS)
    dialog = SplitDialog(demo_session, found, 2022)
    qtbot.addWidget(dialog)
    dialog.model.setData(dialog.model.index(0, Col.LOCKED), "√")
    before = dialog.model.recipients[0].before
    dialog.accept()
    after = read_grid(demo_session, HOUSEHOLDS)
    assert after.rows[0].cells[2022].in_unit == before
    assert after.summaries[2022].balance == 0


def test_rates_are_given_to_all_alike(qtbot: QtBot, demo_session: Session) -> None:
    dialog = SplitDialog(demo_session, read_grid(demo_session, RATE), 2023)
    qtbot.addWidget(dialog)
    for chip in dialog.kinds.values():
        chip.setChecked(True)
    assert dialog.sheet.isColumnHidden(Col.WEIGHT)
    dialog.accept()
    assert {row.cells[2023].in_unit for row in read_grid(demo_session, RATE).rows} == {Decimal(9)}


def test_adding_enterprises(qtbot: QtBot, demo_session: Session) -> None:
    found = read_grid(demo_session, HOUSEHOLDS)
    dialog = AddAssigneesDialog(demo_session, found, 2022)
    qtbot.addWidget(dialog)
    assert dialog.kinds.value == "enterprise"
    dialog.search.setText("yssc")
    assert 0 < dialog.model.rowCount() < 10
    assert all("演示圣城" in str(dialog.model.index(row).data()) for row in range(dialog.model.rowCount()))
    assert not dialog.accept_button.isEnabled()
    dialog.model.setData(dialog.model.index(0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    dialog.search.setText("")
    assert "已选1个" in dialog.count.text()
    with qtbot.waitSignal(dialog.added) as added:
        dialog.accept()
    assert added.args is not None
    key = added.args[0][0]
    assert key in [row.assignee.key for row in read_grid(demo_session, HOUSEHOLDS).rows]


def test_all_towns_at_once(qtbot: QtBot, demo_session: Session) -> None:
    dialog = AddAssigneesDialog(demo_session, read_grid(demo_session, BOILERS), 2022)
    qtbot.addWidget(dialog)
    assert dialog.kinds.value == "town"
    dialog.all_button.click()
    dialog.accept()
    assert read_grid(demo_session, BOILERS).summaries[2022].assigned == 15
    again = AddAssigneesDialog(demo_session, read_grid(demo_session, BOILERS), 2022)
    qtbot.addWidget(again)
    again.show_kind("town")
    assert "已在表中" in str(again.model.index(0).data())
    assert not again.model.setData(again.model.index(0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)


def test_choosing_one(qtbot: QtBot, empty_session: Session) -> None:
    dialog = ChooseAssigneeDialog(empty_session)
    qtbot.addWidget(dialog)
    dialog.show_kind("enterprise")
    assert "还没有登记企业" in dialog.nobody.text()
    dialog.accept()
    assert "请先选" in dialog.trouble.text()
    dialog.show_kind("town")
    dialog.search.setText("hz")
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.accept()
    assert chosen.args is not None
    assert chosen.args[0].name == "侯镇"


def test_preview_waits_until_every_cell_is_right(qtbot: QtBot, empty_session: Session) -> None:
    pane = TaskPane(empty_session)
    qtbot.addWidget(pane)
    pane.show_task(HOUSEHOLDS)
    model = pane.model
    paste = model.plan_paste(0, model.year_column(2022), [["5", "1.5"], ["6", "7"]])
    dialog = PastePreview(paste, model)
    qtbot.addWidget(dialog)
    assert "1格有问题" in dialog.counts.text()
    assert "圣城街道 2023年" in dialog.sentences.text()
    assert not dialog.accept_button.isEnabled()
    assert dialog.model.setData(dialog.model.index(0, 1), "2")
    assert dialog.accept_button.isEnabled()
    dialog.accept()
    pane.view.sheet.land(paste)
    assert pane.grid is not None
    assert [pane.grid.summaries[year].subtotal for year in (2022, 2023)] == [11, 9]


def test_preview_is_mended_by_keyboard(qtbot: QtBot, empty_session: Session) -> None:
    pane = TaskPane(empty_session)
    qtbot.addWidget(pane)
    pane.show_task(HOUSEHOLDS)
    paste = pane.model.plan_paste(0, pane.model.year_column(2022), [["5", "1.5"], ["x", "7"]])
    dialog = PastePreview(paste, pane.model)
    qtbot.addWidget(dialog)
    dialog.show()
    for place, entry in (((0, 1), "2"), ((1, 0), "6")):
        current = dialog.view.currentIndex()
        assert (current.row(), current.column()) == place
        dialog.view.edit(current)
        editor = dialog.view.viewport().findChild(QLineEdit, options=Qt.FindChildOption.FindDirectChildrenOnly)
        assert editor is not None
        editor.setText(entry)
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: dialog.view.state() == dialog.view.State.NoState)
        qtbot.waitUntil(lambda: not dialog.view.viewport().findChildren(QLineEdit))
    assert [[cell.text for cell in line] for line in paste.cells] == [["5", "2"], ["6", "7"]]
    assert dialog.accept_button.isEnabled()
    assert dialog.isVisible()
    assert dialog.focusWidget() is dialog.accept_button


def test_preview_has_room_for_its_sentences_below_the_table(qtbot: QtBot, empty_session: Session) -> None:
    pane = TaskPane(empty_session)
    qtbot.addWidget(pane)
    pane.show_task(HOUSEHOLDS)
    wrong = [["上口镇补报的户数，见附件里的第二张表，请县里核对后一并修改"]] * 9
    dialog = PastePreview(pane.model.plan_paste(0, pane.model.year_column(2022), wrong), pane.model)
    qtbot.addWidget(dialog)
    dialog.show()
    QApplication.processEvents()
    assert faults(dialog) == []
    assert dialog.view.geometry().bottom() < dialog.sentences.geometry().top()


def test_preview_says_what_would_be_written_over(qtbot: QtBot, empty_session: Session) -> None:
    pane = TaskPane(empty_session)
    qtbot.addWidget(pane)
    pane.show_task(HOUSEHOLDS)
    model, column = pane.model, pane.model.year_column(2022)
    pane.view.sheet.land(model.plan_paste(0, column, [["1200"], ["7"]]))
    dialog = PastePreview(model.plan_paste(0, column, [["1,200"], ["8"], ["9"]]), model)
    qtbot.addWidget(dialog)
    assert dialog.counts.text() == "共3格：可以粘贴3格（其中1格改掉原有的内容）。"


def test_what_is_wrong_has_room_beside_the_buttons(quota: QuotaDialog) -> None:
    quota.show()
    reason, before = quota.reason.height(), quota.height()
    quota.amount.setText("5")
    quota.issued_on.setText("2022.13.28")
    quota.accept()
    quota.grab()
    assert quota.trouble.width() > quota.width() / 2
    assert (quota.reason.height(), quota.height() >= before) == (reason, True)


def test_preview_beyond_the_sheet_can_only_be_emptied(qtbot: QtBot, empty_session: Session) -> None:
    pane = TaskPane(empty_session)
    qtbot.addWidget(pane)
    pane.show_task(HOUSEHOLDS)
    model = pane.model
    paste = model.plan_paste(model.rowCount() - 1, model.year_column(2022), [["5"], ["6"]])
    dialog = PastePreview(paste, model)
    qtbot.addWidget(dialog)
    assert "超出" in dialog.sentences.text()
    assert dialog.model.setData(dialog.model.index(1, 0), "")
    assert dialog.accept_button.isEnabled()


def test_split_by_last_year_and_by_what_is_left(qtbot: QtBot, demo_session: Session) -> None:
    dialog = SplitDialog(demo_session, read_grid(demo_session, HOUSEHOLDS), 2022)
    qtbot.addWidget(dialog)
    rows = [row for row in read_grid(demo_session, HOUSEHOLDS).rows if row.assignee.kind == "town"]
    dialog.methods.button("last_year").click()
    before = {row.assignee.id: row.cells[2021].in_unit for row in rows}
    assert {line.assignee.id: line.weight for line in dialog.model.recipients} == before
    dialog.years.button(2021).click()
    assert "没有2020年的数" in dialog.hint.text()
    assert not dialog.accept_button.isEnabled()
    dialog.years.button(2022).click()
    dialog.methods.button("equal").click()
    dialog.rest.click()
    dialog.total.setText("=19200+15*10")
    assert [line.share for line in dialog.model.recipients] == [(row.cells[2022].in_unit or 0) + 10 for row in rows]
    assert "余下的150户" in dialog.sum.text()
    dialog.accept()
    assert read_grid(demo_session, HOUSEHOLDS).summaries[2022].subtotal == 19350


def test_a_quota_below_what_is_assigned_is_told_before_it_is_saved(qtbot: QtBot, demo_session: Session) -> None:
    dialog = QuotaDialog(demo_session, demo_session.catalogue.target(HOUSEHOLDS), 2022)
    qtbot.addWidget(dialog)
    assert dialog.effect.text() == "2022年已分解19,200户：与县级目标一致。"
    dialog.amount.clear()
    qtbot.keyClicks(dialog.amount, "20000")
    assert "还有800户没有分解" in dialog.effect.text()
    assert "等15个" in dialog.effect.text()
    dialog.document_number.setText("示例3号")
    dialog.reason.setPlainText("市里调整")
    dialog.accept()
    assert read_grid(demo_session, HOUSEHOLDS).summaries[2022].balance == 800
    with demo_session.county.reading() as conn:
        assert states(conn, demo_session.catalogue)[HOUSEHOLDS].kind is StateKind.UNBALANCED
