"""The drop-downs of a unit's workbook: choices in columns of the hidden sheet `_lists`, each under a name.

A list written into a validation may have 255 characters and no comma; one on a sheet has neither limit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from db.core.coercion import NO, YES
from db.core.fields import Field
from db.core.values import State
from db.exchange.unit_book.form import LISTS_SHEET, BookTable
from db.work.assignees import Assignee, assignees

NAME = "sijian_list_"


@dataclass(frozen=True)
class ChoiceList:
    """A named list: `choices` that never change, or the live rows of the directory's table `ref`."""

    name: str
    choices: tuple[str, ...] = ()
    ref: str = ""

    @property
    def strict(self) -> bool:
        """Return whether nothing else may be typed: what the directory lacks can be new."""
        return not self.ref


@dataclass
class Lists:
    """The lists that some tables need, in the order of their columns on the sheet."""

    lists: list[ChoiceList] = field(default_factory=list)
    _known: dict[tuple[str, ...], ChoiceList] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Iterable[BookTable]) -> Lists:
        """Return what the entry columns of the tables need."""
        made = cls()
        for table in tables:
            for column in table.entry_columns:
                made.find(column.field)
        return made

    def find(self, own: Field) -> ChoiceList | None:
        """Return the list of the field's choices, None for a field without any."""
        choices = (YES, NO) if own.type == "boolean" else own.enum
        if not choices and not own.ref:
            return None
        if choices and own.takes_states and own.answer_may_be_state:
            choices = (*choices, *(state.value for state in State))
        key = (own.ref,) if own.ref else ("", *choices)
        if key not in self._known:
            self._known[key] = ChoiceList(f"{NAME}{len(self.lists) + 1}", () if own.ref else choices, own.ref)
            self.lists.append(self._known[key])
        return self._known[key]

    def columns(self, names: Directory, unit: Assignee) -> list[Sequence[str]]:
        """Return the choices of each list for this unit."""
        return [each.choices or names.of(each.ref, unit) for each in self.lists]


class Directory:
    """Names of towns, enterprises and departments to choose from; a town gets its own enterprises only."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._names: dict[str, list[str]] = {}
        self._of_town: dict[str, list[str]] = {}
        for who in assignees(conn):
            self._names.setdefault(who.kind, []).append(who.name)
            if who.kind == "enterprise":
                self._of_town.setdefault(who.town_id, []).append(who.name)

    def of(self, table: str, unit: Assignee) -> list[str]:
        """Return the names in the directory's table that the unit may choose."""
        if table == "enterprise" and unit.kind == "town":
            return self._of_town.get(unit.id, [])
        return self._names.get(table, [])


def reference(place: int, last: int) -> str:
    """Return the cells of the list in this column (from 0), down to this row."""
    from openpyxl.utils import get_column_letter

    letters = get_column_letter(place + 1)
    return f"{LISTS_SHEET}!${letters}$2:${letters}${last}"
