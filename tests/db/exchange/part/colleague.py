"""A county that hands out parts, and a colleague who works on one in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.exchange.part.giveback import write_return
from db.exchange.part.scope import part_scope
from db.exchange.part.write import open_part, write_part
from db.exchange.unit_book.read import read_books
from db.exchange.unit_book.reading import ReadFile
from db.exchange.unit_book.store import StoredBooks, take_in
from db.work.opening import open_county
from tests.db.work.desk import Desk


class Office:
    """The county's desk, and the folder in which files come and go."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self.folder = desk, folder
        self._parts = 0

    def hand_out(self, **chosen: list[str]) -> Path:
        """Write a part, and open it as the colleague's county; return that folder."""
        scope = part_scope(self.desk.conn, self.desk.plan, **chosen)
        written = write_part(self.desk.county, scope, self.folder / "out")
        self._parts += 1
        place = self.folder / f"colleague-{self._parts}"
        open_part(written.file, place)
        return place

    @contextmanager
    def colleague(self, place: Path) -> Iterator[Desk]:
        with open_county(place, author="同事") as county, county.reading() as conn:
            yield Desk(county, conn)

    def give_back(self, place: Path) -> Path:
        with open_county(place, author="同事") as county:
            return write_return(county, self.folder / "back").file

    def read(self, file: Path) -> ReadFile:
        (found,) = read_books(self.desk.conn, self.desk.plan, [file])
        return found

    def take(self, found: ReadFile, *, leave_out: bool = False) -> StoredBooks | None:
        return take_in(self.desk.county, [found], leave_out=leave_out)
