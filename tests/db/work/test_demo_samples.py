from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from db.core.fields import TableSchema, check_row, is_relevant
from db.core.values import Cell
from db.work.demo_samples import sample_row
from db.work.registers import shipped

COMMON: Mapping[str, Cell] = {"town_id": "t", "started_on": date(2021, 3, 1), "stage": "实施中"}


@pytest.mark.parametrize("schema", shipped(), ids=lambda schema: schema.name)
def test_a_sample_breaks_no_rule_and_fills_most_of_what_is_asked(schema: TableSchema) -> None:
    rows = [sample_row(schema, COMMON, number) for number in range(1, 25)]
    for row in rows:
        assert [problem.sentence() for problem in check_row(schema, row)] == []
        asked = [f for f in schema.fields if is_relevant(f, row) and f.computed is None and not f.ref and not f.check]
        filled = [field for field in asked if row.get(field.name) is not None]
        assert len(filled) >= len(asked) - 2
    for field in schema.fields:
        if field.relevant is not None and field.computed is None:
            assert any(row.get(field.name) is not None for row in rows), f"{field.name} is never asked for"
