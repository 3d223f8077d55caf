"""Bringing a county back from a backup; what was there before is kept, and is replaced only once all is ready."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from contextlib import closing, suppress
from pathlib import Path

from db.core.errors import EnvironmentProblem
from db.core.progress import NO_PROGRESS, Progress
from db.store import integrity
from db.store.attachments import FOLDER as ATTACHMENTS
from db.store.attachments import Stored, fault_of, hash_of, place
from db.store.backup_file import BackupInfo, not_a_backup, read_info
from db.store.backup_keeping import FOLDER as BACKUPS
from db.store.backup_keeping import before, copy_proof
from db.store.connection import (
    APPLICATION_ID,
    FILE_NAME,
    SCHEMA_VERSION,
    connect_reader,
    connect_writer,
    pragma,
    translated,
)
from db.store.files import CHUNK, explained, part_of, publish, require_space, sync_file
from db.store.location import check_location
from db.store.lock import FolderLock
from db.store.operation import now

_WHAT = "恢复备份"


def restore(file: Path, folder: Path, progress: Progress = NO_PROGRESS, *, take_over: bool = False) -> Path | None:
    """Make `folder` the county in the backup `file`; return where the county it replaces is kept, None if none was.

    All is unpacked and checked first: on an error the folder's county is as it was. CountyLocked when it is open.
    EnvironmentProblem for a new place where it would not be safe, too.
    """
    file, folder = Path(file), Path(folder)
    if not (folder / FILE_NAME).exists():
        check_location(folder)
    with explained(_WHAT, folder):
        folder.mkdir(parents=True, exist_ok=True)
    lock = FolderLock.acquire(folder, take_over=take_over)
    database = part_of(folder / FILE_NAME)
    try:
        with explained(_WHAT, file):
            try:
                with zipfile.ZipFile(file) as archive:
                    info = read_info(archive, file)
                    _refuse_newer(info, file)
                    require_space(folder, info.database_size + _proofs_size(info), _WHAT)
                    _unpack(archive, FILE_NAME, database, info.database_size, info.database_sha256)
                    _check_database(database, file)
                    _restore_proofs(archive, file, folder, info, progress)
            except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError) as error:
                raise not_a_backup(file) from error
            replaced = _keep_present(folder, progress)
            publish(database, folder / FILE_NAME)
    finally:
        with suppress(OSError):
            database.unlink(missing_ok=True)
        lock.release()
    return replaced


def _refuse_newer(info: BackupInfo, file: Path) -> None:
    if info.schema_version > SCHEMA_VERSION:
        raise EnvironmentProblem(
            f"备份由更新版本的程序生成（数据格式第 {info.schema_version} 版）：{file}。",
            advice="请升级本程序后再恢复。",
            code="newer_file",
        )


def _proofs_size(info: BackupInfo) -> int:
    return sum(stored.size for stored in info.attachments) if info.inside else 0


def _unpack(archive: zipfile.ZipFile, name: str, target: Path, size: int, sha256: str) -> None:
    """Unpack one entry to the file `target`, on the disk; BadZipFile when it is not the `size` and hash promised."""
    done = 0
    with archive.open(name) as source, target.open("xb") as file:
        while piece := source.read(CHUNK):
            done += len(piece)
            if done > size:
                break
            file.write(piece)
    if done != size or hash_of(target) != sha256:
        raise zipfile.BadZipFile(name)
    sync_file(target)


def _check_database(database: Path, file: Path) -> None:
    with translated(file), closing(connect_reader(database)) as conn:
        sound = pragma(conn, "application_id") == APPLICATION_ID and not integrity.check(conn).damage
    if not sound:
        raise not_a_backup(file)


def _restore_proofs(archive: zipfile.ZipFile, file: Path, folder: Path, info: BackupInfo, progress: Progress) -> None:
    """Bring back the proof files that the folder lacks: from the zip, or from the pool beside a kept backup."""
    home = folder / ATTACHMENTS
    pool = file.parent / ATTACHMENTS
    for number, stored in enumerate(info.attachments):
        progress.step(number, len(info.attachments), "恢复佐证附件")
        if stored.stored_name in info.absent or not fault_of(home / stored.stored_name, stored, deep=True):
            continue
        if info.inside:
            _unpack_proof(archive, home, stored)
        elif not fault_of(pool / stored.stored_name, stored, deep=False):
            copy_proof(pool / stored.stored_name, home, stored)


def _unpack_proof(archive: zipfile.ZipFile, home: Path, stored: Stored) -> None:
    home.mkdir(exist_ok=True)
    part = part_of(home / "proof")
    try:
        _unpack(archive, f"{ATTACHMENTS}/{stored.stored_name}", part, stored.size, stored.sha256)
        place(part, home / stored.stored_name, stored)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _keep_present(folder: Path, progress: Progress) -> Path | None:
    """Keep the county file that is about to be replaced and return where: a backup, or the damaged file as it is."""
    path = folder / FILE_NAME
    if not path.exists():
        return None
    try:
        with translated(path), closing(connect_writer(path)) as conn:  # finishes what a crash left half done
            ours = pragma(conn, "application_id") == APPLICATION_ID
        if ours:
            return before(folder, "restore", progress)
    except EnvironmentProblem as problem:
        if problem.code != "damaged":
            raise
    home = folder / BACKUPS / f"damaged-{now().replace('T', '-').replace(':', '')}"
    home.mkdir(parents=True, exist_ok=True)
    rollback = path.with_name(path.name + "-journal")
    for leftover in (path, rollback):
        if leftover.exists():
            shutil.copyfile(leftover, home / leftover.name)
            sync_file(home / leftover.name)
    # It belongs to the damaged file; beside the restored one SQLite would roll it back into that.
    rollback.unlink(missing_ok=True)
    return home
