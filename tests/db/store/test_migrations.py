from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.core.errors import EnvironmentProblem
from db.store import county as county_module
from db.store import migrations
from db.store.backup import backup, describe, kept, restore
from db.store.connection import APPLICATION_ID, SCHEMA_VERSION, connect_writer, pragma
from db.store.county import County
from db.store.history import operations, row_history
from tests.db.store import counties

NEXT = SCHEMA_VERSION + 1


def add_area(db: Database) -> None:
    db.conn.execute("ALTER TABLE town ADD COLUMN area INTEGER")
    db.conn.execute("UPDATE town SET area = 5, population = 7")


def rebuild_town(db: Database) -> None:
    """Rename a column the way that drops triggers."""
    db.table("town").transform(rename={"note": "remark"})


def fail(db: Database) -> None:
    db.conn.execute("DROP TABLE quota")
    raise InterruptedError


def break_references(db: Database) -> None:
    db.conn.execute("UPDATE town SET unit_id = 'nowhere'")


Plan = Callable[..., None]


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Return a function that makes these the steps after the present schema."""

    def set_steps(*steps: migrations.Step) -> None:
        monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, *((NEXT, step) for step in steps)))
        monkeypatch.setattr(county_module, "SCHEMA_VERSION", NEXT)

    return set_steps


def test_the_steps_lead_to_the_version_this_program_writes() -> None:
    numbers = [number for number, _ in migrations.STEPS]
    assert numbers == sorted(numbers) and numbers[0] == 1 and numbers[-1] == SCHEMA_VERSION
    assert set(numbers) == set(range(1, SCHEMA_VERSION + 1))


def test_a_new_file_is_a_county_file_of_this_version(tmp_path: Path) -> None:
    with closing(connect_writer(tmp_path / "x.db", create=True)) as conn:
        applied = migrations.upgrade(conn, "张三")
        assert applied == [step.__name__ for _, step in migrations.STEPS]
        assert pragma(conn, "user_version") == SCHEMA_VERSION and pragma(conn, "application_id") == APPLICATION_ID
        assert pragma(conn, "foreign_keys") == 1
        tables = [row[0] for row in conn.execute("SELECT sql FROM sqlite_master WHERE type = 'table'")]
        ours = [sql for sql in tables if "_sqlite_migrations" not in sql]
        assert ours and all(sql.rstrip().endswith("STRICT") for sql in ours)
        assert migrations.upgrade(conn, "张三") == []


def test_an_older_file_is_backed_up_and_upgraded(tmp_path: Path, plan: Plan) -> None:
    counties.new(tmp_path).close()
    plan(add_area, rebuild_town)
    with County.open(tmp_path, author="李四") as county:
        assert f"升级到第 {NEXT} 版" in county.notices[0]
        assert county.undo_label() is None
        with county.operation("改") as op:
            op.conn.execute("UPDATE town SET remark = 'x' WHERE seq = 1")
        assert op.changes.rows == {"town": {"town-圣城街道"}}
        with county.reading() as conn:
            assert pragma(conn, "user_version") == NEXT
            assert operations(conn)[1].label == f"升级数据格式到第 {NEXT} 版"
            assert [entry.after for entry in row_history(conn, "town", "town-圣城街道")][1] == {"population": 7}
        county.undo()
    (saved,) = kept(tmp_path)
    assert saved.kind == "before-migration" and saved.info.schema_version == SCHEMA_VERSION
    assert saved.info.counts["town"] == 2
    with County.open(tmp_path, author="李四") as county:
        assert county.notices == []


def test_the_backup_before_an_upgrade_can_be_restored_and_upgraded_again(tmp_path: Path, plan: Plan) -> None:
    counties.new(tmp_path).close()
    plan(add_area)
    County.open(tmp_path, author="李四").close()
    restore(kept(tmp_path)[0].file, tmp_path)
    with County.open(tmp_path, author="李四") as county:
        assert "升级" in county.notices[0]


@pytest.mark.parametrize(("step", "error"), [(fail, InterruptedError), (break_references, EnvironmentProblem)])
def test_a_failed_upgrade_leaves_the_file_as_it_was(
    tmp_path: Path, step: migrations.Step, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    with counties.new(tmp_path) as county:
        before = counties.tables_of(county)
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", (*migrations.STEPS, (NEXT, add_area), (NEXT, step)))
        patch.setattr(county_module, "SCHEMA_VERSION", NEXT)
        with pytest.raises(error):
            County.open(tmp_path, author="李四")
    with County.open(tmp_path, author="李四") as county:
        assert counties.tables_of(county) == before
        assert county.undo_label() == "新增镇街"
        assert county.notices == []


def test_a_damaged_older_file_is_not_upgraded(tmp_path: Path, plan: Plan) -> None:
    with counties.new(tmp_path) as county, county.operation("多一些") as op:
        op.conn.executemany(
            "INSERT INTO enterprise (id, name) VALUES (?, ?)", [(str(n), "企" * 99) for n in range(999)]
        )
    content = bytearray((tmp_path / "county.db").read_bytes())
    content[len(content) // 2 : len(content) // 2 + 9000] = b"\xff" * 9000
    (tmp_path / "county.db").write_bytes(content)
    plan(add_area)
    with pytest.raises(EnvironmentProblem) as caught:
        County.open(tmp_path, author="李四")
    assert caught.value.code == "damaged"
    assert (tmp_path / "county.db").read_bytes() == content


def test_a_backup_of_a_newer_program_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counties.new(tmp_path / "a").close()
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", (*migrations.STEPS, (NEXT, add_area)))
        patch.setattr(county_module, "SCHEMA_VERSION", NEXT)
        with County.open(tmp_path / "a", author="李四") as county:
            file = backup(county, tmp_path / "b.zip")
    assert describe(file).schema_version == NEXT
    with pytest.raises(EnvironmentProblem) as caught:
        restore(file, tmp_path / "c")
    assert caught.value.code == "newer_file" and not (tmp_path / "c" / "county.db").exists()
