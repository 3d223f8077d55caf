"""The first columns of a table, kept in sight while the others are scrolled sideways."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView

from desktop.widgets.sheet_delegate import SheetDelegate

MOST_SHARE = 0.6


class PinnedColumns(QTableView):
    """Lies over the left of `table` and shows its first `count` columns; keys, edits and menus are the table's.

    It is there only while the table is scrolled sideways and the pinned columns leave room for others.
    """

    def __init__(self, table: QTableView, count: int = 1) -> None:
        super().__init__(table)
        self._table = table
        self.count = count
        self.setObjectName("frozen")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setModel(table.model())
        self.setSelectionModel(table.selectionModel())
        # One of its own: a shared delegate would tell this view, too, of the table's editors.
        self.setItemDelegate(SheetDelegate(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(table.selectionMode())
        self.setVerticalScrollMode(table.verticalScrollMode())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(table.verticalHeader().defaultSectionSize())
        self.horizontalHeader().setMinimumSectionSize(table.horizontalHeader().minimumSectionSize())
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setVisible(not table.horizontalHeader().isHidden())
        table.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        table.horizontalScrollBar().valueChanged.connect(lambda _: self.fit())
        table.horizontalScrollBar().rangeChanged.connect(lambda *_: self.fit())
        table.horizontalHeader().sectionResized.connect(lambda *_: self.fit())
        table.model().modelReset.connect(lambda: QTimer.singleShot(0, self, self.fit))
        table.viewport().installEventFilter(self)
        self.hide()

    def fit(self) -> None:
        """Lay the view over the table's first columns, or hide it."""
        table = self._table
        columns = range(min(self.count, table.model().columnCount()))
        width = sum(table.columnWidth(column) for column in columns if not table.isColumnHidden(column))
        scrolled = table.horizontalScrollBar().value() > 0
        if not scrolled or not width or width > table.viewport().width() * MOST_SHARE:
            self.hide()
            return
        for column in range(table.model().columnCount()):
            self.setColumnHidden(column, column not in columns or table.isColumnHidden(column))
        for column in columns:
            if not table.isColumnHidden(column):
                self.setColumnWidth(column, table.columnWidth(column))
        heading = 0 if table.horizontalHeader().isHidden() else table.horizontalHeader().height()
        if heading:
            self.horizontalHeader().setFixedHeight(heading)
        frame = table.frameWidth()
        self.setGeometry(frame, frame, width + 1, heading + table.viewport().height())
        self.verticalScrollBar().setValue(table.verticalScrollBar().value())
        self.show()
        self.raise_()

    @property
    def covered(self) -> int:
        """Return how many pixels of the table's left it covers."""
        return 0 if self.isHidden() else self.width()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self.fit)
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._table.setFocus(Qt.FocusReason.MouseFocusReason)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # The table scrolls, sideways too; this view follows.
        self._table.wheelEvent(event)
