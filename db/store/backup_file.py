"""The backup file: one zip with the county file as SQLite's backup API copies it, the proof files, and what it holds.

    county.db            deflated; SHA-256 in backup.json
    attachments/ab/…     hash-checked; absent from the backups inside the county folder, which keep each content once
                         in backups/attachments/ (db.store.backup_keeping)
    backup.json          counts, dates, hashes; read by `describe`

A backup has its final name only once it has been read back and found whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from db.core.errors import EnvironmentProblem
from db.core.file_kinds import Kind, meant
from db.core.progress import NO_PROGRESS, Progress
from db.store import integrity
from db.store.attachments import FOLDER as ATTACHMENTS
from db.store.attachments import Stored, contents, find_faults, is_stored_name
from db.store.connection import FILE_NAME, connect_reader, file_uri, pragma, quoted, translated
from db.store.files import CHUNK, explained, megabytes, part_of, publish, require_space
from db.store.journal import journalled_tables
from db.store.operation import now
from db.store.past import newest_seq

INFO_NAME = "backup.json"
FORMAT = 1
_PAGES = 2000
_MOST_INFO = 256 << 20
_COMPRESSED = {
    "pdf",
    "jpg",
    "jpeg",
    "png",
    "gif",
    "webp",
    "heic",
    "mp4",
    "mp3",
    "docx",
    "xlsx",
    "pptx",
    "zip",
    "rar",
    "7z",
}
_BROKEN_ADVICE = "请换一个备份文件。"


@dataclass(frozen=True)
class BackupInfo:
    """What a backup holds. `counts` are live rows by table; `last_change` only ever grows in one county.

    `attachments` are the contents that rows refer to, `absent` the stored names of those that were missing or damaged
    when the backup was made; `inside` tells whether the others are in the zip.
    """

    made_at: str
    schema_version: int
    county_code: str
    county_name: str
    counts: dict[str, int]
    last_change: int
    last_saved_at: str
    database_size: int
    database_sha256: str
    attachments: tuple[Stored, ...]
    absent: tuple[str, ...]
    inside: bool

    @property
    def rows(self) -> int:
        """Return how many live rows there are in all tables."""
        return sum(self.counts.values())

    def lines(self) -> list[str]:
        """Return what a clerk has to know before restoring, as Chinese lines."""
        size = sum(stored.size for stored in self.attachments)
        lines = [
            f"备份时间：{self.made_at.replace('T', ' ')}",
            f"填报单位：{self.county_name or '未填写'}（{self.county_code}）",
            f"最后保存：{self.last_saved_at.replace('T', ' ') or '无'}",
        ]
        lines += [f"{integrity.title(table).strip()}：{count} 条" for table, count in self.counts.items() if count]
        lines.append(f"佐证附件文件：{len(self.attachments)} 个，共 {megabytes(size)} MB")
        if self.absent:
            lines.append(f"其中 {len(self.absent)} 个附件文件在备份时已经丢失或损坏，不在备份中")
        return lines


def write_backup(
    folder: Path,
    out: Path,
    *,
    inside: bool,
    progress: Progress = NO_PROGRESS,
    proofs: Path | None = None,
    papers: Mapping[str, bytes] | None = None,
    aside: Path | None = None,
) -> BackupInfo:
    """Write the backup `out` of the county in `folder`, with or without its proof files, and return what it holds.

    `proofs` is the county folder where those lie when it is another one; `papers` are files for people, by their names
    in the zip, which no restore needs. The county file is copied into `aside` first, else beside `out`.
    """
    what = "写入备份"
    papers = papers or {}
    proofs = proofs or folder
    database, part = part_of((aside or out.parent) / out.name), part_of(out)
    try:
        with explained(what, out):
            out.parent.mkdir(parents=True, exist_ok=True)
            info = _copy_database(folder, database, out.parent, inside=inside, progress=progress)
            progress.step(0, 0, "检查佐证附件")
            faults = find_faults(info.attachments, proofs / ATTACHMENTS, deep=inside, progress=progress)
            absent = {fault.stored.stored_name for fault in faults}
            info = replace(info, absent=tuple(sorted(absent)))
            with part.open("xb") as file:
                with zipfile.ZipFile(file, "w", strict_timestamps=False) as archive:
                    for name, content in papers.items():
                        archive.writestr(name, content, zipfile.ZIP_DEFLATED)
                    _fill(archive, proofs, database, info, progress)
                file.flush()
                os.fsync(file.fileno())
            _read_back(part, info, papers, progress)
            publish(part, out)
    finally:
        for leftover in (database, part):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)
    return info


def describe(file: Path) -> BackupInfo:
    """Return what the backup `file` holds; DataProblem for another kind of file, EnvironmentProblem when it is no
    backup of ours that this program can read.
    """
    file = Path(file)
    with meant(file, Kind.BACKUP, ours=True), explained("读取备份", file):
        try:
            with zipfile.ZipFile(file) as archive:
                return read_info(archive, file)
        except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError) as error:
            raise not_a_backup(file) from error


def read_info(archive: zipfile.ZipFile, file: Path) -> BackupInfo:
    """Return what `archive` says it holds; KeyError, ValueError or TypeError when that makes no sense."""
    entry = archive.getinfo(INFO_NAME)
    if entry.file_size > _MOST_INFO:
        raise ValueError("backup.json is too large")
    found: dict[str, Any] = json.loads(archive.read(entry))
    if found.pop("format") > FORMAT:
        raise EnvironmentProblem(
            f"备份由更新版本的程序生成（{file}）。", advice="请升级本程序后再恢复。", code="newer_file"
        )
    attachments = tuple(Stored(str(a["sha256"]), str(a["name"]), int(a["size"])) for a in found.pop("attachments"))
    if not all(is_stored_name(stored.stored_name.split("/")[-1]) for stored in attachments):
        raise ValueError("not a name of a proof file")
    return BackupInfo(attachments=attachments, absent=tuple(found.pop("absent")), **found)


def not_a_backup(file: Path) -> EnvironmentProblem:
    """Return the problem to raise for a file that is damaged or something else."""
    return EnvironmentProblem(
        f"备份文件已损坏，或不是本程序的备份（{file}）。", advice=_BROKEN_ADVICE, code="bad_backup"
    )


def _copy_database(folder: Path, copy: Path, target: Path, *, inside: bool, progress: Progress) -> BackupInfo:
    """Copy the county file to `copy`, check the copy and return what is in it.

    Never by opening the file itself: closing it again would drop SQLite's locks in this process. The read transaction
    keeps writers out meanwhile, so that counts and copy agree.
    """
    path = folder / FILE_NAME
    with translated(path), closing(connect_reader(path)) as source:
        source.execute("BEGIN")
        size = pragma(source, "page_count") * pragma(source, "page_size")
        proofs = sum(stored.size for stored in contents(source)) if inside else 0
        require_space(target, 2 * size + proofs, "备份")

        def report(_status: int, remaining: int, total: int) -> None:
            progress.step(total - remaining, total, "复制数据文件")

        with closing(sqlite3.connect(file_uri(copy, "rwc"), uri=True, isolation_level=None)) as destination:
            # The copy is a temporary file until it lies in the zip, so it needs no safety of its own.
            destination.execute("PRAGMA synchronous = OFF").fetchall()
            source.backup(destination, pages=_PAGES, progress=report)
            destination.execute("PRAGMA journal_mode = DELETE").fetchall()
    with translated(path), closing(connect_reader(copy)) as conn:
        findings = integrity.check(conn)
        if findings.damage:
            raise integrity.damaged(path, findings)
        facts = _facts(conn)
    digest, size = _hash(copy)
    return BackupInfo(**facts, database_size=size, database_sha256=digest, absent=(), inside=inside)


def _facts(conn: sqlite3.Connection) -> dict[str, Any]:
    settings = dict(conn.execute("SELECT id, coalesce(value, '') FROM setting WHERE deleted_at IS NULL"))
    return {
        "made_at": now(),
        "schema_version": pragma(conn, "user_version"),
        "county_code": settings.get("county_code", ""),
        "county_name": settings.get("county_name", ""),
        "counts": _counts(conn),
        "last_change": newest_seq(conn),
        "last_saved_at": conn.execute("SELECT coalesce(max(at), '') FROM operation").fetchone()[0],
        "attachments": tuple(contents(conn)),
    }


def _counts(conn: sqlite3.Connection) -> dict[str, int]:
    return {
        table: conn.execute(f"SELECT count(*) FROM {quoted(table)} WHERE deleted_at IS NULL").fetchone()[0]
        for table in journalled_tables(conn)
    }


def _fill(archive: zipfile.ZipFile, folder: Path, database: Path, info: BackupInfo, progress: Progress) -> None:
    _put(archive, database, FILE_NAME, deflate=True)
    if info.inside:
        present = [stored for stored in info.attachments if stored.stored_name not in info.absent]
        for number, stored in enumerate(present):
            progress.step(number, len(present), "写入佐证附件")
            extension = stored.stored_name.rpartition(".")[2]
            source = folder / ATTACHMENTS / stored.stored_name
            _put(archive, source, f"{ATTACHMENTS}/{stored.stored_name}", deflate=extension not in _COMPRESSED)
    text = json.dumps({"format": FORMAT, **asdict(info)}, ensure_ascii=False, indent=1)
    archive.writestr(INFO_NAME, text.encode("utf-8"), zipfile.ZIP_DEFLATED, compresslevel=1)


def _put(archive: zipfile.ZipFile, source: Path, name: str, *, deflate: bool) -> None:
    archive.write(source, name, zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED, compresslevel=1)


def _read_back(part: Path, info: BackupInfo, papers: Mapping[str, bytes], progress: Progress) -> None:
    """Read every byte of the finished zip; EnvironmentProblem when one is not what it should be."""
    wanted = expected_entries(info) | {name: hashlib.sha256(content).hexdigest() for name, content in papers.items()}
    try:
        with zipfile.ZipFile(part) as archive:
            if read_info(archive, part) != info or set(archive.namelist()) != {*wanted, INFO_NAME}:
                raise zipfile.BadZipFile("contents differ")
            for number, (name, sha256) in enumerate(wanted.items()):
                progress.step(number, len(wanted), "核对备份")
                with archive.open(name) as file:
                    if _digest(iter(lambda: file.read(CHUNK), b"")) != sha256:
                        raise zipfile.BadZipFile(name)
    except (zipfile.BadZipFile, zlib.error) as error:
        raise EnvironmentProblem(
            "备份写入后核对不一致，没有保留这个备份。", advice="磁盘可能有问题，请换一个位置重试。", code="bad_write"
        ) from error


def expected_entries(info: BackupInfo) -> dict[str, str]:
    """Return the SHA-256 of every entry that the backup must have, beside its description."""
    entries = {FILE_NAME: info.database_sha256}
    if info.inside:
        for stored in info.attachments:
            if stored.stored_name not in info.absent:
                entries[f"{ATTACHMENTS}/{stored.stored_name}"] = stored.sha256
    return entries


def _hash(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


def _digest(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
