"""The rows of a month that are looked at: read in chunks off the GUI thread, kept as long as they are true."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from db.work.monthly.grid import MonthGrid
from db.work.monthly.model import RowKey
from db.work.monthly.rows import MonthRow, month_rows

if TYPE_CHECKING:
    from desktop.session import Session

CHUNK, MOST_ROWS = 60, 6000


class RowWindow(QObject):
    """Gives the rows it has and reads those it was asked for; `arrived(first, last)` tells which came."""

    arrived = Signal(int, int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.grid: MonthGrid | None = None
        self.places: list[int] = []
        self.keys: list[RowKey] = []
        self._rows: dict[RowKey, MonthRow] = {}
        self._wanted: set[int] = set()
        self._reading = False
        self._asked: list[int] = []
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._fetch)

    def show(
        self,
        grid: MonthGrid,
        places: Sequence[int],
        fresh: Mapping[RowKey, MonthRow],
        written: Collection[RowKey] | None = None,
    ) -> None:
        """Take a newly read month.

        Of what was known the rows of tasks stay that were not read anew, and where the lines are the same all but
        those whose entries were `written`, if that is known.
        """
        same = self.is_same(grid, places)
        if same and written is not None:
            for key in written:
                self._rows.pop(key, None)
        else:
            self._rows = dict(self._kept(grid))
        self._rows |= fresh
        if not same:
            every = list(grid.place_of)
            self.places, self.keys = list(places), [every[place] for place in places]
            self.__dict__.pop("_row_at", None)
        self.grid = grid
        if same:
            # What was being read for the month before is asked for again: nobody draws these rows anew.
            self._wanted.update(self._asked)
            if self._wanted:
                self._timer.start()
        else:
            self._wanted.clear()
        self._asked, self._reading = [], False

    def is_same(self, grid: MonthGrid, places: Sequence[int]) -> bool:
        """Return whether the month has the lines that are shown, at the same places."""
        before = self.grid
        if before is None or before.period != grid.period:
            return False
        if before.place_of is grid.place_of:
            return places is self.places or places == self.places
        every = list(grid.place_of)
        return self.keys == [every[place] for place in places]

    @cached_property
    def _row_at(self) -> Mapping[RowKey, int]:
        return {key: row for row, key in enumerate(self.keys)}

    def row_of(self, key: RowKey) -> int:
        """Return the row of a line, -1 when it is not shown."""
        return self._row_at.get(key, -1)

    def changed(self, grid: MonthGrid, written: Collection[RowKey] | None = None) -> range:
        """Return the rows, from first to last, of the lines `written`, or of tasks that `grid` read anew."""
        if written is not None:
            rows = sorted(row for key in written if (row := self.row_of(key)) >= 0)
        else:
            unread = self._unread(grid)
            rows = [row for row, key in enumerate(self.keys) if key.task_id not in unread]
        return range(rows[0], rows[-1] + 1) if rows else range(0)

    def _unread(self, grid: MonthGrid) -> set[str]:
        """Return the tasks that are as they were."""
        before = self.grid
        old = {task.due.id: task for task in before.lines.tasks} if before is not None else {}
        return {task.due.id for task in grid.lines.tasks if old.get(task.due.id) is task}

    def _kept(self, grid: MonthGrid) -> dict[RowKey, MonthRow]:
        before = self.grid
        if before is None or before.period != grid.period or len(self._rows) > MOST_ROWS:
            return {}
        if before is grid:
            return self._rows
        same = self._unread(grid)
        return {key: row for key, row in self._rows.items() if key.task_id in same}

    def forget(self) -> None:
        """Read everything anew as it is looked at."""
        self._rows.clear()

    def row(self, row: int) -> MonthRow | None:
        """Return all that is known of a row; None while it is being read."""
        found = self._rows.get(self.keys[row])
        if found is None:
            self._wanted.add(row)
            if not self._reading:
                self._timer.start()
        return found

    def has(self, row: int) -> bool:
        """Return whether the row is known, without asking for it."""
        return self.keys[row] in self._rows

    def read_all(self, then: Callable[[], object]) -> None:
        """Read every row that is not known yet, and call `then` unless another month is shown by that time."""
        grid = self.grid
        rows = [row for row in range(len(self.places)) if not self.has(row)]
        if grid is None or not rows:
            then()
            return
        places = [self.places[row] for row in rows]

        def take(found: Sequence[MonthRow]) -> None:
            if grid is self.grid:
                self._take(grid, rows, found)
                then()

        self._session.read(self._reader(grid, places), take, owner=self, key="all")

    def _reader(self, grid: MonthGrid, places: Sequence[int]) -> Callable[[sqlite3.Connection], Sequence[MonthRow]]:
        catalogue, today = self._session.catalogue, self._session.today()
        return lambda conn: month_rows(conn, catalogue, grid, places, today=today)

    def _fetch(self) -> None:
        """Read the rows that were asked for last, with those around them."""
        grid = self.grid
        wanted = [row for row in self._wanted if row < len(self.places) and not self.has(row)]
        self._wanted.clear()
        if grid is None or not wanted or not self._session.is_open:
            return
        first, last = min(wanted) // CHUNK * CHUNK, (max(wanted) // CHUNK + 1) * CHUNK
        rows = [row for row in range(first, min(last, len(self.places))) if not self.has(row)]
        query = self._reader(grid, [self.places[row] for row in rows])
        self._reading, self._asked = True, rows
        self._session.read(query, lambda found: self._take(grid, rows, found), owner=self)

    def _take(self, grid: MonthGrid, rows: Sequence[int], found: Sequence[MonthRow]) -> None:
        if grid is not self.grid:
            return
        self._reading, self._asked = False, []
        self._rows.update((row.key, row) for row in found)
        self.arrived.emit(rows[0], rows[-1])
        if self._wanted:
            self._timer.start()
