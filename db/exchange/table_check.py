"""Checking one CSV of a package against its definition, row by row, in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from db.core.errors import Problem
from db.core.text import quote
from db.exchange.columns import ColumnCheck
from db.exchange.csv_text import CsvFault, csv_batches
from db.exchange.package_tables import ROW_ID_PATTERN, PackageTable
from db.exchange.verdict import Findings

MOST_ROWS = 5_000_000
"""Rows after which a table is read no further; the row ids of all are kept to find repeats."""

_BATCH = 2_000
_ROW_ID = re.compile(ROW_ID_PATTERN)


@dataclass
class TableContent:
    """What a CSV held: rows that could be read, control totals by field name; `complete` unless it broke off."""

    rows: int = 0
    totals: dict[str, Decimal] = field(default_factory=dict)
    complete: bool = False


class RowTaker(Protocol):
    """Who wants the rows of a package's tables, and may have those of some already."""

    def known(self, table: PackageTable, sha256: str) -> TableContent | None:
        """Return what a CSV of these bytes held when it was read by this definition and nothing was wrong, or None."""

    def take(self, table: PackageTable, rows: list[list[str]]) -> None:
        """Take the next rows of a table, as texts in the order of its heading; at first none of them."""


def check_table(
    table: PackageTable,
    chunks: Iterable[bytes],
    path: str,
    findings: Findings,
    *,
    collect: Mapping[str, set[str]] = MappingProxyType({}),
    taker: RowTaker | None = None,
) -> TableContent:
    """Read the CSV to its end, tell `findings` about every cell the definition does not allow, and return what it held.

    `path` names the file in places; rows are numbered as a spreadsheet shows them, the heading being row 1. The sets of
    `collect`, by field name, receive the texts of those columns; `taker` gets the rows that have every column.
    """
    content = TableContent()
    wanted = [(table.header.index(name), texts) for name, texts in collect.items()]
    checks = [ColumnCheck(entry) for entry in table.schema.fields]
    batches = csv_batches(chunks, _BATCH)
    seen: set[str] = set()
    try:
        head = next(batches, None)
        if head is None:
            findings.say("table.empty", path, "是空的，连表头都没有。")
            return content
        if head[0] != table.header:
            findings.say("table.header", path, _header_fault(head[0], table.header))
            for batch in batches:  # the file is still read to its end, for its hash
                content.rows += len(batch)
            return content
        if taker is not None:
            taker.take(table, [])
        for batch in batches:
            first = content.rows + 2
            content.rows += len(batch)
            if content.rows > MOST_ROWS:
                findings.say("table.rows", path, f"超过{MOST_ROWS:,}行，以下没有核对。")
                return content
            for index, texts in wanted:
                texts.update(row[index] for row in batch if len(row) > index)
            whole = _check_batch(batch, first, path, checks, seen, findings)
            if taker is not None and whole:
                taker.take(table, whole)
    except CsvFault as fault:
        findings.say("table.csv", f"{path} 第{fault.row}行", f"{fault.message}，以下无法读取。", subject=path)
        return content
    content.complete = True
    content.totals = {check.field.name: check.total for check in checks if check.total is not None}
    return content


def _check_batch(
    batch: list[list[str]], first: int, path: str, checks: Sequence[ColumnCheck], seen: set[str], findings: Findings
) -> list[list[str]]:
    """Return the rows that are as wide as the heading, whose cells were checked."""
    width = len(checks) + 1
    numbers: Sequence[int] = range(first, first + len(batch))
    if set(map(len, batch)) != {width}:
        for number, row in zip(numbers, batch, strict=True):
            if len(row) != width:
                findings.say("table.width", f"{path} 第{number}行", f"有{len(row)}格，应有{width}格。", subject=path)
        good = [(number, row) for number, row in zip(numbers, batch, strict=True) if len(row) == width]
        numbers = [number for number, _ in good]
        batch = [row for _, row in good]
        if not batch:
            return batch
    columns = list(zip(*batch, strict=True))
    _check_ids(columns[0], numbers, path, seen, findings)
    for check, cells in zip(checks, columns[1:], strict=True):
        for index, sentence in check.faults(cells):
            findings.add(path, Problem("cell", sentence, "", f"{path} 第{numbers[index]}行"))
    return batch


def _check_ids(ids: Sequence[str], numbers: Sequence[int], path: str, seen: set[str], findings: Findings) -> None:
    fresh = set(ids)
    if len(fresh) == len(ids) and seen.isdisjoint(fresh) and all(map(_ROW_ID.fullmatch, ids)):
        seen |= fresh
        return
    for number, row_id in zip(numbers, ids, strict=True):
        place = f"{path} 第{number}行"
        if not _ROW_ID.fullmatch(row_id):
            findings.say("table.id", place, f"行标识{quote(row_id)}不合规定。", subject=path)
        elif row_id in seen:
            findings.say("table.id_repeat", place, f"行标识{quote(row_id)}与前面的行重复。", subject=path)
        seen.add(row_id)


def _header_fault(header: list[str], expected: list[str]) -> str:
    there, known = set(header), set(expected)  # a stranger's heading may have half a million columns
    missing = [name for name in expected if name not in there]
    extra = [name for name in header if name not in known]
    parts = []
    if missing:
        parts.append("缺少列" + "、".join(map(quote, missing[:10])))
    if extra:
        parts.append("多出列" + "、".join(map(quote, extra[:10])))
    return "表头与表样不符：" + ("；".join(parts) if parts else "列的顺序不对或有重复") + "。"
