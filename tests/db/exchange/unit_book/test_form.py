"""The form that the writer and the reader of a unit's workbook share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.core.fields import TableSchema, load_schema
from db.exchange.unit_book.form import Identity, identity_from, property_keys, register_table
from db.work.registers import shipped

IDENTITY = Identity(
    book_id="4a8f",
    county="370783",
    county_name="寿光市",
    file_id="f1",
    unit_kind="town",
    unit_id="t1",
    unit_name="圣城街道",
    kinds=("tasks", "registers"),
    period="2022",
    plan_digest="ab12",
    tables=("assignment#1", "coal_boiler#2"),
    base_seq=123,
    written_at="2022-03-01T09:00:00",
    program="0.1",
)


def test_an_identity_survives_its_texts() -> None:
    assert identity_from(IDENTITY.texts()) == IDENTITY
    empty = replace(IDENTITY, tables=(), period="", file_id="")
    assert identity_from(empty.texts()) == empty


def test_an_identity_survives_properties_of_255_characters() -> None:
    long = replace(IDENTITY, tables=tuple(f"{schema.name}#{schema.edition}" for schema in shipped()))
    kept = long.properties()
    assert len(",".join(long.tables)) > 255 and max(map(len, kept.values())) <= 255
    assert tuple(kept) == property_keys()
    assert identity_from(kept) == identity_from(long.texts()) == long


@pytest.mark.parametrize("damage", [{"base_seq": "x"}, {"base_seq": "９"}, {"base_seq": ""}])
def test_an_identity_that_is_damaged_is_none(damage: dict[str, str]) -> None:
    assert identity_from(IDENTITY.texts() | damage) is None
    assert identity_from({key: text for key, text in IDENTITY.texts().items() if key != "unit_id"}) is None


@pytest.mark.parametrize("schema", shipped(), ids=lambda schema: schema.name)
def test_every_register_has_a_form_for_towns(schema: TableSchema) -> None:
    table = register_table(schema, "town")
    assert table is not None
    assert [column.code for column in table.columns] == list(schema.names)
    assert table.by_code["town_id"].locked
    assert not table.by_code["name"].locked
    assert all(column.locked for column in table.columns if column.field.computed is not None)


def test_an_enterprise_knows_its_town_and_itself() -> None:
    table = register_table(load_schema("coal_boiler"), "enterprise")
    assert table is not None
    assert table.fixed == ("enterprise_id", "town_id")
    assert register_table(load_schema("assignment"), "enterprise") is None


def test_what_must_be_filled_in_is_marked() -> None:
    table = register_table(load_schema("coal_boiler"), "town")
    assert table is not None
    headings = {column.code: column.heading for column in table.columns}
    assert headings["tonnage"] == "蒸发量（蒸吨）*"
    assert headings["town_id"] == "所属镇街"
    assert headings["extended_until"] == "延期至"
