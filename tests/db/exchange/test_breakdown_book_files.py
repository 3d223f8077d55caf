"""Files of the breakdown's workbook: strangers are refused, and a file appears whole or not at all."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from db.core.errors import Cancelled, DataProblem, EnvironmentProblem
from db.exchange.breakdown_read import read_breakdown
from db.exchange.breakdown_write import write_breakdown
from db.plan.editions import catalogue_digest
from db.work.setup import new_county
from tests.db.exchange.office import HEATING, PLACES, Office

# -- workbooks that are not ours -------------------------------------------------------------------------------------


def test_another_countys_workbook_is_refused(office: Office, tmp_path: Path) -> None:
    office.export()
    with new_county(tmp_path / "别县", county="370781", author="王芳") as other, other.reading() as conn:
        with pytest.raises(DataProblem, match="别的县市区"):
            read_breakdown(conn, office.desk.plan, office.file)


def change_cell(office: Office, row: int, place: int, text: str) -> None:
    office.edit(lambda sheet: sheet.cell(row, place, text))


def change_mark(office: Office, mark: str) -> None:
    book = openpyxl.load_workbook(office.file)
    del book.custom_doc_props["sijian-breakdown"]  # type: ignore[attr-defined]
    book["任务分解"].cell(3, 1, mark)
    book.save(office.file)


def test_another_edition_is_refused_and_the_hidden_row_is_enough(office: Office) -> None:
    office.export()
    change_mark(office, f"sijian-breakdown;1;370783;{catalogue_digest(office.desk.plan)[:16]}")
    assert office.read().rows == ()
    marks = [
        ("1;370783;other-plan", "另一版方案"),
        ("9;370783;x", "另一版本的程序"),
        ("", "不是本程序导出"),
    ]
    for mark, said in marks:
        change_cell(office, 3, 1, f"sijian-breakdown;{mark}")
        with pytest.raises(DataProblem, match=said):
            office.read()


def test_another_plan_read_from_a_file_of_the_same_name_is_another_plan(office: Office) -> None:
    office.export()
    other = replace(office.desk.plan, targets=office.desk.plan.targets[1:])
    with pytest.raises(DataProblem, match="另一版方案"):
        read_breakdown(office.desk.conn, other, office.file)


def test_a_deleted_column_is_told(office: Office) -> None:
    office.export()
    office.edit(lambda sheet: sheet.delete_cols(PLACES["amount"]))
    with pytest.raises(DataProblem, match="缺少列：任务量"):
        office.read()


# -- writing ---------------------------------------------------------------------------------------------------------


def test_a_full_disk_and_a_locked_file_leave_the_old_one(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.file.write_bytes(b"old")
    for code, said in ((errno.ENOSPC, "磁盘空间已满"), (errno.EACCES, "正被其他程序使用")):

        def refuse(self: Path, target: Path, code: int = code) -> Path:
            raise OSError(code, "no", str(target))

        monkeypatch.setattr(Path, "replace", refuse)
        with pytest.raises(EnvironmentProblem, match=said):
            office.export()
    assert office.file.read_bytes() == b"old"
    assert [each.name for each in office.file.parent.glob(".*.part")] == []


def test_cancelling_writes_nothing(office: Office) -> None:
    class Impatient:
        def step(self, done: int, total: int, text: str = "") -> None:
            raise Cancelled

    office.desk.share(HEATING, 2022, "100")
    with pytest.raises(Cancelled):
        write_breakdown(office.desk.county, office.desk.plan, office.file, progress=Impatient())
    assert not office.file.exists()
