"""Writing a receipt or a return: what it says, how many remarks go with it, and the folder it is written into."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from db.exchange.answers import ACCEPTED, RETURNED
from db.exchange.ledger.reports import Report
from desktop.file_choice import choose_folder
from desktop.widgets.basics import button, label
from desktop.widgets.dialog import Dialog

NOTE_HEIGHT = 84


class CityAnswerDialog(Dialog):
    """`folder` is proposed; `wanted` carries the note and the folder once the clerk presses the button."""

    wanted = Signal(str, object)

    def __init__(self, report: Report, verdict: str, folder: Path, parent: QWidget | None = None) -> None:
        word = "回执" if verdict == ACCEPTED else "退回"
        super().__init__(f"写{word}", f"{report.county_name}{report.title}　第{report.version.sequence}次", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        waiting = sum(noted.is_open for noted in report.remarks)
        if verdict == ACCEPTED:
            told = "接收以后县里看到“通过”。"
            told += f"还有{waiting}条意见没有关闭，会一起带给县里。" if waiting else ""
        else:
            told = f"没有关闭的{waiting}条意见会带给县里，县里更正后重新上报。" if waiting else "请写明为什么退回。"
        self.body.addWidget(label(told, "secondary", wrap=True))
        self._needs_note = verdict == RETURNED and not waiting
        self.note = QPlainTextEdit()
        self.note.setPlaceholderText("总的说明" + ("" if self._needs_note else "，可以不写"))
        self.note.setAccessibleName("说明")
        self.note.setFixedHeight(NOTE_HEIGHT)
        self.note.setTabChangesFocus(True)
        self.note.textChanged.connect(self._allow)
        self.body.addWidget(self.note)
        self.body.addWidget(label("保存到哪个文件夹（交给县里，由县里导入）", "field"))
        row = QHBoxLayout()
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName("保存到")
        self.folder.textChanged.connect(self._allow)
        row.addWidget(self.folder, 1)
        row.addWidget(button("选择…", self._browse, icon="folder"))
        self.body.addLayout(row)
        self.add_button("取消", self.reject)
        self.yes = self.add_button(f"写{word}", self._write, primary=True)
        self._allow()

    def _allow(self) -> None:
        noted = bool(self.note.toPlainText().strip()) or not self._needs_note
        self.yes.setEnabled(noted and bool(self.folder.text().strip()))

    def _browse(self) -> None:
        chosen = choose_folder(self, "回执保存到", self.folder.text())
        if chosen is not None:
            self.folder.setText(str(chosen))

    def _write(self) -> None:
        self.wanted.emit(self.note.toPlainText(), Path(self.folder.text().strip()))
        self.accept()
