"""The city's commands, as its technician types them."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from db.exchange.answers import read_answer
from desktop.cli import FOUND_PROBLEMS, GOOD, WRONG_USE, main
from tests.db.exchange.packages import PAPERS, small_package

NAME = "370783-registers-2022-v1"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return small_package(tmp_path)


def test_packages_are_taken_and_who_is_missing_is_told(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = str(tmp_path / "核收.db")
    assert main(["consolidate", ledger, str(package), "--due", "registers:2022=2022-12-31"]) == GOOD
    told = capsys.readouterr()
    assert f"{NAME}：已收。" in told.out and "应报17家，已报1家" in told.out and "未报 16 家" in told.out
    assert "这次核收1个上报包：1个首次收到。" in told.err
    assert main(["consolidate", ledger, str(package.parent), "--json"]) == GOOD
    found = json.loads(capsys.readouterr().out)
    assert [each["outcome"] for each in found["packages"]] == ["same"]
    assert {each["state"] for each in found["board"]} == {"未报", "迟报"}
    assert main(["consolidate", ledger]) == GOOD
    assert "应报17家" in capsys.readouterr().out


def test_the_consolidated_workbook_is_written(package: Path, tmp_path: Path) -> None:
    ledger, book = str(tmp_path / "核收.db"), tmp_path / "汇总.xlsx"
    assert main(["consolidate", ledger, str(package), "--book", str(book)]) == WRONG_USE
    assert main(["consolidate", ledger, str(package), "--book", str(book), "--of", "registers:2022"]) == GOOD
    assert "重点项目" in openpyxl.load_workbook(book).sheetnames
    assert main(["consolidate", ledger, "--book", str(book), "--of", "registers:2022-03"]) == FOUND_PROBLEMS


def test_what_is_wrong_is_named_and_told_by_the_exit_code(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = str(tmp_path / "核收.db")
    assert main(["consolidate", ledger, str(package), "--letter", "00000000"]) == FOUND_PROBLEMS
    assert "上报函" in capsys.readouterr().out
    (tmp_path / "x.zip").write_bytes(b"x")
    assert main(["consolidate", ledger, str(tmp_path / "x.zip")]) == FOUND_PROBLEMS
    assert "x.zip：" in capsys.readouterr().err
    assert main(["consolidate", ledger, str(package), "--take-plan", "v9", "--reporting-day", "8"]) == GOOD


@pytest.mark.parametrize("due", ["2022", "monthly:2022-03=2022-02-30", "monthly-2022"])
def test_a_day_that_is_none_is_wrong_use(due: str, tmp_path: Path) -> None:
    assert main(["consolidate", str(tmp_path / "a.db"), "--due", due]) == WRONG_USE
    assert not (tmp_path / "a.db").exists()


def fill_in(template: Path, remark: str, field: str, *, row: int = 2) -> str:
    """Write a remark beside a row of the sheet and return the row's id."""
    book = openpyxl.load_workbook(template)
    sheet = book.active
    assert sheet is not None
    sheet.cell(row, 4).value, sheet.cell(row, 5).value = field, remark
    row_id = sheet.cell(row, 2).value
    book.save(template)
    return str(row_id)


def line_of(template: Path, name: str) -> int:
    sheet = openpyxl.load_workbook(template).active
    assert sheet is not None
    return next(number for number, row in enumerate(sheet.iter_rows(values_only=True), 1) if row[2] == name)


def test_a_receipt_is_written(package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["receipt", str(package), "--accept", "--out", str(tmp_path), "--author", "李明"]) == GOOD
    answer = read_answer(Path(capsys.readouterr().out.strip()))
    assert (answer.package, answer.verdict, answer.author) == (NAME, "accepted", "李明")
    assert main(["receipt", str(package), "--accept", "--out", str(tmp_path)]) == GOOD
    assert {file.name for file in tmp_path.glob("*.json")} == {f"{NAME}-receipt.json", f"{NAME}-receipt-2.json"}


def test_remarks_in_the_sheet_go_into_the_return(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, ledger = tmp_path / "意见.xlsx", str(tmp_path / "核收.db")
    assert main(["receipt", str(package), "--template", str(sheet)]) == GOOD
    row_id = fill_in(sheet, "投资额偏大，请核实。", "总投资", row=line_of(sheet, '改造"一期", =1+1'))
    command = ["receipt", str(package), "--return", str(sheet), "--ledger", ledger, "--out", str(tmp_path)]
    capsys.readouterr()
    assert main([*command, "--note", "请更正后重报"]) == GOOD
    answer = read_answer(Path(capsys.readouterr().out.strip()))
    (remark,) = answer.remarks
    assert (remark.table, remark.row_id, remark.field) == ("register_key_project", row_id, "total_investment")
    assert remark.value == "1200.5" and remark.status == "新提出" and answer.note == "请更正后重报"
    assert main(["consolidate", ledger, "--json"]) == GOOD
    board = json.loads(capsys.readouterr().out)["board"]
    assert [each["state"] for each in board if each["county"] == "370783"] == ["退回"]


def test_every_bad_line_of_the_sheet_is_named(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "意见.xlsx"
    assert main(["receipt", str(package), "--template", str(sheet)]) == GOOD
    fill_in(sheet, "意见一", "没有的字段", row=2)
    fill_in(sheet, "长" * 2001, "", row=3)
    book = openpyxl.load_workbook(sheet)
    active = book.active
    assert active is not None
    active.append(["没有的表", "", "", "", "意见"])
    active.append(["", "x", "", "", "意见"])
    active.append(["企业", "不存在的公司", "", "", "意见"])
    active.append(["企业", "", "", "名称", "意见"])
    last = active.max_row
    book.save(sheet)
    capsys.readouterr()
    assert main(["receipt", str(package), "--return", str(sheet), "--out", str(tmp_path)]) == FOUND_PROBLEMS
    told = capsys.readouterr().err
    for line in (2, 3, last - 3, last - 2, last - 1, last):
        assert f"第{line}行：" in told
    assert not list(tmp_path.glob("*.json"))


def test_what_cannot_be_answered_is_said(package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["receipt", str(package)]) == WRONG_USE
    package.write_bytes(package.read_bytes()[:-30])
    assert main(["receipt", str(package), "--accept", "--out", str(tmp_path)]) == FOUND_PROBLEMS
    assert "没有入库" in capsys.readouterr().err and not list(tmp_path.glob("*.json"))


def test_without_a_screen_the_window_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("desktop.display.has_display", lambda: False)
    assert main(["city", str(tmp_path / "台账.db")]) == FOUND_PROBLEMS
    assert "sijian consolidate" in capsys.readouterr().err


def test_proof_files_of_a_package_are_listed_and_taken_out(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger, out = str(tmp_path / "核收.db"), tmp_path / "附件"
    assert main(["consolidate", ledger, str(package)]) == GOOD
    capsys.readouterr()
    assert main(["proofs", ledger, NAME, "--json"]) == GOOD
    found = json.loads(capsys.readouterr().out)
    assert {each["name"] for each in found} == set(PAPERS)
    assert main(["proofs", ledger, NAME]) == GOOD
    assert all(name in capsys.readouterr().out for name in list(PAPERS)[:1])
    out.mkdir()
    (out / "验收单.pdf").write_bytes(b"another one")
    for _ in range(2):
        assert main(["proofs", ledger, NAME, "--out", str(out)]) == GOOD
    written = {file.name: file.read_bytes() for file in out.iterdir()}
    assert written.pop("验收单.pdf") == b"another one"
    assert written == {"验收单(2).pdf": PAPERS["验收单.pdf"], "台账.txt": PAPERS["台账.txt"]}
    (kept,) = (tmp_path / "核收-上报包").rglob("*.zip")
    kept.unlink()
    capsys.readouterr()
    assert main(["proofs", ledger, NAME, "--out", str(tmp_path / "又一次")]) == FOUND_PROBLEMS
    assert "再核收一次" in capsys.readouterr().err
    assert main(["proofs", ledger, "370783-monthly-2022-03-v1"]) == FOUND_PROBLEMS


def test_a_receipt_without_a_ledger_keeps_nothing(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep(*_: object) -> None:
        raise AssertionError("kept")

    monkeypatch.setattr("db.exchange.ledger.consolidate.keep", keep)
    assert main(["receipt", str(package), "--accept", "--out", str(tmp_path)]) == GOOD
