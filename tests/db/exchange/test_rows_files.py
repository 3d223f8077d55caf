from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from db.core.errors import DataProblem
from db.core.field import Field
from db.core.masking import masked
from db.core.values import Cell, State
from db.exchange.rows_file import guarded, unguarded
from db.exchange.rows_read import read_rows_file, take_rows
from db.exchange.rows_write import write_rows
from db.store import records
from db.work.demo_samples import sample_row
from db.work.registers import register, shipped
from tests.db.county_folders import county_in
from tests.db.work.desk import Desk

KINDS = pytest.mark.parametrize("kind", ["xlsx", "csv"])
HOSTILE = ["=cmd|' /C calc'!A0", "+86 138", "-5", "@SUM(A1)", "'=1", "''-1", "鄌郚𠮷😀", "一\n二", 'a"b,c', "_x000D_"]


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    with county_in(tmp_path / "寿光") as county, county.reading() as conn:
        yield Desk(county, conn)


@KINDS
def test_every_register_comes_back_without_a_change(desk: Desk, kind: str, tmp_path: Path) -> None:
    for schema in shipped():
        common: dict[str, Cell] = {"town_id": desk.towns[0], "responsible": "王小明", "phone": "13805361234"}
        rows = [sample_row(schema, common, number) for number in range(1, 6)]
        desk.projects(schema.name, *rows)
        file = tmp_path / f"{schema.name}.{kind}"
        for personal in (True, False):
            assert write_rows(desk.conn, schema, file, personal=personal).rows == 5
            found = read_rows_file(desk.conn, schema, file)
            assert (found.problems, found.ignored, found.added, found.changed) == ([], [], [], []), schema.name
            assert found.unchanged == 5


@KINDS
def test_hostile_texts_states_and_large_numbers_survive(desk: Desk, kind: str, tmp_path: Path) -> None:
    schema = register(desk.conn, "coal_boiler")
    for text in HOSTILE:
        desk.project("coal_boiler", name=text.replace("\n", ""), content=text)
    desk.project("coal_boiler", name="数", tonnage=Decimal("34.99"), annual_coal=State.NO_DATA, extended=False)
    desk.project("coal_boiler", name="大", annual_coal=Decimal("8999999999999.999"), due_on=date(2021, 10, 31))
    file = tmp_path / f"a.{kind}"
    write_rows(desk.conn, schema, file)
    found = read_rows_file(desk.conn, schema, file)
    assert (found.problems, found.changed, found.unchanged) == ([], [], len(HOSTILE) + 2)
    if kind == "xlsx":
        cells = [cell for row in load_workbook(file).worksheets[0].iter_rows() for cell in row]
        assert {cell.data_type for cell in cells if str(cell.value).startswith("=")} == {"s"}
    else:
        assert not any(
            line.startswith(("=", "+", "@")) for line in file.read_text("utf-8-sig").replace(",", "\n").split()
        )


def test_what_was_changed_added_and_wrong_is_told_apart(desk: Desk, tmp_path: Path) -> None:
    schema = register(desk.conn, "coal_boiler")
    first, second, gone = desk.projects(
        "coal_boiler", {"name": "一"}, {"name": "二", "phone": "13805361234"}, {"name": "三"}
    )
    file = tmp_path / "a.xlsx"
    write_rows(desk.conn, schema, file)
    with desk.county.operation("删除") as op:
        records.delete(op, schema, [gone])
    book = load_workbook(file)
    sheet = book.worksheets[0]
    heads = {cell.value: place for place, cell in enumerate(sheet[1], 1)}
    sheet.cell(2, heads["蒸发量（蒸吨）"]).value = 20
    sheet.cell(5, heads["项目名称"]).value = "四"
    sheet.cell(5, heads["所属镇街"]).value = "圣城街道"
    book.save(file)
    found = read_rows_file(desk.conn, schema, file)
    assert found.changed == [(first, {"tonnage": Decimal(20)})]
    assert found.added == [{"name": "四", "town_id": found.added[0]["town_id"]}]
    assert (found.unchanged, found.refused_rows) == (1, 1)
    assert [problem.sentence() for problem in found.problems] == ["A4：这一行已在回收站里。请先恢复，或从文件中删去。"]
    assert found.sentence() == "新增1行，更新1行，未变1行，拒绝1行。"
    with pytest.raises(DataProblem, match="全部没有写入"), desk.county.operation("导入") as op:
        take_rows(op, schema, found)
    sheet.delete_rows(4)
    sheet.cell(3, heads["蒸发量（蒸吨）"]).value = "很多"
    sheet.cell(3, heads["所属镇街"]).value = "没有的镇"
    book.save(file)
    wrong = read_rows_file(desk.conn, schema, file)
    assert len(wrong.problems) == 2 and wrong.refused_rows == 1
    sheet.cell(3, heads["蒸发量（蒸吨）"]).value = sheet.cell(3, heads["所属镇街"]).value = None
    book.save(file)
    with desk.county.operation("导入") as op:
        take_rows(op, schema, read_rows_file(desk.conn, schema, file))
    phones = [row.values["phone"] for row in records.get_many(desk.conn, schema, [first, second])]
    assert phones == [None, "13805361234"]
    assert read_rows_file(desk.conn, schema, file).changed == []


def test_what_is_personal_is_masked_and_named(desk: Desk, tmp_path: Path) -> None:
    desk.project("diesel_truck", name="车", plate="鲁G12345", owner="王小明", phone="13805361234")
    schema = register(desk.conn, "diesel_truck")
    file = tmp_path / "a.csv"
    told = write_rows(desk.conn, schema, file).sentence()
    assert "含个人信息的列：号牌号码、车辆所有人、责任人、联系电话（已遮盖中间部分）" in told
    content = file.read_text("utf-8-sig")
    assert "鲁G***45" in content and "138****1234" in content and "王**" in content
    assert "王小明" not in content and "13805361234" not in content
    assert "未遮盖" in write_rows(desk.conn, schema, file, personal=True).sentence()
    assert "13805361234" in file.read_text("utf-8-sig")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_masked_file_reads_back_as_what_it_masks(desk: Desk, tmp_path: Path, kind: str) -> None:
    person = {"plate": "鲁G12345", "owner": "王小明", "responsible": "李强", "phone": "0536-5221234、13805361234"}
    first, second = desk.projects("diesel_truck", {"name": "一", **person}, {"name": "二", **person})
    schema, file = register(desk.conn, "diesel_truck"), tmp_path / f"a.{kind}"
    write_rows(desk.conn, schema, file)
    same = read_rows_file(desk.conn, schema, file)
    assert (same.problems, same.changed, same.unchanged) == ([], [], 2)
    with desk.county.operation("改电话") as op:
        records.update(op, schema, second, {"phone": "13905369999"})
    write_rows(desk.conn, schema, file)
    mended = change_text(file, "139****9999", "13905368888")
    found = read_rows_file(desk.conn, schema, mended)
    assert found.problems == [] and found.changed == [(second, {"phone": "13905368888"})]
    with desk.county.operation("导入") as op:
        take_rows(op, schema, found)
    values = records.get_many(desk.conn, schema, [first])[0].values
    assert {name: values[name] for name in person} == person


@pytest.mark.parametrize(
    ("masked_text", "other"), [("鲁G***45", "鲁G***99"), ("王**", "张**"), ("138****1234", "138****9")]
)
def test_a_mask_that_hides_nothing_we_know_is_refused(desk: Desk, tmp_path: Path, masked_text: str, other: str) -> None:
    desk.project("diesel_truck", name="一", plate="鲁G12345", owner="王小明", phone="13805361234")
    schema, file = register(desk.conn, "diesel_truck"), tmp_path / "a.csv"
    write_rows(desk.conn, schema, file)
    found = read_rows_file(desk.conn, schema, change_text(file, masked_text, other))
    assert found.changed == [] and found.refused_rows == 1
    assert "遮盖" in found.problems[0].message


def change_text(file: Path, old: str, new: str) -> Path:
    """Write `new` for every `old` in the cells of a file, as a clerk does by hand; return the file."""
    if file.suffix == ".csv":
        text = file.read_bytes().decode("utf-8-sig")
        assert old in text
        file.write_bytes(text.replace(old, new).encode("utf-8-sig"))
        return file
    book = load_workbook(file)
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == old]
    assert cells
    for cell in cells:
        cell.value = new
    book.save(file)
    return file


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("13805361234", "138****1234"),
        ("0536-5221234、13805361234", "0536-***1234、138****1234"),
        ("鲁V8888D", "鲁V***8D"),
        ("王", "王*"),
        (State.NOT_APPLICABLE, "不涉及"),
        (None, ""),
    ],
)
def test_masking_hides_the_middle(cell: Cell, shown: str) -> None:
    assert masked(Field("x", "列", personal=True), cell) == shown
    assert masked(Field("x", "列"), cell) == Field("x", "列").csv(cell)


@given(st.text(alphabet="='+-@\t'a", max_size=6))
def test_an_apostrophe_comes_off_as_it_was_put_on(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "是空的"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "没有“燃煤锅炉淘汰”的列"),
        ("a.csv", b'"a\n', "不是完整的 CSV"),
        ("a.csv", b"\xff\xff\xff", "不是完整的 CSV"),
        ("a.txt", b"", "不是 .xlsx 或 .csv"),
    ],
)
def test_a_file_that_is_no_table_of_the_register_is_refused(
    desk: Desk, name: str, content: bytes, words: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(DataProblem, match=words):
        read_rows_file(desk.conn, register(desk.conn, "coal_boiler"), file)


def test_what_excel_writes_on_a_chinese_windows_is_read(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes('项目名称,蒸发量\n新锅炉,"1,200"\n'.encode("gb18030"))
    found = read_rows_file(desk.conn, register(desk.conn, "coal_boiler"), file)
    assert [problem.place for problem in found.problems] == []
    assert found.added == [{"name": "新锅炉", "tonnage": Decimal(1200)}]


def edited(file: Path, heading: str, name: str, value: str) -> None:
    """Change one cell of the row called `name`, as a clerk does in a spreadsheet."""
    book = load_workbook(file)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[heads.index("项目名称")].value == name:
            row[heads.index(heading)].value = value
    book.save(file)


def test_what_both_sides_changed_is_a_conflict_and_has_to_be_chosen(desk: Desk, tmp_path: Path) -> None:
    schema = register(desk.conn, "coal_boiler")
    names = ("都没改", "文件改", "程序改", "都改一样", "都改不同")
    ids = dict(zip(names, desk.projects("coal_boiler", *({"name": name} for name in names)), strict=True))
    file = tmp_path / "a.xlsx"
    write_rows(desk.conn, schema, file)
    with desk.county.operation("修改") as op:
        for name, place in (("程序改", "甲"), ("都改一样", "乙"), ("都改不同", "丙")):
            records.update(op, schema, ids[name], {"location": place})
    for name, place in (("文件改", "丁"), ("都改一样", "乙"), ("都改不同", "戊")):
        edited(file, "地点", name, place)
    edited(file, "所属镇街", "都改不同", "圣城街道")
    found = read_rows_file(desk.conn, schema, file)
    assert found.sentence() == "新增0行，更新1行，未变3行，冲突1行，拒绝0行。"
    assert [(each.title, each.own.title, each.ours, each.theirs) for each in found.conflicts] == [
        ("都改不同", "所属镇街", "未报", "圣城街道"),
        ("都改不同", "地点", "丙", "戊"),
    ]
    with pytest.raises(DataProblem, match="还没有选"), desk.county.operation("导入") as op:
        take_rows(op, schema, found)
    found.conflicts[0].take_file, found.conflicts[1].take_file = True, False
    with desk.county.operation("导入") as op:
        take_rows(op, schema, found)
    row = records.get(desk.conn, schema, ids["都改不同"])
    assert row is not None and (row.labels["town_id"], row.values["location"]) == ("圣城街道", "丙")
    assert records.get_many(desk.conn, schema, [ids["程序改"]])[0].values["location"] == "甲"


def test_without_fingerprints_the_file_is_believed(desk: Desk, tmp_path: Path) -> None:
    schema = register(desk.conn, "coal_boiler")
    row_id = desk.project("coal_boiler", name="甲")
    file = tmp_path / "a.csv"
    file.write_text(f"行标识（勿改）,地点\n{row_id},南环路\n", "utf-8")
    with desk.county.operation("修改") as op:
        records.update(op, schema, row_id, {"location": "北环路"})
    found = read_rows_file(desk.conn, schema, file)
    assert (len(found.changed), found.conflicts, found.decided) == (1, [], True)
