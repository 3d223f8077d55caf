"""Rows that give way when there is little room: things that wrap into lines, and buttons that move into a menu."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from desktop import look
from desktop.widgets.basics import button


class FlowLayout(QLayout):
    """Lays its widgets out from left to right and goes on in the next line where the width ends."""

    def __init__(self, spacing: int = 6) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items]
        return QSize(
            max((size.width() for size in sizes), default=0), max((size.height() for size in sizes), default=0)
        )

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Return the height that the items need in the width of `rect`, and put them there."""
        left, top, height = rect.left(), rect.top(), 0
        for item in self._items:
            if item.isEmpty():  # hidden
                continue
            size = item.sizeHint()
            if left > rect.left() and left + size.width() > rect.left() + rect.width():
                left, top, height = rect.left(), top + height + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(left, top), size))
            left += size.width() + self.spacing()
            height = max(height, size.height())
        return top + height - rect.top()


class ButtonRow(QWidget):
    """Buttons side by side; those there is no room for are found under 更多, the last ones first."""

    def __init__(self, buttons: Sequence[QPushButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = list(buttons)
        self._offered = list(buttons)
        self.more = button("更多 ▼")
        self.more.clicked.connect(lambda: self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height()))))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for each in [*self._buttons, self.more]:
            each.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            row.addWidget(each)
        row.addStretch(1)
        self.more.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return self.more.sizeHint()

    def sizeHint(self) -> QSize:
        return QSize(self._width(self._offered), self.minimumSizeHint().height())

    @staticmethod
    def _width(buttons: Sequence[QPushButton]) -> int:
        return sum(each.sizeHint().width() + 8 for each in buttons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def offer(self, buttons: Collection[QPushButton]) -> None:
        """Show only these of its buttons, in its own order."""
        self._offered = [each for each in self._buttons if each in buttons]
        self.updateGeometry()
        self.fit()

    def fit(self) -> None:
        """Show as many buttons as there is room for."""
        shown = list(self._offered)
        if self._width(shown) > self.width() + 8:
            while shown and self._width([*shown, self.more]) > self.width() + 8:
                shown.pop()
        for each in self._buttons:
            each.setVisible(each in shown)
        self.more.setVisible(len(shown) < len(self._offered))

    def menu(self) -> QMenu:
        """Return the menu of the buttons that are not shown."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for each in self._buttons:
            if each in self._offered and each.isHidden():
                entry = menu.addAction(each.text())
                entry.setEnabled(each.isEnabled())
                entry.setToolTip(each.toolTip())
                entry.setCheckable(each.isCheckable())
                entry.setChecked(each.isChecked())
                entry.triggered.connect(_click(each))
        return menu


def _click(pressed: QPushButton) -> Callable[[], None]:
    # A hidden button is clicked all the same, so that what it does is in one place.
    return lambda: pressed.click()


BESIDE_ICON = 4
"""Pixels that Qt leaves between a button's icon and its words."""


class ElidedButton(QPushButton):
    """A button whose words end in … where there is no room, and are then told whole as a tool tip."""

    def __init__(self, text: str, clicked: Callable[[], object], *, icon: str) -> None:
        super().__init__(look.icon(icon, "secondary"), text)
        self.setIconSize(QSize(look.ICON_SIZE, look.ICON_SIZE))
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _checked=False: clicked())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(120, self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        room = inside - self.iconSize().width() - BESIDE_ICON
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        self.setToolTip(self.text() if option.text != self.text() else "")
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)
