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
    """The styles of one workbook by name; each is worked out once, which takes far longer than using it."""

    def __init__(self, book: Any) -> None:
        self._pattern = book.create_sheet()
        self._made: dict[tuple[str, ...], Any] = {}

    def done(self) -> None:
        """Take away the sheet on which styles are tried."""
        self._pattern.parent.remove(self._pattern)

    def entry(self, column: Column, *, whole: bool = False) -> int:
        """Return the number (`s=`) of an entry's style; `whole` for a number without decimals."""
        look = "known" if column.locked else "entry"
        return int(self._cell(look, format_of(column.field, whole=whole), alignment_of(column.field)).style_id)

    def apply(self, cell: Any, look: str, number_format: str = _TEXT, place: str = "wrap") -> None:
        """Give `cell` the look: title, hint, head, known head, code, known, entry, link, note."""
        cell._style = self._cell(look, number_format, place)._style

    def column(self, dimension: Any, column: Column) -> None:
        """Give empty cells of a column the look of its entries, without lines: below the frame there is no end."""
        look = "known below" if column.locked else "entry below"
        dimension._style = self._cell(look, format_of(column.field), alignment_of(column.field))._style

    def _cell(self, *look: str) -> Any:
        if look not in self._made:
            self._made[look] = _styled(self._pattern.cell(len(self._made) + 1, 1), *look)
        return self._made[look]


def _styled(cell: Any, look: str, number_format: str, place: str) -> Any:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

    size, bold = 16 if look == "title" else 10, look in ("title", "head", "known head")
    ink = {"title": _ACCENT, "hint": _QUIET, "note": _QUIET, "link": "FF1F5FA8"}.get(look, _INK)
    cell.font = Font(name="宋体", size=size, bold=bold, color=ink, underline="single" if look == "link" else None)
    cell.number_format = number_format
    if look in ("head", "known head", "known", "entry", "link"):
        side = Side(style="thin", color=_LINE)
        cell.border = Border(left=side, right=side, top=side, bottom=side)
    fill = {"head": _HEAD, "known head": _KNOWN_HEAD, "known": _KNOWN}.get(look)
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
    across = {"right": "right", "middle": "center"}.get(place, "center" if look.endswith("head") else None)
    wrapped = look.endswith("head") or (place == "wrap" and look != "title")
    cell.alignment = Alignment(horizontal=across, vertical="center", wrap_text=wrapped)
    cell.protection = Protection(locked=not look.startswith("entry"))
    return cell


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
