"""A list that drops down under an editor and never takes the keyboard from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from db.core.values import Cell
from desktop import look

ROW, MOST_ROWS, NARROWEST, WIDEST = 30, 9, 150, 460
CHOICE, DETAIL = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Choice:
    """One line of the list: what it stands for, what it says, and a remark at the right."""

    cell: Cell
    text: str
    detail: str = ""


class OptionList(QFrame):
    """Shown over the window; `picked` carries the `Choice`."""

    picked = Signal(object)

    def __init__(self, editor: QWidget) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(3, 3, 3, 3)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_ChoiceDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.itemClicked.connect(lambda item: self.picked.emit(item.data(CHOICE)))
        column.addWidget(self.list)

    def fill(self, choices: Sequence[Choice], current: str = "", *, first: bool = False) -> None:
        """Show the choices under the editor, the one called `current` (else the `first`) marked; hide without any."""
        self.list.clear()
        for each in choices:
            item = QListWidgetItem(each.text or "（未报）")
            item.setData(CHOICE, each)
            item.setData(DETAIL, each.detail)
            item.setSizeHint(QSize(0, ROW))
            self.list.addItem(item)
            if current and each.text == current:
                self.list.setCurrentItem(item)
        if first and self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        if choices:
            self._place()
            self.show()
            self.raise_()
        else:
            self.hide()

    def current(self) -> Choice | None:
        """Return the marked choice."""
        item = self.list.currentItem()
        found = item.data(CHOICE) if item is not None else None
        return found if isinstance(found, Choice) else None

    def move_by(self, step: int) -> None:
        """Mark the next or previous choice."""
        row = min(max(self.list.currentRow() + step, 0), self.list.count() - 1)
        self.list.setCurrentRow(row)

    def _place(self) -> None:
        window = self._editor.window()
        if self.parent() is not window:
            self.setParent(window)
        metrics = self.list.fontMetrics()
        widths = [
            metrics.horizontalAdvance(self.list.item(row).text() + "　" + self.list.item(row).data(DETAIL))
            for row in range(min(self.list.count(), 60))
        ]
        width = min(max([NARROWEST, self._editor.width(), *(wide + 40 for wide in widths)]), WIDEST)
        height = min(self.list.count(), MOST_ROWS) * ROW + 8
        below = self._editor.mapTo(window, self._editor.rect().bottomLeft())
        top = below.y() + 2
        if top + height > window.height():
            top = max(self._editor.mapTo(window, self._editor.rect().topLeft()).y() - height - 2, 0)
        self.setGeometry(min(below.x(), max(window.width() - width - 4, 0)), top, width, height)


class _ChoiceDelegate(QStyledItemDelegate):
    """Draws the words, and the remark grey at the right."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        area = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, look.colour("accent_tint"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, look.colour("hover"))
        words = area.adjusted(8, 0, -8, 0)
        detail = str(index.data(DETAIL) or "")
        painter.setFont(look.font(12))
        painter.setPen(look.colour("muted"))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), detail)
        room = words.width() - painter.fontMetrics().horizontalAdvance(detail) - (10 if detail else 0)
        painter.setFont(look.font())
        choice = index.data(CHOICE)
        painter.setPen(look.colour("muted" if isinstance(choice, Choice) and choice.cell is None else "text"))
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.restore()
