from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell, State
from db.exchange.ledger.rollup import RollUp, roll_up
from db.exchange.ledger.rollup_year import QUOTA, SHARE, evaluation_lines, year_lines
from db.exchange.ledger.standing import LEFT_OUT, board
from db.exchange.ledger.workbook import write_city_book
from db.plan.catalogue import Target, load_catalogue
from db.plan.vocabulary import Measure
from db.store import records
from db.work.breakdown import AssignmentEntry, set_assignments
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.facts import read_facts
from db.work.monthly.model import FigureKind, RowKey, figure_kind
from db.work.quotas import QuotaEntry, set_quotas
from tests.db.exchange.ledger.city import HEATING, MARCH, TODAY, City, Office

SHOUGUANG, QINGZHOU = "370783", "370781"
PLAN = load_catalogue()
FEBRUARY = Period(2022, 2)


def first(measure: Measure) -> Target:
    return next(
        target
        for target in PLAN.targets
        if target.measure is measure and target.is_assignable and target.part_of is None and not target.is_past(TODAY)
    )


def found_in(city: City) -> RollUp:
    with city.ledger.reading() as conn:
        return roll_up(conn, MARCH)


def total_of(city: City, target_id: str) -> Decimal | None:
    line = next(line for line in found_in(city).lines if line.target.id == target_id)
    return None if line.city.figure is None else line.city.figure.value


def everything(office: Office, seed: int) -> None:
    """Give two towns every target and file something of each kind, not always and not by everybody."""
    shares: dict[tuple[str, str], AssignmentEntry] = {}
    filed: list[tuple[Period, EntryChange]] = []
    for number, target in enumerate(PLAN.targets):
        kind = figure_kind(target)
        if not target.is_assignable or (number + seed) % 3 == 0:
            continue
        for place, town in enumerate(office.towns[:2]):
            amount: dict[str, Cell] = {"amount": Decimal(100)} if kind is FigureKind.AMOUNT else {}
            shares[target.id, town] = AssignmentEntry(target.id, 2022, "town", town, amount)
            figures: dict[FigureKind, dict[str, Cell]] = {
                FigureKind.AMOUNT: {"amount": Decimal(number * 7 + seed + place)},
                FigureKind.RATE: {"numerator": Decimal(number + seed), "denominator": Decimal(100 + place)},
                FigureKind.STAGE: {"stage": "实施中" if place else "已销号"},
            }
            month = FEBRUARY if (number + place) % 4 == 0 else MARCH
            filed.append((month, EntryChange(RowKey(target.id, "town", town), figures[kind])))
    with office.county.operation("分解") as op:
        set_assignments(op, list(shares.values()))
    for month in (FEBRUARY, MARCH):
        with office.county.operation("填报") as op:
            set_entries(op, month, [change for when, change in filed if when == month])


def test_a_countys_sums_are_the_countys_own(city: City) -> None:
    for seed, code in enumerate((SHOUGUANG, QINGZHOU)):
        office = city.office(code)
        everything(office, seed)
        assert city.receive(office.export(period="2022-02").path, office.export().path).ok
    found = found_in(city)
    compared = 0
    for code in (SHOUGUANG, QINGZHOU):
        with city.offices[code].county.reading() as conn:
            own = read_facts(conn, PLAN, MARCH).totals
        for line in found.lines:
            total = own.get(line.target.id)
            if total is not None:
                expected = None if total.figure is None else Fraction(total.figure.top, total.figure.per)
                mine = line.counties[code].figure
                assert (None if mine is None else Fraction(mine.top, mine.per)) == expected, line.target.id
                compared += expected is not None
    assert compared > 20


def test_the_rate_of_a_town_without_its_parts_is_not_the_countys(city: City) -> None:
    rate, office = "16-01-1", city.office()
    office.share(85, task=rate)
    office.file(88, task=rate)
    assert city.receive(office.export().path).ok
    with office.county.reading() as conn:
        assert read_facts(conn, PLAN, MARCH).totals[rate].figure is None
    line = next(line for line in found_in(city).lines if line.target.id == rate)
    assert line.counties[SHOUGUANG].figure is None and line.city.apart == 1


def rows_of(package: Path, table: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(package) as archive:
        name = next(name for name in archive.namelist() if name.endswith(f"/{table}.csv"))
        return list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))


def test_the_citys_sums_are_those_of_the_csv_files(city: City) -> None:
    packages = []
    for seed, code in enumerate((SHOUGUANG, QINGZHOU)):
        office = city.office(code)
        everything(office, seed)
        packages.append(office.export().path)
    assert city.receive(*packages).ok
    filed = [row for package in packages for row in rows_of(package, "progress")]
    for line in found_in(city).lines:
        mine = [row for row in filed if row["task_id"] == line.target.id]
        if not mine:
            continue
        figure = line.city.figure
        assert figure is not None
        match line.due.kind:
            case FigureKind.AMOUNT:
                assert figure.value == sum(Decimal(row["amount"]) for row in mine)
            case FigureKind.RATE:
                top, bottom = (sum(Decimal(row[name]) for row in mine) for name in ("numerator", "denominator"))
                assert (
                    line.due.is_change or Fraction(figure.top, figure.per) == Fraction(top) / Fraction(bottom) * 10**8
                )


def test_a_share_inside_another_is_no_part_of_its_sum(city: City) -> None:
    inner = next(target for target in PLAN.targets if target.part_of and figure_kind(target) is FigureKind.AMOUNT)
    assert inner.part_of is not None
    office = city.office()
    for task, amount in ((inner.part_of, 24), (inner.id, 19)):
        office.share(100, task=task)
        office.file(amount, task=task)
    assert city.receive(office.export().path).ok
    assert total_of(city, inner.part_of) == 24 and total_of(city, inner.id) == 19
    line = next(line for line in found_in(city).lines if line.target.id == inner.id)
    assert "不另相加" in line.notes


def test_an_older_figure_counts_until_it_does_not_apply(city: City) -> None:
    office = city.office()
    office.share(500, 500)
    office.file(10, 20, month=FEBRUARY)
    office.file(15)
    city.receive(office.export(period="2022-02").path, office.export().path)
    assert total_of(city, HEATING) == 35
    with office.county.operation("填报") as op:
        key = RowKey(HEATING, "town", office.towns[1])
        set_entries(op, MARCH, [EntryChange(key, {"amount": State.NOT_APPLICABLE})])
    city.receive(office.export().path)
    assert total_of(city, HEATING) == 15


def test_what_restarts_in_january_leaves_last_year_behind(city: City) -> None:
    flow = first(Measure.FLOW)
    office = city.office()
    for year in (2021, 2022):
        office.share(500, 500, task=flow.id, year=year)
    office.file(10, 20, month=Period(2021, 12), task=flow.id)
    office.file(3, task=flow.id)
    city.receive(office.export(period="2021-12").path, office.export().path)
    assert total_of(city, flow.id) == 3


def test_a_county_that_did_not_report_the_month_is_named_and_left_out(city: City, tmp_path: Path) -> None:
    for code, month in ((SHOUGUANG, MARCH), (QINGZHOU, FEBRUARY)):
        office = city.office(code)
        office.share(100)
        office.file(7, month=month)
        city.receive(office.export(period=str(month)).path)
    assert found_in(city).counties == (SHOUGUANG,) and total_of(city, HEATING) == 7
    with city.ledger.reading() as conn:
        write_city_book(conn, "monthly", "2022-03", tmp_path / "汇总.xlsx", today=TODAY)
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["全市进度汇总"]
    assert any("青州市" in str(row[1]) for row in sheet.iter_rows(values_only=True))


def test_the_workbook_holds_every_countys_rows_and_their_sums(city: City, tmp_path: Path) -> None:
    amounts = {SHOUGUANG: ("100.5", "20"), QINGZHOU: ("3",)}
    for code, parts in amounts.items():
        office = city.office(code)
        for number, amount in enumerate(parts):
            office.project(f"{code}项目{number}", amount)
        city.receive(office.export("registers", "2022").path)
    file = tmp_path / "汇总.xlsx"
    with city.ledger.reading() as conn:
        write_city_book(conn, "registers", "2022", file, today=TODAY)
        with pytest.raises(DataProblem, match="还没有收到"):
            write_city_book(conn, "monthly", "2022-03", file, today=TODAY)
        with pytest.raises(DataProblem, match="不是 \\.xlsx"):
            write_city_book(conn, "registers", "2022", tmp_path / "汇总.xls", today=TODAY)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[:3] == ["说明", "各县报送", "分县合计"]
    totals = {(row[0], row[1]): row[3] for row in book["分县合计"].iter_rows(values_only=True) if row[2] == "总投资"}
    assert totals == {
        ("重点项目", "全市"): 123.5,
        ("重点项目", "寿光市"): 120.5,
        ("重点项目", "青州市"): 3,
    }
    rows = [row for row in book["重点项目"].iter_rows(min_row=4, values_only=True) if row[1]]
    assert sorted((row[1], row[2]) for row in rows) == [
        ("寿光市", "370783项目0"),
        ("寿光市", "370783项目1"),
        ("青州市", "370781项目0"),
    ]


def test_quotas_and_shares_are_added_and_rates_are_not(city: City, tmp_path: Path) -> None:
    for code, amount in ((SHOUGUANG, "2000"), (QINGZHOU, "0.5")):
        office = city.office(code)
        entries = [QuotaEntry(HEATING, 2022, Decimal(amount), "户" if code == SHOUGUANG else "万户")]
        with office.county.operation("录入县级目标") as op:
            set_quotas(op, entries)
        office.share(700, 300)
        office.share(90, 80, task="05-06-2")
        city.receive(office.export("plan", "2022").path)
    with city.ledger.reading() as conn:
        found = {(line.task.id, line.year, line.what): line for line in year_lines(conn, "plan", "2022")}
        write_city_book(conn, "plan", "2022", tmp_path / "汇总.xlsx", today=TODAY)
    assert found[HEATING, "2022", QUOTA].city == 7000
    assert found[HEATING, "2022", QUOTA].counties == {SHOUGUANG: 2000, QINGZHOU: 5000}
    assert found[HEATING, "2022", SHARE].city == 2000
    assert ("05-06-2", "2022", SHARE) not in found
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["全市目标与分解汇总"]
    rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0] == HEATING]
    assert [(row[3], row[5]) for row in rows] == [(QUOTA, 7000), (SHARE, 2000)]


def test_what_the_counties_reached_is_added_by_task(city: City) -> None:
    for code in (SHOUGUANG, QINGZHOU):
        office = city.office(code)
        office.share(100)
        office.file(40, month=Period(2022, 12))
        with office.county.operation("自评") as op:
            for task, value in ((HEATING, 40), ("05-06-2", 3)):
                values: dict[str, Cell] = {"task_id": task, "period": "2022", "value": Decimal(value)}
                records.insert(op, load_schema("evaluation"), values)
        assert city.receive(office.export("annual", "2022").path).ok
    with city.ledger.reading() as conn:
        found = {line.task.id: line for line in evaluation_lines(conn, "annual", "2022")}
    assert found[HEATING].city == 80 and found["05-06-2"].city is None
    assert found["05-06-2"].counties == {SHOUGUANG: 3, QINGZHOU: 3}


@pytest.mark.parametrize(
    ("kind", "period", "sheets"),
    [
        ("monthly", "2022-03", ["全市进度汇总", "全市目标与分解汇总"]),
        ("annual", "2022", ["全市目标与分解汇总", "全市自评汇总"]),
        ("registers", "2022", []),
    ],
)
def test_who_follows_another_edition_of_the_plan_is_named(
    city: City, tmp_path: Path, kind: str, period: str, sheets: list[str]
) -> None:
    for code in (SHOUGUANG, QINGZHOU):
        office = city.office(code)
        office.share(100)
        office.file(7)
        office.project("甲", "10")
        assert city.receive(office.export(kind, period).path).ok
    with city.ledger.writing() as conn:
        conn.execute("UPDATE package SET plan_version = 'weifang-2022' WHERE county = ?", (QINGZHOU,))
    told = f"{LEFT_OUT} 1 家：青州市"
    with city.ledger.reading() as conn:
        standing = board(conn, TODAY)
        write_city_book(conn, kind, period, tmp_path / "汇总.xlsx", today=TODAY)
    assert (told in standing.sentences(kind, period)) == bool(sheets)
    assert ("另一版方案" in standing.place(QINGZHOU, kind, period).sentence) == bool(sheets)
    assert "另一版方案" not in standing.place(SHOUGUANG, kind, period).sentence
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    assert [sheet for sheet in sheets if sheet not in book.sheetnames] == []
    for sheet in sheets:
        texts = [str(row[1]) for row in book[sheet].iter_rows(values_only=True)]
        assert f"{LEFT_OUT}：青州市" in texts
        assert not any(text.startswith("没有报的") and "青州" in text for text in texts)
