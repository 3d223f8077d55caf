"""打印…: how many rows and columns, whether what is personal may be read, and on paper or as a PDF."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.widgets.basics import label
from desktop.widgets.dialog import Dialog


class PrintTableDialog(Dialog):
    """Emits one of the two with whether names and numbers of people stay readable, and closes."""

    print_wanted = Signal(bool)
    file_wanted = Signal(bool)

    def __init__(
        self, title: str, rows: int, columns: int, personal: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__("打印表格", f"打印“{title}”", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words = f"{rows:,}行、{columns}列，按现在的筛选、排序和显示的列打印；A4横向，每页重复表头。"
        self.body.addWidget(label(words, "secondary", wrap=True))
        self.personal = QCheckBox(f"不遮盖个人信息（{'、'.join(personal)}）")
        self.personal.setVisible(bool(personal))
        self.body.addWidget(self.personal)
        self.add_button("取消", self.reject)
        self.file_button = self.add_button("存为PDF…", lambda: self._choose(self.file_wanted))
        self.print_button = self.add_button("打印…", lambda: self._choose(self.print_wanted), primary=True)

    def _choose(self, wanted: SignalInstance) -> None:
        personal = self.personal.isChecked()
        self.accept()
        wanted.emit(personal)
