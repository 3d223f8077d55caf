"""条款与清单对照: which registers each clause of the plan asks for; to open one, to copy and to export the table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from db.core.fields import TableSchema
from db.core.progress import Progress
from db.exchange.plain_table import write_table
from db.plan.catalogue import Catalogue
from db.work.registers import clause_lines
from desktop.file_choice import choose_target
from desktop.models.block import format_block
from desktop.session import Session
from desktop.widgets.basics import button, label
from desktop.widgets.dialog import Dialog
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

KINDS = "Excel 工作簿 (*.xlsx);;CSV (*.csv)"
TITLE = "条款与清单对照"
COLUMNS = (Column("条款", 76), Column("任务", 280), Column("清单"))


class ClauseRegistersDialog(Dialog):
    """`chosen` carries the name of the register on whose line the clerk pressed Enter or clicked twice."""

    chosen = Signal(str)

    def __init__(
        self, session: Session, catalogue: Catalogue, schemas: Iterable[TableSchema], parent: QWidget | None = None
    ) -> None:
        super().__init__(TITLE, TITLE, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 520)
        self._session = session
        found = clause_lines(catalogue, schemas)
        self._names = [line.schema.name for line in found]
        self.lines = [[line.clause, line.task, line.schema.title] for line in found]
        self.table = SimpleTable(COLUMNS)
        self.table.setAccessibleName(TITLE)
        self.table.show_rows([[TextCell(text, tip=text) for text in line] for line in self.lines])
        self.table.chosen.connect(self._open)
        self.body.addWidget(
            label("方案要求列清单、建台账、摸底数的条款，各用哪张清单登记。双击打开清单。", "secondary")
        )
        self.body.addWidget(self.table, 1)
        self.add_at_left(button("复制", self.copy, icon="copy"))
        self.add_button("导出…", self.export)
        self.add_button("关闭", self.accept, primary=True)

    def _open(self, row: int) -> None:
        self.chosen.emit(self._names[row])
        self.accept()

    def copy(self) -> None:
        """Put the table on the clipboard, as Excel and WPS understand it."""
        QGuiApplication.clipboard().setText(format_block([[column.title for column in COLUMNS], *self.lines]))
        self._session.notice.emit("已复制，可以粘贴到 Excel 或 WPS。")

    def choose(self) -> str:
        """Return the file to write, "" for none."""
        return str(choose_target(self, TITLE, f"{TITLE}.xlsx", KINDS) or "")

    def export(self) -> None:
        """Write the table into a file, which can be printed."""
        name, lines = self.choose(), self.lines
        if not name:
            return

        def work(_progress: Progress) -> str:
            write_table(Path(name), TITLE, [column.title for column in COLUMNS], lines)
            return f"已写出{name}。"

        self._session.job(f"导出{TITLE}", work, self._session.notice.emit)
