"""The command line's papers and workbooks: exit codes, files and sentences."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
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


def test_the_breakdown_goes_out_and_comes_back(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "任务分解.xlsx"
    assert run("breakdown", "write", demo_folder, "--out", file) == cli.GOOD
    assert "分解任务576条" in capsys.readouterr().out
    assert run("breakdown", "read", demo_folder, file, "--json") == cli.GOOD
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == {"新增": 0, "更新": 0, "清除": 0, "未变": 576, "冲突": 0, "拒绝": 0}
    assert told["written"] is False
    book = openpyxl.load_workbook(file)
    row = next(row for row in book["任务分解"].iter_rows(min_row=5) if row[1].value == "08-06-1")
    row[6].value = 1
    book["任务分解"].cell(5, 7).value = "很多"
    book.save(file)
    assert run("breakdown", "read", demo_folder, file) == cli.FOUND_PROBLEMS
    shown = capsys.readouterr()
    assert "更新1条" in shown.out and "拒绝1条" in shown.out
    assert "任务分解!G5" in shown.err and "什么都没有写入" in shown.err
    assert run("breakdown", "read", demo_folder, file, "--leave-out", "--dry-run") == cli.FOUND_PROBLEMS
    assert run("breakdown", "read", demo_folder, file, "--leave-out") == cli.FOUND_PROBLEMS
    capsys.readouterr()
    assert run("breakdown", "read", demo_folder, file, "--json") == cli.FOUND_PROBLEMS
    assert json.loads(capsys.readouterr().out)["counts"]["更新"] == 0


def test_the_local_plan_is_written(demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "落实方案.docx"
    assert run("local-plan", demo_folder, "--out", file) == cli.GOOD
    assert re.search(r"分解表[1-9]\d*张，项目清单[1-9]\d*张", capsys.readouterr().out)
    assert len(Document(str(file)).tables) > 30
