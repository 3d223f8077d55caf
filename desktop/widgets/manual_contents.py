"""Beside the manual's text: its chapters and sections, and in their place what was found."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from db.reports.manual.book import Manual
from db.reports.manual.page import anchor
from db.reports.manual.search import Hit
from desktop import look
from desktop.widgets.basics import label

PLACE = Qt.ItemDataRole.UserRole
ROW = 52
_AT_TOP, _ANYWHERE = QTreeWidget.ScrollHint.PositionAtTop, QTreeWidget.ScrollHint.EnsureVisible


class ManualContents(QWidget):
    """`chosen` carries the name of a place, `found` the `Hit` that was picked."""

    chosen = Signal(str)
    found = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setObjectName("manualContents")
        self.tree.setAccessibleName("目录")
        self.tree.setIndentation(16)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.currentItemChanged.connect(self._choose)
        self.tree.itemClicked.connect(self._choose)
        self.hits = QListWidget()
        self.hits.setAccessibleName("找到的地方")
        self.hits.setItemDelegate(_HitDelegate(self.hits))
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hits.currentItemChanged.connect(self._pick)
        self.hits.itemClicked.connect(self._pick)
        self.count = label("", "secondary", wrap=True)
        self.count.setContentsMargins(12, 8, 12, 6)
        results = QWidget()
        column = QVBoxLayout(results)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.count)
        column.addWidget(self.hits, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.tree)
        self.stack.addWidget(results)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)
        self._items: dict[str, QTreeWidgetItem] = {}
        self._quiet = False

    def show_manual(self, manual: Manual) -> None:
        """List the chapters, each with its sections."""
        self._quiet = True
        self.tree.clear()
        self._items.clear()
        for chapter in manual.chapters:
            item = self._item(chapter.title, chapter.slug)
            self.tree.addTopLevelItem(item)
            for section in chapter.sections:
                if section.level == 2:
                    item.addChild(self._item(section.title, anchor(chapter.slug, section.title)))
        self._quiet = False

    def _item(self, title: str, place: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([title])
        item.setData(0, PLACE, place)
        item.setToolTip(0, title)
        self._items[place] = item
        return item

    def show_place(self, place: str) -> None:
        """Mark where the text is: the section where the list has it, else the chapter; only its chapter is unfolded."""
        item = self._items.get(place) or self._items.get(place.partition("#")[0])
        if item is None:
            return
        self._quiet = True
        chapter = item.parent() or item
        for number in range(self.tree.topLevelItemCount()):
            each = self.tree.topLevelItem(number)
            if each is not None:
                each.setExpanded(each is chapter)
        self.tree.setCurrentItem(item)
        self.tree.scrollToItem(item, _AT_TOP if item is chapter else _ANYWHERE)
        self._quiet = False

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Show what was found in place of the contents."""
        self._quiet = True
        self.hits.clear()
        for hit in hits:
            item = QListWidgetItem(hit.context)
            item.setData(PLACE, hit)
            item.setSizeHint(QSize(0, ROW))
            self.hits.addItem(item)
        self.count.setText(f"找到{len(hits)}处" if hits else "没有找到。可以换个说法，或用拼音首字母。")
        self.stack.setCurrentIndex(1)
        self._quiet = False

    def show_contents(self) -> None:
        """Show the contents again."""
        self.stack.setCurrentIndex(0)

    def step(self, by: int) -> None:
        """Pick the next hit, or the one before; after the last comes the first."""
        if self.hits.count() and self.stack.currentIndex():
            self.hits.setCurrentRow((self.hits.currentRow() + by) % self.hits.count())

    def _choose(self, item: QTreeWidgetItem | None, _other: object = None) -> None:
        if item is not None and not self._quiet:
            self.chosen.emit(item.data(0, PLACE))

    def _pick(self, item: QListWidgetItem | None, _other: object = None) -> None:
        if item is not None and not self._quiet:
            self.found.emit(item.data(PLACE))


class _HitDelegate(QStyledItemDelegate):
    """Draws where it is above the line in which it stands, what was found in bold."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        hit: Hit = index.data(PLACE)
        painter.save()
        area = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, look.colour("accent_tint"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, look.colour("hover"))
        inside = area.adjusted(12, 7, -8, -7)
        painter.setFont(look.font(12))
        painter.setPen(look.colour("secondary"))
        where = f"{hit.chapter}：{hit.section}" if hit.section else hit.chapter
        metrics = painter.fontMetrics()
        top = inside.adjusted(0, 0, 0, -inside.height() // 2)
        painter.drawText(
            top,
            int(Qt.AlignmentFlag.AlignVCenter),
            metrics.elidedText(where, Qt.TextElideMode.ElideRight, inside.width()),
        )
        self._draw_line(painter, hit, inside.adjusted(0, inside.height() // 2, 0, 0))
        painter.restore()

    def _draw_line(self, painter: QPainter, hit: Hit, area: QRect) -> None:
        end = hit.at + len(hit.words)
        pieces = ((hit.context[: hit.at], False), (hit.context[hit.at : end], True), (hit.context[end:], False))
        left = area.left()
        for text, bold in pieces:
            painter.setFont(look.font(13, bold=bold))
            painter.setPen(look.colour("accent" if bold else "text"))
            metrics = painter.fontMetrics()
            room = area.right() - left
            if not text or room < metrics.horizontalAdvance("字"):
                continue
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(left, area.top(), room, area.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)
            left += metrics.horizontalAdvance(shown)
