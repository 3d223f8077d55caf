"""What was typed and could not be saved, wherever it stands: it is asked about before the window closes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.widgets.sheet import Sheet


@dataclass(frozen=True)
class Unsaved:
    """Editors in sight that hold what cannot be read, and by page the sheets with cells that were refused."""

    editors: tuple[QWidget, ...]
    sheets: Mapping[str, tuple[Sheet, ...]]

    def __bool__(self) -> bool:
        return bool(self.editors) or bool(self.sheets)

    @property
    def page(self) -> str:
        """Return the first page with refused cells, "" where none has any."""
        return next(iter(self.sheets), "")

    def sentence(self, titles: Mapping[str, str]) -> str:
        """Return what is not saved, with the titles of the pages."""
        told = ["有一处内容填写有误"] if self.editors else []
        for page, sheets in self.sheets.items():
            cells = sum(len(sheet.sheet_model().refused_cells()) for sheet in sheets)
            told.append(f"“{titles[page]}”有{cells}格填得不对（标红的）")
        return "，".join(told) + "，还没有保存。"

    def lead(self) -> None:
        """Give the keyboard to the first thing that is to be mended; the page of the sheets is shown already."""
        if self.editors:
            self.editors[0].setFocus()
            return
        for sheet in self.sheets[self.page]:
            place = sheet.sheet_model().first_refused()
            if place is not None and sheet.isVisible():
                sheet.setCurrentIndex(sheet.sheet_model().index(*place))
                sheet.setFocus(Qt.FocusReason.OtherFocusReason)
                return


def unsaved(window: QWidget, pages: Mapping[str, QWidget]) -> Unsaved:
    """Return what in the `window` and its `pages` (by name, hidden ones too) would be lost."""
    editors = [each for each in window.findChildren(QWidget) if each.property("wrong") and each.isVisible()]
    found = {
        name: tuple(sheet for sheet in page.findChildren(Sheet) if _is_refused(sheet, window))
        for name, page in pages.items()
    }
    return Unsaved(tuple(editors), {name: sheets for name, sheets in found.items() if sheets})


def _is_refused(sheet: Sheet, window: QWidget) -> bool:
    """Return whether the sheet has refused cells and stands in the window itself, not in a dialog over it."""
    inside = sheet.window() is window.window() and sheet.model() is not None
    return inside and bool(sheet.sheet_model().refused_cells())
