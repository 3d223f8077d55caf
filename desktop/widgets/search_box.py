"""The search box of the top bar (Ctrl+K) and its list of what was found, by group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop import look
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.basics import label

if TYPE_CHECKING:
    from db.work.search import Hit, HitGroup

PLACEHOLDER = "搜索任务、项目、企业、镇街"
PAUSE = 120
ROW, HEADING = 32, 27
MOST_HEIGHT = 460
HIT, DETAIL = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
ICONS = {
    "clause": "clause",
    "target": "target",
    "town": "town",
    "enterprise": "enterprise",
    "department": "department",
    "project": "projects",
}
_KEYS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


def place_of(hit: Hit) -> Place:
    """Return where the window shows `hit`."""
    if hit.kind in ("clause", "target"):
        return Place("breakdown", task_id=hit.id)
    if hit.kind == "project":
        return Place("projects", register=hit.table, row_id=hit.id)
    return Place("base", section=hit.table, row_id=hit.id)


class SearchBox(QLineEdit):
    """Searches while the clerk types; `chosen` carries the `Place` of the hit that was picked."""

    chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchbox")
        self.setPlaceholderText(PLACEHOLDER)
        self.setAccessibleName(PLACEHOLDER)
        self._session = session
        self._picture = QLabel(self)
        self._picture.setPixmap(look.pixmap("search", "muted", 17))
        self._hint = label("Ctrl+K")
        self._hint.setObjectName("keyhint")
        self._hint.setParent(self)
        self.popup = SearchPopup(self)
        self.popup.list.itemClicked.connect(self._take)
        self._shown, self._wanted = "", False
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.search_now)
        self.textEdited.connect(self._edited)

    def _edited(self, text: str) -> None:
        self._hint.setVisible(not text)
        self._wanted = False
        if text.strip():
            self._timer.start()
        else:
            self._timer.stop()
            self.popup.hide()

    def search_now(self) -> None:
        """Look for what is typed, without waiting for a pause."""
        text = self.text()
        if not text.strip() or not self._session.is_open:
            return
        catalogue = self._session.catalogue

        def query(connection: object) -> list[HitGroup]:
            from db.work.search import search

            return search(connection, catalogue, text)  # type: ignore[arg-type]

        self._session.read(query, lambda groups: self._show(text, groups), owner=self)

    def _show(self, text: str, groups: Sequence[HitGroup]) -> None:
        """Show what was found for `text`; take the first at once when Enter was pressed before it was there."""
        if not self.text().strip() or not self.hasFocus():
            self._wanted = False
            return
        self._shown = text
        self.popup.fill(groups)
        self.popup.place_under(self)
        if self._wanted and text == self.text():
            self._wanted = False
            self._take(self.popup.list.currentItem())

    def _take(self, item: QListWidgetItem | None) -> None:
        hit = item.data(HIT) if item is not None else None
        if hit is None:
            return
        self.clear()
        self._edited("")
        self.chosen.emit(place_of(hit))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.clear()
            self._edited("")
            self.clearFocus()
        elif self.popup.isVisible() and key in _KEYS:
            self.popup.move_by(_KEYS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # What is listed may still be the answer to fewer letters.
            if self.popup.isVisible() and self._shown == self.text():
                self._take(self.popup.list.currentItem())
            else:
                self._timer.stop()
                self._wanted = True
                self.search_now()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.popup.hide()
        elif event.type() == QEvent.Type.FocusIn:
            self.selectAll()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._hint.sizeHint()
        self._hint.setGeometry(QRect(self.width() - size.width() - 9, (self.height() - 20) // 2, size.width(), 20))
        self._picture.setGeometry(10, (self.height() - 17) // 2, 17, 17)


class SearchPopup(QFrame):
    """The hits under the box, part of the window (it never takes the keyboard from the box)."""

    def __init__(self, box: SearchBox) -> None:
        super().__init__(box)
        self._box = box
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_HitDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = label("没有找到。可以用汉字、拼音首字母或代码搜索。", "secondary")
        self.nothing.setContentsMargins(10, 8, 10, 8)
        column.addWidget(self.list)
        column.addWidget(self.nothing)

    def fill(self, groups: Sequence[HitGroup]) -> None:
        """Show the groups, the first hit chosen."""
        self.list.clear()
        for group in groups:
            heading = QListWidgetItem(f"{group.title}（还有更多，请多输几个字）" if group.more else group.title)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            heading.setSizeHint(QSize(0, HEADING))
            self.list.addItem(heading)
            for hit in group.hits:
                item = QListWidgetItem(look.icon(ICONS[hit.kind]), hit.title)
                item.setData(HIT, hit)
                item.setData(DETAIL, hit.detail)
                item.setSizeHint(QSize(0, ROW))
                self.list.addItem(item)
        self.list.setVisible(bool(groups))
        self.nothing.setVisible(not groups)
        if groups:
            self.list.setCurrentRow(1)

    def place_under(self, box: QWidget) -> None:
        """Show the list under `box`, as high as it needs."""
        window = box.window()
        self.setParent(window)
        rows = sum(self.list.sizeHintForRow(row) for row in range(self.list.count()))
        height = min(rows, MOST_HEIGHT) if rows else self.nothing.sizeHint().height()
        corner = box.mapTo(window, box.rect().bottomLeft())
        width = max(box.width(), 400)
        self.setGeometry(corner.x() + box.width() - width, corner.y() + 5, width, height + 12)
        self.show()
        self.raise_()

    def move_by(self, step: int) -> None:
        """Choose the next or previous hit, passing over headings."""
        row = self.list.currentRow() + step
        while 0 <= row < self.list.count():
            if self.list.item(row).data(HIT) is not None:
                self.list.setCurrentRow(row)
                return
            row += step


class _HitDelegate(QStyledItemDelegate):
    """Draws headings small and grey, hits with their detail at the right."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        area = option.rect
        if index.data(HIT) is None:
            painter.setFont(look.font(12, bold=True))
            painter.setPen(look.colour("muted"))
            painter.drawText(area.adjusted(8, 4, -8, 0), int(Qt.AlignmentFlag.AlignVCenter), index.data())
            painter.restore()
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen or hovered:
            painter.fillRect(area, look.colour("accent_tint" if chosen else "hover"))
        drawing = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(drawing, QIcon):
            drawing.paint(painter, QRect(area.left() + 8, area.center().y() - 8, 17, 17))
        painter.setFont(look.font(13))
        metrics = painter.fontMetrics()
        words = area.adjusted(34, 0, -8, 0)
        detail = metrics.elidedText(str(index.data(DETAIL)), Qt.TextElideMode.ElideRight, words.width() * 2 // 5)
        painter.setPen(look.colour("secondary"))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), detail)
        painter.setFont(look.font(14))
        painter.setPen(look.colour("text"))
        room = words.width() - metrics.horizontalAdvance(detail) - 12
        title = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), title)
        painter.restore()


def focus_action(box: SearchBox, owner: QObject) -> QAction:
    """Return the action behind Ctrl+K."""
    action = QAction("搜索", owner)
    action.setShortcut("Ctrl+K")
    action.triggered.connect(lambda: box.setFocus(Qt.FocusReason.ShortcutFocusReason))
    return action
