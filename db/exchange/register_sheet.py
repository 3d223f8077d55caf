"""A register's definition read from the sheets of a workbook; every fault goes to the draft with its cell.

There is a sheet of fields (字段) and one of settings (设置); there may be one of choices (选项) and one of the targets
that the rows count towards (计入目标). Columns are known by their English or Chinese heading, in any order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from db.core import conditions
from db.core.errors import DataProblem, Problem
from db.core.expressions import Node, parse
from db.core.fields import Field, TableSchema
from db.core.schema_checks import check_counts
from db.core.schema_file import field_from_json
from db.core.schema_parts import with_parts
from db.core.text import fold_choice
from db.exchange.cells.model import Raw, SheetCells, place
from db.exchange.register_words import (
    CHOICE_COLUMNS,
    CHOICES,
    COLUMNS,
    COUNT_COLUMNS,
    COUNTS,
    FIELDS,
    HOW_WORDS,
    SETTING_COLUMNS,
    SETTINGS,
    TYPES,
)

_YES = ("是", "yes", "true", "1", "y", "√")
_COMMON_FRAGMENTS = ({"x-include": "project_common"}, {"x-include": "project_progress"})
_WIDTHS = {"date": 12, "boolean": 10, "year": 8, "number": 14, "integer": 12}


@dataclass
class RegisterDraft:
    """What a file says: the register, None while `problems` stand against it, and what was left out."""

    file_name: str
    schema: TableSchema | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class SheetReader:
    """Reads the sheets; what is wrong goes to the draft with its place."""

    def __init__(self, draft: RegisterDraft, sheets: Mapping[str, SheetCells]) -> None:
        self._draft = draft
        self._sheets = {fold_choice(name).casefold(): sheet for name, sheet in sheets.items()}

    def raw(self) -> dict[str, Any]:
        """Return the definition as JSON would say it; it is sound when the draft has no problems."""
        settings = self._settings()
        self._choices = self._choice_lists()
        self._known: dict[str, Field] = {}
        self._conditions: list[tuple[int, int, Node, conditions.Kind]] = []
        if settings["common"]:
            entries = with_parts({"fields": list(_COMMON_FRAGMENTS)}, "")
            self._known = {entry["name"]: field_from_json(entry) for entry in entries}
        fields = list(self._fields())
        self._check_conditions()
        if not fields and not self._draft.problems:
            self._fault(FIELDS[0], 1, 0, "没有一个字段", "请至少写一个字段。")
        counts = list(self._counts())
        common = settings.pop("common")
        if common:
            fields = [_COMMON_FRAGMENTS[0], *fields, _COMMON_FRAGMENTS[1]]
        named = [entry["name"] for entry in fields if "name" in entry]
        initials_of = "name" if common else named[0] if named else ""
        return {**settings, "x-initials-of": initials_of, "x-counts-towards": counts, "fields": fields}

    def _fault(self, sheet: str, row: int, column: int, what: str, advice: str, code: str = "register.sheet") -> None:
        self._draft.problems.append(Problem(code, f"{what}。", advice, f"{sheet}!{place(row, column)}"))

    def _table(
        self, names: tuple[str, ...], known: Mapping[str, str]
    ) -> Iterator[tuple[int, dict[str, tuple[int, str]]]]:
        """Yield row number and, by column, place and text of every row that is not empty."""
        sheet = next((self._sheets[name] for name in names if name in self._sheets), None)
        if sheet is None or not sheet.rows:
            self._draft.problems.append(
                Problem("register.sheet", f"没有工作表“{names[0]}”。", f"请照模板补上（也可以叫 {names[1]}）。")
            )
            return
        for (row, column), what in sheet.faults.items():
            self._fault(names[0], row, column, what.rstrip("。"), "请直接写出内容，不用公式。")
        columns: dict[int, str] = {}
        for column, cell in enumerate(sheet.rows[0]):
            heading = _text(cell).casefold()
            found = next((key for key, title in known.items() if heading in (key, title, f"{title} {key}")), None)
            if found and found not in columns.values():
                columns[column] = found
            elif heading:
                self._draft.notes.append(f"工作表“{names[0]}”的列“{_text(cell)}”不认得，没有采用。")
        for number, cells in enumerate(sheet.rows[1:], 1):
            texts = {columns[column]: (column, _text(cell)) for column, cell in enumerate(cells) if column in columns}
            if any(text for _, text in texts.values()):
                yield number, texts

    def _settings(self) -> dict[str, Any]:
        rows = list(self._table(SETTINGS, SETTING_COLUMNS))
        number, cells = rows[0] if rows else (1, {})
        said = {key: text for key, (_, text) in cells.items()}
        for key in ("name", "title"):
            if rows and not said.get(key):
                column = cells.get(key, (0, ""))[0]
                self._fault(SETTINGS[0], number, column, f"没有填写“{SETTING_COLUMNS[key]}”", "请填写。")
        edition = said.get("edition", "") or "1"
        if not edition.isdecimal() or not 1 <= int(edition) < 10**6:
            self._fault(SETTINGS[0], number, cells["edition"][0], f"版次“{edition}”不是正整数", "请填1、2、3这样的数。")
            edition = "1"
        return {
            "name": said.get("name", ""),
            "title": said.get("title", ""),
            "x-edition": int(edition),
            "x-clauses": _words(said.get("clauses", "")),
            "x-key": _words(said.get("key", "")),
            "x-help": said.get("help", ""),
            "common": (said.get("common") or "是").casefold() in _YES,
        }

    def _choice_lists(self) -> dict[str, list[str]]:
        lists: dict[str, list[str]] = {}
        if not any(name in self._sheets for name in CHOICES):
            return lists
        for number, cells in self._table(CHOICES, CHOICE_COLUMNS):
            name, label = cells.get("list_name", (0, ""))[1], cells.get("label", (1, ""))[1]
            if not name or not label:
                self._fault(CHOICES[0], number, 0 if not name else 1, "选项组和选项都要填写", "请补上，或删去这一行。")
            elif label in lists.setdefault(name, []):
                self._fault(CHOICES[0], number, cells["label"][0], f"选项“{label}”重复", "请删去一个。")
            else:
                lists[name].append(label)
        return lists

    def _counts(self) -> Iterator[dict[str, str]]:
        """Yield what the rows count towards; a count that cannot be made is a fault of its row."""
        if not any(name in self._sheets for name in COUNTS):
            return
        for number, cells in self._table(COUNTS, COUNT_COLUMNS):
            entry = {key: text for key, (_, text) in cells.items() if text}
            how = entry.get("how", "")
            entry["how"] = next((key for key, title in HOW_WORDS.items() if how in (key, title)), how)
            try:
                if entry["how"] not in HOW_WORDS:
                    known = "、".join(HOW_WORDS.values())
                    raise DataProblem(f"计算方式“{how}”不认得。", advice=f"请选填：{known}。")
                check_counts([entry], tuple(self._known.values()), "")
            except DataProblem as problem:
                what = problem.message.removeprefix("表的定义有误：").removeprefix("：x-counts-towards ").rstrip("。")
                column = cells.get("how" if entry["how"] not in HOW_WORDS else "target", (0, ""))[0]
                advice = problem.advice if entry["how"] not in HOW_WORDS else "请修改这一行。"
                self._fault(COUNTS[0], number, column, what, advice)
                continue
            yield entry

    def _fields(self) -> Iterator[dict[str, Any]]:
        group = ""
        for number, cells in self._table(FIELDS, COLUMNS):
            said = {key: text for key, (_, text) in cells.items() if text}
            kind = said.get("type", "").casefold()
            if kind in ("begin group", "begin_group", "end group", "end_group"):
                group = said.get("label", "") if kind.startswith("begin") else ""
                continue
            entry = self._entry(number, cells, said)
            if entry is None:
                continue
            entry["x-group"] = said.get("group") or group or "登记内容"
            if entry["name"] in self._known:
                what = f"字段名 {entry['name']} 重复"
                self._fault(FIELDS[0], number, cells["name"][0], what, "请换一个字段名。")
                continue
            try:
                self._known[entry["name"]] = field_from_json(entry)
            except DataProblem as problem:
                column = cells.get("name", (0, ""))[0]
                what = problem.message.rstrip("。").removeprefix("表的定义有误：")
                self._fault(FIELDS[0], number, column, what, "请修改。")
            yield entry

    def _entry(
        self, number: int, cells: Mapping[str, tuple[int, str]], said: Mapping[str, str]
    ) -> dict[str, Any] | None:
        missing = [key for key in ("name", "label", "type") if key not in said]
        for key in missing:
            column = cells[key][0] if key in cells else 0
            self._fault(FIELDS[0], number, column, f"没有填写“{COLUMNS[key]}”", "请填写。")
        if missing:
            return None
        kind, _, list_name = said["type"].partition(" ")
        found = next((key for key, (title, _) in TYPES.items() if kind.casefold() in (key, title)), None)
        if found is None:
            known = "、".join(f"{title}（{key}）" for key, (title, _) in TYPES.items())
            self._fault(FIELDS[0], number, cells["type"][0], f"类型“{said['type']}”不认得", f"请选填：{known}。")
            return None
        entry: dict[str, Any] = {"name": said["name"], "title": said["label"], **deepcopy(TYPES[found][1])}
        constraints = entry.pop("constraints", {})
        if found == "select_one":
            constraints["enum"] = self._chosen(number, cells, list_name or said.get("choices", ""))
        if said.get("required", "").casefold() in _YES:
            constraints["required"] = True
        if constraints and "calculation" not in said:
            entry["constraints"] = constraints
        entry["x-width"] = _WIDTHS.get(entry["type"], 24 if entry.get("x-long") else 16)
        self._put_rest(number, cells, said, entry)
        return entry

    def _put_rest(
        self, number: int, cells: Mapping[str, tuple[int, str]], said: Mapping[str, str], entry: dict[str, Any]
    ) -> None:
        expressions: tuple[tuple[str, str, conditions.Kind], ...] = (
            ("relevant", "x-relevant", "boolean"),
            ("constraint", "x-constraint", "boolean"),
            ("calculation", "x-computed", "number"),
        )
        for column, key, kind in expressions:
            if column in said:
                try:
                    self._conditions.append((number, cells[column][0], parse(said[column], said["name"]), kind))
                    entry[key] = said[column]
                except DataProblem as problem:
                    self._fault(FIELDS[0], number, cells[column][0], problem.message.rstrip("。"), problem.advice)
        for column, key in (
            ("constraint_message", "x-constraint-message"),
            ("unit", "x-unit"),
            ("default", "x-default"),
            ("formerly", "x-formerly"),
        ):
            if column in said:
                entry[key] = said[column]
        if "decimals" in said:
            entry["x-decimals"] = int(said["decimals"]) if said["decimals"].isdecimal() else -1
        if said.get("personal", "").casefold() in _YES:
            entry["x-personal"] = True
        words = [said["help"]] if "help" in said else []
        if "clause" in said:
            words.append(f"（{said['clause']}）")
        if words:
            entry["x-help"] = "".join(words)

    def _check_conditions(self) -> None:
        """Hold every condition against the fields, once all of them are known."""
        for number, column, node, kind in self._conditions:
            try:
                conditions.check(node, self._known, kind)
            except DataProblem as problem:
                self._fault(FIELDS[0], number, column, problem.message.rstrip("。"), problem.advice)

    def _chosen(self, number: int, cells: Mapping[str, tuple[int, str]], named: str) -> list[str]:
        """Return the choices: a list of the sheet 选项, or written in the cell itself, separated by 、 or |."""
        column = cells.get("choices", cells["type"])[0]
        if named in self._choices:
            return self._choices[named]
        written = [each.strip() for each in named.replace("|", "、").split("、") if each.strip()]
        if len(written) < 2:
            advice = "请在“选项”工作表中写出，或在格中用“、”隔开写出。"
            self._fault(FIELDS[0], number, column, f"没有选项组“{named}”", advice)
        return written


def _words(text: str) -> list[str]:
    return [word for word in re.split("[、，,；;\\s]+", text) if word]


def _text(cell: Raw) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip() if cell is not None else ""
