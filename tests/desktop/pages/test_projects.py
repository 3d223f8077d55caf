"""项目清单: registers, rows, form, proof files, figures; everything through the session, and undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from db.core.values import Cell
from db.store import records
from db.work.evidence import evidence
from desktop.dialogs.load_register import LoadRegisterDialog
from desktop.dialogs.paste_rows import PasteRowsDialog
from desktop.dialogs.problems import ProblemsDialog
from desktop.dialogs.register_rows import ExportRowsDialog, ImportRowsDialog
from desktop.dialogs.row_changes import RowChangesDialog
from desktop.pages.projects import ProjectsPage
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.dialog import Dialog
from desktop.widgets.table_panel import TablePanel
from tests.db.exchange.test_register_file import FIELDS, SETTINGS, book


def opened(qtbot: QtBot, session: Session, register: str = "") -> tuple[ProjectsPage, TablePanel]:
    page = ProjectsPage(session)
    # The closure keeps the page until the test is over: collected as garbage while it is painted, it would crash.
    qtbot.addWidget(page, before_close_func=lambda _: page.hide())
    page.resize(1280, 690)
    page.show()
    if register:
        page.open_register(register)
    assert page.panel is not None
    return page, page.panel


def side(page: ProjectsPage) -> list[str]:
    items = [page.list.item(row) for row in range(page.list.count())]
    return [item.data(Qt.ItemDataRole.AccessibleTextRole) or item.text() for item in items]


def counted(page: ProjectsPage, title: str) -> str:
    return next(words for words in side(page) if words.startswith(title)).removeprefix(title).strip()


def test_registers_stand_with_their_counts_and_the_first_filled_one_is_open(
    qtbot: QtBot, demo_session: Session
) -> None:
    page, panel = opened(qtbot, demo_session)
    assert side(page)[:5] == ["通用", "重点项目 14", "“严禁”红线承诺 15", "深入调整产业结构", "落后产能淘汰退出 6"]
    assert len(page.list.keys) == 38
    assert page.register == "key_project" and panel.count.text() == "共 14 行"
    assert panel.row_panel.title.text() == "演示：化工园区VOCs深度治理"


def test_an_empty_register_says_what_it_is_for_and_takes_its_first_row(qtbot: QtBot, empty_session: Session) -> None:
    page, panel = opened(qtbot, empty_session, "coal_boiler")
    assert panel.stack.currentWidget() is panel.empty
    assert "08-02" in panel.empty.text.text() and "一台锅炉一行" in panel.empty.text.text()
    assert not panel.row_panel.isVisible()
    panel.add()
    assert panel.stack.currentWidget() is panel.grid and panel.row_panel.isVisible()
    row = panel.grid.rows.row_at(0)
    assert row is not None and row.values["stage"] == "未启动"
    assert counted(page, "燃煤锅炉淘汰") == "1"
    assert empty_session.undo_label == "新增「燃煤锅炉淘汰」"
    empty_session.undo()
    assert panel.stack.currentWidget() is panel.empty and counted(page, "燃煤锅炉淘汰") == ""


def test_the_form_saves_what_is_typed_and_the_grid_shows_it(qtbot: QtBot, demo_session: Session) -> None:
    _, panel = opened(qtbot, demo_session, "coal_boiler")
    panel.grid.go_to(1, 0)
    field = panel.row_panel.form.fields["location"]
    field.editor.setText("圣城街道南环路1号")  # type: ignore[union-attr]
    field.commit()
    row = panel.grid.rows.row_at(1)
    assert row is not None and row.values["location"] == "圣城街道南环路1号"
    demo_session.undo()
    assert field.editor.text() == ""


def test_a_place_opens_register_and_row_past_search_and_bin(qtbot: QtBot, demo_session: Session) -> None:
    page, panel = opened(qtbot, demo_session, "rural_heating")
    row_id = panel.grid.rows.row_id(20)
    panel.tools.search.setText("没有这个村")
    panel.tools.search.returnPressed.emit()
    assert panel.stack.currentWidget() is panel.nothing
    page.open_register("key_project")
    page.reveal(Place("projects", register="rural_heating", row_id=row_id))
    assert page.panel is panel and panel.row_panel.form.row_id == row_id and panel.grid.currentIndex().row() == 20
    panel.tools.bin.setChecked(True)
    page.reveal(Place("projects", register="register_rural_heating", row_id=row_id))
    assert not panel.tools.bin.isChecked() and panel.row_panel.form.row_id == row_id


@pytest.mark.parametrize("number", [0, 1])
def test_a_place_brings_its_field_into_sight_in_the_form_too(qtbot: QtBot, demo_session: Session, number: int) -> None:
    page, panel = opened(qtbot, demo_session, "coal_boiler")
    form = panel.row_panel.form

    def in_sight(name: str) -> bool:
        field = form.fields[name]
        area = form.viewport().rect()
        return area.contains(field.mapTo(form.viewport(), QPoint(0, field.height() // 2)))

    last = [name for name, field in form.fields.items() if field.isVisible()][-1]
    assert not in_sight(last)
    page.reveal(Place("projects", register="coal_boiler", row_id=panel.grid.rows.row_id(number), field=last))
    assert in_sight(last)
    page.reveal(Place("projects", register="coal_boiler", row_id=panel.grid.rows.row_id(number), field="name"))
    assert in_sight("name")


def test_a_place_asked_for_before_the_page_was_shown_is_kept(qtbot: QtBot, demo_session: Session) -> None:
    page = ProjectsPage(demo_session)
    qtbot.addWidget(page, before_close_func=lambda _: page.hide())
    page.reveal(Place("projects", register="outdated_capacity"))
    page.show()
    assert page.register == "outdated_capacity"


def test_search_counts_what_it_finds(qtbot: QtBot, demo_session: Session) -> None:
    _, panel = opened(qtbot, demo_session, "coal_boiler")
    panel.tools.search.setText("洛城")
    panel.tools.search.returnPressed.emit()
    assert panel.count.text() == "筛选出 2 行" and panel.clear_filter.isVisible()
    panel.clear_filter.click()
    assert panel.count.text() == "共 8 行" and not panel.clear_filter.isVisible()


def test_many_rows_are_deleted_after_asking(qtbot: QtBot, demo_session: Session) -> None:
    page, panel = opened(qtbot, demo_session, "rural_heating")
    panel.grid.selectAll()
    panel.tools.delete.click()
    assert counted(page, "农村清洁取暖") == "30"
    [dialog] = panel.findChildren(Dialog)
    dialog.accept()
    assert counted(page, "农村清洁取暖") == ""
    demo_session.undo()
    assert counted(page, "农村清洁取暖") == "30"


def test_figures_tell_what_the_rows_come_to_and_lead_to_the_target(qtbot: QtBot, demo_session: Session) -> None:
    page, panel = opened(qtbot, demo_session, "coal_boiler")
    figures = page._lines["coal_boiler"]
    assert any("应完成8项" in sentence for sentence in figures.sentences)
    with qtbot.waitSignal(page.navigate) as going:
        figures.chosen.emit("08-02-1")
    assert going.args == [Place("breakdown", task_id="08-02-1")]
    done = [sentence for sentence in figures.sentences if "应完成8项，已完成3项" in sentence]
    open_row = next(
        row.id
        for place in range(8)
        if (row := panel.grid.rows.row_at(place)) is not None and row.values["stage"] == "实施中"
    )
    demo_session.write("完成", lambda op: records.update(op, panel.schema, open_row, {"stage": "已完成"}))
    assert done and any("应完成8项，已完成4项" in sentence for sentence in figures.sentences)


def test_files_dropped_on_a_row_become_its_evidence(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    _, panel = opened(qtbot, demo_session, "coal_boiler")
    panel.grid.go_to(0, 0)
    photo = tmp_path / "拆除现场照片.jpg"
    photo.write_bytes(b"jpeg")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(photo)), QUrl("https://example.org/a.pdf")])
    at = QPoint(30, panel.grid.rowViewportPosition(2) + 5)
    rest = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entered = QDragEnterEvent(at, *rest)
    QGuiApplication.sendEvent(panel.grid.viewport(), entered)
    assert entered.isAccepted()
    QGuiApplication.sendEvent(panel.grid.viewport(), QDropEvent(QPointF(at), *rest))
    row_id = panel.grid.rows.row_id(2)
    with demo_session.county.reading() as conn:
        assert [item.name for item in evidence(conn, "register_coal_boiler", row_id)] == ["拆除现场照片.jpg"]
    assert panel.row_panel.form.row_id == row_id and panel.tools.evidence.text() == "附件 1"
    demo_session.undo()
    assert panel.tools.evidence.text() == "附件"


def test_a_screenshot_pasted_on_a_row_becomes_its_evidence(qtbot: QtBot, demo_session: Session) -> None:
    _, panel = opened(qtbot, demo_session, "coal_boiler")
    panel.grid.go_to(2, 1)
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(0)
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(panel.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    row_id = panel.grid.rows.row_id(2)
    with demo_session.county.reading() as conn:
        [item] = evidence(conn, "register_coal_boiler", row_id)
    assert item.name.startswith("截图 ") and panel.tools.evidence.text() == "附件 1"


def test_form_and_evidence_can_be_put_away(qtbot: QtBot, demo_session: Session) -> None:
    _, panel = opened(qtbot, demo_session, "coal_boiler")
    panel.tools.form.setChecked(False)
    assert not panel.row_panel.form_card.isVisible() and panel.row_panel.isVisible()
    panel.tools.evidence.setChecked(False)
    assert not panel.row_panel.isVisible()
    panel.tools.form.setChecked(True)
    assert panel.row_panel.form_card.isVisible()


def test_rows_can_be_pasted_into_a_register(qtbot: QtBot, empty_session: Session) -> None:
    page, panel = opened(qtbot, empty_session, "coal_boiler")
    QGuiApplication.clipboard().setText(
        "项目名称\t所属镇街\t蒸发量（蒸吨）\t停用日期\n1号锅炉\t侯镇\t10\t2021年9月30日"
    )
    panel.tools.paste.click()
    assert isinstance(page.dialog, PasteRowsDialog)
    page.dialog.accept_button.click()
    row = panel.grid.rows.row_at(0)
    assert row is not None and str(row.values["stopped_on"]) == "2021-09-30" and row.labels["town_id"] == "侯镇"


def test_the_selection_is_summed_for_the_status_line(qtbot: QtBot, demo_session: Session) -> None:
    page, panel = opened(qtbot, demo_session, "coal_boiler")
    column = panel.grid.rows.column_of("tonnage")
    panel.grid.go_to(0, column)
    with qtbot.waitSignal(page.selection_told, check_params_cb=lambda words: "合计" in words) as told:
        panel.grid.selectColumn(column)
    assert told.args[0].startswith("已选 8 格") and "蒸吨" in told.args[0]


def test_a_register_is_found_by_title_initials_or_clause(qtbot: QtBot, demo_session: Session) -> None:
    page, _ = opened(qtbot, demo_session)
    qtbot.keyClicks(page.search, "rmgl")
    assert page.list.found_keys == ["coal_boiler"]
    headings = [page.list.item(row) for row in range(page.list.count()) if not page.list.item(row).isHidden()]
    assert [item.text() for item in headings] == ["深入调整能源结构", "燃煤锅炉淘汰"]
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert page.register == "coal_boiler"
    page.search.setText("12-1")
    assert page.list.found_keys == ["new_energy_vehicle", "charging_facility"]
    page.search.setText("没有这样的清单")
    assert page.list.found_keys == [] and page.nothing.isVisible()
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert len(page.list.found_keys) == 38 and not page.nothing.isVisible()


def test_the_form_asks_only_for_what_applies(qtbot: QtBot, demo_session: Session) -> None:
    _, panel = opened(qtbot, demo_session, "coal_boiler")
    form = panel.row_panel.form
    row_id = next(
        row.id
        for place in range(8)
        if (row := panel.grid.rows.row_at(place)) is not None and row.values["extended"] is False
    )
    panel.reveal(row_id)
    assert not form.fields["extended_until"].isVisible() and form.fields["due_on"].isVisible()
    demo_session.write("延期", lambda op: records.update(op, panel.schema, row_id, {"extended": True}))
    assert form.fields["extended_until"].isVisible()
    kept: dict[str, Cell] = {"extension_reason": "管网未通", "extended": False}
    demo_session.write("不延期", lambda op: records.update(op, panel.schema, row_id, kept))
    assert not form.fields["extended_until"].isVisible()
    reason = form.fields["extension_reason"]
    assert reason.isVisible() and "只在「是否延期」是“是”时填写" in reason.problem.text()


def test_a_computed_field_is_shown_and_not_typed(qtbot: QtBot, demo_session: Session) -> None:
    _, panel = opened(qtbot, demo_session, "key_energy_user")
    editor = panel.row_panel.form.fields["energy_left"].editor
    assert editor.isReadOnly() and editor.text()


def test_a_register_from_a_workbook_is_shown_first_and_then_works_like_the_others(
    qtbot: QtBot, empty_session: Session, tmp_path: Path
) -> None:
    page, _ = opened(qtbot, empty_session, "coal_boiler")
    page.load_file(book(tmp_path / "city.xlsx"))
    assert isinstance(page.dialog, LoadRegisterDialog)
    assert page.dialog.heading.text() == "秸秆综合利用（第2版，24个字段）"
    assert "方案依据：16-01" in page.dialog.facts.text() and "还没有这张清单" in page.dialog.facts.text()
    asked = {row[1].text: row[4].text for row in page.dialog.table.rows_model.rows}
    assert asked["收购企业"] == "「利用方式」是“饲料”时填写"
    assert asked["剩余量（吨）"] == "由程序计算：「产生量」－「利用量」"
    page.dialog.accept_button.click()
    assert page.register == "straw" and page.panel is not None
    page.panel.add()
    form = page.panel.row_panel.form
    assert not form.fields["buyer"].isVisible() and form.fields["rest"].editor.isReadOnly()
    second = [[*FIELDS[0]], *FIELDS[1:4], ["sold", "售出量", "decimal", "", "", "", "", "吨"]]
    page.load_file(book(tmp_path / "second.xlsx", survey=second, settings=[SETTINGS[0], ["straw", "秸秆利用", 3]]))
    assert isinstance(page.dialog, LoadRegisterDialog)
    assert "新增字段：售出量。\n不再填写：剩余量、收购企业" in page.dialog.facts.text()
    page.dialog.accept_button.click()
    assert counted(page, "秸秆利用") == "1" and "sold" in page.panel.row_panel.form.fields


def test_a_faulty_workbook_is_answered_with_all_its_faults(
    qtbot: QtBot, empty_session: Session, tmp_path: Path
) -> None:
    page, _ = opened(qtbot, empty_session)
    page.load_file(book(tmp_path / "city.xlsx", survey=[FIELDS[0], ["way", "方式", "单选 没有的"], ["x", "", "数"]]))
    assert isinstance(page.dialog, ProblemsDialog)
    assert [problem.place for problem in page.dialog.problems] == ["字段!C2", "字段!B3"]


def test_a_row_that_may_be_another_entered_twice_is_told_so_while_it_is_typed(
    qtbot: QtBot, demo_session: Session
) -> None:
    _, panel = opened(qtbot, demo_session, "coal_boiler")
    first, second = panel.grid.rows.row_at(0), panel.grid.rows.row_at(1)
    assert first is not None and second is not None
    panel.grid.go_to(1, 0)
    assert not panel.row_panel.warning.isVisible()
    same = {name: first.values[name] for name in ("enterprise_id", "boiler_number")}
    demo_session.write("填写", lambda op: records.update(op, panel.schema, second.id, same))
    assert "可能与“演示：20蒸吨燃煤锅炉淘汰”重复" in panel.row_panel.warning.text()
    panel.row_panel.go.click()
    assert panel.row_panel.form.row_id == first.id


def test_a_registers_rows_go_out_and_come_back(
    qtbot: QtBot, demo_session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, panel = opened(qtbot, demo_session, "coal_boiler")
    file = tmp_path / "锅炉.xlsx"
    page.export_rows(panel)
    assert isinstance(page.dialog, ExportRowsDialog)
    monkeypatch.setattr(page.dialog, "choose", lambda: str(file))
    with qtbot.waitSignal(page.selection_told) as told:
        page.dialog.accept_button.click()
    assert "已写出8行" in told.args[0] and "已遮盖" in told.args[0]
    page.read_rows_from(panel.schema, file)
    assert isinstance(page.dialog, ImportRowsDialog)
    assert page.dialog.counts.text() == "新增0行，更新0行，未变8行，拒绝0行。"
    assert not page.dialog.accept_button.isEnabled()
    page.dialog.reject()
    changed = load_workbook(file)
    sheet = changed.worksheets[0]
    place = [cell.value for cell in sheet[1]].index("锅炉编号") + 1
    sheet.cell(2, place).value = "锅1"
    changed.save(file)
    page.read_rows_from(panel.schema, file)
    assert isinstance(page.dialog, ImportRowsDialog)
    page.dialog.accept_button.click()
    row = panel.grid.rows.row_at(0)
    assert row is not None and row.values["boiler_number"] == "锅1"
    demo_session.undo()
    sheet.cell(2, 1).value = "不认得的标识"
    changed.save(file)
    page.read_rows_from(panel.schema, file)
    assert isinstance(page.dialog, ProblemsDialog) and page.dialog.problems[0].place == "A2"


def test_the_form_steps_from_row_to_row_and_tells_what_was_changed(qtbot: QtBot, demo_session: Session) -> None:
    page, panel = opened(qtbot, demo_session, "coal_boiler")
    tools = {tool.toolTip(): tool for tool in panel.row_panel.form_card.findChildren(QToolButton)}
    first = panel.row_panel.form.row_id
    tools["上一行"].click()
    assert panel.row_panel.form.row_id == first
    tools["下一行"].click()
    second = panel.row_panel.form.row_id
    assert second == panel.grid.rows.row_id(1) != first
    demo_session.write("改编号", lambda op: records.update(op, panel.schema, second, {"boiler_number": "锅2"}))
    tools["修改记录"].click()
    assert isinstance(page.dialog, RowChangesDialog)
    told = [[cell.text for cell in row] for row in page.dialog.table.rows_model.rows]
    assert told[0][2:] == ["锅炉编号", "演示-02", "锅2", "改编号"] and told[-1][2:5] == ["整行", "", "新增"]
    tools["上一行"].click()
    assert panel.row_panel.form.row_id == first
