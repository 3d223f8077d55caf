"""Which part of a county goes to a colleague: what a department leads or does, towns, registers, clauses.

part_scope(conn, …) -> PartScope            by names and codes as people say them
given_already(conn, catalogue, scope)       what of it is out in another work package
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from db.core.errors import DataProblem
from db.core.fields import TableSchema
from db.core.text import quote
from db.plan.catalogue import Catalogue
from db.plan.editions import county_catalogue
from db.store.connection import quoted
from db.store.records import in_list
from db.work.assignees import find_assignees, named
from db.work.handouts import parts_out
from db.work.registers import by_clause, register, registers
from db.work.responsibility import responsibilities
from db.work.unit_rows import OWN_FIELD

_MOST_NAMED: Final = 3

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


def contents_of(conn: sqlite3.Connection, scope: PartScope) -> tuple[str, ...]:
    """Return what the part holds whole, as the record of it keeps it: clauses and registers by name, units by id."""
    return (*dict.fromkeys(Conditions(conn, scope).clauses), *scope.registers, *scope.departments, *scope.towns)


def given_already(conn: sqlite3.Connection, catalogue: Catalogue, scope: PartScope) -> list[str]:
    """Return a sentence for each work package that is out with something that this one would hold too."""
    names = {schema.name: schema.title for schema in registers(conn)}
    keys = [("department", each) for each in scope.departments] + [("town", each) for each in scope.towns]
    names |= {who.id: who.name for who in find_assignees(conn, keys)}
    names |= {clause.id: f"{clause.id} {clause.title}" for clause in catalogue.clauses}
    wanted, told = contents_of(conn, scope), []
    for part in parts_out(conn):
        common = [names.get(each, each) for each in wanted if each in part.contents]
        if common:
            more = f"等{len(common)}项" if len(common) > _MOST_NAMED else ""
            when = part.written_at.replace("T", " ")[:16]
            shown = "、".join(common[:_MOST_NAMED])
            told.append(f"{shown}{more}在{when}的工作包“{part.title}”里已经发出，还没有收回。")
    return told


class Conditions:
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
        task = self.task(f"t.{column}")
        if table in ("assignment", "progress"):
            return either(task, self._owner("t.assignee_id"))
        if table == "task_scope":
            # Whether a task concerns the county is told to whoever has a share of it. Its quota is not: nobody can hold
            # a share against it.
            where, parameters = self._owner("a.assignee_id")
            given = f"t.{column} IN (SELECT a.task_id FROM assignment a WHERE a.deleted_at IS NULL AND ({where}))"
            return either(task, (given, parameters))
        return task

    def of_register(self, schema: TableSchema) -> Condition:
        """Return the condition on `t` of a register."""
        if schema.name in self.claimed:
            return "1", []
        ids = {"department": self._scope.departments, "town": self._scope.towns, "enterprise": self._enterprises}
        terms = [among(f"t.{quoted(OWN_FIELD[kind])}", ids[kind]) for kind in ids if OWN_FIELD[kind] in schema]
        return either(*terms)

    def _reports(self) -> Condition:
        """Return the condition on reports whose projects are still there."""
        terms: list[Condition] = [
            (f"(t.register = '{schema.name}' AND t.row_id IN (SELECT id FROM {quoted(schema.table)}))", [])
            for schema in self._registers
        ]
        return either(*terms)

    def task(self, column: str) -> Condition:
        """Return the condition that the column names a task of the part's whole clauses."""
        terms: list[Condition] = [
            (f"({column} = ? OR {column} LIKE ?)", [clause, f"{clause}-%"]) for clause in self.clauses
        ]
        return either(*terms)

    def _owner(self, column: str) -> Condition:
        return among(column, [*self._scope.departments, *self._scope.towns, *self._enterprises])


def either(*terms: Condition) -> Condition:
    """Return the condition that any of these holds."""
    if not terms:
        return "0", []
    return " OR ".join(where for where, _ in terms), [each for _, parameters in terms for each in parameters]


def among(column: str, ids: Sequence[str]) -> Condition:
    """Return the condition that the column holds one of these, never true of none."""
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
