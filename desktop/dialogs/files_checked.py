"""The outcome of 核对附件: what is missing or changed, and the way to the rows it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from db.work.evidence_check import ADVICE, FileFault, FilesChecked, Owner
from desktop.places import Place
from desktop.widgets.basics import label
from desktop.widgets.dialog import Dialog
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

WIDTH, HEIGHT = 860, 420


class FilesCheckedDialog(Dialog):
    """Lists each row whose proof file is not as it should be; `led_to` carries the `Place` of the chosen one."""

    led_to = Signal(object)

    def __init__(self, found: FilesChecked, parent: QWidget | None = None) -> None:
        bad = len(found.faults)
        super().__init__("核对附件", f"{found.files}个佐证附件中有{bad}个丢失或损坏。", parent, tone="bad")
        self.resize(WIDTH, HEIGHT)
        self.entries: Sequence[tuple[FileFault, Owner]] = [
            (fault, owner) for fault in found.faults for owner in fault.owners
        ]
        self.table = SimpleTable([Column("附件", 250), Column("情况", 76), Column("所属表", 160), Column("所属行")])
        self.table.show_rows([_cells(fault, owner) for fault, owner in self.entries])
        self.table.setAccessibleName("丢失或损坏的附件")
        self.table.chosen.connect(self._lead)
        self.body.addWidget(label(ADVICE, "secondary", wrap=True))
        self.body.addWidget(self.table, 1)
        self.body.addWidget(label("双击一行，到那一行去重新添加。", "small"))
        self.add_button("关闭", self.accept, primary=True)

    def _lead(self, row: int) -> None:
        if 0 <= row < len(self.entries):
            self.accept()
            self.led_to.emit(place_of(self.entries[row][1]))


def place_of(owner: Owner) -> Place:
    """Return where in the program the row is shown with its proof files."""
    if owner.deleted:
        return Place("base", section="recycle")
    if owner.clause_id:
        return Place("breakdown", task_id=owner.clause_id)
    return Place("projects", register=owner.table, row_id=owner.row_id)


def _cells(fault: FileFault, owner: Owner) -> list[TextCell]:
    stored = fault.missing.stored
    return [
        TextCell(stored.name, tip=f"{stored.name}\nattachments/{stored.stored_name}"),
        TextCell(fault.what, "bad", badge=True),
        TextCell(owner.table_title),
        TextCell(owner.title + ("（在回收站）" if owner.deleted else ""), tip=owner.title),
    ]
