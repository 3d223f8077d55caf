"""Values that break programs, typed into a register and taken through form, grid, CSV, workbook and package."""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from db.core.errors import DataProblem
from db.core.fields import TableSchema
from db.core.progress import NO_PROGRESS
from db.core.text import clean
from db.exchange.package_verify import verify_package
from db.exchange.rows_read import read_rows_file
from db.exchange.rows_write import write_rows
from db.store import records
from db.work.demo_samples import sample_row
from db.work.registers import register
from desktop.export_job import export_package
from tests.db.county_folders import county_in

REGISTER = "coal_boiler"
LONG = "长" * 4000
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+86 138",
    "-5",
    "@SUM(A1:A9)",
    "'=1",
    "鄌郚𠮷😀",
    "第一行\n第二行",
    'a"b,c;d\te',
    "<script>&amp;</script>",
    "_x000D_",
    "{{ 标题 }}",
    LONG,
)
MARKED = "\u202e甲\u200f乙\u2066丙\u2069"


def test_they_survive_workbook_csv_and_package_and_are_text_everywhere(tmp_path: Path) -> None:
    with county_in(tmp_path / "寿光") as county:
        with county.operation("登记") as op:
            schema = register(op.conn, REGISTER)
            field = schema.field("content")
            cells = [field.parse(text) for text in (*HOSTILE, MARKED)]
            (town,) = op.conn.execute("SELECT id FROM town LIMIT 1").fetchone()
            whole = [sample_row(schema, {"town_id": town}, number) for number in range(len(cells))]
            rows = [{**row, "name": f"{n}号", "content": cells[n]} for n, row in enumerate(whole)]
            records.insert_many(op, schema, rows)
        assert cells == [*(clean(text, multiline=True) for text in HOSTILE), "甲乙丙"]
        with county.reading() as conn:
            for kind in ("xlsx", "csv"):
                file = tmp_path / f"a.{kind}"
                write_rows(conn, schema, file)
                found = read_rows_file(conn, schema, file)
                assert (found.problems, found.added, found.changed, found.unchanged) == ([], [], [], len(cells)), kind
        package = export_package(county, kind="registers", period="2022", out=tmp_path).path
    assert verify_package(package, NO_PROGRESS).ok
    with zipfile.ZipFile(package) as archive:
        table = next(name for name in archive.namelist() if name.endswith(f"register_{REGISTER}.csv"))
        told = list(csv.DictReader(io.StringIO(archive.read(table).decode("utf-8-sig"), newline="")))
        (tmp_path / "report.xlsx").write_bytes(
            archive.read(next(name for name in archive.namelist() if name.endswith("report.xlsx")))
        )
    assert [row["content"] for row in told] == cells
    for file in (tmp_path / "a.xlsx", tmp_path / "report.xlsx"):
        for sheet in load_workbook(file):
            made = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
            assert {formula.partition("(")[0] for formula in made} <= {"=SUM", "=SUBTOTAL"}


@pytest.mark.parametrize("text", ["a\0b", "a\x07b", "\ud800", "长" * 4001, "x" * 65536])
def test_what_cannot_be_kept_is_refused_with_a_sentence_and_nothing_is_cut(text: str, tmp_path: Path) -> None:
    with county_in(tmp_path / "寿光") as county, county.reading() as conn:
        schema = register(conn, REGISTER)
        with pytest.raises(DataProblem, match="「建设内容及规模」"):
            schema.field("content").parse(text)
        file = tmp_path / "a.csv"
        file.write_bytes(f"项目名称,建设内容及规模\n甲,{text}\n".encode("utf-8", "surrogatepass"))
        assert told_of(conn, schema, file)


def told_of(conn: sqlite3.Connection, schema: TableSchema, file: Path) -> str:
    """Return the refusal of the file, or of its one row."""
    try:
        found = read_rows_file(conn, schema, file)
    except DataProblem as problem:
        return str(problem)
    assert (found.added, found.changed, found.refused_rows) == ([], [], 1)
    return found.problems[0].sentence()
