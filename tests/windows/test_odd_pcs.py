"""The list of odd PCs in README.md is true, and what no other place tests is tested here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from desktop import look, printing

ROOT = Path(__file__).resolve().parent.parent.parent
ON_EVERY_WINDOWS = {"Microsoft YaHei", "Microsoft YaHei UI", "SimSun", "FangSong"}


def test_every_test_that_the_list_names_exists() -> None:
    text = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) > 15
    absent = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text("utf-8")]
    assert absent == []


def test_papers_and_window_name_fonts_that_every_windows_has() -> None:
    assert ON_EVERY_WINDOWS & set(printing.FAMILIES)
    assert ON_EVERY_WINDOWS & set(look.FONT_FAMILIES)


def test_a_console_in_gbk_prints_chinese() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "plan", "--help"], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert "方案" in done.stdout.decode("utf-8")
    wrong = subprocess.run(
        [sys.executable, "-m", "desktop", "new"], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    assert wrong.returncode == 2 and re.search("[一-鿿]", wrong.stderr.decode("utf-8"))
