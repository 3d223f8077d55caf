"""What the program's own dialogs share: a title with a drawing, a body and a foot with buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop import look
from desktop.widgets.basics import Tone, button, label, link_button, primary_button

_PICTURES: dict[Tone, tuple[str, str]] = {
    "bad": ("error", "bad"),
    "caution": ("warning", "caution"),
    "notice": ("info", "notice"),
    "good": ("check-circle", "good"),
}

TITLE, LEAST_HEIGHT = 30, 52


def room_on(dialog: QDialog) -> int:
    """Return how high the inside of a dialog can be on its screen."""
    return dialog.screen().availableGeometry().height() - TITLE


def width_on(dialog: QDialog) -> int:
    """Return how wide a dialog can be on its screen."""
    return dialog.screen().availableGeometry().width()


class Dialog(QDialog):
    """Put widgets into `body` and buttons into the foot; a tone puts its drawing before the heading."""

    manual_place = ""
    """Where F1 opens the manual, for a dialog whose class does not tell; see `manual_places`."""

    def __init__(self, title: str, heading: str = "", parent: QWidget | None = None, *, tone: Tone = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(440)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        inner = QVBoxLayout()
        inner.setContentsMargins(20, 16, 20, 14)
        inner.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(10)
        if tone in _PICTURES:
            picture = QLabel()
            picture.setPixmap(look.pixmap(*_PICTURES[tone], 24))
            head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        self.heading = label(heading, "title", wrap=True)
        head.addWidget(self.heading, 1)
        if heading:
            inner.addLayout(head)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        inner.addLayout(self.body, 1)
        outer.addLayout(inner, 1)
        foot = QWidget()
        foot.setObjectName("dialogfoot")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._foot = QHBoxLayout(foot)
        self._foot.setContentsMargins(20, 10, 20, 10)
        self._foot.setSpacing(8)
        self._foot.addStretch(1)
        outer.addWidget(foot)
        QShortcut(QKeySequence("F1"), self).activated.connect(self._ask_for_help)

    def _ask_for_help(self) -> None:
        """Let the window that the dialog belongs to show what the manual says of it."""
        above = self.parentWidget()
        while above is not None:
            for each in (above, getattr(above, "content", None)):
                helping = getattr(each, "helping", None)
                if helping is not None:
                    helping.show_for(self)
                    return
            above = above.parentWidget()

    def setVisible(self, visible: bool) -> None:
        if visible and not self.isVisible():
            self._give_way()
        super().setVisible(visible)

    def _give_way(self) -> None:
        """Make what scrolls in the dialog lower where the screen has no room for it all: the buttons must be seen."""
        room = room_on(self)
        layout = self.layout()
        assert layout is not None
        for each in self.findChildren(QAbstractScrollArea):
            excess = layout.minimumSize().height() - room
            least, fixed = each.minimumHeight(), each.minimumHeight() == each.maximumHeight()
            lower = max(min(least, LEAST_HEIGHT), least - max(excess, 0))
            if lower < least:
                each.setMinimumHeight(lower)
                if fixed:
                    each.setMaximumHeight(lower)
        wanted = self.size() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else self.sizeHint()
        width = min(max(wanted.width(), self.minimumWidth()), width_on(self))
        # Qt gives two thirds of the screen at most, whatever wrapped sentences need: they ran into the table above.
        height = min(max(wanted.height(), layout.totalHeightForWidth(width)), room)
        layout.activate()  # else the size it could not do with before still binds it
        self.resize(width, height)

    def add_button(self, text: str, clicked: Callable[[], object], *, primary: bool = False) -> QPushButton:
        """Add a button at the right of the foot; Enter presses the primary one."""
        made = primary_button(text, clicked) if primary else button(text, clicked)
        made.setDefault(primary)
        self._foot.addWidget(made)
        return made

    def add_at_left(self, widget: QWidget) -> None:
        """Put a widget at the left of the foot."""
        self._foot.insertWidget(0, widget)

    def add_details(self, text: str, *, words: str = "详细信息") -> None:
        """Add folded details with a copy button."""
        box = QPlainTextEdit(text)
        box.setReadOnly(True)
        box.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        box.setMinimumHeight(170)
        box.setVisible(False)
        unfold = link_button(f"{words} ▼")

        def toggle() -> None:
            box.setVisible(not box.isVisibleTo(self))
            unfold.setText(f"{words} {'▲' if box.isVisibleTo(self) else '▼'}")
            self.adjustSize()

        unfold.clicked.connect(toggle)
        copy = button("复制", lambda: QGuiApplication.clipboard().setText(text), icon="copy")
        row = QHBoxLayout()
        row.addWidget(unfold)
        row.addStretch(1)
        row.addWidget(copy)
        self.body.addLayout(row)
        self.body.addWidget(box, 1)
        self.details = box


def tell(
    parent: QWidget | None, title: str, sentence: str, advice: str = "", *, tone: Tone = "notice", details: str = ""
) -> Dialog:
    """Show a sentence, what to do and folded details; returns at once, the dialog deletes itself when closed."""
    dialog = Dialog(title, sentence, parent, tone=tone)
    if advice:
        dialog.body.addWidget(label(advice, "secondary", wrap=True))
    if details:
        dialog.add_details(details)
    dialog.add_button("知道了", dialog.accept, primary=True)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def ask(
    parent: QWidget | None,
    title: str,
    sentence: str,
    advice: str,
    *,
    yes: str,
    on_yes: Callable[[], object],
    tone: Tone = "caution",
    loses: bool = False,
) -> Dialog:
    """Ask before something; `on_yes` runs when the clerk presses `yes`, which Enter does not where it `loses` work."""
    dialog = Dialog(title, sentence, parent, tone=tone)
    if advice:
        dialog.body.addWidget(label(advice, "secondary", wrap=True))
    dialog.add_button("取消", dialog.reject, primary=loses)
    dialog.add_button(yes, dialog.accept, primary=not loses)
    dialog.accepted.connect(on_yes)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
