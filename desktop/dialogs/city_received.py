"""What became of the packages that were just taken in: each with its outcome, and what is wrong with the refused."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from db.exchange.ledger.consolidate import Consolidation, Received
from db.exchange.ledger.outcomes import Outcome
from desktop.widgets.basics import Tone, button, label
from desktop.widgets.dialog import Dialog
from desktop.widgets.simple_table import Column, MadeRows, SimpleTable, TextCell

WIDTH, HEIGHT, BELOW = 880, 520, 150
TONES: dict[Outcome, Tone] = {
    Outcome.RECEIVED: "good",
    Outcome.REPLACES: "good",
    Outcome.OLDER: "neutral",
    Outcome.SAME: "neutral",
    Outcome.CONFLICT: "bad",
    Outcome.REFUSED: "bad",
}
_FIRST = (Outcome.REFUSED, Outcome.CONFLICT)


class CityReceivedDialog(Dialog):
    """Lists the packages, those that need somebody first; below, all that is to be said of the selected one.

    `password_given` carries the files that are under a password, and what was typed for them.
    """

    password_given = Signal(object, str)

    def __init__(self, found: Consolidation, parent: QWidget | None = None) -> None:
        super().__init__("核收结果", found.sentence(), parent, tone="good" if found.ok else "caution")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.received = sorted(found.received, key=lambda each: each.outcome not in _FIRST)
        self.table = SimpleTable([Column("上报包", 250), Column("结果", 190), Column("说明")])
        self.table.setAccessibleName("核收结果")
        self.table.show_rows(MadeRows(self.received, _cells))
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_details())
        self.body.addWidget(self.table, 1)
        self.body.addWidget(label("详细情况", "field"))
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setFixedHeight(BELOW)
        self.details.setAccessibleName("详细情况")
        self.body.addWidget(self.details)
        self.locked = [each.path for each in found.received if each.asks_for_password]
        self.password = QLineEdit()
        if self.locked:
            self.body.addLayout(self._ask_password())
        self.add_button("知道了", self.accept, primary=not self.locked)
        self.resize(WIDTH, HEIGHT)
        if self.received:
            self.table.selectRow(0)

    def _ask_password(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(f"{len(self.locked)} 个加了密码：", "field"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText("向县里问来的密码")
        self.password.setAccessibleName("密码")
        self.password.returnPressed.connect(self._give)
        row.addWidget(self.password, 1)
        row.addWidget(button("用这个密码核收", self._give))
        return row

    def _give(self) -> None:
        if self.password.text():
            self.accept()
            self.password_given.emit(self.locked, self.password.text())

    def _show_details(self) -> None:
        chosen = self.table.selectionModel().selectedRows()
        if chosen:
            each = self.received[chosen[0].row()]
            lines = [str(each.path), each.sentence, *(problem.sentence() for problem in each.problems), *each.notes]
            if each.package.data_sha256:
                lines.append(f"数据校验码（与上报函核对）：{each.package.data_sha256}")
            self.details.setPlainText("\n".join(lines))


def _cells(each: Received) -> list[TextCell]:
    return [
        TextCell(each.name, tip=str(each.path)),
        TextCell(each.outcome.words, TONES[each.outcome], badge=True),
        TextCell(each.sentence, tip=each.sentence),
    ]
