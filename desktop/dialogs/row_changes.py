"""修改记录: what happened to a row's fields, newest first: when, who, which field, from what to what."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from db.work.row_changes import FieldChange
from desktop.widgets.basics import label
from desktop.widgets.dialog import Dialog
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

WIDTH, HEIGHT, SHOWN = 880, 480, 1000
COLUMNS = (
    Column("时间", 140),
    Column("经办人", 80),
    Column("字段", 150),
    Column("原来"),
    Column("改为"),
    Column("操作", 170),
)


class RowChangesDialog(Dialog):
    """Shows the latest thousand changes of one row; nothing is changed here."""

    def __init__(self, title: str, changes: Sequence[FieldChange], parent: QWidget | None = None) -> None:
        super().__init__("修改记录", title, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(WIDTH, HEIGHT)
        self.table = SimpleTable(COLUMNS)
        self.table.show_rows([_row(change) for change in changes[:SHOWN]])
        self.body.addWidget(self.table, 1)
        rest = (
            f"只列出最近{SHOWN:,}处，共{len(changes):,}处。" if len(changes) > SHOWN else f"共{len(changes):,}处修改。"
        )
        self.body.addWidget(label(rest, "small"))
        self.add_button("关闭", self.accept, primary=True)


def _row(change: FieldChange) -> list[TextCell]:
    return [
        TextCell(change.at.replace("T", " ")[:16], tip=change.at.replace("T", " ")),
        TextCell(change.author),
        TextCell(change.title or "整行", tip=change.title),
        TextCell(change.before, tip=change.before),
        TextCell(change.after, tip=change.after),
        TextCell(change.label, tip=change.label),
    ]
