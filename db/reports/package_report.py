"""report.xlsx: the package's tables for people, with official titles, units, names instead of ids, and totals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import eq
from types import TracebackType
from typing import Self

from db.core.fields import Field, TableSchema, load_schema
from db.core.values import State
from db.reports.workbook import (
    LAST_ROW,
    Archive,
    Sheet,
    SheetContext,
    Workbook,
    column_letters,
    escaped_all,
    number_cell,
    text_cell,
)
from db.reports.workbook_parts import NUMBER_STYLES, TOTAL_STYLES, Style

Columns = Sequence[Sequence[str]]
Cells = Callable[[str, Sequence[str], Sequence[str]], list[str]]
"""Makes the cells of a batch from the column's letters, the numbers of the rows, and the texts."""

_HEAD_ROW = 3
_MOST_ROWS = LAST_ROW - 1000
_STATES = frozenset(state.value for state in State)
_TABLE_NAMES = ("town", "enterprise", "department")
_MOST_DAYS = 20_000
_DAY_ZERO = date(1899, 12, 30).toordinal()
_TASK_FIELDS = ("task_id", "target_id")


@dataclass(frozen=True)
class ReportFacts:
    """What the first sheet says. `names` are the names of rows by id, `tasks` the words of clauses and targets by id,
    `tables` the titles of tables by name. `mark` is what every page says of a sample, "" where the data are real.
    """

    title: str
    lines: Sequence[tuple[str, str]]
    names: Mapping[str, str] = field(default_factory=dict)
    tasks: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""


@dataclass(frozen=True)
class _Column:
    """One column of a sheet: which field of the row it shows, and how."""

    heading: str
    width: float
    source: int
    cells: Cells
    field: Field | None = None


class PackageReport:
    """Writes the report in step with the tables: a table is begun, takes its rows by column, and is ended."""

    def __init__(self, archive: Archive, facts: ReportFacts) -> None:
        self._book = Workbook(archive, facts.mark)
        self._facts = facts
        self._summary: list[tuple[str, int, str]] = []

    def table(self, schema: TableSchema) -> ReportTable:
        """Return the writer of one table, a context."""
        return ReportTable(self._book, schema, self._facts, self._summary)

    def sheet(self, title: str, widths: Sequence[float], *, frozen: str = "", head: int = 0) -> SheetContext:
        """Return the context of a sheet that is no table, the next one; see `Workbook.sheet`."""
        return self._book.sheet(title, widths, frozen=frozen, head=head)

    def finish(self) -> None:
        """Write the first sheet, which lists the tables, and the workbook's directory."""
        with self._book.sheet("说明", [18, 60, 14, 48], in_front=True) as sheet:
            sheet.add([text_cell("A1", Style.TITLE, self._facts.title)], height=30)
            for name, value in self._facts.lines:
                row = sheet.row
                sheet.add([text_cell(f"A{row}", Style.SUBTITLE, name), text_cell(f"B{row}", Style.TEXT, value)])
            sheet.add([])
            row = sheet.row
            heads = ("序号", "表名", "行数", "合计")
            sheet.add([text_cell(f"{'ABCD'[i]}{row}", Style.HEAD, head) for i, head in enumerate(heads)])
            for number, (title, rows, totals) in enumerate(self._summary, start=1):
                row = sheet.row
                sheet.add(
                    [
                        number_cell(f"A{row}", Style.ORDINAL, str(number)),
                        text_cell(f"B{row}", Style.TEXT, title),
                        number_cell(f"C{row}", Style.WHOLE, str(rows)),
                        text_cell(f"D{row}", Style.TEXT, totals),
                    ]
                )
            sheet.finish()
        self._book.finish()


class ReportTable:
    """One table of the report. Rows come as CSV text by column, the row id first."""

    def __init__(
        self, book: Workbook, schema: TableSchema, facts: ReportFacts, summary: list[tuple[str, int, str]]
    ) -> None:
        self._book = book
        self._schema = schema
        self._summary = summary
        self._columns = _columns(schema, facts)
        self._context: SheetContext | None = None
        self._sheet: Sheet | None = None
        self._rows = 0

    def __enter__(self) -> Self:
        self._begin_sheet()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None and self._context is not None:
            self._context.__exit__(kind, error, at)

    def add(self, columns: Columns) -> None:
        """Write a batch of rows; a table longer than a sheet goes on in the next one."""
        sheet = self._sheet
        assert sheet is not None
        if sheet.row + len(columns[0]) > _MOST_ROWS:
            self._end_sheet(sheet, {})
            sheet = self._begin_sheet()
        numbers = list(map(str, range(sheet.row, sheet.row + len(columns[0]))))
        ordinals = list(map(str, range(self._rows + 1, self._rows + 1 + len(columns[0]))))
        cells = [_ordinal_cells("A", numbers, ordinals)]
        for index, column in enumerate(self._columns, start=2):
            texts = columns[column.source]
            if any(texts):
                cells.append(column.cells(column_letters(index), numbers, texts))
        sheet.add_rows(numbers, cells)
        self._rows += len(columns[0])

    def end(self, totals: Mapping[str, Decimal]) -> None:
        """Write the totals (by field name) and close the sheet."""
        assert self._sheet is not None
        shown = {
            column.field.name: totals[column.field.name]
            for column in self._columns
            if column.field is not None and column.field.name in totals and summable(column.field)
        }
        self._end_sheet(self._sheet, shown)
        words = [total_words(self._schema.field(name), total) for name, total in shown.items() if total]
        self._summary.append((self._schema.title, self._rows, "；".join(words)))

    def _begin_sheet(self) -> Sheet:
        frozen = 1 + sum(1 for column in self._columns if column.field is not None and column.field.frozen)
        corner = f"{column_letters(min(frozen, 4) + 1)}{_HEAD_ROW + 1}"
        widths = [6.0, *(column.width for column in self._columns)]
        self._context = self._book.sheet(self._schema.title, widths, frozen=corner, head=_HEAD_ROW)
        sheet = self._sheet = self._context.__enter__()
        sheet.add([text_cell("A1", Style.TITLE, self._schema.title)], height=28)
        sheet.add([text_cell("A2", Style.SUBTITLE, self._schema.help)])
        heads = ["序号", *(column.heading for column in self._columns)]
        sheet.add(
            [text_cell(f"{column_letters(i)}{_HEAD_ROW}", Style.HEAD, head) for i, head in enumerate(heads, start=1)],
            height=32,
        )
        return sheet

    def _end_sheet(self, sheet: Sheet, totals: Mapping[str, Decimal]) -> None:
        last = sheet.row - 1
        if totals and last > _HEAD_ROW:
            cells = [text_cell(f"A{sheet.row}", Style.TOTAL_TEXT, "合计")]
            for index, column in enumerate(self._columns, start=2):
                place = f"{column_letters(index)}{sheet.row}"
                known = column.field is not None and column.field.name in totals
                if known and column.field is not None:
                    formula = f"SUM({column_letters(index)}{_HEAD_ROW + 1}:{column_letters(index)}{last})"
                    style = TOTAL_STYLES[min(_decimals(column.field), 4)]
                    # Only one sheet of a table that fills several holds all of its rows.
                    whole = last - _HEAD_ROW == self._rows
                    digits = f"{totals[column.field.name]:f}"
                    cells.append(number_cell(place, style, digits, formula if whole else ""))
                else:
                    cells.append(text_cell(place, Style.TOTAL_TEXT, ""))
            sheet.add(cells)
        sheet.finish(last)
        assert self._context is not None
        self._context.__exit__(None, None, None)
        self._context = None


def total_words(entry: Field, total: Decimal) -> str:
    """Return a column's total as people read it: 总投资 1,200万元."""
    return f"{entry.title} {total:,f}{entry.unit}"


def summable(entry: Field) -> bool:
    """Return whether adding up a column means something to people: amounts in one unit that is no rate."""
    return entry.type in ("number", "integer") and bool(entry.unit) and entry.unit not in ("%", "％", "‰", "百分点")


def _decimals(entry: Field) -> int:
    return 0 if entry.type == "integer" else entry.decimals


def _columns(schema: TableSchema, facts: ReportFacts) -> list[_Column]:
    columns: list[_Column] = []
    titles = {**facts.tables, **{name: load_schema(name).title for name in _TABLE_NAMES}}
    for source, entry in enumerate(schema.fields, start=1):
        width = max(entry.width or 12, min(24, 2 * len(entry.title) + 2))
        known: Mapping[str, str] = {}
        if entry.ref or entry.name in ("assignee_id", "row_id"):
            known = facts.names
        elif entry.name in ("assignee_kind", "table_name"):
            known = titles
        columns.append(_Column(entry.heading, width, source, _cells_of(entry, known), entry))
        if entry.name in _TASK_FIELDS and facts.tasks:
            words = _mapped(facts.tasks, missing="")
            columns.append(_Column("任务内容", 40, source, words))
    return columns


def _cells_of(entry: Field, known: Mapping[str, str]) -> Cells:
    if entry.type in ("number", "integer"):
        return _number_cells(NUMBER_STYLES[min(_decimals(entry), 4)])
    if entry.type == "year":
        return _number_cells(Style.ORDINAL)
    if entry.type == "date":
        return _date_cells()
    return _mapped(known) if known else _text_cells


def _number_cells(style: Style) -> Cells:
    middle = f'" s="{style}"><v>'

    def cells(letters: str, numbers: Sequence[str], texts: Sequence[str]) -> list[str]:
        head = f'<c r="{letters}'
        found = [
            f"{head}{number}{middle}{text}</v></c>" if text else "" for number, text in zip(numbers, texts, strict=True)
        ]
        if not _STATES.isdisjoint(texts):
            for index, text in enumerate(texts):
                if text in _STATES:
                    found[index] = text_cell(f"{letters}{numbers[index]}", Style.TEXT, text)
        return found

    return cells


_ordinal_cells = _number_cells(Style.ORDINAL)


def _date_cells() -> Cells:
    # Days repeat; each is worked out once.
    known: dict[str, str] = {}

    def cells(letters: str, numbers: Sequence[str], texts: Sequence[str]) -> list[str]:
        if len(known) > _MOST_DAYS:
            known.clear()
        known.update({text: _after_place(text) for text in set(texts).difference(known)})
        head = f'<c r="{letters}'
        after = map(known.__getitem__, texts)
        return [f'{head}{number}" s="{rest}' if rest else "" for number, rest in zip(numbers, after, strict=True)]

    return cells


def _after_place(text: str) -> str:
    if not text:
        return ""
    try:
        serial = date.fromisoformat(text).toordinal() - _DAY_ZERO
    except ValueError:
        return text_cell("", Style.TEXT, text).partition(' s="')[2]
    return f'{Style.DATE}"><v>{serial}</v></c>'


def _text_cells(letters: str, numbers: Sequence[str], texts: Sequence[str]) -> list[str]:
    head = f'<c r="{letters}'
    # The short form, two thirds of the other's length, does not promise to keep line breaks and spaces at the ends.
    if all(map(eq, texts, map(str.strip, texts))) and "\n" not in "".join(texts):
        middle, end = f'" s="{Style.TEXT}" t="str"><v>', "</v></c>"
    else:
        middle, end = f'" s="{Style.TEXT}" t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
    return [
        f"{head}{number}{middle}{body}{end}" if body else ""
        for number, body in zip(numbers, escaped_all(texts), strict=True)
    ]


def _mapped(known: Mapping[str, str], missing: str | None = None) -> Cells:
    def cells(letters: str, numbers: Sequence[str], texts: Sequence[str]) -> list[str]:
        words = [known.get(text, text if missing is None else missing) for text in texts]
        return _text_cells(letters, numbers, words)

    return cells
