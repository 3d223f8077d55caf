"""Rows as they were at any moment of the journal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.core.fields import load_schema
from db.store import records
from db.store.county import County
from db.store.past import last_changes, rows_at
from tests.db.store.counties import new

TOWN = load_schema("town")
STEPS = st.lists(
    st.sampled_from(["name", "empty", "state", "delete", "restore", "erase", "insert", "undo", "redo"]), max_size=12
)


def towns(county: County) -> dict[str, dict[str, object]]:
    with county.reading() as conn:
        names = [row[1] for row in conn.execute("PRAGMA table_info(town)")]
        return {row[1]: dict(zip(names, row, strict=True)) for row in conn.execute("SELECT * FROM town")}


def act(county: County, step: str, number: int) -> None:
    if step in ("undo", "redo"):
        if (county.undo_label if step == "undo" else county.redo_label)():
            (county.undo if step == "undo" else county.redo)()
        return
    row_id = "town-圣城街道"
    changes: dict[str, Callable[[], object]] = {}
    with county.operation(step) as op:
        live = op.conn.execute("SELECT 1 FROM town WHERE id = ? AND deleted_at IS NULL", (row_id,)).fetchone()
        present = op.conn.execute("SELECT 1 FROM town WHERE id = ?", (row_id,)).fetchone()
        if live:
            changes["name"] = lambda: records.update(op, TOWN, row_id, {"name": f"名{number}"})
            changes["empty"] = lambda: records.update(op, TOWN, row_id, {"name": None, "note": f"注{number}"})
            changes["state"] = lambda: records.update(
                op, TOWN, row_id, {"population": TOWN.field("population").parse("不涉及")}
            )
            changes["delete"] = lambda: records.delete(op, TOWN, [row_id])
        elif present:
            changes["restore"] = lambda: records.restore(op, TOWN, [row_id])
        else:
            changes["insert"] = lambda: records.insert(op, TOWN, {"name": f"新{number}"}, row_id=row_id)
        if present:
            changes["erase"] = lambda: op.conn.execute("DELETE FROM town WHERE id = ?", (row_id,))
        changes.get(step, lambda: None)()


@given(STEPS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_moment_can_be_put_together_again(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    folder = tmp_path_factory.mktemp("past")
    with new(folder / "县") as county:
        moments: list[tuple[int, dict[str, dict[str, object]]]] = []
        for number, step in enumerate(["", *steps]):
            act(county, step or "name", number)
            with county.reading() as conn:
                seq = conn.execute("SELECT max(seq) FROM change").fetchone()[0]
            moments.append((seq, towns(county)))
        with county.reading() as conn:
            for seq, then in moments:
                wanted = ["town-圣城街道", "town-洛城街道", "nobody"]
                found = rows_at(conn, "town", dict.fromkeys(wanted, seq))
                assert found == {row_id: then.get(row_id) for row_id in wanted}
            newest = last_changes(conn, "town", towns(county))
            now = {row_id: values for row_id, values in towns(county).items() if row_id in newest}
            assert rows_at(conn, "town", {row_id: newest[row_id] for row_id in now}) == now


def test_each_row_has_its_own_moment(tmp_path: Path) -> None:
    with new(tmp_path / "县") as county:
        with county.reading() as conn:
            before = last_changes(conn, "town", towns(county))
        with county.operation("改名") as op:
            records.update_many(op, TOWN, [(row_id, {"name": "改"}) for row_id in before])
        with county.reading() as conn:
            after = last_changes(conn, "town", before)
            first, second = before
            found = rows_at(conn, "town", {first: before[first], second: after[second]})
        names = [row["name"] for row in found.values() if row is not None]
        assert names == ["圣城街道", "改"]
