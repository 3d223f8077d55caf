"""粘贴预览: every pasted cell as it would land, what is wrong with it, and a chance to mend it first."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from desktop.dialogs.form_dialog import FormDialog
from desktop.models.drawn import CellLook, DrawnModel, Index
from desktop.models.sheet import Paste, Pasted, SheetModel
from desktop.widgets.basics import label
from desktop.widgets.sheet_delegate import SheetDelegate

MOST_SENTENCES = 4


class PreviewModel(DrawnModel):
    """The pasted block: refused cells can be typed over and are judged again."""

    def __init__(self, paste: Paste, target: SheetModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.paste = paste
        self._target = target

    def cell(self, index: Index) -> Pasted | None:
        """Return the pasted cell at `index`, None where the block's rows are of unequal length."""
        return self._cell(index.row(), index.column())

    def _cell(self, row: int, column: int) -> Pasted | None:
        line = self.paste.cells[row]
        return line[column] if column < len(line) else None

    def replaces(self, cell: Pasted) -> bool:
        """Return whether the cell would write over something else that is there already."""
        if cell.ignored or cell.problem or not self._has(cell):
            return False
        present = self._target.value(cell.row, cell.column)
        return present not in (None, "") and present != cell.value

    def _has(self, cell: Pasted) -> bool:
        return 0 <= cell.row < self._target.rowCount() and 0 <= cell.column < self._target.columnCount()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.paste.cells)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.paste.headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self.paste.headings[section] or "（表格以外）"
        return self.paste.titles[section] or "（表格以外）"

    def flags(self, index: Index) -> Qt.ItemFlag:
        cell = self.cell(index) if index.isValid() else None
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        can_mend = cell is not None and not cell.ignored and bool(cell.column >= 0 <= cell.row)
        return flags | Qt.ItemFlag.ItemIsEditable if can_mend else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        shown = Qt.ItemDataRole.DisplayRole if role == Qt.ItemDataRole.EditRole else role
        return super().data(index, shown)

    def look(self, row: int, column: int) -> CellLook:
        cell = self._cell(row, column)
        if cell is None:
            return CellLook()
        tone, ground = ("muted", "stripe") if cell.ignored else ("text", "surface")
        return CellLook(cell.text, tone, refused=bool(cell.problem), ground=ground)

    def hint(self, row: int, column: int) -> str:
        cell = self._cell(row, column)
        if cell is None:
            return ""
        return cell.problem or ("这一列由程序填写，粘贴时不改。" if cell.ignored else "")

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        cell = self.cell(index)
        if cell is None or role != Qt.ItemDataRole.EditRole:
            return False
        cell.text = str(value).strip()
        if not self._has(cell):
            mended = self._target.plan_cell(cell.row, cell.column, cell.text)
            cell.problem, cell.ignored, cell.outside = mended.problem, mended.ignored, mended.outside
        else:
            self._target.judge(cell)
        self.dataChanged.emit(index, index)
        return True


class PastePreview(FormDialog):
    """Shows a block before it lands; it can only be accepted when no cell has a problem."""

    def __init__(self, paste: Paste, target: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__("粘贴预览", "粘贴以前请看一下", "粘贴", parent, width=600)
        self.paste = paste
        self.model = PreviewModel(paste, target, self)
        self.counts = label()
        self.sentences = label("", wrap=True, tone="bad")
        self.view = QTableView()
        self.view.setObjectName("sheet")
        self.view.setModel(self.model)
        delegate = SheetDelegate(self.view)
        delegate.left.connect(lambda *_: self._go_on())
        self.view.setItemDelegate(delegate)
        self.view.setShowGrid(False)
        self.view.verticalHeader().setDefaultSectionSize(28)
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.view.setMinimumHeight(220)
        self.body.addWidget(self.counts)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.sentences)
        self.model.dataChanged.connect(lambda *_: self.count())
        self.count()
        self._go_on()

    def count(self) -> None:
        """Say how many cells would be written and list what is wrong; the button waits until nothing is."""
        cells = [cell for row in self.paste.cells for cell in row]
        problems = self.paste.problems()
        written = sum(not cell.ignored and not cell.problem for cell in cells)
        ignored = sum(cell.ignored and bool(cell.text) for cell in cells)
        words = f"共{len(cells)}格：可以粘贴{written}格"
        replaced = sum(self.model.replaces(cell) for cell in cells)
        words += f"（其中{replaced}格改掉原有的内容）" if replaced else ""
        words += f"，{len(problems)}格有问题" if problems else ""
        words += f"，{ignored}格由程序填写、不改" if ignored else ""
        self.counts.setText(words + "。")
        inside = [cell for cell in problems if not cell.outside]
        sentences = [f"{self._place(cell)}：{cell.problem}" for cell in inside[:MOST_SENTENCES]]
        if len(inside) > MOST_SENTENCES:
            sentences.append(f"还有{len(inside) - MOST_SENTENCES}格，见表中标红的格子。")
        overhang = self.paste.overhang()
        if overhang:
            sentences.append(f"{overhang}请取消，选好起点或少复制一些再粘贴。")
        elif inside:
            sentences.append("请在表中改好标红的格子，或取消后改原表再粘贴。全部没有问题才会写入。")
        self.sentences.setText("\n".join(sentences))
        self.sentences.setVisible(bool(sentences))
        self.accept_button.setEnabled(not problems and written > 0)

    def _place(self, cell: Pasted) -> str:
        for line, title in zip(self.paste.cells, self.paste.titles, strict=True):
            for place, found in enumerate(line):
                if found is cell:
                    return f"{title or '表格以外'} {self.paste.headings[place] or ''}".strip()
        return ""

    def _go_on(self) -> None:
        """Go to the first cell with a problem, ready to be typed over; to the button when there is none."""
        for row, line in enumerate(self.paste.cells):
            for column, cell in enumerate(line):
                if cell.problem:
                    self.view.setCurrentIndex(self.model.index(row, column))
                    self.view.scrollTo(self.model.index(row, column))
                    self.view.setFocus()
                    return
        self.view.setCurrentIndex(QModelIndex())
        self.accept_button.setFocus()
