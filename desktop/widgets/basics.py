"""The small parts: labels, badges, buttons, cards, rules. Their looks come from the style sheet by property."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop import look

Tone = Literal["", "good", "caution", "bad", "notice", "neutral"]
READ_ONLY = "只读打开，不能修改。"


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property and let the style sheet notice."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def allow(control: QAbstractButton | QAction, writable: bool, possible: bool = True) -> None:
    """Enable a button or menu entry that writes, when it can; in a read-only county its tool tip says why it is not."""
    if control.property("usualTip") is None:
        control.setProperty("usualTip", control.toolTip())
    control.setEnabled(writable and possible)
    control.setToolTip(control.property("usualTip") if writable else READ_ONLY)


def label(text: str = "", role: str = "", *, wrap: bool = False, tone: Tone = "") -> QLabel:
    """Return a label; roles: title, page-title, figure, secondary, small, field, problem."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    if wrap:
        made.setWordWrap(True)
    return made


class ElidedLabel(QLabel):
    """One line that ends in … where there is no room, and then tells the rest as a tool tip."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()


class Badge(QLabel):
    """A short word on a tinted ground: 已完成, 待定."""

    def __init__(self, text: str = "", tone: Tone = "neutral", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setProperty("badge", tone or "neutral")

    def show_state(self, text: str, tone: Tone) -> None:
        """Change word and tone."""
        self.setText(text)
        restyle(self, "badge", tone or "neutral")


def _button(text: str, kind: str, icon: str, tint: str, clicked: Callable[[], object] | None) -> QPushButton:
    made = QPushButton(text)
    if kind:
        made.setProperty("kind", kind)
    if icon:
        made.setIcon(look.icon(icon, tint))
        made.setIconSize(QSize(look.ICON_SIZE, look.ICON_SIZE))
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    made.setAutoDefault(False)
    return made


def primary_button(text: str, clicked: Callable[[], object] | None = None, *, icon: str = "") -> QPushButton:
    """Return the one button of a page or dialog that goes on."""
    return _button(text, "primary", icon, "on_accent", clicked)


def button(text: str, clicked: Callable[[], object] | None = None, *, icon: str = "") -> QPushButton:
    """Return an ordinary button."""
    return _button(text, "", icon, "secondary", clicked)


def link_button(text: str, clicked: Callable[[], object] | None = None) -> QPushButton:
    """Return words that lead somewhere."""
    made = _button(text, "link", "", "", clicked)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return made


def chip(text: str, tone: Tone = "", *, checked: bool = False) -> QPushButton:
    """Return a checkable pill for a filter: 未分解 14."""
    made = _button(text, "chip", "", "", None)
    if tone:
        made.setProperty("tone", tone)
    made.setCheckable(True)
    made.setChecked(checked)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return made


def icon_button(
    icon: str, tip: str, clicked: Callable[[], object] | None = None, *, tint: str = "secondary"
) -> QToolButton:
    """Return a button that is only a drawing; `tip` says what it does, to screen readers too."""
    made = QToolButton()
    made.setIcon(look.icon(icon, tint))
    made.setIconSize(QSize(look.ICON_SIZE, look.ICON_SIZE))
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


def help_button() -> QToolButton:
    """Return the button of a window's help, which shows the menu that it is given."""
    made = icon_button("help", "帮助（F1）")
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has F1, and a window must not begin here
    return made


def rule() -> QFrame:
    """Return a thin line across."""
    made = QFrame()
    made.setProperty("rule", True)
    return made


class Card(QFrame):
    """White ground with a thin border and, when it has one, a title line; put things into `body`.

    `tools` is the row at the right of the title. `flush` leaves no margin around the body (tables, lists).
    """

    def __init__(self, title: str = "", parent: QWidget | None = None, *, flush: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1) if flush else outer.setContentsMargins(14, 10, 14, 12)
        outer.setSpacing(0 if flush else 8)
        self.title = ElidedLabel(title, "title")
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(8)
        self._head = QWidget(self)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(13, 8, 13, 8) if flush else head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addLayout(self.tools)
        self._head.setVisible(bool(title))
        outer.addWidget(self._head)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0 if flush else 8)
        outer.addLayout(self.body, 1)

    def set_title(self, title: str) -> None:
        """Change the title; an empty one hides the line."""
        self.title.setText(title)
        self._head.setVisible(bool(title))


class FigureCard(QFrame):
    """One figure at a glance: what it is, the figure, a remark; a click leads to the rows behind it."""

    clicked = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.setProperty("clickable", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 11, 14, 11)
        column.setSpacing(3)
        self.figure = label("", "figure")
        self.remark = ElidedLabel("", "secondary")
        for part in (label(title, "secondary"), self.figure, self.remark):
            column.addWidget(part)

    def show_figure(self, figure: str, remark: str = "", tone: Tone = "") -> None:
        """Show a figure with its remark, tinted when it needs attention."""
        self.figure.setText(figure)
        restyle(self.figure, "tone", tone)
        self.remark.setText(remark)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)
