"""Papers for many…: whose, in Word or PDF, into which folder."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from db.reports.task_sheet import SheetOwner
from db.work.assignments import KINDS
from desktop.dialogs.assignees import AssigneePicker
from desktop.file_choice import choose_folder
from desktop.session import Session
from desktop.widgets.basics import button, label
from desktop.widgets.segmented import Segmented

WORD, PDF = "word", "pdf"


class PapersDialog(AssigneePicker):
    """Offers those it is given by `show_owners`; `wanted(keys, folder, as_pdf)` when the clerk goes on.

    `having` says what they have: 承担任务, of whom nobody else is offered.
    """

    wanted = Signal(object, object, bool)

    def __init__(
        self, session: Session, paper: str, folder: Path, parent: QWidget | None = None, *, having: str
    ) -> None:
        super().__init__(session, paper, f"给谁出{paper}？", "生成", checkable=True, parent=parent)
        self._paper, self._having = paper, having
        self.owners: list[SheetOwner] = []
        self.choose_folder = self._choose_folder
        self.everybody_button = button("全选", self.check_everybody)
        self.nobody_button = button("都不选", lambda: self.check_everybody(False))
        self.head.addWidget(self.everybody_button)
        self.head.addWidget(self.nobody_button)
        self.count = label("", "secondary", wrap=True)
        self.format = Segmented([(WORD, "Word 文档"), (PDF, "PDF")])
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName("保存到")
        row = QHBoxLayout()
        row.addWidget(label("格式", "secondary"))
        row.addWidget(self.format)
        row.addSpacing(10)
        row.addWidget(label("保存到", "secondary"))
        row.addWidget(self.folder, 1)
        row.addWidget(button("选择…", lambda: self.choose_folder()))
        self.body.addWidget(self.count)
        self.body.addLayout(row)
        self.setMinimumWidth(620)
        self.model.dataChanged.connect(lambda *_: self._tell_count())
        self.folder.textChanged.connect(lambda _: self._tell_count())
        self.accept_button.setEnabled(False)

    def show_owners(self, found: Sequence[SheetOwner], chosen: Collection[tuple[str, str]] | None = None) -> None:
        """Offer these, all of them checked or those that are `chosen` (kind, id)."""
        self.owners = list(found)
        # Whoever has a task gets a paper, also a town that another unit runs.
        self.model.set_assignees([replace(owner.assignee, own=True) for owner in found])
        kinds = {kind for kind, _ in chosen} if chosen else {owner.assignee.kind for owner in found}
        self.show_kind(next((kind for kind in KINDS if kind in kinds), "town"))
        if chosen is None:
            self.check_everybody()
        else:
            self.model.check(chosen)

    def check_everybody(self, checked: bool = True) -> None:
        """Check all of all kinds, or nobody."""
        shown = self.kinds.value
        self.search.clear()
        for kind in KINDS:
            self.model.show_kind(kind)
            self.model.check_all(checked)
        self.show_kind(shown)
        self._tell_count()

    def _tell_nobody(self) -> None:
        super()._tell_nobody()
        if not self.search.text().strip():
            self.nobody.setText(f"没有{self._having}的{KINDS[str(self.kinds.value)]}。")

    def _tell_count(self) -> None:
        chosen = len(self.model.checked)
        self.count.setText(
            f"共{len(self.owners)}个责任主体{self._having}，已选{chosen}个，每个一个文件；同名的文件会被替换。"
        )
        self.accept_button.setText(f"生成{chosen}份" if chosen else "生成")
        self.accept_button.setEnabled(bool(chosen) and bool(self.folder.text().strip()))

    def _choose_folder(self) -> None:
        chosen = choose_folder(self, f"选择保存{self._paper}的文件夹", self.folder.text())
        if chosen is not None:
            self.folder.setText(str(chosen))

    def accept(self) -> None:
        folder = Path(self.folder.text().strip())
        if not folder.is_absolute():
            self.tell("请写完整的文件夹路径，或点“选择…”。")
            return
        keys = [who.key for who in self.model.checked]
        as_pdf = self.format.value == PDF
        super().accept()
        self.wanted.emit(keys, folder, as_pdf)
