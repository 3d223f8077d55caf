"""Pictures and pages for the screen: as large as fits, the right way up; what cannot be drawn is told."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from db.core.errors import DataProblem
from desktop import pdf_pages
from desktop.drawings import page_image, read_picture
from desktop.pdf_pages import PdfPages
from tests.desktop.proof_files import write_pdf, write_photograph

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
RED, BLUE = QColor("red"), QColor("blue")


def like(found: QColor, wanted: QColor) -> bool:
    return max(abs(getattr(found, part)() - getattr(wanted, part)()) for part in ("red", "green", "blue")) < 40


@pytest.mark.parametrize(
    ("orientation", "size", "top_left", "bottom_right"),
    [(1, (200, 100), RED, BLUE), (3, (200, 100), BLUE, RED), (6, (75, 150), RED, BLUE), (8, (75, 150), BLUE, RED)],
)
def test_a_photograph_is_turned_as_the_camera_says(
    tmp_path: Path, orientation: int, size: tuple[int, int], top_left: QColor, bottom_right: QColor
) -> None:
    file = write_photograph(tmp_path / "x.jpg", 800, 400, orientation=orientation)
    image = read_picture(file, 200, 150)
    assert (image.width(), image.height()) == size
    assert like(image.pixelColor(2, 2), top_left)
    assert like(image.pixelColor(image.width() - 3, image.height() - 3), bottom_right)


def test_a_small_picture_keeps_its_size_and_a_wrong_ending_does_not_matter(tmp_path: Path) -> None:
    file = write_photograph(tmp_path / "x.jpg", 40, 20)
    assert read_picture(file.rename(tmp_path / "x.png"), 200, 150).width() == 40


@pytest.mark.parametrize("content", [b"", b"GIF89a", SVG, b"no picture"])
def test_what_is_no_picture_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.jpg").write_bytes(content)
    with pytest.raises(DataProblem, match="不能在这里预览"):
        read_picture(tmp_path / "x.jpg", 100, 100)


def test_pages_are_drawn_as_large_as_they_fit(tmp_path: Path) -> None:
    with PdfPages(write_pdf(tmp_path / "x.pdf", 3)) as pages:
        first = pages.draw(0, 1000, 842)
        assert first.pages == 3 and first.height in (842, 843) and 594 <= first.width <= 597
        assert like(page_image(first).pixelColor(300, 400), RED)
        assert like(page_image(pages.draw(1, 297, 2000)).pixelColor(100, 100), BLUE)
        assert pages.draw(99, 100, 100).pixels
        huge = pages.draw(0, 100_000, 100_000)
        assert huge.width * huge.height <= 1.01 * pdf_pages.MOST_PIXELS


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 and nothing else", b"%PDF-1.4\n" + b"<<" * 100_000])
def test_what_is_no_pdf_is_told_and_the_next_question_is_answered_too(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.pdf").write_bytes(content)
    with PdfPages(tmp_path / "x.pdf") as pages:
        for _ in range(2):
            with pytest.raises(DataProblem, match="PDF"):
                pages.draw(0, 100, 100)


def test_a_process_that_hangs_or_dies_is_told_and_started_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with PdfPages(write_pdf(tmp_path / "x.pdf", 1)) as pages:
        pages.draw(0, 100, 100)
        process = pages._process
        assert process is not None
        process.kill()
        with pytest.raises(DataProblem, match="没有画出来"):
            pages.draw(0, 100, 100)
        with monkeypatch.context() as patch, pytest.raises(DataProblem, match="没有画出来"):
            patch.setattr(pdf_pages, "PATIENCE", 0.0)
            pages.draw(0, 100, 100)
        assert pages.draw(0, 100, 100).pages == 1


def test_closing_ends_a_page_that_is_being_drawn(tmp_path: Path) -> None:
    pages = PdfPages(write_pdf(tmp_path / "x.pdf", 1))
    begun = threading.Event()

    def draw() -> None:
        begun.set()
        for _ in range(10_000):
            try:
                pages.draw(0, 4000, 4000)
            except DataProblem:
                return

    thread = threading.Thread(target=draw)
    thread.start()
    begun.wait()
    pages.close()
    thread.join(10)
    assert not thread.is_alive() and pages._process is None
    with pytest.raises(DataProblem):
        pages.draw(0, 100, 100)
