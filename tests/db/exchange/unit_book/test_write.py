"""What a unit is sent: its own rows, every value, text that stays text, lists that work, and who it is for."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from db.core.errors import Cancelled, DataProblem, EnvironmentProblem
from db.core.period import Period
from db.core.progress import NO_PROGRESS
from db.exchange.unit_book.form import PROPERTY, SPARE_ROWS, identity_from
from db.exchange.unit_book.looks import MISSING, WRONG
from db.exchange.unit_book.write import BookRequest, _Run, write_books
from db.store import records
from db.work.county_settings import save_contacts
from db.work.handouts import matrix
from db.work.registers import register
from tests.db.exchange.unit_book.books import HOSTILE, book_of, opened, through_office, write
from tests.db.work.desk import Desk

BOILERS = "燃煤锅炉淘汰"


def test_a_town_gets_its_own_rows_with_every_value(desk: Desk, tmp_path: Path) -> None:
    written = write(desk, tmp_path / "out")
    first, second = written.books[0], written.books[1]
    assert (first.unit.id, first.rows) == (desk.towns[0], {"assignment": 1, "coal_boiler": len(HOSTILE)})
    assert second.rows == {"assignment": 1, "coal_boiler": 1}
    found = opened(first.file, BOILERS)
    assert found.tag == "@table:coal_boiler#2"
    assert [row["content"] for row in found.rows] == HOSTILE
    one, two, three = found.rows[:3]
    assert (one["tonnage"], one["annual_coal"], one["due_on"]) == (12.5, "暂无数据", datetime(2021, 10, 31))
    assert (two["tonnage"], two["extended"], two["stage"]) == ("不涉及", "是", "实施中")
    assert (three["annual_coal"], three["commissioned_year"]) == ("8999999999999.999", 1998)
    assert one["town_id"] == first.unit.name and one["enterprise_id"] == "演示热力（集团）有限公司"
    rows = records.select(desk.conn, register(desk.conn, "coal_boiler"), "t.deleted_at IS NULL", (), "ORDER BY t.seq")
    assert [row[found.tag] for row in found.rows] == [row.id for row in rows][: len(HOSTILE)]


def test_nothing_of_another_unit_is_in_the_file(desk: Desk, tmp_path: Path) -> None:
    written = write(desk, tmp_path / "out")
    file = next(book.file for book in written.books if book.unit.id == desk.towns[0])
    with zipfile.ZipFile(file) as archive:
        everything = "".join(archive.read(name).decode() for name in archive.namelist())
    for secret in ("赵某某", "13900000000", "别处的锅炉", "演示铸造有限公司"):
        assert secret not in everything


def test_every_row_knows_its_place_in_the_journal(desk: Desk, tmp_path: Path) -> None:
    found = opened(write(desk, tmp_path / "out").books[0].file, BOILERS)
    last = dict(desk.conn.execute("SELECT row_id, max(seq) FROM change GROUP BY row_id"))
    assert [int(row["@base"]) for row in found.rows] == [last[row[found.tag]] for row in found.rows]


def test_the_identity_stands_in_the_hidden_sheet_and_in_the_properties(desk: Desk, tmp_path: Path) -> None:
    written = write(desk, tmp_path / "out")
    book = book_of(written.books[0].file)
    sheet = book["_sijian"]
    assert (sheet.sheet_state, sheet.protection.sheet) == ("veryHidden", True)
    own = {str(key.value): str(text.value or "") for key, text in sheet.iter_rows(min_row=2, max_col=2)}
    names = {each.name: str(each.value or "") for each in book.custom_doc_props.props}
    identity = identity_from(own)
    assert identity_from({key.removeprefix(PROPERTY): text for key, text in names.items()}) == identity
    assert identity is not None
    assert (identity.county, identity.unit_kind, identity.period) == ("370783", "town", "2022")
    assert identity.tables == ("assignment#1", "coal_boiler#2")
    assert (
        identity.base_seq
        == desk.conn.execute(
            "SELECT max(seq) FROM change WHERE operation_id < (SELECT max(id) FROM operation)"
        ).fetchone()[0]
    )
    again = write(desk, tmp_path / "again")
    other = book_of(again.books[0].file)["_sijian"]
    assert [row[1].value for row in other.iter_rows() if row[0].value == "file_id"] == [identity.file_id]


def test_text_that_looks_like_a_formula_is_text(desk: Desk, tmp_path: Path) -> None:
    book = book_of(write(desk, tmp_path / "out").books[0].file)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))} == {"s"}
    entry = next(cell for cell in cells if cell.value == HOSTILE[0])
    assert (entry.number_format, entry.protection.locked) == ("@", False)


def test_the_same_gives_the_same_bytes(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.exchange.unit_book.write.new_id", lambda: "one-id")
    monkeypatch.setattr("db.exchange.unit_book.write.now", lambda: "2022-03-01T09:30:00")
    request = BookRequest(("tasks", "registers"), Period(2022), ("coal_boiler",), (("town", desk.towns[0]),))

    def written() -> Path:
        with desk.county.reading() as conn:
            conn.execute("BEGIN")
            return _Run(conn, desk.plan, request).write(tmp_path, NO_PROGRESS)[0].file

    first = written().read_bytes()
    assert written().read_bytes() == first
    assert str(book_of(written()).properties.modified) == "2022-03-01 09:30:00"


def test_what_is_known_is_locked_and_what_is_asked_is_free(desk: Desk, tmp_path: Path) -> None:
    sheet = book_of(write(desk, tmp_path / "out").books[0].file)[BOILERS]
    codes = [cell.value for cell in sheet[3]]
    assert sheet.protection.sheet and sheet.row_dimensions[3].hidden
    assert [sheet.column_dimensions[letters].hidden for letters in "AB"] == [True, True]
    locked = {code: sheet.cell(5, place).protection.locked for place, code in enumerate(codes, 1)}
    assert [code for code, is_locked in locked.items() if is_locked] == [codes[0], "@base", "town_id"]
    below = {code: sheet.column_dimensions[sheet.cell(3, n).column_letter] for n, code in enumerate(codes, 1)}
    assert not below["name"].protection.locked and below["town_id"].protection.locked
    assert sheet.freeze_panes == "D5"


def test_what_is_missing_and_what_is_wrong_is_coloured(desk: Desk, tmp_path: Path) -> None:
    sheet = book_of(write(desk, tmp_path / "out").books[0].file)[BOILERS]
    letters = {sheet.cell(3, place).value: get_column_letter(place) for place in range(1, sheet.max_column + 1)}
    rules: dict[str, tuple[str, Any]] = {}
    for ranges in sheet.conditional_formatting:
        for rule in ranges.rules:
            rules.setdefault(rule.formula[0], (str(ranges.sqref), rule.dxf))
    framed, marked = 4 + len(HOSTILE) + SPARE_ROWS, 4 + len(HOSTILE) + SPARE_ROWS + 1_000
    frame, looks = rules.pop("TRUE")
    assert frame == f"C5:{get_column_letter(sheet.max_column)}{framed}" and looks.border.left.style == "thin"
    (missing,) = [formula for formula in rules if "COUNTA" in formula]
    cells, looks = rules.pop(missing)
    needed = ("name", "boiler_number", "tonnage", "boiler_retirement")
    assert cells.split() == [f"{letters[code]}5:{letters[code]}{marked}" for code in needed]
    assert looks.fill.bgColor.rgb == MISSING
    wrong = {cells.partition("5:")[0]: (formula, looks.fill.bgColor.rgb) for formula, (cells, looks) in rules.items()}
    assert {colour for _, colour in wrong.values()} == {WRONG}
    for code, words in (("tonnage", "VALUE"), ("due_on", "ISNUMBER"), ("stage", "MATCH"), ("enterprise_id", "MATCH")):
        assert words in wrong[letters[code]][0]
    assert letters["content"] not in wrong and letters["town_id"] not in wrong


def test_the_first_sheet_says_whose_it_is_and_leads_to_every_table(desk: Desk, tmp_path: Path) -> None:
    with desk.county.operation("联系人") as op:
        save_contacts(op, {"office": "寿光市专班<办>", "clerk": "王芳", "clerk_phone": "0536-5221234"})
    book = book_of(write(desk, tmp_path / "out").books[0].file)
    assert book.active.title == book.sheetnames[0] == "填报说明"
    rows = [[cell for cell in row if cell.value is not None] for row in book["填报说明"].iter_rows()]
    words = [row[0].value for row in rows if row]
    assert words[:3] == [
        "寿光市“四减四增”填报表",
        "圣城街道　2022年　寿光市发出",
        "填好后请把这个文件发回寿光市专班<办>。有疑问请联系：王芳，0536-5221234。",
    ]
    tables = {row[0].value: (row[1].value, row[0].hyperlink.location) for row in rows if row and row[0].hyperlink}
    assert tables == {"分解任务": ("1", "'分解任务'!A1"), BOILERS: (str(len(HOSTILE)), f"'{BOILERS}'!A1")}
    assert book[BOILERS]["C1"].value == f"圣城街道　{BOILERS}　2022年"
    assert not [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if str(cell.value).startswith("@@u") and cell.value not in HOSTILE
    ]


def test_every_drop_down_has_a_list_with_its_choices(desk: Desk, tmp_path: Path) -> None:
    book = book_of(write(desk, tmp_path / "out").books[0].file)
    sheet, lists = book[BOILERS], book["_lists"]
    codes = {sheet.cell(3, place).column_letter: sheet.cell(3, place).value for place in range(1, sheet.max_column + 1)}
    schema, found = register(desk.conn, "coal_boiler"), {}
    for made in sheet.data_validations.dataValidation:
        letters = "".join(filter(str.isalpha, str(made.sqref).partition(":")[0]))
        if made.type == "list":
            (title, cells), *_ = book.defined_names[made.formula1].destinations
            assert title == "_lists"
            found[codes[letters]] = [cell.value for (cell,) in lists[cells]]
        assert made.showErrorMessage == (made.type == "list" and not schema.field(codes[letters]).ref)
    assert found["stage"] == [*schema.field("stage").enum, "不涉及", "暂无数据"]
    assert found["boiler_retirement"] == list(schema.field("boiler_retirement").enum)
    assert found["extended"] == ["是", "否", "不涉及", "暂无数据"]
    assert found["enterprise_id"] == ["演示热力（集团）有限公司"]
    assert "town_id" not in found


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_libreoffice_keeps_every_value(desk: Desk, kind: str, tmp_path: Path) -> None:
    file = write(desk, tmp_path / "out").books[0].file
    again = through_office(file, kind, tmp_path / "office")
    if kind != "xlsx":
        again = through_office(again, "xlsx", tmp_path / "back")
    ours, theirs = opened(file, BOILERS), opened(again, BOILERS)
    assert theirs.tag == ours.tag
    assert theirs.rows == ours.rows
    assert opened(again, "分解任务").rows == opened(file, "分解任务").rows


def test_an_enterprise_gets_only_registers_that_it_is_in(desk: Desk, tmp_path: Path) -> None:
    firm = desk.conn.execute("SELECT id FROM enterprise ORDER BY seq").fetchone()[0]
    written = write(
        desk, tmp_path / "out", kinds=("registers",), registers=(), with_empty=False, units=[("enterprise", firm)]
    )
    assert [book.rows for book in written.books] == [{"coal_boiler": len(HOSTILE)}]
    sheet = book_of(written.books[0].file)[BOILERS]
    locked = {
        sheet.cell(3, n).value for n in range(3, 60) if sheet.cell(3, n).value and sheet.cell(5, n).protection.locked
    }
    assert locked == {"town_id", "enterprise_id"}


def test_a_register_without_a_row_is_sent_only_for_new_ones(desk: Desk, tmp_path: Path) -> None:
    asked = {"kinds": ("registers",), "units": [("town", desk.towns[4]), ("town", desk.towns[0])]}
    assert [book.unit.id for book in write(desk, tmp_path / "a", with_empty=False, **asked).books] == [desk.towns[0]]
    both = write(desk, tmp_path / "b", **asked)
    assert sorted(book.rows["coal_boiler"] for book in both.books) == [0, len(HOSTILE)]
    assert opened(both.books[-1].file, BOILERS).tag == "@table:coal_boiler#2"


def test_the_matrix_knows_what_was_sent(desk: Desk, tmp_path: Path) -> None:
    written = write(desk, tmp_path / "out")
    states = matrix(desk.conn)
    mine = states["town", desk.towns[0]]
    assert {table: state.title for table, state in mine.items()} == {"assignment": "已发", "coal_boiler": "已发"}
    assert mine["assignment"].file_name == written.books[0].file.name
    assert matrix(desk.conn, ["2023"]) == {}
    label = desk.conn.execute("SELECT label, kind FROM operation ORDER BY id DESC LIMIT 1").fetchone()
    assert label == (f"发出填报工作簿（{len(written.books)}个单位）", "fixed")


def test_files_that_are_there_stay(desk: Desk, tmp_path: Path) -> None:
    first = write(desk, tmp_path / "out").books[0].file
    first.write_bytes(b"what the town sent back")
    again = write(desk, tmp_path / "out").books[0].file
    assert matrix(desk.conn)["town", desk.towns[0]]["assignment"].file_name == again.name
    assert again.name == f"{first.stem}(2).xlsx" and first.read_bytes() == b"what the town sent back"


def test_all_in_one_zip(desk: Desk, tmp_path: Path) -> None:
    written = write(desk, tmp_path / "out", zipped=True)
    assert [file.name for file in written.files] == ["寿光市任务确认、项目清单2022年.zip"]
    with zipfile.ZipFile(written.files[0]) as archive:
        assert len(archive.namelist()) == len(written.books)
        assert archive.testzip() is None
    assert [entry.name for entry in (tmp_path / "out").iterdir()] == [written.files[0].name]


def test_a_cancelled_writing_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    class Impatient:
        def step(self, done: int, total: int, text: str = "") -> None:
            if done == 2:
                raise Cancelled

    request = BookRequest(("registers",), None, ("coal_boiler",), with_empty=True)
    with pytest.raises(Cancelled):
        write_books(desk.county, desk.plan, request, tmp_path / "out", progress=Impatient())
    assert list((tmp_path / "out").iterdir()) == []
    assert matrix(desk.conn) == {}


@pytest.mark.parametrize("zipped", [False, True])
def test_what_cannot_be_recorded_is_not_left_in_the_folder(
    desk: Desk, zipped: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> None:
        raise EnvironmentProblem("磁盘空间已满。")

    monkeypatch.setattr("db.exchange.unit_book.write.record_handouts", fails)
    with pytest.raises(EnvironmentProblem, match="磁盘空间已满"):
        write(desk, tmp_path / "out", zipped=zipped)
    assert list((tmp_path / "out").iterdir()) == []
    assert matrix(desk.conn) == {}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"kinds": ()}, "没有选择要发的内容"),
        ({"kinds": ("monthly",)}, "哪个月"),
        ({"registers": ("nothing",)}, "没有清单"),
        ({"units": [("town", "gone")]}, "已不在名单里"),
        ({"kinds": ("registers",), "with_empty": False, "units": "lonely"}, "没有可发的内容"),
    ],
)
def test_what_cannot_be_written_is_a_sentence(desk: Desk, asked: dict[str, object], words: str, tmp_path: Path) -> None:
    if asked.get("units") == "lonely":
        asked = asked | {"units": [("town", desk.towns[5])]}
    with pytest.raises(DataProblem, match=words):
        write(desk, tmp_path / "out", **asked)


def test_a_day_before_spreadsheets_begin_is_text(desk: Desk, tmp_path: Path) -> None:
    desk.project("coal_boiler", name="老锅炉", town_id=desk.towns[2], due_on=date(1900, 2, 28))
    written = write(desk, tmp_path / "out", kinds=("registers",), units=[("town", desk.towns[2])])
    assert opened(written.books[0].file, BOILERS).rows[0]["due_on"] == "1900-02-28"
