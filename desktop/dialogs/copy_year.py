"""沿用上年…: carry a year's breakdown over to the next, times a factor, seen before it is written."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QHeaderView, QLineEdit, QTableView, QWidget

from db.core.calculation import calculate
from db.core.errors import DataProblem
from db.work.breakdown import BreakdownGrid
from db.work.next_year import Carried, plan_year, write_year
from db.work.tasks import leaf_tasks
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.models.carried_model import CarriedModel, Col
from desktop.session import Session
from desktop.widgets.basics import allow, label
from desktop.widgets.segmented import Segmented
from desktop.widgets.sheet_delegate import SheetDelegate

THIS, ALL = "this", "all"


class CopyYearDialog(FormDialog):
    """Writes one year's assignments anew as one step; what is there already stays unless it may be replaced."""

    def __init__(self, session: Session, grid: BreakdownGrid, year: int, parent: QWidget | None = None) -> None:
        super().__init__("沿用上年", grid.title, "沿用", parent, width=680)
        self._session, self._grid = session, grid
        self._lines: list[Carried] = []
        self.years = Segmented([(each, f"{each - 1} → {each}") for each in grid.years[1:]])
        self.years.set_value(year if year in grid.years[1:] else grid.years[1])
        self.which = Segmented([(THIS, "只这一项"), (ALL, "全部任务")])
        self.factor = QLineEdit("1")
        self.factor.setFixedWidth(90)
        self.factor.setAccessibleName("倍数")
        self.overwrite = QCheckBox("已有的数也改")
        self.model = CarriedModel(self)
        self.view = QTableView()
        self.sentence = label("", wrap=True)
        self._lay_out()
        self.years.changed.connect(lambda _: self._plan())
        self.which.changed.connect(lambda _: self._plan())
        self.factor.textChanged.connect(lambda _: self._plan())
        self.overwrite.toggled.connect(lambda _: self._plan())
        self._plan()
        self.factor.setFocus()
        self.factor.selectAll()

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.years)
        first.addStretch(1)
        first.addWidget(self.which)
        second.addWidget(label("倍数", "field"))
        second.addWidget(self.factor)
        second.addWidget(label("照抄填1，增长一成填1.1或110%；按单位取整。", "secondary"))
        second.addStretch(1)
        second.addWidget(self.overwrite)
        self.body.addLayout(first)
        self.body.addLayout(second)
        view = self.view
        view.setObjectName("sheet")
        view.setModel(self.model)
        view.setItemDelegate(SheetDelegate(view))
        view.setAccessibleName("沿用预览")
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(28)
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        header = view.horizontalHeader()
        for column, width in ((Col.SOURCE, 90), (Col.PRESENT, 104), (Col.AFTER, 116)):
            view.setColumnWidth(column, width)
        header.setSectionResizeMode(Col.TASK, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(Col.WHO, QHeaderView.ResizeMode.Stretch)
        view.setMinimumHeight(280)
        self.body.addWidget(view, 1)
        self.body.addWidget(self.sentence)

    @property
    def year(self) -> int:
        """Return the year that is written."""
        found = self.years.value
        assert isinstance(found, int)
        return found

    def _factor(self) -> Decimal | None:
        self.tell("")
        try:
            return calculate("=" + self.factor.text().lstrip("=＝"))
        except DataProblem:
            self.tell("倍数要填数字，如 1、1.1 或 110%。")
            return None

    def _plan(self) -> None:
        """Work out again what would be written."""
        self.accept_button.setEnabled(False)
        factor = self._factor()
        if factor is None:
            self._take([])
            return
        catalogue, year, overwrite = self._session.catalogue, self.year, self.overwrite.isChecked()
        tasks = leaf_tasks(catalogue) if self.which.value == ALL else (self._grid.task_id,)
        self._session.read(
            lambda conn: plan_year(
                conn, catalogue, tasks, source=year - 1, year=year, factor=factor, overwrite=overwrite
            ),
            self._take,
            owner=self,
            key="plan",
            failed=lambda failure: self._refuse(failure),
        )

    def _refuse(self, failure: Exception) -> None:
        self._take([])
        self._refused(failure)
        self.accept_button.setEnabled(False)

    def _take(self, lines: list[Carried]) -> None:
        self._lines = lines
        self.view.setColumnHidden(Col.TASK, self.which.value == THIS)
        self.model.show_lines(lines, self.year - 1, self.year)
        self.sentence.setText(self.model.sentence())
        allow(self.accept_button, not self._session.read_only, any(not line.kept for line in lines))

    def save(self, done: Done, failed: Failed) -> None:
        lines, year = self._lines, self.year
        what = "全部任务" if self.which.value == ALL else self._grid.title
        words = f"{what}沿用{year - 1}年到{year}年"
        factor = self._factor()
        if factor is not None and factor != 1:
            words += f"（×{factor}）"
        self._session.write(words, lambda op: write_year(op, lines), done, failed)
