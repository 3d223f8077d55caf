"""The grid of one task: the sheet of assignees, and its sums under it in the same columns.

The sums stand right below the last assignee while there is room, and stay in view when the rows have to scroll.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QVBoxLayout, QWidget

from db.work.breakdown import BreakdownGrid
from desktop.models.assignment_model import AssignmentModel
from desktop.models.sheet_column import Kind
from desktop.models.summary_model import Line, SummaryModel
from desktop.paper_names import PAPER_BELOW, PAPER_NOTE, PAPER_TITLE
from desktop.settings import Settings
from desktop.widgets.column_widths import set_widths
from desktop.widgets.pinned_columns import PinnedColumns
from desktop.widgets.sheet import HEADER_HEIGHT, ROW_HEIGHT, Sheet
from desktop.widgets.sheet_columns import SheetColumns
from desktop.widgets.sheet_delegate import SheetDelegate

LEAST_ROWS = 2
"""How many rows are seen at least, where there are so many."""


class AssignmentGrid(QFrame):
    """Shows what `AssignmentModel` holds; `quota_wanted` names the year whose 县级目标 is to be edited."""

    quota_wanted = Signal(int)

    def __init__(self, model: AssignmentModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.model = model
        self.summary = SummaryModel(self)
        self.sheet = Sheet(self)
        self.sheet.setModel(model)
        self.sheet.setAccessibleName("分解表")
        self.sheet.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sums = _Sums(self)
        self.sums.setModel(self.summary)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.sheet, 1000)
        layout.addWidget(self.sums)
        layout.addStretch(1)
        self.columns = SheetColumns(self.sheet, [self.summary], name="task", settings=Settings())
        self.columns.hidden_changed.connect(self.sums.setColumnHidden)
        self.columns.fitted.connect(lambda widths: set_widths(self.sums, widths))
        header = self.sheet.horizontalHeader()
        header.sectionResized.connect(lambda column, _, width: self.sums.setColumnWidth(column, width))
        self.sums.horizontalScrollBar().valueChanged.connect(self.sheet.horizontalScrollBar().setValue)
        self.sheet.horizontalScrollBar().valueChanged.connect(self.sums.horizontalScrollBar().setValue)
        self.sheet.pin()
        self.pinned_sums = PinnedColumns(self.sums)
        self.sheet.setProperty(PAPER_BELOW, self.sums)
        self.sheet.verticalScrollBar().rangeChanged.connect(lambda *_: self._make_room())
        self.sums.edit_wanted.connect(self._edit_sum)

    def show_grid(self, grid: BreakdownGrid | None, year: int, saves: frozenset[int] = frozenset()) -> None:
        """Show a newly read grid; the current cell stays with its assignee."""
        current = self.sheet.currentIndex()
        column = current.column()
        assignee = self.model.rows[current.row()].assignee.id if current.isValid() else ""
        old_task = self.model.grid.task_id if self.model.grid else ""
        changed = self.model.show_grid(grid, year, saves)
        columns = self.model.columns
        self.summary.show_grid(grid, columns, year)
        if changed is None:
            self.columns.show_columns(columns)
            self._span()
            self._fit_height()
        else:
            self.columns.follow(changed)
        if grid is not None:
            self.sheet.setProperty(PAPER_TITLE, f"任务分解表：{grid.title}（{grid.task_id}）")
            self.sheet.setProperty(PAPER_NOTE, f"单位：{grid.unit}" if grid.unit else "")
        if grid and grid.task_id == old_task and not self.sheet.currentIndex().isValid() and assignee:
            row = self.model.row_of(assignee)
            if row >= 0:
                self.sheet.go(self.model.index(row, min(max(column, 0), len(columns) - 1)))
        self.sheet.tell_summary()

    def select(self, assignee_id: str, year: int = 0, field: str = "") -> None:
        """Make the assignee's amount of the year, or where that is asked for a text of it, the current cell."""
        row = self.model.row_of(assignee_id)
        texts = (place for place, each in enumerate(self.model.columns) if field and each.field == field)
        column = next(texts, self.model.year_column(year or self.model.year))
        if row >= 0 and column >= 0:
            self.sheet.go(self.model.index(row, column))

    # -- layout -----------------------------------------------------------------------------------------------

    def _span(self) -> None:
        self.sums.clearSpans()
        width = self.summary.columnCount() - self.summary.note_column
        for row in range(self.summary.rowCount()):
            if width > 1:
                self.sums.setSpan(row, self.summary.note_column, 1, width)

    def _fit_height(self) -> None:
        """Let the sheet be as high as its rows, up to the room there is."""
        lines = self.summary.rowCount()
        bar = self.sums.horizontalScrollBar()
        self.sums.setFixedHeight(lines * ROW_HEIGHT + (bar.sizeHint().height() if bar.maximum() > 0 else 0))
        self.sums.setVisible(lines > 0)
        rows = self.model.rowCount()
        self.sheet.setMinimumHeight(HEADER_HEIGHT + min(rows, LEAST_ROWS) * ROW_HEIGHT)
        self.sheet.setMaximumHeight(HEADER_HEIGHT + rows * ROW_HEIGHT + 1)

    def _make_room(self) -> None:
        """A scroll bar beside the sheet takes width from its columns, so the sums get a margin of the same width."""
        self.sums.setViewportMarginRight(self.sheet.width() - self.sheet.viewport().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _edit_sum(self, index: QModelIndex) -> None:
        """Open the quota dialog for a cell of the 县级目标 line."""
        if self.summary.line_of(Line.QUOTA) != index.row():
            return
        column = self.summary.columns[index.column()]
        self.quota_wanted.emit(column.year if column.kind is Kind.YEAR else self.model.year)


class _Sums(QTableView):
    """The lines of sums: read only, reached by Tab, opened by double click, F2 or Enter."""

    edit_wanted = Signal(QModelIndex)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sums")
        self.setAccessibleName("小计、县级目标和余额")
        self.setItemDelegate(SheetDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(48)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.doubleClicked.connect(self.edit_wanted)

    def setViewportMarginRight(self, width: int) -> None:
        """Leave `width` pixels free at the right."""
        self.setViewportMargins(0, 0, max(width, 0), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and self.currentIndex().isValid():
            self.edit_wanted.emit(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)
