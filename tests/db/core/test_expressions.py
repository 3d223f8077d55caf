from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.conditions import amount, check, holds, in_words
from db.core.errors import DataProblem
from db.core.expressions import (
    DEEPEST,
    LONGEST,
    Binary,
    Empty,
    Literal,
    Name,
    Node,
    Not,
    Selected,
    names,
    parse,
    spell,
)
from db.core.field import Field
from db.core.values import Cell, State

FIELDS = {
    field.name: field
    for field in (
        Field("planned", "计划户数", "integer"),
        Field("done", "完成户数", "integer"),
        Field("late", "是否延期", "boolean"),
        Field("due", "期限", "date"),
        Field("stage", "阶段", enum=("未启动", "已完成")),
        Field("note", "备注", "text"),
    )
}
ROW: dict[str, Cell] = {
    "planned": Decimal(10),
    "done": Decimal("2.5"),
    "late": True,
    "due": date(2022, 3, 15),
    "stage": "已完成",
    "note": State.NO_DATA,
}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("planned > done", True),
        ("${planned} >= 10 and ${ done } < 2.5", False),
        ("planned - done * 2 = 5", True),
        ("(planned - done) / 3 = 2.5", True),
        ("planned / (done - 2.5) > 1", None),
        ("late", True),
        ("not late or late = '是'", True),
        ("late = '否'", False),
        ("late != false", True),
        ("due < '2022-03-16'", True),
        ("'2022年3月15日' = due", True),
        ("stage = '已完成'", True),
        ("selected(${stage}, '未启动', \"已完成\")", True),
        ("not(selected(stage, '未启动'))", True),
        ("selected(late, '是')", True),
        ("note = 'x'", None),
        ("note = 'x' or late", True),
        ("note = 'x' and not late", False),
        ("note = 'x' and late", None),
        ("note = ''", False),
        ("empty(note)", False),
        ("note != ''", True),
        ("selected(note, 'x')", False),
    ],
)
def test_a_condition_is_answered(text: str, answer: bool | None) -> None:
    node = parse(text)
    check(node, FIELDS, "boolean")
    assert holds(node, ROW) is answer


def test_nothing_is_known_of_an_empty_row() -> None:
    assert holds(parse("planned > 1"), {}) is None
    assert holds(parse("empty(planned)"), {}) is True
    assert holds(parse("not selected(stage, '已完成')"), {}) is True
    assert amount(parse("planned - done"), {"planned": Decimal(1)}) is None
    assert amount(parse("planned - done"), ROW) == Decimal("7.5")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "第1个字：条件没有写完"),
        ("planned >", "第10个字：条件没有写完"),
        ("planned > > 1", "第11个字"),
        ("planned == 1", "第10个字"),
        ("planned = 1 extra", "第13个字：这里多出了内容"),
        ("计划 > 1", "第1个字：这里不认得"),
        ("planned > １", "第11个字：这里不认得"),
        ("(planned > 1", "应是“\\)”"),
        ("eval('x')", "没有“eval”这个函数"),
        ("selected(stage)", "选项"),
        ("selected(stage, 1)", "引号"),
        ("selected('a', 'b')", "字段名"),
        ("empty(stage, 'a')", "应是“\\)”"),
        (". > 1", "不能用"),
        ("stage = 'a", "这里不认得"),
        ("stage = 'a\x00'", "这里不认得"),
        ("(" * (DEEPEST + 1), "套得太多"),
        ("not " * (DEEPEST + 1) + "late", "太多"),
        ("1" * (LONGEST + 1), "最多1000个字"),
    ],
)
def test_a_fault_is_named_with_its_place(text: str, words: str) -> None:
    with pytest.raises(DataProblem, match=words):
        parse(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nothing = 1", "没有字段 nothing"),
        ("selected(nothing, 'a')", "没有字段 nothing"),
        ("empty(nothing)", "没有字段 nothing"),
        ("planned = 'x'", "不是文字"),
        ("planned = due", "不是同一类"),
        ("stage = '完成'", "没有选项“完成”"),
        ("selected(stage, '完成')", "没有选项“完成”"),
        ("late = '对'", "只有“是”和“否”"),
        ("note < 'x'", "不能用“<”"),
        ("late > false", "不能用“>”"),
        ("due = '昨天'", "日期"),
        ("planned", "应是一个条件"),
        ("planned and late", "应是一个条件"),
        ("(planned > 1) + 1 = 2", "应是一个数"),
    ],
)
def test_nonsense_is_refused(text: str, words: str) -> None:
    with pytest.raises(DataProblem, match=words):
        check(parse(text), FIELDS, "boolean")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("late = true", "「是否延期」是“是”"),
        ("done <= planned", "「完成户数」不大于「计划户数」"),
        ("planned - done = 0", "「计划户数」－「完成户数」等于0"),
        ("due < '2022-01-01' and late", "「期限」早于“2022-01-01”，并且「是否延期」"),
        ("selected(stage, '未启动', '已完成')", "「阶段」是“未启动”或“已完成”"),
        ("not selected(stage, '未启动')", "「阶段」不是“未启动”"),
        ("stage != ''", "「阶段」已填写"),
        ("empty(note)", "「备注」没有填写"),
        ("not (done > 1)", "不符合：「完成户数」大于1"),
        ("late and (planned > 1 or done > 1)", "「是否延期」，并且（「计划户数」大于1，或者「完成户数」大于1）"),
    ],
)
def test_a_condition_is_told_in_words(text: str, words: str) -> None:
    assert in_words(parse(text), FIELDS) == words


def nodes() -> st.SearchStrategy[Node]:
    """Return conditions of any shape over numbers, a choice and a yes or no."""
    numbers: st.SearchStrategy[Node] = st.recursive(
        st.sampled_from([Name("planned"), Name("done")])
        | st.integers(0, 10**6).map(lambda n: Literal(Decimal(n) / 100)),
        lambda inner: st.builds(Binary, st.sampled_from("+-"), inner, inner),
        max_leaves=4,
    )
    leaves: st.SearchStrategy[Node] = st.one_of(
        st.builds(Binary, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), numbers, numbers),
        st.builds(lambda c: Selected("stage", (c,)), st.sampled_from(["未启动", "已完成"])),
        st.builds(Empty, st.sampled_from(sorted(FIELDS))),
        st.builds(lambda s, t: Binary(s, Name("stage"), Literal(t)), st.sampled_from(["=", "!="]), st.just("未启动")),
        st.builds(lambda s: Binary(s, Name("due"), Literal("2022-03-15")), st.sampled_from(["=", "<", ">="])),
        st.just(Name("late")),
    )
    return st.recursive(
        leaves, lambda inner: st.builds(Not, inner) | st.builds(Binary, st.sampled_from(["and", "or"]), inner, inner)
    )


@given(nodes())
def test_a_condition_survives_being_spelt(node: Node) -> None:
    text = spell(node)
    if len(text) <= LONGEST and text.count("(") < DEEPEST:
        assert parse(text) == node
        check(node, FIELDS, "boolean")
        assert set(names(node)) <= set(FIELDS)
        assert in_words(node, FIELDS)


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_a_sentence(text: str) -> None:
    with contextlib.suppress(DataProblem):
        parse(text)
