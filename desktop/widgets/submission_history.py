"""上报记录: every package that was exported, newest first, and where it lies."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from db.core.fields import load_schema
from db.exchange.package_kinds import kinds
from db.store.query import Row, Sort, TableQuery
from desktop.session import Session
from desktop.widgets.basics import Card, Tone, button, label, rule
from desktop.widgets.city_answers import CityAnswers
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

_NEWEST_FIRST = (Sort("exported_at", descending=True), Sort("sequence", descending=True))
TONES: dict[str, Tone] = {"已导出": "notice", "已接收": "good", "被替代": "neutral", "已撤回": "neutral"}


class SubmissionHistory(Card):
    """Shows the table `submission`."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("上报记录", parent, flush=True)
        self._session = session
        self._rows: list[Row] = []
        self.open_button = button("打开所在文件夹", self._open, icon="folder-open")
        self.open_button.setEnabled(False)
        self.tools.addWidget(self.open_button)
        self.table = SimpleTable(
            [Column("期与种类"), Column("次数", 56), Column("导出时间", 116), Column("状态", 84), Column("校验码", 92)]
        )
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._follow())
        self.table.chosen.connect(lambda _row: self._open())
        self.nothing = label("还没有导出过上报包。选好左边的内容，点“下一步”。", "secondary", wrap=True)
        self.nothing.setContentsMargins(14, 10, 14, 14)
        self.detail = label("", "secondary", wrap=True)
        self.detail.setContentsMargins(14, 8, 14, 10)
        self.detail.hide()
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.detail)
        self.body.addStretch(0)
        self.answers = CityAnswers(session)
        self.body.addWidget(rule())
        self.body.addWidget(self.answers)

    def refresh(self) -> None:
        """Read the history again."""
        self.answers.refresh()
        if self._session.is_open:
            query = TableQuery(load_schema("submission"), sorts=_NEWEST_FIRST)
            self._session.read(lambda conn: list(query.each(conn)), self._show, owner=self)

    def _show(self, rows: list[Row]) -> None:
        self._rows = rows
        titles = {name: kind.title for name, kind in kinds().items()}
        self.table.show_rows([_cells(row, titles) for row in rows])
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self._follow()

    def _chosen(self) -> Row | None:
        place = self.table.currentIndex().row()
        return self._rows[place] if 0 <= place < len(self._rows) and self.table.selectedIndexes() else None

    def _follow(self) -> None:
        row = self._chosen()
        self.open_button.setEnabled(row is not None)
        self.detail.setVisible(row is not None)
        if row is not None:
            values = row.values
            self.detail.setText(f"{values['file_name']}　{values['row_count']} 行\n校验码 {values['data_sha256']}")

    def _open(self) -> None:
        row = self._chosen()
        if row is None:
            return
        folder = Path(str(row.values["folder"] or ""))
        if folder.is_dir():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        else:
            self.detail.setText(f"文件夹“{folder}”现在打不开：可能在U盘上，或已被移走。")


def _cells(row: Row, titles: dict[str, str]) -> list[TextCell]:
    values = row.values
    status = str(values["status"] or "")
    kind = titles.get(str(values["kind"]), str(values["kind"]))
    exported = str(values["exported_at"] or "")
    title = f"{values['period']} {kind}"
    return [
        TextCell(title, tip=title),
        TextCell(f"第{values['sequence']}次"),
        TextCell(exported[5:16].replace("T", " "), tip=exported.replace("T", " ")),
        TextCell(status, TONES.get(status, "neutral"), badge=True),
        TextCell(str(values["data_sha256"] or "")[:8], "neutral"),
    ]
