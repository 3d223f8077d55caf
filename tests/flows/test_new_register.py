"""A register the program never saw, sent as a workbook: loaded, filled in, packed, verified, and loaded anew."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from db.core.progress import NO_PROGRESS
from db.core.values import Cell
from db.exchange.package_verify import verify_package
from db.store import records
from db.store.query import TableQuery
from db.work.opening import open_county
from db.work.registers import register
from desktop.cli import main
from desktop.export_job import export_package
from tests.db.county_folders import county_in
from tests.db.exchange.test_register_file import FIELDS, SETTINGS, book


def make_county(folder: Path) -> None:
    with county_in(folder):
        pass


def test_from_the_citys_workbook_to_a_package_that_verifies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, sent = tmp_path / "寿光", book(tmp_path / "city.xlsx")
    make_county(folder)
    assert main(["register", "load", str(folder), str(sent)]) == 0
    assert "已载入“秸秆综合利用”第2版，24个字段。" in capsys.readouterr().out
    assert main(["register", "load", str(folder), str(sent)]) == 1
    assert "已是第2版" in capsys.readouterr().err
    with open_county(folder, author="王芳") as county:
        with county.reading() as conn:
            schema = register(conn, "straw")
            (town,) = conn.execute("SELECT id FROM town LIMIT 1").fetchone()
        with county.operation("登记") as op:
            row: dict[str, Cell] = {"name": "=cmd|' /C calc'!A0", "town_id": town, "way": "饲料"}
            row |= {"made": Decimal(9), "used": Decimal("2.5")}
            row_id = records.insert(op, schema, row)
        with county.reading() as conn:
            assert TableQuery(schema).total(conn, "rest") == Decimal("6.5")
        package = export_package(county, kind="registers", period="2022", out=tmp_path).path
    assert verify_package(package, NO_PROGRESS).ok
    with zipfile.ZipFile(package) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("register_straw.csv")]
        (told,) = csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))
        report = next(name for name in archive.namelist() if name.endswith("report.xlsx"))
        (tmp_path / "report.xlsx").write_bytes(archive.read(report))
    assert (told["id"], told["rest"], told["name"]) == (row_id, "6.5", "=cmd|' /C calc'!A0")
    cells = [cell for row in load_workbook(tmp_path / "report.xlsx")["秸秆综合利用"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if str(cell.value).startswith("=cmd")] == ["s"]


def test_a_new_edition_keeps_every_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "寿光"
    make_county(folder)
    assert main(["register", "load", str(folder), str(book(tmp_path / "first.xlsx"))]) == 0
    with open_county(folder, author="王芳") as county, county.operation("登记") as op:
        row_id = records.insert(op, register(op.conn, "straw"), {"name": "甲村", "made": Decimal(9)})
    heading = [*FIELDS[0], "formerly"]
    fields = [heading, ["produced", "产量", "decimal", "", "", "", "", "吨", "", "", "made"]]
    second = book(tmp_path / "second.xlsx", survey=fields, settings=[SETTINGS[0], ["straw", "秸秆综合利用", 3]])
    capsys.readouterr()
    assert main(["register", "load", str(folder), str(second)]) == 0
    assert "改名：产生量→产量，已填的内容带到新字段。" in capsys.readouterr().out
    assert main(["register", "list", str(folder)]) == 0
    assert "straw\t秸秆综合利用\t第3版\t1行" in capsys.readouterr().out
    assert main(["register", "list", str(folder), "--by-clause"]) == 0
    assert "08-02\t燃煤锅炉淘汰\n" in capsys.readouterr().out
    with open_county(folder, author="王芳", read_only=True) as county, county.reading() as conn:
        row = records.get(conn, register(conn, "straw"), row_id)
        assert row is not None and row.values["produced"] == 9


def test_faults_are_printed_with_their_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "寿光"
    make_county(folder)
    faulty = book(tmp_path / "faulty.xlsx", survey=[FIELDS[0], ["way", "方式", "select_one 没有的"]])
    assert main(["register", "load", str(folder), str(faulty)]) == 1
    assert "字段!C2：没有选项组“没有的”。" in capsys.readouterr().err
    assert main(["register", "template", str(tmp_path / "模板.xlsx")]) == 0
    assert main(["register", "load", str(folder), str(tmp_path / "模板.xlsx")]) == 0


def test_rows_go_out_and_come_back_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = tmp_path / "寿光", tmp_path / "锅炉.csv"
    make_county(folder)
    file.write_text("项目名称,所属镇街,锅炉编号,蒸发量\n一号炉,侯镇,A1,10\n", encoding="utf-8")
    command = ["register", "import", str(folder), "coal_boiler", str(file)]
    assert main([*command, "--dry-run"]) == 0
    assert main(command) == 0
    assert capsys.readouterr().out == "新增1行，更新0行，未变0行，拒绝0行。\n" * 2
    assert main(["register", "export", str(folder), "coal_boiler", "--out", str(file)]) == 0
    assert "已写出1行" in capsys.readouterr().out
    assert main(command) == 0
    assert capsys.readouterr().out == "新增0行，更新0行，未变1行，拒绝0行。\n"
    file.write_text("项目名称,蒸发量,颜色\n二号炉,很多,红\n", encoding="utf-8")
    assert main(command) == 1
    told = capsys.readouterr().err
    assert "B2：「蒸发量」" in told and "列“颜色”不认得" in told
