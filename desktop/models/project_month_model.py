"""The projects of a month as a sheet: what was invested so far, how far each is, what is in the way."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from db.core.field import Field
from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import UNREPORTED, Cell
from db.work.arithmetic import figure
from db.work.monthly.projects import ProjectKey, ProjectLine, ReportChange, set_reports
from db.work.row_names import REPORT, row_name
from desktop.cell_marks import Spot, marks_of
from desktop.models.sheet import ALIGN_LEFT, ALIGN_RIGHT, CellLook, Edit, Index, Refused, Saved, SheetModel
from desktop.models.sheet_column import Column, Kind

if TYPE_CHECKING:
    from desktop.session import Session

STRETCHED = "problems"
PINNED = 2
INVESTED, STAGE = "completed_investment", "stage"
TYPED = (INVESTED, STAGE)
DIFFERS = "项目清单里现在是“{}”，是以后填的或改的，没有跟着这里变；要用这里的数，请到项目清单里改。"
UNSEEN = "沿用了上月的数，还没有核对：改一下，或原样再填一次。"


def project_columns() -> tuple[Column, ...]:
    """Return the columns; those that are typed into are the fields of a report."""
    schema = load_schema("project_report")
    texts = [(name, 130) for name in ("problems", "next_steps", "situation")]
    return (
        Column(Kind.NAME, "项目", 150, "name", most=210),
        Column(Kind.NAME, "所属镇街", 82, "town", most=104),
        Column(Kind.CLASS, "清单", 84, "register_title", most=120),
        Column(Kind.TOTAL, "总投资", 76, "total_investment", most=96),
        Column(Kind.TOTAL, "上月完成", 76, "last", most=96),
        Column(Kind.YEAR, "累计完成", 84, INVESTED, most=110),
        Column(Kind.TOTAL, "占总投资", 74, "share"),
        Column(Kind.TEXT, schema.field(STAGE).title, 78, STAGE),
        Column(Kind.CLASS, "计划完成", 88, "planned_completion_on"),
        *(Column(Kind.TEXT, schema.field(name).title, width, name) for name, width in texts),
    )


class ProjectMonthModel(SheetModel):
    """Shows the lines it is given; every entry is saved as it is made. Investments are in 万元."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._schema = load_schema("project_report")
        self.columns = project_columns()
        self.lines: tuple[ProjectLine, ...] = ()
        self.period: Period = session.period
        self.closed = False
        self.follow(marks_of(session))

    def show_lines(
        self, lines: Sequence[ProjectLine], period: Period, *, closed: bool, saves: frozenset[int] = frozenset()
    ) -> None:
        """Show these projects; with the same ones as before, selection and scroll position stay."""
        same = period == self.period and [line.key for line in lines] == [line.key for line in self.lines]
        self.settle(saves)
        if not same:
            self.beginResetModel()
        self.lines, self.period, self.closed = tuple(lines), period, closed
        if same:
            self.tell_all()
        else:
            self.endResetModel()

    def column_of(self, field: str) -> int:
        """Return the column of a report's field; of what has none, that of the investments made so far."""
        fields = [column.field for column in self.columns]
        return fields.index(field if field in fields else INVESTED)

    def row_of(self, key: ProjectKey) -> int:
        """Return the row of a project, -1 when it is not shown."""
        return next((row for row, line in enumerate(self.lines) if line.key == key), -1)

    def spot(self, row: int, column: int) -> Spot | None:
        found, key = self.columns[column], self.lines[row].key
        if found.kind is not Kind.TEXT and found.field != INVESTED:
            return None
        name = row_name(REPORT, self.period, key.register, key.row_id)
        texts = {each.field for each in self.columns if each.kind is Kind.TEXT}
        return Spot(name, found.field, found.field == INVESTED, texts)

    # -- SheetModel -------------------------------------------------------------------------------------------

    def key(self, row: int, column: int) -> Hashable:
        return (self.period, self.lines[row].key, self.columns[column].field)

    def stored(self, row: int, column: int) -> Cell:
        found, line = self.columns[column], self.lines[row]
        if found.field == "last":
            return line.last.completed_investment
        if found.field in TYPED:
            return line.now.completed_investment if found.field == INVESTED else line.now.stage
        value: Cell = getattr(line.now if found.kind is Kind.TEXT else line, found.field)
        return None if value == "" else value

    def is_open(self, row: int, column: int) -> bool:
        if self.closed or self._session.read_only or not 0 <= row < len(self.lines):
            return False
        return self.columns[column].kind in (Kind.YEAR, Kind.TEXT)

    def _field(self, column: int) -> Field:
        return self._schema.field(self.columns[column].field)

    def parse(self, row: int, column: int, text: str) -> Cell:
        return self._field(column).parse(text)

    def text(self, row: int, column: int, value: Cell, *, editing: bool = False) -> str:
        found = self.columns[column]
        if found.kind in (Kind.YEAR, Kind.TEXT):
            return self._field(column).edit(value) if editing else self._field(column).show(value)
        if isinstance(value, Decimal):
            return f"{figure(value)}%" if found.field == "share" else figure(value)
        return value.isoformat() if isinstance(value, date) else str(value or "")

    def heading(self, column: int) -> str:
        return self.columns[column].title

    def row_title(self, row: int) -> str:
        return self.lines[row].name

    def label(self, edits: Sequence[Edit]) -> str:
        return f"{self.period.month}月{super().label(edits)}"

    def store(self, label: str, edits: Sequence[Edit], done: Saved, failed: Refused) -> None:
        period = self.period
        values: dict[ProjectKey, dict[str, Cell]] = {}
        for edit in edits:
            values.setdefault(self.lines[edit.row].key, {})[self.columns[edit.column].field] = edit.value
        changes = [ReportChange(key, own) for key, own in values.items()]
        self._session.write(label, lambda op: set_reports(op, period, changes), lambda _: done(), failed)

    # -- Qt ---------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def look(self, row: int, column: int) -> CellLook:
        found, line = self.columns[column], self.lines[row]
        missing = found.field == INVESTED and not line.now.filed
        return CellLook(
            self.shown(row, column) or (UNREPORTED if missing else ""),
            self._tone(row, found),
            right=found.kind in (Kind.YEAR, Kind.TOTAL),
            bold=found.kind is Kind.YEAR,
            refused=bool(self.problem(row, column)),
            doubtful=bool(self.doubt(row, column)),
        )

    def doubt(self, row: int, column: int) -> str:
        name, line = self.columns[column].field, self.lines[row]
        if name not in TYPED:
            return ""
        unseen = UNSEEN if name == INVESTED and not line.now.reviewed else ""
        present = self._field(column).show(getattr(line.present, name)) or UNREPORTED
        return unseen or (DIFFERS.format(present) if line.differs(name) else "")

    def choices(self, row: int, column: int) -> Field | None:
        return self._field(column) if self.columns[column].field == STAGE else None

    def is_multiline(self, row: int, column: int) -> bool:
        found = self.columns[column]
        return found.kind is Kind.TEXT and found.field != STAGE

    def hint(self, row: int, column: int) -> str:
        lines = [self.shown(row, column), self.problem(row, column), self.doubt(row, column)]
        return "\n".join(filter(None, lines))

    def _tone(self, row: int, found: Column) -> str:
        line = self.lines[row]
        if found.field == "planned_completion_on" and line.late:
            return "bad"
        dim = found.field in ("last", "register_title") or (found.field == INVESTED and not line.now.filed)
        return "secondary" if dim else "text"

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            found = self.columns[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return ALIGN_RIGHT if found.kind in (Kind.YEAR, Kind.TOTAL) else ALIGN_LEFT
            if role == Qt.ItemDataRole.ToolTipRole and found.field in ("total_investment", "last", INVESTED):
                return "单位：万元"
        return super().headerData(section, orientation, role)
