"""A register's definition from outside, an .xlsx in the manner of XLSForm or our own .json: read, then loaded.

Nothing of it is run: conditions are read by `db.core.expressions`, patterns are not taken from outside, and the table
is always the register's own.

    read_register(path) -> RegisterDraft           nothing is written; every fault with its cell
    load_register(op, schema) -> TableSchema       all rows that are there are kept
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from db.core.errors import DataProblem, Problem
from db.core.fields import TableSchema, schema_from_json
from db.core.file_kinds import Kind, meant, refuse_other
from db.exchange.cells.read import read_sheets
from db.exchange.register_sheet import RegisterDraft, SheetReader
from db.store.files import explained
from db.store.operation import Operation
from db.work.registers import ensure_registers, find_register

MOST_FIELDS, MOST_JSON = 300, 2 * 2**20


def read_register(path: Path) -> RegisterDraft:
    """Return what the file defines, with every fault found; DataProblem when it cannot be read at all."""
    refuse_other(path, Kind.REGISTER, Kind.WORKBOOK)
    with meant(path, Kind.REGISTER, Kind.WORKBOOK):
        return _read(path)


def _read(path: Path) -> RegisterDraft:
    draft = RegisterDraft(path.name)
    if path.suffix.lower() == ".json":
        raw = _json(path)
    elif path.suffix.lower() == ".xlsx":
        raw = SheetReader(draft, read_sheets(path).sheets).raw()
    else:
        raise DataProblem(f"“{path.name}”不是清单定义。", advice="请选择 .xlsx 或 .json 文件。", code="register.file")
    if not draft.problems:
        try:
            draft.schema = schema_from_json(_made_safe(raw, draft))
        except DataProblem as problem:
            draft.problems.append(Problem(problem.code, problem.message, problem.advice))
    return draft


def load_register(op: Operation, schema: TableSchema) -> TableSchema:
    """Take the register into the county file, all its rows kept; DataProblem when this edition is there already."""
    present = find_register(op.conn, schema.name)
    if present is not None and present.edition >= schema.edition:
        raise DataProblem(
            f"“{schema.title}”在本县数据中已是第{present.edition}版，文件里是第{schema.edition}版，没有载入。",
            advice="如果定义有改动，请把文件中的版次改大后再载入。",
            code="register.edition",
        )
    (loaded,) = ensure_registers(op, [schema])
    return loaded


def _json(path: Path) -> Any:
    with explained("读取清单定义", path):
        if path.stat().st_size > MOST_JSON:
            raise DataProblem(f"“{path.name}”太大，不像清单定义。", advice="请核对文件。", code="register.file")
        try:
            return json.loads(path.read_text(encoding="utf-8-sig"))
        except (ValueError, RecursionError) as error:
            what = f"“{path.name}”不是完整的 JSON 文件。"
            raise DataProblem(what, advice="请重新索取文件。", code="register.file") from error


def _made_safe(raw: Any, draft: RegisterDraft) -> dict[str, Any]:
    """Return the definition as one from outside may be: a register in its own table, without patterns."""
    if not isinstance(raw, dict):
        raise DataProblem("文件的内容不是一张清单的定义。", advice="请核对文件。", code="register.file")
    fields = raw.get("fields")
    if isinstance(fields, list) and len(fields) > MOST_FIELDS:
        what = f"有{len(fields)}个字段，最多{MOST_FIELDS}个。"
        raise DataProblem(what, advice="请分成几张清单。", code="register.file")
    safe = {**raw, "x-kind": "register", "x-table": f"register_{raw.get('name')}"}
    safe["fields"] = [_without_pattern(entry, draft) for entry in fields] if isinstance(fields, list) else fields
    return safe


def _without_pattern(entry: Any, draft: RegisterDraft) -> Any:
    constraints = entry.get("constraints") if isinstance(entry, dict) else None
    if not isinstance(constraints, dict) or "pattern" not in constraints:
        return entry
    draft.notes.append(f"字段“{entry.get('title')}”的格式要求（pattern）没有采用。")
    return {**entry, "constraints": {key: value for key, value in constraints.items() if key != "pattern"}}
