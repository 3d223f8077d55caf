"""落实方案: the county's data in one document, 待定 where nothing is known, nothing lost, an empty county too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT

from db.core.errors import Cancelled, DataProblem, EnvironmentProblem
from db.core.values import Cell, State
from db.reports.local_plan import local_plan
from db.reports.local_plan_word import TEMPLATE, local_plan_word, write_local_plan
from db.reports.word import Template, template
from db.work.registers import register
from db.work.responsibility import set_responsibility
from tests.db.work.desk import Desk

HEATING, COAL = "08-06-1", "08-02-1"
ODD = "<锅炉>&“管网”𠮷😀"


def document_of(desk: Desk) -> tuple[str, list[list[list[str]]]]:
    data = local_plan_word(local_plan(desk.conn, desk.plan), template(None, TEMPLATE))
    document = Document(BytesIO(data))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    return "\n".join(paragraph.text for paragraph in document.paragraphs), tables


def test_an_empty_county_has_every_clause_and_says_pending(desk: Desk) -> None:
    words, tables = document_of(desk)
    assert "寿光市新一轮“四减四增”三年行动落实方案" in words and "（2021—2023年）" in words
    for part in desk.plan.parts[1:]:
        assert f"{part.numeral}、{part.title}" in words
        for article in desk.plan.articles_of(part.id):
            assert all(clause.text in words for clause in desk.plan.clauses_of(article.id))
    assert "县级目标：农村地区新增清洁取暖改造户数：待定" in words
    assert "承担单位：待定。" in words and "责任领导：待定；本县落实文件：待定。" in words
    assert "分解到镇街、企业和部门的安排待定" in words
    assert tables == []


def test_quotas_responsibility_and_owners_are_said(desk: Desk) -> None:
    desk.quota(HEATING, 2022, "300", paper="潍发〔2022〕1号")
    desk.share(HEATING, 2022, "100", "200")
    with desk.county.operation("分工") as op:
        values = {"leader": "赵六", "plan_status": "已印发", "document_number": "寿政办〔2022〕5号"}
        set_responsibility(op, clause_id="08-06", values={**values, "issued_on": date(2022, 4, 1)})
    words, tables = document_of(desk)
    assert "县级目标：农村地区新增清洁取暖改造户数：2022年300户（潍发〔2022〕1号）" in words
    assert "责任领导：赵六；本县落实文件：已印发（寿政办〔2022〕5号，2022-04-01）。" in words
    assert "承担单位：圣城街道、文家街道。" in words
    assert "按年度细化到2个镇街。" in words
    assert f"表1　农村地区新增清洁取暖改造户数（{HEATING}，单位：户）" in words
    assert tables == [
        [
            ["责任主体", "2021年", "2022年", "2023年", "合计"],
            ["圣城街道", "", "100", "", "100"],
            ["文家街道", "", "200", "", "200"],
            ["合计", "0", "300", "0", "300"],
            ["县级目标", "待定", "300", "待定", "300"],
        ]
    ]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_every_year_of_a_plan_has_a_column(desk: Desk, count: int) -> None:
    desk.share(HEATING, 2022, "100", "200")
    years = tuple(range(2021, 2021 + count))
    plan = local_plan(desk.conn, desk.plan)
    (own,) = plan.tables
    rows = tuple((who, *(f"{who}{year}" for year in years), "和") for who, *_ in own.rows)
    data = local_plan_word(
        replace(plan, years=years, tables=(replace(own, rows=rows),)), template(desk.county.folder, TEMPLATE)
    )
    document = Document(BytesIO(data))
    (table,) = document.tables
    heads = ("责任主体", *(f"{year}年" for year in years), "合计")
    assert [tuple(cell.text for cell in row.cells) for row in table.rows] == [heads, *rows]


def test_a_template_of_the_office_with_three_columns_goes_on_working(desk: Desk) -> None:
    desk.share(HEATING, 2022, "100")
    plan = local_plan(desk.conn, desk.plan)
    own = Document()
    own.add_paragraph(
        "{% for 表 in 分解表 %}{% for 行 in 表.行 %}{{ 年度[1] }}{{ 行.数量[1] }}；{% endfor %}{% endfor %}"
    )
    out = BytesIO()
    own.save(out)
    words = Document(BytesIO(local_plan_word(plan, Template("自己的.docx", out.getvalue())))).paragraphs[0].text
    assert words == "2022年100；2022年100；2022年待定；"


@pytest.mark.parametrize("projects", [0, 1])
def test_only_the_annexes_lie_on_their_side(desk: Desk, projects: int) -> None:
    if projects:
        desk.project("rural_heating", name="某村改造")
    data = local_plan_word(local_plan(desk.conn, desk.plan), template(None, TEMPLATE))
    document = Document(BytesIO(data))
    upright, lying = WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE
    assert [section.orientation for section in document.sections] == [upright, lying]
    nothing = [each for each in document.paragraphs if each.text == "清单里还没有登记项目。"]
    assert len(nothing) == (not projects)


def test_states_stand_as_words(desk: Desk) -> None:
    desk.give(HEATING, 2021, "town", desk.towns[0], amount=State.NOT_APPLICABLE)
    desk.give(HEATING, 2022, "town", desk.towns[0], amount=Decimal(0))
    _, tables = document_of(desk)
    assert tables[0][1] == ["圣城街道", "不涉及", "0", "", "0"]


def test_what_does_not_apply_is_listed_with_its_reason(desk: Desk) -> None:
    desk.answer("08-06", "不涉及", f"辖区内没有{ODD}")
    desk.answer(COAL, "不涉及", "没有燃煤锅炉")
    words, tables = document_of(desk)
    assert desk.plan.clause("08-06").text not in words
    assert desk.plan.clause("08-02").text in words
    heating, coal = desk.plan.clause("08-06").title, desk.plan.target(COAL).indicator
    assert tables[0][1:] == [[COAL, coal, "没有燃煤锅炉"], ["08-06", heating, f"辖区内没有{ODD}"]]


def test_what_is_personal_is_masked_in_the_annexes_unless_asked_for(desk: Desk) -> None:
    desk.project("diesel_truck", name="甲车", plate="鲁G12345", responsible="王小明", phone="13805361234")
    masked, whole = (str(local_plan(desk.conn, desk.plan, personal=asked).annexes) for asked in (False, True))
    for text in ("鲁G12345", "王小明", "13805361234"):
        assert text in whole and text not in masked
    for text in ("鲁G***45", "王**", "138****1234", "甲车"):
        assert text in masked


def test_every_row_of_a_register_is_in_its_annex(desk: Desk) -> None:
    rows: list[dict[str, Cell]] = [
        {"name": f"{ODD}{n}", "village": "某村", "town_id": desk.towns[0], "planned_households": Decimal(n)}
        for n in range(400)
    ]
    desk.projects("rural_heating", *rows)
    words, tables = document_of(desk)
    assert "附件1　农村清洁取暖清单" in words
    body = tables[-1][1:]
    assert [row[1] for row in body] == [f"{ODD}{n}" for n in range(400)]
    heads = tables[-1][0]
    assert heads[:4] == ["序号", "项目名称", "镇街", "责任企业"] and heads[-4:] == [
        "其他内容",
        "计划完成",
        "阶段",
        "责任单位、责任人",
    ]
    sixth = dict(zip(heads, body[5], strict=True))
    assert (sixth["镇街"], sixth["村（社区）"], sixth["计划改造户数（户）"]) == ("圣城街道", "某村", "5")
    assert sixth["阶段"] == "未启动" and "某村" not in sixth["其他内容"]


def test_a_register_with_more_fields_than_columns_folds_the_rest(desk: Desk) -> None:
    names = ("plate", "owner", "vehicle_kind", "emission_stage", "fuel")
    schema = register(desk.conn, "diesel_truck")
    own = {entry.name: entry for entry in schema.fields}
    values: dict[str, Cell] = {"name": "甲车", "content": "报废"}
    values |= {name: own[name].enum[0] if own[name].enum else "鲁G12345" for name in names if name in own}
    desk.project("diesel_truck", **values)
    (annex,) = local_plan(desk.conn, desk.plan).annexes
    assert 0 < len(annex.heads) <= 3 and len(annex.rows[0].own) == len(annex.heads)
    assert "报废" in annex.rows[0].rest
    for head, text in zip(annex.heads, annex.rows[0].own, strict=True):
        assert f"{head}：{text}" in annex.rows[0].content and f"{head}：" not in annex.rows[0].rest


def test_the_document_is_written_whole_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "落实方案.docx"
    write_local_plan(desk.county, desk.plan, file)
    before = file.read_bytes()
    own = desk.county.folder / "templates"
    own.mkdir()
    (own / TEMPLATE).write_bytes(b"no document")
    with pytest.raises(DataProblem, match=r"templates/local_plan\.docx 不是能用的"):
        write_local_plan(desk.county, desk.plan, file)
    assert file.read_bytes() == before
    (own / TEMPLATE).unlink()

    class Impatient:
        def step(self, done: int, total: int, text: str = "") -> None:
            if text == "正在保存":
                raise Cancelled

    with pytest.raises(Cancelled):
        write_local_plan(desk.county, desk.plan, file, Impatient())
    assert file.read_bytes() == before
    with pytest.raises(EnvironmentProblem, match="找不到文件或文件夹"):
        write_local_plan(desk.county, desk.plan, tmp_path / "没有" / "a.docx")
