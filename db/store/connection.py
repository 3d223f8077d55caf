"""Connections to a county file: how they are set up, and what SQLite's errors mean to a clerk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from db.core.application_ids import COUNTY_FILE
from db.core.errors import Cancelled, EnvironmentProblem

FILE_NAME = "county.db"
APPLICATION_ID = COUNTY_FILE
SCHEMA_VERSION = 7
"""The schema version this program writes; `migrations` brings older files to it."""

_TIMEOUT = 30.0
# A page scrolls with some ten; the few hundred of a check come in turn, so that even 128 would serve none twice, and
# they are long.
_STATEMENTS = 32
_WRITER_CACHE_KB = 64 * 1024
# A transaction that outgrows the cache would lock readers out until it ends; up to about 200 MB it stays in memory.
_SPILL_PAGES = 50_000

RESTORE_ADVICE = "请不要继续使用这个文件，从“备份与恢复”中选择最近的备份恢复。"


def file_uri(path: Path, mode: str) -> str:
    """Return the SQLite URI of `path`; drive letters, network shares and Chinese names included."""
    posix = path.absolute().as_posix()
    return f"file://{quote(posix if posix.startswith('/') else '/' + posix, safe='/:')}?mode={mode}"


def connect_writer(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """Return the connection that writes: autocommit, so that only `operation` begins and ends transactions.

    It trusts the schema, since SQLite 3.40 counts the JSON functions of the journal's triggers among the unsafe ones.
    """
    connection = _connect(path, "rwc" if create else "rw")
    _run_pragmas(
        connection,
        "journal_mode=DELETE",
        "synchronous=FULL",
        "recursive_triggers=ON",  # else INSERT OR REPLACE would delete rows behind the journal's back
        "temp_store=MEMORY",  # statement journals in files would cost every journalled row half as much again
        f"cache_size=-{_WRITER_CACHE_KB}",
        f"cache_spill={_SPILL_PAGES}",
    )
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Return a new connection that cannot write; usable from any one thread."""
    connection = _connect(path, "ro")
    _run_pragmas(connection, "query_only=ON", "trusted_schema=OFF")
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        file_uri(path, mode),
        uri=True,
        timeout=_TIMEOUT,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS,
    )
    _run_pragmas(connection, "foreign_keys=ON")
    return connection


def _run_pragmas(connection: sqlite3.Connection, *pragmas: str) -> None:
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except BaseException:
        connection.close()
        raise


def pragma(connection: sqlite3.Connection, name: str) -> int:
    """Return the whole-number value of PRAGMA `name`."""
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def quoted(identifier: str) -> str:
    """Return a table or column name as SQL text."""
    return '"' + identifier.replace('"', '""') + '"'


def explain_sqlite(error: sqlite3.Error, path: Path) -> Exception:
    """Return what `error` means: an `EnvironmentProblem`, `Cancelled` after an interrupt, or `error` (our bug)."""
    code = getattr(error, "sqlite_errorcode", 0) or 0
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            message, advice = "磁盘空间已满，这一步没有保存。", "请清理磁盘后重试，之前保存的数据没有受影响。"
            return _problem("disk_full", message, advice)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return _problem("busy", f"数据文件正被其他程序占用（{path}）。", "请关闭正在使用它的程序后重试。")
        case sqlite3.SQLITE_READONLY if code == sqlite3.SQLITE_READONLY_ROLLBACK:
            message, advice = (
                f"上次没有正常关闭，数据文件要先整理才能读取（{path}）。",
                "请先正常打开一次，不要只读打开。",
            )
            return _problem("needs_recovery", message, advice)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            message, advice = f"数据文件不能写入（{path}）。", "请检查权限和写保护，或把文件夹复制到可以写入的位置。"
            return _problem("read_only_disk", message, advice)
        case sqlite3.SQLITE_CANTOPEN:
            message, advice = f"数据文件打不开（{path}）。", "请检查文件夹是否还在、有没有权限，U盘或网络是否已断开。"
            return _problem("cannot_open", message, advice)
        case sqlite3.SQLITE_IOERR:
            message, advice = f"读写数据文件时磁盘出错（{path}）。", "请检查磁盘、U盘或网络连接，再重新打开。"
            return _problem("disk_gone", message, advice)
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return _problem("damaged", f"数据文件已损坏或不是县级数据文件（{path}）。", RESTORE_ADVICE)
        case sqlite3.SQLITE_INTERRUPT:
            return Cancelled()
    return error


def _problem(code: str, message: str, advice: str) -> EnvironmentProblem:
    return EnvironmentProblem(message, advice=advice, code=code)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors raised inside into what `explain_sqlite` says; our own bugs pass unchanged."""
    try:
        yield
    except sqlite3.Error as error:
        meaning = explain_sqlite(error, path)
        if meaning is error:
            raise
        raise meaning from error
