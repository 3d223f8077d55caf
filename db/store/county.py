"""The county folder: creating, opening and closing it, and the one way to write into it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from db.core.changes import Changes
from db.core.errors import DataProblem, EnvironmentProblem
from db.store import integrity, operation, undo
from db.store.connection import (
    APPLICATION_ID,
    FILE_NAME,
    RESTORE_ADVICE,
    SCHEMA_VERSION,
    connect_reader,
    connect_writer,
    pragma,
    translated,
)
from db.store.files import explained, part_of, publish, remove_leftovers
from db.store.location import check_location
from db.store.lock import CountyLocked, FolderLock
from db.store.operation import Operation

__all__ = ["County", "CountyLocked", "Operation"]

SAMPLE = "sample"
"""The setting that is there only where the county is a sample to play with; what leaves it says so."""

SUBFOLDERS = ("attachments", "backups", "exports", "logs")


class County:
    """An open county folder. Reads use connections of their own from `connect`; writes happen one after another.

    `notices` are Chinese sentences to show after opening.
    """

    def __init__(
        self, folder: Path, author: str, connection: sqlite3.Connection, lock: FolderLock | None, notices: list[str]
    ) -> None:
        self.folder = folder
        self.author = author
        self.notices = notices
        self.guards: list[Callable[[Operation], None]] = []
        self._connection = connection
        self._lock = lock
        self._writing = threading.Lock()
        self._open = True
        self._labels: tuple[str | None, str | None] = (None, None)

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        county_code: str,
        author: str,
        county_name: str = "",
        plan_version: str = "",
        sample: str = "",
    ) -> County:
        """Make `folder` a county folder with the settings given and open it.

        `sample` says that its data are invented, once for all. EnvironmentProblem if it is a county folder already, or
        lies on a share or where software synchronises it.
        """
        folder = Path(folder)
        path = folder / FILE_NAME
        check_location(folder)
        with explained("新建县级数据文件夹", folder):
            folder.mkdir(parents=True, exist_ok=True)
            for name in SUBFOLDERS:
                (folder / name).mkdir(exist_ok=True)
        lock = FolderLock.acquire(folder)
        try:
            if path.exists():
                raise EnvironmentProblem(
                    f"这里已经有县级数据（{path}）。", advice="请直接打开它，或选择另一个文件夹。", code="exists"
                )
            part = part_of(path)
            try:
                settings = {"county_code": county_code, "county_name": county_name, "plan_version": plan_version}
                _make_file(part, settings | ({SAMPLE: sample} if sample else {}), author)
                with explained("新建县级数据文件", path):
                    publish(part, path)
            finally:
                with suppress(OSError):
                    part.unlink(missing_ok=True)
            with translated(path):
                return cls(folder, author, connect_writer(path), lock, [])
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, folder: Path, *, author: str, read_only: bool = False, take_over: bool = False) -> County:
        """Open the county in `folder`; CountyLocked when it is open elsewhere, EnvironmentProblem when it cannot be.

        A file of an older program is backed up and upgraded. `take_over`: see `CountyLocked.can_take_over`.
        """
        folder = Path(folder)
        path = folder / FILE_NAME
        with explained("打开县级数据文件夹", folder):
            if not path.is_file():
                raise _no_county(folder)
        if read_only:
            return cls._open_read_only(folder, author)
        lock = FolderLock.acquire(folder, take_over=take_over)
        try:
            journal_left = _size(path.with_name(path.name + "-journal")) > 0
            connection = _connect_checked(path, connect_writer)
            try:
                county = cls(folder, author, connection, lock, [])
                if lock.unclean or journal_left:
                    county._check_after_crash()
                county._upgrade()
                with translated(path):
                    county._labels = _labels(connection)
            except BaseException:
                connection.close()
                raise
            return county
        except BaseException:
            lock.release(clean=not lock.unclean)  # what was suspected still is
            raise

    @classmethod
    def _open_read_only(cls, folder: Path, author: str) -> County:
        path = folder / FILE_NAME
        connection = _connect_checked(path, connect_reader)
        with translated(path):
            version = pragma(connection, "user_version")
        if version < SCHEMA_VERSION:
            connection.close()
            raise EnvironmentProblem(
                f"这个文件由旧版本的程序保存（数据格式第 {version} 版），要先升级，不能以只读方式打开：{path}。",
                advice="请先正常打开一次。",
                code="older_file",
            )
        return cls(folder, author, connection, None, [])

    @property
    def path(self) -> Path:
        """Return the county file."""
        return self.folder / FILE_NAME

    @property
    def read_only(self) -> bool:
        """Return whether nothing can be written."""
        return self._lock is None

    def close(self) -> None:
        """Close the file and give the folder back; a second call does nothing."""
        if not self._open:
            return
        if not self._writing.acquire(blocking=False):
            raise RuntimeError("the county is closed while an operation is running")
        self._open = False
        try:
            self._connection.close()
        finally:
            if self._lock is not None:
                self._lock.release()
            self._writing.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def connect(self) -> sqlite3.Connection:
        """Return a new read-only connection for the use of one thread; the caller closes it.

        Errors of its queries are SQLite's; wrap them in `connection.translated(county.path)` to have sentences.
        """
        if not self._open:
            raise RuntimeError("the county is closed")
        with translated(self.path):
            return connect_reader(self.path)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a read-only connection, closed afterwards, with SQLite's errors turned into sentences."""
        conn = self.connect()
        try:
            with translated(self.path):
                yield conn
        finally:
            conn.close()

    @contextmanager
    def between_writes(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection that writes, for a look at the file from the thread that writes.

        A new connection reads the file's whole schema before anything else, which is more than such a look takes.
        """
        with self._turn(), translated(self.path):
            yield self._connection

    @contextmanager
    def operation(self, label: str, *, undoable: bool = True, record: bool = False) -> Iterator[Operation]:
        """Yield an open operation; everything written in the block is saved at its end, or nothing if it raises.

        `undoable=False` for what cannot be taken back (new definitions of registers): earlier steps then stay too.
        `record=True` for what tells of something done outside (an export): it stays, and undo and redo pass by it.
        A step that changed nothing leaves no trace. Raises DataProblem for a row that points to nothing, and what
        `guards`, which look at every step before it is saved, raise against it.
        """
        with self._write_turn():
            kind: operation.Kind = "do" if undoable else "fixed"
            op = operation.begin(self._connection, label, self.author, kind=kind, record=record)
            try:
                yield op
                for guard in self.guards:
                    guard(op)
                operation.finish(op)
            except sqlite3.IntegrityError as error:
                raise (_points_nowhere(self._connection, error) or error) from error
            finally:
                if self._connection.in_transaction:
                    self._connection.rollback()

    def undo(self) -> Changes:
        """Take back the last step; see `undo.undo`."""
        with self._write_turn():
            return undo.undo(self._connection, self.author)

    def redo(self) -> Changes:
        """Do the step undone last again; see `undo.redo`."""
        with self._write_turn():
            return undo.redo(self._connection, self.author)

    def undo_label(self) -> str | None:
        """Return the name of the step that `undo` would take back; at once, from any thread."""
        return self._labels[0]

    def redo_label(self) -> str | None:
        """Return the name of the step that `redo` would do again; at once, from any thread."""
        return self._labels[1]

    def settings(self, conn: sqlite3.Connection) -> dict[str, str]:
        """Return the county's settings by key; a setting without a value is ''."""
        rows = conn.execute("SELECT id, coalesce(value, '') FROM setting WHERE deleted_at IS NULL")
        return {row[0]: row[1] for row in rows}

    @contextmanager
    def _write_turn(self) -> Iterator[None]:
        if self.read_only:
            raise EnvironmentProblem(
                "当前是只读打开，不能修改。", advice="请等其他人关闭这个文件夹后重新打开。", code="opened_read_only"
            )
        with self._turn(), translated(self.path):
            yield
            self._labels = _labels(self._connection)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._writing.acquire(blocking=False):
            raise RuntimeError("two operations at the same time: writes go one after another through one thread")
        try:
            if not self._open:
                raise RuntimeError("the county is closed")
            yield
        finally:
            self._writing.release()

    def _check_after_crash(self) -> None:
        with translated(self.path):
            findings = integrity.check(self._connection)
        if findings.damage:
            raise integrity.damaged(self.path, findings)
        remove_leftovers(*(self.folder / name for name in ("", *SUBFOLDERS, "backups/attachments")))
        self.notices.append(
            f"上次没有正常关闭{_whose(self._lock)}，可能是断电或程序被强行结束。已检查数据文件，没有损坏，已保存的内容都在。"
        )
        for table, count in findings.broken_references:
            self.notices.append(
                f"{integrity.title(table)}中有 {count} 条引用了不存在的内容，可能被其他程序改过，请核对。"
            )

    def _upgrade(self) -> None:
        with translated(self.path):
            version = pragma(self._connection, "user_version")
            if version >= SCHEMA_VERSION:
                return
            from db.store import backup_keeping, migrations  # slow to import, and seldom needed

            backup_keeping.before(self.folder, "migration")
            migrations.upgrade(self._connection, self.author)
            self.notices.append(f"数据格式已从第 {version} 版升级到第 {SCHEMA_VERSION} 版，升级前的数据已备份。")


def _labels(conn: sqlite3.Connection) -> tuple[str | None, str | None]:
    return undo.undo_label(conn), undo.redo_label(conn)


def _points_nowhere(conn: sqlite3.Connection, error: sqlite3.IntegrityError) -> DataProblem | None:
    """Return the sentence for a commit that failed because a row points to nothing, None for any other `error`."""
    if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY or not conn.in_transaction:
        return None
    tables = "、".join(f"{integrity.title(table)}（{count} 条）" for table, count in integrity.broken_references(conn))
    return DataProblem(
        f"没有保存：有记录引用了不存在的内容：{tables}。",
        advice="请重新选择所引用的单位后再保存。",
        code="points_nowhere",
    )


def _make_file(path: Path, settings: dict[str, str], author: str) -> None:
    from db.store import migrations

    with translated(path):
        connection = connect_writer(path, create=True)
        try:
            migrations.upgrade(connection, author)
            op = operation.begin(connection, "新建县级数据", author, kind="fixed")
            connection.executemany(
                "INSERT INTO setting (id, value, created_at) VALUES (?, ?, ?)",
                [(key, value or None, op.at) for key, value in settings.items()],
            )
            operation.finish(op)
        finally:
            connection.close()


def _connect_checked(path: Path, connect: Callable[[Path], sqlite3.Connection]) -> sqlite3.Connection:
    """Return a connection to `path` if it is a county file that this program can read."""
    with translated(path):
        connection = connect(path)
        try:
            application, version = pragma(connection, "application_id"), pragma(connection, "user_version")
            if application != APPLICATION_ID or version == 0:
                raise _not_ours(path)
            if version > SCHEMA_VERSION:
                raise _newer(path, version)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            connection.close()
            raise
    return connection


def _no_county(folder: Path) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"这个文件夹里没有县级数据文件 {FILE_NAME}（{folder}）。",
        advice="请选择县级数据文件夹，或新建一个；如果文件丢失，请从 backups 文件夹中的备份恢复。",
        code="no_county",
    )


def _not_ours(path: Path) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"{path} 不是本程序的县级数据文件，或已被清空。",
        advice="请选择正确的文件夹；" + RESTORE_ADVICE,
        code="not_ours",
    )


def _newer(path: Path, version: int) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"这个文件由更新版本的程序保存（数据格式第 {version} 版，本程序只认识到第 {SCHEMA_VERSION} 版）：{path}。",
        advice="请升级本程序后再打开。",
        code="newer_file",
    )


def _whose(lock: FolderLock | None) -> str:
    holder = lock.crashed if lock else None
    if holder is None:
        return ""
    return f"（电脑“{holder.host}”，用户 {holder.user}，{holder.since.replace('T', ' ')} 打开）"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
