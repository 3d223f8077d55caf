"""One proof file in its panel: its name shows it; below, what it proves, typed in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from db.store.attachment_kinds import kind_of_type
from db.work.evidence import Evidence
from desktop.widgets.base_backup import file_size
from desktop.widgets.basics import allow, icon_button, label, link_button, restyle

if TYPE_CHECKING:
    from desktop.widgets.evidence_panel import EvidencePanel


class EvidenceLine(QWidget):
    """Shows `item`; what is done with it is the panel's."""

    def __init__(self, item: Evidence, panel: EvidencePanel) -> None:
        super().__init__()
        self.item = item
        self._panel = panel
        self.name = link_button(shortened(item.name), lambda: panel.preview(item))
        kind = kind_of_type(item.media_type).title
        added = f"\n{item.added_on}添加" if item.added_on else ""
        self.name.setToolTip(f"预览“{item.name}”\n{kind}，{file_size(item.size)}{added}")
        self.name.setAccessibleName(f"预览附件“{item.name}”")
        self.open_button = icon_button(
            "open", f"用其他程序打开“{item.name}”（只读副本）", lambda: panel.open_item(item)
        )
        self.remove_button = icon_button("close", f"移除附件“{item.name}”", lambda: panel.remove_item(item))
        allow(self.remove_button, not panel.read_only)
        self.proves = QLineEdit(item.proves)
        self.proves.setPlaceholderText("证明什么，如：拆除现场照片")
        self.proves.setAccessibleName(f"附件“{item.name}”证明什么")
        self.proves.setProperty("editor", True)
        self.proves.setReadOnly(panel.read_only)
        self.proves.editingFinished.connect(self._commit)
        self.trouble = label("", "problem", wrap=True)
        self.trouble.hide()
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.name)
        top.addStretch(1)
        top.addWidget(label(file_size(item.size), "small"))
        top.addWidget(self.open_button)
        top.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self.proves)
        column.addWidget(self.trouble)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        panel, item = self._panel, self.item
        menu.addAction("预览").triggered.connect(lambda _checked=False: panel.preview(item))
        menu.addAction("用其他程序打开").triggered.connect(lambda _checked=False: panel.open_item(item))
        menu.addAction("另存为…").triggered.connect(lambda _checked=False: panel.save_item(item))
        if not panel.read_only:
            menu.addSeparator()
            menu.addAction("移除").triggered.connect(lambda _checked=False: panel.remove_item(item))
        menu.popup(event.globalPos())

    def _commit(self) -> None:
        text = self.proves.text().strip()
        if text != self.item.proves:
            self._panel.say_proves(self.item, text, self._refuse)

    def _refuse(self, sentence: str) -> None:
        restyle(self.proves, "wrong", True)
        self.trouble.setText(sentence)
        self.trouble.show()


def shortened(name: str) -> str:
    """Return a name that fits a narrow panel; its end tells what kind of file it is."""
    return name if len(name) <= 15 else f"{name[:8]}…{name[-6:]}"
