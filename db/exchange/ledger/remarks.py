"""The city's remarks on what it received, with what was said to them; and the answer that carries them to the county.

add_remark, add_reply, close_remark(ledger, …)      remarks_on(conn, number) -> [Noted]
answer_into(ledger, number, verdict, note, folder) -> Answer, Path

A remark belongs to a county's report, whatever version it was made on: it goes on with the next one. 新提出 → 已回复 →
拟解决 is the county's way; 已关闭 is the city's alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from db.core.errors import DataProblem, EnvironmentProblem
from db.core.fields import load_schema
from db.core.ids import new_id
from db.core.text import clean
from db.exchange.answers import ACCEPTED, RETURNED, Answer, Remark, answer_text
from db.exchange.ledger.file import Ledger, note, sample_word
from db.exchange.ledger.outcomes import CURRENT
from db.exchange.ledger.rows import loaded_table, read_rows
from db.store.files import explained, write_atomically
from db.store.operation import now
from db.work.remarks import CITY, CLOSED, NEW, Reply, kept_value


@dataclass(frozen=True)
class Noted:
    """A remark in the ledger: on which version it was made (its name), and the remark with its thread."""

    package: str
    remark: Remark

    @property
    def is_open(self) -> bool:
        """Return whether the city has not closed it."""
        return self.remark.status != CLOSED


@dataclass(frozen=True)
class RemarkEntry:
    """A remark to be made: `table` is the table's name in the county file; empty places mean the whole."""

    text: str
    table: str = ""
    row_id: str = ""
    field: str = ""


def add_remarks(ledger: Ledger, number: int, entries: Sequence[RemarkEntry]) -> list[str]:
    """Note remarks on a package, all or none, and return their ids; DataProblem for no text or a place that is none."""
    with ledger.writing() as conn:
        name, package_id = _package(conn, number)
        made = [_remark(conn, number, entry, ledger.author) for entry in entries]
        conn.executemany(
            "INSERT INTO remark VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (r.id, number, r.table, r.row_id, r.field, r.value, r.text, r.status, r.author, r.written_at)
                for r in made
            ],
        )
        note(conn, ledger.author, f"{name}：提出{len(made)}条意见", package_id)
    return [remark.id for remark in made]


def _remark(conn: sqlite3.Connection, number: int, entry: RemarkEntry, author: str) -> Remark:
    value = kept_value(_value_at(conn, number, entry))
    schema = load_schema("remark")
    text = clean(entry.text, multiline=True)
    problem = schema.field("text").problem_with(text) if text else DataProblem("还没有写意见。", advice="请写明。")
    if problem:
        raise problem
    at = now()
    return Remark(new_id(), text, entry.table, entry.row_id, entry.field, value, NEW, author, at)


def _value_at(conn: sqlite3.Connection, number: int, entry: RemarkEntry) -> str:
    """Return what the remarked cell says, "" for a row, a table or the package."""
    if not entry.table:
        return ""
    loaded = loaded_table(conn, number, entry.table)
    if loaded is None:
        raise DataProblem("这个上报包里没有这张表。", advice="请重选。", code="remark.table")
    if not entry.row_id:
        return ""
    if entry.field and entry.field not in loaded.schema:
        raise DataProblem(f"《{loaded.title}》没有这个字段。", advice="请重选。", code="remark.field")
    for rows in read_rows(conn, loaded, ["id", entry.field or "id"]):
        for row_id, text in rows:
            if row_id == entry.row_id:
                return text if entry.field else ""
    raise DataProblem(f"《{loaded.title}》没有这一行。", advice="请重选。", code="remark.row")


def add_reply(ledger: Ledger, remark_id: str, text: str, *, close: bool = False) -> None:
    """Answer the county under a remark; with `close` it is done with. DataProblem for no text, or none to close."""
    text = clean(text, multiline=True)
    if not text and not close:
        raise DataProblem("还没有写内容。", advice="请写明。", code="remark.text")
    if problem := load_schema("remark_reply").field("text").problem_with(text):
        raise problem
    status = CLOSED if close else NEW
    with ledger.writing() as conn:
        found = conn.execute("SELECT status FROM remark WHERE id = ?", (remark_id,)).fetchone()
        if found is None or (close and found[0] == CLOSED):
            raise DataProblem("这条意见已经关闭，或不在台账里。", advice="请刷新。", code="remark.gone")
        conn.execute("UPDATE remark SET status = ? WHERE id = ?", (status, remark_id))
        insert_reply(conn, remark_id, Reply(CITY, text or "已关闭。", status, ledger.author, now()))


def insert_reply(conn: sqlite3.Connection, remark_id: str, reply: Reply) -> None:
    """Add a reply under a remark."""
    conn.execute(
        "INSERT INTO remark_reply (remark_id, side, text, status, author, written_at) VALUES (?, ?, ?, ?, ?, ?)",
        (remark_id, reply.side, reply.text, reply.status, reply.author, reply.written_at),
    )


def remarks_on(conn: sqlite3.Connection, number: int) -> list[Noted]:
    """Return the remarks on the report that the package is a version of, the oldest first."""
    replies: dict[str, list[Reply]] = {}
    for remark_id, *columns in conn.execute(
        "SELECT remark_id, side, text, status, author, written_at FROM remark_reply ORDER BY seq"
    ):
        replies.setdefault(remark_id, []).append(Reply(*columns))
    return [
        Noted(name, replace(Remark(*columns), replies=tuple(replies.get(columns[0], ()))))
        for name, *columns in conn.execute(
            "SELECT p.name, r.id, r.text, r.table_name, r.row_id, r.field, r.value, r.status, r.author, r.written_at"
            " FROM remark r JOIN package p ON p.number = r.package JOIN package own ON own.number = ?"
            " AND (p.county, p.kind, p.period) = (own.county, own.kind, own.period) ORDER BY r.rowid",
            (number,),
        )
    ]


def answer_into(ledger: Ledger, number: int, verdict: str, text: str, folder: Path) -> tuple[Answer, Path]:
    """Note that the package is accepted or returned and write the answer, with all remarks of its report, into the
    folder: both, or neither.

    DataProblem for a package that does not count (replaced, in conflict), and for a return that says no reason.
    """
    file = None
    try:
        with ledger.writing() as conn:
            answer = _answered(conn, ledger.author, number, verdict, clean(text, multiline=True))
            file = write_answer(answer, folder)
    except BaseException:
        if file is not None:
            file.unlink(missing_ok=True)
        raise
    return answer, file


def _answered(conn: sqlite3.Connection, author: str, number: int, verdict: str, text: str) -> Answer:
    name, package_id = _package(conn, number)
    county, kind, period, sequence, sha256, data, standing = conn.execute(
        "SELECT county, kind, period, sequence, sha256, data_sha256, standing FROM package WHERE number = ?",
        (number,),
    ).fetchone()
    if standing != CURRENT:
        raise DataProblem(f"{name}已被代替或有冲突，不能答复。", advice="请答复现在有效的一份。", code="answer.old")
    remarks = tuple(noted.remark for noted in remarks_on(conn, number))
    if verdict == RETURNED and not text and all(each.status == CLOSED for each in remarks):
        raise DataProblem("退回要写明原因。", advice="请先对有问题的格提意见，或写一句说明。", code="answer.reason")
    problem = load_schema("submission").field("answer_note").problem_with(text)
    if problem:
        raise problem
    answer = Answer(
        answer_id=new_id(),
        verdict=verdict,
        package_id=package_id,
        package=name,
        sha256=sha256,
        data_sha256=data,
        county=county,
        kind=kind,
        period=period,
        sequence=sequence,
        author=author,
        written_at=now(),
        note=text,
        remarks=remarks,
        sample=sample_word(conn),
    )
    conn.execute(
        "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?)",
        (answer.answer_id, number, verdict, answer.note, answer.author, answer.written_at, answer.file_name),
    )
    word = "接收" if verdict == ACCEPTED else "退回"
    note(conn, author, f"{name}：{word}" + (f"，{answer.note}" if answer.note else ""), package_id)
    return answer


def write_answer(answer: Answer, folder: Path) -> Path:
    """Write the answer's file into the folder and return it; an earlier answer to the package there is kept."""
    with explained("写入回执", folder):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / answer.file_name
        number = 1
        while path.exists():
            number += 1
            path = folder / f"{Path(answer.file_name).stem}-{number}.json"
            if number > 999:
                raise EnvironmentProblem(f"{folder}里同名的回执太多。", advice="请换一个文件夹。", code="exists")
    write_atomically(path, answer_text(answer).encode("utf-8"), "写入回执")
    return path


def _package(conn: sqlite3.Connection, number: int) -> tuple[str, str]:
    row = conn.execute("SELECT name, package_id FROM package WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise DataProblem("台账里没有这个上报包。", advice="请刷新后重选。", code="ledger.package")
    return str(row[0]), str(row[1])
