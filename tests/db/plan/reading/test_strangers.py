"""Plans as other offices write them: a county's with tables, a bureau's points, a web page, broken lines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from db.plan.model import Target
from db.plan.reading.model import Reading
from db.plan.reading.read import read_file
from tests.db.plan.reading.nothing_lost import assert_nothing_lost
from tests.db.plan.reading.word_files import paragraph, table, word_file

PLANS = Path(__file__).with_name("strangers")
RECALL, PRECISION = Decimal("0.96"), Decimal("0.96")


@dataclass(frozen=True)
class Wanted:
    """A target that a careful reader takes; `sure` is False where another might take none."""

    sure: bool
    value: Decimal | None
    unit: str
    comparator: str
    deadline: str
    nature: str
    words: str

    def fits(self, target: Target) -> bool:
        if self.nature and target.nature != self.nature:
            return False
        return self.words in target.quote and target.value == self.value

    def wrong(self, target: Target) -> list[str]:
        asked = [(self.unit, target.unit), (self.comparator, str(target.comparator))] if self.sure else []
        if not self.deadline.endswith("*"):
            asked.append((self.deadline, str(target.deadline or "")))
        return [f"{target.quote}: {wanted} -> {read}" for wanted, read in asked if wanted != read]


@dataclass
class Expected:
    """What is expected of one plan."""

    clauses: list[tuple[str, list[str], list[str]]] = field(default_factory=list)
    targets: list[Wanted] = field(default_factory=list)


def _expected() -> dict[str, Expected]:
    plans: dict[str, Expected] = defaultdict(Expected)
    name = ""
    for line in PLANS.joinpath("expected.list").read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        cells = [cell.strip() for cell in rest.split("|")]
        if kind == "#":
            name = rest
        elif kind == "C":
            plans[name].clauses.append((cells[0], cells[1].split(), cells[2].split()))
        elif kind != ";":
            value = Decimal(cells[0]) if cells[0] else None
            plans[name].targets.append(Wanted(kind != "?", value, *cells[1:]))
    return plans


EXPECTED = _expected()


@cache
def _read(name: str, folder: Path) -> Reading:
    """Return the reading of a plan; lines that begin with | are made a table of a .docx."""
    text = PLANS / f"{name}.txt"
    lines = text.read_text(encoding="utf-8").splitlines()
    if not any(line.startswith("|") for line in lines):
        return read_file(text)
    body, rows = "", []
    for line in [*lines, ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        body += (table(rows) if rows else "") + paragraph(line)
        rows = []
    file = folder / f"{name}.docx"
    file.write_bytes(word_file(body))
    return read_file(file)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("strangers")


def _compared(name: str, folder: Path) -> tuple[list[Wanted], list[str], list[Target]]:
    """Return what was wanted and not read, fields that are wrong, and what was read and not wanted."""
    rest = list(_read(name, folder).catalogue.targets)
    missed: list[Wanted] = []
    wrong: list[str] = []
    for wanted in sorted(EXPECTED[name].targets, key=lambda one: not one.sure):
        fits = [target for target in rest if wanted.fits(target)]
        if fits:
            best = min(fits, key=lambda target: (target.unit != wanted.unit, len(target.quote)))
            rest.remove(best)
            wrong += wanted.wrong(best) if wanted.sure else []
        elif wanted.sure:
            missed.append(wanted)
    return missed, wrong, rest


@pytest.mark.parametrize("name", EXPECTED)
def test_clauses_and_who_is_responsible(name: str, folder: Path) -> None:
    reading = _read(name, folder)
    assert_nothing_lost(reading)
    for beginning, leads, cooperators in EXPECTED[name].clauses:
        clause = next(one for one in reading.catalogue.clauses if one.text.replace("\n", "").startswith(beginning))
        assert (list(clause.leads), list(clause.cooperators)) == (leads, cooperators), beginning


def test_what_is_found_and_that_little_else_is(folder: Path) -> None:
    wanted = found = extra = 0
    for name in EXPECTED:
        missed, _, rest = _compared(name, folder)
        sure = sum(one.sure for one in EXPECTED[name].targets)
        wanted, found, extra = wanted + sure, found + sure - len(missed), extra + len(rest)
    assert found / Decimal(wanted) >= RECALL
    assert found / Decimal(found + extra) >= PRECISION


def test_fields_of_what_is_found(folder: Path) -> None:
    wrong = [one for name in EXPECTED for one in _compared(name, folder)[1]]
    # The year of these stands in the sentence before, in another article.
    assert wrong == [
        "9月底前完成全部户内改造: 2023-09-30 -> ",
        "10月20日前完成通气通电调试: 2023-10-20 -> ",
    ]


def test_a_table_whose_rows_are_years(folder: Path) -> None:
    targets = [one for one in _read("10_tables", folder).catalogue.targets if one.quote.startswith("2023年\t")]
    assert [(one.indicator, one.value, one.unit, str(one.deadline)) for one in targets] == [
        ("光伏装机", Decimal("6.5"), "万千瓦", "2023-12-31"),
        ("清洁取暖", Decimal(4100), "户", "2023-12-31"),
        ("淘汰燃煤锅炉", Decimal(7), "台", "2023-12-31"),
    ]


def test_a_table_of_present_and_aim(folder: Path) -> None:
    targets = {one.indicator: one for one in _read("10_tables", folder).catalogue.targets}
    forest, water = targets["森林覆盖率"], targets["再生水利用率"]
    assert (forest.baseline_value, forest.value, forest.unit) == (Decimal("17.3"), Decimal("18.5"), "%")
    assert (water.value, water.unit, str(water.comparator)) == (Decimal(50), "%", "at_least")


def test_a_table_of_places_has_its_sum_as_the_whole(folder: Path) -> None:
    targets = [one for one in _read("01_county_annex", folder).catalogue.targets if one.scope == "五图街道"]
    assert [(one.indicator, one.value) for one in targets] == [
        ("煤改气", Decimal(2300)), ("煤改电", Decimal(2500)), ("清洁取暖改造", Decimal(4800)),
    ]  # fmt: skip
    assert {one.part_of for one in targets[:2]} == {targets[2].id}
    assert {one.deadline_text for one in targets} == {"2023年"}


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("01_county_annex", ["“煤改气”户数", "“煤改电”户数", "农房能效提升户数", "供应洁净型煤量"]),
        (
            "02_bureau_points",
            ["氮氧化物重点工程减排量", "水泥企业完成有组织、无组织超低排放改造", "加油站年销售汽油量"],
        ),
        ("03_city_2024", ["2024年历史遗留矿山生态修复面积", "海上风电容量", "出租车新能源比例", "2025年创建绿色工厂"]),
        ("06_notice_pasted", ["每季度末月25日前上报进展情况"]),
        ("07_ocr", ["2023年铁路货运量", "2022年国三及以下营运柴油货车淘汰辆数"]),
        ("08_web", ["单位建筑面积碳排放降幅"]),
        ("09_lines", ["排查率", "治理并验收", "4.3米焦炉淘汰数"]),
    ],
)
def test_names_that_a_clerk_would_give(name: str, names: list[str], folder: Path) -> None:
    assert set(names) <= {target.indicator for target in _read(name, folder).catalogue.targets}


def test_a_column_of_those_responsible_between_others_makes_no_target(tmp_path: Path) -> None:
    rows = [
        ["任务", "责任单位", "措施"],
        ["淘汰锅炉", "县工信局，其中淘汰锅炉12台由县发改局负责", "2023年10月底前，淘汰锅炉20台"],
    ]
    file = tmp_path / "分工表.docx"
    file.write_bytes(word_file(paragraph("某县2023年任务分工表") + table(rows)))
    reading = read_file(file)
    assert [target.value for target in reading.catalogue.targets] == [Decimal(20)]
    assert any("12" in one.text for one in reading.leftovers)
