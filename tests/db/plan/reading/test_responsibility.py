"""What a parenthesis or a line says about who is responsible, in the forms Chinese plans use."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.plan.catalogue import load_catalogue
from db.plan.reading.offices import Offices
from db.plan.reading.responsibility import brackets, read_responsibility

OFFICES = Offices(load_catalogue().departments)
SAID = [
    ("（市发改委牵头）", "牵头", "市发改委", ""),
    ("（市发改委负责）", "牵头", "市发改委", ""),
    ("（市发改委、市工信局负责）", "按职责分工", "市发改委 市工信局", ""),
    ("（市发改委和市工信局按职责分工负责）", "按职责分工", "市发改委 市工信局", ""),
    ("（市自然资源和规划局牵头）", "牵头", "市自然资源和规划局", ""),
    ("（市发改委、市工信局）", "按职责分工", "市发改委 市工信局", ""),
    ("（潍坊市发展和改革委员会牵头）", "牵头", "市发改委", ""),
    ("（市机关事物服务中心牵头）", "牵头", "市机关事务服务中心", ""),
    ("（县发改局牵头，县财政局、各镇街配合）", "牵头+配合", "县发改局", "县财政局 各镇街"),
    ("（区住建局牵头；区财政局参与）", "牵头+配合", "区住建局", "区财政局"),
    ("（市发改委牵头、市工信局等配合）", "牵头+配合…", "市发改委", "市工信局"),
    ("（市发改委牵头，市工信局、市财政局按职责分工负责）", "牵头+配合", "市发改委", "市工信局 市财政局"),
    ("（由市生态环境局牵头，会同市公安局、市交通局落实）", "牵头+配合", "市生态环境局", "市公安局 市交通局"),
    ("（市住建局会同市财政局负责）", "牵头+配合", "市住建局", "市财政局"),
    ("（各县市区党委、政府负责落实）", "县市区落实+", "", ""),
    ("（各县（市、区）人民政府，各市属开发区管委会负责）", "按职责分工+", "各市属开发区管委会", ""),
    ("（市发改委牵头，各县（市、区）政府落实）", "牵头+", "市发改委", ""),
    ("（市发改委、各县市区负责）", "牵头+", "市发改委", ""),
    ("（各有关部门按职责分工负责）", "按职责分工", "各有关部门", ""),
    ("（市委市政府督查室、市生态环境局等有关部门按职责负责）", "按职责分工…", "市委市政府督查室 市生态环境局", ""),
    ("(市发改委牵头,市工信局配合)", "牵头+配合", "市发改委", "市工信局"),
    ("〔市发改委牵头〕", "牵头", "市发改委", ""),
    ("[责任单位:市发改委、市工信局]", "按职责分工", "市发改委 市工信局", ""),
    ("【牵头单位：市发改委；配合单位：市工信局】", "牵头+配合", "市发改委", "市工信局"),
    ("（责任单位：市发改委（牵头）、市工信局、市财政局）", "牵头+配合", "市发改委", "市工信局 市财政局"),
    ("（市发改委牵头）（市工信局配合）", "牵头+配合", "市发改委", "市工信局"),
    ("责任单位：市发改委 市工信局", "按职责分工", "市发改委 市工信局", ""),
    ("责任单位：市发改委", "牵头", "市发改委", ""),
    ("牵头单位：市发改委；配合单位：市工信局、各镇（街道）", "牵头+配合", "市发改委", "市工信局 各镇（街道）"),
    ("牵头单位：市发改委\n配合单位：市工信局", "牵头+配合", "市发改委", "市工信局"),
    ("责任单位：市发改委；完成时限：2023年12月底前", "牵头", "市发改委", ""),
    ("主责单位：市发改委，市工信局", "牵头", "市发改委 市工信局", ""),
    ("责任部门：国网寿光市供电公司、人民银行寿光支行", "按职责分工", "国网寿光市供电公司 人民银行寿光支行", ""),
    ("市发改委牵头，市工信局配合。", "牵头+配合", "市发改委", "市工信局"),
    ("（市政府办牵头，市级各有关部门及各县市区政府按职责分工负责）", "牵头+配合+", "市政府办", "市级各有关部门"),
    ("（牵头部门：市发改局，配合部门：市级相关部门，各镇办）", "牵头+配合", "市发改局", "市级相关部门 各镇办"),
    ("（省生态环境厅负责，各市、县（市、区）人民政府负责落实）", "牵头+", "省生态环境厅", ""),
    ("（市纪委监委机关、市委组织部牵头）", "牵头", "市纪委监委机关 市委组织部", ""),
    ("（市住建局牵头，2023年12月底前完成）", "牵头", "市住建局", ""),
    ("（市发改委负责，持续推进）", "牵头", "市发改委", ""),
    ("（一是由市发改委牵头；二是由市能源局牵头）", "牵头", "市发改委 市能源局", ""),
    ("（以上任务由市发改委牵头）", "牵头", "市发改委", ""),
    ("（自由贸易试验区管委会牵头）", "牵头", "自由贸易试验区管委会", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "mode", "leads", "cooperators"), SAID, ids=[text for text, *_ in SAID])
def test_forms(text: str, mode: str, leads: str, cooperators: str) -> None:
    found = read_responsibility(text, OFFICES)
    assert found is not None
    marks = "…" * found.list_open + "+" * found.counties_named
    assert (str(found.mode) + marks, found.leads, found.cooperators) == (
        mode, tuple(leads.split()), tuple(cooperators.split()),
    )  # fmt: skip
    assert found.unread == ()


OTHER = [
    "（工程轮胎、航空轮胎等特种轮胎除外）", "（县城）", "（含化工重点监控点）", "（改、扩）", "（昌邑段、寒亭段）",
    "（规范）",
    "（2021—2023年）", "（35）", "（套）", "（鲁环委〔2021〕3号）", "（以市发改委数据为准）", "（见附件2）",
    "（由企业自行完成改造）", "（征求意见稿）", "（下同）", "（以下简称“两高”）",
    "（不含市政府投资项目）",
    "（）", "（，）", "（、）",
]  # fmt: skip


@pytest.mark.parametrize("text", ["", *OTHER])
def test_what_is_about_something_else(text: str) -> None:
    assert read_responsibility(text, OFFICES) is None


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("（市发改委牵头。", "以下任务均需各区县政府落实，不再列出"),
        ("〔责任单位：市发改委。", "具体任务均涉及相关市（州）人民政府，不再做分工，下同。"),
        ("（责任单位：市发改委，", "以下均需各县市区落实，不再逐一列出"),
    ],
)
def test_a_rule_for_all_clauses(said: str, rule: str) -> None:
    found = read_responsibility(f"{said}{rule}）", OFFICES)
    assert found is not None
    assert found.rule == rule.rstrip("。")
    assert (found.leads, found.counties_named) == (("市发改委",), False)


def test_what_names_nobody_is_told() -> None:
    found = read_responsibility("（市发改委牵头，结合实际，市工信局配合）", OFFICES)
    assert found is not None
    assert found.unread == ("结合实际",)


@given(st.text(alphabet="（）()〔〕[]市发改委牵头，、；：。责任单位配合等部门各县市区", max_size=40))
def test_any_text_is_read_or_not(text: str) -> None:
    found = read_responsibility(text, OFFICES)
    assert found is None or found.leads or found.cooperators or found.counties_named
    places = brackets(text, 0, len(text))
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(one[1] <= other[0] for one, other in pairwise(places))
