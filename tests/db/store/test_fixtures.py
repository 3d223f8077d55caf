"""A file of every schema that was ever released opens, with all that was in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from db.store import integrity
from db.store.connection import SCHEMA_VERSION
from db.store.county import County
from db.store.history import row_history
from tests.db.store.make_fixture import file_of

VERSIONS = range(1, SCHEMA_VERSION + 1)
COUNTS = {
    "setting": 3,
    "reporting_unit": 1,
    "town": 2,
    "department": 1,
    "enterprise": 1,
    "task_scope": 1,
    "quota": 1,
    "assignment": 2,
    "register_definition": 1,
    "register_sample": 1,
    "attachment": 1,
}
MONTHLY = {
    "month": 1,
    "progress": 2,
    "project_report": 1,
    "monthly_curve": 1,
    "measure_taken": 1,
    "holiday": 1,
    "evaluation": 1,
    "handout": 1,
    "received_file": 1,
}

ANSWERED = {"submission": 1, "explanation": 1, "rule_setting": 1, "remark": 1, "remark_reply": 1}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_schema_version_has_a_fixture(version: int) -> None:
    assert file_of(version).is_file(), "run: python -m tests.db.store.make_fixture"


@pytest.mark.parametrize("version", VERSIONS)
def test_it_opens_with_all_that_was_in_it(version: int, tmp_path: Path) -> None:
    shutil.copyfile(file_of(version), tmp_path / "county.db")
    with County.open(tmp_path, author="李四") as county:
        with county.reading() as conn:
            counts = {table: conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTS}
            assert counts == COUNTS
            divided = conn.execute("SELECT count(*) FROM responsibility").fetchone()[0]
            assert divided == (1 if version >= 2 else 0)
            plans = conn.execute("SELECT count(*) FROM plan_edition").fetchone()[0]
            assert plans == (1 if version >= 3 else 0)
            drafts = conn.execute("SELECT count(*) FROM plan_draft").fetchone()[0]
            assert drafts == (1 if version >= 4 else 0)
            filed = {table: conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in MONTHLY}
            assert filed == {table: rows if version >= 5 else 0 for table, rows in MONTHLY.items()}
            answered = {table: conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ANSWERED}
            assert answered == {table: rows if version >= 6 else 0 for table, rows in ANSWERED.items()}
            assert integrity.check(conn).sound
            assert county.settings(conn)["county_name"] == "寿光市"
            assert [entry.kind for entry in row_history(conn, "town", "t2")][-3:] == ["undo", "do", "do"]
            assert row_history(conn, "department", "d")[0].author == ""
        if version == SCHEMA_VERSION:
            assert (county.undo_label(), county.redo_label()) == ("删除企业", "改镇街名称")
            county.redo()
            for _ in range(6):
                county.undo()
            with pytest.raises(Exception, match="不能撤销"):  # the department was edited by another program
                county.undo()
        else:
            assert (county.undo_label(), county.redo_label()) == (None, None)
