"""How a sheet's cells are drawn and edited: tones, ticks, refused text, an editor that says at once what is wrong."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPen, QPolygon, QTextCursor
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from db.core.field import Field
from desktop.look import BASE_PIXELS, colour, pen, pixmap
from desktop.models.drawn import ALIGN_LEFT, ALIGN_RIGHT, CellLook, DrawnModel, Index
from desktop.models.sheet import SheetModel, SheetRole
from desktop.widgets.basics import label
from desktop.widgets.mark_drawing import paint_mark
from desktop.widgets.pick_editor import PickEditor

PADDING = 8
TICK = 16
LOCK = 13
LAMP = 15
_SELECTED = QStyle.StateFlag.State_Selected.value
_FOCUSED = QStyle.StateFlag.State_HasFocus.value


class SheetDelegate(QStyledItemDelegate):
    """Draws what a `DrawnModel` says; `left` says where the clerk wants to go after an entry: (rows, columns)."""

    left = Signal(int, int)
    told = Signal(object, str)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, 29)

    # -- drawing ----------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, DrawnModel)
        look = model.look(index.row(), index.column())
        rect, state = option.rect, option.state.value
        ground = "cell_bad" if look.refused else "selection" if state & _SELECTED else look.ground
        painter.fillRect(rect, colour(ground))
        painter.setPen(pen("line_soft"))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if look.tick is not None:
            _paint_tick(painter, rect, look.tick, not look.fixed)
        elif look.text:
            _paint_text(painter, rect, look)
        if look.locked:
            painter.drawPixmap(rect.left() + 4, rect.center().y() - LOCK // 2, pixmap("lock", "secondary", LOCK))
        mark = model.mark(index.row(), index.column())
        if look.doubtful:
            _paint_doubt(painter, rect.adjusted(0, 0, -12, 0) if mark is not None and mark.remark else rect)
        if mark is not None:
            paint_mark(painter, rect, mark)
        if look.refused:
            painter.setPen(pen("bad", 1.5))
            painter.drawRect(QRectF(rect).adjusted(1, 1, -1.5, -1.5))
        if state & _FOCUSED:
            painter.setPen(pen("focus", 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))

    # -- editing ----------------------------------------------------------------------------------------------

    def createEditor(  # type: ignore[override]  # None is how Qt is told that there is no editor
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget | None:
        if index.data(SheetRole.TICK) is not None:
            return None
        editor: QLineEdit | QPlainTextEdit
        field = index.data(SheetRole.FIELD)
        if isinstance(field, Field):
            editor = PickEditor(field, None, parent, in_cell=True)
            editor.chosen.connect(lambda: self._leave(editor, 1, 0))
        elif index.data(SheetRole.MULTILINE):
            editor = QPlainTextEdit(parent)
            editor.setTabChangesFocus(False)
            editor.textChanged.connect(lambda: self._judge(editor.toPlainText(), index))
        else:
            editor = QLineEdit(parent)
            editor.setAlignment(Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole) or ALIGN_LEFT))
            editor.textChanged.connect(lambda text: self._judge(text, index))
        editor.setProperty("incell", True)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with the cell's text; what has been typed since stays when the cell is read again meanwhile."""
        if _is_typed_into(editor):
            return
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QPlainTextEdit):
            editor.setPlainText(text)
            editor.selectAll()
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        text = editor.toPlainText() if isinstance(editor, QPlainTextEdit) else ""
        if isinstance(editor, QLineEdit):
            text = editor.text()
        if isinstance(model, QAbstractItemModel):
            model.setData(index, text)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect = QRect(option.rect)
        if isinstance(editor, QPlainTextEdit):
            rect.setHeight(max(rect.height() * 3, 87))
            rect.setWidth(max(rect.width(), 260))
            host = editor.parentWidget()
            area = host.rect() if host is not None else rect
            rect.moveBottom(min(rect.bottom(), area.bottom()))
            rect.moveRight(min(rect.right(), area.right()))
        editor.setGeometry(rect)

    def _judge(self, text: str, index: Index) -> None:
        """Say under the editor what the cell would refuse, while it is typed; nothing is held back."""
        model = index.model()
        if isinstance(model, SheetModel):
            self.told.emit(index, model.check(index.row(), index.column(), text))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter goes down, Tab to the right, with Shift the other way; Alt+Enter is a line break in long texts."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(editor, QWidget):
            step = step_of(event)
            if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                if isinstance(editor, QPlainTextEdit):
                    editor.insertPlainText("\n")
                    editor.moveCursor(QTextCursor.MoveOperation.End)
                return True
            if step is not None:
                if isinstance(editor, PickEditor):
                    editor.settle(lambda: None)
                self._leave(editor, *step)
                return True
            if isinstance(editor, PickEditor) and editor.popup_visible():
                return False  # the keys are its list's
        return super().eventFilter(editor, event)

    def _leave(self, editor: QWidget, rows: int, columns: int) -> None:
        """Take what was typed, and go where the clerk wants to."""
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        self.left.emit(rows, columns)


def _is_typed_into(editor: QWidget) -> bool:
    if isinstance(editor, QPlainTextEdit):
        return editor.document().isModified()
    return isinstance(editor, QLineEdit) and editor.isModified()


def step_of(event: QKeyEvent) -> tuple[int, int] | None:
    """Return how many rows and columns Enter or Tab goes, None for other keys."""
    back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return (-1 if back else 1), 0
    if event.key() == Qt.Key.Key_Backtab or (event.key() == Qt.Key.Key_Tab and back):
        return 0, -1
    return (0, 1) if event.key() == Qt.Key.Key_Tab else None


def _paint_text(painter: QPainter, rect: QRect, look: CellLook) -> None:
    font = painter.font() if look.bold else None
    if font is not None:
        bold = QFont(font)
        bold.setBold(True)
        painter.setFont(bold)
    painter.setPen(colour("bad" if look.refused else look.tone))
    box = rect.adjusted(PADDING, 0, -PADDING, 0)
    if look.lamp:
        lamp = pixmap(f"lamp-{look.lamp}", f"lamp_{look.lamp}", LAMP)
        painter.drawPixmap(box.left(), box.center().y() - LAMP // 2, lamp)
        box.setLeft(box.left() + LAMP + 4)
    text = " ".join(look.text.split("\n")) if "\n" in look.text else look.text
    # No character is wider than the font is high, so a text that fits even then need not be measured.
    if len(text) * BASE_PIXELS > box.width():
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, ALIGN_RIGHT if look.right else ALIGN_LEFT, text)
    if font is not None:
        painter.setFont(font)


def _paint_doubt(painter: QPainter, rect: QRect) -> None:
    """Draw a small corner that asks for a look at the cell."""
    corner = rect.topRight()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("lamp_yellow"))
    painter.drawPolygon(QPolygon([corner + QPoint(-8, 0), corner, corner + QPoint(0, 8)]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_tick(painter: QPainter, rect: QRect, ticked: bool, open_: bool) -> None:
    """Draw a box, with a tick in it or empty."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRect(0, 0, TICK, TICK)
    box.moveCenter(rect.center())
    painter.setPen(QPen(colour("accent" if ticked else "control"), 1.2))
    painter.setBrush(colour("accent") if ticked else colour("surface" if open_ else "stripe"))
    painter.drawRoundedRect(QRectF(box), 3, 3)
    if ticked:
        painter.drawPixmap(box.adjusted(1, 1, -1, -1), pixmap("check", "on_accent", TICK - 2))
    painter.restore()


class Bubble(QFrame):
    """The sentence under a cell that says why its text was refused."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("bubble")
        self._host = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.label = label("", wrap=True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(1, 1, 1, 1)
        self._layout.addWidget(self.label)
        self.hide()

    @property
    def sentence(self) -> str:
        """Return what is shown, "" when nothing is."""
        return "" if self.isHidden() else self.label.text()

    def tell(self, sentence: str, cell: QRect) -> None:
        """Show `sentence` below `cell` (in the parent's coordinates), above it where there is no room; "" hides it."""
        self.setVisible(bool(sentence))
        if not sentence:
            return
        self.label.setText(sentence)
        area = self._host.rect()
        wanted = self.label.fontMetrics().horizontalAdvance(sentence) + 32
        self.setFixedWidth(min(max(wanted, 120), 420, area.width()))
        self.setFixedHeight(self._layout.heightForWidth(self.width()))
        below = cell.bottom() + 3
        top = below if below + self.height() <= area.bottom() else cell.top() - self.height() - 3
        self.move(QPoint(max(0, min(cell.left(), area.right() - self.width())), max(0, top)))
        self.raise_()
