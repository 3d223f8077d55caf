"""A look at proof files: pictures, PDFs with their pages, texts; others by kind; a missing one with its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.store import records
from db.work.evidence import Evidence, add_files, evidence
from desktop.dialogs.evidence_preview import EvidencePreview
from desktop.session import Session
from tests.desktop.proof_files import write_pdf, write_photograph

BOILER = load_schema("coal_boiler")
Show = Callable[..., EvidencePreview]


@pytest.fixture
def show(qtbot: QtBot, empty_session: Session, tmp_path: Path) -> Iterator[Show]:
    opened: list[EvidencePreview] = []

    def preview(*files: Path, opened_outside: list[Evidence] | None = None) -> EvidencePreview:
        ids: list[str] = []
        empty_session.write("新增", lambda op: records.insert(op, BOILER, {"name": "1号"}), ids.append)
        county = empty_session.county
        items: list[Evidence] = []
        empty_session.write("添加", lambda op: add_files(op, county, BOILER.table, ids[0], files))
        empty_session.read(
            lambda conn: evidence(conn, BOILER.table, ids[0]), items.extend, owner=empty_session, key="test"
        )
        told = opened_outside if opened_outside is not None else []
        dialog = EvidencePreview(empty_session, items, 0, open_outside=told.append, save_as=told.append)
        qtbot.addWidget(dialog)
        opened.append(dialog)
        with qtbot.waitActive(dialog):
            dialog.show()
            dialog.activateWindow()
        return dialog

    yield preview
    for dialog in opened:
        dialog.reject()


def test_pages_of_a_pdf_are_turned_and_enlarged(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    dialog = show(write_pdf(tmp_path / "批复.pdf", 2))
    assert dialog.page_words.text() == "1 / 2 页" and not dialog.earlier.isEnabled()
    assert dialog.view.image.pixelColor(50, 50).red() > 200 and dialog.view.image.height() > 300
    qtbot.keyClick(dialog, Qt.Key.Key_PageDown)
    assert dialog.page_words.text() == "2 / 2 页" and dialog.view.image.pixelColor(50, 50).blue() > 200
    fitting = dialog.view.image.height()
    qtbot.keyClick(dialog, Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: dialog.view.image.height() > 1.3 * fitting)
    assert dialog.zoom_words.text() == "150%"
    qtbot.keyClick(dialog, Qt.Key.Key_0)
    assert dialog.zoom_words.text() == "适合窗口"


def test_arrows_go_through_all_files_of_the_row(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    text = tmp_path / "说明.txt"
    text.write_text("清洁取暖" * 30_000, encoding="utf-8")
    other = tmp_path / "图纸.zip"
    other.write_bytes(b"PK\x03\x04")
    outside: list[Evidence] = []
    dialog = show(write_photograph(tmp_path / "照片.jpg", 3000, 1500), text, other, opened_outside=outside)
    assert dialog.name.text() == "照片.jpg" and dialog.place.text() == "1 / 3" and not dialog.previous.isEnabled()
    assert 0 < dialog.view.image.width() < 1000 and not dialog.later.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Right)
    assert dialog.text.isVisible() and "只显示开头" in dialog.text.toPlainText() and not dialog.larger.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Right)
    assert "压缩包" in dialog.sentence.text() and not dialog.next.isEnabled()
    dialog.outside.click()
    assert [item.name for item in outside] == ["图纸.zip"]
    qtbot.keyClick(dialog, Qt.Key.Key_Right)
    assert dialog.place.text() == "3 / 3"


def test_what_is_missing_or_damaged_is_told(show: Show, empty_session: Session, tmp_path: Path) -> None:
    broken = tmp_path / "坏.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    gone = write_photograph(tmp_path / "照片.jpg", 30, 20)
    dialog = show(broken, gone)
    assert "PDF打不开" in dialog.sentence.text() and dialog.sentence.isVisible()
    next((empty_session.folder / "attachments").rglob("*.jpg")).unlink()
    dialog.show_file(1)
    assert "丢失" in dialog.sentence.text() and "重新添加" in dialog.sentence.text()


def test_closing_the_county_closes_the_preview(show: Show, empty_session: Session, tmp_path: Path) -> None:
    dialog = show(write_pdf(tmp_path / "批复.pdf", 1))
    empty_session.close_county()
    assert not dialog.isVisible() and dialog._pdf is None
