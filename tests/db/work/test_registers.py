from __future__ import annotations

import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema, schema_from_json
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
        renewed = registers.ensure_registers(op, [schema_from_json(edition(2))])
    assert [schema.edition for schema in renewed] == [2]
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
    raw = edition(2)
    next(entry for entry in raw["fields"] if entry["name"] == "village").update(type="number", constraints={})
    with pytest.raises(DataProblem, match="第2版把「村（社区）」从文字改成了数"):
        with desk.county.operation("换新版清单") as op:
            registers.ensure_registers(op, [schema_from_json(raw)])
    assert registers.register(desk.conn, "rural_heating").edition == 1


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
    assert registers.counts(desk.conn) == {
        "key_project": 0,
        "outdated_capacity": 0,
        "coal_boiler": 1,
        "rural_heating": 0,
    }


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
