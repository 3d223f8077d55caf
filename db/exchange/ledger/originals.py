"""The packages themselves, kept beside the ledger under their SHA-256, and the proof files in them.

keep(ledger.path, file, sha256) -> bool         `市级核收.db` has them in `市级核收-上报包/ab/<sha256>.zip`
proofs(conn, number) -> [Proof]                  what the package says of its proof files
take_out(conn, path, number, item, copy)         one of them, to be looked at

The ledger holds every cell of a package; of proof files it holds only names. So the package is kept as it came, and
what is taken out of it is checked again: the disk may have changed it meanwhile.
"""

from __future__ import annotations

import hashlib
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from db.core.errors import DataProblem, EnvironmentProblem
from db.exchange.ledger.rows import loaded_table, read_rows
from db.exchange.package_kinds import ATTACHMENT_FOLDER, attachments_schema
from db.exchange.zip_read import SafeZip
from db.store.attachment_kinds import HEAD, check
from db.store.files import CHUNK, explained, replacing
from db.work.evidence import Evidence

_WHAT = "留存上报包"
_COLUMNS = ("table_name", "row_id", "sha256", "name", "size", "media_type", "proves", "added_on")
_AGAIN = "请把这个上报包再核收一次：内容相同，不会重复入库，只补上留存的原件。"


@dataclass(frozen=True)
class Proof:
    """A proof file of a received package, and the row that it belongs to."""

    item: Evidence
    table: str
    row_id: str


def originals_of(ledger: Path) -> Path:
    """Return the folder in which the ledger's packages are kept."""
    return ledger.with_name(f"{ledger.stem}-上报包")


def place_of(ledger: Path, sha256: str) -> Path:
    """Return where the package with this hash is kept, whether it is there or not."""
    return originals_of(ledger) / sha256[:2] / f"{sha256}.zip"


def holds(file: Path, sha256: str) -> bool:
    """Return whether the file is there and has this content; raises OSError."""
    if not file.is_file():
        return False
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == sha256


def keep(ledger: Path, file: Path, sha256: str, *, durable: bool = True) -> Path | None:
    """Keep a copy of the package `file` and return it, None when it was there; whole or not at all.

    One that need not be `durable` may be lost in a power cut; it comes back when the package is received again.

    DataProblem when the file is no longer the one that was verified, EnvironmentProblem when it cannot be copied.
    """
    home = place_of(ledger, sha256)
    with explained(_WHAT, home):
        if holds(home, sha256):
            return None
        home.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with replacing(home, _WHAT, durable=durable) as out:
        for data in _pieces(file):
            digest.update(data)
            out.write(data)
        if digest.hexdigest() != sha256:
            raise DataProblem(
                f"{file.name}在核收的时候被改动了，没有入库。", advice="请重新核收。", code="ledger.moved"
            )
    return home


def proofs(conn: sqlite3.Connection, number: int) -> list[Proof]:
    """Return the proof files that the package lists, in its order."""
    loaded = loaded_table(conn, number, attachments_schema().table)
    if loaded is None:
        return []
    return [
        Proof(_evidence(row_id, *cells), table, owner)
        for batch in read_rows(conn, loaded, ["id", *_COLUMNS])
        for row_id, table, owner, *cells in batch
    ]


def take_out(
    conn: sqlite3.Connection, ledger: Path, number: int, item: Evidence, copy: Path, password: str = ""
) -> None:
    """Write a proof file to `copy`, write-protected; nothing is done when it is there already.

    DataProblem for a program, a package under a password (or another one), and one that was changed; EnvironmentProblem
    when the package was not kept or is gone, or the file cannot be written.
    """
    row = conn.execute("SELECT name, sha256 FROM package WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise DataProblem("台账里没有这个上报包。", advice="请刷新后重选。", code="ledger.package")
    name, sha256 = row
    original = place_of(ledger, sha256)
    if not original.is_file():
        raise EnvironmentProblem(
            f"{name}的原件没有留存，附件打不开（{original}）。", advice=_AGAIN, code="ledger.original"
        )
    with explained("打开佐证附件", copy):
        if holds(copy, item.sha256):
            return
        copy.parent.mkdir(parents=True, exist_ok=True)
        if copy.is_file():
            copy.chmod(stat.S_IREAD | stat.S_IWRITE)  # Windows replaces nothing that is write-protected
    with SafeZip(original, password=password) as archive:
        _write(archive, item, copy, name)
    with explained("打开佐证附件", copy):
        copy.chmod(stat.S_IREAD)


def _write(archive: SafeZip, item: Evidence, copy: Path, package: str) -> None:
    inside = f"/{ATTACHMENT_FOLDER}{item.sha256}"
    entry = next((name for name in archive.files if inside in name), None)
    if entry is None:
        raise DataProblem(f"{package}里没有附件“{item.name}”。", advice=_AGAIN, code="ledger.original")
    digest, first = hashlib.sha256(), True
    with replacing(copy, "打开佐证附件") as out:
        for data in archive.chunks(entry):
            if first:
                _refuse_program(copy.name, data[:HEAD])
                first = False
            digest.update(data)
            out.write(data)
        if digest.hexdigest() != item.sha256:
            raise DataProblem(f"附件“{item.name}”的内容已被改动或损坏。", advice=_AGAIN, code="ledger.original")


def _refuse_program(name: str, head: bytes) -> None:
    try:
        check(name, max(1, len(head)), head)
    except DataProblem as problem:
        raise DataProblem(
            f"“{name}”是程序或脚本，不能打开。", advice="请向县里核实，不要运行它。", code=problem.code
        ) from problem


def _pieces(file: Path) -> Iterator[bytes]:
    with explained("读取上报包", file), file.open("rb") as source:
        while data := source.read(CHUNK):
            yield data


def _evidence(row_id: str, sha256: str, name: str, size: str, media_type: str, proves: str, added_on: str) -> Evidence:
    return Evidence(
        id=row_id,
        name=name,
        sha256=sha256,
        size=int(size) if size.isdecimal() else 0,
        media_type=media_type,
        proves=proves,
        added_on=date.fromisoformat(added_on) if added_on[:1].isdigit() else None,
    )
