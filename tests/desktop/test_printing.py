"""Papers drawn off the window's thread, as every paper of the program is."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pypdfium2
from pytestqt.qtbot import QtBot

from desktop.printing import html_pdf

ROOT = Path(__file__).resolve().parents[2]
DRAW = """
import hashlib
from desktop.table_pages import PageColumn, PageTable, table_pdf
table = PageTable("表", (PageColumn("甲", 40), PageColumn("乙", 40)), [["1", "二"]] * 80, bold=frozenset({3}))
print(hashlib.sha256(table_pdf(table)).hexdigest())
"""


def test_a_long_paper_is_drawn_on_a_thread_of_its_own_without_a_warning(qtbot: QtBot) -> None:
    drawn: list[bytes] = []
    html = "".join(f"<p>第{number}项任务按计划推进。</p>" for number in range(400))
    thread = threading.Thread(target=lambda: drawn.append(html_pdf(html, title="月报")))
    thread.start()
    thread.join()
    document = pypdfium2.PdfDocument(drawn[0])
    assert "第399项" in document[len(document) - 1].get_textpage().get_text_bounded()
    document.close()


def test_every_run_of_the_program_writes_the_same_bytes() -> None:
    def drawn() -> str:
        environment = {name: value for name, value in os.environ.items() if name != "QT_HASH_SEED"}
        made = subprocess.run(
            [sys.executable, "-c", DRAW], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        return made.stdout

    assert len({drawn() for _ in range(4)}) == 1
