"""A clerk at the window: finds things by what is written on them; has mouse, keyboard, clipboard and files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.app import Program, make_app, only_county
from desktop.frame import Frame
from desktop.settings import Settings

W = TypeVar("W", bound=QWidget)
KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
PATIENCE = 20_000  # milliseconds that work on another thread may take on a busy PC


class Clerk:
    """Starts the program and works in whichever of its windows lies on top."""

    def __init__(self, qtbot: QtBot, profile: Path) -> None:
        self.qtbot = qtbot
        self.settings = Settings(profile / "settings.json")
        self.frame: Frame | None = None
        self._program: Program | None = None

    # -- the program ------------------------------------------------------------------------------------------

    def start(self, folder: Path | None = None) -> None:
        """Start the program as its command does, with real threads."""
        make_app()
        folder = folder or only_county(self.settings)
        frame = self.frame = Frame(self.settings, rail=folder is not None)
        self._program = Program(make_app(), frame, self.settings)
        frame.fills_screen = False  # the screen of the tests is smaller than the one meant
        frame.resize(1366, 768)
        self.qtbot.addWidget(frame)
        with self.qtbot.waitSignal(frame.painted):
            frame.show()
        frame.activateWindow()
        self._program.begin(folder)
        self.wait(frame.isActiveWindow)

    def close(self) -> None:
        """Close the window, and with it the program."""
        assert self.frame is not None and self._program is not None
        self.frame.close()
        assert not self.frame.isVisible()
        self._program.end()

    def wait(self, there: Callable[[], bool]) -> None:
        """Wait until something can be seen."""
        try:
            self.qtbot.waitUntil(there, timeout=PATIENCE)
        except self.qtbot.TimeoutError as error:
            words = [each.text() for each in self.seen(QLabel, lambda each: bool(each.text()))]
            raise AssertionError(f"in “{self.top.windowTitle()}” was read: {words}") from error

    # -- finding ----------------------------------------------------------------------------------------------

    @property
    def top(self) -> QWidget:
        """Return the dialog that is open, else the window."""
        assert self.frame is not None
        dialogs = [
            each
            for each in QApplication.topLevelWidgets()
            if isinstance(each, QDialog) and each.isVisible() and self._is_ours(each)
        ]
        assert len(dialogs) <= 1, [each.windowTitle() for each in dialogs]
        return dialogs[0] if dialogs else self.frame

    def _is_ours(self, dialog: QDialog) -> bool:
        parent = dialog.parentWidget()
        return parent is not None and parent.window() is self.frame

    def seen(self, kind: type[W], is_it: Callable[[W], bool]) -> list[W]:
        """Return what can be seen of a kind of widget."""
        return [each for each in self.top.findChildren(kind) if each.isVisible() and is_it(each)]

    def the(self, kind: type[W], is_it: Callable[[W], bool]) -> W:
        """Wait for the one such widget and return it."""
        self.wait(lambda: len(self.seen(kind, is_it)) == 1)
        return self.seen(kind, is_it)[0]

    def reads(self, words: str) -> bool:
        """Return whether these words can be read somewhere in the window on top."""
        shown = [each.text() for each in self.seen(QLabel, lambda _: True)]
        return any(words in text for text in [*shown, self.top.windowTitle()])

    def button(self, words: str, kind: type[QAbstractButton] = QAbstractButton) -> QAbstractButton:
        """Return the button with these words, once it can be pressed."""
        found = self.the(kind, lambda each: each.text() == words or each.accessibleName() == words)
        self.wait(found.isEnabled)
        return found

    def field(self, name: str) -> QLineEdit | QPlainTextEdit:
        """Return the line with this name, or the one under or beside its name."""
        return self.the(QWidget, lambda each: self._is_field(each, name))  # type: ignore[return-value]

    def _is_field(self, widget: QWidget, name: str) -> bool:
        if not isinstance(widget, QLineEdit | QPlainTextEdit):
            return False
        if name in (widget.accessibleName(), widget.placeholderText()):
            return True
        return any(each.buddy() is widget and each.text() == name for each in self.seen(QLabel, lambda _: True))

    def table(self, name: str) -> QAbstractItemView:
        """Return the table, list or tree with this name."""
        return self.the(QAbstractItemView, lambda each: each.accessibleName() == name)

    # -- mouse and keyboard -----------------------------------------------------------------------------------

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        """Click into a widget; its window then has the keyboard, as any desktop sees to."""
        if not self.top.isActiveWindow():
            self.top.activateWindow()
            self.wait(self.top.isActiveWindow)
        QTest.mouseClick(widget, LEFT, pos=place or widget.rect().center())

    def press(self, words: str, kind: type[QAbstractButton] = QAbstractButton) -> None:
        """Click the button with these words."""
        self.click(self.button(words, kind))

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key, wherever the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.top, key, modifier)

    def type(self, text: str) -> None:
        """Type; Chinese comes from an input method."""
        for letter in text:
            receiver = QApplication.focusWidget()
            assert receiver is not None
            if letter.isascii():
                QTest.keyClicks(receiver, letter)
            else:
                event = QInputMethodEvent()
                event.setCommitString(letter)
                QApplication.sendEvent(receiver, event)

    def fill(self, name: str, text: str) -> None:
        """Click into a line and replace what is in it."""
        field = self.field(name)
        self.click(field.viewport() if isinstance(field, QPlainTextEdit) else field)
        self.wait(field.hasFocus)
        self.key(KEY.Key_A, CTRL)
        self.type(text)

    def choose(self, name: str, words: str) -> None:
        """Go down a list of choices by its keys."""
        box = self.the(QComboBox, lambda each: each.accessibleName() == name)
        box.setFocus()
        for _ in range(box.count()):
            if box.currentText() != words:
                self.key(KEY.Key_Down)
        assert box.currentText() == words, (box.currentText(), QApplication.focusWidget())

    def click_cell(self, view: QAbstractItemView, index: QModelIndex) -> None:
        """Click a cell or line, scrolled to first."""
        view.scrollTo(index)
        self.click(view.viewport(), view.visualRect(index).center())
        self.wait(view.hasFocus)

    def click_line(self, name: str, words: str) -> None:
        """Click the line with these words in the list or tree called `name`."""
        view = self.table(name)
        self.wait(lambda: self._line(view, words).isValid())
        self.click_cell(view, self._line(view, words))

    def _line(self, view: QAbstractItemView, words: str) -> QModelIndex:
        model = view.model()
        first = model.index(0, 0)
        flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchWrap
        found = model.match(first, Qt.ItemDataRole.DisplayRole, words, 1, flags) if first.isValid() else []
        return found[0] if found else QModelIndex()

    def paste(self, text: str) -> None:
        """Copy a text elsewhere and paste it here."""
        QGuiApplication.clipboard().setText(text)
        self.key(KEY.Key_V, CTRL)

    def drop(self, target: QWidget, *files: Path) -> None:
        """Drag files out of the file manager onto a widget."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        action, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(20, 20), action, mime, LEFT, none)
        QApplication.sendEvent(target, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(target, QDropEvent(QPointF(20, 20), action, mime, LEFT, none, QEvent.Type.Drop))


def cell(view: QAbstractItemView, row: str, column: str, *, under: QAbstractItemView | None = None) -> QModelIndex:
    """Return the cell in the row called `row`, below the heading that begins with `column`; invalid when not there.

    A view without headings of its own stands `under` another that has them.
    """
    model, heads = view.model(), (under or view).model()
    horizontal = Qt.Orientation.Horizontal
    headings = [str(heads.headerData(place, horizontal) or "") for place in range(heads.columnCount())]
    across = next((place for place, words in enumerate(headings) if words.startswith(column)), -1)
    names = [str(model.index(place, 0).data() or "") for place in range(model.rowCount())]
    return model.index(names.index(row), across) if row in names else QModelIndex()
