from __future__ import annotations

from db.store import records
from db.work import recycle, registers
from tests.db.work.desk import Desk


def test_a_deleted_project_keeps_its_name_whatever_task_it_supports(desk: Desk) -> None:
    project = desk.project("key_project", name="氢能产业园", task_id="06-02")
    desk.share("08-06-1", 2022, "100")
    desk.share("08-06-1", 2022, None, amount=None)
    with desk.county.operation("删除项目") as op:
        records.delete(op, registers.register(op.conn, "key_project"), [project])
    titles = {row.table: row.title for row in recycle.bin_rows(desk.conn)}
    assert titles["register_key_project"] == "氢能产业园"
    assert titles["assignment"].endswith("　2022年")
