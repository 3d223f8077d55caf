"""汇总: the rows that the table shows, grouped by town, stage or any choice, counted and summed; to copy or export."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from db.core.progress import Progress
from db.exchange.plain_table import Entry, entry_text, write_table
from db.store.query import TableQuery
from db.work.group_totals import GroupTotals, group_fields, group_totals
from desktop.file_choice import choose_target
from desktop.models.block import format_block
from desktop.session import Session
from desktop.widgets.basics import button, label
from desktop.widgets.dialog import Dialog
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

KINDS = "Excel 工作簿 (*.xlsx);;CSV (*.csv)"
WIDTH, HEIGHT, NAME_WIDTH, FIGURE_WIDTH = 760, 480, 170, 124


class GroupTotalsDialog(Dialog):
    """Shows the totals of `query`'s rows; amounts of which no row has any are left out."""

    def __init__(self, session: Session, query: TableQuery, what: str, parent: QWidget | None = None) -> None:
        super().__init__("汇总", f"汇总：{query.schema.title}", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(WIDTH, HEIGHT)
        self._session, self._query = session, query
        self.heads: list[str] = []
        self.lines: list[list[Entry]] = []
        self.by = QComboBox()
        self.by.setAccessibleName("按什么汇总")
        for field in group_fields(query.schema):
            self.by.addItem(field.title, field.name)
        top = QHBoxLayout()
        top.addWidget(label("按", "field"))
        top.addWidget(self.by)
        top.addWidget(label(what, "secondary"), 1)
        self.body.addLayout(top)
        self.table: SimpleTable | None = None
        self.note = label("比率、浓度、年份和没有单位的数不相加。", "small")
        self.body.addWidget(self.note)
        self.add_at_left(button("复制", self.copy, icon="copy"))
        self.add_button("导出…", self.export)
        self.add_button("关闭", self.accept, primary=True)
        self.by.currentIndexChanged.connect(lambda _place: self.count())
        self.count()

    def count(self) -> None:
        """Read the totals by the field that is chosen."""
        query, by = self._query, self.by.currentData()
        if by:
            self._session.read(lambda conn: group_totals(conn, query, by), self._show, owner=self, key="totals")

    def _show(self, totals: GroupTotals) -> None:
        lines = totals.lines()
        kept = [place for place in range(len(totals.heads)) if place < 2 or lines[-1][place] is not None]
        self.heads = [totals.heads[place] for place in kept]
        self.lines = [[line[place] for place in kept] for line in lines]
        columns = [Column(self.heads[0], NAME_WIDTH), Column(self.heads[1], 70, number=True)]
        columns += [Column(head, max(FIGURE_WIDTH, 15 * len(head) + 18), number=True) for head in self.heads[2:]]
        table = SimpleTable(columns)
        table.setAccessibleName("汇总")
        table.show_rows([[_cell(entry) for entry in line] for line in self.lines])
        if self.table is not None:
            self.body.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        self.table = table
        self.body.insertWidget(1, table, 1)

    def copy(self) -> None:
        """Put the table with its headings on the clipboard, as Excel and WPS understand it."""
        block = [self.heads, *([entry_text(entry) for entry in line] for line in self.lines)]
        QGuiApplication.clipboard().setText(format_block(block))
        self._session.notice.emit("已复制，可以粘贴到 Excel 或 WPS。")

    def choose(self) -> str:
        """Return the file to write, "" for none."""
        title = f"{self._query.schema.title}汇总（按{self.by.currentText()}）"
        file = choose_target(self, "导出汇总", f"{title}.xlsx", KINDS)
        return "" if file is None else str(file)

    def export(self) -> None:
        """Write the table into a file."""
        name = self.choose()
        if not name:
            return
        title, heads, lines = self.heading.text(), self.heads, self.lines

        def work(_progress: Progress) -> str:
            write_table(Path(name), title, heads, lines)
            return f"已写出{name}。"

        self._session.job("导出汇总", work, self._session.notice.emit)


def _cell(entry: Entry) -> TextCell:
    return TextCell(f"{entry:,f}" if isinstance(entry, Decimal) else entry or "")
