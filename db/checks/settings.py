"""The city's settings of rules: which may be lighter, weightier, off, or waived for some units, by which document.

    judged(name, sha256, head, lines) -> SettingsFile      `db.exchange.rule_settings_file` reads .json and .xlsx
    load_settings(op, file) -> int                         one operation, all of it or nothing
    settings_in_force(conn) -> [SettingLine]

A file that names a rule replaces what former files said about that rule; rules that it does not name stay as they were.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache

from db.checks.model import Level
from db.checks.rulebook import Rule, rulebook
from db.checks.tuning import OFF, Tuning, codes_in, tuning_of
from db.core import credit_code
from db.core.divisions import counties
from db.core.errors import DataProblem, Problem
from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell
from db.store import records
from db.store.operation import Operation

TABLE = "rule_setting"
OFF_TITLE = "停用"
LEVEL_WORDS = {**{level.title: level.value for level in Level}, OFF_TITLE: OFF} | {
    word: word for word in (*map(str, Level), OFF)
}
"""The classes as a file may spell them."""

FIELDS = {
    "rule": "规则编号",
    "level": "类别",
    "threshold": "阈值",
    "from": "起始期",
    "to": "终止期",
    "waived": "免审单位",
    "document_number": "文号",
    "issued_on": "下发日期",
    "note": "备注",
}
"""The keys of a line in a .json and its columns in an .xlsx; the last three may stand once for the whole file."""

_CODE = re.compile(r"[0-9]{6}|[0-9]{9}")


@cache
def _keys() -> frozenset[str]:
    """Return the keys of the counties, among them those of the zones that have no code."""
    return frozenset(county.key.upper() for county in counties())


@dataclass(frozen=True)
class SettingLine:
    """One line of a settings file as it is understood; `cells` are those of the table `rule_setting`."""

    rule: Rule
    tuning: Tuning
    cells: Mapping[str, Cell]

    @property
    def sentence(self) -> str:
        """Return what the line does, for a person."""
        own, told = self.tuning, []
        if own.level:
            was, now = self.rule.level.title, OFF_TITLE if own.level == OFF else Level(own.level).title
            told.append(f"{was}改为{now}" if was != now else f"仍为{now}")
        if own.threshold is not None:
            before = "" if self.rule.threshold is None else f"{self.rule.threshold.normalize():f}"
            told.append(f"阈值{before}改为{own.threshold.normalize():f}{self.rule.unit}")
        if own.waived:
            told.append(f"对{'、'.join(sorted(own.waived))}免审")
        when = "—".join(part for part in (own.from_period or "即日起", own.to_period) if part)
        period = f"（{when}）" if own.from_period or own.to_period else ""
        return f"{self.rule.code} {self.rule.title}：{'，'.join(told)}{period}。文号：{own.document_number}。"


@dataclass
class SettingsFile:
    """What a file says, line by line, and what is wrong with it; with a problem nothing of it is taken."""

    name: str
    sha256: str
    lines: list[SettingLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def judged(
    name: str, sha256: str, head: Mapping[str, object], lines: Sequence[tuple[str, Mapping[str, object]]]
) -> SettingsFile:
    """Return the file as it is understood: of `lines` each has its place and its values by the keys of `FIELDS`.

    `head` holds what stands once for the whole file. Every fault is listed.
    """
    found = SettingsFile(name, sha256)
    seen: set[tuple[object, ...]] = set()
    for place, given in lines:
        reader = _Line({**head, **{key: value for key, value in given.items() if value not in (None, "")}})
        line = reader.read(name, sha256)
        found.problems += [Problem(each.code, each.message, each.advice, place) for each in reader.problems]
        if line is not None:
            key = (line.rule.code, line.tuning.from_period, line.tuning.to_period, line.tuning.waived)
            if key in seen:
                what = f"规则{line.rule.code}同一时期写了两次。"
                found.problems.append(Problem("settings.twice", what, "请只留一行。", place))
            seen.add(key)
            found.lines.append(line)
    if not lines:
        found.problems.append(Problem("settings.empty", "文件里没有一条规则设置。", "请核对是不是发错了文件。"))
    return found


def load_settings(op: Operation, file: SettingsFile) -> int:
    """Take the file's settings in and return how many lines; DataProblem, with nothing taken, when it has problems."""
    if file.problems:
        told = "；".join(problem.sentence() for problem in file.problems)
        raise DataProblem(f"“{file.name}”有{len(file.problems)}个问题，没有载入：{told}", code="settings")
    schema = load_schema(TABLE)
    codes = sorted({line.rule.code for line in file.lines})
    former = op.conn.execute(
        f"SELECT id FROM rule_setting WHERE deleted_at IS NULL AND {records.in_list('rule', codes)}", codes
    ).fetchall()
    records.delete(op, schema, [row_id for (row_id,) in former])
    records.insert_many(op, schema, [line.cells for line in file.lines])
    return len(file.lines)


def settings_in_force(conn: sqlite3.Connection) -> list[SettingLine]:
    """Return the settings that the county has, rules that this program does not know left out."""
    found = []
    for row in records.select(conn, load_schema(TABLE), "t.deleted_at IS NULL", (), "ORDER BY t.seq"):
        rule = rulebook().get(str(row.values["rule"]))
        if rule is not None:
            found.append(SettingLine(rule, tuning_of(row.values), row.values))
    return found


class _Line:
    """Reads the values of one line; `problems` are all that is wrong with it."""

    def __init__(self, given: Mapping[str, object]) -> None:
        self._given = given
        self.problems: list[Problem] = []

    def read(self, name: str, sha256: str) -> SettingLine | None:
        strange = [key for key in self._given if key not in FIELDS]
        if strange:
            self._fault(f"不认得“{strange[0]}”。", f"可以写的是：{'、'.join(FIELDS)}。")
        rule = rulebook().get(self._text("rule"))
        if rule is None:
            self._fault(f"没有编号为“{self._text('rule')}”的规则。", "请核对规则编号。")
        cells: dict[str, Cell] = {
            "rule": rule.code if rule else None,
            "level": self._level(),
            "threshold": self._threshold(rule),
            "from_period": self._period("from"),
            "to_period": self._period("to"),
            "waived": self._waived(),
            "document_number": self._parsed("document_number", "document_number"),
            "issued_on": self._parsed("issued_on", "issued_on"),
            "source_name": name[:255],
            "source_sha256": sha256,
            "note": self._parsed("note", "note"),
        }
        if cells["document_number"] is None:
            self._fault("没有文号。", "调整规则要有市里的文件，请写明文号。")
        if not any(cells[each] is not None for each in ("level", "threshold", "waived")):
            self._fault("没有写改什么。", "类别、阈值、免审单位至少写一项。")
        first, last = cells["from_period"], cells["to_period"]
        if isinstance(first, str) and isinstance(last, str) and last[: len(first)] < first[: len(last)]:
            self._fault(f"终止期{last}早于起始期{first}。", "请核对。")
        if self.problems or rule is None:
            return None
        return SettingLine(rule, tuning_of(cells), cells)

    def _text(self, key: str) -> str:
        value = self._given.get(key)
        if isinstance(value, list):
            return "，".join(map(str, value))
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return "" if value is None else str(value).strip()

    def _level(self) -> str | None:
        text = self._text("level")
        if text and text not in LEVEL_WORDS:
            self._fault(f"类别“{text}”不认得。", f"请写：{'、'.join([*(level.title for level in Level), OFF_TITLE])}。")
            return None
        return LEVEL_WORDS[text] if text else None

    def _threshold(self, rule: Rule | None) -> Cell:
        threshold = self._parsed("threshold", "threshold")
        if threshold is None or rule is None:
            return threshold
        if rule.threshold is None:
            self._fault(f"规则{rule.code}没有阈值。", "请删去阈值。")
        elif not isinstance(threshold, Decimal) or threshold < 0:
            self._fault(f"阈值{self._text('threshold')}不能用。", "请写0或大于0的数。")
        return threshold

    def _period(self, key: str) -> str | None:
        text = self._text(key)
        try:
            return str(Period.parse(text)) if text else None
        except DataProblem as problem:
            self._fault(f"{FIELDS[key]}{problem.message}", problem.advice)
            return None

    def _waived(self) -> str | None:
        codes = codes_in(self._text("waived"))
        for code in codes:
            if not _CODE.fullmatch(code) and code not in _keys() and credit_code.problem_of(code):
                advice = "请写县级六位、镇街九位区划代码或18位统一社会信用代码，用逗号隔开。"
                self._fault(f"免审单位“{code}”不是代码。", advice)
        return ",".join(codes) or None

    def _parsed(self, key: str, name: str) -> Cell:
        value: object = self._given.get(key)
        raw = value if isinstance(value, date | int | float) and not isinstance(value, bool) else self._text(key)
        try:
            return load_schema(TABLE).field(name).parse(raw)
        except DataProblem as problem:
            self._fault(problem.message, problem.advice)
            return None

    def _fault(self, message: str, advice: str) -> None:
        self.problems.append(Problem("settings", message, advice))
