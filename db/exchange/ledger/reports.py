"""One county's report as the city looks at it: its versions, its tables, the rows of a table in words.

report(conn, number) -> Report          table_rows(conn, number, table, words="") -> TableRows
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.core.errors import DataProblem
from db.core.fields import Field
from db.exchange.ledger.labels import SPOKEN, Labels
from db.exchange.ledger.originals import proofs
from db.exchange.ledger.outcomes import CONFLICT, CURRENT, PUT_ASIDE, SUPERSEDED
from db.exchange.ledger.remarks import Noted, remarks_on
from db.exchange.ledger.rows import LoadedTable, loaded_table, loaded_tables, read_rows
from db.exchange.ledger.standing import title_of
from db.exchange.package_kinds import attachments_schema
from db.work.evidence import Evidence

STANDINGS = {CURRENT: "有效", SUPERSEDED: "被代替", CONFLICT: "冲突", PUT_ASIDE: "未采用"}


@dataclass(frozen=True)
class Version:
    """One package of a report: `standing` for people, `answers` what was answered (回执, 退回), the newest last."""

    number: int
    name: str
    package_id: str
    sequence: int
    standing: str
    received_at: str
    data_sha256: str
    contact: str
    phone: str
    rows: int
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """The version `number` of a county's report, the others beside it, its tables (name, title, rows), its remarks.

    `said` is what the cells said that remarks are about, in words, by the remark's id.
    """

    number: int
    county_name: str
    title: str
    versions: tuple[Version, ...]
    tables: tuple[LoadedTable, ...]
    remarks: tuple[Noted, ...]
    said: Mapping[str, str]

    @property
    def version(self) -> Version:
        """Return the version itself."""
        return next(each for each in self.versions if each.number == self.number)


@dataclass(frozen=True)
class TableRows:
    """Rows of a table in words, with their ids; `remarked` are the cells with open remarks, by (row id, field).

    `proofs` are the proof files by row id; in the table of attachments each row has its own.
    """

    table: LoadedTable
    fields: tuple[Field, ...]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    remarked: frozenset[tuple[str, str]]
    proofs: Mapping[str, Sequence[Evidence]]


def versions(conn: sqlite3.Connection, county: str, kind: str, period: str) -> list[Version]:
    """Return the packages of a report, the newest sequence first."""
    answered: dict[int, list[str]] = {}
    for number, verdict in conn.execute("SELECT package, verdict FROM answer ORDER BY written_at, rowid"):
        answered.setdefault(number, []).append("回执" if verdict == "accepted" else "退回")
    return [
        Version(
            number,
            name,
            package_id,
            sequence,
            STANDINGS[standing],
            at,
            data,
            contact,
            phone,
            rows,
            tuple(answered.get(number, ())),
        )
        for number, name, package_id, sequence, standing, at, data, contact, phone, rows in conn.execute(
            "SELECT number, name, package_id, sequence, standing, received_at, data_sha256, contact, phone, row_count"
            " FROM package WHERE county = ? AND kind = ? AND period = ? ORDER BY sequence DESC, number",
            (county, kind, period),
        )
    ]


def number_of(conn: sqlite3.Connection, words: str) -> int:
    """Return the number of the package with this name or (beginning of an) id, of several the one that counts.

    DataProblem when the ledger has none.
    """
    row = conn.execute(
        "SELECT number FROM package WHERE name = ? OR (length(?) >= 8 AND substr(package_id, 1, length(?)) = ?)"
        " ORDER BY standing <> ?, number LIMIT 1",
        (words, words, words, words.lower(), CURRENT),
    ).fetchone()
    if row is None:
        raise DataProblem(f"台账里没有上报包“{words}”。", advice="请核对名称。", code="ledger.package")
    return int(row[0])


def report(conn: sqlite3.Connection, number: int) -> Report:
    """Return one version of a report; DataProblem when the ledger has none with this number."""
    row = conn.execute("SELECT county_name, county, kind, period FROM package WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise DataProblem("台账里没有这个上报包。", advice="请刷新后重选。", code="ledger.package")
    name, county, kind, period = row
    noted, labels = tuple(remarks_on(conn, number)), Labels(conn, number)
    return Report(
        number=number,
        county_name=name,
        title=title_of(kind, period),
        versions=tuple(versions(conn, county, kind, period)),
        tables=tuple(loaded_tables(conn, number)),
        remarks=noted,
        said={each.remark.id: labels.cell(each.remark.field, each.remark.value) for each in noted},
    )


def table_rows(conn: sqlite3.Connection, number: int, table: str, words: str = "") -> TableRows:
    """Return the rows in which every one of the words stands somewhere; DataProblem for a table that is not there."""
    loaded = loaded_table(conn, number, table)
    if loaded is None:
        raise DataProblem("这个上报包里没有这张表。", advice="请重选。", code="remark.table")
    labels, fields = Labels(conn, number), loaded.schema.fields
    names = [field.name for field in fields]
    pointing = {place for place, name in enumerate(names) if name.endswith("_id") or name in SPOKEN}
    wanted = words.casefold().split()
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for batch in read_rows(conn, loaded, ["id", *names]):
        for row_id, *cells in batch:
            texts = tuple(
                labels.cell(names[place], text) if place in pointing else text for place, text in enumerate(cells)
            )
            if wanted:
                line = "\n".join(texts).casefold()
                if not all(word in line for word in wanted):
                    continue
            found.append((row_id, labels.row(loaded, dict(zip(names, cells, strict=True))), texts))
    remarked = frozenset(
        (noted.remark.row_id, noted.remark.field)
        for noted in remarks_on(conn, number)
        if noted.is_open and noted.remark.table == table
    )
    ids, called, rows = zip(*found, strict=True) if found else ((), (), ())
    return TableRows(loaded, fields, ids, called, rows, remarked, _proofs(conn, number, table))


def _proofs(conn: sqlite3.Connection, number: int, table: str) -> dict[str, list[Evidence]]:
    listed = table == attachments_schema().table
    found: dict[str, list[Evidence]] = {}
    for proof in proofs(conn, number):
        if listed or proof.table == table:
            found.setdefault(proof.item.id if listed else proof.row_id, []).append(proof.item)
    return found
