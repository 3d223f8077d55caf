"""Holding a workbook's table against the county file, three ways: what was sent out, what is there now, what came back.

    judge_table(conn, sender, found) -> ReadTable

Cells are compared as they would stand in the workbook before any is parsed. What the sender left as it was changes
nothing, whatever the program has got since; what only the program changed stays; what both changed is a clash.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from db.core.field import Field
from db.core.text import fold_choice
from db.core.values import Cell
from db.exchange.cells.model import Raw, place
from db.exchange.unit_book.asides import aside
from db.exchange.unit_book.found import FoundTable
from db.exchange.unit_book.known import (
    Bad,
    KnownRows,
    Loaded,
    Parsed,
    Spelt,
    Stored,
    labels_of,
    tidied,
)
from db.exchange.unit_book.locked import locked_changes
from db.exchange.unit_book.owners import Owner
from db.exchange.unit_book.reading import CellProblem, Change, ReadRow, ReadTable
from db.store.cells import plain_columns
from db.store.past import last_changes, rows_at
from db.work.references import names_of


@dataclass
class _Entry:
    """A row of the sheet with what is known of it: `id` "" for a new one."""

    row: int
    id: str
    base: int | None
    line: list[Raw]
    read: ReadRow | None = None


@dataclass
class _Column:
    """One entry column: how it is spelt and read, and what each entry has."""

    own: Field
    place: int
    raws: list[Raw] = field(default_factory=list)


def judge_table(conn: sqlite3.Connection, owner: Owner, found: FoundTable) -> ReadTable:
    """Return what the table would do to the rows of its sender, whose rows `owner` knows."""
    return _Judge(conn, owner, found).judged()


class _Judge:
    def __init__(self, conn: sqlite3.Connection, owner: Owner, found: FoundTable) -> None:
        self._conn, self._owner, self._found = conn, owner, found
        self._table, self._schema = found.table, found.table.schema
        self._sheet = found.cells
        self.read = ReadTable(found.table, found.cells.name, found.columns)
        rows = set(found.rows) if found.cells.merged else set()
        self._covered = {spot: around for spot, around in found.cells.covered() if spot[0] in rows}
        self._columns = [
            _Column(column.field, found.columns[column.code])
            for column in found.table.entry_columns
            if column.code in found.columns
        ]
        self._plain = plain_columns(self._schema)
        self._emptied_ids: set[str] = set()

    def judged(self) -> ReadTable:
        entries = self._entries()
        known, new = self._sorted(entries)
        self._stored = self._owner.present.columns([entry.id for entry in known])
        cells = _by_column(known)
        for column in self._columns:
            self._compare(column, known, tidied(cells[column.place]) if cells else [])
        blank = self._read_new(new)
        self.read.told += locked_changes(self._conn, self._owner, self._found, known)
        self._take(known, [entry for entry in new if id(entry) not in blank])
        self._owner.review(self.read)
        self.read.ids = {entry.id: entry.row for entry in entries if entry.id}
        self.read.lost = self._owner.lost(self.read.ids.keys() - self._emptied_ids)
        return self.read

    # -- rows -----------------------------------------------------------------------------------------------------

    def _entries(self) -> list[_Entry]:
        width = 1 + max([self._found.id_column, self._found.base_column, *self._found.columns.values()])
        made = []
        for row in self._found.rows:
            line = self._sheet.rows[row]
            if len(line) < width:
                line = line + [None] * (width - len(line))
            row_id = _text(line[self._found.id_column]) if self._found.id_column >= 0 else ""
            made.append(_Entry(row, row_id, self._base(line), line))
        return made

    def _base(self, line: Sequence[Raw]) -> int | None:
        """Return the journal's number by which the row was written; that of the workbook where the row has none."""
        text = _text(line[self._found.base_column]) if self._found.base_column >= 0 else ""
        whole = self._owner.base_seq
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            return whole
        return int(text) if whole is None else min(int(text), whole)

    def _sorted(self, entries: list[_Entry]) -> tuple[list[_Entry], list[_Entry]]:
        """Return the entries of known rows and those of new ones; the rest is refused and read."""
        self._owner.find(self._found, entries)
        known: list[_Entry] = []
        new: list[_Entry] = []
        for entry in entries:
            fault = self._owner.fault(self._found, entry)
            # A line of the month is known by its task, whatever its first text looks like.
            unknown = not entry.id and (fault is not None or self._table.takes_new_rows)
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

    def _emptied(self, entry: _Entry) -> bool:
        """Return whether a project's row was emptied as a whole: its hidden id is all that is left of a deleted row."""
        if not self._table.takes_new_rows or any(entry.line[column.place] is not None for column in self._columns):
            return False
        return not any((entry.row, column.place) in self._sheet.faults for column in self._columns)

    def _is_aside(self, entry: _Entry) -> bool:
        """Return whether the line is no entry but a sum or a signature; it is told."""
        places = sorted(column.place for column in self._columns)
        what = aside([entry.line[place] for place in places])
        if what:
            spot = next(place for place in places if entry.line[place] is not None)
            said = f"这一行像是{what}，不是填报内容，没有读。"
            told = CellProblem(
                self._sheet.name, entry.row, spot, "row.aside", said, "是填报内容的，请改写名称。", stops=False
            )
            self.read.told.append(told)
        return bool(what)

    def _refuse(self, entry: _Entry, code: str, message: str, advice: str) -> None:
        if not entry.id and not self._says_something(entry):
            return
        problem = CellProblem(self._sheet.name, entry.row, self._title_place(), code, message, advice)
        self.read.rows.append(ReadRow(entry.row, entry.id, self._title(entry), problems=[problem]))

    def _says_something(self, entry: _Entry) -> bool:
        """Return whether a row without an id is more than a spare one: known columns alone are no project."""
        places = [column.place for column in self._columns]
        if not self._table.takes_new_rows:
            places = list(self._found.columns.values())
        return any(entry.line[place] is not None for place in places)

    def _title_place(self) -> int:
        name = self._schema.initials_of or self._owner.title_code
        return self._found.columns.get(name, min(self._found.columns.values(), default=0))

    def _title(self, entry: _Entry) -> str:
        return _text(entry.line[self._title_place()]) or f"第{entry.row + 1}行"

    # -- known rows -----------------------------------------------------------------------------------------------

    def _compare(self, column: _Column, known: Sequence[_Entry], raws: list[Raw]) -> None:
        """Make a change of each cell of known rows that differs from what the program has."""
        own, at = column.own, column.place
        stored = self._stored[own.name]
        loaded = Loaded(own, plain=own.name in self._plain)
        labels = labels_of(self._conn, own.ref, stored) if own.ref else {}
        # A text stands in the workbook as it is stored.
        as_text = own.type in ("string", "text") and not own.ref
        wanted = stored if as_text else list(map(Spelt(loaded, own, labels).__getitem__, stored))
        differing = [n for n, (raw, now) in enumerate(zip(raws, wanted, strict=True)) if raw != now]
        faults = self._sheet.faults
        faulty = [n for n, entry in enumerate(known) if (entry.row, at) in faults] if faults else []
        if self._covered:
            others = set(differing)
            self._tell_merged(column, [entry for n, entry in enumerate(known) if n not in others])
        if not differing and not faulty:
            return
        parsed = Parsed(self._conn, own, [raws[n] for n in differing])
        labels |= parsed.labels
        for n in sorted({*differing, *faulty}):
            entry, ours = known[n], loaded[stored[n]]
            change = Change(own, at, raws[n], ours, labels=labels)
            change.problem = self._cell_problem(own, entry.row, at)
            if change.problem is None:
                theirs = parsed[raws[n]]
                if isinstance(theirs, Bad):
                    change.problem = self._bad(entry.row, at, theirs)
                elif theirs == ours and type(theirs) is type(ours):
                    continue
                elif theirs is None and own.required and own.name == self._schema.initials_of:
                    change.problem = self._nameless(own, entry.row, at)
                else:
                    change.theirs = theirs
            self._row_of(entry).changes[own.name] = change

    def _nameless(self, own: Field, row: int, at: int) -> CellProblem:
        """Return what to say of a row whose name was taken away: nobody means that."""
        said = f"「{own.title}」没有填写。"
        return CellProblem(self._sheet.name, row, at, "row.nameless", said, "请填写；项目要取消的，请在备注里说明。")

    def _tell_merged(self, column: _Column, same: Sequence[_Entry]) -> None:
        """Tell of cells under merged ones that change nothing: the sender may have meant them all."""
        for entry in same:
            problem = self._cell_problem(column.own, entry.row, column.place)
            if problem is not None and problem.code == "cell.merged":
                self.read.told.append(replace(problem, stops=False))

    def _row_of(self, entry: _Entry) -> ReadRow:
        if entry.read is None:
            name, title = self._schema.initials_of, self._title(entry)
            if name and not _text(entry.line[self._title_place()]):
                title = str(self._owner.present.column([entry.id], name)[0] or title)
            entry.read = ReadRow(entry.row, entry.id, title)
        return entry.read

    def _cell_problem(self, own: Field, row: int, column: int) -> CellProblem | None:
        """Return why what the cell says cannot be known: a formula without a result, a cell under a merged one."""
        fault = self._sheet.faults.get((row, column))
        if fault:
            said = f"「{own.title}」{fault}，读不到数。"
            return CellProblem(self._sheet.name, row, column, "cell.fault", said, "请改成数或文字。")
        around = self._covered.get((row, column))
        if around is None:
            return None
        top, left, bottom, right = around
        cells = f"{place(top, left)}:{place(bottom, right)}"
        return CellProblem(
            self._sheet.name,
            row,
            column,
            "cell.merged",
            f"「{own.title}」这一格被合并在{cells}里，只有左上角一格有内容。",
            "请取消合并，每一格分别填写。",
        )

    def _bad(self, row: int, column: int, bad: Bad) -> CellProblem:
        problem = bad.problem
        return CellProblem(self._sheet.name, row, column, problem.code or "cell", problem.message, problem.advice)

    # -- against what was sent out ----------------------------------------------------------------------------------

    def _take(self, known: Sequence[_Entry], new: Sequence[_Entry]) -> None:
        """Put the rows together in the sheet's order, with what was changed on both sides."""
        touched = [entry for entry in known if entry.read is not None]
        self._settle(touched)
        self._refuse_copies(known)
        for entry in known:
            if entry.read is None or not entry.read.changes:
                self.read.unchanged += 1
            else:
                self.read.rows.append(entry.read)
        self.read.rows += [entry.read for entry in new if entry.read is not None]
        self.read.rows.sort(key=lambda row: row.row)

    def _refuse_copies(self, known: Sequence[_Entry]) -> None:
        """Refuse what a row says that stands there twice, where it is not what the program has: which is the row?"""
        first: dict[str, int] = {}
        for entry in known:
            first.setdefault(entry.id, entry.row)
        twice = {entry.id: entry.row for entry in known if first[entry.id] != entry.row}
        for entry in known:
            if entry.read is None or not entry.read.changes or entry.id not in twice:
                continue
            other = twice[entry.id] if first[entry.id] == entry.row else first[entry.id]
            said = f"与第{other + 1}行是同一行（标识相同），不知道以哪一行为准。"
            advice = "其中一行如是复制出来的新项目，请清空它A列的标识；不是，请删去一行。"
            problem = CellProblem(self._sheet.name, entry.row, self._title_place(), "row.twice", said, advice)
            entry.read.problems.append(problem)
            for change in entry.read.changes.values():
                change.clash, change.take = False, False

    def _settle(self, touched: Sequence[_Entry]) -> None:
        """Hold each change against the row as it was sent out, where the program's own was changed since."""
        newest = last_changes(self._conn, self._schema.table, [entry.id for entry in touched])
        if not self._owner.has_base:
            for entry in touched:
                self._clash(entry, None)
            return
        known = [(entry, entry.base) for entry in touched if entry.base is not None]
        moved = {entry.id: base for entry, base in known if newest.get(entry.id, 0) > base}
        then = rows_at(self._conn, self._schema.table, moved)
        for entry in touched:
            if entry.base is None:
                self._clash(entry, None)
            elif entry.id in moved:
                self._clash(entry, then[entry.id] or {})

    def _clash(self, entry: _Entry, then: Mapping[str, Stored] | None) -> None:
        row = entry.read
        assert row is not None
        base = None if then is None else KnownRows(self._schema.names, [_as_row(self._schema.names, then)])
        for name, change in list(row.changes.items()):
            if base is not None:
                stored = base.column([""], name)[0]
                change.base = Loaded(change.own, plain=name in self._plain)[stored]
                if change.problem is None and change.theirs == change.base:
                    del row.changes[name]
                    self.read.kept += 1
                    continue
                if change.ours == change.base:
                    continue
            change.clash, change.take = True, None
            if change.own.ref:
                ids = [each for each in (change.ours, change.theirs) if isinstance(each, str)]
                change.labels = {**change.labels, **names_of(self._conn, change.own.ref, ids)}

    # -- new rows ---------------------------------------------------------------------------------------------------

    def _read_new(self, new: Sequence[_Entry]) -> set[int]:
        """Give each new entry its values; return (by identity) those that hold nothing."""
        if not new:
            return set()
        columns: list[list[Cell]] = []
        labels: dict[str, str] = {}
        bad: list[tuple[int, _Column, Raw, CellProblem]] = []
        cells = _by_column(new)
        for column in self._columns:
            raws = tidied(cells[column.place])
            parsed = Parsed(self._conn, column.own, raws)
            labels |= parsed.labels
            read = list(map(parsed.__getitem__, raws))
            wrong = self._strange(new, column.place, raws)
            if any(isinstance(cell, Bad) for cell in parsed.values()):
                wrong |= {n for n, cell in enumerate(read) if isinstance(cell, Bad)}
            values: list[Cell] = [None if isinstance(cell, Bad) else cell for cell in read]
            for n in sorted(wrong):
                cell, row = read[n], new[n].row
                problem = self._cell_problem(column.own, row, column.place)
                if problem is None and isinstance(cell, Bad):
                    problem = self._bad(row, column.place, cell)
                if problem is not None:
                    values[n] = None
                    bad.append((n, column, raws[n], problem))
            columns.append(values)
        names = [column.own.name for column in self._columns]
        nothing = (None,) * len(names)
        faulty = {n for n, *_ in bad}
        blank: set[int] = set()
        for n, (entry, values_of_row) in enumerate(zip(new, zip(*columns, strict=True), strict=True)):
            if values_of_row == nothing and n not in faulty:
                blank.add(id(entry))
            else:
                entry.read = ReadRow(entry.row, "", "", values=dict(zip(names, values_of_row, strict=True)))
                entry.read.labels = labels
        for n, column, raw, problem in bad:
            read_row = new[n].read
            assert read_row is not None
            del read_row.values[column.own.name]
            read_row.changes[column.own.name] = Change(column.own, column.place, raw, problem=problem)
        self._owner.complete(self._found, [entry for entry in new if entry.read is not None])
        for entry in new:
            if entry.read is not None:
                entry.read.title = self._title(entry)
        return blank

    def _strange(self, new: Sequence[_Entry], at: int, raws: Sequence[Raw]) -> set[int]:
        """Return the entries whose cell reads as empty though it may not be."""
        if not self._sheet.faults and not self._covered:
            return set()
        return {
            n
            for n, (entry, raw) in enumerate(zip(new, raws, strict=True))
            if (entry.row, at) in self._sheet.faults or (raw is None and (entry.row, at) in self._covered)
        }


def _by_column(entries: Sequence[_Entry]) -> list[list[Raw]]:
    """Return the entries' cells by column, as far as all of them reach."""
    least = min((len(entry.line) for entry in entries), default=0)
    return [list(column) for column in zip(*(entry.line[:least] for entry in entries), strict=True)]


def _text(raw: Raw) -> str:
    if isinstance(raw, str) and raw.isascii():
        return raw.strip()
    if isinstance(raw, float) and raw == int(raw):
        raw = int(raw)
    return "" if raw is None else fold_choice(str(raw))


def _as_row(names: Sequence[str], values: Mapping[str, Stored]) -> list[Stored]:
    return ["", None, values.get("states") or "{}", *(values.get(name) for name in names)]
