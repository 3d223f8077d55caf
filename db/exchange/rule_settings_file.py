"""The city's file of rule settings, .json or .xlsx: its lines with their places, to be judged by `db.checks.settings`.

    read_settings_file(path) -> SettingsFile

The .json: {"format": "sijian-rule-settings", "version": 1, "document_number": …, "issued_on": …, "rules": […]}, a rule
like {"rule": "L02", "level": "hint", "threshold": 80, "from": "2022-03", "to": "2022-12", "waived": ["370783101"]}.
The .xlsx: a line with the titles of `FIELDS` (规则编号, 类别, 阈值, …), and below it a setting in a line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from db.checks.settings import FIELDS, SettingsFile, judged
from db.core.errors import DataProblem
from db.core.file_kinds import Kind, meant, refuse_other
from db.core.text import fold_choice
from db.exchange.cells.model import Raw, place
from db.exchange.plain_lines import read_lines
from db.store.files import explained

FORMAT, VERSION = "sijian-rule-settings", 1
MOST_BYTES, MOST_LINES = 2 * 2**20, 2000
_HEAD_KEYS = ("document_number", "issued_on", "note")
_WHAT = "读取规则设置文件"


def read_settings_file(path: Path) -> SettingsFile:
    """Return what the file says, every fault with its place; DataProblem when it is no settings file at all."""
    refuse_other(path, Kind.RULES, Kind.WORKBOOK)
    with meant(path, Kind.RULES, Kind.WORKBOOK):
        return _read(path)


def _read(path: Path) -> SettingsFile:
    with explained(_WHAT, path):
        if path.stat().st_size > MOST_BYTES:
            raise DataProblem(f"“{path.name}”超过2MB，不像规则设置。", advice="请核对文件。", code="settings.file")
        data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    match path.suffix.lower():
        case ".json":
            head, lines = _of_json(path.name, data)
        case ".xlsx":
            head, lines = {}, _of_sheet(read_lines(path))
        case _:
            raise DataProblem(
                f"“{path.name}”不是 .json 或 .xlsx。", advice="请选择市里下发的原文件。", code="settings.file"
            )
    if len(lines) > MOST_LINES:
        raise DataProblem(f"文件有{len(lines)}行，最多{MOST_LINES}行。", advice="请核对文件。", code="settings.file")
    return judged(path.name, digest, head, lines)


Lines = list[tuple[str, Mapping[str, object]]]


def _of_json(name: str, data: bytes) -> tuple[dict[str, object], Lines]:
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DataProblem(f"“{name}”不是完整的 JSON 文件。", advice="请重新索取文件。", code="settings.file") from error
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise DataProblem(f"“{name}”不是规则设置文件。", advice="请选择市里下发的规则设置。", code="settings.file")
    if raw.get("version") != VERSION:
        raise DataProblem(
            f"“{name}”是第{raw.get('version')}版的规则设置，本程序只认第{VERSION}版。",
            advice="请升级程序后再载入。",
            code="settings.version",
        )
    rules = raw.get("rules")
    if not isinstance(rules, list) or not all(isinstance(each, dict) for each in rules):
        raise DataProblem(f"“{name}”里的 rules 不是一列设置。", advice="请重新索取文件。", code="settings.file")
    head = {key: raw[key] for key in _HEAD_KEYS if key in raw}
    return head, [(f"第{number}条", each) for number, each in enumerate(rules, 1)]


def _of_sheet(rows: Sequence[Sequence[Raw]]) -> Lines:
    titles = {fold_choice(title): key for key, title in FIELDS.items()}
    for number, row in enumerate(rows[:10]):
        keys = {at: titles[fold] for at, cell in enumerate(row) if (fold := fold_choice(str(cell or ""))) in titles}
        if {"rule", "document_number"} <= set(keys.values()):
            return [
                (place(at, 0), {key: line[column] for column, key in keys.items() if column < len(line)})
                for at, line in enumerate(rows[number + 1 :], number + 1)
                if any(cell not in (None, "") for cell in line)
            ]
    raise DataProblem(
        "没有找到“规则编号”和“文号”两列。",
        advice=f"第一行写列名：{'、'.join(FIELDS.values())}；下面一行一条设置。",
        code="settings.heads",
    )
