"""改挂到…: the task of the plan in force to which what an older plan left without a place shall belong."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from db.core.text import fold_choice
from db.plan.catalogue import Catalogue, Clause, Target
from db.plan.difference_words import title_of
from db.plan.similarity import likeness
from db.work.homeless import Homeless, rehouse
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.session import Session
from desktop.widgets.basics import label
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

WIDTH, HEIGHT = 720, 520
MOST_TEXT = 120


class RehouseDialog(FormDialog):
    """Offers the tasks of the same kind, those whose text is most alike first."""

    def __init__(self, session: Session, entry: Homeless, parent: QWidget | None = None) -> None:
        super().__init__("改挂到…", f"“{entry.title}”的内容改挂到哪一项任务？", "改挂", parent, width=WIDTH)
        self._session = session
        self._entry = entry
        self._tasks = _candidates(session.catalogue, entry)
        self.shown = list(self._tasks)
        stored = "、".join(rows.words for rows in entry.rows)
        text = entry.text if len(entry.text) <= MOST_TEXT else entry.text[:MOST_TEXT] + "…"
        original = label(f"原文：{text}", "secondary", wrap=True)
        original.setToolTip(entry.text)
        self.body.addWidget(original)
        self.body.addWidget(label(f"保留的内容：{stored}", "secondary", wrap=True))
        self.search = QLineEdit()
        self.search.setPlaceholderText("输入编号或名称查找")
        self.search.setAccessibleName("查找任务")
        self.search.setClearButtonEnabled(True)
        self.table = SimpleTable([Column("编号", 100), Column("任务")])
        self.body.addWidget(self.search)
        self.body.addWidget(self.table, 1)
        self.search.textChanged.connect(self._find)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell_selection())
        self.table.chosen.connect(lambda _row: self.accept())
        self.resize(WIDTH, HEIGHT)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self._find("")

    def _find(self, text: str) -> None:
        words = fold_choice(text).lower().split()
        named = [(task, f"{task.id} {title_of(task)}".lower()) for task in self._tasks]
        self.shown = [task for task, name in named if all(word in name for word in words)]
        self.table.show_rows([[TextCell(task.id), TextCell(title_of(task), tip=_text(task))] for task in self.shown])
        if self.shown:
            self.table.selectRow(0)
        self._tell_selection()

    def chosen(self) -> Clause | Target | None:
        """Return the selected task."""
        rows = self.table.selectionModel().selectedRows()
        return self.shown[rows[0].row()] if rows and rows[0].row() < len(self.shown) else None

    def _tell_selection(self) -> None:
        self.accept_button.setEnabled(self.chosen() is not None)

    def save(self, done: Done, failed: Failed) -> None:
        task, former = self.chosen(), self._entry.task_id
        if task is None:
            return
        home = task.id
        self._session.write(f"改挂：{self._entry.title}", lambda op: rehouse(op, former, home), done, failed)


def _candidates(catalogue: Catalogue, entry: Homeless) -> list[Clause | Target]:
    is_target = entry.task_id.partition("@")[0].count("-") > 1
    tasks: tuple[Clause | Target, ...] = catalogue.targets if is_target else catalogue.clauses
    return sorted(tasks, key=lambda task: -likeness(entry.text, _text(task)))


def _text(task: Clause | Target) -> str:
    return task.text if isinstance(task, Clause) else task.quote
