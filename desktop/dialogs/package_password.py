"""The password of a package, asked for when a file in it is to be opened."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.widgets.dialog import Dialog


class PackagePasswordDialog(Dialog):
    """`given` carries what was typed; `wrong` when the one before did not fit. The password is kept nowhere.

    `ours` is a package that was exported here, not one that came from a county.
    """

    given = Signal(str)

    def __init__(self, name: str, *, wrong: bool, ours: bool = False, parent: QWidget | None = None) -> None:
        if ours:
            told = "密码不对，请再输一遍；忘了只能重新导出。" if wrong else "导出时设的密码；程序不保存。"
        else:
            told = "密码不对，请向县里核对。" if wrong else "县里导出时设的密码；程序不保存。"
        super().__init__("这个上报包加了密码", f"打开“{name}”要用它。{told}", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(420)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText("密码")
        self.password.setAccessibleName("密码")
        self.body.addWidget(self.password)
        self.add_button("取消", self.reject)
        self.yes = self.add_button("打开", self._give, primary=True)
        self.yes.setEnabled(False)
        self.password.textChanged.connect(lambda text: self.yes.setEnabled(bool(text)))
        self.password.setFocus()

    def _give(self) -> None:
        self.accept()
        self.given.emit(self.password.text())
