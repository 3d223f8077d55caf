"""The tables of one received package: which there are, and the rows of one, to be searched and read."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPolygon, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from db.exchange.ledger.remarks import RemarkEntry
from db.exchange.ledger.reports import Report, TableRows, table_rows
from desktop import look
from desktop.city_session import CitySession
from desktop.models.city_rows_model import REMARKED_ROLE, CityRowsModel
from desktop.widgets.basics import Card, button, label
from desktop.widgets.side_list import SideEntry, SideList
from desktop.widgets.simple_table import HEADER_HEIGHT

Index = QModelIndex | QPersistentModelIndex
LIST_WIDTH, ROW_HEIGHT, CORNER = 176, 27, 7
WIDTHS = (64, 260)
PAUSE = 150
_OPEN = "打开附件"


class CityRows(QWidget):
    """Shows a report; `cell_chosen` carries what a remark would be about (`RemarkEntry` without words) and where.

    `remark_wanted` when Enter or F2 asks for the words of one; `proof_wanted` carries the proof file (`Evidence`) that
    is to be opened.
    """

    cell_chosen = Signal(object, str)
    remark_wanted = Signal()
    proof_wanted = Signal(object)

    def __init__(self, session: CitySession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._report: Report | None = None
        self._goal: tuple[str, str] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        side = Card(flush=True)
        side.setFixedWidth(LIST_WIDTH)
        self.tables = SideList()
        self.tables.setAccessibleName("上报包里的表")
        self.tables.chosen.connect(lambda _key: self._read())
        side.body.addWidget(self.tables, 1)
        row.addWidget(side)
        card = Card("表", flush=True)
        self._card = card
        self.count = label("", "secondary")
        self.search = QLineEdit()
        self.search.setPlaceholderText("在这张表里查找")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(190)
        self.search.setMinimumWidth(120)
        self.proof_button = button(_OPEN, self._open_proof, icon="attach")
        self.proof_button.hide()
        card.tools.addWidget(self.count)
        card.tools.addWidget(self.proof_button)
        card.tools.addWidget(self.search)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._read)
        self.search.textChanged.connect(lambda _: self._timer.start())
        self.grid = _grid(self)
        self.rows_model = CityRowsModel()
        self.rows_model.setParent(self)
        self.grid.setModel(self.rows_model)
        self.grid.selectionModel().currentChanged.connect(lambda *_: self._tell())
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            shortcut = QShortcut(key, self.grid, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self.remark_wanted)
        card.body.addWidget(self.grid, 1)
        row.addWidget(card, 1)

    @property
    def table(self) -> str:
        """Return the name of the table that is shown, in the county's words."""
        return self.tables.current_key

    def show_report(self, report: Report) -> None:
        """Show the tables of a report; the one that was shown stays so where there is one."""
        self._report = report
        told = {noted.remark.table for noted in report.remarks if noted.is_open}
        self.tables.show_entries(
            [
                SideEntry(each.table, each.title, "warning" if each.table in told else "", f"{each.rows:,}")
                for each in report.tables
            ]
        )
        filled = [each.table for each in report.tables if each.rows]
        if self.table not in [each.table for each in report.tables]:
            registers = [name for name in filled if name.startswith("register_")]
            first = next((name for name in (*_FIRST, *registers, *filled) if name in filled), "")
            self.tables.open_entry(first)
        self._read()

    def lead_to(self, table: str, row_id: str, field: str) -> None:
        """Show a cell."""
        self._goal = (row_id, field)
        self.search.clear()
        self.tables.open_entry(table)
        self._read()

    def _read(self) -> None:
        self._timer.stop()
        report, table, words = self._report, self.table, self.search.text()
        if report is not None and table:
            number = report.number
            self._session.read(lambda conn: table_rows(conn, number, table, words), self._show, owner=self)

    def _show(self, found: TableRows) -> None:
        before, kept = self.rows_model.shown, self._current()
        self.rows_model.show(found)
        self._card.set_title(found.table.title)
        shown, whole = len(found.ids), found.table.rows
        self.count.setText(f"{whole:,} 行" if shown == whole else f"{shown:,} 行，共 {whole:,} 行")
        if before is None or before.table.table != found.table.table:
            for column, field in enumerate(found.fields):
                wanted = 7 * (field.width or 12) + 20
                head = self.grid.horizontalHeader().sectionSizeHint(column)
                self.grid.setColumnWidth(column, max(WIDTHS[0], head, min(WIDTHS[1], wanted)))
        if self._goal is not None:
            self._go(found, *self._goal)
            self._goal = None
        elif kept is not None and not self.grid.currentIndex().isValid():
            self._go(found, *kept)
        self._tell()

    def _current(self) -> tuple[str, str] | None:
        """Return row and field of the chosen cell, None for none."""
        found, index = self.rows_model.shown, self.grid.currentIndex()
        return (found.ids[index.row()], found.fields[index.column()].name) if found and index.isValid() else None

    def _open_proof(self) -> None:
        """Open the row's proof file, or let the clerk choose among several."""
        items = self.rows_model.proofs(self.grid.currentIndex().row())
        if len(items) == 1:
            self.proof_wanted.emit(items[0])
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for item in items:
            told = f"{item.name}　{item.proves}" if item.proves else item.name
            menu.addAction(told.replace("&", "&&"), partial(self.proof_wanted.emit, item))
        menu.popup(self.proof_button.mapToGlobal(self.proof_button.rect().bottomLeft()))

    def _show_proofs(self, found: TableRows) -> None:
        number = len(self.rows_model.proofs(self.grid.currentIndex().row()))
        self.proof_button.setVisible(bool(found.proofs))
        self.proof_button.setEnabled(number > 0)
        self.proof_button.setText(f"{_OPEN}（{number}）" if number > 1 else _OPEN)
        self.proof_button.setToolTip("" if number else "这一行没有附件。行号旁有回形针的行有附件。")

    def _go(self, found: TableRows, row_id: str, field: str) -> None:
        names = [each.name for each in found.fields]
        if row_id in found.ids:
            index = self.rows_model.index(found.ids.index(row_id), names.index(field) if field in names else 0)
            self.grid.setCurrentIndex(index)
            self.grid.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
            self.grid.horizontalScrollBar().setValue(self._first_shown(index.column()))

    def _first_shown(self, column: int) -> int:
        """Return how far to scroll so that `column` is seen and no column at the left is cut: not at all if it fits."""
        header, room = self.grid.horizontalHeader(), self.grid.viewport().width()
        end = header.sectionPosition(column) + header.sectionSize(column)
        starts = (header.sectionPosition(each) for each in range(column + 1))
        return next((start for start in starts if end - start <= room), header.sectionPosition(column))

    def _tell(self) -> None:
        found, index = self.rows_model.shown, self.grid.currentIndex()
        if found is None:
            return
        self._show_proofs(found)
        if not index.isValid():
            self.cell_chosen.emit(RemarkEntry("", found.table.table), f"《{found.table.title}》整张表")
            return
        field, row = found.fields[index.column()], index.row()
        place = f"《{found.table.title}》{found.names[row]}，{field.title}"
        self.cell_chosen.emit(RemarkEntry("", found.table.table, found.ids[row], field.name), place)


_FIRST = ("progress", "assignment", "evaluation")
"""What the city looks at first."""


def _grid(parent: QWidget) -> QTableView:
    grid = QTableView(parent)
    grid.setAccessibleName("上报的数据")
    grid.setProperty("cells", "padded")
    grid.setFrameShape(QFrame.Shape.NoFrame)
    grid.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    grid.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    grid.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    grid.setTabKeyNavigation(False)
    grid.setWordWrap(False)
    grid.setItemDelegate(_CornerDelegate(grid))
    rows, columns = grid.verticalHeader(), grid.horizontalHeader()
    rows.setDefaultSectionSize(ROW_HEIGHT)
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    columns.setFixedHeight(HEADER_HEIGHT)
    columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return grid


class _CornerDelegate(QStyledItemDelegate):
    """Marks a cell with an open remark by a corner, as Excel does a comment."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index.data(REMARKED_ROLE):
            corner = option.rect.topRight()
            painter.save()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("bad"))
            painter.drawPolygon(QPolygon([corner, corner + QPoint(-CORNER, 0), corner + QPoint(0, CORNER)]))
            painter.restore()
