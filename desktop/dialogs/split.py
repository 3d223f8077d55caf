"""分配…: share a year's amount out over the assignees, by equal parts or weights, seen before it is written."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QHeaderView, QLineEdit, QWidget

from db.core.calculation import calculated
from db.core.errors import DataProblem
from db.core.values import Cell
from db.work.assignments import KINDS, AssignmentEntry, set_assignments
from db.work.breakdown import Assignee, BreakdownGrid
from db.work.tasks import Duty
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.models.amount_input import amount_reader
from desktop.models.locks import Locks
from desktop.models.split_model import Col, Recipient, SplitModel
from desktop.session import Session
from desktop.widgets.basics import chip, label
from desktop.widgets.segmented import Segmented
from desktop.widgets.sheet import Sheet

METHODS = (
    ("equal", "平均"),
    ("households", "按户数"),
    ("population", "按人口"),
    ("last_year", "按上年"),
    ("own", "自填权重"),
)
WEIGHTS: dict[str, Callable[[Assignee], Decimal | None]] = {
    "equal": lambda who: Decimal(1),
    "households": lambda who: who.households,
    "population": lambda who: who.population,
}
MISSING = {"households": "户数", "population": "人口"}


class SplitDialog(FormDialog):
    """Writes the shares of one year as one step; what is locked keeps its amount, here and the next time."""

    def __init__(
        self,
        session: Session,
        grid: BreakdownGrid,
        year: int,
        parent: QWidget | None = None,
        *,
        locks: Locks | None = None,
    ) -> None:
        super().__init__("分配", grid.title, "分配", parent, width=620)
        self._session, self._grid = session, grid
        self._locks = locks if locks is not None else Locks()
        self._rate = grid.duty is Duty.RATE
        self._field = amount_reader(grid.task)
        self.model = SplitModel(self._field, same_for_all=self._rate, parent=self)
        self.years = Segmented([(each, f"{each}年") for each in grid.years])
        self.years.set_value(year)
        self.methods = Segmented(METHODS)
        self.total = QLineEdit()
        self.total.setMaximumWidth(140)
        self.quota = label("", "secondary")
        self.rest = QCheckBox("已有的不动，只分余下的")
        self.rest.setToolTip("先分给还没有数的；都有数时，加在原有的数上。")
        self.kinds = {kind: chip(title) for kind, title in KINDS.items() if self._has(kind)}
        for kind in self._first_kinds():
            self.kinds[kind].setChecked(True)
        self.sheet = Sheet(self)
        self.sheet.setModel(self.model)
        self.hint = label("", "secondary", wrap=True)
        self.sum = label("", wrap=True)
        self._lay_out()
        self.years.changed.connect(lambda _: self._take_year())
        self.methods.changed.connect(lambda _: self._weigh())
        self.total.textChanged.connect(lambda _: self._take_total())
        self.rest.toggled.connect(self.model.keep_what_is_there)
        for each in self.kinds.values():
            each.toggled.connect(lambda _: self._take_year())
        self.model.dataChanged.connect(lambda *_: self._tell_sum())
        self.model.locked.connect(self._keep_lock)
        self.sheet.preview_wanted.connect(self.sheet.land_good)
        self._take_year()
        QTimer.singleShot(0, self.total, self.total.setFocus)

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.years)
        first.addStretch(1)
        for each in self.kinds.values():
            first.addWidget(each)
            each.setVisible(len(self.kinds) > 1)
        second.addWidget(label("比率" if self._rate else "总数", "field"))
        second.addWidget(self.total)
        second.addWidget(label(self._grid.unit))
        second.addWidget(self.quota)
        second.addStretch(1)
        second.addWidget(self.rest)
        self.body.addLayout(first)
        self.body.addLayout(second)
        if not self._rate:
            self.body.addWidget(self.methods)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.sheet, 1)
        self.body.addWidget(self.sum)
        self.sheet.setMinimumHeight(300)
        header = self.sheet.horizontalHeader()
        header.setSectionResizeMode(Col.NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in ((Col.WEIGHT, 100), (Col.BEFORE, 90), (Col.LOCKED, 60), (Col.SHARE, 100)):
            self.sheet.setColumnWidth(column, width)
        self.sheet.setColumnHidden(Col.WEIGHT, self._rate)

    def _keep_lock(self, assignee_id: str, locked: bool) -> None:
        self._locks.put([(self._grid.task_id, self.year, assignee_id)], locked)

    def _has(self, kind: str) -> bool:
        return any(row.assignee.kind == kind for row in self._grid.rows)

    def _first_kinds(self) -> list[str]:
        """Return the kinds that have shares already; the towns when nobody has."""
        there = [kind for kind in self.kinds if any(r.cells for r in self._grid.rows if r.assignee.kind == kind)]
        return there or list(self.kinds)[:1]

    @property
    def year(self) -> int:
        """Return the year whose amount is shared out."""
        found = self.years.value
        assert isinstance(found, int)
        return found

    def _take_year(self) -> None:
        """Offer the assignees of the chosen kinds with what they have in the chosen year."""
        lines = []
        for row in self._grid.rows:
            if self.kinds[row.assignee.kind].isChecked() and not row.assignee.deleted:
                cell = row.cells.get(self.year)
                before = cell.in_unit if cell else None
                locked = before is not None and (self._grid.task_id, self.year, row.assignee.id) in self._locks
                lines.append(Recipient(row.assignee, before, locked=locked))
        self.model.set_recipients(lines)
        summary = self._grid.summaries[self.year]
        self.quota.setText("县级目标还没有录入" if summary.quota is None else f"县级目标{self._show(summary.quota)}")
        self.total.setText("" if summary.quota is None else self._field.edit(self._left(summary.quota)))
        self._weigh()

    def _left(self, quota: Decimal) -> Decimal:
        """Return the quota less what assignees that are not offered have: the rest is to be shared out."""
        if self._rate:
            return quota
        offered = {line.assignee.id for line in self.model.recipients}
        others = [row.cells.get(self.year) for row in self._grid.rows if row.assignee.id not in offered]
        taken = sum((cell.in_unit for cell in others if cell and cell.in_unit is not None), Decimal(0))
        return max(quota - taken, Decimal(0))

    def _show(self, amount: Decimal) -> str:
        return f"{self._field.show(amount)}{self._grid.unit}"

    def _weigh(self) -> None:
        """Fill the column of weights by the chosen method; typed weights stay when they are asked for."""
        method = "equal" if self._rate else str(self.methods.value)
        self.hint.setText("")
        if method == "own":
            self.hint.setText("在“权重”列填写，或从 Excel 复制一列粘贴；留空的不参加分配。")
            return
        if method == "last_year":
            weights = self._last_year()
        else:
            weights = {line.assignee.id: WEIGHTS[method](line.assignee) for line in self.model.recipients}
        missing = sum(weight is None for weight in weights.values())
        if missing:
            word = MISSING.get(method, f"{self.year - 1}年的数")
            where = "请在“权重”列填写" + ("，或到“基础信息”补全。" if method in MISSING else "。")
            self.hint.setText(f"有{missing}个没有{word}，不参加分配；{where}")
        self.model.weigh(weights)

    def _last_year(self) -> dict[str, Decimal | None]:
        """Return what everybody had the year before, by assignee id."""
        cells = {row.assignee.id: row.cells.get(self.year - 1) for row in self._grid.rows}
        return {who: cell.in_unit if cell else None for who, cell in cells.items()}

    def _take_total(self) -> None:
        self.tell("")
        try:
            total = self._field.parse(calculated(self.total.text()))
        except DataProblem as problem:
            self.tell(str(problem))
            total = None
        self.model.set_total(total if isinstance(total, Decimal) else None)

    def _tell_sum(self) -> None:
        self.sum.setText(self.model.trouble or self.model.sentence(self._grid.unit))
        self.accept_button.setEnabled(not self.model.trouble)

    def save(self, done: Done, failed: Failed) -> None:
        year, unit = self.year, self._grid.unit or None
        entries = []
        for line in self.model.recipients:
            if line.share == line.before:
                continue
            values: dict[str, Cell] = {"amount": line.share, "unit": unit}
            who = line.assignee
            entries.append(AssignmentEntry(self._grid.task_id, year, who.kind, who.id, values))
        self._session.write(f"分配{self._grid.title}{year}年", lambda op: set_assignments(op, entries), done, failed)
