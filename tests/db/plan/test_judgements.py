"""What the words alone do not decide: how an amount is counted, who carries it, what kind of commitment it is."""

from __future__ import annotations

import re

import pytest

from db.plan.catalogue import Target, load_catalogue
from db.plan.vocabulary import Allocation, DeadlineBasis, Direction, Measure, Nature, ValueKind

CATALOGUE = load_catalogue()
each_target = pytest.mark.parametrize("target", CATALOGUE.targets, ids=lambda target: target.id)


def _quantities(measure: Measure) -> list[str]:
    return [
        target.indicator
        for target in CATALOGUE.targets
        if target.measure is measure and target.allocation is Allocation.QUANTITY
    ]


def test_what_is_done_once_is_counted_since_the_plan_began() -> None:
    assert _quantities(Measure.CUMULATIVE) == [
        "新培育省级战略性新兴产业集群",
        "煤炭消费总量压减",
        "燃煤机组关停退出容量",
        "2021年燃煤机组关停退出容量",
        "农村地区新增清洁取暖改造户数",
        "国三及以下排放标准的营运柴油货车淘汰",
        "国四中重型营运柴油货车淘汰",
        "老旧农业机械淘汰台数",
    ]


def test_what_is_used_or_made_in_a_year_starts_again_each_january() -> None:
    assert _quantities(Measure.FLOW) == [
        "焦炭产量",
        "氢能产业总产值",
        "化石能源消费总量",
        "非化石能源消费总量",
        "年度城市（县城）新增清洁取暖",
        "生物质能年利用量",
        "天然气供气量",
        "配方肥应用面积",
        "有机肥使用量",
    ]


def test_what_stands_there_is_a_stock() -> None:
    assert _quantities(Measure.STOCK) == ["生态工业园区数", "城市（县城）集中供暖面积", "可再生能源发电装机容量"]


def test_what_is_to_fall() -> None:
    assert [target.indicator for target in CATALOGUE.targets if target.direction is Direction.DOWN] == [
        "焦炭产量",
        "化石能源消费总量",
        "煤炭消费占能源消费比重",
        "现役煤电机组改造后平均供电煤耗",
        "供热平均能耗",
        "单位地区生产总值能耗",
        "规模以上工业企业单位增加值能耗",
        "公共机构单位建筑面积能耗",
        "人均综合能耗",
        "人均用水量",
        "保持公路运输比例由增转降趋势",
        "中心城区电动汽车充电设施服务半径",
        "化肥使用量",
        "农药使用量",
    ]


def test_what_is_no_countys_matter() -> None:
    found = [target.id for target in CATALOGUE.targets if target.allocation is Allocation.CITY_ONLY]
    assert found == [
        "02-01-1",  # the plan's general aim
        "05-08-3",  # air of 主城区
        "10-01-5",  # electricity from outside the city
        "11-01-1",  # freight by rail and water
        "11-01-2",
        "12-14-1",  # 中心城区
        "13-02-1",  # 中心城区
        "21-01-1",  # the city task force
        "21-01-2",
        "21-01-3",
    ]


def test_what_is_no_target_though_a_number_or_duty() -> None:
    found = {nature: [t.id for t in CATALOGUE.targets if t.nature is nature] for nature in Nature}
    assert len(found[Nature.TARGET]) == 79
    assert found[Nature.RECURRING] == ["08-04-1", "09-04-1", "12-09-1", "21-01-1", "21-01-2"]
    assert found[Nature.REFERENCE] == ["06-01-2", "06-01-3", "08-05-2", "08-05-3"]
    assert len(found[Nature.PROHIBITION]) == 6
    assert len(found[Nature.CRITERION]) == 11


@each_target
def test_a_standing_requirement_has_no_end_and_words_of_duty(target: Target) -> None:
    if target.nature is not Nature.STANDING_REQUIREMENT:
        return
    assert target.deadline_basis is DeadlineBasis.NONE
    words = "必须|确保|严格|全面|做到|统一|实行|要按照|要坚决|直接|动态清零|据实|100%"
    assert re.search(words, target.quote)


def test_what_is_to_be_cleared_or_built_once_is_a_target() -> None:
    for target_id in ("03-04-2", "05-08-1", "05-08-2", "10-01-1", "10-01-2"):
        target = CATALOGUE.target(target_id)
        assert (target.nature, target.allocation) == (Nature.TARGET, Allocation.COMPLETION), target_id


def test_the_monitors_alone_are_for_large_sites() -> None:
    large = [target.id for target in CATALOGUE.targets_of("17-01") if target.scope == "规模以上建筑工地"]
    assert large == ["17-01-7"]


@each_target
def test_what_is_counted_has_a_direction_and_nothing_else(target: Target) -> None:
    counted = target.measure not in (Measure.STAGE, Measure.NONE)
    named = target.measure is Measure.STAGE and target.value is not None
    assert (target.direction is not Direction.NONE) == (counted or named)
    if target.value is None and target.direction is Direction.DOWN:
        assert re.search("产量控制|由增转降", target.quote)


@each_target
def test_a_change_is_a_rate_with_a_value(target: Target) -> None:
    if target.value_kind is ValueKind.CHANGE:
        assert target.value is not None
        assert target.measure is Measure.RATE
        assert target.unit in ("%", "个百分点")
