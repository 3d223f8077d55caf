"""The grid over 1,000,000 projects: first paint, jump to the end, memory.

The county is built once per run in a temporary folder, with SQL of its own, behind the journal's back: what is
measured is looking at the rows, not entering them.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from db.core.fields import load_schema
from db.store.connection import connect_reader
from db.store.query import Sort, TableQuery
from db.work.group_totals import group_totals, summed_fields
from db.work.setup import new_county
from desktop.app import make_app
from desktop.session import Session
from desktop.widgets.grid import Grid
from tests.bench.harness import Measured, benchmark, in_turn, peak_memory_of, percentile, seconds

ROWS = 1_000_000
SCHEMA = load_schema("key_project")
SORT = Sort("total_investment", descending=True)
PATIENCE = 120.0
FILL = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO register_key_project (id, name, initials, town_id, content, stage, total_investment, created_at)
SELECT printf('%08x-0000-4000-8000-%012x', i, i), '第' || i || '号重点项目', 'd' || i || 'hzdxm',
       town.id, '建设内容及规模，演示数据', '实施中', (i * 7919 % 1000003) * 1000000, ''
FROM n JOIN town ON town.seq = (SELECT min(seq) FROM town) + i % 10
"""


@cache
def folder(rows: int) -> Path:
    """Return a county with so many projects."""
    place = Path(tempfile.mkdtemp(prefix="sijian-bench-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    new_county(place / "county", county="370783", author="测试").close()
    connection = sqlite3.connect(place / "county" / "county.db")
    triggers = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'register_key_project'"
    ).fetchall()
    for (name,) in triggers:
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute(FILL, (rows,))
    connection.commit()
    connection.close()
    return place / "county"


class Window:
    """A session with real threads and a grid on the projects, as the window shows it."""

    def __init__(self, place: Path, *, sort: Sort | None = None, read_only: bool = True) -> None:
        self.app: QApplication = make_app()
        self.session = Session(author="测试")
        self.session.open_folder(place, read_only=read_only)
        self.wait(lambda: self.session.is_open)
        self.query = TableQuery(SCHEMA, sorts=(sort,) if sort is not None else ())
        self.grid: Grid | None = None

    def wait(self, reached: Callable[[], bool]) -> None:
        """Sleep until events happen, and let them, until `reached`."""
        end = time.monotonic() + PATIENCE
        waker = QTimer(interval=1000)
        waker.start()
        while not reached():
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.monotonic() > end:
                raise TimeoutError
        waker.stop()

    def paint(self) -> Grid:
        """Make the grid and return when its first rows are drawn."""
        grid = Grid(self.session, self.query)
        grid.resize(1200, 640)
        grid.show()
        self.wait(lambda: grid.rows.is_loaded)
        self.draw(grid)
        self.grid = grid
        return grid

    def draw(self, grid: Grid) -> None:
        """Draw the visible rows, which must be there."""
        visible = grid.visible_rows()
        self.wait(lambda: all(grid.rows.row_at(row) is not None for row in visible))
        grid.viewport().repaint()
        grid.frozen.viewport().repaint()

    def close(self) -> None:
        """Close everything."""
        if self.grid is not None:
            self.grid.close()
            self.grid.deleteLater()
            self.grid = None
        self.session.close()
        self.app.processEvents()


def plain_ids(place: Path, order: str) -> list[int]:
    """Return the ordered row numbers as plain sqlite3 gives them."""
    connection = sqlite3.connect(place / "county.db")
    try:
        sql = f"SELECT seq FROM register_key_project WHERE deleted_at IS NULL ORDER BY {order}"
        return [seq for (seq,) in connection.execute(sql)]
    finally:
        connection.close()


def first_paint(sort: Sort | None, order: str) -> Measured:
    """Return the medians of painting and of the reference, taken in turn."""
    place = folder(ROWS)
    own: list[float] = []
    reference: list[float] = []
    for _ in range(5):
        reference.append(seconds(lambda: plain_ids(place, order)))
        window = Window(place, sort=sort)
        own.append(seconds(window.paint))
        window.close()
    return Measured(statistics.median(own[1:]), statistics.median(reference[1:]))


@benchmark("grid of 1,000,000 projects: first paint as entered, to plain sqlite3 ids", limit=2)
def first_paint_as_entered() -> Measured:
    return first_paint(None, "seq")


@benchmark("grid of 1,000,000 projects: first paint ordered by amount, to plain sqlite3 ids", limit=2)
def first_paint_ordered() -> Measured:
    return first_paint(SORT, "total_investment DESC NULLS LAST, seq")


@benchmark("grid of 1,000,000 projects: jump to the end, 95th percentile", unit="ms", limit=50)
def jump_to_the_end() -> Measured:
    window = Window(folder(ROWS), sort=SORT)
    grid = window.paint()
    bar = grid.verticalScrollBar()
    samples: list[float] = []

    def jump() -> None:
        bar.setValue(bar.maximum())
        window.draw(grid)

    for step in range(60):
        bar.setValue((step * 104729) % (ROWS - 1000))
        window.draw(grid)
        grid.rows._chunks.clear()
        samples.append(seconds(jump) * 1000)
    window.close()
    return Measured(percentile(samples[5:], 95))


@benchmark("grid of 1,000,000 projects: ordered by town and amount, to plain sqlite3 by town's id and amount", limit=2)
def order_by_two() -> Measured:
    query = TableQuery(SCHEMA, sorts=(Sort("town_id"), SORT))
    with closing(connect_reader(folder(ROWS) / "county.db")) as conn:
        order = "town_id, total_investment DESC NULLS LAST, seq"
        return in_turn(lambda: query.seqs(conn), lambda: plain_ids(folder(ROWS), order))


@benchmark("grid of 1,000,000 projects: totals by town, to the same sums in plain SQL", limit=2)
def totals_by_town() -> Measured:
    sums = ", ".join(f'sum("{field.name}")' for field in summed_fields(SCHEMA))
    plain = f"SELECT town_id, count(*), {sums} FROM register_key_project WHERE deleted_at IS NULL GROUP BY town_id"
    with closing(connect_reader(folder(ROWS) / "county.db")) as conn:
        return in_turn(
            lambda: group_totals(conn, TableQuery(SCHEMA), "town_id"), lambda: conn.execute(plain).fetchall()
        )


def look_around(place: str) -> None:
    """Show the grid, jump about in it, and order it (run in a process of its own)."""
    window = Window(Path(place))
    grid = window.paint()
    bar = grid.verticalScrollBar()
    for step in range(30):
        bar.setValue((step * 104729) % max(bar.maximum(), 1))
        window.draw(grid)
    window.close()


@benchmark("grid of 1,000,000 projects: memory over a grid of 100", unit="MB", limit=64)
def memory() -> Measured:
    look = "tests.bench.bench_grid:look_around"
    large, small = (peak_memory_of(look, str(folder(rows))) for rows in (ROWS, 100))
    return Measured((large - small) / 1e6)
