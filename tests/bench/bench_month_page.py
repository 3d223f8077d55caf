"""Typing in the window's 月调度 with 100 tasks × 200 units × 36 months: from Enter to the line's lamp and the total.

The promise is 100 ms by the clock at the 95th percentile, on a PC with nothing else to do: the figure is parsed, saved,
its task read and judged again, and the line, its lamp, the county's total beside it and the counts over the sheet are
drawn. The same is taken in processor time of all threads, which neighbours hardly change, and as a ratio to a bare SQL
aggregation of the month.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import cache, partial

from db.work.monthly.lines import Line
from desktop.pages.monthly import MonthlyPage
from tests.bench.bench_breakdown import Sample, sample
from tests.bench.bench_grid import Window
from tests.bench.bench_month import NAME, NOW, TARGET, bare, folder, samples
from tests.bench.harness import Measured, benchmark, percentile


class Page(Window):
    """The page 月调度 on that county, at the line of the target that is typed into."""

    def __init__(self) -> None:
        super().__init__(folder(), read_only=False)
        self.session.period = NOW
        self.page = MonthlyPage(self.session)
        self.page.resize(1282, 680)
        self.page.show()
        tasks = self.page.tasks
        self.wait(lambda: tasks.model.grid is not None)
        self.rows = [row for row, key in enumerate(tasks.model.keys()) if key.task_id == TARGET]
        self.column = tasks.sheet.figure_column()
        self.curve = tasks.panel.curve.chart.data

    def go(self, row: int) -> None:
        """Go to the line and return when all of it is drawn."""
        tasks = self.page.tasks
        self.curve = tasks.panel.curve.chart.data
        tasks.sheet.go(tasks.model.index(row, self.column))
        self.wait(lambda: tasks.panel.key == tasks.model.keys()[row])
        self.settle()

    def settle(self) -> None:
        """Return when the curve that follows has come; on a busy computer it may be there already."""
        chart = self.page.tasks.panel.curve.chart
        self.wait(lambda: chart.data is not self.curve)
        self.app.processEvents()

    def enter(self, row: int, figure: str) -> None:
        """Type a figure and return when the line, its lamp and the county's total have followed and are drawn."""
        tasks = self.page.tasks
        before, self.curve = tasks.model.grid, tasks.panel.curve.chart.data
        tasks.model.enter(row, self.column, figure)
        self.wait(lambda: tasks.model.grid is not before)
        line: Line = tasks.model.line(row)
        assert line.known.now is not None and line.known.now.amount == int(figure) * 1_000_000
        shown = tasks.panel._row
        assert shown is not None and shown.key == line.key and shown.figure == int(figure)
        self.app.processEvents()  # draws what has changed

    def close(self) -> None:
        self.page.close()
        self.page.deleteLater()
        super().close()


@cache
def typed() -> list[Sample]:
    """Return what it took to file each of some figures."""
    shown = Page()
    found: list[Sample] = []
    for n in range(60):
        row = shown.rows[n * 7 % len(shown.rows)]
        shown.go(row)
        found.append(sample(partial(shown.enter, row, str(200 + n))))
        shown.settle()
    shown.close()
    return found[5:]


def of_all(part: Callable[[Sample], float]) -> float:
    """Return the 95th percentile in ms."""
    return percentile([part(each) for each in typed()], 95) * 1000


@benchmark(f"{NAME}: typed in the window to lamp and total drawn, 95th percentile by the clock", unit="ms", limit=100)
def typing() -> Measured:
    return Measured(of_all(lambda each: each.wall))


@benchmark(
    f"{NAME}: typed in the window to lamp and total drawn, 95th percentile of processor time", unit="ms", limit=60
)
def typing_processor() -> Measured:
    return Measured(of_all(lambda each: each.cpu))


@benchmark(f"{NAME}: typed in the window to lamp and total drawn, to a bare SQL aggregation of the month", limit=2)
def typing_ratio() -> Measured:
    return Measured(
        statistics.median(each.cpu for each in typed()), statistics.median(each.cpu for each in samples(bare))
    )
