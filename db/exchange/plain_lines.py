"""The lines of a plain table that somebody brings, .xlsx or .csv: cells as they stand, no judgement.

read_lines(file) -> list[list[Raw]]
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from db.core.errors import DataProblem
from db.core.file_kinds import Kind, refuse_other
from db.core.progress import NO_PROGRESS, Progress
from db.exchange.cells.model import Raw
from db.exchange.cells.read import read_sheets
from db.exchange.rows_file import unguarded
from db.store.files import explained

MOST_BYTES = 64 * 2**20


def read_lines(file: Path, progress: Progress = NO_PROGRESS) -> list[list[Raw]]:
    """Return the lines of the first sheet or of the CSV; DataProblem for another kind of file or a damaged one."""
    refuse_other(file, Kind.WORKBOOK)
    if file.suffix.lower() == ".xlsx":
        sheets = list(read_sheets(file, progress).sheets.values())
        return sheets[0].rows if sheets else []
    if file.suffix.lower() != ".csv":
        raise DataProblem(f"“{file.name}”不是 .xlsx 或 .csv。", advice="请另存为这两种格式之一。", code="rows.kind")
    with explained("读取表格文件", file):
        if file.stat().st_size > MOST_BYTES:
            raise DataProblem(f"“{file.name}”超过64MB。", advice="请分成几个文件。", code="rows.size")
        data = file.read_bytes()
    try:
        text = _decoded(data)
        return [[unguarded(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except (UnicodeDecodeError, csv.Error) as error:
        advice = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。"
        raise DataProblem(f"“{file.name}”不是完整的 CSV 文件。", advice=advice, code="rows.csv") from error


def _decoded(data: bytes) -> str:
    """Return the text: UTF-8 as the standard has it, else what Excel writes on a Chinese Windows."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")
