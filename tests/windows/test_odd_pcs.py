"""The list of odd PCs in README.md is true, and what no other place tests is tested here."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
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


TYPED = {"amount_input.py", "scrub.py"}
"""Modules that name characters a person may type, not such as are shown."""


def shown(file: Path) -> Iterator[str]:
    """Yield every text of a module but its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    parts = (ast.Module, ast.ClassDef, ast.FunctionDef)
    documented = [node for node in ast.walk(tree) if isinstance(node, parts) and ast.get_docstring(node) is not None]
    left_out = {id(node.body[0].value) for node in documented if isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.value


def test_every_character_of_the_window_is_in_the_fonts_of_a_chinese_windows() -> None:
    # They hold GBK; what is not in it comes from another font or shows as a box.
    missing = {
        f"{file.name}: {character}"
        for file in (ROOT / "desktop").rglob("*.py")
        if file.name not in TYPED
        for character in "".join(shown(file))
        if not character.encode("gbk", "ignore")
    }
    assert missing == set()
