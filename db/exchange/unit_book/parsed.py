"""What a column of a sheet says: each distinct cell is parsed once, by the field that owns it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import NoneType
from typing import cast
from unicodedata import is_normalized

from db.core.coercion import NO, YES
from db.core.errors import DataProblem
from db.core.field import Field
from db.core.values import UNREPORTED, Cell, State
from db.exchange.cells.model import Raw
from db.work.references import resolve

_TRUE_DIGITS = 15
_WORDS = frozenset({"", UNREPORTED, *State})
"""Texts that are none."""


@dataclass(frozen=True)
class Bad:
    """A cell that cannot be a value of its field."""

    problem: DataProblem


class Parsed(dict[Raw, Cell | Bad]):
    """Values of a field by what stands in the cell; `Bad` for what cannot be one.

    `labels` are the names by which references were found, by id; `bad` says whether any cell cannot be one.
    """

    def __init__(self, conn: sqlite3.Connection, field: Field, raws: Iterable[Raw]) -> None:
        super().__init__()
        self._field = field
        self._longest = _plain_length(field)
        self._is_amount = field.type in ("number", "integer")
        self.labels: dict[str, str] = {}
        self.bad = False
        if field.ref:
            self._resolve(conn, raws)

    def __missing__(self, raw: Raw) -> Cell | Bad:
        if isinstance(raw, str) and len(raw) <= self._longest and raw not in _WORDS and _is_clean(raw):
            self[raw] = raw
            return raw
        if isinstance(raw, float) and self._is_amount:
            exact = _exact(raw, self._field)
            if exact is not None:
                self[raw] = exact
                return exact
        try:
            cell: Cell | Bad = self._field.parse(raw)
        except DataProblem as problem:
            cell = self._refused(problem)
        self[raw] = cell
        return cell

    def column(self, raws: Sequence[Raw]) -> list[Cell | Bad]:
        """Return what the cells of a column say, in their order."""
        if self._longest >= 0 and _are_plain(raws, self._longest):
            return cast("list[Cell | Bad]", [*raws])
        return list(map(self.__getitem__, raws))

    def _refused(self, problem: DataProblem) -> Bad:
        self.bad = True
        return Bad(problem)

    def _resolve(self, conn: sqlite3.Connection, raws: Iterable[Raw]) -> None:
        own = self._field
        named: dict[Raw, str] = {}
        for raw in set(raws):
            read = self[raw]
            if isinstance(read, str) and not isinstance(read, State):
                named[raw] = read
        ids = resolve(conn, own.ref, set(named.values()))
        for raw, text in named.items():
            found = ids[text]
            if isinstance(found, DataProblem):
                said = f"「{own.title}」{found.message}"
                self[raw] = self._refused(DataProblem(said, advice=found.advice, code=found.code))
            else:
                self[raw] = found
                self.labels[found] = text


def _plain_length(own: Field) -> int:
    """Return how long a text may be that the field keeps as it is; -1 where the field has more to say."""
    says_more = own.enum or own.check or own.pattern or own.ref or own.type not in ("string", "text")
    return -1 if says_more else own.max_length


def _are_plain(raws: Sequence[Raw], longest: int) -> bool:
    """Return whether reading any of the cells would change nothing, told by all of them together.

    A part of a text in NFC is in NFC.
    """
    if not set(map(type, raws)) <= {str, NoneType}:
        return False
    texts = cast("set[str]", set(raws) - {None})
    if not texts.isdisjoint(_WORDS):
        return False
    together = "|".join(("", *texts, ""))
    spaces = " |" in together or "| " in together
    return not spaces and len(max(texts, key=len, default="")) <= longest and _is_clean(together)


def _exact(number: float, own: Field) -> Decimal | None:
    """Return the amount that a spreadsheet's number is, None for one that needs the field's own judgement."""
    text = repr(number)
    whole, _, rest = text.partition(".")
    if rest == "0":
        text, rest = whole, ""
    odd = not text[0].isdigit() or "e" in text or len(text) > _TRUE_DIGITS or len(rest) > own.decimals
    if odd or own.maximum is not None or own.minimum not in (None, 0):
        return None
    return Decimal(text)


def _is_clean(text: str) -> bool:
    """Return whether reading the text would change nothing: no controls, no invisible marks, nothing to trim."""
    return text.isprintable() and text[0] != " " != text[-1] and is_normalized("NFC", text)


def tidied(column: list[Raw]) -> list[Raw]:
    """Return the column's cells with yes and no as words: True is 1 to a dictionary."""
    if bool in set(map(type, column)):
        return [(YES if cell else NO) if isinstance(cell, bool) else cell for cell in column]
    return column
