"""发出工作包: which departments, towns, registers and clauses a colleague gets, and where the file goes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from db.core.errors import Cancelled
from db.exchange.part.scope import PartScope, given_already, part_scope
from db.work.assignees import Assignee, assignees
from db.work.assignments import KINDS as UNITS
from db.work.registers import counts, registers
from desktop.dialogs.assignees import AssigneePicker
from desktop.file_choice import choose_folder
from desktop.session import Session
from desktop.widgets.basics import button, label

KINDS = ("department", "town")
WRITE, WRITE_AGAIN = "写出工作包", "仍要写出"
CHOOSE = "部门、镇街、清单、条款可以一起选；属于其中任何一个的都装进去。"
HOLDS = "部门牵头和承担的、镇街和它的企业的、整张清单的、条款下的，都装进去；别的不装，企业只带用得到的。"
_Found = tuple[list[Assignee], list[tuple[str, str, int]]]


def _everything(conn: sqlite3.Connection) -> _Found:
    counted = counts(conn)
    return assignees(conn, KINDS), [(schema.name, schema.title, counted[schema.name]) for schema in registers(conn)]


class PartOutDialog(AssigneePicker):
    """Emits `wanted(scope, folder)` once what is chosen can go out; it stays, hidden or not, until it is closed.

    What is wrong is said in it, and what is out in another work package is asked about first.
    """

    wanted = Signal(object, object)

    def __init__(self, session: Session, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(session, "发出工作包", "把哪一部分交给同事？", WRITE, checkable=True, parent=parent)
        self.registers = QListWidget()
        self.registers.setAccessibleName("清单")
        self.clauses = QLineEdit()
        self.clauses.setAccessibleName("任务条款编号")
        self.clauses.setPlaceholderText("可以不填，如 08-06 09-01")
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName("保存到")
        self.choose_folder = self._choose_folder
        self.count = label("", "secondary", wrap=True)
        self._warned = False
        self._lay_out()
        self.kinds.set_options([(kind, UNITS[kind]) for kind in KINDS])
        self.show_kind(KINDS[0])  # before they are read, so that nobody is taken back from the other kind
        self.model.dataChanged.connect(lambda *_: self._follow())
        self.registers.itemChanged.connect(lambda _item: self._follow())
        for line in (self.clauses, self.folder):
            line.textChanged.connect(lambda _text: self._follow())
        session.read(_everything, self._take, owner=self)

    def _lay_out(self) -> None:
        left, right, both = self.take_list(), QVBoxLayout(), QHBoxLayout()
        for column in (left, right):
            column.setSpacing(8)
        both.setSpacing(18)
        right.addWidget(label("整张清单", "field"))
        right.addWidget(self.registers, 1)
        right.addWidget(label("任务条款", "field"))
        right.addWidget(self.clauses)
        both.addLayout(left, 1)
        both.addLayout(right, 1)
        self.body.addLayout(both, 1)
        place = QHBoxLayout()
        place.setSpacing(8)
        place.addWidget(label("保存到", "field"))
        place.addWidget(self.folder, 1)
        place.addWidget(button("选择…", lambda: self.choose_folder()))
        self.body.addLayout(place)
        self.body.addWidget(self.count)
        self.setMinimumWidth(720)

    def _take(self, found: _Found) -> None:
        everybody, known = found
        self.model.set_assignees(everybody)
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
        self.count.setText(f"已选{'、'.join(words)}。{HOLDS}" if words else CHOOSE)
        self._warned = False
        self.tell("")
        self.accept_button.setText(WRITE)
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
        self.tell("")
        self.accept_button.setEnabled(False)
        catalogue, chosen = self.session.catalogue, self.chosen

        def look(conn: sqlite3.Connection) -> tuple[PartScope, list[str]]:
            scope = part_scope(conn, catalogue, **chosen)
            return scope, given_already(conn, catalogue, scope)

        self.session.read(look, lambda found: self._go_on(*found, folder), owner=self, key="scope", failed=self.refuse)

    def _go_on(self, scope: PartScope, given: list[str], folder: Path) -> None:
        self.accept_button.setEnabled(True)
        if given and not self._warned:
            self._warned = True
            self.accept_button.setText(WRITE_AGAIN)
            self.tell("".join(given))
            return
        self.hide()
        self.wanted.emit(scope, folder)

    def refuse(self, failure: Exception) -> None:
        """Say in place why it did not go out; what was chosen is still there."""
        self.accept_button.setEnabled(True)
        self.open()
        self.tell("已取消，没有写出。" if isinstance(failure, Cancelled) else str(failure))
