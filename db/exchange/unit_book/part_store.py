"""Writing what came back of a work package: rows under the ids they have there, deletions, and new proof files.

store_rows(op, table, rows) -> None              store_proofs(county, path) -> None
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from db.core.errors import DataProblem
from db.core.fields import TableSchema
from db.core.period import Period
from db.exchange.part.content import read_content
from db.exchange.unit_book.form import PROGRESS, PROJECT_REPORT
from db.exchange.unit_book.part_judge import DELETED, GONE, has_owner
from db.exchange.unit_book.reading import Fate, ReadRow, ReadTable
from db.exchange.zip_read import SafeZip
from db.store import records
from db.store.attachments import FOLDER as ATTACHMENTS
from db.store.attachments import HasFolder, Stored, fault_of, hash_of, place
from db.store.files import explained, part_of, sync_file
from db.store.operation import Operation
from db.work.monthly.months import require_open
from db.work.parts import ATTACHMENT

WHAT: Final = "保存佐证附件"


def store_rows(op: Operation, table: ReadTable, rows: Sequence[ReadRow]) -> tuple[int, int]:
    """Write these rows and return how many were added, and how many changed or deleted.

    DataProblem where one belongs to a month that was locked since the return was read.
    """
    schema = table.table.schema
    if schema.name in (PROGRESS, PROJECT_REPORT):
        _require_open(op, schema, rows)
    added = changed = 0
    for row in rows:
        taken = dict(row.taken)
        goes = taken.pop(DELETED, None)
        if row.fate is Fate.ADDED and schema.table == ATTACHMENT and not has_owner(op.conn, taken):
            continue  # its row was left out
        if row.fate is Fate.ADDED:
            records.insert(op, schema, taken, row_id=row.key[0])
            added += 1
        elif goes == GONE:
            changed += records.delete(op, schema, [row.id])
        else:
            records.update(op, schema, row.id, taken)
            changed += 1
    return added, changed


def _require_open(op: Operation, schema: TableSchema, rows: Sequence[ReadRow]) -> None:
    periods = {str(row.values["period"]) for row in rows if row.new}
    for row in records.get_many(op.conn, schema, [row.id for row in rows if row.id]):
        periods.add(str(row.values["period"]))
    for period in sorted(periods):
        require_open(op.conn, Period.parse(period))


def store_proofs(county: HasFolder, path: Path) -> None:
    """Put the new attachments of the return in `path` into the county's folder, where no name of theirs can do harm.

    DataProblem for one that is not what its hash says. Contents are never changed, so that nothing is to be undone.
    """
    content = read_content(path)
    home = county.folder / ATTACHMENTS
    with SafeZip(path) as archive:
        for name, stored in content.proofs.items():
            if fault_of(home / stored.stored_name, stored, deep=True):
                _take(archive, name, home, stored)


def _take(archive: SafeZip, name: str, home: Path, stored: Stored) -> None:
    part = part_of(home / "proof")
    try:
        with explained(WHAT, home):
            home.mkdir(exist_ok=True)
            with part.open("xb") as file:
                for piece in archive.chunks(name):
                    file.write(piece)
            if hash_of(part) != stored.sha256:
                raise DataProblem(
                    f"佐证附件“{stored.name}”的内容与校验码不一致。", advice="请对方重新交回。", code="part.proof"
                )
            sync_file(part)
            place(part, home / stored.stored_name, stored)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
