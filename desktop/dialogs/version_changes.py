"""与上一版比较: what a package holds otherwise than the one before it, and what was changed after it went out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.exchange.submissions import Submission
from db.exchange.versions import CellChange, changes_since
from desktop.session import Session
from desktop.widgets.basics import Tone, label
from desktop.widgets.dialog import Dialog
from desktop.widgets.segmented import Segmented
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

WIDTH, HEIGHT, SHOWN = 980, 540, 2000
COLUMNS = (Column("表", 92), Column("行"), Column("字段", 112), Column("原来", 112), Column("改为", 112))
TONES: dict[str, Tone] = {"新增": "good", "删除": "bad"}
BEFORE, AFTER = range(2)


def change_rows(changes: Sequence[CellChange]) -> list[list[TextCell]]:
    """Return the first `SHOWN` changes as rows under `COLUMNS`."""
    return [
        [
            TextCell(change.title),
            TextCell(change.row, tip=change.row),
            TextCell(change.heading or f"{change.how}一行", TONES.get(change.how, ""), tip=change.heading),
            TextCell(change.before or ("未报" if change.field else "—"), tip=change.before),
            TextCell(change.after or ("未报" if change.field else "—"), tip=change.after),
        ]
        for change in changes[:SHOWN]
    ]


def count_words(changes: Sequence[CellChange]) -> str:
    """Return how many changes there are: 改动3处，其中随带的名录和目标1处。"""
    if not changes:
        return "没有改动。"
    carried = sum(not change.own for change in changes)
    rest = f"，其中随带的名录、目标等{carried:,}处" if carried else ""
    cut = f"；只列出前{SHOWN:,}处" if len(changes) > SHOWN else ""
    return f"改动{len(changes):,}处{rest}{cut}。"


class VersionChangesDialog(Dialog):
    """Compares `package` with `previous`, the one before it (None for the first), and with the data of now."""

    def __init__(
        self, session: Session, package: Submission, previous: Submission | None, parent: QWidget | None = None
    ) -> None:
        super().__init__("与上一版比较", package.name, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._package, self._previous = session, package, previous
        row = QHBoxLayout()
        before = f"这一版和第{previous.sequence}次相比" if previous else "这一版和上一版相比"
        self.choice = Segmented([(BEFORE, before), (AFTER, "现在和这一版相比")])
        self.choice.button(BEFORE).setEnabled(previous is not None)
        self.choice.changed.connect(self.show_side)
        row.addWidget(self.choice)
        row.addStretch(1)
        self.body.addLayout(row)
        self.table = SimpleTable(COLUMNS)
        self.table.setAccessibleName("改动")
        self.body.addWidget(self.table, 1)
        self.count = label("", "small", wrap=True)
        self.body.addWidget(self.count)
        self.add_button("关闭", self.accept, primary=True)
        self.resize(WIDTH, HEIGHT)
        self.show_side(BEFORE if previous else AFTER)

    def show_side(self, side: object) -> None:
        """Show what the package changed (BEFORE) or what was changed after it (AFTER)."""
        self.choice.set_value(side)
        catalogue, package, previous = self._session.catalogue, self._package, self._previous
        since, until = (previous, package) if side == BEFORE and previous else (package, None)
        self.count.setText("正在比较…")
        self._session.read(lambda conn: changes_since(conn, catalogue, since, until), self._show, owner=self)

    def _show(self, changes: list[CellChange]) -> None:
        self.table.show_rows(change_rows(changes))
        self.count.setText(count_words(changes))
