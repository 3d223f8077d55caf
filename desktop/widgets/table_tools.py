"""The tools above a table: adding, deleting, the recycle bin, finding, and which parts are shown."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from desktop import look
from desktop.widgets.basics import allow, button, icon_button, primary_button
from desktop.widgets.flow import ButtonRow

WORD = "视图"


class TableTools(QWidget):
    """The buttons of a `TablePanel`, which gives them their meaning; `parts_changed(form, evidence)`.

    `views` is hidden until somebody gives it a menu.
    """

    parts_changed = Signal(bool, bool)

    def __init__(self, parent: QWidget | None = None, *, with_evidence: bool) -> None:
        super().__init__(parent)
        self.add = primary_button("新增", icon="add")
        self.add.setToolTip("在末尾新增一行（Ctrl+N）")
        self.paste = button("粘贴新增…", icon="paste")
        self.paste.setToolTip("把从 Excel、WPS 复制的行加进来，先预览再写入")
        self.delete = button("删除", icon="delete")
        self.delete.setToolTip("把选中的行放进回收站（Ctrl+-）")
        self.restore = primary_button("恢复选中的行", icon="restore")
        self.bin = _toggle("回收站", "看这张表里删除了的行，可以恢复")
        self.search = QLineEdit()
        self.search.setPlaceholderText("名称、首字母")
        self.search.setAccessibleName("在表中查找")
        self.search.setToolTip("按名称、拼音首字母或代码查找（Ctrl+F）")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(110)
        self.search.setMaximumWidth(214)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search.addAction(
            QAction(look.icon("search", "muted"), "", self.search), QLineEdit.ActionPosition.LeadingPosition
        )
        self.views = button(WORD)
        self.views.hide()
        self.columns = icon_button("columns", "选择显示哪些列")
        self.form = _toggle("表单", "在右边显示当前行的表单", checked=True)
        self.evidence = _toggle("附件", "在右边显示当前行的佐证附件", checked=True)
        self._with_evidence = with_evidence
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.buttons = ButtonRow([self.add, self.paste, self.delete, self.restore, self.bin])
        row.addWidget(self.buttons, 1)
        for tool in (self.search, self.views, self.columns, self.form, self.evidence):
            row.addWidget(tool)
        self.evidence.setVisible(with_evidence)
        for toggle in (self.form, self.evidence):
            toggle.toggled.connect(lambda _checked: self._tell())
        self.show_state(writable=True, chosen=False)

    def show_state(self, *, writable: bool, chosen: bool) -> None:
        """Show the tools that fit: those of the recycle bin while it is open, none that writes when read-only."""
        in_bin = self.bin.isChecked()
        self.buttons.offer([self.restore, self.bin] if in_bin else [self.add, self.paste, self.delete, self.bin])
        for each in (self.add, self.paste):
            allow(each, writable)
        for each in (self.delete, self.restore):
            allow(each, writable, chosen)

    def show_evidence_count(self, count: int) -> None:
        """Show how many proof files the current row has."""
        self.evidence.setText(f"附件 {count}" if count else "附件")

    def _tell(self) -> None:
        self.parts_changed.emit(self.form.isChecked(), self._with_evidence and self.evidence.isChecked())


def _toggle(text: str, tip: str, *, checked: bool = False) -> QPushButton:
    made = button(text)
    made.setProperty("kind", "toggle")
    made.setCheckable(True)
    made.setChecked(checked)
    made.setToolTip(tip)
    return made
