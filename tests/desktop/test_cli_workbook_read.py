"""`sijian workbook read`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.core.fields import load_schema
from db.exchange.unit_book.form import CODES_ROW, FIRST_ROW
from db.store import records
from db.store.county import County
from db.store.history import operations, row_history
from db.work.setup import town_id
from desktop import cli

TOWN = "370783001"


def run(*args: object) -> int:
    return cli.main([str(arg) for arg in args])


@pytest.fixture
def sent(empty_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, Path]:
    """Return a county's folder and the workbook that a town was sent."""
    with County.open(empty_folder, author="王芳") as county, county.operation("登记") as op:
        records.insert(
            op, load_schema("coal_boiler"), {"name": "一号锅炉", "town_id": town_id(TOWN)}, row_id="boiler-1"
        )
    asked = ("--unit", TOWN, "--kind", "registers", "--out", tmp_path / "out")
    assert run("workbook", "write", empty_folder, *asked) == cli.GOOD
    capsys.readouterr()
    (file,) = (tmp_path / "out").iterdir()
    return empty_folder, file


def fill(file: Path, **values: object) -> None:
    book: Any = openpyxl.load_workbook(file)
    sheet = book.worksheets[1]
    places = {cell.value: cell.column for cell in sheet[CODES_ROW + 1]}
    for code, value in values.items():
        sheet.cell(FIRST_ROW + 1, places[code]).value = value
    book.save(file)


def test_a_folder_is_read_and_stored_in_one_step(sent: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = sent
    fill(file, tonnage=12)
    file.with_name("~$打开着.xlsx").write_bytes(b"x")
    assert run("workbook", "read", folder, file.parent) == cli.GOOD
    shown = capsys.readouterr()
    assert shown.out == f"{file.name}（圣城街道）：新增0行，更新1行，未变0行，拒绝0行。\n"
    assert shown.err == "已入库1个文件：新增0行，更新1行。\n"
    with County.open(folder, author="王芳") as county, county.reading() as conn:
        assert operations(conn)[0].label == f"收回工作簿 {file.name}"
        assert row_history(conn, "register_coal_boiler", "boiler-1")[0].label.endswith(file.name)
        assert conn.execute("SELECT status, received_name FROM handout").fetchone() == ("stored", file.name)
        kept = conn.execute("SELECT sha256, table_name FROM attachment").fetchone()
        assert kept[1] == "received_file"
        county.undo()
        assert conn.execute("SELECT tonnage FROM register_coal_boiler").fetchone() == (None,)
        assert conn.execute("SELECT status FROM handout").fetchone() == ("sent",)


def test_a_dry_run_writes_nothing_and_json_tells_all(
    sent: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file = sent
    fill(file, tonnage="十二")
    before = (folder / "county.db").read_bytes()
    assert run("workbook", "read", folder, file, "--dry-run", "--json") == cli.FOUND_PROBLEMS
    told = json.loads(capsys.readouterr().out)
    assert told["written"] is False
    (one,) = told["files"]
    assert one.keys() == {"file", "verdict", "unit", "kind", "period", "tables", "problems", "notes"}
    assert (one["file"], one["verdict"], one["unit"], one["kind"]) == (str(file), "problems", "圣城街道", "registers")
    (table,) = one["tables"]
    assert table == {
        "table": "coal_boiler", "added": 0, "updated": 0, "unchanged": 0, "conflicts": 0, "refused": 1,
    }  # fmt: skip
    (problem,) = one["problems"]
    assert problem.keys() == {"sheet", "cell", "code", "message", "advice"}
    assert (problem["sheet"], problem["cell"]) == ("燃煤锅炉淘汰", "J5")
    assert (folder / "county.db").read_bytes() == before


def test_problems_stop_all_of_it_unless_left_out(sent: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = sent
    fill(file, tonnage="十二")
    assert run("workbook", "read", folder, file) == cli.FOUND_PROBLEMS
    assert "一行也没有写入" in capsys.readouterr().err
    with County.open(folder, author="王芳") as county, county.reading() as conn:
        assert conn.execute("SELECT status, problems FROM handout").fetchone() == ("faulty", 1)
        assert county.undo_label() == "登记"
    assert run("workbook", "read", folder, file, "--leave-out") == cli.FOUND_PROBLEMS
    assert "已入库1个文件" in capsys.readouterr().err


def test_a_file_that_is_no_workbook_is_named(sent: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = sent
    file.write_bytes(b"<html><table>")
    assert run("workbook", "read", folder, file) == cli.FOUND_PROBLEMS
    assert "其实是网页" in capsys.readouterr().out


def test_nothing_to_read_is_wrong_use(sent: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    assert run("workbook", "read", sent[0], tmp_path / "空") == cli.WRONG_USE
    assert run("workbook", "read", sent[0]) == cli.WRONG_USE
