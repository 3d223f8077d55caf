"""Choosing towns, enterprises and departments: several, to give them a task, or one, to see all its tasks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from db.work.assignments import KINDS, AssignmentEntry, set_assignments
from db.work.breakdown import Assignee, BreakdownGrid, assignees
from db.work.tasks import Duty
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.look import icon
from desktop.models.assignee_list_model import AssigneeListModel
from desktop.session import Session
from desktop.widgets.basics import button, label
from desktop.widgets.segmented import Segmented

HIGH, LOWER = 300, 230
"""How high the list is at least: by itself, and beside something else."""


class AssigneePicker(FormDialog):
    """The list with its search line and the kinds above it; subclasses say what choosing means.

    `register_wanted` has the kind of which nobody is registered; who can go there sets `can_register`.
    """

    register_wanted = Signal(str)
    can_register = False

    def __init__(
        self, session: Session, title: str, heading: str, accept: str, *, checkable: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, heading, accept, parent)
        self.session = session
        self.model = AssigneeListModel(checkable=checkable, parent=self)
        self.kinds = Segmented(list(KINDS.items()))
        self.search = QLineEdit()
        self.search.setPlaceholderText("名称、拼音首字母或代码")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setUniformItemSizes(True)
        self.view.setMinimumHeight(HIGH)
        modes = QListView.SelectionMode
        self.view.setSelectionMode(modes.ExtendedSelection if checkable else modes.SingleSelection)
        self.nobody = label("", "secondary", wrap=True)
        self.register_button = button("", self._register)
        self.register_button.hide()
        self.head = QHBoxLayout()
        self.head.addWidget(self.kinds)
        self.head.addStretch(1)
        self.body.addLayout(self.head)
        self.body.addWidget(self.search)
        self.body.addWidget(self.nobody)
        self.body.addWidget(self.register_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.view, 1)
        self.kinds.changed.connect(self.show_kind)
        self.search.textChanged.connect(self._search)
        self.model.modelReset.connect(self._tell_nobody)
        self.search.setFocus()

    def take_list(self) -> QVBoxLayout:
        """Take the list with what stands above it out of the dialog's column, to be laid beside something else."""
        taken = QVBoxLayout()
        self.body.removeItem(self.head)
        taken.addLayout(self.head)
        for part in (self.search, self.nobody, self.view):
            self.body.removeWidget(part)
            taken.addWidget(part, 1 if part is self.view else 0)
        self.view.setMinimumHeight(LOWER)
        return taken

    def show_kind(self, kind: object) -> None:
        """Show the assignees of this kind."""
        self.kinds.set_value(kind)
        self.model.show_kind(str(kind))

    def _search(self, text: str) -> None:
        self.model.search(text)
        if self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0))

    def _tell_nobody(self) -> None:
        kind = KINDS[str(self.kinds.value)]
        found = self.model.rowCount() > 0
        searched = bool(self.search.text().strip())
        self.nobody.setText(f"没有找到符合的{kind}。" if searched else f"还没有登记{kind}，登记以后再回来添加。")
        self.nobody.setVisible(not found)
        self.register_button.setText(f"到“基础信息”登记{kind}")
        self.register_button.setVisible(self.can_register and not found and not self.session.read_only)

    def _register(self) -> None:
        """Leave for where this kind is registered: a list without anybody is no dead end."""
        self.reject()
        self.register_wanted.emit(str(self.kinds.value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes from the search line into the list."""
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.view.setFocus()
            event.accept()
            return
        super().keyPressEvent(event)


class AddAssigneesDialog(AssigneePicker):
    """Gives a task to those that are checked, in the chosen year; `added` has their keys."""

    added = Signal(object)
    can_register = True

    def __init__(self, session: Session, grid: BreakdownGrid, year: int, parent: QWidget | None = None) -> None:
        super().__init__(session, "添加责任主体", f"{grid.title}　{year}年", "添加", checkable=True, parent=parent)
        self._grid, self._year = grid, year
        self.all_button = button("全选", self.model.check_all)
        self.head.addWidget(self.all_button)
        self.count = label("", "secondary")
        self.body.addWidget(self.count)
        self.model.dataChanged.connect(lambda *_: self._tell_count())
        self.accept_button.setEnabled(False)
        taken = [row.assignee.id for row in grid.rows if year in row.cells or self._is_extra(row.assignee)]
        session.read(assignees, lambda found: self._take(found, taken), owner=self)

    def _is_extra(self, who: Assignee) -> bool:
        """Return whether the assignee is in the sheet without an assignment, as every town is."""
        return who.kind != "town" and self._grid.duty is not Duty.COMPLETION

    def _take(self, found: Sequence[Assignee], taken: list[str]) -> None:
        self.model.set_assignees(found, taken)
        everywhere = {who.id for who in found if who.kind == "town" and who.own} <= set(taken)
        self.show_kind("enterprise" if everywhere else "town")

    def _tell_count(self) -> None:
        chosen = self.model.checked
        self.count.setText(f"已选{len(chosen)}个。" if chosen else "")
        self.accept_button.setEnabled(bool(chosen))

    def save(self, done: Done, failed: Failed) -> None:
        chosen = self.model.checked
        task_id, year = self._grid.task_id, self._year
        entries = [AssignmentEntry(task_id, year, who.kind, who.id) for who in chosen]
        names = "、".join(who.name for who in chosen[:2]) + (f"等{len(chosen)}个" if len(chosen) > 2 else "")

        def finished(result: object) -> None:
            self.added.emit([who.key for who in chosen])
            done(result)

        self.session.write(
            f"{self._grid.title}{year}年添加{names}", lambda op: set_assignments(op, entries), finished, failed
        )


class ChooseAssigneeDialog(AssigneePicker):
    """Chooses one town, enterprise or department; `chosen` has it."""

    chosen = Signal(object)

    def __init__(self, session: Session, kind: str = "town", parent: QWidget | None = None) -> None:
        super().__init__(session, "选择责任主体", "看谁的任务？", "查看", checkable=False, parent=parent)
        self.view.doubleClicked.connect(lambda _: self.accept())
        session.read(assignees, lambda found: self._take(found, kind), owner=self)

    def _take(self, found: Sequence[Assignee], kind: str) -> None:
        self.model.set_assignees(found)
        self.show_kind(kind)
        self.view.setCurrentIndex(self.model.index(0) if self.model.rowCount() else QModelIndex())

    def accept(self) -> None:
        who = self.model.assignee(self.view.currentIndex())
        if who is None:
            self.tell("请先选一个责任主体。")
            return
        self.chosen.emit(who)
        super().accept()
