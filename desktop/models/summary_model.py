"""The lines under a task's sheet: 小计, 县级目标 and 余额 by year, with a sentence beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Qt

from db.work.arithmetic import figure
from db.work.breakdown import BreakdownGrid, YearSummary, year_sentences
from db.work.tasks import Duty
from desktop.models.drawn import CellLook, DrawnModel, Index
from desktop.models.sheet_column import Column, Kind

TONES = {"good": "good", "bad": "bad", "warn": "caution", "muted": "secondary"}


class Line(StrEnum):
    """The lines that can stand there, by the word people see."""

    SUBTOTAL = "小计"
    ASSIGNED = "已落实"
    QUOTA = "县级目标"
    BALANCE = "余额"
    REACHED = "是否达到"


LINES = {
    Duty.QUANTITY: (Line.SUBTOTAL, Line.QUOTA, Line.BALANCE),
    Duty.RATE: (Line.QUOTA, Line.REACHED),
    Duty.COMPLETION: (Line.ASSIGNED,),
    Duty.NOTHING: (),
}
_OF_SHARES = (Line.SUBTOTAL, Line.ASSIGNED)
"""What can be said where only some units' share is there, which is held against nothing."""


@dataclass(frozen=True)
class _Shown:
    text: str
    tone: str = ""


class SummaryModel(DrawnModel):
    """Has the columns of the sheet above it; the first text column carries the sentence of its line."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.grid: BreakdownGrid | None = None
        self.columns: tuple[Column, ...] = ()
        self.lines: tuple[Line, ...] = ()
        self._year = 0

    def show_grid(self, grid: BreakdownGrid | None, columns: tuple[Column, ...], year: int) -> None:
        """Show a newly read grid under these columns."""
        lines = LINES[grid.duty] if grid else ()
        if grid is not None and grid.share:
            lines = tuple(line for line in lines if line in _OF_SHARES)
        same = (self.lines, self.columns) == (lines, columns)
        if not same:
            self.beginResetModel()
        self.grid, self.columns, self.lines, self._year = grid, columns, lines, year
        if not same:
            self.endResetModel()
        elif lines and columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(columns) - 1))

    @property
    def note_column(self) -> int:
        """Return the column in which the sentences begin."""
        return next((place for place, column in enumerate(self.columns) if column.kind is Kind.TEXT), 0)

    def line_of(self, line: Line) -> int:
        """Return the row of the line, -1 when this task has none."""
        return self.lines.index(line) if line in self.lines else -1

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def look(self, row: int, column: int) -> CellLook:
        line, found = self.lines[row], self.columns[column]
        shown = self._shown(line, column)
        return CellLook(
            shown.text,
            shown.tone or "text",
            right=found.kind in (Kind.YEAR, Kind.TOTAL),
            bold=found.kind is not Kind.TEXT or line in (Line.BALANCE, Line.REACHED),
            ground="stripe",
        )

    def _shown(self, line: Line, column: int) -> _Shown:
        found = self.columns[column]
        if found.kind is Kind.NAME:
            return _Shown(line.value)
        if column == self.note_column:
            return self._note(line)
        summary = self._summary(column)
        if summary is None or found.kind not in (Kind.YEAR, Kind.TOTAL):
            return _Shown("")
        return _CELLS[line](summary)

    def _summary(self, column: int) -> YearSummary | None:
        if self.grid is None:
            return None
        found = self.columns[column]
        return self.grid.overall if found.kind is Kind.TOTAL else self.grid.summaries.get(found.year)

    def _note(self, line: Line) -> _Shown:
        """Return the sentence of the line: what it is in the city's unit, the paper, or what does not add up."""
        assert self.grid is not None
        years = list(self.grid.summaries.values())
        chosen = self._telling_year()
        if line is Line.SUBTOTAL:
            whole = self.grid.overall or chosen
            city = self.grid.in_city_unit(whole.subtotal) if whole.filled else None
            if city is None or self.grid.city_unit == self.grid.unit:
                return _Shown("")
            several = self.grid.overall is not None and len(years) > 1
            all_years = "三年合" if len(years) == 3 else "各年合"
            when = all_years if several else f"{chosen.year}年合"
            return _Shown(f"{when}{figure(city, self.grid.city_unit)}", "secondary")
        if line is Line.QUOTA:
            papers = list(dict.fromkeys(year.document_number for year in years if year.document_number))
            if papers:
                return _Shown("、".join(papers), "secondary")
            missing = all(year.quota is None for year in years)
            return _Shown("还没有录入，双击年度格录入" if missing else "没有写文号", "secondary")
        wrong = year_sentences(years)
        if wrong:
            return _Shown(" ".join(wrong), "bad" if any(year.tone == "bad" for year in years) else "caution")
        whole = self.grid.overall or chosen
        when = "" if self.grid.overall else f"{chosen.year}年"
        return _Shown(when + whole.sentence, TONES[whole.tone])

    def _telling_year(self) -> YearSummary:
        """Return the chosen year, or when there is nothing in it, the last one that has something."""
        assert self.grid is not None
        chosen = self.grid.summaries[self._year]
        with_something = [year for year in self.grid.summaries.values() if year.assigned or year.quota is not None]
        return chosen if chosen in with_something or not with_something else with_something[-1]

    def hint(self, row: int, column: int) -> str:
        line = self.lines[row]
        if column == self.note_column:
            return self._note(line).text
        summary = self._summary(column)
        if summary is None or self.grid is None or self.columns[column].kind not in (Kind.YEAR, Kind.TOTAL):
            return ""
        lines = [summary.sentence] if line in (Line.BALANCE, Line.REACHED) else []
        if line is Line.QUOTA and self.columns[column].kind is Kind.YEAR:
            lines = [summary.document_number, summary.quota_as_typed and f"文件上是{summary.quota_as_typed}"]
            lines.append("双击修改县级目标")
        return "\n".join(line for line in lines if line)


def _subtotal(year: YearSummary) -> _Shown:
    return _Shown("" if year.subtotal is None or not year.filled else figure(year.subtotal))


def _quota(year: YearSummary) -> _Shown:
    return _Shown("—", "secondary") if year.quota is None else _Shown(figure(year.quota))


def _balance(year: YearSummary) -> _Shown:
    if year.balance is None:
        return _Shown("—", "secondary")
    text = figure(year.balance) if year.balance >= 0 else f"超{figure(-year.balance)}"
    return _Shown(text, TONES[year.tone])


def _reached(year: YearSummary) -> _Shown:
    if year.quota is None or year.tone == "muted":
        return _Shown("—", "secondary")
    return _Shown("● 达到" if year.ok else "■ 未达到", TONES[year.tone])


def _assigned(year: YearSummary) -> _Shown:
    return _Shown(f"{year.assigned}个" if year.assigned else "—", "" if year.assigned else "secondary")


_CELLS: dict[Line, Callable[[YearSummary], _Shown]] = {
    Line.SUBTOTAL: _subtotal,
    Line.QUOTA: _quota,
    Line.BALANCE: _balance,
    Line.REACHED: _reached,
    Line.ASSIGNED: _assigned,
}
