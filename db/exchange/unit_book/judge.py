"""Holding a workbook's table against the county file, three ways: what was sent out, what is there now, what came back.

    judge_table(conn, sender, found, progress=NO_PROGRESS) -> ReadTable

Rows are compared as they would stand in the workbook before any cell is parsed. What the sender left as it was changes
nothing, whatever the program has got since; what only the program changed stays; what both changed is a clash.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from db.core.progress import NO_PROGRESS, Progress
from db.exchange.cells.model import Raw
from db.exchange.unit_book.asides import aside
from db.exchange.unit_book.case import Case, text_of
from db.exchange.unit_book.found import FoundTable
from db.exchange.unit_book.judge_known import compare_known, settle
from db.exchange.unit_book.judge_new import read_new
from db.exchange.unit_book.locked import locked_changes, unlike_beside
from db.exchange.unit_book.owners import Owner
from db.exchange.unit_book.reading import ReadRow, ReadTable
from db.exchange.unit_book.sheet_entry import Entry


def judge_table(
    conn: sqlite3.Connection, owner: Owner, found: FoundTable, progress: Progress = NO_PROGRESS
) -> ReadTable:
    """Return what the table would do to the rows of its sender, whose rows `owner` knows. Raises Cancelled."""
    return _Judge(Case(conn, owner, found, progress)).judged()


class _Judge:
    def __init__(self, case: Case) -> None:
        self._case, self._owner, self._found, self.read = case, case.owner, case.found, case.read
        self._places = sorted(column.place for column in case.columns)
        self._same: list[tuple[str, int]] = []
        self._emptied_ids: set[str] = set()

    def judged(self) -> ReadTable:
        case, read = self._case, self.read
        entries = self._entries()
        self._owner.find(self._found, entries, {row_id for row_id, _ in self._same})
        known, new = self._sorted(entries)
        compare_known(case, known)
        read_new(case, new)
        read.told += [*locked_changes(case, known), *unlike_beside(case, (*known, *new))]
        settle(case, [entry for entry in known if entry.read is not None])
        self._refuse_copies(known)
        changed = [entry.read for entry in known if entry.read is not None and entry.read.changes]
        read.unchanged = len(self._same) + len(known) - len(changed)
        read.rows += changed
        read.rows += [entry.read for entry in new if entry.read is not None]
        read.rows.sort(key=lambda row: row.row)
        self._owner.review(read)
        read.ids = dict(self._same) | {entry.id: entry.row for entry in entries if entry.id}
        read.lost = self._owner.lost(read.ids.keys() - self._emptied_ids)
        return read

    # -- rows -----------------------------------------------------------------------------------------------------

    def _entries(self) -> list[Entry]:
        """Return the rows of the sheet but for those of the sender's that say what the program has: most of them.

        What is worked out has to be looked at in every row.
        """
        found = self._found
        width = 1 + max([found.id_column, found.base_column, *found.columns.values()])
        names = [code for code in found.columns if code in self._owner.present.positions]
        self._case.step()
        as_written = self._owner.as_written(names) if names and not self._case.worked_out else {}
        cells_of = _picking([found.columns[name] for name in names])
        odd = {row for row, _ in (*self._case.sheet.faults, *self._case.covered)}
        made = []
        for row in found.rows:
            line = found.cells.rows[row]
            if len(line) < width:
                line = line + [None] * (width - len(line))
            row_id = line[found.id_column] if found.id_column >= 0 else ""
            if not (isinstance(row_id, str) and row_id in as_written):
                row_id = text_of(row_id)
            if row_id in as_written and row not in odd:
                cells = cells_of(line)
                # To Python True is 1; to the sender it is not.
                if cells == as_written[row_id] and bool not in map(type, cells):
                    self._same.append((row_id, row))
                    continue
            made.append(Entry(row, row_id, line))
        return made

    def _sorted(self, entries: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
        """Return the entries of known rows and those of new ones; the rest is refused and read."""
        known: list[Entry] = []
        new: list[Entry] = []
        for entry in entries:
            fault = self._owner.fault(self._found, entry)
            # A line of the month is known by its task, whatever its first text looks like.
            unknown = not entry.id and (fault is not None or self._case.table.takes_new_rows)
            if unknown and self._is_aside(entry):
                continue
            if fault is not None:
                self._refuse(entry, *fault)
            elif entry.id and self._emptied(entry):
                self._emptied_ids.add(entry.id)
            elif entry.id:
                known.append(entry)
            else:
                new.append(entry)
        return known, new

    def _emptied(self, entry: Entry) -> bool:
        """Return whether a project's row was emptied as a whole: its hidden id is all that is left of a deleted row."""
        columns = self._case.columns
        if not self._case.table.takes_new_rows or any(entry.line[column.place] is not None for column in columns):
            return False
        return not any((entry.row, column.place) in self._case.sheet.faults for column in columns)

    def _is_aside(self, entry: Entry) -> bool:
        """Return whether the line is no entry but a sum or a signature; it is told."""
        what = aside([entry.line[place] for place in self._places])
        if what:
            spot = next(place for place in self._places if entry.line[place] is not None)
            said = f"这一行像是{what}，不是填报内容，没有读。"
            advice = "是填报内容的，请改写名称。"
            self.read.told.append(self._case.problem(entry.row, spot, "row.aside", said, advice, stops=False))
        return bool(what)

    def _refuse(self, entry: Entry, code: str, message: str, advice: str) -> None:
        if not entry.id and not self._says_something(entry):
            return
        problem = self._case.problem(entry.row, self._case.title_place, code, message, advice)
        self.read.rows.append(ReadRow(entry.row, entry.id, self._case.title(entry), problems=[problem]))

    def _says_something(self, entry: Entry) -> bool:
        """Return whether a row without an id is more than a spare one: known columns alone are no project."""
        places = [column.place for column in self._case.columns]
        if not self._case.table.takes_new_rows:
            places = list(self._found.columns.values())
        return any(entry.line[place] is not None for place in places)

    def _refuse_copies(self, known: Iterable[Entry]) -> None:
        """Refuse what a row says that stands there twice, where it is not what the program has: which is the row?"""
        touched = {entry.id: entry.row for entry in known if entry.read is not None and entry.read.changes}
        places: dict[str, list[int]] = {row_id: [] for row_id in touched}
        for row_id, row in (*self._same, *((entry.id, entry.row) for entry in known)):
            if row_id in places:
                places[row_id].append(row)
        for entry in known:
            rows = sorted(places.get(entry.id, ()))
            if entry.read is None or not entry.read.changes or len(rows) < 2:
                continue
            other = rows[-1] if entry.row == rows[0] else rows[0]
            said = f"与第{other + 1}行是同一行（标识相同），不知道以哪一行为准。"
            advice = "其中一行如是复制出来的新项目，请清空它A列的标识；不是，请删去一行。"
            problem = self._case.problem(entry.row, self._case.title_place, "row.twice", said, advice)
            entry.read.problems.append(problem)
            for change in entry.read.changes.values():
                change.clash, change.take = False, False


def _picking(places: Sequence[int]) -> Callable[[Sequence[Raw]], tuple[Any, ...]]:
    """Return what picks these cells of a line; at least one."""
    if len(places) == 1:
        return lambda line: (line[places[0]],)
    return itemgetter(*places) if places else lambda line: ()
