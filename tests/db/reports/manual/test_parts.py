"""The parts of the manual that come from the program's definitions."""

from __future__ import annotations

import pytest

from db.checks.rulebook import rulebook
from db.core.fields import load_schema
from db.core.units import units
from db.reports.manual.markup import parse
from db.reports.manual.parts import PARTS, fields_part, lamps_part, rules_part
from db.work.monthly.lamps import rules
from db.work.registers import shipped


def rows(markdown: str) -> list[list[str]]:
    """Return the rows of all tables, headings left out."""
    found = []
    for block in parse(markdown):
        for row in block.rows[1:]:
            found.append(["".join(span.text for span in line) for line in row])
    return found


@pytest.mark.parametrize("name", [schema.name for schema in shipped()])
def test_every_field_of_a_register_has_a_row(name: str) -> None:
    schema = load_schema(name)
    assert [row[0] for row in rows(fields_part(name))] == [field.title for field in schema.fields]


def test_what_is_asked_of_a_field() -> None:
    found = {row[0]: row for row in rows(fields_part("coal_boiler"))}
    assert found["蒸发量"][:5] == ["蒸发量", "数", "蒸吨", "必填", "「蒸发量」不大于35"]
    assert found["延期至"][4].startswith("「是否延期」是“是”时填写；不晚于2022-11-14")
    assert found["锅炉用途"][4].startswith("供暖、工业生产")
    assert found["所属镇街"][1] == "选镇街"


def test_an_unknown_table_is_our_mistake() -> None:
    with pytest.raises(FileNotFoundError):
        fields_part("no_such_table")


def test_every_rule_is_listed_once() -> None:
    listed = [row[0] for row in rows(rules_part("")) if row[0] in rulebook()]
    assert sorted(listed) == sorted(rulebook())


def test_lamps_say_the_settings() -> None:
    said = lamps_part("")
    assert f"不超过{rules().yellow_points}个百分点" in said
    assert f"离期限不到{rules().soon_days}天" in said
    assert all(word in said for word in (*rules().words.values(), *rules().stages))


def test_every_unit_converts_into_its_base() -> None:
    found = {row[1]: row for row in rows(PARTS["units"](""))}
    assert set(found) == {unit.name for unit in units()}
    assert found["公顷"][2] == "1公顷 = 15亩"
    assert found["亩"][2] == ""


def test_clauses_registers_and_scores_are_said() -> None:
    assert ["08-02", "35蒸吨及以下燃煤锅炉", "燃煤锅炉淘汰"][::2] in [row[::2] for row in rows(PARTS["clauses"](""))]
    assert all(schema.title in PARTS["registers"]("") for schema in shipped())
    assert "90分及以上" in PARTS["scoring"]("") and "按完成率" in PARTS["scoring"]("")
