from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.fields import TableSchema, load_schema
from db.core.values import Cell, State
from db.store import records
from db.store.county import County
from tests.db.county_folders import county_in, fresh_county
from tests.db.store.rows import cells, rows, whole

ENTERPRISE = load_schema("enterprise")
PROJECT = load_schema("key_project")
HEATING = load_schema("rural_heating")
QUOTA = load_schema("quota")


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with county_in(tmp_path / "寿光") as county:
        yield county


def add(county: County, schema: TableSchema, values: dict[str, Cell]) -> str:
    with county.operation("添加") as op:
        return records.insert(op, schema, values)


def change(county: County, schema: TableSchema, row_id: str, values: dict[str, Cell]) -> None:
    with county.operation("修改") as op:
        records.update(op, schema, row_id, values)


def read(county: County, schema: TableSchema, row_id: str) -> records.Row:
    with county.reading() as conn:
        row = records.get(conn, schema, row_id)
    assert row is not None
    return row


def town(county: County, name: str = "侯镇") -> str:
    with county.reading() as conn:
        return str(conn.execute("SELECT id FROM town WHERE name = ?", (name,)).fetchone()[0])


@settings(max_examples=40)
@given(st.data())
@pytest.mark.parametrize("schema", [PROJECT, HEATING], ids=lambda schema: schema.name)
def test_every_cell_comes_back_as_it_was_stored(schema: TableSchema, data: st.DataObject) -> None:
    row = data.draw(rows(schema))
    later = data.draw(rows(schema))
    with fresh_county() as county:
        row_id = add(county, schema, row)
        assert read(county, schema, row_id).values == whole(schema, row)
        if later:
            change(county, schema, row_id, later)
        changed = read(county, schema, row_id).values
        expected = {**whole(schema, row), **later}
        assert changed == expected
        assert {name: type(cell) for name, cell in changed.items()} == {n: type(c) for n, c in expected.items()}


@settings(max_examples=25)
@given(st.lists(rows(PROJECT), min_size=1, max_size=5), st.data())
def test_undo_and_redo_give_the_same_rows(first: list[dict[str, Cell]], data: st.DataObject) -> None:
    with fresh_county() as county:
        with county.operation("添加") as op:
            ids = records.insert_many(op, PROJECT, first)
        before = [read(county, PROJECT, row_id) for row_id in ids]
        changes = [(row_id, {"note": data.draw(cells(PROJECT.field("note")))}) for row_id in ids]
        with county.operation("修改") as op:
            records.update_many(op, PROJECT, changes)
            records.delete(op, PROJECT, ids[:1])
        after = [read(county, PROJECT, row_id) for row_id in ids]
        county.undo()
        assert [read(county, PROJECT, row_id) for row_id in ids] == before
        county.redo()
        assert [read(county, PROJECT, row_id) for row_id in ids] == after


def test_a_new_row_gets_defaults_but_keeps_what_was_left_empty_on_purpose(county: County) -> None:
    assert read(county, PROJECT, add(county, PROJECT, {"name": "甲"})).values["stage"] == "未启动"
    assert read(county, PROJECT, add(county, PROJECT, {"name": "乙", "stage": None})).values["stage"] is None


def test_a_state_is_not_a_value_and_a_value_ends_it(county: County) -> None:
    row_id = add(county, HEATING, {"completed_households": State.NO_DATA, "planned_households": State.NOT_APPLICABLE})
    with county.reading() as conn:
        raw = conn.execute("SELECT completed_households, planned_households FROM register_rural_heating").fetchone()
        assert raw == (None, None)
    change(county, HEATING, row_id, {"completed_households": Decimal(0)})
    row = read(county, HEATING, row_id)
    assert (row.values["completed_households"], row.values["planned_households"]) == (0, State.NOT_APPLICABLE)
    change(county, HEATING, row_id, {"completed_households": None})
    assert read(county, HEATING, row_id).values["completed_households"] is None


def test_only_the_given_fields_are_written(county: County) -> None:
    row_id = add(county, ENTERPRISE, {"name": "寿光市甲厂", "industry": "化工", "note": "旧"})
    change(county, ENTERPRISE, row_id, {"note": None})
    with county.reading() as conn:
        last = conn.execute("SELECT before, after FROM change ORDER BY seq DESC LIMIT 1").fetchone()
    assert last == ('{"note":"旧"}', '{"note":null}')


def test_writing_the_same_again_leaves_no_trace(county: County) -> None:
    row_id = add(county, ENTERPRISE, {"name": "甲", "town_id": State.NO_DATA})
    change(county, ENTERPRISE, row_id, {"name": "甲", "town_id": State.NO_DATA})
    assert county.undo_label() == "添加"


def test_initials_follow_the_name(county: County) -> None:
    def initials() -> str | None:
        with county.reading() as conn:
            found: str | None = conn.execute("SELECT initials FROM enterprise").fetchone()[0]
            return found

    row_id = add(county, ENTERPRISE, {"name": "寿光市仇家A2厂"})
    assert initials() == "sgsqja2c"
    change(county, ENTERPRISE, row_id, {"name": "重庆路化工"})
    assert initials() == "cqlhg"
    change(county, ENTERPRISE, row_id, {"name": None})
    assert initials() is None


def test_references_are_labelled_even_when_what_they_name_was_deleted(county: County) -> None:
    place = town(county)
    row_id = add(county, ENTERPRISE, {"name": "甲", "town_id": place})
    assert read(county, ENTERPRISE, row_id).labels == {"town_id": "侯镇"}
    with county.operation("删除") as op:
        assert records.delete(op, load_schema("town"), [place]) == 1
    assert read(county, ENTERPRISE, row_id).labels == {"town_id": "侯镇（已删除）"}


def test_a_reference_to_nothing_stores_nothing(county: County) -> None:
    with pytest.raises(DataProblem, match="引用了不存在的内容"):
        add(county, PROJECT, {"name": "甲", "town_id": "nowhere"})
    with county.reading() as conn:
        assert conn.execute("SELECT count(*) FROM register_key_project").fetchone() == (0,)


def test_deleted_rows_go_to_the_bin_and_come_back(county: County) -> None:
    row_id = add(county, ENTERPRISE, {"name": "甲"})
    with county.operation("删除") as op:
        assert records.delete(op, ENTERPRISE, [row_id, row_id, "nothing"]) == 1
    assert read(county, ENTERPRISE, row_id).deleted_at is not None
    with pytest.raises(DataProblem, match="已被删除"):
        change(county, ENTERPRISE, row_id, {"name": "乙"})
    with county.operation("恢复") as op:
        assert records.restore(op, ENTERPRISE, [row_id]) == 1
        assert records.restore(op, ENTERPRISE, [row_id]) == 0
    assert read(county, ENTERPRISE, row_id) == records.Row(
        read(county, ENTERPRISE, row_id).seq, row_id, whole(ENTERPRISE, {"name": "甲"}), {}, None
    )


def test_one_vanished_row_keeps_all_of_a_change_from_being_stored(county: County) -> None:
    row_id = add(county, ENTERPRISE, {"name": "甲"})
    with pytest.raises(DataProblem, match="有1行已被删除"):
        with county.operation("修改") as op:
            records.update_many(op, ENTERPRISE, [(row_id, {"name": "乙"}), ("gone", {"name": "丙"})])
    assert read(county, ENTERPRISE, row_id).values["name"] == "甲"


def quota(amount: int, **more: Cell) -> dict[str, Cell]:
    return {"target_id": "08-06-1", "year": Decimal(2022), "amount": Decimal(amount), "unit": "户", **more}


def test_a_key_in_the_bin_is_taken_up_again_with_nothing_of_the_old_row(county: County) -> None:
    row_id = add(county, QUOTA, quota(1, note="旧", issued_on=State.NO_DATA))
    with county.operation("删除") as op:
        records.delete(op, QUOTA, [row_id])
    assert add(county, QUOTA, quota(2, issued_on=date(2022, 3, 1))) == row_id
    row = read(county, QUOTA, row_id)
    assert row.values == whole(QUOTA, quota(2, issued_on=date(2022, 3, 1)))
    assert row.deleted_at is None


def test_a_key_in_use_is_refused(county: County) -> None:
    add(county, QUOTA, quota(1))
    with pytest.raises(DataProblem, match="已有同样的一行"):
        add(county, QUOTA, quota(2))
    with pytest.raises(DataProblem, match="已有同样的一行"):
        with county.operation("批量") as op:
            records.insert_many(op, QUOTA, [quota(3)])
    other = add(county, QUOTA, quota(5, year=Decimal(2023)))
    with pytest.raises(DataProblem, match="已有同样的一行"):
        change(county, QUOTA, other, {"year": Decimal(2022)})


def test_an_id_in_use_is_refused(county: County) -> None:
    with county.operation("同一编号") as op:
        records.insert(op, ENTERPRISE, {"name": "甲"}, row_id="same")
        with pytest.raises(DataProblem, match="已有同样的一行"):
            records.insert(op, ENTERPRISE, {"name": "乙"}, row_id="same")
    assert read(county, ENTERPRISE, "same").values["name"] == "甲"


def test_unknown_fields_are_our_mistake(county: County) -> None:
    with pytest.raises(KeyError, match="nonsense"):
        add(county, ENTERPRISE, {"nonsense": "1"})


def test_counters_are_kept_as_plain_whole_numbers(county: County) -> None:
    attachment = load_schema("attachment")
    values: dict[str, Cell] = {
        "table_name": "enterprise",
        "row_id": "1",
        "sha256": "0" * 64,
        "name": "照片.jpg",
        "size": Decimal(1234),
    }
    row_id = add(county, attachment, values)
    with county.reading() as conn:
        assert conn.execute("SELECT size FROM attachment").fetchone() == (1234,)
    assert read(county, attachment, row_id).values["size"] == 1234


def test_what_another_program_wrote_is_shown_not_hidden(county: County) -> None:
    row_id = add(county, HEATING, {"accepted_on": date(2022, 3, 1)})
    with county.operation("外来") as op:
        op.conn.execute("UPDATE register_rural_heating SET accepted_on = '三月'")
    row = read(county, HEATING, row_id)
    assert row.values["accepted_on"] == "三月"
    assert HEATING.field("accepted_on").problem_with(row.values["accepted_on"]) is not None


def test_rows_are_given_in_the_order_asked_for(county: County) -> None:
    with county.operation("批量") as op:
        ids = records.insert_many(op, ENTERPRISE, ({"name": f"企业{n}"} for n in range(1200)))
    wanted = [*reversed(ids), "nothing"]
    with county.reading() as conn:
        assert [row.id for row in records.get_many(conn, ENTERPRISE, wanted)] == wanted[:-1]
