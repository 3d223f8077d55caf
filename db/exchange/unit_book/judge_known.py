"""Rows that the program has and a workbook says otherwise: what differs cell by cell, and what clashes.

compare_known(case, entries)                gives each entry that differs what it comes to
settle(case, entries)                       holds the changes against the rows as they were sent out
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from db.core.field import Field
from db.exchange.unit_book.case import Case, EntryColumn, column_of, text_of
from db.exchange.unit_book.known import KnownRows, Loaded, Stored, spelling
from db.exchange.unit_book.parsed import Bad, Parsed, tidied
from db.exchange.unit_book.reading import CellProblem, Change, ReadRow
from db.exchange.unit_book.sheet_entry import Entry
from db.store.cells import plain_columns
from db.store.past import last_changes, rows_at
from db.work.references import names_of


def compare_known(case: Case, known: Sequence[Entry]) -> None:
    """Make a change of each cell of known rows that differs from what the program has."""
    ids = [entry.id for entry in known]
    for column in case.columns if known else ():
        case.step()
        _compare(case, column, known, ids)


def _compare(case: Case, column: EntryColumn, known: Sequence[Entry], ids: Sequence[str]) -> None:
    own, at = column.own, column.place
    raws = tidied(column_of(known, at))
    here = spelling(case.conn, case.schema, case.owner.present, ids, own.name)
    differing = [n for n, (raw, now) in enumerate(zip(raws, here.written, strict=True)) if raw != now]
    faults = case.sheet.faults
    faulty = [n for n, entry in enumerate(known) if (entry.row, at) in faults] if faults else []
    if case.covered:
        others = set(differing)
        _tell_merged(case, column, [entry for n, entry in enumerate(known) if n not in others])
    if not differing and not faulty:
        return
    parsed = Parsed(case.conn, own, [raws[n] for n in differing])
    labels = here.labels | parsed.labels
    for n in sorted({*differing, *faulty}):
        entry, ours = known[n], here.loaded[here.stored[n]]
        change = Change(own, at, raws[n], ours, labels=labels)
        change.problem = case.unknowable(own, entry.row, at)
        if change.problem is None:
            theirs = parsed[raws[n]]
            if isinstance(theirs, Bad):
                change.problem = case.refused(entry.row, at, theirs)
            elif theirs == ours and type(theirs) is type(ours):
                continue
            elif theirs is None and own.required and own.name == case.schema.initials_of:
                change.problem = _nameless(case, own, entry.row, at)
            else:
                change.theirs = theirs
        _row_of(case, entry).changes[own.name] = change


def _nameless(case: Case, own: Field, row: int, at: int) -> CellProblem:
    """Return what to say of a row whose name was taken away: nobody means that."""
    advice = "请填写；项目要取消的，请在备注里说明。"
    return case.problem(row, at, "row.nameless", f"「{own.title}」没有填写。", advice)


def _tell_merged(case: Case, column: EntryColumn, same: Iterable[Entry]) -> None:
    """Tell of cells under merged ones that change nothing: the sender may have meant them all."""
    for entry in same:
        problem = case.unknowable(column.own, entry.row, column.place)
        if problem is not None and problem.code == "cell.merged":
            case.read.told.append(replace(problem, stops=False))


def _row_of(case: Case, entry: Entry) -> ReadRow:
    if entry.read is None:
        name, title = case.schema.initials_of, case.title(entry)
        if name and not text_of(entry.line[case.title_place]):
            title = str(case.owner.present.column([entry.id], name)[0] or title)
        entry.read = ReadRow(entry.row, entry.id, title)
    return entry.read


# -- against what was sent out ----------------------------------------------------------------------------------------


def settle(case: Case, touched: Sequence[Entry]) -> None:
    """Hold each change against the row as it was sent out, where the program's own was changed since."""
    case.step()
    if not case.owner.has_base:
        for entry in touched:
            _clash(case, entry, None)
        return
    newest = last_changes(case.conn, case.schema.table, [entry.id for entry in touched])
    bases = {entry.id: base for entry in touched if (base := case.base(entry)) is not None}
    moved = {row_id: base for row_id, base in bases.items() if newest.get(row_id, 0) > base}
    then = rows_at(case.conn, case.schema.table, moved)
    for entry in touched:
        if entry.id not in bases:
            _clash(case, entry, None)
        elif entry.id in moved:
            _clash(case, entry, then[entry.id] or {})


def _clash(case: Case, entry: Entry, then: Mapping[str, Stored] | None) -> None:
    row = entry.read
    assert row is not None
    names = case.schema.names
    base = None if then is None else KnownRows(names, [_as_row(names, then)])
    for name, change in list(row.changes.items()):
        if base is not None:
            stored = base.column([""], name)[0]
            change.base = Loaded(change.own, plain=name in plain_columns(case.schema))[stored]
            if change.problem is None and change.theirs == change.base:
                del row.changes[name]
                case.read.kept += 1
                continue
            if change.ours == change.base:
                continue
        change.clash, change.take = True, None
        if change.own.ref:
            ids = [each for each in (change.ours, change.theirs) if isinstance(each, str)]
            change.labels = {**change.labels, **names_of(case.conn, change.own.ref, ids)}


def _as_row(names: Sequence[str], values: Mapping[str, Stored]) -> list[Stored]:
    return ["", None, values.get("states") or "{}", *(values.get(name) for name in names)]
