from __future__ import annotations

from pathlib import Path

from db.store.history import operations, row_history
from tests.db.store import counties


def test_the_story_of_a_row_newest_first(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        with county.operation("填人口") as op:
            op.conn.execute("UPDATE town SET population = 5 WHERE seq = 1")
        county.undo()
        counties.edit_from_outside(tmp_path, "UPDATE town SET phone = '1' WHERE seq = 1")
        with county.reading() as conn:
            story = row_history(conn, "town", "town-圣城街道")
            assert row_history(conn, "town", "nobody") == []
    assert [(entry.kind, entry.action, entry.label, entry.author) for entry in story] == [
        ("outside", "update", "其他程序修改", ""),
        ("undo", "update", "撤销：填人口", "张三"),
        ("do", "update", "填人口", "张三"),
        ("do", "insert", "新增镇街", "张三"),
    ]
    assert story[0].operation_id is None and len(story[0].at) == 19
    assert (story[2].before, story[2].after) == ({"population": None}, {"population": 5})
    assert story[2].at == op.at and story[2].operation_id == op.id


def test_operations_newest_first_with_their_size(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county, county.reading() as conn:
        assert [(entry.label, entry.kind, entry.state, entry.changes) for entry in operations(conn)] == [
            ("新增镇街", "do", "done", 2),
            ("新建县级数据", "fixed", "done", 3),
        ]
        assert len(operations(conn, limit=1)) == 1
