"""Papers drawn off the window's thread, as every paper of the program is."""

from __future__ import annotations

import threading

import pypdfium2
from pytestqt.qtbot import QtBot

from desktop.printing import html_pdf


def test_a_long_paper_is_drawn_on_a_thread_of_its_own_without_a_warning(qtbot: QtBot) -> None:
    drawn: list[bytes] = []
    html = "".join(f"<p>第{number}项任务按计划推进。</p>" for number in range(400))
    thread = threading.Thread(target=lambda: drawn.append(html_pdf(html, title="月报")))
    thread.start()
    thread.join()
    document = pypdfium2.PdfDocument(drawn[0])
    assert "第399项" in document[len(document) - 1].get_textpage().get_text_bounded()
    document.close()
