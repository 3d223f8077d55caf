from __future__ import annotations

from pathlib import Path

import pytest

from db.core.errors import DataProblem
from db.store import operation
from db.store.county import County
from db.store.history import operations
from tests.db.store import counties


def test_nothing_to_undo_or_redo(tmp_path: Path) -> None:
    with County.create(tmp_path, county_code="370783", author="张三") as county:
        for step, word in ((county.undo, "撤销"), (county.redo, "重做")):
            with pytest.raises(DataProblem, match=word):
                step()


def test_undo_and_redo_one_after_the_other_over_restarts(tmp_path: Path) -> None:
    states = []
    with counties.new(tmp_path) as county:
        for name in ("纪台镇", "田柳镇", "上口镇"):
            states.append(counties.tables_of(county))
            counties.add_towns(county, name)
        states.append(counties.tables_of(county))
    for expected in reversed(states[:-1]):
        with County.open(tmp_path, author="李四") as county:
            changes = county.undo()
            assert changes.tables == {"town"} and changes.label == "撤销：新增镇街"
            assert counties.tables_of(county) == expected
    with County.open(tmp_path, author="李四") as county:
        for expected in states[1:]:
            assert county.redo_label() == "新增镇街"
            county.redo()
            assert counties.tables_of(county) == expected
        assert county.redo_label() is None


def test_row_numbers_come_back(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        with county.operation("删除") as op:
            op.conn.execute("DELETE FROM town WHERE seq = 1")
        county.undo()
        with county.reading() as conn:
            assert conn.execute("SELECT seq, id FROM town").fetchall() == [(1, "town-圣城街道"), (2, "town-洛城街道")]


def test_a_changed_id_and_number_come_back(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        before = counties.tables_of(county)
        with county.operation("换号") as op:
            op.conn.execute("UPDATE town SET id = 'other', seq = 77 WHERE seq = 1")
            op.conn.execute("UPDATE town SET name = '又改' WHERE id = 'other'")
        after = counties.tables_of(county)
        county.undo()
        assert counties.tables_of(county) == before
        county.redo()
        assert counties.tables_of(county) == after


def test_a_default_does_not_take_the_place_of_an_empty_cell(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        with county.operation("加一栏", undoable=False) as op:
            op.conn.execute(
                "CREATE TABLE x (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, a TEXT DEFAULT '无',"
                " states TEXT NOT NULL DEFAULT '{}', deleted_at TEXT) STRICT"
            )
            from db.store import journal

            journal.install(op.conn, "x")
        with county.operation("新增") as op:
            op.conn.execute("INSERT INTO x (id, a) VALUES ('i', NULL)")
        before = counties.tables_of(county)
        county.undo()
        county.redo()
        assert counties.tables_of(county) == before


def test_a_new_step_drops_what_could_be_redone_but_not_the_trail(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        counties.add_towns(county, "纪台镇")
        county.undo()
        counties.add_towns(county, "田柳镇")
        assert county.redo_label() is None
        with county.reading() as conn:
            trail = [(entry.kind, entry.state) for entry in operations(conn)]
        assert trail == [("do", "done"), ("undo", "done"), ("do", "dropped"), ("do", "done"), ("fixed", "done")]
        county.undo()
        assert counties.town_names(county) == ["圣城街道", "洛城街道"]
        assert county.undo_label() == "新增镇街"


def test_a_step_without_change_keeps_what_can_be_redone(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        county.undo()
        with county.operation("什么也没做"):
            pass
        assert county.redo_label() == "新增镇街"


def export(county: County, row_id: str = "s") -> None:
    with county.operation("导出上报包", record=True) as op:
        op.conn.execute("UPDATE submission SET status = '被替代' WHERE id <> ?", (row_id,))
        op.conn.execute(
            "INSERT INTO submission (id, kind, period, sequence, package_id) VALUES (?1, 'plan', '2022', 1, ?1)",
            (row_id,),
        )


def records_of(county: County) -> list[str]:
    with county.reading() as conn:
        return [row_id for (row_id,) in conn.execute("SELECT id FROM submission ORDER BY seq")]


def test_a_fixed_step_ends_undo(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        with county.operation("更新清单定义", undoable=False) as op:
            op.conn.execute("INSERT INTO department (id) VALUES ('d')")
        assert county.undo_label() is None
        with pytest.raises(DataProblem):
            county.undo()
        counties.add_towns(county, "纪台镇")
        assert county.undo_label() == "新增镇街"


def test_undo_and_redo_pass_by_an_export_whose_record_stays(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        counties.add_towns(county, "纪台镇")
        export(county)
        assert county.undo_label() == "新增镇街"
        county.undo()
        county.undo()
        assert counties.town_names(county) == [] and records_of(county) == ["s"]
        assert county.undo_label() is None
        county.redo()
        county.redo()
        assert counties.town_names(county) == ["圣城街道", "洛城街道", "纪台镇"] and records_of(county) == ["s"]
        with county.reading() as conn:
            assert ("导出上报包", "fixed", "done") in [(e.label, e.kind, e.state) for e in operations(conn)]


def test_an_export_keeps_what_can_be_redone(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        county.undo()
        export(county)
        assert county.redo_label() == "新增镇街"
        county.redo()
        assert counties.town_names(county) == ["圣城街道", "洛城街道"] and records_of(county) == ["s"]


def test_a_record_over_an_edited_record_is_a_wall(tmp_path: Path) -> None:
    """Undoing the note would write into a row that the later export has changed."""
    with counties.new(tmp_path) as county:
        export(county, "first")
        with county.operation("写备注") as op:
            op.conn.execute("UPDATE submission SET note = '光盘' WHERE id = 'first'")
        export(county, "second")
        assert county.undo_label() is None


def test_what_lies_behind_a_wall_makes_no_record_a_wall(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        export(county, "first")
        with county.operation("写备注") as op:
            op.conn.execute("UPDATE submission SET note = '光盘' WHERE id = 'first'")
        with county.operation("更新清单定义", undoable=False) as op:
            op.conn.execute("INSERT INTO department (id) VALUES ('d')")
        counties.add_towns(county, "纪台镇")
        export(county, "second")
        assert county.undo_label() == "新增镇街"


def test_a_record_that_changes_the_schema_is_a_wall(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        with county.operation("记录", record=True) as op:
            op.conn.execute("CREATE TABLE x (a TEXT) STRICT")
            op.conn.execute("INSERT INTO department (id) VALUES ('d')")
        assert county.undo_label() is None


def test_an_upgrade_is_a_wall_even_when_it_changes_records_only(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        export(county)
        op = operation.begin(county._connection, "升级数据格式到第 2 版", "张三", kind="fixed")
        op.conn.execute("UPDATE submission SET note = ''")
        operation.finish(op)
        with pytest.raises(DataProblem):
            county.undo()


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE town SET name = '别的程序' WHERE id = 'town-圣城街道'",
        "DELETE FROM town WHERE id = 'town-圣城街道'",
    ],
)
def test_undo_refuses_when_another_program_changed_the_rows(tmp_path: Path, edit: str) -> None:
    with counties.new(tmp_path) as county:
        counties.edit_from_outside(tmp_path, edit)
        before = counties.tables_of(county)
        with pytest.raises(DataProblem, match="其他程序") as caught:
            county.undo()
        assert "新增镇街" in str(caught.value)
        assert counties.tables_of(county) == before
        assert county.undo_label() == "新增镇街"
        counties.add_towns(county, "纪台镇")  # and the work goes on
        county.undo()
        assert counties.tables_of(county) == before


def test_redo_refuses_when_another_program_took_the_place(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        county.undo()
        counties.edit_from_outside(tmp_path, "INSERT INTO town (id, name) VALUES ('town-圣城街道', '占位')")
        before = counties.tables_of(county)
        with pytest.raises(DataProblem, match="不能重做"):
            county.redo()
        assert counties.tables_of(county) == before


def test_undo_refuses_when_another_programs_row_refers_to_one_of_its_rows(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        counties.edit_from_outside(tmp_path, "INSERT INTO enterprise (id, town_id) VALUES ('e', 'town-圣城街道')")
        before = counties.tables_of(county)
        with pytest.raises(DataProblem, match="不能撤销"):
            county.undo()
        assert counties.tables_of(county) == before


def test_other_rows_changed_by_another_program_do_not_hinder(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        counties.add_towns(county, "纪台镇")
        counties.edit_from_outside(tmp_path, "UPDATE town SET population = 9 WHERE id = 'town-圣城街道'")
        county.undo()
        with county.reading() as conn:
            assert conn.execute("SELECT name, population FROM town ORDER BY seq").fetchall() == [
                ("圣城街道", 9),
                ("洛城街道", None),
            ]


def test_a_large_import_is_undone_in_one_step(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        before = counties.tables_of(county)
        with county.operation("导入企业") as op:
            rows = [(f"e{number}", f"企业{number}", "town-圣城街道") for number in range(12_000)]
            op.conn.executemany("INSERT INTO enterprise (id, name, town_id) VALUES (?, ?, ?)", rows)
            op.conn.execute("UPDATE enterprise SET phone = '1' WHERE seq % 3 = 0")
        after = counties.tables_of(county)
        assert len(county.undo().rows["enterprise"]) == 12_000
        assert counties.tables_of(county) == before
        county.redo()
        assert counties.tables_of(county) == after
