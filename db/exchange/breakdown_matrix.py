"""One year of the breakdown as a matrix to look at and print: tasks down, assignees across, quota and balance too."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from db.core.values import State
from db.exchange.workbook_cells import Cells
from db.plan.catalogue import Catalogue
from db.work.breakdown import BreakdownGrid, grid
from db.work.tasks import Duty

if TYPE_CHECKING:
    from openpyxl import Workbook

_HEADS = ("任务编号", "任务", "单位", "县级目标", "已分解", "余额")
_WIDTHS = (11, 36, 10, 12, 12, 12)


def add_matrix(book: Workbook, conn: sqlite3.Connection, catalogue: Catalogue, year: int) -> None:
    """Add the sheet of one year; protected, since what is typed into it would be read by nobody."""
    grids = [
        found for task_id in _tasks(conn, catalogue, year) if _shown(found := grid(conn, catalogue, task_id), year)
    ]
    people = {row.assignee.key: row.assignee for found in grids for row in found.rows if year in row.cells}
    order = {"town": 0, "enterprise": 1, "department": 2}
    shown = sorted(people.values(), key=lambda who: (order[who.kind], who.code if who.kind == "town" else who.name))
    sheet = book.create_sheet(f"{year}年汇总")
    make = Cells(sheet)
    for place, width in enumerate((*_WIDTHS, *[11] * len(shown)), start=1):
        make.set_column(place, width)
    sheet.freeze_panes = "D4"
    sheet.row_dimensions[3].height = 42
    sheet.print_title_rows = "3:3"
    sheet.merged_cells.add("A2:F2")
    sheet.protection.sheet = True
    make.landscape()
    sheet.append([make.text(f"{year}年任务分解汇总", "title")])
    sheet.append([make.text("只供查看和打印。要修改请改“任务分解”工作表。", "help")])
    sheet.append([make.text(text, "head") for text in (*_HEADS, *(who.name for who in shown))])
    for found in grids:
        summary = found.summaries[year]
        cells = {row.assignee.key: row.cells.get(year) for row in found.rows}
        values: list[str | float | None] = [found.task_id, found.title, found.unit]
        values += [None if n is None else float(n) for n in (summary.quota, summary.subtotal, summary.balance)]
        for who in shown:
            cell = cells.get(who.key)
            if cell is None:
                values.append(None)
            elif isinstance(cell.amount, State):
                values.append(cell.amount.value)
            elif cell.in_unit is None:
                values.append("√" if found.duty is Duty.COMPLETION else "未定")
            else:
                values.append(float(cell.in_unit))
        sheet.append([make.value(value, fixed=place < 3) for place, value in enumerate(values)])


def _tasks(conn: sqlite3.Connection, catalogue: Catalogue, year: int) -> list[str]:
    present = {
        task_id
        for (task_id,) in conn.execute(
            "SELECT task_id FROM assignment WHERE year = :year AND deleted_at IS NULL"
            " UNION SELECT target_id FROM quota WHERE year = :year AND deleted_at IS NULL",
            {"year": year},
        )
    }
    ids = [
        each for clause in catalogue.clauses for each in (clause.id, *(t.id for t in catalogue.targets_of(clause.id)))
    ]
    return [task_id for task_id in ids if task_id in present]


def _shown(found: BreakdownGrid, year: int) -> bool:
    return found.summaries[year].quota is not None or any(year in row.cells for row in found.rows)
