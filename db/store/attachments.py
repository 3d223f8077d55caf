"""Proof files: kept once per content under its SHA-256, so that no name a clerk gives a file can do harm.

`attachments/ab/<sha256>.<ext>`; the original name lives in the row. Files are never changed and never deleted: undo,
the recycle bin and older backups may still need them.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from db.core.errors import DataProblem, EnvironmentProblem
from db.core.ids import new_id
from db.core.progress import NO_PROGRESS, Progress
from db.store.files import CHUNK, explained, part_of, publish, require_space
from db.store.operation import Operation

FOLDER = "attachments"
_EXTENSION = re.compile(r"\.([a-z0-9]{1,10})$")
_STORED = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,10})?")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "webp": "image/webp",
    "heic": "image/heic",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
    "txt": "text/plain",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
}


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


def add(
    op: Operation,
    county: HasFolder,
    table: str,
    row_id: str,
    file: Path,
    proves: str = "",
    *,
    progress: Progress = NO_PROGRESS,
) -> str:
    """Copy `file` into the county as proof of a row and return the attachment's id.

    DataProblem when the file is empty or no file; EnvironmentProblem when it cannot be read or stored.
    """
    file = Path(file)
    name = original_name(file)
    with explained("读取佐证附件", file):
        if not file.is_file():
            raise DataProblem(f"“{name}”不是文件，不能作为佐证附件。", advice="请选择文件；文件夹请先压缩成zip。")
        size = file.stat().st_size
    if size == 0:
        raise DataProblem(f"佐证附件“{name}”是空文件。", advice="请检查后重新选择。")
    require_space(county.folder, size, "添加佐证附件")
    sha256, size = _copy_in(county.folder, file, name, size, progress)
    extension = _EXTENSION.search(name.lower())
    media_type = _MEDIA_TYPES.get(extension.group(1), "") if extension else ""
    attachment_id = new_id()
    op.conn.execute(
        "INSERT INTO attachment (id, table_name, row_id, sha256, name, size, media_type, proves, added_on, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            attachment_id,
            table,
            row_id,
            sha256,
            name,
            size,
            media_type or "application/octet-stream",
            proves or None,
            op.at[:10],
            op.at,
        ),
    )
    return attachment_id


def original_name(file: Path) -> str:
    """Return the file's name as a text that can be stored: no control characters, undecodable bytes replaced."""
    # The operating system may hand over names that are not Unicode; SQLite takes none of those.
    return _UNPRINTABLE.sub("_", file.name.encode("utf-8", "replace").decode("utf-8"))


def _copy_in(folder: Path, file: Path, name: str, size: int, progress: Progress) -> tuple[str, int]:
    """Copy while hashing what is read from the source, and return hash and size of what was stored."""
    home = folder / FOLDER
    part = part_of(home / name)
    digest = hashlib.sha256()
    done = 0
    try:
        with explained("保存佐证附件", home):
            home.mkdir(exist_ok=True)
            with part.open("xb") as target:
                for piece in _pieces(file):
                    digest.update(piece)
                    target.write(piece)
                    done += len(piece)
                    progress.step(done, size, name)
                target.flush()
                os.fsync(target.fileno())
            stored = Stored(digest.hexdigest(), name, done)
            place(part, home / stored.stored_name, stored)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return stored.sha256, done


def _pieces(file: Path) -> Iterator[bytes]:
    with explained("读取佐证附件", file), file.open("rb") as source:
        while piece := source.read(CHUNK):
            yield piece


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
