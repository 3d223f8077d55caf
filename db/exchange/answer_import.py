"""A receipt or return comes home: held against what was exported, then kept with its remarks; a returned month reopens.

import_answer(county, file) -> Received        reads the file and takes it
received(conn, answer) -> Received             DataProblem where it cannot be this county's, or is of no use any more
take_answer(op, answer) -> Received            the same, and written

The submission record knows what was exported. A package file may have been packed anew on its way; what counts is the
hash of its data, which stands in the letter under the stamp.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.period import Period
from db.core.text import quote
from db.core.values import Cell
from db.exchange.answers import ACCEPTED, Answer, Remark, read_answer
from db.exchange.package_kinds import kinds
from db.store import records
from db.store.county import County
from db.store.operation import Operation
from db.store.records import Row
from db.work.monthly.months import month_state, reopen_month
from db.work.remarks import CLOSED, COUNTY, REMARK, REPLY
from db.work.sample import refuse_mixing
from db.work.submission_states import EXPORTED, PASSED, RECALLED, RECEIVED, SUPERSEDED
from db.work.submission_states import RETURNED as SENT_BACK

SUBMISSION: Final = "submission"
_MOST_NOTED = 120


@dataclass(frozen=True)
class Received:
    """What an answer does: `repeated` nothing, it was here before; `reopens` is the month that it opens again.

    `current` says that no newer package of the kind and period is out; `notes` are sentences on what is unusual.
    """

    answer: Answer
    submission_id: str
    repeated: bool = False
    current: bool = True
    reopens: Period | None = None
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what it comes to as plain JSON values."""
        return {
            "outcome": "repeated" if self.repeated else self.answer.verdict,
            "package": self.answer.package,
            "remarks": len(self.answer.remarks),
            "reopens": str(self.reopens or ""),
            "messages": self.sentences(),
        }

    def sentences(self) -> list[str]:
        """Return what it comes to, for a person."""
        answer = self.answer
        what = f"{_what(answer)}第{answer.sequence}次上报"
        if self.repeated:
            return [f"这份{answer.title}已经导入过，没有改动（{answer.package}）。"]
        verdict = "市里已接收，审核通过" if answer.verdict == ACCEPTED else "市里退回"
        told = [f"{what}：{verdict}" + (f"，意见{len(answer.remarks)}条。" if answer.remarks else "。")]
        if answer.note.strip():
            told.append(f"市里的说明：{answer.note.strip()}")
        if self.reopens is not None:
            told.append(f"{self.reopens.title}已重新打开，更正后请再次上报。")
        return told + list(self.notes)


def import_answer(county: County, file: Path, *, dry_run: bool = False) -> Received:
    """Take the answer in `file` into the county in one step that stays, as the export did; `dry_run` only tells.

    DataProblem for a file that is no answer and for one that `received` refuses.
    """
    answer = read_answer(file)
    if dry_run:
        with county.reading() as conn:
            return received(conn, answer)
    with county.operation(f"导入{answer.title} {answer.package}", record=True) as op:
        return take_answer(op, answer)


def received(conn: sqlite3.Connection, answer: Answer) -> Received:
    """Return what the answer would do.

    DataProblem for the answer to another county, to a package that is unknown or was changed, for one that is older
    than what is known already, and for one to practise with where the data are real.
    """
    refuse_mixing(conn, f"这份{answer.title}", sample=bool(answer.sample))
    row = _submission(conn, answer)
    known = row.values
    if known["answer_id"] == answer.answer_id:
        return Received(answer, row.id, repeated=True)
    if _is_older(answer.written_at, str(known["answered_at"] or "")):
        raise DataProblem(
            f"这份{answer.title}写于{_moment(answer.written_at)}，早于已经导入的答复"
            f"（{_moment(str(known['answered_at']))}），没有导入。",
            advice="以市里最后的答复为准；如有疑问，请与市里核对。",
            code="answer.older",
        )
    notes = _notes(answer, row)
    newer = _newer(conn, answer)
    if newer:
        notes.append(
            f"这是第{answer.sequence}次上报的{answer.title}，之后已经导出第{newer}次，只记在第{answer.sequence}次上。"
        )
    current = not newer and known["status"] != RECALLED
    reopens = None
    if answer.verdict != ACCEPTED and current and kinds()[answer.kind].monthly:
        month = Period.parse(answer.period)
        reopens = month if month_state(conn, month).closed else None
    return Received(answer, row.id, current=current, reopens=reopens, notes=tuple(notes))


def take_answer(op: Operation, answer: Answer) -> Received:
    """Keep the answer and its remarks, open a returned month again, and return what was done."""
    found = received(op.conn, answer)
    if found.repeated:
        return found
    values: dict[str, Cell] = {
        "review": PASSED if answer.verdict == ACCEPTED else SENT_BACK,
        "answer_id": answer.answer_id,
        "answered_at": answer.written_at,
        "answered_by": answer.author,
        "answer_note": answer.note.strip() or None,
    }
    if answer.verdict == ACCEPTED and found.current:
        values["status"] = RECEIVED
        _supersede_earlier(op, answer)
    records.update(op, load_schema(SUBMISSION), found.submission_id, values)
    for remark in answer.remarks:
        _take_remark(op, answer, remark)
    if found.reopens is not None:
        reopen_month(op, found.reopens, _reason(answer))
    return found


def _submission(conn: sqlite3.Connection, answer: Answer) -> Row:
    own = conn.execute("SELECT value FROM setting WHERE id = 'county_code' AND deleted_at IS NULL").fetchone()
    if own is None or own[0] != answer.county:
        raise DataProblem(
            f"这份{answer.title}是给{quote(answer.county)}的，不是本县的（{own[0] if own else '没有代码'}）。",
            advice="请与市里核对是不是发错了。",
            code="answer.county",
        )
    schema = load_schema(SUBMISSION)
    where = "t.package_id = ? AND t.deleted_at IS NULL"
    row = next(records.select(conn, schema, where, [answer.package_id]), None)
    if row is None:
        raise DataProblem(
            f"本机没有导出过{quote(answer.package)}（编号{answer.package_id}）。",
            advice="它可能是在另一台电脑上导出的，请在那台电脑上导入。",
            code="answer.unknown",
        )
    known = row.values
    names = ("kind", "period", "sequence")
    if [str(known[name]) for name in names] != [answer.kind, answer.period, str(answer.sequence)]:
        raise DataProblem(
            f"这份{answer.title}写的是{quote(answer.package)}，编号却是{known['file_name']}的。",
            advice="请市里重新出具。",
            code="answer.mixed",
        )
    if known["data_sha256"] != answer.data_sha256:
        raise DataProblem(
            f"市里收到的{quote(answer.package)}与本机导出的内容不同：数据校验码是{answer.data_sha256[:8]}…，"
            f"本机是{str(known['data_sha256'])[:8]}…。",
            advice="上报包在途中被改动，或在另一台电脑上另外导出过。请与盖章的上报函核对，再重新上报。",
            code="answer.changed",
        )
    return row


def _notes(answer: Answer, row: Row) -> list[str]:
    notes = []
    if row.values["sha256"] != answer.sha256:
        notes.append("市里收到的文件重新打过包或加了密，数据与本机导出的相同。")
    if row.values["status"] == RECALLED:
        notes.append("这次上报在本机已经撤回，只记下市里的答复。请告知市里。")
    before, now = str(row.values["review"] or ""), PASSED if answer.verdict == ACCEPTED else SENT_BACK
    if row.values["answer_id"] and before != now:
        notes.append(f"这次上报先前的答复是“{before}”，现在以这一份为准。")
    return notes


def _newer(conn: sqlite3.Connection, answer: Answer) -> int:
    """Return the number of the newest package of the same kind and period that came after this one, 0 for none."""
    sql = (
        "SELECT coalesce(max(sequence), 0) FROM submission"
        " WHERE kind = ? AND period = ? AND sequence > ? AND coalesce(status, '') <> ? AND deleted_at IS NULL"
    )
    return int(conn.execute(sql, (answer.kind, answer.period, answer.sequence, RECALLED)).fetchone()[0])


def _supersede_earlier(op: Operation, answer: Answer) -> None:
    op.conn.execute(
        "UPDATE submission SET status = ? WHERE kind = ? AND period = ? AND sequence < ? AND status IN (?, ?)"
        " AND deleted_at IS NULL",
        (SUPERSEDED, answer.kind, answer.period, answer.sequence, EXPORTED, RECEIVED),
    )


def _take_remark(op: Operation, answer: Answer, remark: Remark) -> None:
    """Add the remark, or what was said to it since; a reply of ours that the city has not read yet keeps its status."""
    known = records.get(op.conn, load_schema(REMARK), remark.id)
    status = remark.status
    if known is None:
        values: dict[str, Cell] = {
            "answer_id": answer.answer_id,
            "package_id": answer.package_id,
            "kind": answer.kind,
            "period": answer.period,
            "table_name": remark.table or None,
            "row_id": remark.row_id or None,
            "field": remark.field or None,
            "value": remark.value or None,
            "text": remark.text,
            "status": status,
            "author": remark.author or None,
            "written_at": remark.written_at or answer.written_at,
        }
        records.insert(op, load_schema(REMARK), values, row_id=remark.id)
    said = set(
        op.conn.execute(
            "SELECT side, text, coalesce(written_at, '') FROM remark_reply WHERE remark_id = ? AND deleted_at IS NULL",
            (remark.id,),
        )
    )
    theirs = {(reply.side, reply.text, reply.written_at) for reply in remark.replies}
    records.insert_many(
        op,
        load_schema(REPLY),
        [
            {
                "remark_id": remark.id,
                "side": reply.side,
                "text": reply.text,
                "status": reply.status or None,
                "author": reply.author or None,
                "written_at": reply.written_at or None,
            }
            for reply in remark.replies
            if (reply.side, reply.text, reply.written_at) not in said
        ],
    )
    unread = any(side == COUNTY and (side, *rest) not in theirs for side, *rest in said)
    if known is not None and (status == CLOSED or not unread):
        records.update(op, load_schema(REMARK), remark.id, {"status": status})


def _reason(answer: Answer) -> str:
    note = " ".join(answer.note.split())[:_MOST_NOTED]
    remarks = f"，意见{len(answer.remarks)}条" if answer.remarks else ""
    return f"市里退回第{answer.sequence}次上报{remarks}" + (f"：{note}" if note else "")


def _what(answer: Answer) -> str:
    return f"{Period.parse(answer.period).title}{kinds()[answer.kind].title}"


def _is_older(written: str, before: str) -> bool:
    return bool(before) and _moment_of(written) < _moment_of(before)


def _moment_of(text: str) -> datetime:
    """Return the local time that an ISO text says; a zone is what the city's clock says beside it, and left out."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _moment(text: str) -> str:
    return text.replace("T", " ")[:16]
