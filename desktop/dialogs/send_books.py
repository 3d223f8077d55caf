"""发出…: to whom, what, for which period, into which folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from db.core.period import Period
from db.exchange.unit_book.form import MONTHLY, REGISTERS, kinds
from db.exchange.unit_book.write import BookRequest
from db.work.assignees import Assignee, assignees
from db.work.assignments import KINDS
from db.work.registers import counts, registers
from desktop.dialogs.assignees import AssigneePicker
from desktop.file_choice import choose_folder
from desktop.session import Session
from desktop.widgets.basics import button, label, link_button

_Found = tuple[list[Assignee], list[tuple[str, str, int]]]


def _everything(conn: sqlite3.Connection) -> _Found:
    counted = counts(conn)
    return assignees(conn), [(schema.name, schema.title, counted[schema.name]) for schema in registers(conn)]


class SendBooksDialog(AssigneePicker):
    """Emits `wanted(request, folder, zipped)`; every town is checked at first, or the `units` that were chosen."""

    wanted = Signal(object, object, bool)

    def __init__(
        self,
        session: Session,
        folder: Path,
        units: Sequence[Assignee] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(session, "发出填报工作簿", "发给谁，填什么？", "写出工作簿", checkable=True, parent=parent)
        self._units = list(units)
        self.choose_folder = self._choose_folder
        self.head.addWidget(link_button("全选", self.model.check_all))
        self.head.addWidget(link_button("都不选", lambda: self.model.check_all(False)))
        self.kind_boxes = {kind: QCheckBox(about["title"]) for kind, about in kinds().items()}
        self.registers = QListWidget()
        self.registers.setAccessibleName("清单")
        self.with_empty = QCheckBox("没有项目的清单也发空表")
        self.with_empty.setToolTip("供镇街和选中的单位填写新项目")
        self.month = QComboBox()
        self.month.setAccessibleName("月份")
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName("保存到")
        self.zip = QCheckBox("装进一个压缩包")
        self.count = label("", "secondary", wrap=True)
        self._lay_out()
        self._offer_months()
        for kind, box in self.kind_boxes.items():
            box.setToolTip(kinds()[kind]["help"])
            box.toggled.connect(lambda _on: self._follow())
        self.kind_boxes[REGISTERS].setChecked(True)
        self.model.dataChanged.connect(lambda *_: self._follow())
        self.model.modelReset.connect(self._follow)
        self.registers.itemChanged.connect(lambda _item: self._follow())
        self.folder.textChanged.connect(lambda _text: self._follow())
        session.read(_everything, self._take, owner=self)

    def _lay_out(self) -> None:
        """Put what is sent beside those to whom it is sent."""
        left, right, both = self.take_list(), QVBoxLayout(), QHBoxLayout()
        self.registers.setMinimumHeight(120)
        for kind, box in self.kind_boxes.items():
            row = QHBoxLayout()
            row.addWidget(box)
            row.addStretch(1)
            if kind == MONTHLY:
                row.addWidget(self.month)
            right.addLayout(row)
            if kind == REGISTERS:
                right.addWidget(self.registers, 1)
                right.addWidget(self.with_empty)
        both.setSpacing(18)
        both.addLayout(left, 1)
        both.addLayout(right, 1)
        self.body.addLayout(both, 1)
        place = QHBoxLayout()
        place.addWidget(label("保存到", "secondary"))
        place.addWidget(self.folder, 1)
        place.addWidget(button("选择…", lambda: self.choose_folder()))
        place.addWidget(self.zip)
        self.body.addLayout(place)
        self.body.addWidget(self.count)
        self.setMinimumWidth(720)

    def _offer_months(self) -> None:
        now = self.session.period
        for month in range(1, 13):
            period = Period(now.year, month)
            self.month.addItem(period.title, period)
        self.month.setCurrentIndex(now.month - 1)

    def _take(self, found: _Found) -> None:
        people, lists = found
        self.model.set_assignees([replace(who, own=True) if who in self._units else who for who in people])
        chosen = {unit.key for unit in self._units}
        first = self._units[0].kind if self._units else "town"
        for kind in KINDS if chosen else ("town",):
            self.model.show_kind(kind)
            for row in range(self.model.rowCount()):
                index = self.model.index(row)
                who = self.model.assignee(index)
                if who is not None and (not chosen or who.key in chosen):
                    self.model.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
        self.show_kind(first)
        for name, title, rows in sorted(lists, key=lambda each: not each[2]):
            item = QListWidgetItem(f"{title}　{rows:,}行" if rows else title)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setCheckState(Qt.CheckState.Checked if rows else Qt.CheckState.Unchecked)
            self.registers.addItem(item)
        # Where nothing is registered yet, a register is sent for its rows to be begun.
        self.with_empty.setChecked(not any(rows for *_, rows in lists))
        self._follow()

    # -- what is chosen ---------------------------------------------------------------------------------------

    @property
    def chosen_kinds(self) -> tuple[str, ...]:
        """Return the kinds of content that are checked."""
        return tuple(kind for kind, box in self.kind_boxes.items() if box.isChecked())

    @property
    def chosen_registers(self) -> tuple[str, ...]:
        """Return the names of the registers that are checked."""
        items = (self.registers.item(row) for row in range(self.registers.count()))
        return tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState().value)

    @property
    def period(self) -> Period:
        """Return the month where figures of one are asked for, else the year that is looked at."""
        if MONTHLY in self.chosen_kinds:
            found = self.month.currentData()
            assert isinstance(found, Period)
            return found
        return Period(self.session.year)

    def _follow(self) -> None:
        kinds_chosen, units = self.chosen_kinds, len(self.model.checked)
        for part in (self.registers, self.with_empty):
            part.setEnabled(REGISTERS in kinds_chosen)
        self.month.setEnabled(MONTHLY in kinds_chosen)
        missing = REGISTERS in kinds_chosen and not self.chosen_registers
        ready = bool(units and kinds_chosen and self.folder.text().strip()) and not missing
        self.accept_button.setEnabled(ready)
        self.accept_button.setText(f"写出{units}个工作簿" if ready else "写出工作簿")
        told = f"已选{units}个单位，{self.period.title}。没有内容的单位不写。"
        self.count.setText("请至少选一张清单。" if missing else "请选择填什么。" if not kinds_chosen else told)

    def _choose_folder(self) -> None:
        chosen = choose_folder(self, "选择保存工作簿的文件夹", self.folder.text())
        if chosen is not None:
            self.folder.setText(str(chosen))

    def accept(self) -> None:
        folder = Path(self.folder.text().strip())
        if not folder.is_absolute():
            self.tell("请写完整的文件夹路径，或点“选择…”。")
            return
        names = self.chosen_registers if REGISTERS in self.chosen_kinds else ()
        units = tuple(who.key for who in self.model.checked)
        request = BookRequest(self.chosen_kinds, self.period, names, units, self.with_empty.isChecked())
        super().accept()
        self.wanted.emit(request, folder, self.zip.isChecked())
