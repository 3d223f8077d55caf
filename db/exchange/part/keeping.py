"""Taking out of a copy of the county file whatever a work package does not need, history and recycle bin included.

keep_only(conn, scope, identity) -> PartIdentity
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from db.core.fields import TableSchema
from db.exchange.part.scope import Condition, Conditions, PartScope, among, either
from db.plan.catalogue import Catalogue
from db.plan.editions import county_catalogue
from db.plan.part import SETTING, PartIdentity, PartReach
from db.store import journal
from db.store.connection import quoted
from db.store.journal import journalled_tables
from db.work.handouts import FILE_ID
from db.work.parts import ATTACHMENT, EDITED, ENTERPRISE, EXPLANATION
from db.work.registers import registers
from db.work.tasks import clause_of

_WHOLE: Final = frozenset(
    {
        "setting",
        "reporting_unit",
        "town",
        "department",
        "plan_edition",
        "register_definition",
        "month",
        "monthly_curve",
        "holiday",
        "rule_setting",
    }
)
"""What the colleague's program needs to work at all, and goes along whole."""


def keep_only(conn: sqlite3.Connection, scope: PartScope, identity: PartIdentity) -> PartIdentity:
    """Delete from `conn`, a copy of the county file, what the part does not need, history and recycle bin included.

    The copy then says what it is: `identity` with its reach, which is returned. It has no past: whatever its journal
    tells later was done by the colleague.
    """
    catalogue, known = county_catalogue(conn), registers(conn)
    conditions = Conditions(conn, scope)
    kept = {table: conditions.of(table) for table in EDITED if table not in (ENTERPRISE, EXPLANATION)}
    kept |= {schema.table: conditions.of_register(schema) for schema in known}
    conn.execute("PRAGMA foreign_keys = OFF")
    conn.execute("BEGIN")
    tables = journalled_tables(conn)
    for table in tables:
        journal.uninstall(conn, table)  # nothing of what goes is to be remembered
    projects = _delete_others(conn, {name: kept[name] for name in kept if name != "project_report"})
    _delete_others(conn, {"project_report": kept["project_report"]})
    where, parameters = _named_enterprises(scope, known)
    conn.execute(f"DELETE FROM {ENTERPRISE} AS t WHERE NOT coalesce(({where}), 0)", parameters)
    owned = _owned([*projects, ENTERPRISE])
    _delete_others(conn, {ATTACHMENT: owned, EXPLANATION: either(owned, conditions.task("t.row_id"))})
    for table in tables:
        if table not in _WHOLE and table not in kept and table not in (ATTACHMENT, ENTERPRISE, EXPLANATION):
            conn.execute(f"DELETE FROM {quoted(table)}")
    # Its workbooks are its own: the journal's numbers of the county mean nothing in it.
    conn.execute("DELETE FROM setting WHERE id = ?", (FILE_ID,))
    made = replace(identity, reach=replace(_reach(conn, catalogue, conditions, known), towns=_towns_alone(scope)))
    conn.execute("INSERT INTO setting (id, value, created_at) VALUES (?, ?, '')", (SETTING, made.text()))
    _forget_the_past(conn)
    for table in tables:
        journal.install(conn, table)
    conn.execute("COMMIT")
    conn.execute("PRAGMA foreign_keys = ON")
    # What was deleted is to be gone from the file, not only from the tables.
    conn.execute("VACUUM")
    return made


def _reach(
    conn: sqlite3.Connection, catalogue: Catalogue, conditions: Conditions, known: Sequence[TableSchema]
) -> PartReach:
    """Return what the part holds, from the rows that are left: of whole clauses everything, of others only shares.

    A register belongs to it that was chosen, that a clause of the part asks for, or that has rows.
    """
    tasks = {
        task_id
        for table in ("assignment", "progress")
        for (task_id,) in conn.execute(f"SELECT DISTINCT task_id FROM {table}")
    }
    whole = tuple(clause.id for clause in catalogue.clauses if clause.id in conditions.clauses)
    places = {each: clause_of(catalogue, task).id for each in tasks if (task := catalogue.task(each)) is not None}
    shares = tuple(sorted(each for each, clause in places.items() if clause not in whole))
    asked = {*whole, *(places[each] for each in shares)}
    own = (
        schema.name
        for schema in known
        if schema.name in conditions.claimed
        or not asked.isdisjoint(schema.clauses)
        or conn.execute(f"SELECT 1 FROM {quoted(schema.table)} LIMIT 1").fetchone() is not None
    )
    return PartReach(whole, shares, tuple(own))


def _towns_alone(scope: PartScope) -> tuple[str, ...]:
    return () if scope.departments or scope.registers or scope.clauses else scope.towns


def _named_enterprises(scope: PartScope, known: Sequence[TableSchema]) -> Condition:
    """Return the condition on enterprises that the part needs: those of its towns, and those that its rows name.

    Others would tell the colleague names and telephones that are not his business; one that he registers anew is led to
    the county's own by its credit code when the part comes home.
    """
    named = ["SELECT assignee_id FROM assignment", "SELECT assignee_id FROM progress"]
    named += [
        f"SELECT {quoted(field.name)} FROM {quoted(schema.table)}"
        for schema in known
        for field in schema.fields
        if field.ref == ENTERPRISE
    ]
    where, parameters = among("t.town_id", scope.towns)
    return either((f"t.deleted_at IS NULL AND {where}", parameters), (f"t.id IN ({' UNION '.join(named)})", []))


def _forget_the_past(conn: sqlite3.Connection) -> None:
    """Empty the journal of a copy: it tells of rows that are not the colleague's business.

    The county's own journal is guarded by triggers against being emptied; the copy's begins anew, guarded again.
    """
    guards = conn.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('change', 'operation')"
    ).fetchall()
    for name, _ in guards:
        conn.execute(f"DROP TRIGGER {quoted(name)}")
    conn.execute("DELETE FROM change")
    conn.execute("DELETE FROM operation")
    for _, sql in guards:
        conn.execute(sql)


def _delete_others(conn: sqlite3.Connection, kept: dict[str, Condition]) -> list[str]:
    for table, (where, parameters) in kept.items():
        conn.execute(
            f"DELETE FROM {quoted(table)} AS t WHERE deleted_at IS NOT NULL OR NOT coalesce(({where}), 0)", parameters
        )
    return list(kept)


def _owned(tables: Iterable[str]) -> Condition:
    """Return the condition on attachments and explanations whose rows are kept."""
    owners = [*tables, "project_report"]
    terms = [f"(t.table_name = '{table}' AND t.row_id IN (SELECT id FROM {quoted(table)}))" for table in owners]
    return " OR ".join(terms), []
