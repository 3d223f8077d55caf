from __future__ import annotations

import sqlite3
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.conditions import holds
from db.core.errors import DataProblem
from db.core.expressions import Node, parse
from db.core.fields import schema_from_json
from db.core.values import Cell, State
from db.store import cells
from db.store.expression_sql import expression_sql, own_column
from tests.db.core.test_expressions import nodes

SCHEMA = schema_from_json(
    {
        "name": "list",
        "title": "表",
        "fields": [
            {"name": "planned", "title": "计划户数", "type": "number"},
            {"name": "done", "title": "完成户数", "type": "number"},
            {"name": "late", "title": "是否延期", "type": "boolean"},
            {"name": "due", "title": "期限", "type": "date"},
            {"name": "stage", "title": "阶段", "constraints": {"enum": ["未启动", "已完成"]}},
            {"name": "note", "title": "备注", "x-long": True},
            {"name": "plan_year", "title": "年度", "type": "year"},
        ],
    }
)
AMOUNTS = st.none() | st.sampled_from(State) | st.integers(0, 10**8).map(lambda n: Decimal(n) / 1000)
ROWS = st.fixed_dictionaries(
    {
        "planned": AMOUNTS,
        "done": AMOUNTS,
        "late": st.sampled_from([None, True, False, State.NO_DATA]),
        "due": st.none() | st.dates(date(2022, 3, 1), date(2022, 3, 31)),
        "stage": st.sampled_from([None, "未启动", "已完成", State.NOT_APPLICABLE]),
        "note": st.sampled_from([None, "有", State.NO_DATA]),
    }
)


def asked(node: Node, row: dict[str, Cell]) -> bool | None:
    """Return SQLite's answer for one row."""
    conn = sqlite3.connect(":memory:")
    try:
        columns = [*SCHEMA.names, "states"]
        conn.execute(f"CREATE TABLE t ({', '.join(columns)})")
        values = [cells.store(SCHEMA.field(name), row.get(name)) for name in SCHEMA.names]
        conn.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(columns))})", [*values, cells.store_states(row)])
        (answer,) = conn.execute(f"SELECT {expression_sql(node, SCHEMA, own_column)} FROM t").fetchone()
    finally:
        conn.close()
    return None if answer is None else bool(answer)


@given(nodes(), ROWS)
def test_the_file_answers_as_the_program_does(node: Node, row: dict[str, Cell]) -> None:
    assert asked(node, row) is holds(node, row)


@pytest.mark.parametrize(
    ("text", "row", "answer"),
    [
        ("plan_year = 2022", {"plan_year": Decimal(2022)}, True),
        ("plan_year - 1 = 2020", {"plan_year": Decimal(2022)}, False),
        ('note = "a\'b"', {"note": "a'b"}, True),
        ("late = '是'", {"late": True}, True),
        ("selected(late, '否')", {"late": True}, False),
        ("'2022.3.5' = due", {"due": date(2022, 3, 5)}, True),
    ],
)
def test_years_quotes_and_words(text: str, row: dict[str, Cell], answer: bool) -> None:
    assert asked(parse(text), row) is answer is holds(parse(text), row)


def test_products_are_refused() -> None:
    with pytest.raises(DataProblem, match="只能用加和减"):
        expression_sql(parse("planned * done > 1"), SCHEMA, own_column)
