"""What the status line says about a selection: how many cells, their sum and mean."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from PySide6.QtCore import QItemSelectionRange

from db.core.values import plain
from desktop.models.grid_model import GridModel

MOST_CELLS = 20_000


def words_for(model: GridModel, selection: Sequence[QItemSelectionRange]) -> str:
    """Return 已选 3 格　合计 6,400 户　平均 2,133.33, "" for a single cell.

    Sums are of number cells alone; without a sum when rows of the selection are not in the window.
    """
    cells = sum(area.width() * area.height() for area in selection)
    if cells < 2:
        return ""
    words = f"已选 {cells:,} 格"
    if cells > MOST_CELLS:
        return words
    numbers: list[Decimal] = []
    units: set[str] = set()
    for area in selection:
        fields = [own for own in model.fields[area.left() : area.right() + 1] if own.type in ("number", "integer")]
        if not fields:
            continue
        for row in range(area.top(), area.bottom() + 1):
            found = model.row_at(row)
            if found is None:
                return words
            values = [(own, found.values.get(own.name)) for own in fields]
            numbers += [cell for _, cell in values if isinstance(cell, Decimal)]
            units.update(own.unit for own, cell in values if isinstance(cell, Decimal))
    if not numbers:
        return words
    total = sum(numbers, Decimal(0))
    mean = (total / len(numbers)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    unit = f" {units.pop()}" if len(units) == 1 and units != {""} else ""
    return f"{words}　合计 {plain(total):,f}{unit}　平均 {plain(mean):,f}"
