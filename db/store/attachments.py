"""Proof files: kept once per content under its SHA-256, so that no name a clerk gives a file can do harm.

`attachments/ab/<sha256>.<ext>`; the original name lives in the row. Files are never changed and never deleted: undo,
the recycle bin and older backups may still need them.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from db.core.errors import DataProblem, EnvironmentProblem
from db.core.ids import new_id
from db.core.progress import NO_PROGRESS, Progress
from db.store.attachment_copies import Copied, Copies, share_of
from db.store.attachment_kinds import HEAD, check, kind_of, rules
from db.store.files import explained, part_of, publish, require_space, sync_file
from db.store.operation import Operation

FOLDER = "attachments"
_EXTENSION = re.compile(r"\.([a-z0-9]{1,10})$")
_STORED = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,10})?")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\x80-\x9f]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that make `fdp.exe` look like `exe.pdf`."""


class HasFolder(Protocol):
    """What is asked of a county here."""

    @property
    def folder(self) -> Path:
        """Return the county folder."""


@dataclass(frozen=True)
class Stored:
    """One content that rows refer to: SHA-256, the name in the first row that has it, size in bytes."""

    sha256: str
    name: str
    size: int

    @property
    def stored_name(self) -> str:
        """Return the file's name inside `attachments/`, with forward slashes."""
        return f"{self.sha256[:2]}/{stored_name(self.sha256, self.name)}"


@dataclass(frozen=True)
class Missing:
    """A proof file that is not as it should be: `reason` is missing, size or content."""

    stored: Stored
    reason: str

    def sentence(self) -> str:
        """Return what is wrong as one Chinese sentence."""
        what = "文件丢失" if self.reason == "missing" else "文件内容已被改动或损坏"
        return (
            f"佐证附件“{self.stored.name}”{what}（attachments/{self.stored.stored_name}）。请重新添加，或从备份恢复。"
        )


def stored_name(sha256: str, name: str) -> str:
    """Return the file name for a content that a clerk calls `name`: its hash, and a plain extension."""
    found = _EXTENSION.search(name.lower())
    return sha256 + (found.group(0) if found else "")


def is_stored_name(name: str) -> bool:
    """Return whether `name` is what `stored_name` could have made."""
    return _STORED.fullmatch(name) is not None


def path_of(folder: Path, sha256: str, name: str = "") -> Path:
    """Return where the content lies in the county folder; without the right `name`, whichever copy of it there is."""
    home = folder / FOLDER / sha256[:2]
    exact = home / stored_name(sha256, name)
    if exact.exists():
        return exact
    return next((path for path in sorted(home.glob(f"{sha256}*")) if is_stored_name(path.name)), exact)


def open_path(county: HasFolder, sha256: str, name: str = "") -> Path:
    """Return the file to open for a person; EnvironmentProblem when it is gone."""
    path = path_of(county.folder, sha256, name)
    if not path.is_file():
        raise EnvironmentProblem(
            f"佐证附件“{name or sha256[:12]}”的文件丢失（{path}）。",
            advice="请重新添加，或从备份恢复。",
            code="attachment_missing",
        )
    return path


@dataclass(frozen=True)
class Added:
    """What came of adding a file: the id of the row that has it, the name it has there, its size in bytes.

    `known_as` is the name under which the row had the same content before; then nothing was stored again.
    """

    id: str
    name: str
    sha256: str
    size: int
    known_as: str = ""


@dataclass(frozen=True)
class Candidate:
    """A file that may be kept as proof: its place, the name to show, its size in bytes and its media type."""

    file: Path
    name: str
    size: int
    media_type: str


def candidate(file: Path) -> Candidate:
    """Look at a file before it is copied; no more than its first bytes are read.

    DataProblem when it is no proof (empty, too large, a program, no file), EnvironmentProblem when it cannot be read.
    """
    file = Path(file)
    name = original_name(file.name)
    with explained("读取佐证附件", name):
        if not _is_file(file):
            raise DataProblem(f"“{name}”不是文件，不能作为佐证附件。", advice="请选择文件；文件夹请先压缩成zip。")
        size = file.stat().st_size
        check(name, size, b"")
        with file.open("rb") as opened:
            head = opened.read(HEAD)
    check(name, size, head)
    return Candidate(file, name, size, kind_of(name, head).media_type)


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except ValueError:  # a name with NUL in it
        return False


def add(
    op: Operation,
    county: HasFolder,
    table: str,
    row_id: str,
    file: Path,
    proves: str = "",
    *,
    progress: Progress = NO_PROGRESS,
) -> Added:
    """Copy `file` into the county as proof of a row and return what came of it.

    A content that the row has already is not added again; if its stored file was damaged, it is whole afterwards.
    Raises what `candidate` raises; EnvironmentProblem when the file cannot be stored.
    """
    return add_all(op, county, table, row_id, [candidate(file)], proves, progress=progress)[0]


def add_all(
    op: Operation,
    county: HasFolder,
    table: str,
    row_id: str,
    found: Sequence[Candidate],
    proves: str = "",
    *,
    progress: Progress = NO_PROGRESS,
) -> list[Added]:
    """Do what `add` does with files that were looked at before, all of them or none; `progress` counts their bytes.

    No row is written before all contents lie under their names on the disk.
    """
    total, before = sum(each.size for each in found), 0
    require_space(county.folder, total, "添加佐证附件")
    copied: list[Copied] = []
    with Copies(county.folder / FOLDER) as copies:
        for each in found:
            copied.append(copies.take(each.file, each.name, share_of(progress, before, total, each.name)))
            before += each.size
        copies.settle(_places(county.folder / FOLDER, found, copied))
    return [_add_row(op, county, table, row_id, each, copy, proves) for each, copy in zip(found, copied, strict=True)]


def _places(home: Path, found: Sequence[Candidate], copied: Sequence[Copied]) -> list[Callable[[], None]]:
    """Return what gives each content its name, once where several files have the same."""
    places: dict[str, Callable[[], None]] = {}
    for each, copy in zip(found, copied, strict=True):
        stored = Stored(copy.sha256, each.name, copy.size)
        places[stored.stored_name] = partial(place, copy.part, home / stored.stored_name, stored)
    return list(places.values())


def _add_row(
    op: Operation, county: HasFolder, table: str, row_id: str, found: Candidate, copied: Copied, proves: str
) -> Added:
    sha256, size = copied.sha256, copied.size
    known = op.conn.execute(
        "SELECT id, name FROM attachment"
        " WHERE table_name = ? AND row_id = ? AND sha256 = ? AND deleted_at IS NULL ORDER BY seq",
        (table, row_id, sha256),
    ).fetchone()
    # Others may call it .jpeg where this file is a .jpg: what they refer to has to be whole as well.
    for (name,) in op.conn.execute("SELECT DISTINCT name FROM attachment WHERE sha256 = ?", (sha256,)):
        _heal(county.folder, Stored(sha256, found.name, size), Stored(sha256, name, size))
    if known is not None:
        return Added(known[0], found.name, sha256, size, known_as=known[1])
    attachment_id = new_id()
    op.conn.execute(
        "INSERT INTO attachment (id, table_name, row_id, sha256, name, size, media_type, proves, added_on, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            attachment_id,
            table,
            row_id,
            sha256,
            found.name,
            size,
            found.media_type,
            proves or None,
            op.at[:10],
            op.at,
        ),
    )
    return Added(attachment_id, found.name, sha256, size)


def original_name(name: str) -> str:
    """Return a file's name as a text that can be stored and shown: no control characters and no marks that turn the
    direction of reading, undecodable bytes replaced, no longer than the field takes; its ending stays.
    """
    # The operating system may hand over names that are not Unicode; SQLite takes none of those.
    text = _UNPRINTABLE.sub("_", name.encode("utf-8", "replace").decode("utf-8"))
    text = _DIRECTION.sub("", text) or "_"
    longest = rules().longest_name
    if len(text) <= longest:
        return text
    found = _EXTENSION.search(text.lower())
    ending = text[found.start() :] if found else ""
    return text[: longest - len(ending) - 1] + "…" + ending


def _heal(folder: Path, good: Stored, wanted: Stored) -> None:
    """Make the file of `wanted` whole from that of `good`, the same content under another ending."""
    home = folder / FOLDER
    source, path = home / good.stored_name, home / wanted.stored_name
    if source == path or not fault_of(path, wanted, deep=True):
        return
    part = part_of(home / wanted.name)
    try:
        with explained("保存佐证附件", home):
            shutil.copyfile(source, part)
            sync_file(part)
            publish(part, path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def place(part: Path, path: Path, stored: Stored) -> None:
    """Give `part`, a good copy of `stored`, its name unless a good copy is there (and perhaps open); raises OSError."""
    if fault_of(path, stored, deep=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        publish(part, path)


def contents(conn: sqlite3.Connection) -> list[Stored]:
    """Return every content that a row refers to, the recycle bin included, in order of its hash and name."""
    found: dict[str, Stored] = {}
    rows = conn.execute("SELECT sha256, name, size FROM attachment ORDER BY sha256, seq")
    for sha256, name, size in rows:
        stored = Stored(sha256, name, size)
        found.setdefault(stored.stored_name, stored)
    return list(found.values())


def missing(
    conn: sqlite3.Connection, folder: Path, *, deep: bool = False, progress: Progress = NO_PROGRESS
) -> list[Missing]:
    """Return the proof files that are gone or changed; `deep` reads them all and compares their hashes."""
    wanted = contents(conn)
    return find_faults(wanted, folder / FOLDER, deep=deep, progress=progress)


def find_faults(wanted: Iterable[Stored], home: Path, *, deep: bool, progress: Progress = NO_PROGRESS) -> list[Missing]:
    """Return which of `wanted` are not in `home` as they should be."""
    wanted = list(wanted)
    faults: list[Missing] = []
    for number, stored in enumerate(wanted):
        progress.step(number, len(wanted), stored.name)
        reason = fault_of(home / stored.stored_name, stored, deep=deep)
        if reason:
            faults.append(Missing(stored, reason))
    return faults


def fault_of(path: Path, stored: Stored, *, deep: bool) -> str:
    """Return missing, size or content when the file at `path` is not `stored`; else ''."""
    try:
        if path.stat().st_size != stored.size:
            return "size"
        return "content" if deep and hash_of(path) != stored.sha256 else ""
    except OSError:
        return "missing"


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file in lower-case hex; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
