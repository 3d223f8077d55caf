"""Plans in other forms: a county's, a year's key points, another city's, rules, and tables in a .docx."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import resources
from db.plan.catalogue import load_catalogue
from db.plan.reading.document import pasted_document
from db.plan.reading.model import Reading
from db.plan.reading.read import read_file, read_plan
from db.plan.vocabulary import Comparator, Mode
from tests.db.plan import proof
from tests.db.plan.reading.make_variants import PLANS
from tests.db.plan.reading.nothing_lost import assert_nothing_lost
from tests.db.plan.reading.word_files import cell, paragraph, table, word_file

DEPARTMENTS = load_catalogue().departments


def pasted(*lines: str) -> Reading:
    reading = read_plan(pasted_document("\n".join(lines)), departments=DEPARTMENTS)
    assert_nothing_lost(reading)
    return reading


def who(reading: Reading) -> dict[str, tuple[str, str, str]]:
    """Return mode, leads and cooperators of every clause, the counties marked with +."""
    return {
        clause.id: (
            str(clause.mode),
            " ".join(clause.leads) + ("+" if clause.counties_named else ""),
            " ".join(clause.cooperators),
        )
        for clause in reading.catalogue.clauses
    }


@pytest.mark.parametrize("name", ["county.txt", "points.txt", "other_city.txt", "rules.txt"])
def test_nothing_is_lost(name: str) -> None:
    assert_nothing_lost(read_file(PLANS / name))


def test_nothing_is_lost_of_the_shipped_plan() -> None:
    assert_nothing_lost(read_file(resources.path(proof.DOCUMENT)))


def test_a_county_with_a_notice_that_has_headings_of_its_own() -> None:
    reading = read_file(PLANS / "county.txt")
    read = reading.catalogue
    assert read.title == "寿光市“四减四增”三年行动落实方案（2021—2023年）"
    assert (read.years, read.published) == ((2021, 2022, 2023), date(2022, 5, 16))
    assert [part.title for part in read.parts] == ["总体要求", "重点任务", "保障措施"]
    assert [article.title for article in read.articles] == [
        "总体要求", "淘汰低效落后产能", "压减煤炭消费", "加强组织领导", "强化资金保障", "严格考核问效",
    ]  # fmt: skip
    assert who(reading) == {
        "01-01": ("none", "", ""),
        "02-01": ("牵头+配合", "市工信局", "市发改局 市自然资源和规划局 各镇（街道）"),
        "02-02": ("按职责分工", "市生态环境局寿光分局 各镇街", ""),
        "02-03": ("牵头", "市生态环境局寿光分局", ""),
        "02-04": ("按职责分工", "市发改局 市工信局 市行政审批服务局", ""),
        "03-01": ("牵头+配合", "市生态环境局寿光分局", "市住建局 市市场监管局"),
        "03-02": (
            "牵头+配合",
            "市住建局",
            "市发改局 市财政局 国网寿光市供电公司 各镇（街道、双王城生态经济园区）政府（办事处）",
        ),
        "04-01": ("none", "", ""),
        "05-01": ("牵头", "市财政局 市地方金融监管局", ""),
        "06-01": ("按职责分工", "市委市政府督查室 市生态环境局寿光分局", ""),
    }
    heating = [target for target in read.targets if target.clause == "03-02"]
    assert [(target.value, target.unit) for target in heating] == [(Decimal(120), "万平方米"), (Decimal("2.5"), "万户")]


def test_key_points_of_a_year_with_lines_that_say_who_and_by_when() -> None:
    reading = read_file(PLANS / "points.txt")
    read = reading.catalogue
    assert (read.title, read.years) == ("全市生态环境保护2024年工作要点", (2024,))
    assert who(reading) == {
        "01-01": ("按职责分工", "市发改委 市能源局+", ""),
        "02-01": ("牵头+配合", "市生态环境局", "市公安局 市交通运输局 市商务局"),
        "03-01": ("牵头+配合", "市住房城乡建设局+", "市水利局"),
        "04-01": ("牵头", "市水利局", ""),
        "05-01": ("按职责分工", "市生态环境局 市应急局", ""),
        "06-01": ("牵头+配合", "市信访局", "市生态环境局"),
    }
    assert read.clause("03-01").text == "新建改造污水管网150公里。\n城市生活污水集中收集率达到75%以上。"
    assert {target.deadline for target in read.targets_of("02-01")} == {date(2024, 10, 31)}
    assert {target.deadline_text for target in read.targets_of("02-01")} == {"2024年10月底前"}
    assert [one.text for one in reading.leftovers] == ["2024年"]


def test_another_city_in_half_width_with_other_brackets() -> None:
    reading = read_file(PLANS / "other_city.txt")
    read = reading.catalogue
    assert read.years[-1] == 2027
    assert [(part.numeral, part.title) for part in read.parts] == [
        ("一", "主要目标"), ("二", "重点任务"), ("三", "保障措施"),
    ]  # fmt: skip
    assert who(reading) == {
        "01-01": ("none", "", ""),
        "02-01": ("牵头+配合", "市工信局", "市科技局 市财政局"),
        "02-02": ("按职责分工", "市工信局 市发展改革委 市市场监管局 各区（市）政府 功能区管委", ""),
        "03-01": ("牵头+配合", "市住房城乡建设局", "市市场监管局 市财政局"),
        "03-02": ("牵头+配合", "市城市管理局", "市国资委 青岸能源集团"),
        "04-01": ("牵头+配合", "市交通运输局", "市港航中心 青岸海事局"),
        "05-01": ("none", "", ""),
    }
    lifts = read.targets_of("03-01")
    assert [(target.value, target.unit, target.deadline) for target in lifts] == [
        (Decimal(2000), "部", date(2025, 12, 31))
    ]
    assert read.clause("02-01").text.startswith("推动技术改造.到2027年,")


def test_rules_by_number() -> None:
    reading = read_file(PLANS / "rules.txt")
    read = reading.catalogue
    assert [article.title for article in read.articles][:3] == ["支持项目建设", "鼓励企业扩大规模", "强化用地保障"]
    assert who(reading)["02-01"] == ("牵头+配合", "县工信局", "县财政局 县税务局")
    assert read.clause("04-01").mode is Mode.NONE


def test_tables_of_targets_and_of_tasks(tmp_path: Path) -> None:
    reading = read_file(with_tables(tmp_path))
    read = reading.catalogue
    assert_nothing_lost(reading)
    assert (read.title, read.years) == ("潍坊市绿色行动方案（2021—2023年）", (2021, 2022, 2023))
    assert [part.title for part in read.parts] == ["目标指标", "重点任务", "重点任务分工表", "分领域指标"]
    coal = read.targets_of("01-02")
    assert [(one.value, one.unit, one.deadline, one.comparator) for one in coal] == [
        (Decimal(4100), "万吨", date(2021, 12, 31), Comparator.EQUAL),
        (Decimal(4000), "万吨", date(2022, 12, 31), Comparator.EQUAL),
        (Decimal(3900), "万吨", date(2023, 12, 31), Comparator.AT_MOST),
    ]
    assert {(one.baseline_value, one.baseline_year, one.indicator) for one in coal} == {
        (Decimal(4200), 2020, "煤炭消费量")
    }
    assert [one.value for one in read.targets_of("01-03")] == [Decimal(3), Decimal(6), Decimal(10)]
    assert [one.unit for one in read.targets_of("01-04")] == ["万千瓦"] * 3
    assert [one.value for one in read.targets_of("01-05")] == [None, Decimal(1200)]
    assert who(reading)["01-05"] == ("牵头+配合", "市交通局", "市公安局")
    assert who(reading)["04-01"] == ("牵头+配合", "市发改委", "市生态环境局 市工信局")
    assert who(reading)["04-02"] == ("牵头", "市生态环境局+", "")
    assert [one.deadline for one in read.targets_of("04-01")] == [date(2023, 12, 31)]
    assert [who(reading)[name] for name in ("05-01", "05-02")] == [("牵头", "市发改委", "")] * 2
    assert [(one.value, one.unit, one.comparator) for one in read.targets_of("05-02")] == [
        (Decimal(280), "亿千瓦时", Comparator.AT_LEAST)
    ]


def with_tables(folder: Path) -> Path:
    """Return a plan with pages of notice, a table of contents and three kinds of tables."""
    aims = [
        ["序号", "指标", "单位", "2020年", "2021年", "2022年", "2023年", "责任单位"],
        ["1", "煤炭消费量", "万吨", "4200", "4100", "4000", "≤3900", "市发改委"],
        ["2", "单位地区生产总值能耗下降", "%", "—", "3", "6", "10", "市发改委、市工信局"],
        ["3", "可再生能源装机容量（万千瓦）", "", "500", "560", "630", "700", "市发改委"],
        ["4", "国三及以下柴油货车淘汰", "辆", "", "完成省下达任务", "1,200", "", "市交通局牵头，市公安局配合"],
    ]
    work = "推进煤电机组关停整合，关停燃煤机组24万千瓦以上。"
    tasks = [
        ["序号", "重点任务", "工作内容", "牵头单位", "配合单位", "完成时限"],
        ["1", "压减煤炭", work, "市发改委", cell("市生态环境局", "市工信局"), "2023年底前"],
        ["2", "锅炉淘汰", "淘汰燃煤锅炉20台。", "市生态环境局", "各县市区", "2021年10月底前"],
    ]
    down, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    fields = [
        ["领域", "指标", "2023年目标", "责任单位"],
        [cell("能源", properties=down), "天然气供气量", "23亿立方米", cell("市发改委", properties=down)],
        [cell("", properties=more), "接纳市外电量", "280亿千瓦时以上", cell("", properties=more)],
    ]
    notice = [
        "潍坊市人民政府办公室",
        "关于印发潍坊市绿色行动方案的通知",
        "各县市区人民政府：",
        "现将方案印发给你们。",
        "2021年3月1日",
    ]
    plan = ["潍坊市绿色行动方案", "（2021—2023年）", "目  录", "一、目标指标\t1", "二、重点任务\t3"]
    parts = [
        *map(paragraph, [*notice, *plan, "一、目标指标", "主要指标见下表。", "表1 主要目标指标表", "单位：万吨"]),
        table(aims),
        *map(
            paragraph,
            [
                "二、重点任务",
                "（一）压减煤炭。减煤100万吨。（市发改委牵头）",
                "（二）植树。植树10万株。（市林业局负责）",
            ],
        ),
        *map(paragraph, ["附件1", "重点任务分工表"]),
        table(tasks),
        paragraph("附件2：分领域指标"),
        table(fields),
    ]
    file = folder / "plan.docx"
    file.write_bytes(word_file("".join(parts)))
    return file


def test_a_document_without_headings_is_one_part() -> None:
    reading = pasted("关于做好节水工作的意见", "到2025年，节水100万立方米。（市水利局牵头）", "加强宣传。")
    assert len(reading.catalogue.parts) == len(reading.catalogue.articles) == 1
    assert who(reading) == {"01-01": ("牵头", "市水利局", ""), "01-02": ("none", "", "")}


def test_an_empty_plan_has_a_reading() -> None:
    assert pasted("关于节水的意见").catalogue.clauses == ()


def test_a_year_is_no_item_and_a_list_of_numerals_no_heading() -> None:
    reading = pasted(
        "工作方案",
        "一、任务",
        "（一）淘汰。",
        "2023.5万吨是底线。",
        "三、四季度完成淘汰。",
        "二、保障",
        "（一）资金。安排资金。",
    )
    assert [part.title for part in reading.catalogue.parts] == ["任务", "保障"]
    assert len(reading.catalogue.clauses) == 3


def test_a_sentence_that_is_the_task_is_no_heading() -> None:
    reading = pasted(
        "工作方案",
        "一、任务",
        "1.淘汰老旧机械800台。（市农业农村局牵头）",
        "2.推广配方肥。（市农业农村局牵头）",
        "二、保障",
        "1.落实资金。",
    )
    assert [clause.text for clause in reading.catalogue.clauses] == [
        "淘汰老旧机械800台。", "推广配方肥。", "落实资金。",
    ]  # fmt: skip
    assert [article.heading for article in reading.catalogue.articles] == ["1.", "2.", "1."]


def test_one_line_at_the_end_governs_all_items_of_an_article() -> None:
    lines = ["（一）治气。", "1.关停机组。", "2.淘汰锅炉。", "责任单位：市发改委"]
    reading = pasted("工作方案", "一、任务", *lines, "二、保障", "（一）资金。安排资金。")
    assert who(reading)["01-01"] == ("牵头", "市发改委", "")
    assert reading.catalogue.clause("01-01").text == "关停机组。\n2.淘汰锅炉。"


LINES = st.sampled_from(
    [
        "一、总体要求", "二、重点任务", "（一）减煤。到2023年，减煤3万吨（不含原料煤）。（市发改委牵头）", "（二）增绿",
        "1.造林10万亩。", "2.每年补植2次(春秋各1次).", "责任单位：市林业局、各县（市、区）", "完成时限：2023年6月底前",
        "（市发改委牵头）（市工信局配合）", "附件1", "附件：1.任务表", "2022年3月10日", "表1 指标", "（见〔2021〕3号）",
        "到2023年，30%—40%的企业（不少于12家）完成。由市工信局负责。", "第一章 总则",
        "第三条 罚款5万元。", "①摸底；②整改。",
        "((市发改委牵头", "牵头单位：；配合单位：", "（）", "1", "3.1 压减产能", "“两高”项目",
        "抄送：各部门。", "某市2023年工作方案",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINES, min_size=1, max_size=14))
def test_whatever_the_lines_nothing_is_lost(lines: list[str]) -> None:
    pasted(*lines)


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="一二、（）().。，12年月%：责任单位市发改委牵头\n\t ", min_size=1, max_size=80).filter(str.strip)
)
def test_whatever_the_text_it_has_a_reading(text: str) -> None:
    reading = read_plan(pasted_document(text), departments=DEPARTMENTS)
    assert [one.text for one in reading.leftovers] == [
        text_of(reading, one.start, one.end) for one in reading.leftovers
    ]


def text_of(reading: Reading, start: int, end: int) -> str:
    return reading.document.text[start:end]


def test_ids_of_a_long_plan_are_lawful_in_every_table() -> None:
    articles = [f"{number}.完成工作{number}件。（市发改委牵头）" for number in range(1, 121)]
    paragraphs = [f"落实工作{number}件。（市工信局牵头）" for number in range(1, 121)]
    reading = pasted("工作要点", *articles, *paragraphs)
    ids = [clause.id for clause in reading.catalogue.clauses]
    assert len(ids) == len(set(ids)) == 240
    assert (ids[0], ids[-1]) == ("01-01", "120-121")
    for name, field in (("assignment", "task_id"), ("task_scope", "task_id"), ("responsibility", "clause_id")):
        fields = {one["name"]: one for one in resources.load_json(f"tables/{name}.json")["fields"]}
        pattern = fields[field]["constraints"]["pattern"]
        assert all(re.fullmatch(pattern, one) for one in ids)
