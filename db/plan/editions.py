"""The plans that a county has worked by: the one that ships with the program, or its own.

The newest row of `plan_edition` is the plan in force; a county without one uses the shipped plan. Rows are never
changed: taking up another plan adds one, so that what was said under an older plan can still be read.

    county_catalogue(conn) -> Catalogue            editions(conn) -> list[Edition], the newest first
    add_edition(op, catalogue, …) -> Edition       edition_catalogue(conn, number) -> Catalogue
    homes_of_shipped(conn) -> dict[str, str]       edition_document(conn, number) -> str
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from db.core.errors import DataProblem
from db.core.ids import new_id
from db.plan.catalogue import Catalogue, load_catalogue
from db.plan.catalogue_file import catalogue_text, read_catalogue
from db.plan.corrections import Correction, corrections_from_json, corrections_text
from db.plan.part import PartReach, narrowed, part_reach
from db.store.operation import Operation

TABLE: Final = "plan_edition"
TASK_COLUMNS: Final = ("task_id", "target_id", "clause_id")
"""What a column is called, in whichever table, that names a clause or target of the plan."""

_MARK = "@"


@dataclass(frozen=True)
class Edition:
    """A plan of the county: its number from 1, what it is called, where it came from and since when it holds.

    `version` and `title` are the catalogue's, `document_name` is the file's ("" for the shipped plan), `adopted_at` a
    local ISO time ("" for a plan that held from the beginning).
    """

    number: int
    version: str
    title: str
    document_name: str
    adopted_at: str
    catalogue_sha256: str


def county_catalogue(conn: sqlite3.Connection) -> Catalogue:
    """Return the catalogue of the plan in force; the same object as long as the plan is the same.

    In a work package it has what belongs to the part alone.
    """
    newest = conn.execute(
        "SELECT catalogue_sha256, number FROM plan_edition WHERE deleted_at IS NULL ORDER BY number DESC LIMIT 1"
    ).fetchone()
    whole = load_catalogue() if newest is None else _catalogue(conn, *newest)
    reach = part_reach(conn)
    return whole if reach is None else _narrowed(whole, newest[0] if newest else _shipped_sha256(), reach)


def _narrowed(whole: Catalogue, sha256: str, reach: PartReach) -> Catalogue:
    found = _PARTS.get((sha256, reach))
    if found is None:
        while len(_PARTS) >= _KEPT:
            _PARTS.pop(next(iter(_PARTS)), None)
        found = _PARTS.setdefault((sha256, reach), narrowed(whole, reach))
    return found


def edition_catalogue(conn: sqlite3.Connection, number: int) -> Catalogue:
    """Return the catalogue of the edition with this number; DataProblem when there is none."""
    sha256 = _of(conn, number, "catalogue_sha256")
    return _catalogue(conn, sha256, number)


def edition_document(conn: sqlite3.Connection, number: int) -> str:
    """Return the text that the edition was read from, "" where it is not kept; DataProblem when there is none."""
    return _of(conn, number, "coalesce(document, '')")


def edition_corrections(conn: sqlite3.Connection, number: int) -> tuple[Correction, ...]:
    """Return what people corrected in the edition; DataProblem when there is none."""
    return corrections_from_json(_of(conn, number, "corrections"))


def editions(conn: sqlite3.Connection) -> list[Edition]:
    """Return the county's plans, the one in force first; none where the shipped plan is the only one."""
    rows = conn.execute(
        "SELECT number, version, coalesce(title, ''), coalesce(document_name, ''), coalesce(adopted_at, ''),"
        " catalogue_sha256 FROM plan_edition WHERE deleted_at IS NULL ORDER BY number DESC"
    )
    return [Edition(*row) for row in rows]


def homes_of_shipped(conn: sqlite3.Connection) -> dict[str, str] | None:
    """Return where the clauses and targets of the shipped plan are in the plan in force; None: it is in force itself.

    Registers name tasks as the shipped plan numbers them.
    """
    newest = conn.execute(
        "SELECT homes FROM plan_edition WHERE deleted_at IS NULL ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return None if newest is None else dict(json.loads(newest[0]))


def add_edition(
    op: Operation,
    catalogue: Catalogue,
    *,
    homes: Mapping[str, str],
    document: str = "",
    document_name: str = "",
    corrections: Iterable[Correction] = (),
    adopted_at: str | None = None,
) -> Edition:
    """Make `catalogue` the plan in force (since `adopted_at`, default: this operation) and return its edition.

    DataProblem when it could not be read again.
    """
    text = catalogue_text(catalogue)
    read_catalogue(text)
    number = op.conn.execute("SELECT coalesce(max(number), 0) + 1 FROM plan_edition").fetchone()[0]
    since = op.at if adopted_at is None else adopted_at
    sha256 = _sha256(text)
    op.conn.execute(
        "INSERT INTO plan_edition (id, number, version, title, catalogue, catalogue_sha256, corrections, homes,"
        " document, document_name, adopted_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new_id(),
            number,
            catalogue.version,
            catalogue.title,
            text,
            sha256,
            corrections_text(corrections),
            json.dumps(dict(homes)),
            document or None,
            document_name or None,
            since or None,
            op.at,
        ),
    )
    op.conn.execute(
        "INSERT INTO setting (id, value, created_at) VALUES ('plan_version', ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET value = excluded.value, deleted_at = NULL",
        (catalogue.version, op.at),
    )
    return Edition(number, catalogue.version, catalogue.title, document_name, since, sha256)


@lru_cache(maxsize=4)
def catalogue_digest(catalogue: Catalogue) -> str:
    """Return the SHA-256 of the catalogue's text: two plans have one digest only if nothing in them differs."""
    return _sha256(catalogue_text(catalogue))


def former_id(task_id: str, number: int) -> str:
    """Return the id under which rows are kept whose task the next plan does not have: `08-06-1@2`, of edition 2."""
    return f"{task_id}{_MARK}{number}"


def split_former(task_id: str) -> tuple[str, int] | None:
    """Return the id and the number of the edition that `former_id` joined, None for an id of the plan in force."""
    own, mark, number = task_id.partition(_MARK)
    return (own, int(number)) if mark else None


def in_force(column: str) -> str:
    """Return the SQL condition that the task named in `column` is of the plan in force, or none is named."""
    return f"coalesce(instr({column}, '{_MARK}'), 0) = 0"


def _catalogue(conn: sqlite3.Connection, sha256: str, number: int) -> Catalogue:
    if sha256 == _shipped_sha256():
        return load_catalogue()
    found = _KNOWN.get(sha256)
    if found is None:
        found = read_catalogue(_of(conn, number, "catalogue"))
        while len(_KNOWN) >= _KEPT:
            _KNOWN.pop(next(iter(_KNOWN)), None)
        _KNOWN[sha256] = found
    return found


_KEPT = 4
_KNOWN: dict[str, Catalogue] = {}
"""The catalogues read last, by the hash of their text: a plan is parsed once, whichever thread asks."""
_PARTS: dict[tuple[str, PartReach], Catalogue] = {}
"""The same as far as a work package goes."""


@cache
def _shipped_sha256() -> str:
    return catalogue_digest(load_catalogue())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _of(conn: sqlite3.Connection, number: int, column: str) -> str:
    row = conn.execute(
        f"SELECT {column} FROM plan_edition WHERE number = ? AND deleted_at IS NULL", (number,)
    ).fetchone()
    if row is None:
        raise DataProblem(f"县级数据里没有第{number}版方案。", advice="请刷新后重试。", code="plan.edition")
    return str(row[0])
