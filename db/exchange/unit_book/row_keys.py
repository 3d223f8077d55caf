"""What a register calls its rows by when their ids are lost: the fields of its key, or the row's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

from db.core.field import Field
from db.core.fields import TableSchema
from db.core.text import fold_choice
from db.core.values import Cell, State

Key = tuple[str, ...]


class RowKeys:
    """Spells the keys of a table's rows; `own` names the unit and says nothing, `name` is the field of the row's name.

    `fields` are those that it needs to know of a row.
    """

    def __init__(self, schema: TableSchema, own: str, name: str) -> None:
        self._whole = [schema.field(each) for each in schema.key if each != own]
        self._name = [schema.field(name)] if name in schema else []
        self.fields = [*self._whole, *self._name]

    def of(self, columns: Mapping[str, Sequence[Cell]], count: int) -> list[Key]:
        """Return the key of each of `count` rows: the whole one, else ("", name), () without either.

        `columns` are the rows' cells by field name; one that is missing is empty. States say nothing.
        """
        texts = [_folded(own, columns.get(own.name), count) for own in self._whole]
        wholes: Iterable[Key] = zip(*texts, strict=True) if texts else repeat((), count)
        names = _folded(self._name[0], columns.get(self._name[0].name), count) if self._name else [""] * count
        return [
            whole if whole and "" not in whole else ("", name) if name else ()
            for whole, name in zip(wholes, names, strict=True)
        ]


def _folded(own: Field, cells: Sequence[Cell] | None, count: int) -> list[str]:
    """Return the texts by which two spellings of a cell are one."""
    if cells is None:
        return [""] * count
    folded = {cell: _text(own, cell) for cell in set(cells)}
    return list(map(folded.__getitem__, cells))


def _text(own: Field, cell: Cell) -> str:
    if cell is None or isinstance(cell, State):
        return ""
    return fold_choice(cell if isinstance(cell, str) else own.csv(cell))
