from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.credit_code import ALPHABET, check_digit
from db.core.errors import DataProblem
from db.core.field import Field
from db.core.values import LARGEST, Cell, State
from tests.db.core.outcomes import is_sentence, outcome

FIELDS = {
    "string": Field("place", "地点"),
    "text": Field("scale", "建设内容及规模", "text", max_length=4000),
    "enum": Field("stage", "阶段", enum=("未启动", "在建", "LNG（气）")),
    "credit_code": Field("credit_code", "代码", check="credit_code"),
    "phone": Field("phone", "电话", check="phone"),
    "number": Field("investment", "总投资", "number", unit="万吨", decimals=4),
    "plain": Field("amount", "数量", "number"),
    "percent": Field("share", "比例", "number", unit="%", decimals=2),
    "integer": Field("households", "户数", "integer", unit="户", decimals=0),
    "date": Field("start", "开工日期", "date"),
    "boolean": Field("listed", "列入清单", "boolean"),
    "year": Field("year", "年度", "year", decimals=0),
}


def credit_codes() -> st.SearchStrategy[str]:
    digits = st.text("0123456789", min_size=6, max_size=6)
    letters = st.text(ALPHABET, min_size=11, max_size=11)
    bodies = st.tuples(letters, digits).map(lambda parts: parts[0][:2] + parts[1] + parts[0][2:])
    return bodies.map(lambda body: body + check_digit(body))


def amounts(places: int) -> st.SearchStrategy[Decimal]:
    most = int(LARGEST) * 10**places
    return st.integers(-most, most).map(lambda digits: Decimal(digits).scaleb(-places))


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(max_size=60),
    "text": st.text(max_size=60) | st.text("甲 乙\n\r=，", max_size=30),
    "enum": st.sampled_from(FIELDS["enum"].enum),
    "credit_code": credit_codes(),
    "phone": st.sampled_from(["13800000000", "0536-5221234", "5221234、13900000000", "400-123-4567"]),
    "number": amounts(4),
    "plain": amounts(6),
    "percent": amounts(2),
    "integer": amounts(0),
    "date": st.dates(date(1949, 1, 1), date(2100, 12, 31)),
    "boolean": st.booleans(),
    "year": st.integers(1949, 2100).map(Decimal),
}
RAW = (
    st.none()
    | st.text()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.dates()
    | st.datetimes()
    | st.booleans()
    | st.binary()
    | st.text("0123456789.,-/年月日万亿吨户% 是否不涉及暂无数据eE+", max_size=14)
)


def cells(name: str) -> st.SearchStrategy[Any]:
    """Return lawful cells of a field: its values as the field itself keeps them, and the states."""
    kept = VALUES[name].map(lambda value: outcome(lambda: FIELDS[name].parse(value)))
    return kept.filter(lambda cell: not isinstance(cell, DataProblem)) | st.sampled_from([None, *State])


@pytest.mark.parametrize("name", FIELDS)
@given(data=st.data())
def test_parse_undoes_show_edit_and_csv(name: str, data: st.DataObject) -> None:
    field = FIELDS[name]
    cell: Cell = data.draw(cells(name))
    for text in (field.show(cell), field.edit(cell), field.csv(cell)):
        back = field.parse(text)
        assert back == cell
        assert type(back) is type(cell)
    assert field.parse(cell) == cell
    assert field.problem_with(cell) is None


@pytest.mark.parametrize("name", FIELDS)
@given(raw=RAW)
def test_anything_is_a_lawful_cell_or_a_sentence_with_the_title(name: str, raw: object) -> None:
    field = FIELDS[name]
    cell = outcome(lambda: field.parse(raw))
    if isinstance(cell, DataProblem):
        assert cell.message.startswith(f"「{field.title}」")
        assert is_sentence(cell)
        assert cell.code
    else:
        assert field.problem_with(cell) is None
        assert field.parse(field.csv(cell)) == cell


@pytest.mark.parametrize("name", FIELDS)
def test_states_and_emptiness_are_read_in_every_field(name: str) -> None:
    field = FIELDS[name]
    for raw in (None, "", "  ", "\u3000", "\u200b", "\n", "未报"):
        assert field.parse(raw) is None
    for raw in ("不涉及", " 不涉及\u3000", State.NOT_APPLICABLE):
        assert field.parse(raw) is State.NOT_APPLICABLE
    assert field.parse("暂无数据") is State.NO_DATA
    assert field.show(None) == ""
    assert field.show(State.NO_DATA) == "暂无数据"


@pytest.mark.parametrize(
    ("name", "cell", "shown", "plain"),
    [
        ("number", Decimal("1234567.50"), "1,234,567.5", "1234567.5"),
        ("integer", Decimal("-1200"), "-1,200", "-1200"),
        ("integer", Decimal("1E+3"), "1,000", "1000"),
        ("year", Decimal(2022), "2022", "2022"),
        ("date", date(2022, 3, 5), "2022-03-05", "2022-03-05"),
        ("boolean", True, "是", "是"),
        ("boolean", False, "否", "否"),
        ("text", "甲\n乙", "甲\n乙", "甲\n乙"),
    ],
)
def test_spellings(name: str, cell: Cell, shown: str, plain: str) -> None:
    assert FIELDS[name].show(cell) == shown
    assert FIELDS[name].edit(cell) == FIELDS[name].csv(cell) == plain


@pytest.mark.parametrize(
    ("name", "raw", "cell"),
    [
        ("number", "5万吨", Decimal(5)),
        ("number", "500吨", Decimal("0.05")),
        ("number", 0.1 + 0.2, Decimal("0.3")),
        ("integer", 3.0, Decimal(3)),
        ("integer", "12万", Decimal(120000)),
        ("date", datetime(2022, 3, 15), date(2022, 3, 15)),
        ("date", 44635.0, date(2022, 3, 15)),
        ("date", "２０２２年３月１５日", date(2022, 3, 15)),
        ("boolean", "√", True),
        ("boolean", "×", False),
        ("boolean", "TRUE", True),
        ("boolean", 0, False),
        ("boolean", 1.0, True),
        ("year", "2022年", Decimal(2022)),
        ("year", 2022.0, Decimal(2022)),
        ("enum", " ＬＮＧ(气) ", "LNG（气）"),
        ("string", 5.0, "5"),
        ("string", 0.25, "0.25"),
        ("string", "=SUM(A1)", "=SUM(A1)"),
        ("string", "007", "007"),
        ("string", "不适用", "不适用"),
        ("credit_code", " 9111 0000 7109 3123 xx ", "9111000071093123XX"),
        ("phone", 13800000000.0, "13800000000"),
        ("phone", "（0536）5221234；+8613800000000", "05365221234、13800000000"),
    ],
)
def test_read(name: str, raw: object, cell: Cell) -> None:
    assert FIELDS[name].parse(raw) == cell


@pytest.mark.parametrize(
    ("name", "raw", "sentence"),
    [
        ("number", "5千瓦", "「总投资」“5千瓦”的单位是千瓦，这一列的单位是万吨。请换算后填写。"),
        ("integer", "1.5", "「户数」“1.5”不是整数，单位是户，只能填整数。请核对。"),
        ("plain", "1,23", "「数量」“1,23”里逗号的位置不对，千分位逗号应每三位一个。请去掉逗号；小数点请用“.”。"),
        ("number", True, "「总投资」“True”在表格里是“是”或“否”，不是数。请把单元格设为“常规”格式后重新填写。"),
        (
            "number",
            date(2022, 3, 15),
            "「总投资」“2022-03-15”在表格里是日期，不是数。请把单元格设为“常规”格式后重新填写。",
        ),
        ("date", "12-15", "「开工日期」“12-15”没有年份。请写全年月日，例如2022-03-15。"),
        ("date", True, "「开工日期」“是”不是日期。请写全年月日，例如2022-03-15。"),
        ("enum", "停工", "「阶段」“停工”不在可选项中。请选填：未启动、在建、LNG（气）。"),
        ("boolean", "也许", "「列入清单」“也许”不是“是”或“否”。请填“是”或“否”。"),
        ("year", "22", "「年度」“22”不是1949至2100之间的年份。请填四位数的年份，例如2022。"),
        ("year", date(2022, 1, 1), "「年度」“2022-01-01”是日期，这里只填年份。请填四位数的年份，例如2022。"),
        (
            "string",
            date(2022, 3, 2),
            "「地点」“2022-03-02”在表格里是日期，原来的文字可能已被改掉。请把单元格设为“文本”格式后重新填写。",
        ),
        (
            "string",
            370783123456789000,
            "「地点」“370783123456789000”在表格里成了数字，超过15位的数字已经丢失。请把单元格设为“文本”格式后重新填写。",
        ),
        ("string", "甲\0乙", "「地点」“甲□乙”第2个字是看不见的控制字符（U+0000）。请删去后重新填写。"),
        ("string", "甲" * 201, "「地点」有201个字，最多200个字。请缩短。"),
        (
            "phone",
            "123456",
            "「电话」“123456”不是电话号码。请填11位手机号，或带区号的座机号（如0536-5221234），多个号码用“、”分开。",
        ),
        (
            "credit_code",
            "9111000071093123X1",
            "「代码」“9111000071093123X1”校验不符：最后一位按前17位应为“X”，现在是“1”，至少有一位写错了。请对照营业执照核对。",
        ),
    ],
)
def test_refused(name: str, raw: object, sentence: str) -> None:
    with pytest.raises(DataProblem) as caught:
        FIELDS[name].parse(raw)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("raw", [3.70783e17, 370783000000000000, "3.70783E+17", 911100.0])
def test_a_credit_code_that_became_a_number_has_lost_digits(raw: object) -> None:
    with pytest.raises(DataProblem, match="已经丢失"):
        FIELDS["credit_code"].parse(raw)


def test_a_phone_number_that_became_a_number_has_lost_its_zero() -> None:
    with pytest.raises(DataProblem, match="不是电话号码"):
        FIELDS["phone"].parse(5365221234.0)
    with pytest.raises(DataProblem, match="已经丢失"):
        FIELDS["phone"].parse("1.38E+10")


def test_limits_length_and_pattern() -> None:
    share = Field("share", "比例", "number", unit="%", decimals=2, minimum=Decimal(0), maximum=Decimal(100))
    assert share.parse("100%") == 100
    with pytest.raises(DataProblem, match="「比例」-1小于最小值0%。"):
        share.parse("-1")
    with pytest.raises(DataProblem, match="「比例」1,000大于最大值100%。"):
        share.parse("1000")
    start = Field("start", "开工", "date", minimum=date(2021, 1, 1))
    with pytest.raises(DataProblem, match="「开工」2020-12-31小于最小值2021-01-01。"):
        start.parse("2020.12.31")
    code = Field("code", "代码", pattern="[0-9]{6}", help="六位数字。")
    assert code.parse("370783") == "370783"
    with pytest.raises(DataProblem, match="「代码」的格式不对。填写要求：六位数字。"):
        code.parse("37078")


def test_values_that_came_by_another_way_are_checked_again() -> None:
    assert FIELDS["integer"].problem_with(Decimal("1.5")) is not None
    assert FIELDS["integer"].problem_with("5") is not None
    assert FIELDS["date"].problem_with(True) is not None
    assert FIELDS["enum"].problem_with("停工") is not None
    assert FIELDS["year"].problem_with(Decimal("2022.5")) is not None
    assert FIELDS["string"].problem_with("甲") is None


def test_heading_names_the_unit() -> None:
    assert FIELDS["number"].heading == "总投资（万吨）"
    assert FIELDS["string"].heading == "地点"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("化学纤维业", "可选的有9项，相近的是：化学纤维制造业、化学原料制造业。"),
        ("zz", "可选的有9项，如造纸制造业、化学原料制造业、医药制造业。"),
    ],
)
def test_of_many_choices_those_most_alike_are_offered(text: str, advice: str) -> None:
    branches = ("造纸", "化学原料", "医药", "化学纤维", "橡胶", "汽车", "家具", "烟草", "食品")
    field = Field("trade", "行业", enum=tuple(f"{name}制造业" for name in branches))
    with pytest.raises(DataProblem) as refused:
        field.parse(text)
    assert refused.value.advice == advice
