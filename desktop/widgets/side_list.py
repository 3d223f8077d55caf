"""The list at the left of a page: drawing, word, and a count at the right; one of its entries is open.

Entries may stand under the headings of their groups, and a word may leave only those that have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
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
from desktop.frame import NARROW
from desktop.widgets.basics import Card

ROW_HEIGHT, DENSE_HEIGHT, HEADING_HEIGHT = 38, 32, 30
ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class SideEntry:
    """An entry: `key` names it to the page, `count` stands at the right ("" for none), `tip` says more.

    Entries of one `group` stand together under its heading; `words` is what an entry is found by besides its title.
    """

    key: str
    title: str
    icon: str = ""
    count: str = ""
    tip: str = ""
    group: str = ""
    words: str = ""

    def has(self, word: str) -> bool:
        """Return whether the entry is found by `word`, small letters or capitals."""
        return word.casefold() in f"{self.title} {self.words}".casefold()


class SideCard(Card):
    """What a side list lies on: as wide as the second of `widths`, on a narrow page only as the first."""

    def __init__(self, page: QWidget, widths: tuple[int, int]) -> None:
        super().__init__(flush=True)
        self._widths = widths
        self.setFixedWidth(widths[0])
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setFixedWidth(self._widths[watched.width() >= NARROW])
        return super().eventFilter(watched, event)


class SideList(QListWidget):
    """Shows entries; `chosen` carries the key of the one that became the open one by hand."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_EntryDelegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._found_by = ""
        self.currentItemChanged.connect(self._tell)

    def show_entries(self, entries: Sequence[SideEntry]) -> None:
        """Replace the entries; the open one stays open where it is still there. Nothing is emitted."""
        key = self.current_key
        self.blockSignals(True)
        self.clear()
        group = ""
        for entry in entries:
            if entry.group != group:
                group = entry.group
                self._add_heading(group)
            item = QListWidgetItem(entry.title)
            item.setData(ENTRY_ROLE, entry)
            item.setToolTip(entry.tip)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title} {entry.count}".strip())
            self.addItem(item)
        self.blockSignals(False)
        self.open_entry(key)
        self.show_only(self._found_by)

    def _add_heading(self, group: str) -> None:
        item = QListWidgetItem(group)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)

    def show_only(self, words: str) -> int:
        """Show only the entries that have every one of the words, with their headings; return how many those are."""
        self._found_by = words
        found = 0
        heading: QListWidgetItem | None = None
        for row in range(self.count()):
            item = self.item(row)
            entry = item.data(ENTRY_ROLE)
            if entry is None:
                heading = item
                heading.setHidden(True)
                continue
            shown = all(entry.has(word) for word in words.split())
            item.setHidden(not shown)
            found += shown
            if shown and heading is not None:
                heading.setHidden(False)
        return found

    @property
    def found_keys(self) -> list[str]:
        """Return the keys of the entries that are shown, in order."""
        rows = [self.item(row) for row in range(self.count())]
        return [item.data(ENTRY_ROLE).key for item in rows if item.data(ENTRY_ROLE) and not item.isHidden()]

    @property
    def current_key(self) -> str:
        """Return the key of the open entry, "" when none is."""
        item = self.currentItem()
        entry = item.data(ENTRY_ROLE) if item is not None else None
        return entry.key if entry is not None else ""

    @property
    def keys(self) -> list[str]:
        """Return the keys of all entries, in order."""
        return list(self._rows())

    def _rows(self) -> dict[str, int]:
        entries = ((row, self.item(row).data(ENTRY_ROLE)) for row in range(self.count()))
        return {entry.key: row for row, entry in entries if entry is not None}

    def open_entry(self, key: str) -> None:
        """Make the entry with this key the open one without emitting `chosen`; an unknown key changes nothing."""
        row = self._rows().get(key)
        if row is not None:
            self.blockSignals(True)
            self.setCurrentRow(row)
            self.blockSignals(False)
            self.viewport().update()

    def _tell(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(ENTRY_ROLE) is not None:
            self.chosen.emit(item.data(ENTRY_ROLE).key)


class _EntryDelegate(QStyledItemDelegate):
    """Draws the entry; the open one has a mark at the left and bold words."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry: SideEntry | None = index.data(ENTRY_ROLE)
        return QSize(80, HEADING_HEIGHT if entry is None else DENSE_HEIGHT if entry.group else ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: SideEntry | None = index.data(ENTRY_ROLE)
        if entry is None:
            self._paint_heading(painter, option, index)
            return
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

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        area = option.rect.adjusted(14, 0, -12, -4)
        painter.setFont(look.font(12))
        painter.setPen(look.colour("secondary"))
        words = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignBottom, words)
        painter.restore()
