"""The city's ledger as a file: making it, opening it, reading and writing it.

with Ledger.open_or_create(path, author="李明") as ledger, ledger.writing() as conn: …
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from db.core.errors import DataProblem, EnvironmentProblem
from db.core.file_kinds import Kind, other_kind
from db.exchange.ledger.schema import APPLICATION_ID, STATEMENTS, UPGRADES, VERSION
from db.plan.catalogue import load_catalogue
from db.store.connection import connect_reader, connect_writer, pragma, translated
from db.store.county import SAMPLE
from db.store.files import explained, part_of, publish
from db.store.operation import now
from db.work.demo_facts import demo_day
from db.work.setup import SAMPLE_WORD

SUFFIX = ".db"
_MAGIC = b"SQLite format 3\x00"


class Ledger:
    """An open ledger. Reads use connections of their own; writes happen one after another, each whole or not at all.

    A `sample` (演示台账) takes packages of sample counties and no others; a real one takes none of theirs.
    """

    def __init__(self, path: Path, author: str, connection: sqlite3.Connection) -> None:
        self.path = path
        self.author = author
        self.sample = sample_word(connection)
        self._connection = connection
        self._writing = threading.Lock()

    @classmethod
    def open_or_create(cls, path: Path, *, author: str, sample: bool = False) -> Ledger:
        """Return the ledger at `path`, a new one if there is no file; DataProblem for a real one in place of a sample.

        A sample that is there is opened as one, whether it is asked for or not.
        """
        path = Path(path)
        with explained("打开核收台账", path):
            there = path.exists()
        if not there:
            return cls.create(path, author=author, sample=sample)
        found = cls.open(path, author=author)
        if sample and not found.sample:
            found.close()
            raise DataProblem(
                f"“{path.name}”是正式的核收台账，不能用来练习。", advice="请换一个文件名。", code="ledger.real"
            )
        return found

    @classmethod
    def create(cls, path: Path, *, author: str, sample: bool = False) -> Ledger:
        """Make a new ledger, which takes packages of the plan that ships with the program."""
        path = Path(path)
        with explained("新建核收台账", path):
            if path.exists():
                raise EnvironmentProblem(f"同名文件已存在（{path}）。", advice="请换一个名称。", code="exists")
            path.parent.mkdir(parents=True, exist_ok=True)
        part = part_of(path)
        try:
            with translated(path):
                connection = connect_writer(part, create=True)
                try:
                    connection.execute("BEGIN")
                    for statement in STATEMENTS:
                        connection.execute(statement)
                    edition = (load_catalogue().version, now(), author)
                    connection.execute("INSERT INTO plan_edition VALUES (?, ?, ?)", edition)
                    if sample:
                        connection.execute("INSERT INTO setting VALUES (?, ?)", (SAMPLE, SAMPLE_WORD))
                    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                    connection.execute(f"PRAGMA user_version = {VERSION}")
                    connection.execute("COMMIT")
                finally:
                    connection.close()
            with explained("新建核收台账", path):
                publish(part, path)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        return cls.open(path, author=author)

    @classmethod
    def open(cls, path: Path, *, author: str) -> Ledger:
        """Return the ledger at `path`; DataProblem when the file is none, EnvironmentProblem when it cannot be used."""
        path = Path(path)
        with explained("打开核收台账", path), path.open("rb") as file:
            head = file.read(len(_MAGIC))
        if head != _MAGIC:
            raise other_kind(path, Kind.LEDGER) or _no_ledger(path)
        with translated(path):
            connection = connect_writer(path)
            try:
                version = pragma(connection, "user_version")
                if pragma(connection, "application_id") != APPLICATION_ID or version < 1:
                    raise other_kind(path, Kind.LEDGER) or _no_ledger(path)
                if version > VERSION:
                    raise EnvironmentProblem(
                        f"这个台账由更新版本的程序保存（第{version}版）：{path}。",
                        advice="请升级本程序后再打开。",
                        code="newer_file",
                    )
                if version < VERSION:
                    _upgrade(connection, version)
            except BaseException:
                connection.close()
                raise
        return cls(path, author, connection)

    def today(self) -> date:
        """Return the day by which it is judged what is late: the demo's own in a sample, else the calendar's."""
        return demo_day() if self.sample else date.today()

    def close(self) -> None:
        """Close the file."""
        with self._writing:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def connect(self) -> sqlite3.Connection:
        """Return a new connection that only reads; usable from any one thread."""
        with translated(self.path):
            return connect_reader(self.path)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection that sees one moment of the ledger."""
        with translated(self.path):
            connection = connect_reader(self.path)
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection inside a transaction: all that is written is kept, or after an error nothing."""
        with self._writing, translated(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise


def _upgrade(conn: sqlite3.Connection, version: int) -> None:
    conn.execute("BEGIN IMMEDIATE")
    for before in range(version, VERSION):
        for statement in UPGRADES[before]:
            conn.execute(statement)
    conn.execute(f"PRAGMA user_version = {VERSION}")
    conn.execute("COMMIT")


def sample_word(conn: sqlite3.Connection) -> str:
    """Return 演示 where the ledger is one to practise with, "" where it is real."""
    row = conn.execute("SELECT value FROM setting WHERE name = ?", (SAMPLE,)).fetchone()
    return str(row[0]) if row else ""


def note(conn: sqlite3.Connection, author: str, what: str, package_id: str = "") -> None:
    """Write into the ledger's own record what was done."""
    conn.execute(
        "INSERT INTO event (at, author, what, package_id) VALUES (?, ?, ?, ?)", (now(), author, what, package_id)
    )


def _no_ledger(path: Path) -> DataProblem:
    advice = "请选择本程序建立的台账，或换一个新文件名。"
    return DataProblem(f"“{path.name}”不是市级核收台账。", advice=advice, code="ledger")
