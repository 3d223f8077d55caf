"""What is selected in a view, as rectangles."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QItemSelectionRange


def ranges(selection: QItemSelectionModel) -> list[QItemSelectionRange]:
    """Return the selected rectangles, in the order in which they were selected."""
    return list(selection.selection())  # type: ignore[call-overload]
