"""The plan on the left of 任务分解: filter chips with counts, a search line, the tree with a mark for every state."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from db.work.task_states import StateKind
from desktop.look import colour, icon
from desktop.models.plan_tree_model import Index, Node, PlanRole, PlanTreeFilter, PlanTreeModel
from desktop.widgets.basics import chip, label, restyle
from desktop.widgets.flow import FlowLayout
from desktop.widgets.state_marks import MARKS, paint_mark

ROW_HEIGHT = 28
MARK = 11
EDGE = 10

_QUESTION = frozenset({StateKind.UNDECIDED})
CHIPS: tuple[tuple[str, frozenset[StateKind], str], ...] = (
    ("全部", frozenset(), ""),
    ("未分解", frozenset({StateKind.NOT_STARTED}), ""),
    ("部分", frozenset({StateKind.PARTLY}), "已经分解了一些，还没有分解完。"),
    ("余额≠0", frozenset({StateKind.UNBALANCED}), "分解的合计和县级目标对不上。"),
    ("省下达待定", frozenset({StateKind.PENDING}), "数由省里下达，市里还没有告知。"),
    ("涉及待定", _QUESTION, "还没有定下来是否涉及本县；定下来以前算没有做完。"),
    ("已完成", frozenset({StateKind.DONE}), ""),
    ("不涉及", frozenset({StateKind.EXCLUDED}), ""),
)


class PlanTree(QFrame):
    """Says which task is chosen through `chosen`; `select` chooses one without being asked."""

    chosen = Signal(str)
    heading_chosen = Signal(object)

    def __init__(self, model: PlanTreeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.model = model
        self.filter = PlanTreeFilter(self)
        self.filter.setSourceModel(model)
        self.view = _View(self)
        self.view.setModel(self.filter)
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找任务、编号")
        self.search.setToolTip("按文字、拼音首字母或编号查找")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.nothing = label("没有符合条件的任务。", "secondary")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.nothing.hide()
        self._chips = QButtonGroup(self)
        self._open_before: set[tuple[str, str]] | None = None
        self._lay_out()
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._enter_tree)
        self._chips.idClicked.connect(self._narrow)
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        self.view.expandToDepth(0)

    def _lay_out(self) -> None:
        title = label("方案任务", "title")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 6)
        layout.setSpacing(6)
        head = QVBoxLayout()
        head.setContentsMargins(EDGE, 0, EDGE, 0)
        head.setSpacing(6)
        head.addWidget(title)
        chips = FlowLayout()
        for number, (word, _, tip) in enumerate(CHIPS):
            made = chip(word)
            made.setToolTip(tip)
            self._chips.addButton(made, number)
            chips.addWidget(made)
        head.addLayout(chips)
        self._chips.button(0).setChecked(True)
        head.addWidget(self.search)
        layout.addLayout(head)
        layout.addWidget(self.nothing)
        layout.addWidget(self.view, 1)

    # -- what the page tells it -------------------------------------------------------------------------------

    def show_counts(self) -> None:
        """Write the number of tasks in each state on its chip; the model's states have changed."""
        for number, (word, kinds, _) in enumerate(CHIPS):
            made = self._chips.button(number)
            count = sum(self.model.count_of(kind) for kind in kinds)
            made.setText(f"{word} {count}" if kinds else word)
            # A question that nobody has left open takes no room.
            made.setVisible(kinds != _QUESTION or count > 0 or made.isChecked())
            urgent = StateKind.UNBALANCED in kinds and count > 0
            restyle(made, "tone", "bad" if urgent else "")
        # A state filter that is on must follow the new states.
        if self.filter.is_narrowed:
            self.filter.refresh()
            self._after_narrowing()

    def select(self, task_id: str) -> bool:
        """Choose the task, opening what it is in and dropping filters that hide it; False when the plan has none."""
        source = self.model.index_of(task_id)
        if not source.isValid():
            return False
        index = self.filter.mapFromSource(source)
        if not index.isValid():
            self.show_all()
            index = self.filter.mapFromSource(source)
        self.view.expand(index.parent())
        self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.view.scrollTo(index)
        return True

    def select_part(self, part_id: str) -> None:
        """Choose a part of the plan and open it."""
        self.show_all()
        for row in range(self.filter.rowCount()):
            index = self.filter.index(row, 0)
            node = index.data(PlanRole.NODE)
            if isinstance(node, Node) and node.id == part_id:
                self.view.expand(index)
                self.view.setCurrentIndex(index)
                self.view.scrollTo(index, QTreeView.ScrollHint.PositionAtTop)

    def show_state(self, kind: StateKind) -> None:
        """Show only the tasks in this state and choose the first of them."""
        self.search.clear()
        for number, (_, kinds, _) in enumerate(CHIPS):
            if kind in kinds:
                self._chips.button(number).setChecked(True)
                self._narrow(number)
        self._choose_first()

    def current_task(self) -> str:
        """Return the id of the chosen clause or target, "" when a heading or nothing is chosen."""
        found = self.view.currentIndex().data(PlanRole.TASK_ID)
        return found if isinstance(found, str) else ""

    def show_all(self) -> None:
        """Drop the state filter and the search."""
        self._chips.button(0).setChecked(True)
        self.search.clear()
        self._narrow(0)

    # -- narrowing --------------------------------------------------------------------------------------------

    def _narrow(self, number: int) -> None:
        self._before_narrowing()
        self.filter.show_states(CHIPS[number][1])
        self._after_narrowing()

    def _search(self, text: str) -> None:
        self._before_narrowing()
        self.filter.search(text)
        self._after_narrowing()

    def _before_narrowing(self) -> None:
        if not self.filter.is_narrowed:
            self._open_before = {key for key, index in self._lines() if self.view.isExpanded(index)}

    def _after_narrowing(self) -> None:
        """Open everything that is left; with nothing hidden any more, open what was open before."""
        if self.filter.is_narrowed:
            self.view.expandAll()
        elif self._open_before is not None:
            open_before, self._open_before = self._open_before, None
            for key, index in self._lines():
                self.view.setExpanded(index, key in open_before)
        self.nothing.setVisible(self.filter.rowCount() == 0)
        current = self.view.currentIndex()
        if current.isValid():
            self.view.expand(current.parent())
            self.view.scrollTo(current)

    def _lines(self) -> list[tuple[tuple[str, str], QModelIndex]]:
        found: list[tuple[tuple[str, str], QModelIndex]] = []
        waiting = [self.filter.index(row, 0) for row in range(self.filter.rowCount())]
        while waiting:
            index = waiting.pop()
            node = index.data(PlanRole.NODE)
            if isinstance(node, Node):
                found.append(((node.level, node.id), index))
            waiting.extend(self.filter.index(row, 0, index) for row in range(self.filter.rowCount(index)))
        return found

    def _enter_tree(self) -> None:
        """Go from the search line to the first task that was found."""
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        self._choose_first()

    def _choose_first(self) -> None:
        index = self.filter.index(0, 0)
        while index.isValid():
            if index.data(PlanRole.TASK_ID) and self._found(index):
                self.view.setCurrentIndex(index)
                return
            index = self.view.indexBelow(index)

    def _found(self, index: QModelIndex) -> bool:
        source = self.filter.mapToSource(index)
        return self.filter.filterAcceptsRow(source.row(), source.parent())

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        node = current.data(PlanRole.NODE)
        if not isinstance(node, Node):
            return
        if node.is_task:
            self.chosen.emit(node.id)
        else:
            self.heading_chosen.emit(node)


class _View(QTreeView):
    """The tree: one line per row, opened and closed by arrow keys, Enter or a click on a heading."""

    entered_task = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("planTree")
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.setExpandsOnDoubleClick(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_LineDelegate(self))
        self.setAccessibleName("方案任务")
        self.clicked.connect(self._toggle_heading)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # As in `Sheet`: what is scrolled is moved on the screen, and only new lines are drawn.
        self.viewport().setAutoFillBackground(True)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scroll in small steps: QTreeView holds pixels against lines, and draws everything when they are more."""
        height = self.viewport().height()
        most = height // ROW_HEIGHT
        if dx or not 0 < most < abs(dy) < height:
            super().scrollContentsBy(dx, dy)
            return
        while dy:
            step = max(-most, min(dy, most))
            super().scrollContentsBy(0, step)
            dy -= step

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Fill the whole line of the chosen task; a bar at its edge says that the keys work here."""
        chosen = self.selectionModel().isSelected(index)
        if chosen:
            painter.fillRect(QRect(0, option.rect.top(), self.width(), option.rect.height()), colour("selection"))
        super().drawRow(painter, option, index)
        if chosen and self.hasFocus():
            painter.fillRect(QRect(0, option.rect.top(), 3, option.rect.height()), colour("focus"))

    def _toggle_heading(self, index: QModelIndex) -> None:
        node = index.data(PlanRole.NODE)
        if isinstance(node, Node) and not node.is_task:
            self.setExpanded(index, not self.isExpanded(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            index = self.currentIndex()
            if self.model().hasChildren(index):
                self.setExpanded(index, not self.isExpanded(index))
            elif index.isValid():
                self.entered_task.emit()
            event.accept()
            return
        super().keyPressEvent(event)


class _LineDelegate(QStyledItemDelegate):
    """Draws the title, and at the right edge the state's mark and word, or how many of a heading's tasks are done."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        node = index.data(PlanRole.NODE)
        if not isinstance(node, Node):
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        font = option.font
        font.setBold(chosen)
        painter.setFont(font)
        right = self._paint_state(painter, option.rect, node)
        text = QRect(option.rect.left() + 2, option.rect.top(), right - option.rect.left() - 8, option.rect.height())
        painter.setPen(colour("text"))
        title = painter.fontMetrics().elidedText(node.title, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        painter.restore()

    def _paint_state(self, painter: QPainter, line: QRect, node: Node) -> int:
        """Draw what stands at the right edge and return where it begins."""
        right = line.right() - EDGE
        font = painter.font()
        small = painter.font()
        small.setPixelSize(12)
        small.setBold(False)
        painter.setFont(small)
        if node.state is not None and not node.total:
            mark = MARKS[node.state.kind]
            words = node.state.label
            width = painter.fontMetrics().horizontalAdvance(words)
            painter.setPen(colour(mark.colour))
            painter.drawText(
                QRect(right - width, line.top(), width + 1, line.height()), Qt.AlignmentFlag.AlignVCenter, words
            )
            left = right - width - (5 if words else 0) - MARK
            paint_mark(painter, QRectF(left, line.center().y() - MARK / 2 + 1, MARK, MARK), mark)
            right = left
        else:
            words = f"{node.done}/{node.total}" if node.total else "不分解"
            width = painter.fontMetrics().horizontalAdvance(words)
            painter.setPen(colour("secondary"))
            painter.drawText(
                QRect(right - width, line.top(), width + 1, line.height()), Qt.AlignmentFlag.AlignVCenter, words
            )
            right -= width
        painter.setFont(font)
        return right
