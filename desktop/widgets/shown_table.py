"""What a table shows, read off for paper: its columns in sight, in their order and widths, and every row."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QTableView

from db.core.fields import Field
from db.core.masking import masked
from db.core.progress import Progress
from desktop.models.grid_model import GridModel
from desktop.models.grid_rows import text_of
from desktop.models.sheet import SheetModel, SheetRole
from desktop.paper_names import PAPER_BELOW, PAPER_NOTE, PAPER_TITLE
from desktop.session import Session
from desktop.table_pages import PageColumn, PageTable

_BATCH = 500
Rows = Callable[[bool, Progress], list[list[str]]]


@dataclass(frozen=True)
class Shown:
    """What a view shows, ready to be printed. `rows(personal, progress)` reads the texts, off the window's thread."""

    title: str
    note: str
    columns: tuple[PageColumn, ...]
    count: int
    personal: tuple[str, ...]
    kept: int
    sums: int
    after: tuple[str, ...]
    rows: Rows

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
        rows, count = _grid_rows(model, [f for f in fields if f is not None], session), model.rowCount()
    else:
        # A sheet is small: its texts are taken now, as they stand, and only drawn elsewhere.
        plain, hidden = _texts(model, shown, []), _texts(model, shown, fields)
        rows, count = (lambda personal, _: (plain if personal else hidden) + sums), len(plain)
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
    )


def _sums(below: QTableView, columns: Sequence[int]) -> tuple[list[list[str]], list[str]]:
    """Return the rows of sums; a sentence that lies over several of their columns follows the table instead."""
    rows, sentences = _texts(below.model(), columns, []), []
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


def _texts(model: QAbstractItemModel, columns: Sequence[int], fields: Sequence[Field | None]) -> list[list[str]]:
    """Return what the cells say, those of personal `fields` masked."""
    found = []
    for row in range(model.rowCount()):
        texts = [_text(model, row, column) for column in columns]
        for place, field in enumerate(fields):
            if field is not None and field.personal:
                texts[place] = masked(field, texts[place])
        found.append(texts)
    return found


def _text(model: QAbstractItemModel, row: int, column: int) -> str:
    index = model.index(row, column)
    text = index.data(Qt.ItemDataRole.DisplayRole)
    if text is None or text == "":
        ticked = index.data(SheetRole.TICK) if isinstance(model, SheetModel) else None
        return "√" if ticked else ""
    return str(text)


def _field(model: QAbstractItemModel, column: int) -> Field | None:
    if isinstance(model, GridModel):
        return model.fields[column]
    return model.field_of(column) if isinstance(model, SheetModel) else None


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
