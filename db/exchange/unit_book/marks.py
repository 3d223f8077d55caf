"""What Excel itself marks while a unit fills in its workbook: what is missing, and what cannot be right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from db.core.fields import Field
from db.core.values import State
from db.exchange.unit_book.form import FIRST_COLUMN, FIRST_ROW, BookTable, Column
from db.exchange.unit_book.lists import Lists
from db.exchange.unit_book.looks import MISSING, WRONG
from db.exchange.workbook_cells import list_validation

_LONGEST_PROMPT, _LONGEST_TITLE = 250, 30


def add_marks(sheet: Any, table: BookTable, lists: Lists, last_framed: int, last: int) -> None:
    """Add drop-downs and advice to the entry columns, and colours to the sheet's entries, down to these rows."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import Border, PatternFill, Side
    from openpyxl.utils import get_column_letter

    placed = [(get_column_letter(place + 1), column) for place, column in enumerate(table.columns, FIRST_COLUMN)]
    first, final = placed[0][0], placed[-1][0]
    top = FIRST_ROW + 1
    wrong, missing = PatternFill("solid", bgColor=WRONG), PatternFill("solid", bgColor=MISSING)
    for letters, column in placed:
        if column.locked:
            continue
        cells = f"{letters}{top}:{letters}{last}"
        formula = _wrong(f"{letters}{top}", column.field, lists)
        if formula:
            sheet.conditional_formatting.add(cells, FormulaRule(formula=[formula], fill=wrong, stopIfTrue=False))
        advised = _validation(cells, column, lists)
        if advised is not None:
            sheet.add_data_validation(advised)
    needed = [letters for letters, column in placed if column.heading.endswith("*")]
    if needed:
        formula = f'AND({needed[0]}{top}="",COUNTA(${first}{top}:${final}{top})>0)'
        cells = " ".join(f"{letters}{top}:{letters}{last}" for letters in needed)
        sheet.conditional_formatting.add(cells, FormulaRule(formula=[formula], fill=missing))
    side = Side(style="thin", color="FFC3CBCF")
    frame = FormulaRule(formula=["TRUE"], border=Border(left=side, right=side, top=side, bottom=side))
    sheet.conditional_formatting.add(f"{first}{top}:{final}{last_framed}", frame)


def _wrong(cell: str, own: Field, lists: Lists) -> str:
    states = [f'{cell}<>"{state.value}"' for state in State]
    if own.is_number:
        # What reads as a number once spaces and thousands separators are out is understood when it comes back.
        return _all(f'{cell}<>""', f"ISERROR(VALUE({cell}))", f'ISERROR(FIND("万",{cell}))', *states)
    if own.type == "date":
        return _all(f'{cell}<>""', f"NOT(ISNUMBER({cell}))", f"LEN({cell})<6", *states)
    chosen = lists.find(own)
    # Whoever pastes over a drop-down loses it, but not this mark.
    return _all(f'{cell}<>""', f"ISNA(MATCH({cell},{chosen.name},0))", *states) if chosen is not None else ""


def _all(*conditions: Iterable[str] | str) -> str:
    return f"AND({','.join(map(str, conditions))})"


def _validation(cells: str, column: Column, lists: Lists) -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    own, chosen = column.field, lists.find(column.field)
    if chosen is not None:
        made = list_validation(chosen.name, cells, strict=chosen.strict)
    elif own.help:
        made = DataValidation(sqref=cells, allow_blank=True)
    else:
        return None
    if own.help:
        made.showInputMessage = True
        made.promptTitle, made.prompt = own.title[:_LONGEST_TITLE], own.help[:_LONGEST_PROMPT]
    return made
