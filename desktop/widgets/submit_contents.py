"""核对清单: what the package would hold, what is missing from it, and what is otherwise than in the last one."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from db.exchange.contents import Contents
from desktop.dialogs.version_changes import COLUMNS, change_rows, count_words
from desktop.widgets.basics import label
from desktop.widgets.simple_table import Column, SimpleTable, TextCell
from desktop.widgets.submit_parts import size_words, step_column

_MOST_LINES, _MOST_CHANGES = 14, 6


class ContentsStep(QWidget):
    """What the package would hold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = step_column(self)
        self.table = SimpleTable(
            [Column("包含内容"), Column("行数", 80, number=True), Column("控制合计", 210), Column("状态", 88)]
        )
        self.table.setAccessibleName("包含内容")
        self.summary = label("", "secondary", wrap=True)
        self.changes_title = label("", "title", wrap=True)
        self.changes = SimpleTable(COLUMNS)
        self.changes.setAccessibleName("与上一版相比的改动")
        # What is new of a second version comes first: the rest of it the clerk has seen before.
        for part in (self.summary, self.changes_title, self.changes, self.table):
            column.addWidget(part)
        self.remarks_title = label("请留意", "title")
        self.remarks = label("", wrap=True)
        column.addWidget(self.remarks_title)
        column.addWidget(self.remarks)
        column.addStretch(1)

    def show_contents(self, found: Contents) -> None:
        """Show the tables, the attachments, the changes and the remarks."""
        rows = [
            [
                TextCell(line.title, tip=line.name),
                TextCell(f"{line.rows:,}"),
                TextCell(line.total or "—"),
                TextCell("齐全", "good", badge=True) if line.rows else TextCell("空表", "neutral", badge=True),
            ]
            for line in found.lines
        ]
        rows.append(_beside("佐证附件", found.attachments, size_words(found.attachment_bytes)))
        rows.append(_beside("审核说明", found.explanations, "—"))
        self.table.show_rows(rows)
        self.table.fit_height(_MOST_LINES)
        replaces = f"，代替 {found.replaces}" if found.replaces else ""
        self.summary.setText(f"将写成 {found.file_name}（第{found.sequence}次{replaces}）；另有汇总表和上报函。")
        self._show_changes(found)
        self.remarks.setText("\n".join(found.remarks))
        self.remarks_title.setVisible(bool(found.remarks))
        self.remarks.setVisible(bool(found.remarks))

    def _show_changes(self, found: Contents) -> None:
        changes = found.changes
        self.changes_title.setVisible(changes is not None)
        self.changes.setVisible(bool(changes))
        if changes is not None:
            self.changes_title.setText(f"与第{found.before}次相比：{count_words(changes)}")
            self.changes.show_rows(change_rows(changes))
            self.changes.fit_height(_MOST_CHANGES)


def _beside(title: str, number: int, size: str) -> list[TextCell]:
    state = TextCell("随包", "good", badge=True) if number else TextCell("没有", "neutral", badge=True)
    return [TextCell(title), TextCell(f"{number:,}"), TextCell(size), state]
