from __future__ import annotations

import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema, schema_from_json
from db.core.values import State
from db.store import records
from db.store.history import row_history
from db.store.query import TableQuery
from db.work import registers
from tests.db.work.desk import Desk


def edition(number: int, **changes: Any) -> dict[str, Any]:
    """Return 农村清洁取暖 as its edition `number`, with a new field and without a retired one."""
    raw = deepcopy(dict(load_schema("rural_heating").raw))
    raw["x-edition"] = number
    raw["fields"] = [entry for entry in raw["fields"] if entry["name"] != "construction_unit"]
    raw["fields"].append({"name": "solar_panels", "title": "光伏板", "type": "integer", "x-unit": "套"})
    raw["fields"].append({"name": "helper_town_id", "title": "帮扶镇街", "x-ref": "town"})
    return {**raw, **changes}


def test_a_new_edition_adds_columns_and_keeps_every_row_and_value(desk: Desk) -> None:
    row_id = desk.project("rural_heating", name="甲村", construction_unit="某公司", planned_households=Decimal(5))
    with desk.county.operation("换新版清单") as op:
        renewed = registers.ensure_registers(op, [schema_from_json(edition(3))])
    assert [schema.edition for schema in renewed] == [3]
    schema = registers.register(desk.conn, "rural_heating")
    row = records.get(desk.conn, schema, row_id)
    assert row is not None
    assert (row.values["planned_households"], row.values["solar_panels"]) == (5, None)
    assert "construction_unit" not in row.values
    kept = desk.conn.execute("SELECT construction_unit FROM register_rural_heating").fetchone()
    assert kept == ("某公司",)
    with desk.county.operation("填新列") as op:
        records.update(op, schema, row_id, {"solar_panels": Decimal(12), "helper_town_id": desk.towns[0]})
    assert row_history(desk.conn, "register_rural_heating", row_id)[0].after["solar_panels"] == 12_000_000
    desk.county.undo()
    again = records.get(desk.conn, schema, row_id)
    assert again is not None
    assert again.values["solar_panels"] is None


def test_the_same_or_an_older_edition_changes_nothing(desk: Desk) -> None:
    with desk.county.operation("换新版清单") as op:
        registers.ensure_registers(op, [schema_from_json(edition(3))])
    with desk.county.operation("再打开") as op:
        assert registers.ensure_registers(op) == []
        assert registers.ensure_registers(op, [schema_from_json(edition(2, title="旧版"))]) == []
    assert registers.register(desk.conn, "rural_heating").edition == 3


def test_a_field_cannot_turn_from_text_into_number(desk: Desk) -> None:
    raw = edition(3)
    next(entry for entry in raw["fields"] if entry["name"] == "village").update(type="number", constraints={})
    with pytest.raises(DataProblem, match="第3版把「村（社区）」从文字改成了数"):
        with desk.county.operation("换新版清单") as op:
            registers.ensure_registers(op, [schema_from_json(raw)])
    assert registers.register(desk.conn, "rural_heating").edition == 2


def test_a_register_that_the_program_never_saw_works_like_the_others(desk: Desk) -> None:
    raw = {
        "name": "straw",
        "title": "秸秆综合利用",
        "x-table": "register_straw",
        "x-initials-of": "name",
        "fields": [
            {"x-include": "project_common"},
            {"name": "area", "title": "面积", "type": "number", "x-unit": "亩"},
            {"name": "checked", "title": "已核查", "type": "boolean"},
        ],
    }
    with desk.county.operation("载入清单") as op:
        registers.ensure_registers(op, [schema_from_json(raw)])
    assert [schema.title for schema in registers.registers(desk.conn)][-1] == "秸秆综合利用"
    desk.projects("straw", {"name": "甲", "area": Decimal("1.5")}, {"name": "乙", "checked": True})
    schema = registers.register(desk.conn, "straw")
    assert TableQuery(schema).total(desk.conn, "area") == Decimal("1.5")
    assert registers.counts(desk.conn)["straw"] == 2
    desk.county.undo()
    assert registers.counts(desk.conn)["straw"] == 0


def test_rows_in_the_bin_are_not_counted(desk: Desk) -> None:
    first, _ = desk.projects("coal_boiler", {"name": "一号炉"}, {"name": "二号炉"})
    with desk.county.operation("删除") as op:
        records.delete(op, load_schema("coal_boiler"), [first])
    counted = registers.counts(desk.conn)
    assert (counted["coal_boiler"], sum(counted.values())) == (1, 1)
    assert list(counted) == [schema.name for schema in registers.shipped()]


def test_the_file_carries_the_whole_definition(desk: Desk) -> None:
    for schema in registers.registers(desk.conn):
        (text,) = desk.conn.execute(
            "SELECT descriptor FROM register_definition WHERE name = ?", (schema.name,)
        ).fetchone()
        assert schema_from_json(json.loads(text)) == load_schema(schema.name)
        assert schema.raw == load_schema(schema.name).raw


def test_an_unknown_register_is_refused(desk: Desk) -> None:
    with pytest.raises(DataProblem, match="没有清单“nothing”"):
        registers.register(desk.conn, "nothing")


def test_listing_the_live_rows_in_order_never_reads_the_wide_table(desk: Desk) -> None:
    for schema in registers.registers(desk.conn):
        plan = " ".join(
            row[3]
            for row in desk.conn.execute(
                f"EXPLAIN QUERY PLAN SELECT t.seq FROM {schema.table} t WHERE t.deleted_at IS NULL ORDER BY t.seq"
            )
        )
        assert f"COVERING INDEX {schema.table}_live" in plan
        assert "TEMP B-TREE" not in plan


COMPUTED: dict[str, Any] = {
    "name": "straw",
    "title": "秸秆综合利用",
    "x-initials-of": "name",
    "fields": [
        {"x-include": "project_common"},
        {"name": "made", "title": "产生量", "type": "number", "x-unit": "吨"},
        {"name": "used", "title": "利用量", "type": "number", "x-unit": "吨"},
        {"name": "rest", "title": "剩余量", "type": "number", "x-unit": "吨", "x-computed": "made - used"},
    ],
}


def test_a_computed_field_follows_the_others_by_itself(desk: Desk) -> None:
    with desk.county.operation("载入清单") as op:
        registers.ensure_registers(op, [schema_from_json(COMPUTED)])
    schema = registers.register(desk.conn, "straw")
    first, second = desk.projects(
        "straw",
        {"name": "甲", "made": Decimal("10.5"), "used": Decimal("0.3"), "rest": Decimal(99)},
        {"name": "乙", "made": Decimal(7), "used": State.NO_DATA},
    )

    def rest(row_id: str) -> Any:
        row = records.get(desk.conn, schema, row_id)
        assert row is not None
        return row.values["rest"]

    assert (rest(first), rest(second)) == (Decimal("10.2"), None)
    with desk.county.operation("改") as op:
        records.update(op, schema, second, {"used": Decimal(2), "rest": Decimal(1)})
    assert rest(second) == 5
    assert TableQuery(schema).total(desk.conn, "rest") == Decimal("15.2")
    assert "rest" not in row_history(desk.conn, "register_straw", second)[0].after
    desk.county.undo()
    assert rest(second) is None


def test_a_new_edition_may_compute_in_another_way_and_rename_a_field(desk: Desk) -> None:
    with desk.county.operation("载入清单") as op:
        registers.ensure_registers(op, [schema_from_json(COMPUTED)])
    first, second = desk.projects(
        "straw",
        {"name": "甲", "made": Decimal(10), "used": Decimal(3)},
        {"name": "乙", "made": State.NOT_APPLICABLE},
    )
    newer = deepcopy(COMPUTED)
    newer["x-edition"] = 2
    newer["fields"][1] = {**newer["fields"][1], "name": "produced", "x-formerly": "made"}
    newer["fields"][3]["x-computed"] = "produced + used"
    with desk.county.operation("换新版清单", undoable=False) as op:
        registers.ensure_registers(op, [schema_from_json(newer)])
    schema = registers.register(desk.conn, "straw")
    rows = {row_id: records.get(desk.conn, schema, row_id) for row_id in (first, second)}
    told = {row_id: (row.values["produced"], row.values["rest"]) for row_id, row in rows.items() if row is not None}
    assert told == {first: (10, 13), second: (State.NOT_APPLICABLE, None)}


def test_a_typed_field_cannot_become_a_computed_one(desk: Desk) -> None:
    with desk.county.operation("载入清单") as op:
        registers.ensure_registers(op, [schema_from_json(COMPUTED)])
    newer = deepcopy(COMPUTED)
    newer["x-edition"] = 2
    newer["fields"][2] = {"name": "used", "title": "利用量", "type": "number", "x-unit": "吨", "x-computed": "made"}
    newer["fields"][3]["x-computed"] = "made"
    with pytest.raises(DataProblem, match="把「利用量」从数改成了程序计算"):
        with desk.county.operation("换新版清单") as op:
            registers.ensure_registers(op, [schema_from_json(newer)])
