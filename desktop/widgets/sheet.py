"""A table that behaves like Excel: type to replace, Enter down, Tab right, Delete, copy, paste, fill down, sums.

What the keys mean is here; what the cells hold and how they are saved is `desktop.models.sheet.SheetModel`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtCore import QAbstractItemModel, QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView, QWidget

from db.core.values import plain
from desktop.models.block import Block, format_block, parse_block, spread
from desktop.models.edits import Paste, rectangles
from desktop.models.sheet import Index, SheetModel, SheetRole
from desktop.widgets.chosen_cells import area, places
from desktop.widgets.column_widths import set_widths
from desktop.widgets.fill_handle import Area, FillHandle
from desktop.widgets.pinned_columns import PinnedColumns
from desktop.widgets.sheet_delegate import Bubble, SheetDelegate, step_of
from desktop.widgets.table_printer import add_print_entry

ROW_HEIGHT = 29
HEADER_HEIGHT = 30


class Sheet(QTableView):
    """Edits a `SheetModel`; `summary` has the count, sum and mean of the selected cells, `told` a sentence to show."""

    summary = Signal(str)
    told = Signal(str)
    row_action = Signal(int, str)
    preview_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self._delegate = SheetDelegate(self)
        self._own_copy = ""
        self._tabbed = (0, (-1, -1))
        """The column in which a run of Tabs began, and the cell it has come to."""
        self.pinned: PinnedColumns | None = None
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed | trigger.AnyKeyPressed)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setFixedHeight(HEADER_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.bubble = Bubble(self.viewport())
        self.handle = FillHandle(self)
        self.handle.filled.connect(self._fill_to)
        self._delegate.left.connect(self.step)
        self._delegate.told.connect(self._tell_at)
        self._delegate.closeEditor.connect(lambda *_: self._tell_current())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Filled, it is known to be opaque: what is scrolled is moved on the screen, and only new rows are drawn. The
        # style sheet takes this away when it is first applied.
        self.viewport().setAutoFillBackground(True)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if isinstance(model, SheetModel):
            model.not_saved.connect(self._tell_elsewhere)

    def pin(self, count: int = 1) -> None:
        """Keep the first columns in sight when the others are scrolled sideways; to be called once there is a model."""
        self.pinned = PinnedColumns(self, count)

    def set_widths(self, widths: Sequence[int]) -> None:
        """Give the columns these widths at once."""
        set_widths(self, widths)
        if self.pinned is not None:
            self.pinned.fit()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Show a cell; one behind the pinned columns is brought out."""
        super().scrollTo(index, hint)
        if self.pinned is not None and index.column() >= self.pinned.count:
            hidden = self.pinned.covered - self.visualRect(index).left()
            if hidden > 0:
                self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - hidden)

    def sheet_model(self) -> SheetModel:
        """Return the model, which is always a `SheetModel`."""
        model = self.model()
        assert isinstance(model, SheetModel)
        return model

    def chosen(self) -> list[QModelIndex]:
        """Return the selected cells, from top to bottom and left to right."""
        return sorted(self.selectedIndexes(), key=lambda index: (index.row(), index.column()))

    # -- going about ------------------------------------------------------------------------------------------

    def step(self, rows: int, columns: int) -> None:
        """Go down or up, or on to the next or last cell that can be typed into, wrapping at the ends of rows."""
        current = self.currentIndex()
        begun, end = self._tabbed
        first = begun if end == (current.row(), current.column()) else current.column()
        if rows:
            # As in Excel: after a line of entries with Tab, Enter goes to where the next line begins.
            self.go(self.model().index(current.row() + rows, first if rows > 0 else current.column()))
        elif columns:
            target = self._beside(current, columns)
            self.go(target)
            self._tabbed = (first, (target.row(), target.column()))

    def _beside(self, current: QModelIndex, columns: int) -> QModelIndex:
        """Return the next or last cell that can be typed into, an invalid index at the end of the sheet."""
        model, width = self.sheet_model(), self.model().columnCount()
        place = current.row() * width + current.column() + columns
        while current.isValid() and 0 <= place < width * model.rowCount():
            row, column = divmod(place, width)
            if model.is_open(row, column) and not self.isColumnHidden(column):
                return model.index(row, column)
            place += columns
        return QModelIndex()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Leave Tab to the sheet while there is another cell to go to; at its end Tab goes on to the next widget."""
        if self._beside(self.currentIndex(), 1 if forward else -1).isValid():
            return False
        return super().focusNextPrevChild(forward)

    def go(self, index: QModelIndex) -> None:
        """Make `index` the one selected cell, whatever keys are held down: Shift+Enter goes up, it extends nothing."""
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def go_to_row(self, row: int) -> None:
        """Make the row's first open cell the current one."""
        model = self.sheet_model()
        column = next((c for c in range(model.columnCount()) if model.is_open(row, c)), 0)
        self.go(model.index(row, column))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._key(event):
            event.accept()
            return
        if event.text().strip().isprintable() and event.text().strip() and self._is_closed():
            self.told.emit(self.sheet_model().why_closed())
        super().keyPressEvent(event)

    def _is_closed(self) -> bool:
        return self.currentIndex().isValid() and not self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable

    def _key(self, event: QKeyEvent) -> bool:
        """Do what the key means here; False leaves it to Qt (arrows, typing)."""
        step = step_of(event)
        if step is not None:
            self.step(*step)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.copy()
            self.clear_cells()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear_cells()
        elif event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.fill_down()
        elif event.key() == Qt.Key.Key_R and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.fill_right()
        elif action := self._cell_action(event):
            action()
        elif event.key() == Qt.Key.Key_Space and self._toggle(self.currentIndex()):
            pass
        else:
            return False
        return True

    def _cell_action(self, event: QKeyEvent) -> Callable[[], object] | None:
        pressed = QKeySequence(event.keyCombination()).toString()
        return next((action for _, keys, action in self.cell_actions if keys == pressed), None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        plain_click = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        if plain_click and len(self.selectedIndexes()) == 1 and index == self.currentIndex():
            self._toggle(index)

    def _toggle(self, index: Index) -> bool:
        """Set or take away the tick of all selected cells, all to the opposite of this one."""
        model = self.sheet_model()
        tick = index.data(SheetRole.TICK)
        if tick is None or not model.is_open(index.row(), index.column()):
            return False
        model.tick([i for i in self.chosen() if i.data(SheetRole.TICK) is not None] or [index], not tick)
        return True

    # -- clipboard --------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """Put the rectangle around the selection on the clipboard; cells in it that are not selected stay empty."""
        cells = {(index.row(), index.column()) for index in self.selectedIndexes()}
        if not cells:
            return
        rows = range(min(r for r, _ in cells), max(r for r, _ in cells) + 1)
        columns = [
            c for c in range(min(c for _, c in cells), max(c for _, c in cells) + 1) if not self.isColumnHidden(c)
        ]
        model = self.sheet_model()
        block = [[model.copied(row, column) if (row, column) in cells else "" for column in columns] for row in rows]
        self._own_copy = format_block(block)
        QGuiApplication.clipboard().setText(self._own_copy)

    def paste(self) -> None:
        """Write the clipboard's block from the selection's corner on, all of it or nothing; see `paste_block`."""
        text = QGuiApplication.clipboard().text()
        anchor = next(iter(self.chosen()), self.currentIndex())
        if not text or not anchor.isValid():
            self.told.emit("剪贴板里没有可以粘贴的文字。" if not text else "请先选一个格子。")
            return
        block: Block = parse_block(text)
        chosen = self.chosen()
        if chosen and len(chosen) == area(chosen):
            rows = {index.row() for index in chosen}
            columns = {index.column() for index in chosen}
            block = spread(block, len(rows), len(columns))
        self.paste_block(anchor.row(), anchor.column(), block, own=text == self._own_copy)

    def paste_block(self, row: int, column: int, block: Block, *, own: bool = False) -> None:
        """Check `block` from this cell on; write it at once when it is one good cell or our own copy, else show it."""
        model = self.sheet_model()
        paste = model.plan_paste(row, column, block)
        cells = [cell for line in paste.cells for cell in line]
        if len(cells) == 1 and paste.problems():
            if model.is_open(row, column):
                model.enter(row, column, cells[0].text)
            self._tell_current()
            return
        if all(cell.ignored for cell in cells):
            self.told.emit("这里的格子不能填写，没有粘贴。")
            return
        if paste.problems() or not (own or len(cells) == 1):
            self.preview_wanted.emit(paste)
        else:
            self.land(paste)

    def land(self, paste: Paste) -> None:
        """Write a pasted block without problems and select where it went."""
        model = self.sheet_model()
        edits = paste.edits()
        model.write(edits, f"粘贴{len(edits)}格" if len(edits) > 1 else "")
        chosen = QItemSelection()
        for first, last in rectangles((edit.row, edit.column) for edit in edits):
            chosen.select(model.index(*first), model.index(*last))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def land_good(self, paste: Paste) -> None:
        """Write a block at once, keeping what cannot be read in its cells: for sheets that only prepare something."""
        model = self.sheet_model()
        for cell in (each for line in paste.cells for each in line):
            if not cell.ignored and 0 <= cell.row < model.rowCount() and 0 <= cell.column < model.columnCount():
                model.enter(cell.row, cell.column, cell.text)

    def clear_cells(self) -> None:
        """Make the selected cells 未报."""
        self.sheet_model().clear(self.chosen())
        self._tell_current()

    def fill_down(self) -> None:
        """Copy the selection's top cells down."""
        self._tell_refusal(self.sheet_model().fill_down(self.chosen()))

    def fill_right(self) -> None:
        """Copy the selection's leftmost cells to the right."""
        self._tell_refusal(self.sheet_model().fill_right(self.chosen()))

    def _fill_to(self, source: Area, target: Area) -> None:
        """Repeat the cells of `source` over `target`, as dragging the handle at the selection's corner asks."""
        rows, columns = source
        pairs = [
            ((rows[0] + (r - rows[0]) % len(rows), columns[0] + (c - columns[0]) % len(columns)), (r, c))
            for r in target[0]
            for c in target[1]
        ]
        self._tell_refusal(self.sheet_model().fill(pairs, "填充"))

    def _tell_refusal(self, sentence: str) -> None:
        if sentence:
            self.told.emit(sentence)

    # -- telling ----------------------------------------------------------------------------------------------

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.handle.follow()
        self.tell_summary()

    def tell_summary(self) -> None:
        """Say how many cells are selected, and the sum and mean of the numbers among them."""
        chosen = places(self)
        if len(chosen) < 2:
            self.summary.emit("")
            return
        count, total = self.sheet_model().count_and_sum(chosen)
        words = f"已选{len(chosen)}格"
        if count:
            mean = (total / count).quantize(Decimal("0.01"))
            words += f"　合计 {plain(total):,f}　平均 {plain(mean):,f}"
        self.summary.emit(words)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._tell_current()

    def _tell_current(self) -> None:
        index = self.currentIndex()
        problem = index.data(SheetRole.PROBLEM) if index.isValid() else ""
        self._tell_at(index, problem if isinstance(problem, str) else "")

    def _tell_elsewhere(self, sentence: str) -> None:
        """Say what could not be saved when the clerk has gone on to another cell meanwhile."""
        if self.currentIndex().data(SheetRole.PROBLEM) != sentence:
            self.told.emit(sentence)

    def _tell_at(self, index: Index, sentence: str) -> None:
        self.bubble.tell(sentence, self.visualRect(index) if sentence else self.rect())

    def reset(self) -> None:
        super().reset()
        self.handle.follow()
        self.tell_summary()
        self.bubble.tell("", self.rect())

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.handle.follow()
        if self.bubble.isVisible():
            self._tell_current()

    # -- the menu of a cell -----------------------------------------------------------------------------------

    down_word = "向下填充"
    """What Ctrl+D does here."""
    row_actions: tuple[tuple[str, str], ...] = ()
    cell_actions: tuple[tuple[str, str, Callable[[], object]], ...] = ()
    """What a page does with the selected cells besides: word, keys, action."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if not index.isValid():
            return
        if index not in self.selectedIndexes():
            self.go(index)
        self.menu_at(index).exec(event.globalPos())

    def menu_at(self, index: Index) -> QMenu:
        """Return the menu of the cell: the clipboard, clearing, filling, and what the page added for the row."""
        model = self.sheet_model()
        open_ = model.is_open(index.row(), index.column())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for word, keys, action, allowed in (
            ("复制", "Ctrl+C", self.copy, True),
            ("粘贴", "Ctrl+V", self.paste, open_),
            ("清空（未报）", "Delete", self.clear_cells, open_),
            (self.down_word, "Ctrl+D", self.fill_down, open_),
            ("向右填充", "Ctrl+R", self.fill_right, open_),
            *((word, keys, action, open_) for word, keys, action in self.cell_actions),
        ):
            entry = menu.addAction(f"{word}\t{keys}")
            entry.triggered.connect(_call(action))
            entry.setEnabled(allowed)
        if self.row_actions:
            menu.addSeparator()
        for name, word in self.row_actions:
            entry = menu.addAction(word)
            entry.triggered.connect(lambda _=False, name=name: self.row_action.emit(index.row(), name))
        add_print_entry(menu, self)
        return menu


def _call(action: Callable[[], object]) -> Callable[[], object]:
    return lambda: action()
