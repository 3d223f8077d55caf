"""上报: from the kind to a verified package, by the buttons the clerk presses."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from db.checks.model import Level
from db.core.fields import load_schema
from db.core.period import Period
from db.exchange.letters import clear_letters
from db.exchange.package_verify import verify_package
from db.store import records
from desktop.pages.submit import CHECK, CHOOSE, DONE, FOLDER, ISSUES, SubmitPage
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.issue_tones import TONES
from tests.db.exchange.packages import make_ready
from tests.db.work.desk import Desk
from tests.desktop.conftest import spoil


def opened(qtbot: QtBot, session: Session) -> SubmitPage:
    page = SubmitPage(session)
    qtbot.addWidget(page)
    page.resize(1280, 690)
    page.show()
    return page


def ready(session: Session, kind: str = "plan") -> None:
    """Explain what the rules find, so that the wizard goes on."""
    make_ready(session.county, kind, "2022", session.today())


def press(qtbot: QtBot, page: SubmitPage) -> None:
    qtbot.mouseClick(page.forward, Qt.MouseButton.LeftButton)


def to_folder(page: SubmitPage, session: Session) -> None:
    ready(session)
    for _ in range(3):
        page.go_on()
    assert page.steps.current == FOLDER


def test_a_package_is_written_verified_and_remembered(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    ready(demo_session)
    page = opened(qtbot, demo_session)
    press(qtbot, page)
    assert page.steps.current == ISSUES and "都已处理，可以上报" in page.issues.summary.text()
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
    assert [cell.text for cell in history[0]][2:] == ["已完成", "已导出", "待审核", ""]
    page.history.table.selectRow(0)
    digest = page.done.values["校验码"].text()
    assert digest in page.history.detail.text() and len(digest.replace(" ", "")) == 64


def test_a_second_export_replaces_the_first(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    ready(demo_session)
    page = opened(qtbot, demo_session)
    page.folder.edit.setText(str(tmp_path))
    for sequence in (1, 2):
        page.restart()
        page.choose.set_kind("plan")
        page.go_on()
        page.go_on()
        assert f"第{sequence}次" in page.heading.text()
        assert page.contents.changes_title.isVisibleTo(page) == (sequence == 2)
        page.go_on()
        page.go_on()
        assert page.steps.current == DONE, page.folder.fault.text()
    assert {file.name for file in tmp_path.glob("*.zip")} == {
        "370783-plan-2022-v1.zip",
        "370783-plan-2022-v2.zip",
    }
    assert [row[3].text for row in page.history.table.rows_model.rows] == ["已导出", "被替代"]


def test_a_folder_that_cannot_be_used_is_told_and_nothing_is_lost(
    qtbot: QtBot, demo_session: Session, tmp_path: Path
) -> None:
    page = opened(qtbot, demo_session)
    to_folder(page, demo_session)
    (tmp_path / "a file").write_text("x", encoding="utf-8")
    for text, said in (("", "还没有选择"), ("U盘", "完整的文件夹路径"), (str(tmp_path / "a file"), "不是文件夹")):
        page.folder.edit.setText(text)
        page.go_on()
        assert page.steps.current == FOLDER and said in page.folder.fault.text()
    assert not list(tmp_path.glob("**/*.zip"))


def test_an_empty_county_is_told_what_is_missing(qtbot: QtBot, empty_session: Session) -> None:
    page = opened(qtbot, empty_session)
    page.go_on()
    assert page.steps.current == ISSUES and "要写明原因" in page.remark.text()
    page.go_on()
    assert page.steps.current == ISSUES
    page._read_contents()
    assert "还没有分解" in page.contents.remarks.text()
    assert "“企业”还没有内容" in page.contents.remarks.text()
    assert "这些列是个人信息" in page.contents.remarks.text()
    page.go_back()
    page.go_back()
    assert page.steps.current == CHOOSE and not page.back.isVisible()


def test_the_year_of_the_window_is_the_year_proposed(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    demo_session.year = 2023
    assert page.choose.period == "2023" and "2023年" in page.heading.text()


def test_what_is_wrong_stops_the_clerk_and_leads_to_its_cell(qtbot: QtBot, demo_session: Session) -> None:
    spoil(demo_session)
    page = opened(qtbot, demo_session)
    page.choose.set_kind("registers")
    page.go_on()
    assert page.steps.current == ISSUES and not page.forward.isEnabled()
    assert "强制性问题要改好" in page.remark.text()
    first = page.issues.issues[0]
    assert first.level is Level.BLOCKING and first.open
    with qtbot.waitSignal(page.navigate) as led:
        page.issues.table.chosen.emit(0)
    assert led.args is not None
    assert led.args[0] == Place("projects", register=first.register, row_id=first.row_id, field=first.field)
    with qtbot.waitSignal(page.navigate) as led:
        page.issues.queue.click()
    assert led.args is not None and led.args[0] == Place("check", section="open registers")


def test_what_was_explained_on_another_page_is_out_of_the_way(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    page.choose.set_kind("plan")
    page.go_on()
    assert page.steps.current == ISSUES and not page.forward.isEnabled()
    page.hide()
    ready(demo_session)
    page.show()
    assert page.steps.current == ISSUES and page.forward.isEnabled()


def test_a_password_is_asked_for_twice_and_not_kept(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    page = opened(qtbot, demo_session)
    to_folder(page, demo_session)
    page.folder.edit.setText(str(tmp_path))
    secret = page.folder.secret
    secret.wanted.click()
    for first, second, said in (("", "", "太短"), ("清洁取暖清洁取暖", "", "英文"), ("granary lantern", "x", "不一样")):
        secret.first.setText(first)
        secret.second.setText(second)
        page.go_on()
        assert page.steps.current == FOLDER and said in page.folder.fault.text()
    assert "强度：强" in secret.strength.text()
    secret.second.setText("granary lantern")
    page.go_on()
    assert page.steps.current == DONE and "加了密码" in page.done.heading.text()
    (package,) = tmp_path.glob("*.zip")
    assert verify_package(package).asks_for_password and verify_package(package, password="granary lantern").ok
    page.restart()
    assert secret.password == "" and not secret.first.text()


def test_a_package_is_taken_back_with_a_reason(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    page = opened(qtbot, demo_session)
    to_folder(page, demo_session)
    page.folder.edit.setText(str(tmp_path))
    page.go_on()
    history = page.history
    history.table.selectRow(0)
    history.recall_button.click()
    dialog = history.recall_dialog
    assert dialog is not None
    dialog.reason.setText("核实无误")
    dialog.accept()
    assert dialog.isVisible() and "没有说明原因" in dialog.trouble.text()
    dialog.reason.setText("企业名单漏报，补齐后重报")
    dialog.accept()
    assert [cell.text for cell in history.table.rows_model.rows[0]][3] == "已撤回"
    assert "企业名单漏报" in history.detail.text() and not history.recall_button.isEnabled()
    page.restart()
    page._read_contents()
    assert "第2次" in page.heading.text()


def test_what_was_changed_since_is_counted_and_listed(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    page = opened(qtbot, demo_session)
    to_folder(page, demo_session)
    page.folder.edit.setText(str(tmp_path))
    page.go_on()
    with demo_session.county.reading() as conn:
        desk = Desk(demo_session.county, conn)
        desk.quota("08-06-1", 2022, "19300", paper="潍环委〔2022〕9号", why="市里调整了清洁取暖的目标")
    page.refresh()
    history = page.history
    assert [cell.text for cell in history.table.rows_model.rows[0]][5].endswith("处")
    history.table.selectRow(0)
    history.compare()
    dialog = history.compare_dialog
    assert dialog is not None
    rows = dialog.table.rows_model.rows
    assert ("县级目标", "19,200", "19,300") in {(row[0].text, row[3].text, row[4].text) for row in rows}
    assert f"改动{len(rows)}处" in dialog.count.text()
    dialog.close()
    page.restart()
    page._read_contents()
    assert page.contents.changes.rows_model.rows == rows and f"改动{len(rows)}处" in page.contents.changes_title.text()


def test_the_results_of_an_evaluation_are_there_for_the_rules_to_look_at(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    page.choose.set_kind("annual")
    page.go_on()
    assert page.steps.current == ISSUES and not any("一项也没有" in issue.what for issue in page.issues.issues)
    with demo_session.county.reading() as conn:
        assert conn.execute("SELECT count(*) FROM evaluation WHERE period = '2022'").fetchone()[0] > 50
    assert demo_session.undo_label == "存下年度自评的结果"


def test_the_month_offered_is_the_one_that_is_being_filed(qtbot: QtBot, demo_session: Session) -> None:
    demo_session.period = Period(2022, 3)
    page = opened(qtbot, demo_session)
    page.choose.set_kind("monthly")
    assert page.choose.period == "2022-03" and "2022年3月" in page.heading.text()
    demo_session.period = Period(2022, 5)
    assert page.choose.period == "2022-05"
    seen = page.choose.mapTo(page.pages, page.choose.months.geometry().bottomLeft()).y()
    assert page.choose.months.isVisible() and seen < page.pages.height()


def test_what_was_modified_elsewhere_is_counted_when_the_page_is_seen_again(
    qtbot: QtBot, demo_session: Session, tmp_path: Path
) -> None:
    page = opened(qtbot, demo_session)
    to_folder(page, demo_session)
    (tmp_path / "370783-plan-2022-v1.zip").write_bytes(b"of another computer")
    page.folder.edit.setText(str(tmp_path))
    page.go_on()
    assert page.steps.current == DONE and "第2次" in page.heading.text()
    page.hide()
    with demo_session.county.reading() as conn:
        quota = conn.execute("SELECT id FROM quota WHERE year = 2022 LIMIT 1").fetchone()[0]
    demo_session.write("改目标", lambda op: records.update(op, load_schema("quota"), quota, {"note": "改过"}))
    page.show()
    assert page.history.table.rows_model.rows[0][5].text == "1处"


def exported(page: SubmitPage, session: Session, place: Path, secret: str = "") -> list[Path]:
    """Export a package under the password, and return what will be opened."""
    to_folder(page, session)
    page.folder.edit.setText(str(place))
    if secret:
        page.folder.secret.wanted.click()
        page.folder.secret.first.setText(secret)
        page.folder.secret.second.setText(secret)
    page.go_on()
    assert page.steps.current == DONE, page.folder.fault.text()
    page.history.table.selectRow(0)
    opened: list[Path] = []
    page.letters.open_outside = page.history.letters.open_outside = opened.append
    return opened


@pytest.fixture
def aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, the test's own."""
    folder = tmp_path / "aside"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_the_letter_is_opened_from_the_last_step_and_from_the_history(
    qtbot: QtBot, demo_session: Session, tmp_path: Path, aside: Path
) -> None:
    page = opened(qtbot, demo_session)
    seen = exported(page, demo_session, tmp_path / "out")
    page.done.letter_button.click()
    page.history.letter_button.click()
    with zipfile.ZipFile(tmp_path / "out" / "370783-plan-2022-v1.zip") as package:
        letter = package.read("370783-plan-2022-v1/data/letter.pdf")
    assert [file.read_bytes() for file in seen] == [letter, letter] and letter.startswith(b"%PDF")
    assert {file.name for file in seen} == {"上报函 370783-plan-2022-v1.pdf"}
    clear_letters(3600)
    assert all(file.is_file() for file in seen)
    clear_letters()
    assert not list(aside.glob("sijian-letter-*"))


def test_the_password_is_asked_for_when_it_is_no_longer_known(
    qtbot: QtBot, demo_session: Session, tmp_path: Path, aside: Path
) -> None:
    page = opened(qtbot, demo_session)
    seen = exported(page, demo_session, tmp_path / "out", "granary lantern")
    page.done.letter_button.click()
    assert len(seen) == 1 and page.letters.dialog is None
    page.history.letter_button.click()
    for typed, told in (("wrong wrong", "导出时设的密码"), ("granary lantern", "密码不对")):
        dialog = page.history.letters.dialog
        assert dialog is not None and told in " ".join(each.text() for each in dialog.findChildren(QLabel))
        dialog.password.setText(typed)
        dialog.yes.click()
    first, second = seen
    assert first.read_bytes() == second.read_bytes() and first.read_bytes().startswith(b"%PDF")
    page.restart()
    page._open_letter()
    assert len(seen) == 2


def test_a_package_that_is_gone_or_another_says_what_to_do(
    qtbot: QtBot, demo_session: Session, tmp_path: Path, aside: Path
) -> None:
    page = opened(qtbot, demo_session)
    seen = exported(page, demo_session, tmp_path / "out")
    told: list[str] = []
    demo_session.problem.disconnect()
    demo_session.problem.connect(lambda problem: told.append(str(problem)))
    package = tmp_path / "out" / "370783-plan-2022-v1.zip"
    content = package.read_bytes()
    package.unlink()
    page.done.letter_button.click()
    page.history.letter_button.click()
    assert len(told) == 2 and all("插好U盘" in each and "重新导出" in each for each in told)
    package.write_bytes(content)
    page.history.letters.open(package, "0" * 64)
    assert "校验码不同" in told[2]
    with zipfile.ZipFile(package, "w") as other:
        other.writestr("370783-plan-2022-v1/data/datapackage.json", "{}")
    page.history.letter_button.click()
    assert "没有上报函" in told[3] and not seen and not list(aside.glob("sijian-letter-*"))


def test_a_class_has_the_colour_that_it_has_on_the_page_of_issues(qtbot: QtBot, demo_session: Session) -> None:
    page = opened(qtbot, demo_session)
    page.choose.set_kind("plan")
    page.go_on()
    badges = [row[0] for row in page.issues.table.rows_model.rows]
    assert any(issue.level is Level.EXPLAIN for issue in page.issues.issues)
    assert [cell.tone for cell in badges] == [TONES[issue.level] for issue in page.issues.issues]
