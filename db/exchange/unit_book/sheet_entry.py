"""A row of a sheet that may say something new, with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from db.exchange.cells.model import Raw
from db.exchange.unit_book.reading import ReadRow


@dataclass(slots=True)
class Entry:
    """A row of the sheet (from 0): `id` "" for a new one, `line` its cells, `read` what it comes to."""

    row: int
    id: str
    line: list[Raw]
    read: ReadRow | None = None
