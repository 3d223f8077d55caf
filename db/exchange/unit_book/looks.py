"""How the cells of a unit's workbook look: what is known is grey and locked, what is asked for white and free."""

from __future__ import annotations

from typing import Any

from db.core.fields import Field
from db.exchange.unit_book.form import Column

_LINE, _INK, _QUIET, _ACCENT = "FFC3CBCF", "FF1F2A30", "FF56646B", "FF17594A"
_HEAD, _KNOWN, _KNOWN_HEAD = "FFE3F1EC", "FFF4F6F7", "FFE4E8EA"
MISSING, WRONG = "FFFFF2CC", "FFF8D3D3"
"""Fills of what is missing and what is wrong; the returned workbook uses the second too."""

_TEXT, _DATE, _WHOLE, _PLAIN, _ANY = "@", "yyyy-mm-dd", "#,##0", "0", "General"


class Looks:
    """The styles of one workbook by name, as numbers for `s=`; each is worked out once."""

    def __init__(self, book: Any) -> None:
        self._sheet = book.active
        self._ids: dict[tuple[str, ...], int] = {}

    def entry(self, column: Column, *, whole: bool = False) -> int:
        """Return the style of an entry cell; `whole` for a number without decimals."""
        look = "known" if column.locked else "entry"
        return self._id(look, format_of(column.field, whole=whole), alignment_of(column.field))

    def apply(self, cell: Any, look: str, number_format: str = _TEXT, place: str = "wrap") -> None:
        """Give `cell` the look: title, hint, head, known head, code, known, entry, link, note."""
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

        side = Side(style="thin", color=_LINE)
        bold = look in ("title", "head", "known head")
        size = 16 if look == "title" else 10
        ink = {"title": _ACCENT, "hint": _QUIET, "note": _QUIET, "link": "FF1F5FA8"}.get(look, _INK)
        cell.font = Font(name="宋体", size=size, bold=bold, color=ink, underline="single" if look == "link" else None)
        cell.number_format = number_format
        if look in ("head", "known head", "known", "entry"):
            cell.border = Border(left=side, right=side, top=side, bottom=side)
        fill = {"head": _HEAD, "known head": _KNOWN_HEAD, "known": _KNOWN}.get(look)
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)
        if look in ("head", "known head"):
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        elif look == "title":
            cell.alignment = Alignment(vertical="center")
        else:
            across = "right" if place == "right" else "center" if place == "middle" else None
            cell.alignment = Alignment(horizontal=across, vertical="center", wrap_text=place == "wrap")
        cell.protection = Protection(locked=look != "entry")

    def _id(self, *look: str) -> int:
        if look not in self._ids:
            cell = self._sheet.cell(1, 1)
            kept = cell._style
            self.apply(cell, *look)
            self._ids[look] = cell.style_id
            cell._style = kept
        return self._ids[look]

    def column(self, dimension: Any, column: Column) -> None:
        """Give empty cells of a column the look of its entries, without lines: below the frame there is no end."""
        from openpyxl.styles import Alignment, Font, Protection

        dimension.number_format = format_of(column.field)
        dimension.font = Font(name="宋体", size=10, color=_INK)
        place = alignment_of(column.field)
        across = "right" if place == "right" else "center" if place == "middle" else None
        dimension.alignment = Alignment(horizontal=across, vertical="center", wrap_text=place == "wrap")
        dimension.protection = Protection(locked=column.locked)


def format_of(own: Field, *, whole: bool = False) -> str:
    """Return the number format of the field's cells; what is typed into a text cell stays text.

    A format with optional decimals would show a point behind whole numbers, so those have their own.
    """
    if own.type in ("number", "integer"):
        return _WHOLE if whole or own.type == "integer" else _ANY
    return {"date": _DATE, "year": _PLAIN}.get(own.type, _TEXT)


def alignment_of(own: Field) -> str:
    """Return right for numbers, middle for dates, choices and years, wrap for texts."""
    if own.type in ("number", "integer"):
        return "right"
    return "middle" if own.type in ("date", "year", "boolean") or own.enum else "wrap"
