"""Workbooks of units for tests: written, opened as strangers do, compared."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.core.period import Period
from db.exchange.unit_book.form import CODES_ROW, FIRST_ROW
from db.exchange.unit_book.write import BookRequest, WrittenBooks, write_books
from tests.db.work.desk import Desk

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+86 138",
    "-5",
    "@SUM(A1)",
    "'=1",
    "鄌郚𠮷😀",
    "一\n二",
    'a"b,c<&>',
    "_x000D_",
    "@@unit@@",
    "1010000",
]


def write(desk: Desk, folder: Path, **asked: Any) -> WrittenBooks:
    """Write what is asked for; by default the tasks and boilers of 2022 of everybody."""
    request = BookRequest(
        kinds=asked.get("kinds", ("tasks", "registers")),
        period=Period.parse(asked.get("period", "2022")),
        registers=asked.get("registers", ("coal_boiler",)),
        units=asked.get("units", ()),
        with_empty=asked.get("with_empty", True),
    )
    return write_books(desk.county, desk.plan, request, folder, zipped=asked.get("zipped", False))


@dataclass(frozen=True)
class Opened:
    """A sheet's entries by machine code, as a program that knows nothing of us reads them."""

    tag: str
    rows: list[dict[str, Any]]


def book_of(file: Path) -> Any:
    """Return the workbook as openpyxl reads it."""
    return openpyxl.load_workbook(file)


def opened(file: Path, title: str) -> Opened:
    """Return the entries of the sheet."""
    sheet = book_of(file)[title]
    codes = [cell.value for cell in sheet[CODES_ROW + 1]]
    lines = [[plain(cell.value) for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW + 1)]
    rows = [{code: value for code, value in zip(codes, line, strict=True) if code} for line in lines if any(line)]
    return Opened(str(codes[0]), rows)


def plain(value: Any) -> Any:
    """Return what the cell says: openpyxl, unlike Excel, leaves Excel's own spelling of an underscore as it is."""
    return value.replace("_x005F_", "_") if isinstance(value, str) else value


def through_office(file: Path, kind: str, folder: Path) -> Path:
    """Return the file as LibreOffice saves it again in the format `kind`."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    profile = (folder / "profile").as_uri()
    command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=120)
    return folder / f"{file.stem}.{kind}"
