"""Known cells of a workbook that were changed nevertheless: they are told and not taken.

locked_changes(case, entries) -> problems           cells that are kept: the journal says who changed them
unlike_beside(case, entries) -> problems            cells that are worked out: nobody knows what they were
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from db.core.text import quote
from db.exchange.unit_book.case import Case, column_of, text_of
from db.exchange.unit_book.form import Column
from db.exchange.unit_book.known import spelling
from db.exchange.unit_book.parsed import tidied
from db.exchange.unit_book.reading import CellProblem
from db.exchange.unit_book.sheet_entry import Entry
from db.store.past import last_changes


def locked_changes(case: Case, known: Sequence[Entry]) -> list[CellProblem]:
    """Return what to tell of the locked cells of rows that the program has not changed since they were sent out."""
    if not case.locked or not known or not case.owner.has_base:
        return []
    told = [each for column in case.locked for each in _of_column(case, column, known)]
    newest = last_changes(case.conn, case.schema.table, {entry.id for entry, _ in told})
    return [
        problem for entry, problem in told if (base := case.base(entry)) is not None and newest.get(entry.id, 0) <= base
    ]


def unlike_beside(case: Case, entries: Iterable[Entry]) -> list[CellProblem]:
    """Return what to tell of locked cells that are worked out and say something else than the program now."""
    told: list[CellProblem] = []
    if not case.worked_out or not case.owner.has_base:
        return told
    for entry in entries:
        beside = case.owner.beside(entry)
        for column in case.worked_out:
            at = case.found.columns[column.code]
            raw = entry.line[at]
            if column.code not in beside or text_of(raw) in ("", text_of(beside[column.code])):
                continue
            wanted = beside[column.code]
            now = "没有" if wanted is None else f"是{quote(text_of(wanted))}"
            said = f"「{column.field.title}」是已知内容，表里是{quote(text_of(raw))}，程序里{now}，没有采用。"
            advice = "发出以后程序里改过的，不用管；是对方改的，请问清楚。"
            told.append(case.problem(entry.row, at, "cell.beside", said, advice, stops=False))
    return told


def _of_column(case: Case, column: Column, known: Sequence[Entry]) -> Iterator[tuple[Entry, CellProblem]]:
    own, at = column.field, case.found.columns[column.code]
    raws = tidied(column_of(known, at))
    here = spelling(case.conn, case.schema, case.owner.present, [entry.id for entry in known], own.name)
    for entry, raw, wanted, stored in zip(known, raws, here.written, here.stored, strict=True):
        empty = raw is None or (isinstance(raw, str) and not raw.strip())
        if raw == wanted or empty or case.owner.says_so(column, raw, wanted, here.loaded[stored]):
            continue
        said = f"「{own.title}」是已知内容，被改成了{quote(raw)}，没有采用。"
        advice = "确要改的，请在程序里改。"
        yield entry, case.problem(entry.row, at, "cell.locked", said, advice, stops=False)
