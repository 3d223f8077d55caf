"""What SQL takes for a row without a problem has none: it may suspect too many rows, never too few."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.checks.field_sql import _globs, add_functions, problem_sql
from db.core.fields import TableSchema, row_problems, schema_from_json
from db.core.values import Cell, State
from db.store import records
from db.work.registers import ensure_registers
from tests.db.checks.desk import CheckDesk

DEFINITION = {
    "name": "sample",
    "title": "示例",
    "x-kind": "register",
    "x-initials-of": "name",
    "fields": [
        {"name": "name", "title": "名称", "type": "string", "constraints": {"required": True, "maxLength": 5}},
        {"name": "kind", "title": "类别", "type": "string", "constraints": {"enum": ["甲", "乙"]}},
        {"name": "code", "title": "编号", "type": "string", "constraints": {"pattern": "[0-9]{2,3}(-[0-9]+)?"}},
        {
            "name": "amount",
            "title": "数量",
            "type": "number",
            "constraints": {"required": True, "minimum": 1, "maximum": 9},
            "x-decimals": 1,
            "x-relevant": "kind = '甲'",
        },
        {"name": "rest", "title": "余量", "type": "number", "x-constraint": ". <= amount"},
        {"name": "due_on", "title": "期限", "type": "date", "constraints": {"minimum": "2021-01-01"}},
        {"name": "product", "title": "积", "type": "number", "x-constraint": ". <= amount * rest"},
        {"name": "year", "title": "年度", "type": "year", "constraints": {"maximum": 2030}},
    ],
}
NUMBERS = st.one_of(st.none(), st.sampled_from(State), st.decimals(-2, 12, places=2))
TEXTS = st.one_of(st.none(), st.sampled_from(State), st.text("甲乙丙0123456789-", min_size=1, max_size=8))
ROWS = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "kind": st.sampled_from([None, "甲", "乙", "丙"]),
        "code": TEXTS,
        "amount": NUMBERS,
        "rest": NUMBERS,
        "product": NUMBERS,
        "due_on": st.one_of(st.none(), st.sampled_from(State), st.dates(date(2020, 12, 1), date(2021, 2, 1))),
        "year": st.one_of(st.none(), st.integers(2000, 2050).map(Decimal)),
    }
)


@pytest.fixture
def sample(desk: CheckDesk) -> TableSchema:
    schema = schema_from_json(DEFINITION)
    with desk.county.operation("清单") as op:
        ensure_registers(op, [schema])
    return schema


@given(rows=st.lists(ROWS, min_size=1, max_size=8))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_problem_is_missed(desk: CheckDesk, sample: TableSchema, rows: list[dict[str, Cell]]) -> None:
    with desk.county.operation("登记") as op:
        ids = records.insert_many(op, sample, rows)
    add_functions(desk.conn)
    terms = " OR ".join(f"({term})" for term in problem_sql(sample))
    suspected = {row_id for (row_id,) in desk.conn.execute(f"SELECT t.id FROM {sample.table} t WHERE {terms}")}
    for row in records.get_many(desk.conn, sample, ids):
        assert not row_problems(sample, row.values) or row.id in suspected, row.values


def test_rows_in_order_are_not_even_suspected(desk: CheckDesk, sample: TableSchema) -> None:
    good: dict[str, Cell] = {"name": "名称", "kind": "甲", "code": "370-1", "amount": Decimal(5), "rest": Decimal(5)}
    with desk.county.operation("登记") as op:
        records.insert(op, sample, good | {"due_on": date(2021, 1, 1), "year": Decimal(2030)})
    add_functions(desk.conn)
    terms = " OR ".join(f"({term})" for term in problem_sql(sample))
    assert desk.conn.execute(f"SELECT count(*) FROM {sample.table} t WHERE {terms}").fetchone() == (0,)


@pytest.mark.parametrize(
    "pattern", ["[0-9]{2,3}-[0-9]{2,3}(-[0-9]+)?", "[0-9]{12}", "[0-9]{4}|final", "20[0-9]{2}-(0[1-9]|1[0-2])", "a.b"]
)
def test_what_a_glob_matches_the_pattern_matches(desk: CheckDesk, pattern: str) -> None:
    texts = ["08-06", "08-06-1", "370783101201", "2022", "final", "2022-03", "a.b", "axb", "370-783", ""]
    for glob in _globs(pattern):
        for text in texts:
            if desk.conn.execute("SELECT ? GLOB ?", (text, glob)).fetchone()[0]:
                assert re.fullmatch(pattern, text)
