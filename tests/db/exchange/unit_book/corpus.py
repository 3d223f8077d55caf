"""Awkward workbooks, each named for what is wrong with it, with the verdict that is expected.

Each is made from a town's workbook with four boilers (一号 to 四号, 10 to 40 蒸吨) and one task.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import openpyxl

from db.exchange.unit_book.form import CODES_ROW, HEAD_ROW, IDENTITY_SHEET
from db.work.setup import town_id
from tests.db.exchange.cells.strange_files import ole, with_parts
from tests.db.exchange.unit_book.returned import BOILERS, TASKS
from tests.db.exchange.unit_book.spoiling import (
    FIRST,
    SPARE,
    Change,
    blank_rows,
    book,
    both,
    built_in_date,
    columns_turned,
    copied_to_a_new_book,
    dressed_up,
    drop_marks,
    entries_above_the_head,
    ids_deleted,
    inserted_column,
    mark,
    marks_differ,
    merged,
    merged_across,
    merged_over,
    no_codes,
    nothing_filled,
    only_shown_columns,
    pasted_twice,
    percent,
    put,
    second_sheet,
    sheet,
    sorted_backwards,
    states,
    typed_dates,
    typed_numbers,
    vague_dates,
    wrong_numbers,
)

GOOD, PROBLEMS, REFUSED = "good", "problems", "refused"


@dataclass(frozen=True)
class Case:
    """What was done to the workbook, and what reading it comes to.

    `counts` are those of the boilers: 新增, 更新, 未变, 冲突, 拒绝; `codes` those of the problems; `note` stands in the
    notes, `values` in the rows to be written.
    """

    make: Change
    verdict: str = GOOD
    counts: tuple[int, int, int, int, int] = (0, 0, 4, 0, 0)
    codes: tuple[str, ...] = ()
    note: str = ""
    values: dict[str, object] = field(default_factory=dict)


CASES: dict[str, Case] = {
    "nobody touched it": Case(lambda file: None),
    "renamed sheets": Case(
        both(put(FIRST, note="改"), sheet(lambda s: setattr(s, "title", "Sheet3"))), counts=(0, 1, 3, 0, 0)
    ),
    "sheets in another order": Case(book(lambda b: b.move_sheet(BOILERS, -2))),
    "only the sheet that was asked for": Case(book(lambda b: b.remove(b[TASKS]))),
    "sorted the other way": Case(sheet(sorted_backwards)),
    "columns turned round": Case(both(put(FIRST, note="改"), sheet(columns_turned)), counts=(0, 1, 3, 0, 0)),
    "a column of their own in the middle": Case(
        sheet(inserted_column), counts=(0, 1, 3, 0, 0), note="“镇里加的列”是另加的，有1格内容"
    ),
    "columns deleted": Case(sheet(lambda s: s.delete_cols(9, 6)), note="没有这些列"),
    "rows deleted": Case(
        sheet(lambda s: s.delete_rows(FIRST + 1, 2)), counts=(0, 0, 2, 0, 0), note="有2行没有回来：二号锅炉、三号锅炉"
    ),
    "rows emptied": Case(sheet(nothing_filled), counts=(0, 0, 0, 0, 0), note="有4行没有回来"),
    "blank rows between": Case(sheet(blank_rows)),
    "title and hint deleted": Case(
        both(put(FIRST, note="改"), sheet(lambda s: s.delete_rows(1, 2))), counts=(0, 1, 3, 0, 0)
    ),
    "rows put in above the title": Case(sheet(lambda s: s.insert_rows(1, 5))),
    "an entry above the head": Case(sheet(entries_above_the_head)),
    "headings deleted": Case(sheet(lambda s: s.delete_rows(HEAD_ROW + 1))),
    "headings written over": Case(sheet(lambda s: s.cell(HEAD_ROW + 1, 3, "名称（请填全称）"))),
    "codes deleted": Case(
        both(put(FIRST, note="改"), sheet(no_codes)), counts=(0, 1, 3, 0, 0), note="没有隐藏的标记行"
    ),
    "pasted into a new workbook": Case(
        both(put(FIRST, note="改"), copied_to_a_new_book),
        counts=(0, 1, 3, 0, 0),
        note="没有本程序的标记，按内容认出是圣城街道的",
    ),
    "only what is seen, in a new workbook": Case(
        both(put(FIRST, note="改"), only_shown_columns), PROBLEMS, (0, 0, 3, 1, 0), ("cell.conflict",), "按列标题对上了"
    ),
    "marks deleted": Case(both(put(FIRST, note="改"), book(drop_marks)), counts=(0, 1, 3, 0, 0), note="按内容认出"),
    "hidden sheet deleted": Case(book(lambda b: b.remove(b[IDENTITY_SHEET]))),
    "two marks that differ": Case(book(marks_differ), REFUSED, codes=("book.mixed",)),
    "another county's": Case(mark("county", "370784"), REFUSED, codes=("book.county",)),
    "another county file's": Case(
        both(put(FIRST, note="改"), mark("file_id", "x")),
        PROBLEMS,
        (0, 0, 3, 1, 0),
        ("cell.conflict",),
        "不是从这份县级数据发出的",
    ),
    "a unit that is gone": Case(mark("unit_id", "town-gone"), REFUSED, codes=("book.unit",)),
    "a newer program's": Case(mark("form", "9"), REFUSED, codes=("book.newer",)),
    "another town's rows": Case(
        mark("unit_id", town_id("370783003")), PROBLEMS, (0, 0, 0, 0, 4), ("row.foreign",) * 5, "没有回来：08-06-1"
    ),
    "a table that the county does not have": Case(
        sheet(lambda s: s.cell(CODES_ROW + 1, 1, "@table:no_such#1")), note="本县没有这张表"
    ),
    "an older edition": Case(sheet(lambda s: s.cell(CODES_ROW + 1, 1, "@table:coal_boiler#1")), note="按第1版填的"),
    "a newer edition": Case(sheet(lambda s: s.cell(CODES_ROW + 1, 1, "@table:coal_boiler#7")), note="更新的第7版"),
    "numbers as people type them": Case(
        sheet(typed_numbers), counts=(0, 3, 1, 0, 0), values={"tonnage": ["12.5", "1200", "0"]}
    ),
    "numbers that are none": Case(
        sheet(wrong_numbers), PROBLEMS, (0, 0, 0, 0, 4), ("number.text", "unit.mismatch", "number.text", "number.text")
    ),
    "dates as people type them": Case(
        sheet(typed_dates), counts=(0, 4, 0, 0, 0), values={"due_on": [date(2022, 3, 15)] * 4}
    ),
    "dates that are none": Case(
        sheet(vague_dates), PROBLEMS, (0, 0, 0, 0, 4), ("date.no_year", "date.no_day", "date.text", "date.impossible")
    ),
    "a date in Excel's Chinese format": Case(
        sheet(built_in_date), counts=(0, 1, 3, 0, 0), values={"due_on": [date(2022, 3, 15)]}
    ),
    "a number shown as a percentage": Case(sheet(percent), PROBLEMS, (0, 0, 3, 0, 1), ("unit.mismatch",)),
    "states and what is none": Case(sheet(states), PROBLEMS, (0, 2, 1, 0, 1), ("state.unclear",)),
    "a formula nobody worked out": Case(put(FIRST, tonnage="=5+7"), PROBLEMS, (0, 0, 3, 0, 1), ("cell.fault",)),
    "merged down": Case(sheet(merged), counts=(0, 2, 2, 0, 0), codes=("cell.merged",)),
    "merged across": Case(sheet(merged_across), counts=(0, 1, 3, 0, 0), codes=("cell.merged",)),
    "merged over what was there": Case(sheet(merged_over), PROBLEMS, (0, 1, 2, 0, 1), ("cell.merged",)),
    "hidden, filtered and dressed up": Case(both(put(FIRST, note="改"), sheet(dressed_up)), counts=(0, 1, 3, 0, 0)),
    "a choice that is none": Case(put(FIRST, stage="快了"), PROBLEMS, (0, 0, 3, 0, 1), ("enum",)),
    "an enterprise nobody knows": Case(put(FIRST, enterprise_id="某某厂"), PROBLEMS, (0, 0, 3, 0, 1), ("ref.unknown",)),
    "a text that is too long": Case(put(FIRST, name="长" * 300), PROBLEMS, (0, 0, 3, 0, 1), ("text.length",)),
    "a telephone number that is none": Case(put(FIRST, phone="打我手机"), PROBLEMS, (0, 0, 3, 0, 1), ("phone",)),
    "new rows": Case(
        both(put(SPARE, name="五号锅炉", tonnage=5), put(SPARE + 2, name="六号锅炉")), counts=(2, 0, 4, 0, 0)
    ),
    "a new row without a name": Case(put(SPARE, tonnage=5), PROBLEMS, (0, 0, 4, 0, 1), ("row.nameless",)),
    "a name taken away": Case(put(FIRST, name=None), PROBLEMS, (0, 0, 3, 0, 1), ("row.nameless",)),
    "a new row of another town": Case(
        put(SPARE, name="五号", town_id="洛城街道"), PROBLEMS, (0, 0, 4, 0, 1), ("row.foreign",)
    ),
    "a sum and a signature below": Case(
        both(put(SPARE, name="合  计", tonnage=100), put(SPARE + 1, name="填表人：王某　审核人：李某")),
        codes=("row.aside", "row.aside"),
    ),
    "rows copied": Case(sheet(pasted_twice), PROBLEMS, (0, 0, 5, 0, 1), ("row.twice",)),
    "an id that nobody has": Case(
        sheet(lambda s: s.cell(FIRST, 1, "0000")), PROBLEMS, (0, 0, 3, 0, 1), ("row.unknown",), "没有回来：一号锅炉"
    ),
    "ids deleted": Case(both(put(FIRST, note="改"), sheet(ids_deleted)), counts=(0, 1, 3, 0, 0)),
    "a copied sheet": Case(book(second_sheet), PROBLEMS, codes=("row.twice",)),
    "a task added by the unit": Case(
        put(FIRST + 1, TASKS, task_id="08-06-2", opinion="我们也做"), PROBLEMS, codes=("row.new",)
    ),
    "known cells changed": Case(put(FIRST, TASKS, amount=1, opinion="量大"), codes=("cell.locked",)),
    "a guide and nothing else": Case(
        book(lambda b: [b.remove(b[title]) for title in (BOILERS, TASKS)]), REFUSED, codes=("book.tables",)
    ),
    "a sheet of their own": Case(
        book(lambda b: b.create_sheet("说明").append(["请尽快", "办理", "谢谢"])), note="工作表“说明”里没有认出要填的表"
    ),
    "macros": Case(lambda file: with_parts(file, xl__vbaProject_dot_bin=b"MZ"), note="带有宏"),
    "a web page": Case(lambda file: file.write_bytes(b"<html><table><tr><td>1"), REFUSED, codes=("book.html",)),
    "a password": Case(lambda file: ole(file, "EncryptedPackage"), REFUSED, codes=("book.encrypted",)),
    "half a file": Case(lambda file: file.write_bytes(file.read_bytes()[:5000]), REFUSED, codes=("book.damaged",)),
    "no bytes at all": Case(lambda file: file.write_bytes(b""), REFUSED, codes=("book.empty",)),
    "somebody else's workbook": Case(lambda file: openpyxl.Workbook().save(file), REFUSED, codes=("book.nobody",)),
}
