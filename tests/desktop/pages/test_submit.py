"""上报: from the kind to a verified package, by the buttons the clerk presses."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.exchange.package_verify import verify_package
from desktop.pages.submit import CHECK, CHOOSE, DONE, FOLDER, SubmitPage
from desktop.session import Session


def opened(qtbot: QtBot, session: Session) -> SubmitPage:
    page = SubmitPage(session)
    qtbot.addWidget(page)
    page.resize(1280, 690)
    page.show()
    return page


def press(qtbot: QtBot, page: SubmitPage) -> None:
    qtbot.mouseClick(page.forward, Qt.MouseButton.LeftButton)


def test_a_package_is_written_verified_and_remembered(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    page = opened(qtbot, demo_session)
    press(qtbot, page)
    assert page.steps.current == CHECK
    shown = {row[0].text: row[1].text for row in page.contents.table.rows_model.rows}
    assert shown["镇街"] == "15" and shown["企业"] == "40"
    press(qtbot, page)
    page.folder.edit.setText(str(tmp_path / "U盘"))
    press(qtbot, page)
    assert page.steps.current == DONE, page.folder.fault.text()
    written = Path(page.done.values["文件"].text())
    assert written.parent == tmp_path / "U盘"
    verdict = verify_package(written)
    assert verdict.ok, verdict.problems
    history = page.history.table.rows_model.rows
    assert [cell.text for cell in history[0]][1] == "第1次"
    digest = page.done.values["校验码"].text().replace(" ", "")
    assert digest.startswith(history[0][4].text) and len(digest) == 64


def test_a_second_export_replaces_the_first(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    page = opened(qtbot, demo_session)
    page.folder.edit.setText(str(tmp_path))
    for sequence in (1, 2):
        page.restart()
        page.choose.set_kind("registers")
        page.go_on()
        assert f"第{sequence}次" in page.heading.text()
        page.go_on()
        page.go_on()
        assert page.steps.current == DONE, page.folder.fault.text()
    assert {file.name for file in tmp_path.glob("*.zip")} == {
        "370783-registers-2022-v1.zip",
        "370783-registers-2022-v2.zip",
    }
    assert [row[3].text for row in page.history.table.rows_model.rows] == ["已导出", "被替代"]


def test_a_folder_that_cannot_be_used_is_told_and_nothing_is_lost(
    qtbot: QtBot, demo_session: Session, tmp_path: Path
) -> None:
    page = opened(qtbot, demo_session)
    page.go_on()
    page.go_on()
    (tmp_path / "a file").write_text("x", encoding="utf-8")
    for text, said in (("", "还没有选择"), ("U盘", "完整的文件夹路径"), (str(tmp_path / "a file"), "不是文件夹")):
        page.folder.edit.setText(text)
        page.go_on()
        assert page.steps.current == FOLDER and said in page.folder.fault.text()
    assert not list(tmp_path.glob("**/*.zip"))


def test_an_empty_county_is_told_what_is_missing(qtbot: QtBot, empty_session: Session) -> None:
    page = opened(qtbot, empty_session)
    page.go_on()
    assert "还没有分解" in page.contents.remarks.text()
    assert "“企业”还没有内容" in page.contents.remarks.text()
    assert "这些列是个人信息" in page.contents.remarks.text()
    page.go_back()
    assert page.steps.current == CHOOSE and not page.back.isVisible()


def test_the_year_of_the_window_is_the_year_proposed(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    demo_session.year = 2023
    assert page.choose.period == "2023" and "2023年" in page.heading.text()
