from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from db.core.errors import DataProblem, EnvironmentProblem
from db.store import connection, county
from db.store.county import County
from db.store.history import OperationEntry, operations
from tests.db.store import counties


def test_create_makes_the_folder_with_its_settings(tmp_path: Path) -> None:
    folder = tmp_path / "寿光市" / "2022"
    with County.create(folder, county_code="370783", county_name="寿光市", plan_version="2021", author="张三") as made:
        with made.reading() as conn:
            assert made.settings(conn) == {"county_code": "370783", "county_name": "寿光市", "plan_version": "2021"}
        assert made.undo_label() is None
    assert sorted(path.name for path in folder.iterdir()) == [
        "attachments",
        "backups",
        "county.db",
        "county.lock",
        "exports",
        "logs",
    ]


def test_create_never_touches_a_county_that_is_there(tmp_path: Path) -> None:
    counties.new(tmp_path).close()
    content = (tmp_path / "county.db").read_bytes()
    with pytest.raises(EnvironmentProblem) as caught:
        County.create(tmp_path, county_code="370784", author="张三")
    assert caught.value.code == "exists"
    assert (tmp_path / "county.db").read_bytes() == content
    County.open(tmp_path, author="张三").close()


def test_create_where_a_file_lies_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(EnvironmentProblem, match="新建县级数据文件夹"):
        County.create(tmp_path / "x", county_code="370783", author="张三")


def test_what_was_saved_is_there_after_opening_again(tmp_path: Path) -> None:
    with counties.new(tmp_path) as made:
        before = counties.tables_of(made)
    with County.open(tmp_path, author="李四") as again:
        assert again.notices == []
        assert counties.tables_of(again) == before
        assert again.undo_label() == "新增镇街"


def test_an_operation_is_all_or_nothing(tmp_path: Path) -> None:
    with counties.new(tmp_path) as made:
        before = counties.tables_of(made)
        with pytest.raises(ZeroDivisionError), made.operation("半途") as op:
            op.conn.execute("DELETE FROM town")
            _ = 1 / 0
        assert counties.tables_of(made) == before
        assert [entry.label for entry in _operations(made)] == ["新增镇街", "新建县级数据"]
        counties.add_towns(made, "纪台镇")


def test_changes_tell_what_was_touched(tmp_path: Path) -> None:
    with counties.new(tmp_path) as made:
        with made.operation("两个表") as op:
            op.conn.execute("INSERT INTO department (id, name) VALUES ('d', '发改局')")
            op.conn.execute("UPDATE town SET population = 1 WHERE seq = 1")
            op.conn.execute("UPDATE town SET population = 2 WHERE seq = 1")
        assert op.changes.operation_id == op.id and op.changes.label == "两个表"
        assert op.changes.rows == {"department": {"d"}, "town": {"town-圣城街道"}}


def test_a_row_that_points_nowhere_is_refused_in_the_clerks_words(tmp_path: Path) -> None:
    with counties.new(tmp_path) as made:
        with pytest.raises(DataProblem) as caught, made.operation("新增企业") as op:
            op.conn.execute("INSERT INTO enterprise (id, town_id) VALUES ('e', 'no town')")
        assert "企业（1 条）" in str(caught.value)
        assert counties.tables_of(made)["enterprise"] == []


def test_references_may_be_filled_in_any_order(tmp_path: Path) -> None:
    with counties.new(tmp_path) as made:
        with made.operation("导入") as op:
            op.conn.execute("INSERT INTO enterprise (id, town_id) VALUES ('e', 'later')")
            op.conn.execute("INSERT INTO town (id) VALUES ('later')")
        assert op.changes.touches("enterprise")


def test_a_rollback_or_commit_from_inside_is_our_bug(tmp_path: Path) -> None:
    with counties.new(tmp_path) as made:
        with pytest.raises(RuntimeError, match="from inside"), made.operation("偷偷提交") as op:
            op.conn.execute("UPDATE town SET population = 1")
            op.conn.commit()


def test_operations_do_not_nest_nor_run_side_by_side(tmp_path: Path) -> None:
    caught: list[str] = []

    def other() -> None:
        try:
            with made.operation("另一个"):
                pass
        except RuntimeError as error:
            caught.append(str(error))

    with counties.new(tmp_path) as made, made.operation("一个") as op:
        with pytest.raises(RuntimeError, match="two operations"), made.operation("里面"):
            pass
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        op.conn.execute("UPDATE town SET population = 1")
    assert len(caught) == 1


def test_a_look_between_writes_sees_what_was_written_and_waits_for_none(tmp_path: Path) -> None:
    with counties.new(tmp_path) as made:
        with made.between_writes() as conn:
            assert conn.execute("SELECT count(*) FROM town").fetchone() == (2,)
        with made.operation("新增") as op, pytest.raises(RuntimeError, match="at the same time"):
            op.conn.execute("INSERT INTO town (id, name) VALUES ('x', 'x')")
            with made.between_writes():
                pytest.fail("an operation is open")
    with pytest.raises(RuntimeError, match="closed"), made.between_writes():
        pytest.fail("the county is closed")


def test_an_operation_needs_a_label(tmp_path: Path) -> None:
    with counties.new(tmp_path) as made, pytest.raises(ValueError, match="label"), made.operation(" "):
        pass


def test_a_closed_county_is_closed(tmp_path: Path) -> None:
    made = counties.new(tmp_path)
    made.close()
    made.close()
    with pytest.raises(RuntimeError, match="closed"), made.operation("太迟"):
        pass
    with pytest.raises(RuntimeError, match="closed"):
        made.connect()


def test_read_only_reads_and_refuses_to_write(tmp_path: Path) -> None:
    with counties.new(tmp_path), County.open(tmp_path, author="李四", read_only=True) as second:
        assert second.read_only
        assert counties.town_names(second) == ["圣城街道", "洛城街道"]
        assert second.undo_label() is None
        for write in (second.undo, second.redo, lambda: second.operation("改").__enter__()):
            with pytest.raises(EnvironmentProblem) as caught:
                write()
            assert caught.value.code == "opened_read_only"


def test_a_folder_without_county(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        County.open(tmp_path, author="张三")
    assert caught.value.code == "no_county" and "county.db" in str(caught.value)
    assert not (tmp_path / "county.lock").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a database" * 300, b"SQLite format 3\x00" + b"\xff" * 9000])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path, content: bytes, read_only: bool) -> None:
    (tmp_path / "county.db").write_bytes(content)
    for _ in range(2):  # the lock of the refused opening is given back
        with pytest.raises(EnvironmentProblem) as caught:
            County.open(tmp_path, author="张三", read_only=read_only)
        assert caught.value.code in {"damaged", "not_ours"} and "备份" in caught.value.advice
    assert (tmp_path / "county.db").read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / "county.db")
    conn.execute("CREATE TABLE x (y)")
    conn.execute("PRAGMA application_id = 7")
    conn.execute("PRAGMA user_version = 1")
    conn.close()
    with pytest.raises(EnvironmentProblem) as caught:
        County.open(tmp_path, author="张三")
    assert caught.value.code == "not_ours"


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_file_is_refused(tmp_path: Path, read_only: bool) -> None:
    counties.new(tmp_path).close()
    counties.edit_from_outside(tmp_path, f"PRAGMA user_version = {connection.SCHEMA_VERSION + 1}")
    with pytest.raises(EnvironmentProblem) as caught:
        County.open(tmp_path, author="张三", read_only=read_only)
    assert caught.value.code == "newer_file" and "升级本程序" in caught.value.advice


def test_an_older_file_is_not_opened_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counties.new(tmp_path).close()
    monkeypatch.setattr(county, "SCHEMA_VERSION", connection.SCHEMA_VERSION + 1)
    with pytest.raises(EnvironmentProblem) as caught:
        County.open(tmp_path, author="张三", read_only=True)
    assert caught.value.code == "older_file"


def _operations(made: County) -> list[OperationEntry]:
    with made.reading() as conn:
        return operations(conn)
