"""粘贴新增: rows copied from Excel or WPS as they would be added, with room to mend them before anything is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHeaderView, QTableView, QWidget

from db.core.fields import TableSchema
from db.work.pasted_rows import PastedRow, PastedRows, add_rows, judge
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.models.block import Block, parse_block
from desktop.models.drawn import CellLook, DrawnModel, Index
from desktop.session import Session
from desktop.widgets.basics import label
from desktop.widgets.sheet_delegate import SheetDelegate

MOST_SENTENCES = 4
WIDEST = 210


class PastedModel(DrawnModel):
    """The block cell by cell, and at the end what becomes of each row; `retyped(row, column, text)` on a change."""

    retyped = Signal(int, int, str)

    def __init__(self, pasted: PastedRows, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pasted = pasted

    def show_pasted(self, pasted: PastedRows) -> None:
        """Show the same block judged anew."""
        self.pasted = pasted
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    @property
    def fate_column(self) -> int:
        """Return the last column."""
        return len(self.pasted.columns)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.pasted.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.fate_column + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return section + 1
        return "结果" if section == self.fate_column else self.pasted.headings[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        known = index.column() < self.fate_column and self.pasted.columns[index.column()] is not None
        return flags | Qt.ItemFlag.ItemIsEditable if known else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        shown = Qt.ItemDataRole.DisplayRole if role == Qt.ItemDataRole.EditRole else role
        return super().data(index, shown)

    def look(self, row: int, column: int) -> CellLook:
        line = self.pasted.rows[row]
        if column == self.fate_column:
            return CellLook(_fate(line), "good" if line.good else "caution")
        unknown = self.pasted.columns[column] is None
        tone, ground = ("muted", "stripe") if unknown else ("text", "surface")
        return CellLook(line.texts[column], tone, refused=column in line.problems, ground=ground)

    def hint(self, row: int, column: int) -> str:
        line = self.pasted.rows[row]
        return _fate(line) if column == self.fate_column else line.problems.get(column, "")

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() >= self.fate_column:
            return False
        self.retyped.emit(index.row(), index.column(), str(value).strip())
        return True


class PasteRowsDialog(FormDialog):
    """Adds the good rows in one step; rows that repeat one that is there are left out, wrong cells can be mended."""

    def __init__(self, session: Session, pasted: PastedRows, parent: QWidget | None = None) -> None:
        super().__init__("粘贴新增", f"粘贴新增：{pasted.schema.title}", "新增", parent, width=900)
        self._session = session
        self.added: list[str] = []
        self.model = PastedModel(pasted, self)
        self.counts = label()
        self.sentences = label("", wrap=True, tone="bad")
        self.view = QTableView()
        self.view.setObjectName("sheet")
        self.view.setModel(self.model)
        self.view.setItemDelegate(SheetDelegate(self.view))
        self.view.setShowGrid(False)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.verticalHeader().setDefaultSectionSize(28)
        header = self.view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        for column in range(self.model.fate_column):
            self.view.setColumnWidth(column, self._width(column))
        self.view.setMinimumHeight(280)
        self.body.addWidget(self.counts)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.sentences)
        self.model.retyped.connect(self.retype)
        self._count()

    def _width(self, column: int) -> int:
        """Return room for the column's heading and texts, within reason."""
        texts = [self.pasted.headings[column], *(row.texts[column] for row in self.pasted.rows[:200])]
        return min(max(map(self.fontMetrics().horizontalAdvance, texts)) + 26, WIDEST)

    @property
    def pasted(self) -> PastedRows:
        """Return the block as it is judged now."""
        return self.model.pasted

    def retype(self, row: int, column: int, text: str) -> None:
        """Replace the text of one cell and have the whole block judged anew."""
        rows = [replace(each, texts=list(each.texts)) for each in self.pasted.rows]
        rows[row].texts[column] = text
        changed = replace(self.pasted, rows=rows)

        def judged(conn: sqlite3.Connection) -> PastedRows:
            judge(conn, changed)
            return changed

        self._session.read(judged, self._take, owner=self)

    def _take(self, pasted: PastedRows) -> None:
        self.model.show_pasted(pasted)
        self._count()

    def _count(self) -> None:
        rows = self.pasted.rows
        good, wrong = sum(row.good for row in rows), [row for row in rows if row.problems]
        repeats = sum(bool(row.repeats) and not row.problems for row in rows)
        words = f"共{len(rows)}行：可以新增{good}行"
        words += f"，{repeats}行已有、不再新增" if repeats else ""
        words += f"，{len(wrong)}行有问题" if wrong else ""
        unknown = [text for text, own in zip(self.pasted.headings, self.pasted.columns, strict=True) if own is None]
        words += f"。表里没有的列不写入：{'、'.join(dict.fromkeys(unknown))}" if unknown else ""
        self.counts.setText(words + "。")
        sentences = _sentences(rows)
        if wrong:
            sentences.append("请双击标红的格子改好；不改的话，有问题的行不会新增。")
        self.sentences.setText("\n".join(sentences))
        self.sentences.setVisible(bool(sentences))
        self.accept_button.setText(f"新增{good}行")
        self.accept_button.setEnabled(good > 0)

    def save(self, done: Done, failed: Failed) -> None:
        schema, rows = self.pasted.schema, self.pasted.good()

        def taken(ids: list[str]) -> None:
            self.added = ids
            done(ids)

        name = _label(schema, len(rows))
        self._session.write(name, lambda op: add_rows(op, schema, rows), taken, failed, rows=len(rows))


def clipboard_block() -> Block:
    """Return the cells that are on the clipboard."""
    return parse_block(QGuiApplication.clipboard().text())


def _label(schema: TableSchema, count: int) -> str:
    return f"粘贴新增「{schema.title}」{count}行"


def _fate(row: PastedRow) -> str:
    if row.problems:
        return f"{len(row.problems)}格有问题"
    return row.repeats or "新增"


def _sentences(rows: Sequence[PastedRow]) -> list[str]:
    found = [f"第{number}行：{text}" for number, row in enumerate(rows, 1) for text in row.problems.values()]
    more = len(found) - MOST_SENTENCES
    return [*found[:MOST_SENTENCES], f"还有{more}处，见表中标红的格子。"] if more > 0 else found
