"""Which part of a county goes to a colleague: what a department leads or does, towns, registers, clauses.

part_scope(conn, …) -> PartScope            by names and codes as people say them
keep_only(conn, scope, identity)            takes everything else out of a copy of the county file
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from db.core.errors import DataProblem
from db.core.fields import TableSchema
from db.core.text import quote
from db.plan.catalogue import Catalogue
from db.plan.editions import county_catalogue
from db.plan.part import SETTING, PartIdentity, PartReach
from db.store import journal
from db.store.connection import quoted
from db.store.journal import journalled_tables
from db.store.records import in_list
from db.work.assignees import named
from db.work.handouts import FILE_ID
from db.work.parts import ATTACHMENT, EDITED, ENTERPRISE
from db.work.registers import by_clause, register, registers
from db.work.responsibility import responsibilities
from db.work.tasks import clause_of
from db.work.unit_rows import OWN_FIELD

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

Condition = tuple[str, list[Any]]


@dataclass(frozen=True)
class PartScope:
    """A part of the county by ids (registers by name); a row belongs to it when any of these claims it."""

    departments: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    title: str = ""

    def __bool__(self) -> bool:
        return bool(self.departments or self.towns or self.registers or self.clauses)


def part_scope(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    *,
    departments: Sequence[str] = (),
    towns: Sequence[str] = (),
    registers: Sequence[str] = (),
    clauses: Sequence[str] = (),
) -> PartScope:
    """Return the scope; DataProblem for a name nobody has, and when nothing is chosen."""
    units = {"department": [named(conn, each) for each in departments], "town": [named(conn, each) for each in towns]}
    for kind, found in units.items():
        strangers = [who.name for who in found if who.kind != kind]
        if strangers:
            what = "部门" if kind == "department" else "镇街"
            raise DataProblem(f"{quote(strangers[0])}不是{what}。", advice="请核对。", code="part.unit")
    schemas = [register(conn, name) for name in registers]
    known = {clause.id: clause for clause in catalogue.clauses}
    for clause_id in clauses:
        if clause_id not in known:
            advice = "请写条款编号，如 08-06。"
            raise DataProblem(f"方案里没有任务{quote(clause_id)}。", advice=advice, code="part.clause")
    titles = [who.name for found in units.values() for who in found]
    titles += [schema.title for schema in schemas] + [known[clause_id].title for clause_id in clauses]
    scope = PartScope(
        tuple(who.id for who in units["department"]),
        tuple(who.id for who in units["town"]),
        tuple(schema.name for schema in schemas),
        tuple(clauses),
        "、".join(titles),
    )
    if not scope:
        raise DataProblem("没有选要发出去的内容。", advice="请选部门、镇街、清单或任务条款。", code="part.empty")
    return scope


def keep_only(conn: sqlite3.Connection, scope: PartScope, identity: PartIdentity) -> PartIdentity:
    """Delete from `conn`, a copy of the county file, what the part does not need, history and recycle bin included.

    The copy then says what it is: `identity` with its reach, which is returned. It has no past: whatever its journal
    tells later was done by the colleague.
    """
    catalogue, known = county_catalogue(conn), registers(conn)
    conditions = _Conditions(conn, scope)
    kept = {table: conditions.of(table) for table in EDITED if table != ENTERPRISE}
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
    _delete_others(conn, {ATTACHMENT: _proofs([*projects, ENTERPRISE])})
    for table in tables:
        if table not in _WHOLE and table not in kept and table not in (ATTACHMENT, ENTERPRISE):
            conn.execute(f"DELETE FROM {quoted(table)}")
    # Its workbooks are its own: the journal's numbers of the county mean nothing in it.
    conn.execute("DELETE FROM setting WHERE id = ?", (FILE_ID,))
    made = replace(identity, reach=_reach(conn, catalogue, conditions, known))
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
    conn: sqlite3.Connection, catalogue: Catalogue, conditions: _Conditions, known: Sequence[TableSchema]
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
    where, parameters = _among("t.town_id", scope.towns)
    return _either((f"t.deleted_at IS NULL AND {where}", parameters), (f"t.id IN ({' UNION '.join(named)})", []))


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


def _proofs(tables: Iterable[str]) -> Condition:
    """Return the condition on attachments whose rows are kept."""
    owners = [*tables, "project_report"]
    terms = [f"(t.table_name = '{table}' AND t.row_id IN (SELECT id FROM {quoted(table)}))" for table in owners]
    return " OR ".join(terms), []


class _Conditions:
    """Says of each table which rows belong to the part; `clauses` and `claimed` registers belong to it whole."""

    def __init__(self, conn: sqlite3.Connection, scope: PartScope) -> None:
        self._scope = scope
        self.clauses = [*scope.clauses, *_led_by(conn, scope.departments)]
        self._enterprises = _of_towns(conn, scope.towns)
        self.claimed = {
            schema.name
            for clause, schemas in by_clause(registers(conn)).items()
            if clause in self.clauses
            for schema in schemas
        } | set(scope.registers)
        self._registers = registers(conn)

    def of(self, table: str) -> Condition:
        """Return the condition on `t` of a table that is no register."""
        if table == "project_report":
            return self._reports()
        column = {"quota": "target_id", "responsibility": "clause_id"}.get(table, "task_id")
        task = self._task(f"t.{column}")
        if table in ("assignment", "progress"):
            return _either(task, self._owner("t.assignee_id"))
        if table == "task_scope":
            # Whether a task concerns the county is told to whoever has a share of it. Its quota is not: nobody can hold
            # a share against it.
            where, parameters = self._owner("a.assignee_id")
            given = f"t.{column} IN (SELECT a.task_id FROM assignment a WHERE a.deleted_at IS NULL AND ({where}))"
            return _either(task, (given, parameters))
        return task

    def of_register(self, schema: TableSchema) -> Condition:
        """Return the condition on `t` of a register."""
        if schema.name in self.claimed:
            return "1", []
        ids = {"department": self._scope.departments, "town": self._scope.towns, "enterprise": self._enterprises}
        terms = [_among(f"t.{quoted(OWN_FIELD[kind])}", ids[kind]) for kind in ids if OWN_FIELD[kind] in schema]
        return _either(*terms)

    def _reports(self) -> Condition:
        """Return the condition on reports whose projects are still there."""
        terms: list[Condition] = [
            (f"(t.register = '{schema.name}' AND t.row_id IN (SELECT id FROM {quoted(schema.table)}))", [])
            for schema in self._registers
        ]
        return _either(*terms)

    def _task(self, column: str) -> Condition:
        terms: list[Condition] = [
            (f"({column} = ? OR {column} LIKE ?)", [clause, f"{clause}-%"]) for clause in self.clauses
        ]
        return _either(*terms)

    def _owner(self, column: str) -> Condition:
        return _among(column, [*self._scope.departments, *self._scope.towns, *self._enterprises])


def _either(*terms: Condition) -> Condition:
    if not terms:
        return "0", []
    return " OR ".join(where for where, _ in terms), [each for _, parameters in terms for each in parameters]


def _among(column: str, ids: Sequence[str]) -> Condition:
    return (in_list(column, ids), [*ids]) if ids else ("0", [])


def _led_by(conn: sqlite3.Connection, departments: Sequence[str]) -> list[str]:
    """Return the clauses that these lead: by the county's word, else as counterparts of whom the plan names."""
    if not departments:
        return []
    sql = f"SELECT city_name FROM department WHERE city_name IS NOT NULL AND {in_list('id', departments)}"
    named_in_plan = {name for (name,) in conn.execute(sql, [*departments])}
    told = {clause_id: each.lead_id for clause_id, each in responsibilities(conn).items() if each.lead_id}
    return [
        clause.id
        for clause in county_catalogue(conn).clauses
        if (told[clause.id] in departments if clause.id in told else not named_in_plan.isdisjoint(clause.leads))
    ]


def _of_towns(conn: sqlite3.Connection, towns: Sequence[str]) -> list[str]:
    if not towns:
        return []
    sql = f"SELECT id FROM enterprise WHERE deleted_at IS NULL AND {in_list('town_id', towns)}"
    return [row_id for (row_id,) in conn.execute(sql, [*towns])]
