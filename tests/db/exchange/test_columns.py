"""Columns at a time say exactly what the field itself says cell by cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.dates import FIRST_YEAR
from db.core.fields import Field, load_schema
from db.core.values import LARGEST, Cell, State, from_micro
from db.exchange.columns import ColumnCheck, micro_text, speller
from db.store.cells import load, plain_columns, store
from tests.db.store.rows import cells

SCHEMAS = [
    load_schema(name) for name in ("key_project", "enterprise", "assignment", "submission", "attachment", "town")
]
FIELDS = [(schema, field) for schema in SCHEMAS for field in schema.fields]
ANY_FIELD = st.sampled_from(FIELDS)

NUMBER = Field("amount", "数量", "number", decimals=2, minimum=Decimal(0), maximum=Decimal(100))
TEXTS = (
    st.sampled_from(
        ["", "不涉及", "暂无数据", "0", "-0", "-1", "1.50", "1.5", "100", "100.01", "1e2", "１", " 1", "1\n2", "0.001"]
    )
    | st.text(max_size=4)
    | st.decimals(-200, 200, places=2).map(str)
)


@given(ANY_FIELD.flatmap(lambda pair: st.tuples(st.just(pair), st.lists(cells(pair[1]), min_size=1, max_size=6))))
def test_a_column_is_spelt_as_its_field_spells_each_cell(drawn: tuple[tuple[object, Field], list[Cell]]) -> None:
    (schema, field), values = drawn
    whole = field.name in plain_columns(schema)  # type: ignore[arg-type]
    stored = [store(field, cell, plain=whole) for cell in values]
    wanted = [field.csv(load(field, raw, plain=whole)) for raw in stored]
    assert speller(field, whole=whole)(stored) == wanted


@given(ANY_FIELD.flatmap(lambda pair: st.tuples(st.just(pair[1]), st.lists(cells(pair[1]), min_size=1, max_size=6))))
def test_what_the_field_allows_the_column_allows_and_the_reverse(drawn: tuple[Field, list[Cell]]) -> None:
    field, values = drawn
    if field.check:
        return  # a telephone number may be written in any way in a package; credit codes have a test of their own
    wrong = {index for index, _ in ColumnCheck(field).faults([field.csv(cell) for cell in values])}
    assert wrong == {index for index, cell in enumerate(values) if _forbidden(field, cell)}


def _forbidden(field: Field, cell: Cell) -> bool:
    if field.required and not field.answer_may_be_state and (cell is None or isinstance(cell, State)):
        return True
    if isinstance(cell, Decimal) and field.type in ("number", "integer") and abs(cell) > LARGEST:
        return True
    if isinstance(cell, date) and cell.year < FIRST_YEAR:
        return True  # as where it is typed
    return field.problem_with(cell) is not None


@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_texts_of_numbers_are_judged_and_added_up_one_by_one(texts: list[str]) -> None:
    check = ColumnCheck(NUMBER)
    wrong = {index for index, _ in check.faults(texts)}
    alone = [ColumnCheck(NUMBER) for _ in texts]
    assert wrong == {index for index, text in enumerate(texts) if alone[index].faults([text])}
    good = [Decimal(t) for i, t in enumerate(texts) if i not in wrong and t not in ("", "不涉及", "暂无数据")]
    assert check.total == sum(good)
    assert all(NUMBER.csv(amount) in texts and 0 <= amount <= 100 for amount in good)


def test_totals_of_the_largest_amounts_are_exact() -> None:
    check = ColumnCheck(Field("amount", "数量", "number", decimals=6))
    for _ in range(3):
        assert check.faults([f"{LARGEST - 1}.999999"] * 2_000) == []
    assert check.total == (LARGEST - Decimal("0.000001")) * 6_000


def test_years_and_texts_have_no_total() -> None:
    assert ColumnCheck(Field("y", "年", "year")).total is None
    assert ColumnCheck(Field("t", "文字", "string")).total is None


@given(st.integers(-(9 * 10**18), 9 * 10**18))
def test_amounts_in_micro_units_are_spelt_as_decimals_are(micro: int) -> None:
    assert micro_text(micro) == f"{from_micro(micro):f}"


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        (NUMBER, "1,2", "规范写法"),
        (NUMBER, "0.001", "小数位数"),
        (NUMBER, "100.5", "100"),
        (Field("n", "数", "number"), "9999999999999", "太大"),
        (Field("d", "日期", "date"), "2022-02-30", "日期"),
        (Field("d", "日期", "date"), "20220230", "日期"),
        (Field("y", "年度", "year"), "99", "年份"),
        (Field("y", "年度", "year"), "1848", "1949年至2100年"),
        (Field("d", "日期", "date"), "0001-01-01", "1949年至2100年"),
        (Field("b", "是否", "boolean"), "true", "“是”或“否”"),
        (Field("t", "名称", "string"), "a\x07b", "U+0007"),
        (Field("t", "名称", "string"), "a\nb", "U+000A"),
        (Field("t", "名称", "string", max_length=3), "四个字呀", "最多3个字"),
        (Field("e", "阶段", "string", enum=("未启动", "在建")), "完工", "完工"),
        (Field("c", "信用代码", "string", check="credit_code"), "91370783MA3C000001", "91370783MA3C000001"),
        (Field("r", "名称", "string", required=True), "", "没有填写"),
        (Field("r", "名称", "string", required=True, ref="town"), "", "没有填写"),
    ],
)
def test_faults_are_told_in_a_sentence_with_the_title(field: Field, text: str, words: str) -> None:
    ((index, sentence),) = ColumnCheck(field).faults([text])
    assert index == 0 and words in sentence and field.title in sentence and sentence.endswith("。")


def test_line_breaks_stay_in_long_texts() -> None:
    assert ColumnCheck(Field("t", "内容", "text")).faults(["一\n二", "一\r\n二"])[0][0] == 1


def test_dates_are_spelt_as_iso() -> None:
    assert speller(Field("d", "日期", "date"), whole=False)(["2021-03-15", None]) == [date(2021, 3, 15).isoformat(), ""]
