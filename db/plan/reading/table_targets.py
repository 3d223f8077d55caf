"""The targets in the rows of a table.

A row of amounts (指标 / 单位 / 2020年 / 2021年 … 2023年 / 责任单位) is put into the sentences it stands for, one for
each year, and these are read like any other. Every target of a row quotes the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from db.plan.model import Clause, Target
from db.plan.reading.model import Cell, TargetReading
from db.plan.reading.naming import shortened
from db.plan.reading.plain_form import plain_form
from db.plan.reading.table_rows import YEAR, TableRow
from db.plan.reading.targets import read_targets
from db.plan.vocabulary import Comparator, DeadlineBasis, Nature, ValueKind

_SIGNS = {
    **dict.fromkeys("≥≧", "不低于"),
    **dict.fromkeys("≤≦", "不超过"),
    **dict.fromkeys("＞>", "超过"),
    **dict.fromkeys("＜<", "小于"),
}
_AMOUNT = re.compile("([≥≤＞>＜<≧≦]?)[ ]?[（\\[〔]?([+-]?[0-9]+(?:,[0-9]{3})*(?:\\.[0-9]+)?)[）\\]〕]?(.*)")
_BASE = re.compile("现状|基期|基准|基数|实际|完成值|基础值")
_AIM = re.compile("目标|指标值|任务量|计划")
_UNIT_IN_NAME = re.compile("[（(]([^（()）]{1,12})[)）]$")
_A_UNIT = re.compile("[%％‰吨米户台辆家个元时里亩瓦升焦人次处座株条项公顷度级万亿]")
_TOTAL = re.compile("[合总小]?[ ]?计")
_TASK = re.compile("^20[0-9]{2}年(?:度)?|(?:目标)?(?:任务)?(?:分解|安排|计划|分配|一览|明细)?(?:任务)?表?$")
_CHANGE = re.compile("(?:下降|降低|减少|压减|提高|增长|增加|提升)(?:率|幅度|比例)?$")


@dataclass(frozen=True)
class _Value:
    """An amount in a row: the year it is for, and the sentence it stands for; `name` is what is measured, `place` who
    the row is about where its columns say what is measured, `total` whether it sums up the rest of its row.
    """

    year: int
    title: str
    sentence: str
    signed: bool
    name: str
    place: str = ""
    total: bool = False


def has_amounts(row: TableRow) -> bool:
    """Return whether the row gives amounts: for years, as a target, or under titles with units; and not a text."""
    return any(_AMOUNT.match(plain_form(cell.text)) for _, cell in _value_columns(row)) or bool(_measures(row))


def read_rows(rows: Sequence[tuple[Clause, TableRow]], *, begins: date, ends: date) -> TargetReading:
    """Return the targets of clauses that are rows of amounts; each year with an amount is a target of its own."""
    targets: list[Target] = []
    for clause, row in rows:
        base = _baseline(row, begins)
        values = list(_values(row, begins, ends)) or list(_measured(row, ends))
        whole = next((f"{clause.id}-{number}" for number, value in enumerate(values, start=1) if value.total), None)
        for number, value in enumerate(values, start=1):
            if target := _target(clause, value, begins=begins, ends=ends):
                if whole and not value.total:
                    target = replace(target, part_of=whole)
                level = target.value_kind is ValueKind.LEVEL and target.nature is Nature.TARGET
                year, amount = base if base and level else (target.baseline_year, target.baseline_value)
                target = replace(target, id=f"{clause.id}-{number}", baseline_year=year, baseline_value=amount)
                targets.append(target)
    return TargetReading(targets=tuple(targets))


def _target(clause: Clause, value: _Value, *, begins: date, ends: date) -> Target | None:
    sentence = replace(clause, text=value.sentence)
    found = read_targets([sentence], begins=begins, ends=ends).targets
    target = next((one for one in found if one.value is not None), found[0] if found else None)
    if target is None:
        return None
    stated = bool(YEAR.search(value.title))
    return replace(
        target,
        start=0,
        end=len(clause.text),
        quote=clause.text,
        indicator=shortened(value.name),
        scope=value.place or target.scope,
        comparator=target.comparator if value.signed or target.value is None else Comparator.EQUAL,
        deadline=date(value.year, 12, 31),
        deadline_basis=DeadlineBasis.INFERRED,
        deadline_text=value.title if stated else "",
        part_of=None,
    )


def _values(row: TableRow, begins: date, ends: date) -> Iterator[_Value]:
    name, unit = _name(row)
    for title, cell in _value_columns(row):
        year = _year(title, ends)
        text = plain_form(cell.text)
        if _BASE.search(title) or year < begins.year or not re.search("[0-9\u4e00-\u9fff]", text):
            continue
        found = _AMOUNT.match(text)
        if found is None:
            yield _Value(year, title, f"到{year}年，{name}{text}。", True, name)
            continue
        rest = _with_unit(found[3], unit)
        verb = _SIGNS.get(found[1], "" if _CHANGE.search(name) else "达到")
        signed = bool(found[1] or re.search("以上|以内|以下|左右", rest))
        yield _Value(year, title, f"到{year}年，{name}{verb}{found[2]}{rest}。", signed, name)


def _measured(row: TableRow, ends: date) -> Iterator[_Value]:
    """Yield the amounts of a row whose columns say what is measured, and whose name for when or for whom."""
    within = YEAR.match(row.name)
    stated = within or YEAR.search(row.caption)
    year = int(stated[1]) if stated else ends.year
    measures = _measures(row)
    for title, unit, cell in measures:
        found = _AMOUNT.fullmatch(plain_form(cell.text))
        assert found is not None
        verb = _SIGNS.get(found[1], "" if _CHANGE.search(title) else "达到")
        total = len(measures) > 1 and _TOTAL.match(title) is not None
        yield _Value(
            year,
            stated[0] if stated else "",
            f"到{year}年，{title}{verb}{found[2]}{_with_unit(found[3], unit)}。",
            bool(found[1]),
            (_TASK.sub("", row.caption) or title) if total else title,
            "" if within else row.name,
            total,
        )


def _measures(row: TableRow) -> list[tuple[str, str, Cell]]:
    """Return the columns with a unit in their title and an amount in the row: what is measured, the unit, the cell."""
    found: list[tuple[str, str, Cell]] = []
    for title, cell in zip(row.titles, row.cells, strict=True):
        own = _UNIT_IN_NAME.search(title)
        if own is None or not _A_UNIT.search(own[1]) or _BASE.search(title) or cell.text == row.name:
            continue
        if _AMOUNT.fullmatch(plain_form(cell.text)):
            found.append((title[: own.start()], own[1], cell))
    return found


def _with_unit(words: str, unit: str) -> str:
    """Return what stands behind a figure with the unit of its column, where it has none of its own."""
    if unit and re.fullmatch("以上|以内|以下|左右|及以上|及以下", words):
        return unit + words
    return words if re.match("[%％‰\u4e00-\u9fffA-Za-z]", words) else unit + words


def _baseline(row: TableRow, begins: date) -> tuple[int, Decimal] | None:
    for title, cell in row.under("20[0-9]{2}|现状|基期|基准|基数"):
        found = _AMOUNT.fullmatch(plain_form(cell.text))
        year = _year(title, date(begins.year - 1, 1, 1))
        if found and (year < begins.year or _BASE.search(title)):
            return year, Decimal(found[2].replace(",", ""))
    return None


def _name(row: TableRow) -> tuple[str, str]:
    """Return what is measured and its unit: that of its column, of the name's own brackets, or of the amount."""
    units = [cell.text for _, cell in row.under("^(?:计量)?单位$") if cell.text not in ("/", "—", "-")]
    name = re.sub(r"\s", "", row.name)
    own = _UNIT_IN_NAME.search(name)
    if own and (units or _A_UNIT.search(own[1])):
        return name[: own.start()], (units or [own[1]])[0]
    return name, (units or [""])[0]


def _value_columns(row: TableRow) -> list[tuple[str, Cell]]:
    """Return the columns of years, or where there is none those that are called 目标."""
    years = [(title, cell) for title, cell in row.under("20[0-9]{2}") if cell.text != row.name]
    return years or [(title, cell) for title, cell in row.under(_AIM.pattern) if cell.text != row.name]


def _year(title: str, otherwise: date) -> int:
    found = YEAR.search(title)
    return int(found[1]) if found else otherwise.year
