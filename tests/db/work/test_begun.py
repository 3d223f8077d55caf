"""Whether anything was filled in yet."""

from __future__ import annotations

from pathlib import Path

from db.store import records
from db.work.begun import has_begun
from db.work.registers import register
from db.work.setup import new_county


def test_a_new_county_has_not_begun_until_something_is_entered(tmp_path: Path) -> None:
    with new_county(tmp_path / "县", county="370783", author="王芳") as county:
        with county.reading() as conn:
            assert not has_begun(conn)
            schema = register(conn, "coal_boiler")
        with county.operation("登记") as op:
            row_id = records.insert(op, schema, {})
        with county.reading() as conn:
            assert has_begun(conn)
        with county.operation("删除") as op:
            records.delete(op, schema, [row_id])
        with county.reading() as conn:
            assert not has_begun(conn)
