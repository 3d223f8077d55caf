from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from db.store import journal
from db.store.connection import quoted
from db.store.county import County
from tests.db.store import counties

NOT_JOURNALLED = {"operation", "change", "journal_state", "_sqlite_migrations"}


def changes(county: County, table: str = "town") -> list[tuple[Any, ...]]:
    with county.reading() as conn:
        rows = conn.execute(
            "SELECT operation_id, row_id, action, before, after FROM change WHERE table_name = ? ORDER BY seq", (table,)
        ).fetchall()
    return [(*row[:3], *(json.loads(text) if text else None for text in row[3:])) for row in rows]


def test_every_table_but_the_journal_itself_is_journalled(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county, county.reading() as conn:
        every = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert set(journal.journalled_tables(conn)) == every - NOT_JOURNALLED
        triggers = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
        for table in journal.journalled_tables(conn):
            assert {f"journal_{table}_{event}" for event in ("insert", "update", "delete")} <= triggers


def test_insert_update_delete_are_recorded_with_their_operation(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        with county.operation("修改") as op:
            op.conn.execute("UPDATE town SET name = '洛城', population = 5 WHERE id = 'town-洛城街道'")
        with county.operation("删除") as gone:
            gone.conn.execute("DELETE FROM town WHERE id = 'town-洛城街道'")
        added, changed, removed = [row for row in changes(county) if row[1] == "town-洛城街道"]
    whole = {"seq": 2, "id": "town-洛城街道", "name": "洛城街道", "states": "{}", "created_at": ""}
    assert added[2:] == ("insert", None, whole)
    assert changed == (
        op.id,
        "town-洛城街道",
        "update",
        {"name": "洛城街道", "population": None},
        {"name": "洛城", "population": 5},
    )
    assert removed == (gone.id, "town-洛城街道", "delete", {**whole, "name": "洛城", "population": 5}, None)


def test_an_update_that_changes_nothing_records_nothing(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        before = changes(county)
        with county.operation("不变") as op:
            op.conn.execute("UPDATE town SET name = name, population = NULL")
        assert changes(county) == before
        assert not op.changes
        assert county.undo_label() == "新增镇街"


@pytest.mark.parametrize("text", ["7", "07", "7.0", "7e0", " 7"])
def test_a_text_that_only_reads_as_the_same_number_is_a_change(tmp_path: Path, text: str) -> None:
    with counties.new(tmp_path) as county:
        with county.operation("写备注") as op:
            op.conn.execute("UPDATE town SET note = '007' WHERE seq = 1")
        with county.operation("改备注") as op:
            op.conn.execute("UPDATE town SET note = ? WHERE seq = 1", (text,))
        assert changes(county)[-1][3:] == ({"note": "007"}, {"note": text})


def test_another_program_is_recorded_without_operation_but_with_a_time(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        counties.edit_from_outside(tmp_path, "UPDATE town SET name = 'x' WHERE seq = 1")
        assert changes(county)[-1][0] is None
        with county.reading() as conn:
            at = conn.execute("SELECT at FROM change ORDER BY seq DESC LIMIT 1").fetchone()[0]
            own = conn.execute("SELECT count(at) FROM change WHERE operation_id IS NOT NULL").fetchone()[0]
    assert len(at) == 19 and at[10] == "T" and own == 0


def test_replace_records_the_row_it_removes(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        with county.operation("替换") as op:
            op.conn.execute("INSERT OR REPLACE INTO town (seq, id, name) VALUES (1, 'new', '新')")
        assert [row[1:3] for row in changes(county)[-2:]] == [("town-圣城街道", "delete"), ("new", "insert")]


@pytest.mark.parametrize("text", ["", "'\"\\ ; --", "行1\r\n行2\t", "\x00尾", "😀", '{"a": 1}', "9" * 40, "null"])
def test_any_text_survives_undo(tmp_path: Path, text: str) -> None:
    with counties.new(tmp_path) as county:
        with county.operation("写备注") as op:
            op.conn.execute("UPDATE town SET note = ?, population = ?", (text, 2**63 - 1))
        with county.operation("删除") as op:
            op.conn.execute("DELETE FROM town")
        county.undo()
        with county.reading() as conn:
            assert conn.execute("SELECT note, population FROM town").fetchall() == [(text, 2**63 - 1)] * 2


def test_a_table_may_have_odd_names_and_many_columns(tmp_path: Path) -> None:
    columns = [f'"栏 {number}\'s"' for number in range(120)]
    with counties.new(tmp_path) as county:
        with county.operation("新清单") as op:
            body = ", ".join(f"{column} TEXT COLLATE NOCASE" for column in columns)
            op.conn.execute(
                f'CREATE TABLE "register_a\'b" (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, {body},'
                " states TEXT NOT NULL DEFAULT '{}', deleted_at TEXT) STRICT"
            )
            journal.install(op.conn, "register_a'b")
        with county.operation("新增") as op:
            op.conn.execute(f"INSERT INTO \"register_a'b\" (id, {columns[7]}) VALUES ('r', 'a')")
        with county.operation("大写") as op:
            op.conn.execute(f"UPDATE \"register_a'b\" SET {columns[7]} = 'A'")
        assert changes(county, "register_a'b")[-1][3:] == ({"栏 7's": "a"}, {"栏 7's": "A"})
        county.undo()
        county.undo()
        assert counties.tables_of(county)["register_a'b"] == []


def test_a_new_column_is_journalled_after_installing_again(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        with county.operation("加一栏", undoable=False) as op:
            op.conn.execute("ALTER TABLE town ADD COLUMN area INTEGER")
            journal.install(op.conn, "town")
        with county.operation("填面积") as op:
            op.conn.execute("UPDATE town SET area = 3")
        assert op.changes.rows == {"town": {"town-圣城街道", "town-洛城街道"}}
        assert changes(county)[-1][3:] == ({"area": None}, {"area": 3})


@pytest.mark.parametrize("column", ["x BLOB", "x REAL"])
def test_values_that_json_cannot_keep_are_refused(tmp_path: Path, column: str) -> None:
    with counties.new(tmp_path) as county, pytest.raises(ValueError, match="neither INTEGER nor TEXT"):
        with county.operation("新清单") as op:
            op.conn.execute(f"CREATE TABLE y (seq INTEGER PRIMARY KEY, id TEXT, {column}) STRICT")
            journal.install(op.conn, "y")


def test_triggers_are_small(tmp_path: Path) -> None:
    """Every connection holds what it parsed of them, some ten times their text: 9 MB once, at 970,000 characters."""
    with counties.new(tmp_path) as county, county.reading() as conn:
        sql = "SELECT tbl_name, sum(length(sql)) FROM sqlite_master WHERE type = 'trigger' GROUP BY tbl_name"
        texts = dict(conn.execute(sql))
        for table in journal.journalled_tables(conn):
            names = [row[1] for row in conn.execute(f"PRAGMA table_info({quoted(table)})")]
            assert texts[table] < 2_000 + 75 * len(names) + 9 * sum(map(len, names)), table


def test_a_table_without_id_is_refused(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county, pytest.raises(ValueError, match="lacks seq or id"):
        with county.operation("新清单") as op:
            op.conn.execute("CREATE TABLE y (x TEXT) STRICT")
            journal.install(op.conn, "y")


@pytest.mark.parametrize("statement", ["DELETE FROM change", "UPDATE change SET after = '{}'", "DELETE FROM operation"])
def test_the_audit_trail_cannot_be_touched(tmp_path: Path, statement: str) -> None:
    with counties.new(tmp_path), pytest.raises(sqlite3.IntegrityError, match="audit trail"):
        counties.edit_from_outside(tmp_path, statement)
