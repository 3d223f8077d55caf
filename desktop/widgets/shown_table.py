"""What a table shows, read off for paper: its columns in sight, in their order and widths, and every row."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from PySide6.QtCore import QAbstractItemModel, QObject, Qt, QTimer
from PySide6.QtWidgets import QTableView

from db.core.fields import Field
from db.core.masking import masked
from db.core.progress import Progress
from desktop.models.drawn import DrawnModel
from desktop.models.grid_model import GridModel
from desktop.models.grid_rows import text_of
from desktop.paper_names import PAPER_BELOW, PAPER_NOTE, PAPER_TITLE
from desktop.session import Session
from desktop.table_pages import PageColumn, PageTable

_BATCH = 500
_SLICE = 0.02
"""Seconds for which the texts of a sheet are taken before the window has its turn again."""

Rows = Callable[[bool, Progress], list[list[str]]]


@dataclass(frozen=True)
class Shown:
    """What a view shows. `gather(then)` takes what only the window's thread can, and calls `then`; from then on
    `rows(personal, progress)` gives the texts, off that thread.
    """

    title: str
    note: str
    columns: tuple[PageColumn, ...]
    count: int
    personal: tuple[str, ...]
    kept: int
    sums: int
    after: tuple[str, ...]
    rows: Rows
    gather: Callable[[Callable[[], object]], object] = lambda then: then()

    def table(self, personal: bool, progress: Progress) -> PageTable:
        """Return the table with what is personal readable or masked."""
        rows = self.rows(personal, progress)
        bold = frozenset(range(len(rows) - self.sums, len(rows)))
        return PageTable(self.title, self.columns, rows, self.note, self.kept, bold, self.after)


def shown_in(view: QTableView, session: Session) -> Shown:
    """Return what `view` shows: the columns in sight in their order, every row that its filters leave."""
    model, header = view.model(), view.horizontalHeader()
    order = [header.logicalIndex(place) for place in range(model.columnCount())]
    shown = [c for c in order if not view.isColumnHidden(c)]
    fields = [_field(model, c) for c in shown]
    columns = tuple(PageColumn(_heading(model, c), view.columnWidth(c), _is_right(model, c)) for c in shown)
    below = view.property(PAPER_BELOW)
    sums, after = _sums(below, shown) if isinstance(below, QTableView) else ([], [])
    if isinstance(model, GridModel):
        rows, gather = _grid_rows(model, [f for f in fields if f is not None], session), _at_once
    else:
        for before in view.findChildren(_Taken):
            before.deleteLater()
        taken = _Taken(model, shown, fields, sums, view)
        rows, gather = taken.rows, taken.gather
    count = model.rowCount()
    printed = session.today().isoformat()
    return Shown(
        title=str(view.property(PAPER_TITLE) or view.accessibleName() or "表格"),
        note="　".join(filter(None, (view.property(PAPER_NOTE), f"共 {count:,} 行", f"打印日期：{printed}"))),
        columns=columns,
        count=count,
        personal=tuple(field.title for field in fields if field is not None and field.personal),
        kept=max(1, sum(field is not None and field.frozen for field in fields)),
        sums=len(sums),
        after=tuple(after),
        rows=rows,
        gather=gather,
    )


def _at_once(then: Callable[[], object]) -> None:
    then()


class _Taken(QObject):
    """The texts of a sheet, taken a little at a time so that the window never waits; anew when its rows change."""

    def __init__(
        self,
        model: QAbstractItemModel,
        columns: Sequence[int],
        fields: Sequence[Field | None],
        sums: list[list[str]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._model, self._columns, self._fields, self._sums = model, columns, fields, sums
        self._texts: list[list[str]] = []
        self._then: Callable[[], object] = lambda: None
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._step)
        for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            signal.connect(self._texts.clear)

    def gather(self, then: Callable[[], object]) -> None:
        """Take every row, then call `then`."""
        self._then = then
        self._texts.clear()
        self._step()

    def _step(self) -> None:
        until = perf_counter() + _SLICE
        while len(self._texts) < self._model.rowCount():
            self._texts.append([_text(self._model, len(self._texts), column) for column in self._columns])
            if perf_counter() > until:
                self._timer.start()
                return
        self._then()

    def rows(self, personal: bool, _progress: Progress) -> list[list[str]]:
        """Return the rows and the sums, what is personal masked unless it is asked for."""
        hidden = [place for place, field in enumerate(self._fields) if field is not None and field.personal]
        found = [list(texts) for texts in self._texts]
        for texts in found if not personal else ():
            for place in hidden:
                field = self._fields[place]
                assert field is not None
                texts[place] = masked(field, texts[place])
        return found + self._sums


def _sums(below: QTableView, columns: Sequence[int]) -> tuple[list[list[str]], list[str]]:
    """Return the rows of sums; a sentence that lies over several of their columns follows the table instead."""
    rows, sentences = _texts(below.model(), columns), []
    for row, texts in enumerate(rows):
        for place, column in enumerate(columns):
            if below.columnSpan(row, column) > 1 and texts[place]:
                sentences.append(f"{texts[0]}：{texts[place]}")
                texts[place] = ""
    return rows, sentences


def _grid_rows(model: GridModel, fields: Sequence[Field], session: Session) -> Rows:
    query, seqs, county = model.query, model.seqs(0, model.rowCount()), session.county

    def read(conn: sqlite3.Connection, personal: bool, progress: Progress) -> list[list[str]]:
        found: list[list[str]] = []
        for start in range(0, len(seqs), _BATCH):
            progress.step(start, len(seqs), "正在读取")
            for row in query.rows(conn, seqs[start : start + _BATCH]):
                hide = [field.personal and not personal for field in fields]
                found.append(
                    [
                        masked(f, row.values.get(f.name)) if hidden else text_of(f, row)
                        for f, hidden in zip(fields, hide, strict=True)
                    ]
                )
        return found

    def rows(personal: bool, progress: Progress) -> list[list[str]]:
        with county.reading() as conn:
            return read(conn, personal, progress)

    return rows


def _texts(model: QAbstractItemModel, columns: Sequence[int]) -> list[list[str]]:
    return [[_text(model, row, column) for column in columns] for row in range(model.rowCount())]


def _text(model: QAbstractItemModel, row: int, column: int) -> str:
    if isinstance(model, DrawnModel):
        shown = model.look(row, column)
        return shown.text or ("√" if shown.tick else "")
    text = model.index(row, column).data(Qt.ItemDataRole.DisplayRole)
    return "" if text is None else str(text)


def _field(model: QAbstractItemModel, column: int) -> Field | None:
    if isinstance(model, GridModel):
        return model.fields[column]
    return model.field_of(column) if isinstance(model, DrawnModel) else None


def _heading(model: QAbstractItemModel, column: int) -> str:
    text = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
    return str(text or "")


def _is_right(model: QAbstractItemModel, column: int) -> bool:
    """Return whether the column's cells stand at the right, as its first row says; of an empty one its heading."""
    role = Qt.ItemDataRole.TextAlignmentRole
    side = model.index(0, column).data(role) if model.rowCount() else None
    if side is None:
        side = model.headerData(column, Qt.Orientation.Horizontal, role)
    return side is not None and bool(int(side) & int(Qt.AlignmentFlag.AlignRight))
