"""自评 as a sheet: every task with its figure, completion and points; what is typed over them needs a reason."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from db.core.errors import DataProblem
from db.core.fields import Field, load_schema
from db.core.values import Cell
from db.work.evaluation.entries import FIELDS, set_entry
from db.work.evaluation.judging import Standpoint
from db.work.evaluation.model import EvaluationRow
from db.work.row_names import EVALUATION, row_name
from desktop.cell_marks import Spot, marks_of
from desktop.models.sheet import ALIGN_LEFT, ALIGN_RIGHT, CellLook, Edit, Index, Refused, Saved, SheetModel

if TYPE_CHECKING:
    from db.store.operation import Operation
    from desktop.session import Session

REASON = "evaluation.reason"
"""The code of the problem when something is typed over a computed figure without a reason."""

TONES = {
    Standpoint.JUDGED: "text",
    Standpoint.MISSING: "bad",
    Standpoint.NO_GOAL: "caution",
    Standpoint.UNKNOWN: "caution",
}


@dataclass(frozen=True)
class Column:
    """A column: `typed` names what is typed into it ("" for none)."""

    heading: str
    width: int
    typed: str = ""
    right: bool = False


COLUMNS = (
    Column("编号", 84),
    Column("任务", 260),
    Column("情况", 88),
    Column("应完成", 96, right=True),
    Column("完成数", 96, "value", right=True),
    Column("单位", 76),
    Column("完成率%", 76, right=True),
    Column("分值", 56, right=True),
    Column("得分", 64, "score", right=True),
    Column("说明", 190, "explanation"),
    Column("改数理由", 130, "reason"),
    Column("附件", 48, right=True),
)
CODE, NAME, STANDPOINT, GOAL, VALUE, UNIT, COMPLETION, POINTS, SCORE, EXPLANATION, TYPED_REASON, PROOFS = range(12)

SPOTS = {VALUE: "value", COMPLETION: "completion", SCORE: "score", EXPLANATION: "explanation", TYPED_REASON: "reason"}
"""The fields of a row as the package has them, by column."""


class EvaluationModel(SheetModel):
    """The rows of one period. `reason_wanted(again, sentence)`: a figure was typed over; `again(reason)` saves it."""

    reason_wanted = Signal(object, str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._schema = load_schema("evaluation")
        self.key_of_period = ""
        self.rows: list[EvaluationRow] = []
        self.follow(marks_of(session))

    def show_rows(self, key: str, rows: Sequence[EvaluationRow], saves: frozenset[int] = frozenset()) -> None:
        """Show rows newly read; with the same tasks as before, selection and scroll position stay."""
        same = key == self.key_of_period and [r.task_id for r in rows] == [r.task_id for r in self.rows]
        self.settle(saves)
        if not same:
            self.beginResetModel()
        self.key_of_period, self.rows = key, list(rows)
        if same:
            self.tell_all()
        else:
            self.endResetModel()

    def row_of(self, task_id: str) -> int:
        """Return the row of the task, -1 when it is not shown."""
        return next((row for row, each in enumerate(self.rows) if each.task_id == task_id), -1)

    def spot(self, row: int, column: int) -> Spot | None:
        field = SPOTS.get(column)
        if field is None:
            return None
        name = row_name(EVALUATION, self.key_of_period, self.rows[row].task_id)
        return Spot(name, field, column == VALUE, frozenset(SPOTS.values()))

    # -- SheetModel -------------------------------------------------------------------------------------------

    def key(self, row: int, column: int) -> Hashable:
        return (self.key_of_period, self.rows[row].task_id, column)

    def stored(self, row: int, column: int) -> Cell:
        found = self.rows[row]
        return (
            found.task_id,
            found.title,
            found.standpoint.value,
            found.goal,
            found.value,
            found.unit,
            found.completion,
            found.points,
            found.score,
            found.typed.explanation or None,
            found.typed.reason or None,
            None,
        )[column]

    def is_open(self, row: int, column: int) -> bool:
        if not (0 <= row < len(self.rows)) or self._session.read_only or not COLUMNS[column].typed:
            return False
        found = self.rows[row]
        return column in (EXPLANATION, TYPED_REASON) or (
            found.computed_score is not None or (column == VALUE and found.standpoint is Standpoint.NO_DATA)
        )

    def field_of(self, column: int) -> Field | None:
        typed = COLUMNS[column].typed
        return self._schema.field(FIELDS[typed]) if typed else None

    def parse(self, row: int, column: int, text: str) -> Cell:
        field = self.field_of(column)
        assert field is not None
        return field.parse(text)

    def text(self, row: int, column: int, value: Cell, *, editing: bool = False) -> str:
        if column == PROOFS:
            return str(self.rows[row].proofs or "")
        field = self.field_of(column) or _NUMBERS.get(column)
        if field is None:
            return str(value or "")
        return field.edit(value) if editing else field.show(value).replace("\n", " ")

    def heading(self, column: int) -> str:
        return COLUMNS[column].heading

    def row_title(self, row: int) -> str:
        return f"{self.rows[row].task_id} {self.rows[row].title}"

    def store(self, label: str, edits: Sequence[Edit], done: Saved, failed: Refused) -> None:
        key, changes = self.key_of_period, self._changes(edits)

        def action(op: Operation) -> None:
            for task_id, values in changes.items():
                set_entry(op, key=key, task_id=task_id, **values)

        def again(reason: str) -> None:
            for values in changes.values():
                values["reason"] = reason
            self._session.write(label, action, lambda _: done(), failed)

        def refused(failure: Exception) -> None:
            if isinstance(failure, DataProblem) and failure.code == REASON:
                self.reason_wanted.emit(Asked(again, lambda: failed(failure)), failure.message)
            else:
                failed(failure)

        self._session.write(label, action, lambda _: done(), refused)

    def _changes(self, edits: Sequence[Edit]) -> dict[str, dict[str, Cell]]:
        """Return what is typed by task; where nothing is typed over any more, its reason goes too."""
        found: dict[str, dict[str, Cell]] = {}
        for edit in edits:
            row = self.rows[edit.row]
            found.setdefault(row.task_id, {})[COLUMNS[edit.column].typed] = edit.value
        for task_id, values in found.items():
            typed = self.rows[self.row_of(task_id)].typed
            left = [values.get(name, getattr(typed, name)) for name in ("value", "score")]
            if {"value", "score"} & values.keys() and left == [None, None]:
                values.setdefault("reason", None)
        return found

    # -- Qt ---------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def look(self, row: int, column: int) -> CellLook:
        found = self.rows[row]
        text, reason = self._refused_at(row, column)
        tone = "text"
        if column == STANDPOINT:
            tone = TONES.get(found.standpoint, "secondary")
        elif column in (CODE, UNIT, GOAL, POINTS, PROOFS):
            tone = "secondary"
        typed = (column == VALUE and found.typed.value is not None) or (
            column == SCORE and found.typed.score is not None
        )
        return CellLook(
            text if reason else self.text(row, column, self.value(row, column)),
            "notice" if typed else tone,
            right=COLUMNS[column].right,
            bold=typed or column == SCORE,
            refused=bool(reason),
        )

    def hint(self, row: int, column: int) -> str:
        found = self.rows[row]
        problem = self.problem(row, column)
        if problem:
            return problem
        if column in (CODE, NAME):
            return f"{found.task_id} {found.title}"
        if column in (POINTS, SCORE):
            return found.score_sentence
        if column in (STANDPOINT, GOAL, VALUE, COMPLETION):
            return found.arithmetic
        return self.shown(row, column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGN_RIGHT if COLUMNS[section].right else ALIGN_LEFT
        return super().headerData(section, orientation, role)


class Asked:
    """What follows the question for a reason: `again(reason)`, or `refuse()` when none is given."""

    def __init__(self, again: Callable[[str], None], refuse: Callable[[], None]) -> None:
        self.again, self.refuse = again, refuse


def _numbers() -> dict[int, Field]:
    schema = load_schema("evaluation")
    names = {GOAL: "value", COMPLETION: "completion", POINTS: "points"}
    return {column: schema.field(name) for column, name in names.items()}


_NUMBERS = _numbers()
