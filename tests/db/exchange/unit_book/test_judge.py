"""What comes back is held against what was sent out and what is there now: three ways, cell by cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from db.core.errors import Cancelled, DataProblem
from db.core.values import State
from db.exchange.cells.read import Coming
from db.exchange.unit_book.mend import settle
from db.exchange.unit_book.owners import UnitRows
from db.exchange.unit_book.read import read_books
from db.exchange.unit_book.reading import Fate
from db.exchange.unit_book.store import label, store_books
from db.store import records
from db.work.registers import register
from tests.db.exchange.unit_book.books import HOSTILE
from tests.db.exchange.unit_book.returned import BOILERS, FIRST, TASKS, Returned, codes, problems, rows_of
from tests.db.work.desk import Desk

ALL = len(HOSTILE)


@pytest.fixture
def returned(desk: Desk, tmp_path: Path) -> Returned:
    return Returned(desk, tmp_path / "out")


def test_a_workbook_that_nobody_touched_changes_nothing(returned: Returned) -> None:
    file = returned.read()
    assert (file.verdict, file.notes, file.problems()) == ("good", [], [])
    assert {table.table.code: table.unchanged for table in file.tables} == {"assignment": 1, "coal_boiler": ALL}
    assert not any(table.rows for table in file.tables)
    assert returned.store().sentence() == "已入库1个文件：新增0行，更新0行。"


def test_a_workbook_of_a_demo_county_never_comes_into_real_data(desk: Desk, tmp_path: Path) -> None:
    with desk.county.operation("演示") as op:
        op.conn.execute("INSERT INTO setting (id, value, created_at) VALUES ('sample', '演示', '')")
        op.conn.execute("UPDATE setting SET value = value || '（演示）' WHERE id = 'county_name'")
    returned = Returned(desk, tmp_path / "out")
    assert returned.read().refusal is None
    desk.county.undo()
    refusal = returned.read().refusal
    assert refusal is not None and refusal.code == "sample"


def test_every_kind_of_value_arrives(returned: Returned) -> None:
    returned.put(FIRST, tonnage="１２.5", annual_coal=0, due_on="2022年3月15日", extended="√", note=" 一\n二 ")
    returned.put(FIRST + 1, tonnage=None, annual_coal="暂无数据", due_on=date(2022, 3, 1), stage="实施中")
    returned.store()
    first, second = returned.rows()[:2]
    assert (first["tonnage"], first["annual_coal"], first["extended"]) == (Decimal("12.5"), Decimal(0), True)
    assert (first["due_on"], first["note"]) == (date(2022, 3, 15), "一\n二")
    assert (second["tonnage"], second["annual_coal"], second["due_on"]) == (None, State.NO_DATA, date(2022, 3, 1))


def test_what_only_the_program_changed_stays_and_what_both_changed_is_a_clash(returned: Returned) -> None:
    first, second, third = returned.ids()[:3]
    returned.change(first, tonnage=Decimal(20))
    returned.change(second, note="县里写的", content="县里改的")
    returned.change(third, note="一样")
    returned.put(FIRST + 1, note="镇里写的", stage="已完成")
    returned.put(FIRST + 2, note="一样")
    table = returned.table()
    assert rows_of(table, Fate.CONFLICT) == ["2号锅炉"] and table.unchanged == ALL - 1
    (row,) = table.rows
    assert {name: (c.clash, c.take) for name, c in row.changes.items()} == {
        "note": (True, None),
        "stage": (False, True),
    }
    assert (row.changes["note"].shown(row.changes["note"].base), row.changes["note"].ours) == ("未报", "县里写的")
    with pytest.raises(DataProblem, match="两边都改了：程序里是“县里写的”，表里是“镇里写的”"):
        returned.store()
    assert returned.store(leave_out=True).updated == 0


def test_a_clash_is_chosen_cell_by_cell(returned: Returned) -> None:
    first = returned.ids()[0]
    returned.change(first, note="县", responsible="县甲")
    returned.put(FIRST, note="镇", responsible="镇乙")
    file = returned.read()
    (row,) = file.tables[1].rows
    row.changes["note"].take, row.changes["responsible"].take = True, False
    assert row.fate is Fate.UPDATED and row.taken == {"note": "镇"}


def test_an_emptied_cell_empties_and_a_missing_column_does_not(returned: Returned) -> None:
    returned.put(FIRST + 1, stage=None)
    returned.sheet(lambda sheet: sheet.delete_cols(codes(sheet)["content"]))
    assert returned.counts() == {"更新": 1, "未变": ALL - 1}
    assert any("没有这些列：建设内容" in note for note in returned.read().notes)
    returned.store()
    assert (returned.rows()[1]["stage"], returned.rows()[1]["content"]) == (None, HOSTILE[1])


def test_what_was_left_out_still_waits_for_the_sender(returned: Returned) -> None:
    returned.put(FIRST, tonnage="很多")
    returned.put(FIRST + 1, note="好")
    assert "有问题的1行没有入库" in returned.store(leave_out=True).sentence()
    assert returned.sent() == ("faulty", 1)
    returned.put(FIRST, tonnage=5)
    assert "没有入库" not in returned.store().sentence()
    assert returned.sent() == ("stored", 0)


def test_a_row_whose_name_was_taken_away_keeps_it(returned: Returned) -> None:
    name = returned.rows()[0]["name"]
    returned.put(FIRST, name=None, stage="已完成")
    (row,) = returned.table().rows
    assert (row.fate, row.title) == (Fate.REFUSED, name)
    settle(row, "name", row.changes["name"].ours)
    assert row.fate is Fate.UPDATED and list(row.taken) == ["stage"]


def test_new_rows_belong_to_the_sender(returned: Returned) -> None:
    returned.put(FIRST + ALL, name="新锅炉", tonnage="3")
    returned.put(FIRST + ALL + 1, name="邻镇锅炉", town_id="洛城街道")
    returned.put(FIRST + ALL + 2, tonnage=3)
    table = returned.table()
    assert rows_of(table, Fate.ADDED) == ["新锅炉"]
    assert list(problems(table).values()) == ["row.foreign", "row.nameless"]
    returned.store(leave_out=True)
    assert (returned.rows()[-1]["name"], returned.rows()[-1]["tonnage"]) == ("新锅炉", Decimal(3))
    assert returned.rows()[-1]["town_id"] == returned.desk.towns[0]
    # The same file once more adds nothing: the row is known by its name.
    assert returned.counts() == {"未变": ALL + 1, "拒绝": 2}


def test_rows_of_others_unknown_ones_copies_and_deleted_ones_are_refused(returned: Returned) -> None:
    other = str(
        returned.desk.conn.execute("SELECT id FROM register_coal_boiler WHERE name = '别处的锅炉'").fetchone()[0]
    )
    with returned.desk.county.operation("删除") as op:
        records.delete(op, register(op.conn, "coal_boiler"), [returned.ids()[3]])

    def change(sheet: Any) -> None:
        cell = sheet.cell
        cell(FIRST, 1).value = other
        cell(FIRST + 1, 1).value = "not-known"
        cell(FIRST + 2, 1).value = cell(FIRST + 4, 1).value

    returned.sheet(change)
    table = returned.table()
    assert {cell: code for cell, code in problems(table).items() if code.startswith("row.")} == {
        f"C{FIRST}": "row.foreign",
        f"C{FIRST + 1}": "row.unknown",
        f"C{FIRST + 3}": "row.deleted",
        f"C{FIRST + 2}": "row.twice",
    }
    assert list(table.lost.values()) == ["1号锅炉", "2号锅炉", "3号锅炉"]


def test_rows_that_do_not_come_back_are_listed_and_stay(returned: Returned) -> None:
    returned.sheet(lambda sheet: sheet.delete_rows(FIRST))
    returned.sheet(lambda sheet: empty(sheet, FIRST + 3))
    file = returned.read()
    assert any("发出去的有2行没有回来：1号锅炉、5号锅炉" in note for note in file.notes)
    returned.store()
    assert len(returned.rows()) == ALL


def empty(sheet: Any, row: int) -> None:
    for column in range(3, sheet.max_column + 1):
        sheet.cell(row, column).value = None


def codes_of(returned: Returned) -> dict[str, int]:
    found: dict[str, int] = {}
    returned.sheet(lambda sheet: found.update(codes(sheet)))
    return found


def test_nobody_gives_himself_tasks_and_locked_cells_are_told(returned: Returned) -> None:
    returned.put(FIRST, TASKS, confirmation="有异议", opinion="任务量偏大", amount=50)
    returned.put(FIRST + 1, TASKS, task_id="08-06-2", opinion="我们也做")
    table = returned.table("assignment")
    assert {problem.code: problem.stops for problem in table.problems()} == {"row.new": True, "cell.locked": False}
    returned.store(leave_out=True)
    stored = returned.desk.conn.execute("SELECT confirmation, opinion, amount FROM assignment LIMIT 1").fetchone()
    assert stored == ("有异议", "任务量偏大", 100_000_000)


def test_a_task_that_is_called_otherwise_is_told(returned: Returned) -> None:
    returned.put(FIRST, TASKS, task="另一项任务")
    table = returned.table("assignment")
    (told,) = table.problems()
    assert (told.code, told.stops, table.unchanged) == ("cell.beside", False, 1)


def test_a_wrong_cell_refuses_its_row_with_place_and_advice(returned: Returned) -> None:
    returned.put(FIRST, tonnage="十二", note="这句也不写")
    returned.put(FIRST + 1, tonnage="=1/0")
    table = returned.table()
    assert rows_of(table, Fate.REFUSED) == ["1号锅炉", "2号锅炉"]
    first, second = table.problems()
    place = f"{BOILERS}!J{FIRST}"
    assert first.sentence().startswith(f"{place}：「蒸发量」“十二”") and first.advice
    assert second.code == "cell.fault" and "公式还没有计算出结果" in second.message


def test_yes_is_no_number_though_it_equals_one(returned: Returned) -> None:
    returned.put(FIRST, tonnage=1)
    returned.store()
    returned.put(FIRST, tonnage=True)
    assert problems(returned.table()) == {f"J{FIRST}": "number.text"}


def test_the_senders_rows_are_read_once_while_the_file_is(returned: Returned, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    whole = Coming.whole

    def late(self: Coming) -> Any:
        made.append("cells")
        return whole(self)

    def noted(self: UnitRows) -> None:
        made.append(self.table.code)
        read_rows(self)

    read_rows = UnitRows.__post_init__
    monkeypatch.setattr(Coming, "whole", late)
    monkeypatch.setattr(UnitRows, "__post_init__", noted)
    returned.put(FIRST, note="改")
    assert returned.counts() == {"更新": 1, "未变": ALL - 1}
    assert made == ["coal_boiler", "cells", "assignment"]


def test_a_table_can_be_cancelled_inside(returned: Returned) -> None:
    returned.put(FIRST, note="改")

    class Impatient:
        steps = 0

        def step(self, done: int, total: int, text: str = "") -> None:
            self.steps += text == f"正在核对{BOILERS}"
            if self.steps == 3:
                raise Cancelled

    with pytest.raises(Cancelled):
        read_books(returned.desk.conn, returned.desk.plan, [returned.file], Impatient())


def test_a_cell_under_a_merged_one_is_not_taken_for_empty(returned: Returned) -> None:
    place = codes_of(returned)["content"]

    def merge(sheet: Any) -> None:
        sheet.merge_cells(start_row=FIRST, end_row=FIRST + 1, start_column=place, end_column=place)

    returned.sheet(merge)
    table = returned.table()
    assert list(problems(table).values()) == ["cell.merged"]
    assert rows_of(table, Fate.REFUSED) == ["2号锅炉"]


def test_modes_take_a_part(returned: Returned) -> None:
    returned.put(FIRST, note="改")
    returned.put(FIRST + ALL, name="新锅炉")
    assert [(s.added, s.updated) for s in (returned.store(mode="update"),)] == [(0, 1)]
    returned.desk.county.undo()
    assert [(s.added, s.updated) for s in (returned.store(mode="add"),)] == [(1, 0)]
    assert returned.rows()[0]["note"] is None


def test_a_row_that_was_copied_is_refused_and_the_row_itself_is_not(returned: Returned) -> None:
    def copy(sheet: Any) -> None:
        for column in range(1, sheet.max_column + 1):
            sheet.cell(FIRST + ALL, column).value = sheet.cell(FIRST + ALL - 1, column).value
        sheet.cell(FIRST + ALL, 3).value = "新的一台"

    returned.sheet(copy)
    table = returned.table()
    assert rows_of(table, Fate.REFUSED) == ["新的一台"] and table.unchanged == ALL
    assert problems(table) == {f"C{FIRST + ALL}": "row.twice"}


def test_a_row_changed_between_reading_and_storing_is_not_written_over(returned: Returned) -> None:
    returned.put(FIRST, responsible="张三")
    read = returned.read()
    returned.change(returned.ids()[0], responsible="李四")
    with pytest.raises(DataProblem, match="读取以后"), returned.desk.county.operation(label([read])) as op:
        store_books(op, returned.desk.county, [read])
    assert returned.rows()[0]["responsible"] == "李四"
    # What was changed elsewhere does not matter.
    returned.put(FIRST, responsible="王五")
    read = returned.read()
    returned.change(returned.ids()[1], responsible="赵六")
    (row,) = next(table.rows for table in read.tables if table.table.code == "coal_boiler")
    row.changes["responsible"].take = True
    with returned.desk.county.operation(label([read])) as op:
        store_books(op, returned.desk.county, [read])
    assert [row["responsible"] for row in returned.rows()[:2]] == ["王五", "赵六"]


def test_a_workbook_sent_after_the_backup_that_was_restored_has_no_base(returned: Returned) -> None:
    """The journal's numbers after the backup were given to other changes since."""
    with returned.desk.county.operation("恢复") as op:
        op.conn.execute("DELETE FROM handout")
    returned.put(FIRST, responsible="张三")
    file = returned.read()
    assert any("不是从这份县级数据发出的" in note for note in file.notes)
    assert returned.counts() == {"冲突": 1, "未变": ALL - 1}
