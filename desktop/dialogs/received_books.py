"""收回工作簿: what the files that came back would do, table by table and cell by cell, before anything is stored."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from db.core.errors import DataProblem
from db.core.values import Cell
from db.exchange.unit_book.mend import retyped, settle
from db.exchange.unit_book.reading import Fate, ReadFile, ReadRow, ReadTable, counts_sentence, modes, total
from db.exchange.unit_book.returning import to_return
from db.exchange.unit_book.store import StoredBooks, store_books
from db.exchange.unit_book.store import label as step_label
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.dialogs.return_book import return_book
from desktop.file_choice import choose_target
from desktop.session import Session
from desktop.widgets.basics import allow, chip, label, link_button
from desktop.widgets.dialog import ask
from desktop.widgets.returned_lines import TONES, file_line, first_line, row_cells
from desktop.widgets.returned_row import ReturnedRow
from desktop.widgets.simple_table import Column, SimpleTable

MOST_SHOWN, MOST_NOTES, WIDTH, HEIGHT = 1_000, 12, 1120, 560
_ORDER = (Fate.REFUSED, Fate.CONFLICT, Fate.UPDATED, Fate.ADDED, Fate.UNCHANGED)


class ReceivedBooksDialog(FormDialog):
    """Lets the clerk look, mend, choose and leave out; 入库 writes all of it in one step."""

    def __init__(self, session: Session, files: Sequence[ReadFile], parent: QWidget | None = None) -> None:
        heading = files[0].name if len(files) == 1 else f"{len(files)}个文件"
        super().__init__("收回工作簿", heading, "入库", parent, width=WIDTH)
        self._session, self.files = session, list(files)
        self._lines: list[tuple[ReadFile, ReadTable | None]] = []
        self._shown: list[ReadRow] = []
        self.choose_target = choose_target
        self._fate: Fate | None = None
        self._touched = False
        self.counts = label("", wrap=True)
        self.body.addWidget(self.counts)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self._left())
        split.addWidget(self._right())
        split.setStretchFactor(1, 1)
        split.setSizes([450, 630])
        self.body.addWidget(split, 1)
        self.body.addLayout(self._how())
        self._show_files()
        self.tables.selectRow(first_line(self._lines))
        self.resize(WIDTH, HEIGHT)
        self._focus()

    # -- parts ------------------------------------------------------------------------------------------------

    def _left(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        fates = [Column(fate.value, 42, number=True) for fate in Fate]
        self.tables = SimpleTable([Column("文件、表"), *fates])
        self.tables.setAccessibleName("收到的文件和表")
        self.tables.setMinimumHeight(120)
        self.tables.selectionModel().currentRowChanged.connect(lambda now, _before: self._show_table(now.row()))
        column.addWidget(self.tables, 3)
        unchanged = sum(table is not None and not table.says_something for _, table in self._every_line())
        self.with_unchanged = QCheckBox(f"也列出没有改动的{unchanged}张表")
        self.with_unchanged.setVisible(bool(unchanged))
        self.with_unchanged.toggled.connect(lambda _: self._show_files())
        column.addWidget(self.with_unchanged)
        self.notes = label("", "secondary", wrap=True)
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.notes)
        return side

    def _right(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(6)
        self.chips: dict[Fate | None, QPushButton] = {None: chip("全部", checked=True)}
        self.chips |= {fate: chip(fate.value, TONES[fate]) for fate in _ORDER if fate is not Fate.UNCHANGED}
        for fate, each in self.chips.items():
            each.clicked.connect(partial(self._show_fate, fate))
            row.addWidget(each)
        row.addStretch(1)
        self.all_ours = link_button("冲突都用程序里的", lambda: self._choose_all(False))
        self.all_theirs = link_button("都用表里的", lambda: self._choose_all(True))
        row.addWidget(self.all_ours)
        row.addWidget(self.all_theirs)
        column.addLayout(row)
        self.rows = SimpleTable(
            [Column("结果", 66), Column("行", 50, number=True), Column("名称", 150), Column("改动或问题")]
        )
        self.rows.setAccessibleName("要改动的行")
        self.rows.setMinimumHeight(110)
        self.rows.selectionModel().currentRowChanged.connect(lambda now, _before: self._show_row(now.row()))
        column.addWidget(self.rows, 4)
        self.more = label("", "small")
        column.addWidget(self.more)
        self.detail = ReturnedRow()
        self.detail.setMinimumHeight(110)
        self.detail.chosen.connect(self._chosen)
        self.detail.retyped.connect(self._retype)
        column.addWidget(self.detail, 5)
        return side

    def _how(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("入库方式", "field"))
        self.mode = QComboBox()
        for key, words in modes().items():
            self.mode.addItem(words, key)
        self.mode.currentIndexChanged.connect(lambda _: self._tell())
        row.addWidget(self.mode)
        self.leave_out = QCheckBox()
        self.leave_out.toggled.connect(lambda _: self._tell())
        row.addWidget(self.leave_out)
        row.addStretch(1)
        self.send_back = link_button("退回给对方改…", self._send_back)
        self.send_back.setToolTip("把有问题的格子标在对方的工作簿里，另存一份发回去")
        row.addWidget(self.send_back)
        return row

    # -- showing ----------------------------------------------------------------------------------------------

    def _every_line(self) -> Iterator[tuple[ReadFile, ReadTable | None]]:
        """Yield each file, which is a line of its own but where it is one table, and its tables."""
        for file in self.files:
            if len(file.tables) != 1:
                yield file, None
            yield from ((file, table) for table in file.tables)

    def _show_files(self) -> None:
        """List the files with the tables that say something new: of ten tables a unit fills two."""
        looked_at = self.table
        every = self.with_unchanged.isChecked()
        self._lines = [
            (file, table)
            for file, table in self._every_line()
            if every or table is None or len(file.tables) == 1 or table.says_something
        ]
        self._refresh_counts()
        if looked_at is not None:
            found = next((n for n, (_, table) in enumerate(self._lines) if table is looked_at), None)
            self.tables.selectRow(first_line(self._lines) if found is None else found)

    def _refresh_counts(self) -> None:
        chosen = self.tables.currentIndex().row()
        self.tables.show_rows([file_line(file, table) for file, table in self._lines])
        if chosen >= 0:
            blocked = self.tables.selectionModel().blockSignals(True)
            self.tables.selectRow(chosen)
            self.tables.selectionModel().blockSignals(blocked)
        self._count_fates()
        self._tell()

    @property
    def table(self) -> ReadTable | None:
        """Return the table that is looked at."""
        place = self.tables.currentIndex().row()
        return self._lines[place][1] if 0 <= place < len(self._lines) else None

    def _show_table(self, place: int) -> None:
        if not 0 <= place < len(self._lines):
            return
        file, table = self._lines[place]
        told = [file.refusal.sentence()] if file.refusal is not None else []
        if table is not None:
            told += [problem.sentence() for problem in (table.fault, *table.told) if problem is not None]
        lines = [*told, *file.notes]
        more = [f"……另有{len(lines) - MOST_NOTES}条。"] if len(lines) > MOST_NOTES else []
        self.notes.setText("\n".join([*lines[:MOST_NOTES], *more]))
        self.send_back.setVisible(bool(to_return(file.problems())))
        self._show_rows()

    def _show_fate(self, fate: Fate | None, _on: bool = True) -> None:
        self._fate = fate
        for each, made in self.chips.items():
            made.setChecked(each == fate)
        self._show_rows()

    def _show_rows(self) -> None:
        table = self.table
        rows = list(table.rows) if table is not None else []
        fates = {id(row): row.fate for row in rows}
        self._count_fates()
        found = [row for row in rows if self._fate in (None, fates[id(row)])]
        found.sort(key=lambda row: (_ORDER.index(fates[id(row)]), not row.doubts, row.row))
        self._shown = found[:MOST_SHOWN]
        self.rows.show_rows([row_cells(row, fates[id(row)]) for row in self._shown])
        rest = f"只列出前{MOST_SHOWN:,}行，共{len(found):,}行。" if len(found) > MOST_SHOWN else ""
        nothing = "没有这样的行。" if rows else "没有改动。" if table is not None else "请在左边选一张表。"
        self.more.setText(rest or ("" if found else nothing))
        self.more.setVisible(bool(self.more.text()))
        clashes = any(change.clash and change.problem is None for row in rows for change in row.changes.values())
        self.all_ours.setVisible(clashes)
        self.all_theirs.setVisible(clashes)
        if self._shown:
            self.rows.selectRow(0)
        else:
            self.detail.show_row(None, None)

    def _count_fates(self) -> None:
        rows = self.table.rows if self.table is not None else []
        counts = Counter(row.fate for row in rows)
        for fate, made in self.chips.items():
            made.setText(f"{fate.value} {counts[fate]:,}" if fate is not None else f"全部 {len(rows):,}")

    def _show_row(self, place: int) -> None:
        row = self._shown[place] if 0 <= place < len(self._shown) else None
        self.detail.show_row(self.table, row)

    def _tell(self) -> None:
        """Say what would be written, and let it be when nothing waits for the clerk."""
        writes, stopped = self._writes(), sum(1 for _ in self._stopped())
        faulty = any(table.fault is not None for table in self._tables())
        doubtful = sum(1 for table in self._tables() for row in table.rows if row.doubts)
        asked = f"有{doubtful:,}行的数看着不对，请核对。" if doubtful else ""
        self.counts.setText(counts_sentence(total(self.files)) + asked)
        what = f"{stopped:,}行" if stopped else "表"
        self.leave_out.setText(f"略过有问题或有冲突的{what}，其余的入库")
        self.leave_out.setVisible(bool(stopped) or faulty)
        self.accept_button.setText(f"入库{writes:,}行" if writes else "入库")
        readable = any(file.refusal is None for file in self.files)
        waits = bool(stopped or faulty) and not self.leave_out.isChecked()
        allowed = readable and not waits
        allow(self.accept_button, not self._session.read_only, allowed)
        place = self.rows.currentIndex().row()
        if 0 <= place < len(self._shown):
            self.rows.rows_model.replace_row(place, row_cells(self._shown[place], self._shown[place].fate))
        wait = f"还有{stopped:,}行要先改好、选好，或者略过。" if stopped else "有的表不能入库，原因见左边，可以略过。"
        self.trouble.setText(wait if waits else "")
        self.trouble.setVisible(bool(self.trouble.text()))

    def _tables(self) -> Iterator[ReadTable]:
        return (table for file in self.files if file.refusal is None for table in file.tables)

    def _stopped(self) -> Iterator[ReadRow]:
        return (row for table in self._tables() for row in table.stopped())

    def _writes(self) -> int:
        mode = str(self.mode.currentData())
        return sum(1 for table in self._tables() for _ in table.written(mode))

    # -- choosing and mending ---------------------------------------------------------------------------------

    def _chosen(self) -> None:
        self._touched = True
        self._count_fates()
        self._tell()

    def _choose_all(self, theirs: bool) -> None:
        table, self._touched = self.table, True
        for row in table.rows if table is not None else ():
            for change in row.changes.values():
                if change.clash:
                    change.take = theirs
        self._show_rows()
        self._refresh_counts()

    def _retype(self, name: str, text: str) -> None:
        row = self.detail.row
        change = row.changes.get(name) if row is not None else None
        if row is None or change is None:
            return

        def query(conn: sqlite3.Connection) -> Cell | DataProblem:
            try:
                return retyped(conn, change, text)
            except DataProblem as problem:
                return problem

        self._session.read(query, lambda found: self._mended(row, name, found), owner=self, key=f"cell {name}")

    def _mended(self, row: ReadRow, name: str, found: Cell | DataProblem) -> None:
        if isinstance(found, DataProblem):
            self.detail.tell(name, str(found))
            if self.detail.row is row:
                self.detail.editors[name].setFocus()
            return
        settle(row, name, found)
        self._touched = True
        looked_at = self.detail.row is row
        if looked_at:
            self.detail.show_row(self.table, row)
        self._refresh_counts()
        if looked_at:
            self._go_on()

    def _go_on(self) -> None:
        """Go to the next cell to be mended: of this row, this table, the other tables; else to 入库."""
        if not self.detail.editors:
            waiting = next((n for n, row in enumerate(self._shown) if row.waits), None)
            if waiting is not None:
                self.rows.selectRow(waiting)
            else:
                line = next((n for n, (_, table) in enumerate(self._lines) if table is not None and table.waits), None)
                if line is not None:
                    self.tables.selectRow(line)
        self._focus()

    def _focus(self) -> None:
        """Go to the cell that is to be mended, else to what can be done: never to 取消, which Enter would press."""
        editor = next(iter(self.detail.editors.values()), None)
        if editor is not None:
            editor.setFocus()
            editor.selectAll()
        else:
            (self.accept_button if self.accept_button.isEnabled() else self.rows).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a cell ends the cell; it must not store what is being typed over."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not (enter and isinstance(self.focusWidget(), QLineEdit)):
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Ask first where something was mended or chosen."""
        if not self._touched:
            super().reject()
            return
        sentence = "改好、选好的还没有入库，要丢掉吗？"
        advice = "收回的文件留着，可以再读一次；在这里改的要重新改。"
        ask(self, "不入库", sentence, advice, yes="丢掉", on_yes=self._throw_away, loses=True)

    def _throw_away(self) -> None:
        self._touched = False
        self.reject()

    def _send_back(self) -> None:
        """Write the chosen file with its wrong cells marked, as it came: what was mended here was not there."""
        place = self.tables.currentIndex().row()
        if 0 <= place < len(self._lines):
            file = self._lines[place][0]
            problems = to_return(file.problems())
            show, choose = lambda dialog: dialog.open(), self.choose_target
            return_book(self._session, self, file.path, file.name, lambda: problems, show=show, choose=choose)

    # -- storing ----------------------------------------------------------------------------------------------

    def save(self, done: Done, failed: Failed) -> None:
        county, mode, leave_out = self._session.county, str(self.mode.currentData()), self.leave_out.isChecked()
        files = [file for file in self.files if file.refusal is None]

        def stored(result: StoredBooks) -> None:
            self._session.notice.emit(result.sentence())
            done(result)

        self._session.write(
            step_label(files),
            lambda op: store_books(op, county, files, mode=mode, leave_out=leave_out),
            stored,
            failed,
            rows=self._writes(),
        )
