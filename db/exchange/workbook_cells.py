"""Cells of a workbook that is to be filled in: text stays text whatever it begins with, looks are named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation

_UNLAWFUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# What Excel itself writes for a character, such as _x000D_, would be read as that character.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST = 32_767
_LINE = "FF9AA3AB"
_FORMATS = {
    "text": "@",
    "words": "@",
    "date": "yyyy-mm-dd",
    "float": "#,##0.######",
    "whole": "#,##0",
    "whole fixed": "0",
}
"""Number formats by look; what is typed into a text cell stays text."""


@contextmanager
def streamed_book(title: str) -> Iterator[Any]:
    """Yield a workbook that is written row by row; what it has set aside on the disk is gone when the block fails."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = title, "sijian-desk"
    try:
        yield book
    except BaseException:
        for sheet in book.worksheets:
            # Half-written sheets are closed first, or the library complains when they are forgotten.
            with suppress(Exception):
                sheet.close()
            with suppress(Exception):
                sheet._writer.cleanup()  # type: ignore[attr-defined]
        raise


def list_validation(formula: str, cells: str, *, strict: bool = True) -> DataValidation:
    """Return a drop-down for `cells` with the choices that `formula` gives; not `strict`, others can be typed too."""
    from openpyxl.worksheet.datavalidation import DataValidation

    made = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=strict, sqref=cells)
    made.errorTitle, made.error = "不在可选项中", "请从下拉列表中选择。"
    return made


class Cells:
    """Makes the cells of one sheet that is written row by row."""

    def __init__(self, sheet: Any) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self._sheet = sheet
        side = Side(style="thin", color=_LINE)
        self._box = Border(left=side, right=side, top=side, bottom=side)
        self._fonts = {
            "": Font(name="宋体", size=10),
            "title": Font(name="宋体", size=16, bold=True, color="FF17594A"),
            "help": Font(name="宋体", size=9, color="FF56646B"),
            "head": Font(name="宋体", size=10, bold=True),
        }
        self._tint = PatternFill("solid", fgColor="FFE3F1EC")
        self._stripe = PatternFill("solid", fgColor="FFF4F6F7")
        self._wrap = Alignment(vertical="top", wrap_text=True)
        self._top = Alignment(vertical="top")
        self._middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self._left = Alignment(vertical="center")
        self._looks: dict[str, Any] = {}

    def text(self, text: str, look: str = "") -> Any:
        """Return a cell that holds `text` as text; `look` is title, help, head or nothing."""
        cell = self._cell(lawful(text), f"text {look}")
        cell.data_type = "s" if text else "n"
        return cell

    def value(self, value: str | float | int | date | None, *, fixed: bool = False) -> Any:
        """Return a framed cell with a text, a number or a date; `fixed` ones are tinted: they name the row."""
        end = " fixed" if fixed else ""
        if isinstance(value, str):
            cell = self._cell(lawful(value), f"words{end}")
            cell.data_type = "s" if value else "n"
            return cell
        kind = "date" if isinstance(value, date) else "float" if isinstance(value, float) else "whole"
        return self._cell(value, f"{kind}{end}")

    def _cell(self, value: Any, look: str) -> Any:
        from openpyxl.cell import WriteOnlyCell

        cell: Any = WriteOnlyCell(self._sheet, value=value)
        # Working a look out takes far longer than writing a cell; each is worked out once.
        if look not in self._looks:
            self._looks[look] = self._styled(WriteOnlyCell(self._sheet, value=None), look)._style
        cell._style = self._looks[look]
        return cell

    def _styled(self, cell: Any, look: str) -> Any:
        kind, _, rest = look.partition(" ")
        cell.number_format = _FORMATS.get(look, _FORMATS[kind])
        if kind == "text":
            cell.font = self._fonts[rest]
            if rest == "head":
                cell.fill, cell.border, cell.alignment = self._tint, self._box, self._middle
            elif rest:
                cell.alignment = self._left if rest == "title" else self._wrap
            return cell
        cell.font, cell.border = self._fonts[""], self._box
        cell.alignment = self._wrap if kind == "words" else self._top
        if rest:
            cell.fill = self._stripe
        return cell

    def set_column(self, place: int, width: float, *, hidden: bool = False, as_text: bool = False) -> None:
        """Set width (characters) and visibility of the column with this number, from 1.

        `as_text` keeps what is typed into its empty cells: the number of a task must not become a date.
        """
        dimension = self._sheet.column_dimensions[self.letters(place)]
        dimension.width, dimension.hidden = width + 2, hidden
        if as_text:
            dimension.number_format = "@"

    def landscape(self) -> None:
        """Print across on A4, as wide as the page."""
        self._sheet.page_setup.orientation, self._sheet.page_setup.paperSize = "landscape", 9
        self._sheet.page_setup.fitToHeight = 0
        self._sheet.sheet_properties.pageSetUpPr.fitToPage = True

    @staticmethod
    def letters(place: int) -> str:
        """Return the letters of the column with this number, from 1."""
        from openpyxl.utils import get_column_letter

        return str(get_column_letter(place))


def lawful(text: str) -> str:
    """Return `text` as a cell can hold it: without what XML forbids, not read as Excel's own spelling, not too long."""
    return _ESCAPE.sub("_x005F_", _UNLAWFUL.sub("", text)[:_LONGEST])
