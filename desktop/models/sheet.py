"""A table that is edited like a spreadsheet: what is typed is checked at once, saved at once, and never lost.

`SheetModel` knows how typing, clearing, filling down and pasting work; its subclasses know what the cells are. Text
that was refused stays in its cell with the reason until it is mended. What is on its way to the county file is shown
already; it gives way to what was read after it was saved.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from decimal import Decimal

from PySide6.QtCore import QObject, Qt, Signal

from db.core.errors import DataProblem, SijianError
from db.core.fields import Field
from db.core.garbage import nothing_collected
from db.core.values import Cell
from desktop.models.drawn import ALIGN_LEFT, ALIGN_RIGHT, CellLook, DrawnModel, Index, SheetRole
from desktop.models.edits import MANY, Edit, Paste, Pasted, Place, lines, same

__all__ = [
    "ALIGN_LEFT",
    "ALIGN_RIGHT",
    "MANY",
    "CellLook",
    "Edit",
    "Index",
    "Paste",
    "Pasted",
    "Place",
    "Read",
    "SheetModel",
    "SheetRole",
    "same",
]

Saved = Callable[[], None]
Refused = Callable[[Exception], None]
NOTHING = ("", "")
Read = dict[Hashable, tuple[Cell, str]]
"""What texts stand for, or why they cannot be taken."""

_CLOSED = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
_OPEN = _CLOSED | Qt.ItemFlag.ItemIsEditable


class SheetModel(DrawnModel):
    """Cells that are typed into; see the module. `not_saved` says why something could not be saved after all."""

    not_saved = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._refused: dict[Hashable, tuple[str, str]] = {}
        self._sent: dict[Hashable, Cell] = {}
        self._sent_by: dict[Hashable, int] = {}
        self._saves = 0
        self._saved: set[int] = set()

    # -- what a subclass knows --------------------------------------------------------------------------------

    @abstractmethod
    def key(self, row: int, column: int) -> Hashable:
        """Return what names the cell, also after other rows were added or another task was shown."""

    @abstractmethod
    def stored(self, row: int, column: int) -> Cell:
        """Return the cell's value as it was last read."""

    @abstractmethod
    def is_open(self, row: int, column: int) -> bool:
        """Return whether the cell may be typed into."""

    def why_closed(self) -> str:
        """Return what to say to who types into a cell that cannot be typed into."""
        return "这里的格子不能填写。"

    @abstractmethod
    def parse(self, row: int, column: int, text: str) -> Cell:
        """Return the value of typed or pasted `text`; DataProblem when the cell cannot hold it."""

    def reads_alike(self, row: int, column: int) -> Hashable:
        """Return what is the same for all cells in which the same text has the same meaning."""
        return (row, column)

    @abstractmethod
    def text(self, row: int, column: int, value: Cell, *, editing: bool = False) -> str:
        """Return `value` as the cell shows it, or as its editor begins with it."""

    @abstractmethod
    def heading(self, column: int) -> str:
        """Return the column's title."""

    @abstractmethod
    def row_title(self, row: int) -> str:
        """Return what the row is about."""

    @abstractmethod
    def store(self, label: str, edits: Sequence[Edit], done: Saved, failed: Refused) -> None:
        """Save `edits` as one operation, then call `done` or `failed`."""

    # -- cells ------------------------------------------------------------------------------------------------

    def value(self, row: int, column: int) -> Cell:
        """Return the cell's value, what is being saved included."""
        if self._sent and (key := self.key(row, column)) in self._sent:
            return self._sent[key]
        return self.stored(row, column)

    def problem(self, row: int, column: int) -> str:
        """Return why the text in the cell was refused, "" when it was not."""
        return self._refused_at(row, column)[1]

    def shown(self, row: int, column: int) -> str:
        """Return what the cell shows: refused text as it was typed, else its value."""
        text, reason = self._refused_at(row, column)
        return text if reason else self.text(row, column, self.value(row, column))

    def _refused_at(self, row: int, column: int) -> tuple[str, str]:
        """Return the text in the cell that was refused, and why; both "" when nothing was."""
        return self._refused.get(self.key(row, column), NOTHING) if self._refused else NOTHING

    def copied(self, row: int, column: int) -> str:
        """Return what the cell puts on the clipboard: plain digits, not thousands separators."""
        text, reason = self._refused_at(row, column)
        return text if reason else self.text(row, column, self.value(row, column), editing=True)

    def widest(self, column: int) -> str:
        """Return the longest of the column's texts, by which its width is measured."""
        return max((self.shown(row, column) for row in range(self.rowCount())), key=len, default="")

    def has_text(self, column: int, rows: Iterable[int] | None = None) -> bool:
        """Return whether there is anything in the column, in all rows or in these."""
        return any(self.shown(row, column) for row in (range(self.rowCount()) if rows is None else rows))

    def check(self, row: int, column: int, text: str) -> str:
        """Return why the cell cannot hold `text`, "" when it can."""
        try:
            self.parse(row, column, text)
        except DataProblem as problem:
            return str(problem)
        return ""

    def count_and_sum(self, places: Collection[Place]) -> tuple[int, Decimal]:
        """Return how many numbers are in these cells and what they come to; years and ticks are none."""
        found = (self.value(row, column) for row, column in places)
        numbers = [cell for cell in found if isinstance(cell, Decimal)]
        return len(numbers), sum(numbers, Decimal(0))

    # -- writing ----------------------------------------------------------------------------------------------

    def enter(self, row: int, column: int, text: str) -> bool:
        """Save typed `text`; when the cell cannot hold it, keep it there with the reason and return False."""
        key = self.key(row, column)
        try:
            value = self.parse(row, column, text)
        except DataProblem as problem:
            self._refused[key] = (text, str(problem))
            self._tell_cell(row, column)
            return False
        self._refused.pop(key, None)
        self._tell_cell(row, column)
        self.write([Edit(row, column, value)])
        return True

    def write(self, edits: Sequence[Edit], label: str = "") -> None:
        """Save those of `edits` that change something, as one step."""
        edits = self.changing(edits)
        if not edits:
            return
        self._saves += 1
        save = self._saves
        kept = self._kept(edits)
        for key, edit, _ in kept:
            self._sent[key], self._sent_by[key] = edit.value, save
            self._refused.pop(key, None)

        def failed(failure: Exception) -> None:
            sentence = str(failure) if isinstance(failure, SijianError) else "没有保存，原因见提示。"
            for key, _, text in kept:
                self._refused[key] = (text, sentence)
            self._forget(save)
            self.tell_all()
            self.not_saved.emit(sentence)

        if len(edits) > MANY:
            self.tell_all()
        else:
            for edit in edits:
                self._tell_cell(edit.row, edit.column)
        self.store(label or self.label(edits), edits, lambda: self._saved.add(save), failed)

    def changing(self, edits: Iterable[Edit]) -> list[Edit]:
        """Return those of `edits` whose cells do not hold that value already."""
        return [edit for edit in edits if not same(edit.value, self.value(edit.row, edit.column))]

    def _kept(self, edits: Iterable[Edit]) -> list[tuple[Hashable, Edit, str]]:
        """Return each edit with its cell's name, and its text to be shown again when saving it fails."""
        texts: dict[Hashable, str] = {}
        found = []
        for edit in edits:
            alike = (self.reads_alike(edit.row, edit.column), edit.value)
            if alike not in texts:
                texts[alike] = self.text(edit.row, edit.column, edit.value, editing=True)
            found.append((self.key(edit.row, edit.column), edit, texts[alike]))
        return found

    def label(self, edits: Sequence[Edit]) -> str:
        """Return what 撤销 calls the step."""
        if len(edits) == 1:
            edit = edits[0]
            text = self.text(edit.row, edit.column, edit.value) or "清空"
            return f"{self.row_title(edit.row)}{self.heading(edit.column)}：{text[:30]}"
        return f"修改{len(edits)}格"

    def tick(self, indexes: Sequence[Index], ticked: bool) -> None:
        """Set or take away the ticks of these cells as one step."""
        edits = [Edit(i.row(), i.column(), ticked or None) for i in indexes if self.is_open(i.row(), i.column())]
        self.write(edits, "" if len(edits) == 1 else f"{'勾选' if ticked else '取消勾选'}{len(edits)}格")

    def saves_done(self) -> frozenset[int]:
        """Return the saves that a read which begins now will see."""
        return frozenset(self._saved)

    def settle(self, saves: frozenset[int]) -> None:
        """Show what was read instead of what these saves sent."""
        for save in saves:
            self._forget(save)

    def forgive(self, keys: Iterable[Hashable]) -> None:
        """Show these cells as they are stored: what was refused in them has been saved otherwise."""
        for key in keys:
            self._refused.pop(key, None)
        self.tell_all()

    def refused_cells(self) -> list[Hashable]:
        """Return the keys of the cells whose text was refused and has not been mended."""
        return list(self._refused)

    def first_refused(self) -> Place | None:
        """Return row and column of the first cell shown whose text was refused."""
        if not self._refused:
            return None
        places = ((row, column) for row in range(self.rowCount()) for column in range(self.columnCount()))
        return next((place for place in places if self.key(*place) in self._refused), None)

    def _forget(self, save: int) -> None:
        self._saved.discard(save)
        for key in [key for key, by in self._sent_by.items() if by == save]:
            del self._sent[key], self._sent_by[key]

    def clear(self, indexes: Iterable[Index]) -> None:
        """Make the cells 未报."""
        found = [index for index in indexes if self.is_open(index.row(), index.column())]
        for index in found:
            self._refused.pop(self.key(index.row(), index.column()), None)
            self._tell_cell(index.row(), index.column())
        edits = [Edit(index.row(), index.column(), None) for index in found]
        self.write(edits, f"清空{len(edits)}格" if len(edits) > 1 else "")

    def fill_down(self, indexes: Sequence[Index]) -> str:
        """Copy the top cell of every column of the selection down, a single row from the one above; see `fill`."""
        found = lines((index.column(), index.row()) for index in indexes)
        return self.fill([((top, c), (row, c)) for c, (top, *rows) in found.items() for row in rows], "向下填充")

    def fill_right(self, indexes: Sequence[Index]) -> str:
        """Copy the leftmost cell of every row of the selection to the right, a single column from its left."""
        found = lines((index.row(), index.column()) for index in indexes)
        return self.fill([((r, left), (r, column)) for r, (left, *columns) in found.items() for column in columns])

    def fill(self, pairs: Iterable[tuple[Place, Place]], label: str = "向右填充") -> str:
        """Copy cells (row, column) to others as one step; return why not, "" when it was done.

        Nothing is copied when one of the cells cannot take what it would get.
        """
        edits: list[Edit] = []
        for source, target in pairs:
            if not self.is_open(*target):
                continue
            if self.problem(*source):
                return f"{self.row_title(source[0])}的“{self.shown(*source)}”还没有改好，不能填充。"
            try:
                edits.append(Edit(*target, self._carried(source, target)))
            except DataProblem:
                return f"“{self.shown(*source)}”不能填到“{self.heading(target[1])}”，没有填充。"
        self.write(edits, label)
        return "" if edits else "这里没有可以填充的格子。"

    def _carried(self, source: Place, target: Place) -> Cell:
        """Return a cell's value for another cell; between columns it is read anew, for they may hold other things."""
        same_column = source[1] == target[1]
        return self.value(*source) if same_column else self.parse(*target, self.copied(*source))

    # -- pasting ----------------------------------------------------------------------------------------------

    def rows_of_block(self, row: int, column: int, block: Sequence[Sequence[str]]) -> list[int]:
        """Return the row where each line of `block` lands; -1 when it cannot be told."""
        return list(range(row, row + len(block)))

    @nothing_collected()
    def plan_paste(self, row: int, column: int, block: Sequence[Sequence[str]]) -> Paste:
        """Return where each cell of `block` would land from this cell on, and what is wrong with it."""
        width = max((len(line) for line in block), default=0)
        rows = self.rows_of_block(row, column, block)
        read: Read = {}
        cells = [
            [self.plan_cell(place, column + right, text, read) for right, text in enumerate(line)]
            for place, line in zip(rows, block, strict=True)
        ]
        titles = [self.row_title(place) if 0 <= place < self.rowCount() else "" for place in rows]
        headings = [
            self.heading(column + right) if column + right < self.columnCount() else "" for right in range(width)
        ]
        return Paste(cells, titles, headings)

    def plan_cell(self, row: int, column: int, text: str, read: Read | None = None) -> Pasted:
        """Return what becomes of `text` in this cell; `read` remembers what was read before (see `judge`)."""
        cell = Pasted(text, row, column)
        if not (0 <= row < self.rowCount() and 0 <= column < self.columnCount()):
            cell.ignored = not text
            cell.outside = bool(text)
            cell.problem = "超出了表格的范围，没有对应的行或列。" if text else ""
        elif not self.is_open(row, column):
            # A computed or fixed column in the middle of a block copied from elsewhere is simply not written.
            cell.ignored = True
        else:
            self.judge(cell, read)
        return cell

    def judge(self, cell: Pasted, read: Read | None = None) -> None:
        """Set the value or the problem of a pasted cell from its text; the same text is read once for cells alike."""
        alike = (self.reads_alike(cell.row, cell.column), cell.text)
        if read is not None and alike in read:
            cell.value, cell.problem = read[alike]
            return
        try:
            cell.value, cell.problem = self.parse(cell.row, cell.column, cell.text), ""
        except DataProblem as problem:
            cell.value, cell.problem = None, str(problem)
        if read is not None:
            read[alike] = cell.value, cell.problem

    # -- Qt ---------------------------------------------------------------------------------------------------

    def doubt(self, row: int, column: int) -> str:
        """Return what is questionable about the stored value, "" for nothing."""
        return ""

    def choices(self, row: int, column: int) -> Field | None:
        """Return the field whose choices are offered while the cell is edited, None where it is simply typed into."""
        return None

    def is_multiline(self, row: int, column: int) -> bool:
        """Return whether the cell's editor keeps line breaks."""
        return False

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.EditRole:
                return self.copied(row, column)
            case SheetRole.PROBLEM:
                return self.problem(row, column)
            case SheetRole.DOUBT:
                return self.doubt(row, column)
            case SheetRole.TICK:
                return self.look(row, column).tick
            case SheetRole.MULTILINE:
                return self.is_multiline(row, column)
            case SheetRole.FIELD:
                return self.choices(row, column)
        return super().data(index, role)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not self.is_open(index.row(), index.column()):
            return False
        return self.enter(index.row(), index.column(), str(value))

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _OPEN if index.isValid() and self.is_open(index.row(), index.column()) else _CLOSED

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.heading(section)
        return None

    def _tell_cell(self, row: int, column: int) -> None:
        index = self.index(row, column)
        self.dataChanged.emit(index, index)

    def tell_all(self) -> None:
        """Tell the views that every cell may look different, though rows and columns are the same."""
        if self.rowCount() and self.columnCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
