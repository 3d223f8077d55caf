"""月调度 by project: every unfinished project with its report of the month."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from db.work.monthly.months import month_state
from db.work.monthly.projects import ProjectKey, ProjectLine, copy_last_reports, report_lines
from desktop.dialogs.paste_preview import PastePreview
from desktop.models.project_month_model import PINNED, STRETCHED, ProjectMonthModel
from desktop.models.sheet import Paste
from desktop.session import Session
from desktop.settings import Settings
from desktop.widgets.basics import Card, label
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.remark_note import RemarkNote
from desktop.widgets.sheet import Sheet
from desktop.widgets.sheet_columns import SheetColumns

TABLES = ("project_report", "month", "town")


class ProjectSheet(Sheet):
    """A sheet in which Ctrl+D takes last month's reports over: `copy_wanted(rows)`."""

    copy_wanted = Signal(object)
    down_word = "沿用上月"

    def fill_down(self) -> None:
        """Take last month's reports over in the selected rows."""
        self.copy_wanted.emit(sorted({index.row() for index in self.selectedIndexes()}))


class MonthProjects(QWidget):
    """Shows the session's month; `project_wanted(key)` leads to the register's own row."""

    summary = Signal(str)
    project_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted: ProjectKey | None = None
        self._field = ""
        self._measured = False
        self.dialog: QWidget | None = None
        self.model = ProjectMonthModel(session, self)
        self.sheet = ProjectSheet(self)
        self.sheet.setModel(self.model)
        self.sheet.setAccessibleName("本月项目")
        self.sheet.pin(PINNED)
        self.sheet.row_actions = (("open", "到项目清单查看"),)
        self.columns = SheetColumns(
            self.sheet, name="month_projects", settings=Settings(), stretched=STRETCHED, spare=""
        )
        self.count = label("", "secondary")
        self.nothing = EmptyState(
            "projects", "没有要报的项目", "项目清单里还没有完成的项目，会列在这里逐月填报投资和阶段。"
        )
        card = Card(flush=True)
        card.body.addWidget(self.sheet, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(card)
        self.stack.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.count)
        column.addWidget(self.stack, 1)
        self.remarks = RemarkNote(session, low=True)
        self.remarks.follow(self.sheet, self.model)
        column.addWidget(self.remarks)
        self.sheet.summary.connect(self.summary)
        self.sheet.told.connect(session.notice)
        self.sheet.preview_wanted.connect(self._preview)
        self.sheet.copy_wanted.connect(lambda rows: self.copy_last([self.model.lines[row].key for row in rows]))
        self.sheet.row_action.connect(lambda row, _: self.project_wanted.emit(self.model.lines[row].key))
        self.setFocusProxy(self.sheet)

    def refresh(self) -> None:
        """Read the month's projects again."""
        if not self._session.is_open:
            return
        period, saves = self._session.period, self.model.saves_done()

        def query(conn: sqlite3.Connection) -> tuple[list[ProjectLine], bool]:
            return report_lines(conn, period), month_state(conn, period).closed

        def take(found: tuple[list[ProjectLine], bool]) -> None:
            if period == self._session.period:
                self.model.show_lines(found[0], period, closed=found[1], saves=saves)
                self._shown()

        self._session.read(query, take, owner=self)

    def _shown(self) -> None:
        lines = self.model.lines
        filed = sum(line.now.filed for line in lines)
        late = sum(line.late for line in lines)
        words = f"共{len(lines)}个在建项目，已报{filed}个，还有{len(lines) - filed}个未报"
        self.count.setText(words + (f"；{late}个过了计划完成日期。" if late else "。") + "投资单位：万元。")
        self.count.setVisible(bool(lines))
        self.stack.setCurrentIndex(0 if lines else 1)
        if lines and not self._measured:
            self._measured = True
            self.columns.show_columns(self.model.columns)
        row = self.model.row_of(self._wanted) if self._wanted is not None else -1
        self._wanted = None
        if lines and (row >= 0 or not self.sheet.currentIndex().isValid()):
            self.sheet.go(self.model.index(max(row, 0), self.model.column_of(self._field)))

    def reveal_project(self, key: ProjectKey, field: str = "") -> None:
        """Go to a project, in the column of its `field`, once the month has been read."""
        self._wanted, self._field = key, field
        self.refresh()

    def copyable(self) -> list[ProjectKey]:
        """Return the projects that have no report yet."""
        return [line.key for line in self.model.lines if not line.now.filed]

    def copy_last(self, keys: Sequence[ProjectKey]) -> None:
        """Take last month's reports over where there is none yet."""
        period = self.model.period

        def done(count: int) -> None:
            words = f"沿用了上月的{count}项，请逐项核对。"
            self._session.notice.emit(words if count else "这里没有可以沿用的：已经填了，或上月也没有报。")

        label = f"沿用上月{len(keys)}个项目"
        self._session.write(label, lambda op: copy_last_reports(op, period, keys), done, rows=len(keys))

    def _preview(self, paste: Paste) -> None:
        dialog = PastePreview(paste, self.model, self)
        dialog.accepted.connect(lambda: self.sheet.land(paste))
        self.dialog = dialog
        dialog.open()
