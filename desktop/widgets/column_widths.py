"""Setting the widths of all columns of a table without drawing it twice."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QTableView


def set_widths(table: QTableView, widths: Sequence[int]) -> None:
    """Give the columns these widths; those that are hidden stay so.

    Told of each column that has another width, Qt draws the table a second time after it was drawn: it waits for more
    columns with a timer that lets painting pass. So it is told of all together.
    """
    header = table.horizontalHeader()
    changed = False
    with QSignalBlocker(header):
        for column, width in enumerate(widths):
            if not header.isSectionHidden(column) and header.sectionSize(column) != width:
                header.resizeSection(column, width)
                changed = True
    if changed:
        table.updateGeometries()
        table.viewport().update()
