"""Which scoring table the county goes by: the program's own, or one that was loaded, with its name, date and hash.

scoring_in_force(conn) -> ScoringInForce
use_table(op, name, data) -> ScoringInForce        DataProblem when the file is not a sound table
back_to_default(op)
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import resources
from db.core.errors import DataProblem, Problem
from db.store.files import explained
from db.store.operation import Operation
from db.work.evaluation.scoring import (
    FILE,
    LARGEST,
    TOO_LARGE,
    Reading,
    ScoringTable,
    default_table,
    read_scoring,
)

SETTING = "scoring_table"
_MOST_BYTES = 4 * LARGEST


@dataclass(frozen=True)
class ScoringInForce:
    """A table and where it comes from: of a loaded one `file_name`, `loaded_at` (local ISO time) and `sha256`.

    `text` is the file's, to be saved, changed and loaded again.
    """

    table: ScoringTable
    text: str
    file_name: str = ""
    loaded_at: str = ""
    sha256: str = ""

    @property
    def own(self) -> bool:
        """Return whether the county loaded it."""
        return bool(self.file_name)

    @property
    def sentence(self) -> str:
        """Return what it is and where it comes from, for the page and the report."""
        if not self.own:
            return f"{self.table.title}：{self.table.source}"
        return f"{self.table.title}（{self.file_name}，{self.loaded_at[:10]}载入，校验码{self.sha256[:12]}）"


class ScoringFaults(DataProblem):
    """A file that is no scoring table; `problems` has every fault with its place."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        first = problems[0].sentence()
        more = f"另有{len(problems) - 1}处。" if len(problems) > 1 else ""
        super().__init__(
            f"“{name}”不能用作评分表：{first}{more}", advice="请改正后再载入；原来的评分表没有变。", code="scoring"
        )
        self.problems = problems


def scoring_in_force(conn: sqlite3.Connection) -> ScoringInForce:
    """Return the county's table; the program's own when none was loaded."""
    row = conn.execute("SELECT value FROM setting WHERE id = ? AND deleted_at IS NULL", (SETTING,)).fetchone()
    if row is None:
        return ScoringInForce(default_table(), resources.text(FILE))
    kept = json.loads(row[0])
    table = read_scoring(kept["text"]).table
    if table is None:
        # It was sound when it was loaded; a later program that asks for more goes on with its own.
        return ScoringInForce(default_table(), resources.text(FILE))
    return ScoringInForce(table, kept["text"], kept["file_name"], kept["loaded_at"], kept["sha256"])


def bytes_of(file: Path) -> bytes:
    """Return the file's bytes, of one that is too large a few more than any table has; EnvironmentProblem."""
    with explained("读取评分表", file), file.open("rb") as stream:
        return stream.read(_MOST_BYTES + 1)


def read_file(data: bytes) -> Reading:
    """Return what the bytes of a file give."""
    if len(data) > _MOST_BYTES:
        return Reading(None, (TOO_LARGE,))
    try:
        return read_scoring(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        fault = Problem("scoring", "不是 UTF-8 的文本文件。", "请用记事本另存，编码选 UTF-8。")
        return Reading(None, (fault,))


def use_table(op: Operation, name: str, data: bytes) -> ScoringInForce:
    """Let the county go by the table in `data`, the bytes of the file `name`; ScoringFaults when it is none."""
    found = read_file(data)
    if found.table is None:
        raise ScoringFaults(name, found.problems)
    kept = {
        "text": data.decode("utf-8-sig"),
        "file_name": name,
        "loaded_at": op.at,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    op.conn.execute(
        "INSERT INTO setting (id, value, created_at) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET value = excluded.value, deleted_at = NULL",
        (SETTING, json.dumps(kept, ensure_ascii=False), op.at),
    )
    return scoring_in_force(op.conn)


def back_to_default(op: Operation) -> None:
    """Go by the program's own table again; undoing brings the other back."""
    op.conn.execute("DELETE FROM setting WHERE id = ?", (SETTING,))
