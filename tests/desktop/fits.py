"""Whether what is shown can be read whole: used by the test of every page, which says where nothing else is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractScrollArea, QLabel, QToolButton, QWidget

from desktop.widgets.basics import ElidedLabel
from desktop.widgets.flow import ElidedButton
from desktop.widgets.scrolled import Scrolled
from desktop.widgets.toast import Toast

DELIBERATELY_ELIDED = (ElidedLabel, ElidedButton)
"""What may end in …: each of them tells the whole as its tool tip."""

SPARE = 1
"""Pixels that rounding may take."""


def faults(window: QWidget) -> list[str]:
    """Return a sentence for each visible word that is cut off and each widget that is not wholly in its parent."""
    found = []
    for each in _seen(window):
        if isinstance(each, QLabel | QAbstractButton) and _is_cut(each) and _words(each) not in each.toolTip():
            needed, given = each.sizeHint().toTuple(), each.size().toTuple()
            found.append(f"cut off: “{_words(each)}” ({type(each).__name__}) needs {needed}, has {given}")
        if _sticks_out(each):
            place = each.geometry().getRect()
            parent = each.parentWidget()
            where = f"{type(parent).__name__} of {parent.size().toTuple()}" if parent is not None else ""
            found.append(f"sticks out: {type(each).__name__} “{_words(each)}” at {place} of {where}")
    return found


def _seen(window: QWidget) -> Iterator[QWidget]:
    """Yield the visible widgets of the window; tables see to their own cells, and what floats is over everything."""
    for each in window.findChildren(QWidget):
        if each.isVisible() and each.window() is window and not _is_inside(each, (QAbstractItemView, Toast)):
            yield each


def _is_inside(widget: QWidget, kinds: tuple[type[QWidget], ...]) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, kinds):
            return True
        parent = parent.parentWidget()
    return False


def _words(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else widget.objectName()


def _is_cut(widget: QLabel | QAbstractButton) -> bool:
    """Return whether the widget's words need more room than it has."""
    if isinstance(widget, DELIBERATELY_ELIDED) or not widget.text().strip():
        return False
    needed = widget.sizeHint()
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) > widget.height() + SPARE
    if isinstance(widget, QToolButton):
        words = widget.fontMetrics().horizontalAdvance(widget.text())
        return widget.toolButtonStyle() != widget.toolButtonStyle().ToolButtonIconOnly and words > widget.width()
    return needed.width() > widget.width() + SPARE or needed.height() > widget.height() + SPARE


def _sticks_out(widget: QWidget) -> bool:
    """Return whether a part of the widget lies where its parent does not show it; what scrolls may be higher."""
    parent = widget.parentWidget()
    if parent is None or isinstance(parent, QAbstractScrollArea) or widget.width() == 0 or widget.height() == 0:
        return False
    inside = parent.rect().adjusted(-SPARE, -SPARE, SPARE, SPARE)
    area = parent.parentWidget()
    if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
        return isinstance(area, Scrolled) and widget.width() > parent.width() + SPARE
    return not inside.contains(widget.geometry())
