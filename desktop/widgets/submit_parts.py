"""What the steps of the export wizard share."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

_MIB = 1024 * 1024
_GIB = 1024 * _MIB


def step_column(widget: QWidget) -> QVBoxLayout:
    """Return the column that a step's parts stand in."""
    column = QVBoxLayout(widget)
    column.setContentsMargins(18, 16, 18, 16)
    column.setSpacing(10)
    return column


def size_words(size: int) -> str:
    """Return a number of bytes as people say it."""
    if size < _MIB:
        return f"{max(1, round(size / 1024))} KB" if size else "0 KB"
    if size < _GIB:
        return f"{size / _MIB:,.1f} MB"
    return f"{size / _GIB:,.1f} GB"
