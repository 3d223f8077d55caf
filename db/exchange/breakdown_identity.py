"""Whose workbook it is that comes back: the same county, the same edition of the plan, the same layout."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from db.core.errors import DataProblem
from db.core.text import quote
from db.exchange.breakdown_columns import CODES_ROW, EDITION, PROPERTY, identity
from db.exchange.cells.model import SheetCells, Workbook
from db.plan.catalogue import Catalogue
from db.work.county_settings import county_facts


def check_identity(
    conn: sqlite3.Connection, catalogue: Catalogue, file: Path, book: Workbook, sheet: SheetCells
) -> None:
    """Refuse a workbook of another county, plan or layout with a sentence (DataProblem).

    The mark stands in the workbook's properties and, since some programs drop those, in the hidden row.
    """
    kept = str(sheet.cell(CODES_ROW, 0) or "")
    mark = book.properties.get(PROPERTY) or kept.removeprefix(f"{PROPERTY};")
    parts = mark.split(";")
    if len(parts) != 3:
        raise foreign(file, "里没有本程序的标记（隐藏的第3行）")
    edition, county, plan = parts
    if edition != EDITION:
        raise DataProblem(
            f"“{file.name}”是另一版本的程序导出的。", advice="请用这个程序重新导出。", code="breakdown.edition"
        )
    facts = county_facts(conn)
    if county != facts.code:
        raise DataProblem(
            f"“{file.name}”是别的县市区的任务分解（代码{quote(county)}），本县是{facts.name}。",
            advice="请选择本县导出的工作簿。",
            code="breakdown.county",
        )
    if plan != identity(county, catalogue).rpartition(";")[2]:
        raise DataProblem(
            f"“{file.name}”是按另一版方案导出的，任务编号可能已经不同，没有导入。",
            advice="请按现在的方案重新导出，再把数填进去。",
            code="breakdown.plan",
        )


def foreign(file: Path, why: str) -> DataProblem:
    """Return what to say of a workbook that this program did not write."""
    return DataProblem(
        f"“{file.name}”{why}，不是本程序导出的任务分解工作簿。",
        advice="请先用“导出 Excel”导出，在导出的工作簿里填写。",
        code="breakdown.foreign",
    )
