"""保存位置: which folder the package goes to, and the password over it where one is wanted."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from db.exchange.passwords import MOST, judge
from desktop.file_choice import choose_folder
from desktop.widgets.basics import Tone, button, label, restyle
from desktop.widgets.submit_parts import size_words, step_column

_TONES: tuple[Tone, ...] = ("bad", "bad", "caution", "good")
_WARNING = "市里要有密码才能打开；Windows 自带的解压打不开，要用 7-Zip 或 WinRAR。密码不保存，忘了只能重新导出。"


class PasswordBox(QWidget):
    """A box to tick; below it the password twice and how strong it is. Nothing of it is kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = step_column(self)
        column.setContentsMargins(0, 8, 0, 0)
        self.wanted = QCheckBox("给上报包加密码（AES-256）")
        self.wanted.toggled.connect(self._unfold)
        column.addWidget(self.wanted)
        self._part = QWidget()
        form = QFormLayout(self._part)
        form.setContentsMargins(24, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        self.first, self.second = QLineEdit(), QLineEdit()
        for edit, title in ((self.first, "密码"), (self.second, "再输一遍")):
            edit.setEchoMode(QLineEdit.EchoMode.Password)
            edit.setMaxLength(MOST)
            edit.setMaximumWidth(320)
            edit.setAccessibleName(title)
            edit.textChanged.connect(lambda _text: self._judge())
            form.addRow(label(title, "field"), edit)
        self.strength = label("", "small", wrap=True)
        form.addRow(label(), self.strength)
        form.addRow(label(_WARNING, "small", wrap=True))
        column.addWidget(self._part)
        self._unfold(False)

    @property
    def password(self) -> str:
        """Return what was typed, "" when none is wanted."""
        return self.first.text() if self.wanted.isChecked() else ""

    def problem(self) -> str:
        """Return what is wrong with the password, "" for nothing."""
        if not self.wanted.isChecked():
            return ""
        strength = judge(self.first.text())
        if not strength.level:
            return f"密码{strength.title}：{strength.words}"
        return "" if self.first.text() == self.second.text() else "两遍输入的密码不一样。"

    def forget(self) -> None:
        """Take away what was typed."""
        self.wanted.setChecked(False)

    def _unfold(self, wanted: bool) -> None:
        self._part.setVisible(wanted)
        for edit in (self.first, self.second):
            edit.clear()
        self._judge()
        if wanted:
            self.first.setFocus()

    def _judge(self) -> None:
        typed = self.first.text()
        strength = judge(typed)
        self.strength.setText(f"强度：{strength.title}。{strength.words}" if typed else "")
        restyle(self.strength, "tone", _TONES[strength.level])


class FolderStep(QWidget):
    """Where the package goes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = step_column(self)
        column.addWidget(label("保存到哪个文件夹", "title"))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.edit = QLineEdit()
        self.edit.setAccessibleName("保存上报包的文件夹")
        self.edit.textChanged.connect(lambda _text: self._describe())
        row.addWidget(self.edit, 1)
        row.addWidget(button("选择…", self._choose, icon="folder"))
        column.addLayout(row)
        self.space = label("", "secondary")
        self.fault = label("", "problem", wrap=True)
        self.fault.hide()
        self.file = label("", "secondary", wrap=True)
        self.secret = PasswordBox()
        for part in (self.space, self.file, self.secret, self.fault):
            column.addWidget(part)
        column.addStretch(1)

    @property
    def path(self) -> Path:
        """Return the folder."""
        return Path(self.edit.text().strip()).expanduser()

    def set_default(self, folder: Path) -> None:
        """Propose `folder` unless one was chosen already."""
        if not self.edit.text().strip():
            self.edit.setText(str(folder))

    def show_file(self, name: str) -> None:
        """Say what the file will be called."""
        self.file.setText(f"文件名：{name}")

    def tell(self, sentence: str) -> None:
        """Show what is wrong, or nothing."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def problem(self) -> str:
        """Return what is wrong with the folder or password as far as can be seen now, "" for nothing."""
        if not self.edit.text().strip():
            return "还没有选择文件夹。请选择上报包保存的位置。"
        if not self.path.is_absolute():
            return "请写完整的文件夹路径，或点“选择…”。"
        if self.path.exists() and not self.path.is_dir():
            return f"“{self.path}”不是文件夹。请另选一个。"
        if self.path.is_dir() and not os.access(self.path, os.W_OK):
            return f"“{self.path}”不能写入。请检查U盘的写保护开关，或另选一个文件夹。"
        return self.secret.problem()

    def _describe(self) -> None:
        self.tell("")
        place = next((folder for folder in (self.path, *self.path.parents) if folder.is_dir()), None)
        try:
            self.space.setText("" if place is None else f"可用空间 {size_words(shutil.disk_usage(place).free)}")
        except OSError:
            self.space.setText("")

    def _choose(self) -> None:
        chosen = choose_folder(self, "选择保存上报包的文件夹", self.edit.text())
        if chosen is not None:
            self.edit.setText(str(chosen))
