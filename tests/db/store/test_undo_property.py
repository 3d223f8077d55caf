"""Undo and redo of any sequence of steps give the same tables, over restarts and over exports, whose records stay."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from db.store import integrity
from db.store.county import County
from db.store.operation import Operation
from tests.db.store import counties

TEXT = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBER = st.none() | st.integers(-(2**63), 2**63 - 1)
PICK = st.integers(0, 1000)

INSERT_TOWN = st.tuples(st.just("town"), TEXT, NUMBER)
INSERT_ENTERPRISE = st.tuples(st.just("enterprise"), TEXT, PICK)
ASSIGN = st.tuples(st.just("assign"), PICK, st.sampled_from((2022, 2023)), NUMBER)
UPDATE = st.tuples(st.just("update"), PICK, TEXT, NUMBER)
MARK = st.tuples(st.just("mark"), PICK, st.booleans())
REMOVE = st.tuples(st.just("remove"), PICK)
IMPORT = st.tuples(st.just("import"), st.integers(1, 60), TEXT)
NOTE = st.tuples(st.just("note"), PICK, TEXT)
STEPS = st.lists(st.one_of(INSERT_TOWN, INSERT_ENTERPRISE, ASSIGN, UPDATE, MARK, REMOVE, IMPORT, NOTE), max_size=6)
RECORDS = "submission"


class Step(NamedTuple):
    """What the tables were before and after a step, and the ids of the records it wrote into.

    Writing counts even where the record reads the same in the end: its journal would be turned back all the same.
    """

    before: counties.Tables
    after: counties.Tables
    touched: frozenset[str]

    def turned(self, present: counties.Tables, to: counties.Tables) -> counties.Tables:
        """Return the tables once the step is undone or redone: its own state of everything, records of others kept."""
        own = {row[1]: row for row in to[RECORDS] if row[1] in self.touched}
        return {**to, RECORDS: [own.get(row[1], row) for row in present[RECORDS]]}


class UndoMachine(RuleBasedStateMachine):
    """A county beside a plain list of what its tables were after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="sijian-undo-"))
        self.county = County.create(self.folder, county_code="370783", author="张三")
        self.made = 0
        self.past: list[Step] = []
        self.future: list[Step] = []
        self.present: counties.Tables = {}

    @initialize()
    def look(self) -> None:
        self.present = counties.tables_of(self.county)

    @rule(steps=STEPS)
    def operate(self, steps: list[tuple[Any, ...]]) -> None:
        with self.county.operation("一步") as op:
            for step in steps:
                self.do(op, step)
        now = counties.tables_of(self.county)
        assert bool(op.changes) or now == self.present
        if op.changes:
            self.past.append(Step(self.present, now, op.changes.rows.get(RECORDS, frozenset())))
            self.future.clear()
        self.present = now

    @rule()
    def export(self) -> None:
        """Record a package and mark the one before it: a wall only where a step has written into the same record."""
        with self.county.operation("导出上报包", record=True) as op:
            op.conn.execute("UPDATE submission SET status = '被替代' WHERE seq = (SELECT max(seq) FROM submission)")
            op.conn.execute(
                "INSERT INTO submission (id, kind, period, sequence, package_id) VALUES (?1, 'plan', '2022', 1, ?1)",
                (self.id(),),
            )
        self.present = counties.tables_of(self.county)
        touched = op.changes.rows[RECORDS]
        if any(touched & step.touched for step in (*self.past, *self.future)):
            self.past.clear()
            self.future.clear()

    @rule()
    def redefine(self) -> None:
        """Do what nothing from before survives."""
        with self.county.operation("更新定义", undoable=False) as op:
            op.conn.execute("INSERT INTO department (id, name) VALUES (?, '新部门')", (self.id(),))
        self.past.clear()
        self.future.clear()
        self.present = counties.tables_of(self.county)

    @rule(steps=STEPS)
    def fail(self, steps: list[tuple[Any, ...]]) -> None:
        try:
            with self.county.operation("失败的一步") as op:
                for step in steps:
                    self.do(op, step)
                raise InterruptedError
        except InterruptedError:
            pass

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        self.county.undo()
        step = self.past.pop()
        self.future.append(step)
        self.present = step.turned(self.present, step.before)

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        self.county.redo()
        step = self.future.pop()
        self.past.append(step)
        self.present = step.turned(self.present, step.after)

    @rule()
    def reopen(self) -> None:
        self.county.close()
        self.county = County.open(self.folder, author="李四")

    @invariant()
    def same_tables(self) -> None:
        assert counties.tables_of(self.county) == self.present
        assert (self.county.undo_label() is not None) == bool(self.past)
        assert (self.county.redo_label() is not None) == bool(self.future)

    def do(self, op: Operation, step: tuple[Any, ...]) -> None:
        match step:
            case ("town", name, number):
                op.conn.execute("INSERT INTO town (id, name, population) VALUES (?, ?, ?)", (self.id(), name, number))
            case ("enterprise", name, pick):
                values = (self.id(), name, self.some(op, "town", pick))
                op.conn.execute("INSERT INTO enterprise (id, name, town_id) VALUES (?, ?, ?)", values)
            case ("assign", pick, year, amount):
                town = self.some(op, "town", pick)
                if town:
                    op.conn.execute(
                        "INSERT OR REPLACE INTO assignment (id, task_id, year, assignee_kind, assignee_id, amount)"
                        " VALUES (?, '08-06-1', ?, 'town', ?, ?)",
                        (self.id(), year, town, amount),
                    )
            case ("update", pick, text, number):
                values = (text, number, self.some(op, "town", pick))
                op.conn.execute("UPDATE town SET note = ?, households = ? WHERE id = ?", values)
            case ("mark", pick, back):
                mark = (None if back else op.at, self.some(op, "enterprise", pick))
                op.conn.execute("UPDATE enterprise SET deleted_at = ? WHERE id = ?", mark)
            case ("remove", pick):
                op.conn.execute("DELETE FROM enterprise WHERE id = ?", (self.some(op, "enterprise", pick),))
            case ("import", count, text):
                rows = [(self.id(), text) for _ in range(count)]
                op.conn.executemany("INSERT INTO enterprise (id, name) VALUES (?, ?)", rows)
            case ("note", pick, text):
                op.conn.execute("UPDATE submission SET note = ? WHERE id = ?", (text, self.some(op, RECORDS, pick)))

    def id(self) -> str:
        self.made += 1
        return f"row-{self.made}"

    def some(self, op: Operation, table: str, pick: int) -> str | None:
        """Return the id of a row, chosen by the number `pick`."""
        ids = [row_id for (row_id,) in op.conn.execute(f"SELECT id FROM {table} ORDER BY seq")]
        return ids[pick % len(ids)] if ids else None

    def teardown(self) -> None:
        with self.county.reading() as conn:
            assert integrity.check(conn).sound
            assert conn.execute("SELECT operation_id FROM journal_state").fetchall() == [(None,)]
        while self.past:
            self.undo()
            self.same_tables()
        while self.future:
            self.redo()
            self.same_tables()
        self.county.close()
        shutil.rmtree(self.folder)


def test_a_record_written_to_and_back_within_a_step_is_a_wall() -> None:
    machine = UndoMachine()
    machine.look()
    machine.export()
    machine.operate([("town", "圣城街道", 1), ("note", 0, "核对"), ("note", 0, None)])
    machine.export()
    machine.same_tables()
    machine.teardown()


TestUndo = UndoMachine.TestCase
TestUndo.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
