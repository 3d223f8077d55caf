"""The list at the left of a page: drawing, word, and a count at the right; one of its entries is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop import look

ROW_HEIGHT = 38
ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class SideEntry:
    """An entry: `key` names it to the page, `count` stands at the right ("" for none), `tip` says more."""

    key: str
    title: str
    icon: str = ""
    count: str = ""
    tip: str = ""


class SideList(QListWidget):
    """Shows entries; `chosen` carries the key of the one that became the open one by hand."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_EntryDelegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.currentItemChanged.connect(self._tell)

    def show_entries(self, entries: Sequence[SideEntry]) -> None:
        """Replace the entries; the open one stays open where it is still there. Nothing is emitted."""
        key = self.current_key
        self.blockSignals(True)
        self.clear()
        for entry in entries:
            item = QListWidgetItem(entry.title)
            item.setData(ENTRY_ROLE, entry)
            item.setToolTip(entry.tip)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title} {entry.count}".strip())
            self.addItem(item)
        self.blockSignals(False)
        self.open_entry(key)

    @property
    def current_key(self) -> str:
        """Return the key of the open entry, "" when none is."""
        item = self.currentItem()
        return item.data(ENTRY_ROLE).key if item is not None else ""

    @property
    def keys(self) -> list[str]:
        """Return the keys of all entries, in order."""
        return [self.item(row).data(ENTRY_ROLE).key for row in range(self.count())]

    def open_entry(self, key: str) -> None:
        """Make the entry with this key the open one without emitting `chosen`; an unknown key changes nothing."""
        if key in self.keys:
            self.blockSignals(True)
            self.setCurrentRow(self.keys.index(key))
            self.blockSignals(False)
            self.viewport().update()

    def _tell(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(ENTRY_ROLE).key)


class _EntryDelegate(QStyledItemDelegate):
    """Draws the entry; the open one has a mark at the left and bold words."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: SideEntry = index.data(ENTRY_ROLE)
        is_open = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        area = option.rect
        if is_open:
            painter.fillRect(area, look.colour("accent_tint"))
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), look.colour("accent"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, look.colour("hover"))
        left = area.left() + 14
        if entry.icon:
            picture = look.pixmap(entry.icon, "accent" if is_open else "secondary", 18)
            painter.drawPixmap(left, area.center().y() - 8, picture)
            left += 28
        right = area.right() - 12
        font = look.font(bold=is_open)
        if entry.count:
            painter.setFont(look.font(13, bold=is_open))
            painter.setPen(look.colour("accent" if is_open else "secondary"))
            width = painter.fontMetrics().horizontalAdvance(entry.count)
            painter.drawText(
                QRect(right - width, area.top(), width + 2, area.height()), Qt.AlignmentFlag.AlignVCenter, entry.count
            )
            right -= width + 8
        painter.setFont(font)
        painter.setPen(look.colour("accent" if is_open else "text"))
        title = painter.fontMetrics().elidedText(entry.title, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QRect(left, area.top(), right - left, area.height()), Qt.AlignmentFlag.AlignVCenter, title)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(look.colour("focus"))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        painter.restore()
