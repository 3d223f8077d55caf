"""Whether there is a screen, and that papers drawn without one have words on them on every system."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from desktop import display

ROOT = Path(__file__).resolve().parent.parent.parent
DRAW = """
import sys
from pathlib import Path
from desktop.printing import html_pdf
Path(sys.argv[1]).write_bytes(html_pdf("<p>上报函</p>", title="上报函"))
"""


@pytest.mark.parametrize(("system", "platform"), [("win32", "windows"), ("linux", "offscreen")])
def test_what_nobody_sees_is_drawn_where_there_are_fonts(
    system: str, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert display.unseen_platform() == platform


def test_a_paper_drawn_by_the_command_line_has_words_on_it(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    file = tmp_path / "上报函.pdf"
    subprocess.run([sys.executable, "-c", DRAW, str(file)], cwd=ROOT, env=environment, check=True)
    document = pypdfium2.PdfDocument(file)
    assert "上报函" in document[0].get_textpage().get_text_bounded()
    document.close()


@pytest.mark.parametrize(
    ("system", "variables", "seen"),
    [
        ("win32", {}, True),
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
    ],
)
def test_a_window_is_seen_where_there_is_a_screen(
    system: str, variables: dict[str, str], seen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", system)
    assert display.has_display() is seen
