"""One workbook of one report of all counties: who reported, the city's sums by measure, totals by county, every table.

write_city_book(conn, kind, period, file, today=…) -> Path
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from db.core.errors import DataProblem
from db.core.field import Field
from db.core.fields import TableSchema
from db.core.period import Period
from db.core.progress import NO_PROGRESS, Progress
from db.exchange.ledger.file import sample_word
from db.exchange.ledger.labels import Labels
from db.exchange.ledger.rollup import MEASURES, Line, RollUp, amount_of, roll_up
from db.exchange.ledger.rollup_year import YearLine, evaluation_lines, year_lines
from db.exchange.ledger.rows import LoadedTable, loaded_tables, read_rows
from db.exchange.ledger.standing import LEFT_OUT, Board, board, title_of
from db.exchange.zip_write import ZipWriter
from db.plan.catalogue import load_catalogue
from db.reports.letter import SAMPLE_NOTE
from db.reports.package_report import PackageReport, ReportFacts, summable
from db.reports.workbook import column_letters, number_cell, text_cell
from db.reports.workbook_parts import Style
from db.store.files import replacing
from db.work.monthly.model import FigureKind
from db.work.tasks import Task
from db.work.tasks import title_of as task_title

_WHAT = "写入汇总表"
_COUNTY = Field("county_of_row", "县市区", width=12, frozen=True)
_HEAD_ROW = 3
_LEFT_OUT = ("explanation",)

Cell = str | Decimal | None


def write_city_book(
    conn: sqlite3.Connection, kind: str, period: str, file: Path, *, today: date, progress: Progress = NO_PROGRESS
) -> Path:
    """Write the workbook, whole or not at all. `conn` sees one moment of the ledger.

    DataProblem when nobody has sent that report or the file is no .xlsx, EnvironmentProblem when it cannot be written.
    """
    if file.suffix.lower() != ".xlsx":
        raise DataProblem(f"“{file.name}”不是 .xlsx。", advice="请改用这个扩展名。", code="rows.kind")
    standing = board(conn, today)
    numbers = {each.county: each.number for each in standing.of_report(kind, period) if each.number}
    if not numbers:
        raise DataProblem(f"还没有收到{title_of(kind, period)}。", advice="请先核收上报包。", code="ledger.empty")
    names: dict[str, str] = {}
    for number in numbers.values():
        names |= Labels(conn, number).names
    tables = _tables(conn, numbers)
    sample = sample_word(conn)
    facts = ReportFacts(
        title=f"{title_of(kind, period)}汇总{f'（{sample}）' if sample else ''}",
        lines=[
            *([("性质", SAMPLE_NOTE)] if sample else []),
            ("截至", today.isoformat()),
            *(("", line) for line in standing.sentences(kind, period)),
        ],
        names=names,
        tasks=_task_words(),
        tables={name: parts[0][1].title for name, parts in tables.items()},
        mark=SAMPLE_NOTE if sample else "",
    )
    with replacing(file, _WHAT) as out:
        archive = ZipWriter(out)
        report = PackageReport(archive, facts)
        _standing_sheet(report, standing, kind, period)
        left_out = _left_out(standing, kind, period)
        if Period.parse(period).is_month:
            _roll_up_sheet(report, roll_up(conn, Period.parse(period)), standing, left_out)
        if "quota" in tables:
            _year_sheet(report, "全市目标与分解汇总", year_lines(conn, kind, period), standing, left_out)
        if "evaluation" in tables:
            _year_sheet(report, "全市自评汇总", evaluation_lines(conn, kind, period), standing, left_out)
        _totals_sheet(report, tables, standing)
        for place, parts in enumerate(tables.values()):
            progress.step(place, len(tables), "正在写入汇总表")
            _table_sheet(conn, report, parts, standing)
        report.finish()
        archive.finish()
    return file


Parts = list[tuple[str, LoadedTable, dict[str, Decimal]]]
"""County, its table, control totals by field name."""


def _tables(conn: sqlite3.Connection, numbers: dict[str, int]) -> dict[str, Parts]:
    found: dict[str, Parts] = {}
    for county, number in numbers.items():
        totals = dict(conn.execute("SELECT table_name, totals FROM package_table WHERE package = ?", (number,)))
        for loaded in loaded_tables(conn, number):
            if loaded.table not in _LEFT_OUT:
                sums = {name: Decimal(text) for name, text in json.loads(totals[loaded.table]).items()}
                found.setdefault(loaded.table, []).append((county, loaded, sums))
    return found


def _task_words() -> dict[str, str]:
    plan = load_catalogue()
    tasks: list[Task] = [*plan.clauses, *plan.targets]
    return {task.id: task_title(task) for task in tasks}


def _names(standing: Board) -> dict[str, str]:
    return {unit.key: unit.short_name for unit in standing.units}


def _sheet(report: PackageReport, title: str, heads: Sequence[tuple[str, float]], lines: Iterator[list[Cell]]) -> None:
    frozen = f"C{_HEAD_ROW + 1}"
    with report.sheet(title, [width for _, width in heads], frozen=frozen, head=_HEAD_ROW) as sheet:
        sheet.add([text_cell("A1", Style.TITLE, title)], height=28)
        sheet.add([])
        letters = [column_letters(number) for number in range(1, len(heads) + 1)]
        spelt = [text_cell(f"{at}{_HEAD_ROW}", Style.HEAD, head) for at, (head, _) in zip(letters, heads, strict=True)]
        sheet.add(spelt, height=32)
        for line in lines:
            row = sheet.row
            sheet.add([_cell(f"{at}{row}", cell) for at, cell in zip(letters, line, strict=True)])
        sheet.finish(sheet.row - 1)


def _cell(place: str, cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return number_cell(place, Style.FREE, f"{cell:f}")
    return text_cell(place, Style.TEXT, cell or "")


def _standing_sheet(report: PackageReport, standing: Board, kind: str, period: str) -> None:
    names = _names(standing)
    heads = [("县市区", 14.0), ("状态", 8.0), ("次数", 6.0), ("收到日期", 12.0), ("截止日", 12.0), ("行数", 9.0)]

    def lines() -> Iterator[list[Cell]]:
        for each in standing.of_report(kind, period):
            came, due = (day.isoformat() if day else "" for day in (each.first_on, each.due))
            numbers = [Decimal(number) if each.number else None for number in (each.sequence, each.rows, each.remarks)]
            superseded = "、".join(each.superseded)
            yield [
                names[each.county],
                each.state.value,
                numbers[0],
                came,
                due,
                numbers[1],
                each.name,
                superseded,
                numbers[2],
            ]

    _sheet(report, "各县报送", [*heads, ("上报包", 30.0), ("代替", 30.0), ("未关闭意见", 12.0)], lines())


def _left_out(standing: Board, kind: str, period: str) -> str:
    """Return who reported by another edition of the plan, "" when nobody did."""
    names = _names(standing)
    left = [names[each.county] for each in standing.of_report(kind, period) if each.left_out]
    return f"{LEFT_OUT}：{'、'.join(left)}" if left else ""


def _roll_up_sheet(report: PackageReport, found: RollUp, standing: Board, left_out: str) -> None:
    names = _names(standing)
    heads = [
        ("编号", 10.0),
        ("指标", 34.0),
        ("口径", 8.0),
        ("单位", 9.0),
        ("全市合计", 13.0),
        ("折合方案单位", 13.0),
        ("方案目标", 12.0),
        ("方案单位", 10.0),
        ("县级目标之和", 13.0),
        *((names[county], 11.0) for county in found.counties),
        ("说明", 40.0),
    ]
    reported = {each.county for each in standing.of_report("monthly", str(found.period)) if each.number}
    missing = [unit.short_name for unit in standing.units if unit.key not in reported]

    def lines() -> Iterator[list[Cell]]:
        for line in found.lines:
            yield [*_line_cells(line), *(amount_of(line, county) for county in found.counties), line.notes]
        for told in (f"没有报的：{'、'.join(missing)}" if missing else "", left_out):
            if told:
                yield ["", told, *[None] * (len(heads) - 2)]

    _sheet(report, "全市进度汇总", heads, lines())


def _line_cells(line: Line) -> list[Cell]:
    target = line.target
    indent = "　其中：" if target.part_of else ""
    city = line.city.figure.value if line.city.figure is not None else None
    return [
        target.id,
        indent + target.indicator,
        MEASURES.get(line.due.measure, ""),
        line.due.unit_shown,
        city,
        line.city_amount if line.due.kind is FigureKind.AMOUNT else None,
        target.value,
        target.city_unit,
        line.city.quota,
    ]


def _year_sheet(report: PackageReport, title: str, found: Sequence[YearLine], standing: Board, left_out: str) -> None:
    names = _names(standing)
    present = [unit.key for unit in standing.units if any(unit.key in line.counties for line in found)]
    heads = [("编号", 10.0), ("任务", 34.0), ("年度", 8.0), ("项目", 11.0), ("单位", 9.0), ("全市合计", 13.0)]

    def lines() -> Iterator[list[Cell]]:
        for line in found:
            left = [names[county] for county in line.apart]
            told = f"单位不能换算，没有加进来：{'、'.join(left)}" if left else ""
            if line.city is None:
                told = told or "比率、阶段不相加"
            figures = [line.counties.get(county) for county in present]
            yield [line.task.id, line.title, line.year, line.what, line.unit, line.city, *figures, told]

        if left_out:
            yield ["", left_out, *[None] * (len(heads) + len(present) - 1)]

    _sheet(report, title, [*heads, *((names[county], 11.0) for county in present), ("说明", 30.0)], lines())


def _totals_sheet(report: PackageReport, tables: dict[str, Parts], standing: Board) -> None:
    names = _names(standing)

    def lines() -> Iterator[list[Cell]]:
        for parts in tables.values():
            title = parts[0][1].title
            schema = _common_schema(parts)
            yield [title, "全市", "行数", Decimal(sum(loaded.rows for _, loaded, _ in parts)), ""]
            for county, loaded, _ in parts:
                yield [title, names[county], "行数", Decimal(loaded.rows), ""]
            for each in filter(summable, schema.fields):
                whole = sum((sums.get(each.name, Decimal(0)) for _, _, sums in parts), Decimal(0))
                if whole:
                    yield [title, "全市", each.title, whole, each.unit]
                    for county, _, sums in parts:
                        yield [title, names[county], each.title, sums.get(each.name, Decimal(0)), each.unit]

    _sheet(report, "分县合计", [("表", 20.0), ("县市区", 12.0), ("项目", 24.0), ("数", 16.0), ("单位", 10.0)], lines())


def _table_sheet(conn: sqlite3.Connection, report: PackageReport, parts: Parts, standing: Board) -> None:
    names = _names(standing)
    schema = _common_schema(parts)
    columns = ["id", *schema.names]
    with report.table(replace(schema, fields=(_COUNTY, *schema.fields))) as table:
        totals: dict[str, Decimal] = {}
        for county, loaded, sums in parts:
            for name, amount in sums.items():
                totals[name] = totals.get(name, Decimal(0)) + amount
            for rows in read_rows(conn, loaded, columns):
                ids, *cells = zip(*rows, strict=True)
                table.add([ids, [names[county]] * len(rows), *cells])
        table.end(totals)


def _common_schema(parts: Parts) -> TableSchema:
    """Return a definition with the fields of all counties' editions, those of the newest first."""
    schemas = sorted((loaded.schema for _, loaded, _ in parts), key=lambda schema: -schema.edition)
    fields = {each.name: each for schema in reversed(schemas) for each in schema.fields}
    order = dict.fromkeys(name for schema in schemas for name in schema.names)
    return replace(schemas[0], fields=tuple(fields[name] for name in order))
