"""发出工作包: which departments, towns, registers and clauses a colleague gets, and where the file goes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from db.work.assignees import Assignee, assignees
from db.work.assignments import KINDS as UNITS
from db.work.registers import counts, registers
from desktop.dialogs.assignees import AssigneePicker
from desktop.file_choice import choose_folder
from desktop.session import Session
from desktop.widgets.basics import button, label

KINDS = ("department", "town")
_Found = tuple[list[Assignee], list[tuple[str, str, int]]]


def _everything(conn: sqlite3.Connection) -> _Found:
    counted = counts(conn)
    return assignees(conn, KINDS), [(schema.name, schema.title, counted[schema.name]) for schema in registers(conn)]


class PartOutDialog(AssigneePicker):
    """`wanted(chosen, folder)`; `chosen` are lists of names for `part_scope`."""

    wanted = Signal(object, object)

    def __init__(self, session: Session, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(session, "发出工作包", "把哪一部分交给同事？", "写出工作包", checkable=True, parent=parent)
        self.registers = QListWidget()
        self.registers.setAccessibleName("清单")
        self.clauses = QLineEdit()
        self.clauses.setAccessibleName("任务条款编号")
        self.clauses.setPlaceholderText("可以不填，如 08-06 09-01")
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName("保存到")
        self.choose_folder = self._choose_folder
        self.count = label("", "secondary", wrap=True)
        self._lay_out()
        self.kinds.set_options([(kind, UNITS[kind]) for kind in KINDS])
        self.model.dataChanged.connect(lambda *_: self._follow())
        self.registers.itemChanged.connect(lambda _item: self._follow())
        for line in (self.clauses, self.folder):
            line.textChanged.connect(lambda _text: self._follow())
        session.read(_everything, self._take, owner=self)

    def _lay_out(self) -> None:
        left, right, both = self.take_list(), QVBoxLayout(), QHBoxLayout()
        right.addWidget(label("整张清单", "field"))
        right.addWidget(self.registers, 1)
        right.addWidget(label("任务条款", "field"))
        right.addWidget(self.clauses)
        both.setSpacing(18)
        both.addLayout(left, 1)
        both.addLayout(right, 1)
        self.body.addLayout(both, 1)
        place = QHBoxLayout()
        place.addWidget(label("保存到", "secondary"))
        place.addWidget(self.folder, 1)
        place.addWidget(button("选择…", lambda: self.choose_folder()))
        self.body.addLayout(place)
        self.body.addWidget(self.count)
        self.setMinimumWidth(720)

    def _take(self, found: _Found) -> None:
        everybody, known = found
        self.model.set_assignees(everybody)
        self.show_kind("department")
        for name, title, count in known:
            item = QListWidgetItem(f"{title}（{count:,}行）" if count else title)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.registers.addItem(item)
        self._follow()

    @property
    def chosen(self) -> dict[str, Sequence[str]]:
        """Return what is chosen, as `part_scope` takes it."""
        items = [self.registers.item(row) for row in range(self.registers.count())]
        checked = self.model.checked
        return {
            "departments": [who.name for who in checked if who.kind == "department"],
            "towns": [who.code or who.name for who in checked if who.kind == "town"],
            "registers": [
                str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() == Qt.CheckState.Checked
            ],
            "clauses": self.clauses.text().replace("，", " ").replace("、", " ").replace(",", " ").split(),
        }

    def _follow(self) -> None:
        told = {"departments": "部门", "towns": "镇街", "registers": "清单", "clauses": "条款"}
        words = [f"{told[kind]}{len(each)}个" for kind, each in self.chosen.items() if each]
        self.count.setText(
            f"已选{'、'.join(words)}：部门牵头和承担的、镇街和它的企业的、整张清单的、条款下的，都装进去；别的不装。"
            if words
            else "部门、镇街、清单、条款可以一起选；属于其中任何一个的都装进去。"
        )
        self.accept_button.setEnabled(bool(words) and bool(self.folder.text().strip()))

    def _choose_folder(self) -> None:
        chosen = choose_folder(self, "选择保存工作包的文件夹", self.folder.text())
        if chosen is not None:
            self.folder.setText(str(chosen))

    def accept(self) -> None:
        folder = Path(self.folder.text().strip())
        if not folder.is_absolute():
            self.tell("请写完整的文件夹路径，或点“选择…”。")
            return
        chosen = self.chosen
        super().accept()
        self.wanted.emit(chosen, folder)
