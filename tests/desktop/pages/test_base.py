"""基础信息: every section does what it says, through the session, and can be undone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.store import records
from db.store.attachments import add
from db.store.backup import kept
from db.work.county_settings import county_facts
from desktop.dialogs.files_checked import FilesCheckedDialog
from desktop.dialogs.paste_rows import PasteRowsDialog
from desktop.dialogs.quota import QuotaDialog
from desktop.dialogs.restore import RestoreDialog
from desktop.pages.base import BasePage
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.base_backup import BackupPanel
from desktop.widgets.base_county import CountyPanel
from desktop.widgets.base_enterprises import EnterprisePanel
from desktop.widgets.base_history import HistoryPanel
from desktop.widgets.base_recycle import RecyclePanel
from desktop.widgets.base_section import SECTIONS
from desktop.widgets.simple_table import SimpleTable
from desktop.widgets.table_panel import TablePanel

CODE = "91370783000000019W"


def opened(qtbot: QtBot, session: Session) -> BasePage:
    page = BasePage(session)
    # The closure keeps the page until the test is over: collected as garbage while it is painted, it would crash.
    qtbot.addWidget(page, before_close_func=lambda _: page.hide())
    page.resize(1280, 690)
    page.show()
    return page


def texts(table: SimpleTable) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows_model.rows]


def enterprises(page: BasePage) -> EnterprisePanel:
    panel = page.open_section("enterprise")
    assert isinstance(panel, EnterprisePanel)
    return panel


def problems_of(session: Session) -> list[str]:
    """Collect what goes wrong from now on instead of failing."""
    session.problem.disconnect()
    found: list[str] = []
    session.problem.connect(lambda problem: found.append(str(problem)))
    return found


def count(session: Session, table: str) -> int:
    with session.county.reading() as conn:
        return int(conn.execute(f"SELECT count(*) FROM {table} WHERE deleted_at IS NULL").fetchone()[0])


def test_every_section_opens_and_search_results_land_in_it(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    for name, _, _ in SECTIONS:
        assert isinstance(page.open_section(name), QWidget) and page.section == name
    with demo_session.county.reading() as conn:
        row_id = conn.execute("SELECT id FROM enterprise ORDER BY seq DESC").fetchone()[0]
    page.reveal(Place("base", section="enterprise", row_id=row_id))
    assert page.section == "enterprise" and enterprises(page).row_panel.form.row_id == row_id
    page.reveal(Place("base", section="quotas"))
    assert page.section == "quotas"


def test_counts_follow_what_happens(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    assert page.list.item(page.list.keys.index("enterprise")).data(Qt.ItemDataRole.AccessibleTextRole) == "企业 40"
    with demo_session.county.reading() as conn:
        one = conn.execute("SELECT id FROM enterprise").fetchone()[0]
    demo_session.write("删除", lambda op: records.delete(op, load_schema("enterprise"), [one]))
    assert page.list.item(page.list.keys.index("enterprise")).data(Qt.ItemDataRole.AccessibleTextRole) == "企业 39"
    assert page.list.item(page.list.keys.index("recycle")).data(Qt.ItemDataRole.AccessibleTextRole) == "回收站 1"


# -- 本县与经办人 -----------------------------------------------------------------------------------------------


def test_contacts_are_saved_when_left_and_undone(qtbot: QtBot, empty_session: Session) -> None:
    page = opened(qtbot, empty_session)
    panel = page.open_section("county")
    assert isinstance(panel, CountyPanel)
    assert panel.facts["name"].text() == "寿光市" and panel.facts["code"].text() == "370783"
    panel.edits["clerk"].setText("李明")
    panel.edits["clerk"].editingFinished.emit()
    assert empty_session.undo_label == "经办人：李明"
    assert empty_session.author == "李明"
    with empty_session.county.reading() as conn:
        assert county_facts(conn).contacts["clerk"] == "李明"
    empty_session.undo()
    assert panel.edits["clerk"].text() == ""


def test_an_impossible_phone_stays_with_its_sentence(qtbot: QtBot, empty_session: Session) -> None:
    page = opened(qtbot, empty_session)
    panel = page.open_section("county")
    assert isinstance(panel, CountyPanel)
    edit = panel.edits["clerk_phone"]
    edit.setText("没有")
    edit.editingFinished.emit()
    assert edit.text() == "没有" and edit.property("wrong")
    assert "经办人电话" in panel.problems["clerk_phone"].text() and panel.problems["clerk_phone"].isVisible()
    assert empty_session.undo_label is None


# -- tables ---------------------------------------------------------------------------------------------------


def test_a_new_town_is_run_by_this_county(qtbot: QtBot, empty_session: Session) -> None:
    page = opened(qtbot, empty_session)
    panel = page.open_section("town")
    assert isinstance(panel, TablePanel)
    panel.add()
    row = panel.grid.rows.row_at(panel.grid.currentIndex().row())
    assert row is not None and row.labels["unit_id"] == "寿光市" and row.values["name"] is None
    assert panel.count.text() == "共 16 行"
    empty_session.undo()
    assert panel.count.text() == "共 15 行"


def test_a_town_in_use_is_not_deleted_and_says_where(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    panel = page.open_section("town")
    assert isinstance(panel, TablePanel)
    told = problems_of(demo_session)
    panel.grid.go_to(0, 0)
    panel.doing.delete()
    assert "圣城街道" in told[0] and "分解任务" in told[0]
    assert count(demo_session, "town") == 15


def test_deleting_goes_to_the_bin_and_comes_back(qtbot: QtBot, empty_session: Session) -> None:
    page = opened(qtbot, empty_session)
    panel = page.open_section("department")
    assert isinstance(panel, TablePanel)
    panel.grid.go_to(2, 0)
    chosen = panel.grid.rows.row_id(2)
    panel.tools.delete.click()
    assert count(empty_session, "department") == 23
    panel.tools.bin.setChecked(True)
    assert panel.count.text() == "回收站里有 1 行" and panel.grid.rows.row_id(0) == chosen
    assert not panel.tools.add.isVisible() and panel.tools.restore.isEnabled()
    panel.tools.restore.click()
    assert count(empty_session, "department") == 24
    panel.show_all()
    assert panel.count.text() == "共 24 行"


def test_the_code_is_judged_while_it_is_typed(qtbot: QtBot, demo_session: Session) -> None:
    panel = enterprises(opened(qtbot, demo_session))
    for text, words, tone in (
        (CODE[:10], "还差8位", ""),
        (CODE[:17] + "X", "校验不符", "bad"),
        (CODE, "代码正确", "good"),
        ("", "", ""),
    ):
        panel.judge(text)
        assert words in panel.verdict.text() and panel.verdict.property("tone") in (tone, None)


def test_a_second_row_with_the_same_code_is_told_with_the_way_to_the_first(qtbot: QtBot, demo_session: Session) -> None:
    panel = enterprises(opened(qtbot, demo_session))
    first, second = panel.grid.rows.row_id(0), panel.grid.rows.row_id(1)
    code = panel.grid.rows.row_at(0).values["credit_code"]  # type: ignore[union-attr]
    schema = load_schema("enterprise")
    panel.grid.go_to(1, 0)
    assert not panel.row_panel.warning.isVisible()
    demo_session.write("代码", lambda op: records.update(op, schema, second, {"credit_code": code}))
    assert "演示圣城热力有限公司" in panel.row_panel.warning.text() and panel.row_panel.warning.isVisible()
    panel.row_panel.go.click()
    assert panel.row_panel.form.row_id == first


def test_rows_copied_from_excel_are_shown_first_and_added_in_one_step(qtbot: QtBot, empty_session: Session) -> None:
    page = opened(qtbot, empty_session)
    panel = enterprises(page)
    assert panel.stack.currentWidget() is panel.empty
    lines = ["企业名称\t所属镇街\t统一社会信用代码", f"甲公司\t侯镇\t{CODE}", "乙公司\t天上镇\t", f"丙公司\t\t{CODE}"]
    QGuiApplication.clipboard().setText("\n".join(lines))
    panel.tools.paste.click()
    dialog = page.dialog
    assert isinstance(dialog, PasteRowsDialog)
    assert "可以新增1行，1行已有、不再新增，1行有问题" in dialog.counts.text()
    assert dialog.model.setData(dialog.model.index(1, 1), "羊口镇")
    assert dialog.accept_button.text() == "新增2行" and not dialog.sentences.isVisible()
    dialog.accept_button.click()
    assert count(empty_session, "enterprise") == 2 and panel.stack.currentWidget() is panel.grid
    empty_session.undo()
    assert count(empty_session, "enterprise") == 0


def test_an_empty_clipboard_is_told(qtbot: QtBot, empty_session: Session) -> None:
    panel = enterprises(opened(qtbot, empty_session))
    QGuiApplication.clipboard().clear()
    told = problems_of(empty_session)
    panel.tools.paste.click()
    assert "复制" in told[0]


# -- 县级目标 -----------------------------------------------------------------------------------------------------


def test_double_click_on_a_target_opens_its_dialog(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    panel = page.open_section("quotas")
    panel.reveal("08-06-1")  # type: ignore[attr-defined]
    panel._ask(panel.model.row_of("08-06-1"), "dialog")  # type: ignore[attr-defined]
    assert isinstance(page.dialog, QuotaDialog) and page.dialog.year == 2021
    page.dialog.reject()
    assert page.dialog is None


# -- 备份、回收站、操作记录 -----------------------------------------------------------------------------------------


def test_backing_up_now_lists_the_backup_and_elsewhere_writes_one_file(
    qtbot: QtBot, demo_session: Session, tmp_path: Path
) -> None:
    panel = opened(qtbot, demo_session).open_section("backup")
    assert isinstance(panel, BackupPanel)
    assert panel.stack.currentWidget() is panel.empty
    panel.now_button.click()
    assert len(texts(panel.table)) == 1 and texts(panel.table)[0][1] == "每日备份"
    with qtbot.waitSignal(demo_session.notice) as told:
        panel.back_up()
    assert "没有改动" in told.args[0]
    panel.choose_save = lambda _name: str(tmp_path / "U盘" / "寿光")
    panel.save_button.click()
    assert (tmp_path / "U盘" / "寿光.zip").stat().st_size > 1000
    panel.choose_save = lambda _name: ""
    panel.save_button.click()
    assert len(list((tmp_path / "U盘").iterdir())) == 1


def test_restoring_shows_what_would_change_and_keeps_what_it_replaces(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    panel = page.open_section("backup")
    assert isinstance(panel, BackupPanel)
    panel.back_up()
    schema = load_schema("enterprise")
    demo_session.write("新增", lambda op: records.insert(op, schema, {"name": "后来的企业"}))
    panel.table.selectRow(0)
    panel.restore_button.click()
    dialog = page.dialog
    assert isinstance(dialog, RestoreDialog)
    assert ["企业", "41", "40", "减少1"] in texts(dialog.table)
    notices: list[str] = []
    demo_session.notice.connect(notices.append)
    dialog.restore_button.click()
    assert demo_session.is_open and count(demo_session, "enterprise") == 40
    assert any("before-restore" in words for words in notices)
    assert "before-restore" in {entry.kind for entry in kept(demo_session.folder)}


def test_a_file_that_is_no_backup_leaves_the_county_open(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    page = opened(qtbot, demo_session)
    panel = page.open_section("backup")
    assert isinstance(panel, BackupPanel)
    (tmp_path / "别的.zip").write_bytes(b"no zip")
    panel.choose_open = lambda: str(tmp_path / "别的.zip")
    told = problems_of(demo_session)
    panel.file_button.click()
    assert "不是本程序的备份" in told[0]
    assert page.dialog is None and demo_session.is_open


def test_deleted_rows_of_any_table_come_back_from_the_bin(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    panel = page.open_section("recycle")
    assert isinstance(panel, RecyclePanel)
    assert panel.stack.currentWidget() is panel.empty
    with demo_session.county.reading() as conn:
        gone = [row[0] for row in conn.execute("SELECT id FROM register_coal_boiler LIMIT 3")]
    demo_session.write("删除三台", lambda op: records.delete(op, load_schema("coal_boiler"), gone))
    assert [row[0] for row in texts(panel.table)] == ["燃煤锅炉淘汰"] * 3
    assert not panel.restore_button.isEnabled()
    panel.table.selectAll()
    assert panel.restore_button.text() == "恢复3行"
    panel.restore_button.click()
    assert panel.stack.currentWidget() is panel.empty and count(demo_session, "register_coal_boiler") == 8


def test_history_tells_who_did_what_and_what_was_undone(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    panel = page.open_section("history")
    assert isinstance(panel, HistoryPanel)
    schema = load_schema("enterprise")
    demo_session.write("新增某企业", lambda op: records.insert(op, schema, {"name": "某企业"}))
    assert texts(panel.table)[0][1:] == ["王芳", "新增某企业", "1条", "有效"]
    demo_session.undo()
    assert texts(panel.table)[0][4] == "撤销" and texts(panel.table)[1][4] == "已撤销"
    assert not panel.more.isVisible()


def test_missing_proof_files_are_found_and_lead_to_their_rows(
    qtbot: QtBot, demo_session: Session, tmp_path: Path
) -> None:
    page = opened(qtbot, demo_session)
    panel = page.open_section("backup")
    assert isinstance(panel, BackupPanel)
    told: list[str] = []
    demo_session.notice.connect(told.append)
    schema, county = load_schema("coal_boiler"), demo_session.county
    (tmp_path / "批复.pdf").write_bytes(b"%PDF-lost")
    ids: list[str] = []
    demo_session.write("新增", lambda op: records.insert(op, schema, {"name": "9号锅炉"}), ids.append)
    demo_session.write("添加", lambda op: add(op, county, schema.table, ids[0], tmp_path / "批复.pdf"))
    panel.check_button.click()
    assert "内容都没有变" in told[-1]
    for file in (demo_session.folder / "attachments").rglob("*.pdf"):
        if file.read_bytes() == b"%PDF-lost":
            file.unlink()
    panel.check_button.click()
    dialog = page.dialog
    assert isinstance(dialog, FilesCheckedDialog)
    assert [row[:2] + row[3:] for row in texts(dialog.table)] == [["批复.pdf", "丢失", "9号锅炉"]]
    went: list[Place] = []
    page.navigate.connect(went.append)
    dialog.table.chosen.emit(0)
    assert went == [Place("projects", register=schema.table, row_id=ids[0])]
