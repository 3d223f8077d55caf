"""The command line's papers and workbooks: exit codes, files and sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from desktop import cli


def run(*args: object) -> int:
    return cli.main([str(arg) for arg in args])


def test_task_sheets_for_one_and_for_all(demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "任务书"
    assert run("task-sheets", demo_folder, "--unit", "纪台镇", "--out", out) == cli.GOOD
    file = Path(capsys.readouterr().out.strip())
    assert file == out / "任务书-镇街-纪台镇.docx"
    assert "纪台镇" in "".join(paragraph.text for paragraph in Document(str(file)).paragraphs)
    assert run("task-sheets", demo_folder, "--all", "--out", out) == cli.GOOD
    assert len(list(out.iterdir())) == len(capsys.readouterr().out.splitlines()) > 30


def test_task_sheets_as_pdf(demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "任务书"
    assert run("task-sheets", demo_folder, "--unit", "纪台镇", "--out", out, "--pdf") == cli.GOOD
    data = (out / "任务书-镇街-纪台镇.pdf").read_bytes()
    assert data.startswith(b"%PDF") and data.count(b"/Type /Page\n") > 1


def test_task_sheets_ask_for_one_or_all(demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("task-sheets", demo_folder, "--out", tmp_path) == cli.WRONG_USE
    assert run("task-sheets", demo_folder, "--out", tmp_path, "--all", "--unit", "x") == cli.WRONG_USE
    assert run("task-sheets", demo_folder, "--out", tmp_path, "--unit", "没有的镇") == cli.FOUND_PROBLEMS
    assert "没有代码或名称是“没有的镇”" in capsys.readouterr().err
