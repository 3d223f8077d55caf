"""The first sheet of a unit's workbook: whose it is, what is in it, how to fill it in, whom to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from db.core.period import Period
from db.exchange.unit_book.form import GUIDE, BookTable, kinds
from db.exchange.unit_book.looks import Looks
from db.work.assignees import Assignee
from db.work.county_settings import CountyFacts

_HOW = (
    "灰底的格是县里已有的内容，锁定不用改；发现有误请在“意见”“备注”里说明，或直接告诉县专班。",
    "白底的格请填写。有下拉列表的请从列表中选，也可以直接输入列表里的词。带*的必填。",
    "没有的填“不涉及”，数还没有出来填“暂无数据”，是零就填0；空着表示还没有填。",
    "数可以写1200、1,200，也可以写1.2万；日期可以写2022-3-15、2022.3.15、2022年3月15日。注意表头里的单位。",
    "黄色的格是必填还没有填的，红色的格多半填得不对，请再看一下。",
    "清单里的新项目接着写在下面的空行里。删去一行不会删除县里的记录，要取消请在备注里说明。",
    "可以调整列宽、排序、筛选，文件名也可以改；请不要删除隐藏的行、列和表头。用 WPS 或 Excel 都可以。",
)


def add_guide(sheet: Any, looks: Looks, tables: Sequence[tuple[BookTable, str]]) -> None:
    """Fill the template's first sheet; the tables come with the names of their sheets, to which it leads."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    sheet.title = GUIDE
    for letters, width in (("A", 3), ("B", 26), ("C", 10), ("D", 88)):
        sheet.column_dimensions[letters].width = width
    sheet.sheet_view.showGridLines = False
    lines = iter(range(1, 1_000))

    def put(look: str, *texts: str, height: float = 20) -> Any:
        row = next(lines)
        sheet.row_dimensions[row].height = height
        for letters, text in zip("BCD", texts, strict=False):
            cell = sheet[f"{letters}{row}"]
            cell.value = text or None
            looks.apply(cell, look, place="wrap" if letters == "D" else "middle" if letters == "C" else "left")
        return sheet[f"B{row}"]

    put("title", "@@title@@", height=34)
    put("note", "@@unit@@　@@period@@　@@county@@发出")
    put("note", "@@back@@")
    put("note", "")
    put("known head", "表", "已有行数", "要做什么", height=24)
    for table, title in tables:
        link = put("entry", table.title, f"@@rows:{table.code}@@", kinds()[table.kind]["help"])
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{title}'!A1")
        looks.apply(link, "link", place="left")
        looks.apply(sheet[f"C{link.row}"], "known", place="middle")
        looks.apply(sheet[f"D{link.row}"], "known")
    put("note", "")
    for number, text in enumerate(_HOW, 1):
        row = next(lines)
        cell = sheet[f"B{row}"]
        cell.value = f"{number}. {text}"
        looks.apply(cell, "hint", place="wrap")
        sheet.merge_cells(f"B{row}:D{row}")
        sheet.row_dimensions[row].height = 20
    sheet.protection.sheet = True
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def guide_texts(
    facts: CountyFacts, unit: Assignee, period: Period | None, rows: Mapping[str, int]
) -> Mapping[str, str]:
    """Return what the places of the first sheet and of the titles hold for one unit; `rows` by table code."""
    office = facts.contacts["office"] or f"{facts.name}“四减四增”专班办公室"
    told = "，".join(filter(None, (facts.contacts["clerk"], facts.contacts["clerk_phone"])))
    return {
        "title": f"{facts.name}“四减四增”填报表",
        "unit": unit.name,
        "period": period.title if period else "",
        "county": facts.name,
        "back": f"填好后请把这个文件发回{office}。" + (f"有疑问请联系：{told}。" if told else ""),
        **{f"rows:{code}": str(count) for code, count in rows.items()},
    }
