"""Setting the tables of a snapshot aside, as CSV and as the report, so that the county file is free again soon."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO, cast

from db.exchange.csv_text import csv_bytes, csv_columns
from db.exchange.package_tables import PackageTable
from db.exchange.snapshot import Snapshot
from db.exchange.zip_write import ZipWriter
from db.reports.letter import SAMPLE_NOTE
from db.reports.package_report import PackageReport, ReportFacts
from db.store.county import SAMPLE
from db.store.files import CHUNK, explained

_IN_MEMORY = 16 << 20


@dataclass(frozen=True)
class Spooled:
    """Content set aside: its file, at any position, and its size."""

    file: BinaryIO
    size: int

    def pieces(self) -> Iterator[bytes]:
        """Yield the content from its beginning."""
        self.file.seek(0)
        while data := self.file.read(CHUNK):
            yield data


@dataclass(frozen=True)
class SpooledTable:
    """A table's CSV set aside, with its number of rows and control totals by field name."""

    table: PackageTable
    content: Spooled
    rows: int
    totals: dict[str, Decimal]


def spool(
    snapshot: Snapshot, title: str, lines: list[tuple[str, str]], stack: ExitStack, tell: Callable[[int, str], None]
) -> tuple[list[SpooledTable], Spooled]:
    """Read all tables once and return their CSV and the report; the files live as long as `stack`.

    `tell` receives the number of rows done so far and the title of the table, after every batch.
    """
    with explained("准备上报包", tempfile.gettempdir()), ThreadPoolExecutor(1, thread_name_prefix="report") as aside:
        book = _file(stack)
        archive = ZipWriter(book, aside)
        mark = SAMPLE_NOTE if snapshot.settings.get(SAMPLE) else ""
        facts = ReportFacts(title, lines, snapshot.names(), snapshot.task_words(), snapshot.titles(), mark)
        report = PackageReport(archive, facts)
        done = 0
        tables: list[SpooledTable] = []
        for table in snapshot.tables:
            rows = snapshot.rows(table)
            csv = _file(stack)
            csv.write(csv_bytes([table.header]))
            with report.table(table.schema) as sheet:
                for columns in rows:
                    csv.write(csv_columns(columns))
                    sheet.add(columns)
                    tell(done + rows.count, table.schema.title)
                sheet.end(rows.totals)
            done += rows.count
            tables.append(SpooledTable(table, Spooled(csv, csv.tell()), rows.count, rows.totals))
        report.finish()
        archive.finish()
        return tables, Spooled(book, book.tell())


def _file(stack: ExitStack) -> BinaryIO:
    return cast(BinaryIO, stack.enter_context(tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)))
