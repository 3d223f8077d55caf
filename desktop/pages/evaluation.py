"""自评: a year's or the whole plan's tasks with figures, points and explanations; the towns; table and report."""

from __future__ import annotations

import sqlite3
from datetime import date

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.work.arithmetic import figure
from db.work.evaluation.entries import set_entry
from db.work.evaluation.judging import Standpoint
from db.work.evaluation.model import Evaluation, EvaluationRow
from db.work.evaluation.periods import evaluation_periods
from db.work.evaluation.ranking import TownScore
from db.work.evaluation.results import evaluate
from desktop.dialogs.evaluation_proofs import EvaluationProofsDialog
from desktop.dialogs.reason import ReasonDialog
from desktop.models.evaluation_model import COLUMNS, NAME, PROOFS, Asked, EvaluationModel
from desktop.paper_names import PAPER_NOTE, PAPER_TITLE
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.basics import Card, ElidedLabel, chip, label
from desktop.widgets.column_widths import set_widths
from desktop.widgets.evaluation_papers import EvaluationPapers
from desktop.widgets.remark_note import RemarkNote
from desktop.widgets.segmented import Segmented
from desktop.widgets.sheet import HEADER_HEIGHT, ROW_HEIGHT, Sheet
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

TASKS, TOWNS = "tasks", "towns"
ALL, LOST, MISSING, UNSCORED, UNEXPLAINED = "", "lost", "missing", "unscored", "unexplained"
CHIPS = {ALL: "全部", LOST: "没得满分", MISSING: "未报", UNSCORED: "不计分", UNEXPLAINED: "缺说明"}
LEAST_NAME = 180
_TABLES = ("evaluation", "progress", "quota", "assignment", "task_scope", "attachment", "setting")


class EvaluationPage(QWidget):
    """Shows one period; everything is worked out anew when something it rests on has changed."""

    navigate = Signal(object)
    selection_told = Signal(str)
    title = "自评"
    icon = "target"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._session = session
        self._found: Evaluation | None = None
        self._filter = ALL
        self._stale = True
        self._to_reveal = ""
        self.dialog: QDialog | None = None
        periods = evaluation_periods(session.catalogue)
        self.period = Segmented([(each.key, "全面评估" if each.is_final else f"{each.key}年") for each in periods])
        self.period.set_value(str(session.year))
        self.period.changed.connect(lambda _key: self._period_chosen())
        self.papers = EvaluationPapers(session, self)
        self.papers.table = lambda: self.towns if self.view.value == TOWNS else self.sheet
        self.stack = QStackedWidget()
        self._lay_out()
        self.setFocusProxy(self.sheet)
        session.changed.connect(self._on_changed)
        session.year_changed.connect(self._follow_year)
        self._freshen()

    # -- parts ------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.period)
        self.view = Segmented([(TASKS, "任务"), (TOWNS, "镇街排名")])
        self.view.changed.connect(self.show_view)
        head.addWidget(self.view)
        head.addStretch(1)
        head.addWidget(self.papers.table_button)
        head.addWidget(self.papers.report_button)
        column.addLayout(head)
        column.addWidget(self._totals())
        self.stack.addWidget(self._tasks())
        self.stack.addWidget(self._towns())
        column.addWidget(self.stack, 1)

    def show_view(self, view: object) -> None:
        """Show the tasks or the towns."""
        self.view.set_value(view)
        self.stack.setCurrentIndex(1 if view == TOWNS else 0)

    def _totals(self) -> Card:
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(14)
        self.total = label("", "figure")
        words = QVBoxLayout()
        words.setSpacing(2)
        self.counts = ElidedLabel("")
        self.scoring = ElidedLabel("", "secondary")
        for each in (self.counts, self.scoring):
            words.addWidget(each)
        row.addWidget(self.total)
        row.addLayout(words, 1)
        card.body.addLayout(row)
        return card

    def _tasks(self) -> Card:
        card = Card(flush=True)
        tools = QHBoxLayout()
        tools.setContentsMargins(13, 6, 13, 6)
        tools.setSpacing(8)
        self.chips: dict[str, QPushButton] = {}
        for name, word in CHIPS.items():
            made = self.chips[name] = chip(word, "bad" if name == MISSING else "", checked=name == ALL)
            made.clicked.connect(lambda _checked=False, name=name: self.show_only(name))
            tools.addWidget(made)
        tools.addStretch(1)
        card.body.addLayout(tools)
        self.model = EvaluationModel(self._session, self)
        self.model.reason_wanted.connect(self._ask_reason)
        self.sheet = Sheet(self)
        self.sheet.setModel(self.model)
        self.sheet.pin(2)
        self.sheet.setAccessibleName("自评表")
        self.sheet.summary.connect(self.selection_told)
        self.sheet.told.connect(self._session.notice)
        self.sheet.row_actions = (
            ("proofs", "佐证附件…"),
            ("month", "到月调度看这项任务"),
            ("task", "到任务分解看这项任务"),
        )
        self.sheet.row_action.connect(self._lead)
        self.sheet.doubleClicked.connect(self._double_clicked)
        self.sheet.selectionModel().currentChanged.connect(lambda now, _before: self._tell_row(now))
        set_widths(self.sheet, [each.width for each in COLUMNS])
        self.sheet.setMinimumHeight(HEADER_HEIGHT + 2 * ROW_HEIGHT)
        card.body.addWidget(self.sheet, 1)
        self.remarks = RemarkNote(self._session, low=True)
        self.remarks.follow(self.sheet, self.model)
        self.remarks.led_to.connect(self.navigate)
        card.body.addWidget(self.remarks)
        foot = QVBoxLayout()
        foot.setContentsMargins(13, 6, 13, 7)
        foot.setSpacing(2)
        self.arithmetic, self.score = ElidedLabel("", "secondary"), ElidedLabel("", "secondary")
        foot.addWidget(self.arithmetic)
        foot.addWidget(self.score)
        card.body.addLayout(foot)
        return card

    def _towns(self) -> Card:
        card = Card(flush=True)
        self.towns = SimpleTable(
            [
                Column("名次", 70, number=True),
                Column("镇街"),
                Column("得分率%", 110, number=True),
                Column("得分", 110, number=True),
                Column("分值", 110, number=True),
                Column("计分任务", 110, number=True),
                Column("其中未报", 110, number=True),
            ]
        )
        self.towns.setAccessibleName("镇街排名")
        card.body.addWidget(self.towns, 1)
        note = "按本县分解给各镇街的任务，用同一张评分表逐项计分；不涉及、暂无数据、省下达待定的不计分，也不算0分。"
        told = label(note, "small", wrap=True)
        told.setContentsMargins(13, 7, 13, 9)
        card.body.addWidget(told)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the tasks' names the room that the other columns leave."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit_names)

    def _fit_names(self) -> None:
        others = sum(each.width for place, each in enumerate(COLUMNS) if place != NAME)
        widths = [each.width for each in COLUMNS]
        widths[NAME] = max(LEAST_NAME, self.sheet.viewport().width() - others)
        set_widths(self.sheet, widths)

    # -- reading ----------------------------------------------------------------------------------------------

    @property
    def key(self) -> str:
        """Return the period that is shown."""
        return str(self.period.value)

    def refresh(self) -> None:
        """Work everything out anew."""
        self._stale = True
        self._freshen()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._freshen()

    def _freshen(self) -> None:
        if not (self._stale and self._session.is_open and self.isVisible()):
            return
        self._stale = False
        key, catalogue, saves = self.key, self._session.catalogue, self.model.saves_done()

        def query(conn: sqlite3.Connection) -> Evaluation:
            return evaluate(conn, catalogue, key)

        self._session.read(query, lambda found: self._show(found, saves), owner=self)

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches(*_TABLES) or any(table.startswith("register_") for table in changes.tables):
            self.refresh()

    def _follow_year(self, year: int) -> None:
        if self.key.isdigit() and self.key != str(year):
            self.period.set_value(str(year))
            self.refresh()

    def _period_chosen(self) -> None:
        if self.key.isdigit():
            self._session.year = int(self.key)
        self.refresh()

    def _show(self, found: Evaluation, saves: frozenset[int]) -> None:
        self._found = found
        percent = found.percent
        judged = percent is not None and found.counted(Standpoint.JUDGED) > 0
        self.total.setText(f"{percent} 分" if judged else "—")
        self.counts.setText(self._words(found, judged=judged))
        self.scoring.setText(f"评分依据：{found.scoring.sentence}")
        self.papers.show_period(found)
        self.sheet.setProperty(PAPER_TITLE, found.period.title)
        self.sheet.setProperty(PAPER_NOTE, f"得{figure(found.score)}分，满分{figure(found.points)}分")
        for name, word in CHIPS.items():
            self.chips[name].setText(f"{word} {sum(_passes(row, name) for row in found.rows)}")
        self._apply(saves)
        self.towns.show_rows([[TextCell(text) for text in _town(each)] for each in found.towns])

    def _words(self, found: Evaluation, *, judged: bool) -> str:
        """Return what the total is made of, and what is still missing."""
        if not judged:
            return f"{found.period.title}：还没有报过数，说不上得分。先在月调度填报。"
        scored = sum(row.standpoint.scored for row in found.rows)
        grade = f"（{found.grade}）" if found.grade else ""
        points = f"得{figure(found.score)}分，满分{figure(found.points)}分"
        told = [f"{found.period.title}{grade}：{scored}项计分，{points}。"]
        if self._session.today() <= date(found.period.years[-1], 12, 31):
            told.append("还没到期末，现在是按已有的数预评。")
        return "　".join((*told, *found.missing))

    def show_only(self, name: str) -> None:
        """Show all tasks, or those of one kind (a key of `CHIPS`)."""
        self._filter = name
        for key, each in self.chips.items():
            each.setChecked(key == name)
        self._apply()

    def _apply(self, saves: frozenset[int] = frozenset()) -> None:
        found = self._found
        if found is None:
            return
        shown = [row for row in found.rows if _passes(row, self._filter)]
        self.model.show_rows(found.period.key, shown, saves)
        wanted, self._to_reveal = self._to_reveal, ""
        row = self.model.row_of(wanted) if wanted else -1
        if row >= 0:
            self.sheet.go(self.model.index(row, NAME))
        self._tell_row(self.sheet.currentIndex())

    def _tell_row(self, index: QModelIndex) -> None:
        if not index.isValid() or index.row() >= len(self.model.rows):
            self.arithmetic.setText("选中一项任务，这里显示它的算式。")
            self.score.setText("")
            return
        row = self.model.rows[index.row()]
        self.arithmetic.setText(row.arithmetic)
        self.score.setText(row.score_sentence)

    def reveal(self, place: Place) -> None:
        """Show the period that `section` names and the task."""
        if place.section in ("final", *map(str, self._session.catalogue.years)):
            self.period.set_value(place.section)
        if place.task_id:
            self.show_only(ALL)
            self._to_reveal = place.task_id
        self.refresh()

    # -- writing ----------------------------------------------------------------------------------------------

    def _ask_reason(self, asked: object, sentence: str) -> None:
        assert isinstance(asked, Asked)
        hint = "例如：年底集中验收，数次年1月才报来"
        dialog = ReasonDialog("evaluation", "改数理由", f"{sentence}请写明改数理由：", hint, self.window())
        dialog.given.connect(asked.again)
        dialog.rejected.connect(asked.refuse)
        self.dialog = dialog
        dialog.open()

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.column() == PROOFS:
            self.show_proofs(index.row())

    def show_proofs(self, row: int) -> None:
        """Open the proof files of a task's evaluation; the first ones need its row in the county file."""
        found, key, session = self.model.rows[row], self.key, self._session
        title = f"{found.task_id} {found.title}"

        def show(row_id: str) -> None:
            self.dialog = EvaluationProofsDialog(session, row_id, title, found.proofs_elsewhere, self.window())
            self.dialog.open()

        if found.typed.id:
            show(found.typed.id)
        elif session.read_only:
            session.notice.emit("这项任务的自评还没有附件。")
        else:
            task_id = found.task_id
            session.write(f"{title}：准备添加附件", lambda op: set_entry(op, key=key, task_id=task_id), show)

    def _lead(self, row: int, name: str) -> None:
        if name == "proofs":
            self.show_proofs(row)
            return
        task_id = self.model.rows[row].task_id
        self.navigate.emit(Place("breakdown" if name == "task" else "monthly", task_id=task_id))


def _passes(row: EvaluationRow, name: str) -> bool:
    lost = row.score is not None and row.points is not None and row.score < row.points
    match name:
        case "lost":
            return lost
        case "missing":
            return row.standpoint is Standpoint.MISSING
        case "unscored":
            return not row.standpoint.scored
        case "unexplained":
            return lost and not row.typed.explanation
    return True


def _town(town: TownScore) -> list[str]:
    if town.percent is None:
        return ["—", town.name, "不计分", "", "", "0", ""]
    numbers = (f"{town.percent:.2f}", f"{town.amount:,.2f}", figure(town.points))
    return [str(town.rank), town.name, *numbers, str(town.scored), str(town.missing)]
