"""Proof files beside a row: added, described, opened as a copy, removed; nothing without a row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.store import records
from desktop.jobs import JobProgress
from desktop.session import Session
from desktop.widgets import evidence_panel
from desktop.widgets.evidence_panel import EvidencePanel

TABLE = "register_coal_boiler"


def add_boiler(session: Session, name: str) -> str:
    ids: list[str] = []
    session.write("新增", lambda op: records.insert(op, load_schema("coal_boiler"), {"name": name}), ids.append)
    return ids[0]


@pytest.fixture
def row_id(empty_session: Session) -> str:
    return add_boiler(empty_session, "1号锅炉")


@pytest.fixture
def panel(qtbot: QtBot, empty_session: Session, row_id: str) -> Iterator[EvidencePanel]:
    made = EvidencePanel(empty_session)
    qtbot.addWidget(made)
    made.resize(340, 200)
    made.show()
    made.show_row(TABLE, row_id, "1号锅炉")
    yield made
    made.hide()


def test_chosen_files_are_one_step(panel: EvidencePanel, empty_session: Session, tmp_path: Path) -> None:
    files = [tmp_path / "批复.pdf", tmp_path / "照片.jpg"]
    for file in files:
        file.write_bytes(file.name.encode())
    panel.choose_files = lambda: [str(file) for file in files]
    panel.add_button.click()
    assert [line.item.name for line in panel.lines] == ["批复.pdf", "照片.jpg"]
    assert panel.title.text() == "佐证附件 2" and empty_session.undo_label == "“1号锅炉”添加附件2个文件"
    empty_session.undo()
    assert panel.lines == [] and panel.hint.isVisible()


def test_a_file_says_what_it_proves_and_opens_as_a_copy(
    panel: EvidencePanel, empty_session: Session, tmp_path: Path, row_id: str
) -> None:
    file = tmp_path / "验收意见.pdf"
    file.write_bytes(b"%PDF")
    panel.add_files([file])
    [line] = panel.lines
    line.proves.setText("拆除验收")
    line.proves.editingFinished.emit()
    assert panel.items[0].proves == "拆除验收" and panel.lines[0].proves.text() == "拆除验收"
    opened: list[Path] = []
    panel.open_outside = opened.append
    panel.lines[0].open_button.click()
    assert opened[0].name == "验收意见.pdf" and empty_session.folder not in opened[0].parents
    panel.lines[0].remove_button.click()
    assert panel.items == []
    panel.show_row(TABLE, "", "")
    assert not panel.add_button.isEnabled() and "先在表中选一行" in panel.hint.text()


def test_a_description_that_is_too_long_stays_with_its_sentence(panel: EvidencePanel, tmp_path: Path) -> None:
    file = tmp_path / "验收意见.pdf"
    file.write_bytes(b"%PDF")
    panel.add_files([file])
    line = panel.lines[0]
    line.proves.setText("长" * 501)
    line.proves.editingFinished.emit()
    assert line.proves.property("wrong") and "500" in line.trouble.text() and panel.items[0].proves == ""


def test_files_can_be_added_to_another_row_than_the_one_shown(
    panel: EvidencePanel, empty_session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "批复.pdf"
    file.write_bytes(b"%PDF")
    other = add_boiler(empty_session, "8号锅炉")
    panel.add_files([file], (TABLE, other, "8号锅炉"))
    assert panel.items == []
    panel.show_row(TABLE, other, "8号锅炉")
    assert [item.name for item in panel.items] == ["批复.pdf"]


def test_an_empty_file_is_refused_whole(panel: EvidencePanel, empty_session: Session, tmp_path: Path) -> None:
    good, empty = tmp_path / "批复.pdf", tmp_path / "空.pdf"
    good.write_bytes(b"%PDF")
    empty.write_bytes(b"")
    empty_session.problem.disconnect()
    told: list[str] = []
    empty_session.problem.connect(lambda problem: told.append(str(problem)))
    panel.add_files([good, empty])
    assert "空文件" in told[0] and panel.items == []


def test_the_same_file_twice_is_said_and_not_stored_twice(
    panel: EvidencePanel, empty_session: Session, tmp_path: Path
) -> None:
    told: list[str] = []
    empty_session.notice.connect(told.append)
    for name in ("批复.pdf", "批复（1）.pdf"):
        (tmp_path / name).write_bytes(b"%PDF")
    panel.add_files([tmp_path / "批复.pdf"])
    label = empty_session.undo_label
    panel.add_files([tmp_path / "批复.pdf", tmp_path / "批复（1）.pdf"])
    assert told[-1] == "“批复.pdf”已经添加过、“批复（1）.pdf”与已有的“批复.pdf”内容相同，没有重复保存。"
    assert len(panel.items) == 1 and empty_session.undo_label == label


def test_big_files_show_progress_and_cancelling_adds_none(
    panel: EvidencePanel, empty_session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_panel, "SMALL", 1)
    started: list[JobProgress] = []
    empty_session.job_started.connect(started.append)
    (tmp_path / "批复.pdf").write_bytes(b"%PDF")
    panel.add_files([tmp_path / "批复.pdf"])
    assert [progress.total for progress in started] == [4] and len(panel.items) == 1
    (tmp_path / "照片.jpg").write_bytes(b"1234")
    empty_session.job_started.connect(lambda progress: progress.cancel())
    panel.add_files([tmp_path / "照片.jpg"])
    assert len(panel.items) == 1


def picture() -> QImage:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    return image


def test_a_screenshot_is_pasted_as_a_png_named_after_the_moment(panel: EvidencePanel, qtbot: QtBot) -> None:
    panel.now = lambda: datetime(2022, 3, 20, 14, 30, 5)
    QGuiApplication.clipboard().setImage(picture())
    qtbot.keyClick(panel, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    [item] = panel.items
    assert item.name == "截图 2022-03-20 14.30.05.png" and item.media_type == "image/png"
    panel.preview(item)
    assert panel.dialog is not None and panel.dialog.view.image.size() == picture().size()
    panel.dialog.reject()


def test_copied_files_are_pasted_but_cells_copied_as_a_picture_too_are_not(
    panel: EvidencePanel, tmp_path: Path
) -> None:
    (tmp_path / "批复.pdf").write_bytes(b"%PDF")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "批复.pdf")), QUrl.fromLocalFile(str(tmp_path))])
    QGuiApplication.clipboard().setMimeData(mime)
    assert panel.paste() and [item.name for item in panel.items] == ["批复.pdf"]
    cells = QMimeData()
    cells.setText("1\t2")
    cells.setImageData(picture())
    QGuiApplication.clipboard().setMimeData(cells)
    assert not panel.paste() and len(panel.items) == 1


def test_a_copy_is_saved_where_the_clerk_wants_it(panel: EvidencePanel, tmp_path: Path) -> None:
    (tmp_path / "扫描件").write_bytes(b"%PDF-1.4")
    panel.add_files([tmp_path / "扫描件"])
    offered: list[str] = []

    def choose(name: str) -> str:
        offered.append(name)
        return str(tmp_path / "另存.pdf")

    panel.choose_save = choose
    panel.save_item(panel.items[0])
    assert offered == ["扫描件.pdf"] and (tmp_path / "另存.pdf").read_bytes() == b"%PDF-1.4"
