"""Whose workbook came back: which county, unit, period and edition, whether it is the newest, and whether it was here.

identity_of(book) -> Identity | None            DataProblem when its two marks do not agree
Sender.of(conn, catalogue, identity)            DataProblem when it is not for us
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from db.core.errors import DataProblem
from db.core.period import Period
from db.core.text import quote
from db.exchange.cells.model import Workbook
from db.exchange.unit_book.form import FORM, IDENTITY_SHEET, PROPERTY, Identity, identity_from
from db.plan.catalogue import Catalogue
from db.plan.editions import catalogue_digest
from db.store.past import newest_seq
from db.work.assignees import Assignee, find_assignees
from db.work.county_settings import county_facts
from db.work.handouts import FILE_ID
from db.work.sample import refuse_mixing
from db.work.setup import SAMPLE_ENDING


def identity_of(book: Workbook) -> Identity | None:
    """Return what the hidden sheet or the properties say, None when both are gone; DataProblem when they differ."""
    sheet = book.sheets.get(IDENTITY_SHEET)
    rows = sheet.rows if sheet is not None else []
    texts = {str(row[0]): _text(row[1]) for row in rows if len(row) > 1 and row[0] is not None}
    texts |= {str(row[0]): "" for row in rows if len(row) == 1 and row[0] is not None}
    found = [each for each in (identity_from(texts), identity_in(book.properties)) if each is not None]
    if len(found) == 2 and found[0] != found[1]:
        raise DataProblem(
            "工作簿里的两处标记不一致，可能是把一个单位的表粘贴到了另一个单位的工作簿里。",
            advice="请让对方在发给他的工作簿里填写。",
            code="book.mixed",
        )
    return found[0] if found else None


def identity_in(properties: Mapping[str, str]) -> Identity | None:
    """Return what the properties alone say, None when they do not."""
    return identity_from({k.removeprefix(PROPERTY): v for k, v in properties.items() if k.startswith(PROPERTY)})


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell)


@dataclass
class Sender:
    """Whose workbook it is: `base_seq` is the journal's number when it was written, None when nobody knows.

    `own` says whether the journal's numbers in it are those of this county file.

    `notes` is what to tell of it.
    """

    unit: Assignee
    identity: Identity | None = None
    base_seq: int | None = None
    own: bool = True
    period: Period | None = None
    same_plan: bool = True
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, conn: sqlite3.Connection, catalogue: Catalogue, identity: Identity) -> Sender:
        """Return the sender whom the identity names; DataProblem when the workbook is not for this county file."""
        facts = county_facts(conn)
        if identity.form.isdigit() and int(identity.form) > int(FORM):
            raise DataProblem("这个工作簿是更新版本的程序写出的。", advice="请升级本程序后再导入。", code="book.newer")
        if identity.county != facts.code:
            raise DataProblem(
                f"这是别的县市区（{identity.county_name or identity.county}）的工作簿，本县是{facts.name}。",
                advice="请退给发来的人。",
                code="book.county",
            )
        refuse_mixing(conn, "这个工作簿", sample=identity.county_name.endswith(SAMPLE_ENDING))
        unit = next(iter(find_assignees(conn, [(identity.unit_kind, identity.unit_id)])), None)
        if unit is None or unit.deleted:
            raise DataProblem(
                f"工作簿是发给{quote(identity.unit_name)}的，这个单位已不在名单里。",
                advice="请先在基础信息里登记或恢复，再导入。",
                code="book.unit",
            )
        made = cls(unit, identity)
        made._place(conn, catalogue, identity)
        return made

    def _place(self, conn: sqlite3.Connection, catalogue: Catalogue, identity: Identity) -> None:
        row = conn.execute("SELECT value FROM setting WHERE id = ? AND deleted_at IS NULL", (FILE_ID,)).fetchone()
        own = row is not None and identity.file_id == row[0] and identity.base_seq <= newest_seq(conn)
        # Sent after a backup that was restored, or from a copy of the folder: its numbers mean other changes here.
        if own and conn.execute("SELECT 1 FROM handout WHERE book_id = ?", (identity.book_id,)).fetchone():
            self.base_seq = identity.base_seq
        else:
            self.own = False
            self.notes.append("这个工作簿不是从这份县级数据发出的，凡与程序里不同的格都要逐项选用哪边的。")
        if identity.period:
            self.period = Period.parse(identity.period)
        self.same_plan = identity.plan_digest == catalogue_digest(catalogue)[:16]
        self._tell_newer(conn, identity)

    def _tell_newer(self, conn: sqlite3.Connection, identity: Identity) -> None:
        newer = conn.execute(
            "SELECT written_at, status FROM handout WHERE deleted_at IS NULL AND unit_id = ?"
            " AND coalesce(period, '') = ? AND written_at > ? AND book_id <> ? AND (',' || tables || ',') LIKE ?"
            " ORDER BY written_at DESC LIMIT 1",
            (self.unit.id, identity.period, identity.written_at, identity.book_id, _any_table(identity)),
        ).fetchone()
        if newer is not None:
            came = "，那一份已经收回过" if newer[1] in ("received", "faulty", "stored") else ""
            self.notes.append(
                f"这是{_day(identity.written_at)}发出的工作簿，{_day(newer[0])}又发过一份新的{came}；请确认对方填的不是旧表。"
            )


def _any_table(identity: Identity) -> str:
    first = identity.tables[0].partition("#")[0] if identity.tables else ""
    return f"%,{first},%" if first else "%"


def _day(moment: str) -> str:
    return moment.replace("T", " ")[:16]


def received_before(conn: sqlite3.Connection, sha256: str) -> str:
    """Return a sentence when a file with this content was stored before and that was not taken back; else ""."""
    row = conn.execute(
        "SELECT r.received_at, r.name, o.label FROM received_file r JOIN operation o ON o.id = r.operation_id"
        " WHERE r.sha256 = ? AND r.deleted_at IS NULL AND o.state = 'done' ORDER BY r.seq DESC LIMIT 1",
        (sha256,),
    ).fetchone()
    return "" if row is None else f"同样内容的文件已于{_day(str(row[0]))}入库（当时叫{quote(row[1])}），不用再导入。"
