"""The widths of a sheet's columns: figures are never cut, one column takes what is left, 备注 shows when used."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QMenu

from desktop.look import BASE_PIXELS
from desktop.models.sheet_column import Column, Kind
from desktop.settings import Settings
from desktop.widgets.sheet import Sheet
from desktop.widgets.sheet_delegate import PADDING

PAUSE = 800
WIDEST = {Kind.NAME: 176, Kind.CLASS: 96, Kind.YEAR: 160, Kind.TOTAL: 160}


class SheetColumns(QObject):
    """Looks after the columns of `sheet`; `below` are models whose figures stand in the same columns.

    With `settings`, widths set by hand and chosen columns outlive the program under `name`. The column of the field
    `stretched` takes what is left of the width; the one of `spare` is there only while anything is in it.
    """

    hidden_changed = Signal(int, bool)
    fitted = Signal(list)

    def __init__(
        self,
        sheet: Sheet,
        below: Sequence[QAbstractItemModel] = (),
        *,
        name: str = "",
        settings: Settings | None = None,
        stretched: str = "deliverable",
        spare: str = "note",
    ) -> None:
        super().__init__(sheet)
        self._stretched, self._spare = stretched, spare
        self._name = f"sheet.{name}"
        self._settings = settings
        self._save_timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._save_timer.timeout.connect(self.save)
        self._sheet = sheet
        self._below = below
        self._columns: tuple[Column, ...] = ()
        self._longest: dict[int, int] = {}
        self._own_widths: dict[str, int] = {}
        self._chosen: dict[str, bool] = {}
        self._setting = False
        self._restore()
        header = sheet.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(48)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open_menu)
        header.sectionResized.connect(self._resized_by_hand)
        sheet.viewport().installEventFilter(self)

    def _restore(self) -> None:
        """Take up the widths and choices of the last time."""
        known = self._settings.view(self._name) if self._settings is not None else {}
        widths, shown = known.get("widths"), known.get("shown")
        if isinstance(widths, dict):
            self._own_widths = {key: width for key, width in widths.items() if isinstance(width, int) and width > 20}
        if isinstance(shown, dict):
            self._chosen = {key: bool(value) for key, value in shown.items()}

    def save(self) -> None:
        """Remember widths set by hand and columns chosen, for the next time the program runs."""
        self._save_timer.stop()
        if self._settings is not None:
            self._settings.remember_view(self._name, {"widths": self._own_widths, "shown": self._chosen})

    def show_columns(self, columns: tuple[Column, ...]) -> None:
        """Give the columns their widths; what the clerk has set by hand stays."""
        self._columns = columns
        self._setting = True
        for place, column in enumerate(columns):
            hidden = self._is_hidden(place, column)
            self._sheet.setColumnHidden(place, hidden)
            self.hidden_changed.emit(place, hidden)
        self._setting = False
        self.fit()

    def fit(self) -> None:
        """Give the columns of what is shown the widths they need."""
        own = self._own_widths
        self._longest.clear()
        self._set_widths([own.get(_key(column)) or self._wanted(p, column) for p, column in enumerate(self._columns)])

    def follow(self, rows: Sequence[int]) -> None:
        """Make room where what these rows now have, or the sums, is longer than anything before."""
        model = self._sheet.sheet_model()
        spare = next((place for place, column in enumerate(self._columns) if column.field == self._spare), -1)
        if spare >= 0 and self._sheet.isColumnHidden(spare) and model.has_text(spare, rows):
            self.show_columns(self._columns)
            return
        for place, longest in self._longest.items():
            texts = [model.shown(row, place) for row in rows] + self._texts_below(place)
            if any(len(text) > longest for text in texts):
                self.fit()
                return

    def _texts_below(self, place: int) -> list[str]:
        return [str(each.data(each.index(row, place)) or "") for each in self._below for row in range(each.rowCount())]

    def _set_widths(self, widths: list[int]) -> None:
        place = next((p for p, column in enumerate(self._columns) if column.field == self._stretched), -1)
        if place >= 0 and _key(self._columns[place]) not in self._own_widths:
            widths[place] = self._room_for(place, widths)
        self._sheet.set_widths(widths)
        self.fitted.emit(widths)

    def _room_for(self, place: int, widths: Sequence[int]) -> int:
        others = sum(w for p, w in enumerate(widths) if p != place and not self._sheet.isColumnHidden(p))
        return max(self._sheet.viewport().width() - others, self._columns[place].width)

    def _is_hidden(self, place: int, column: Column) -> bool:
        if column.field in self._chosen:
            return not self._chosen[column.field]
        return column.field == self._spare and not self._sheet.sheet_model().has_text(place)

    def _wanted(self, place: int, column: Column) -> int:
        widest = column.most or WIDEST.get(column.kind, 0)
        if not widest:
            return column.width
        font = self._sheet.font()
        font.setBold(True)
        metrics = QFontMetrics(font)
        # Measuring is slow; among figures, and among Chinese names, the one with most characters is the widest.
        longest = max((self._sheet.sheet_model().widest(place), *self._texts_below(place)), key=len)
        if column.kind in (Kind.YEAR, Kind.TOTAL):
            self._longest[place] = max(len(longest), (column.width - 2 * PADDING) // BASE_PIXELS)
        wanted = metrics.horizontalAdvance(longest) + 2 * PADDING + 3
        return min(max(column.width, wanted), max(widest, column.width))

    def _stretch(self) -> None:
        """Give what is left of the width to the column that stretches, and take nothing from the others."""
        self._set_widths([self._sheet.columnWidth(place) for place in range(len(self._columns))])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            # The header is laid out after the viewport.
            QTimer.singleShot(0, self, self._stretch)
        return False

    def _resized_by_hand(self, place: int, _before: int, width: int) -> None:
        if not self._setting and width and place < len(self._columns):
            self._own_widths[_key(self._columns[place])] = width
            self._save_timer.start()
            self._stretch()

    # -- choosing columns -------------------------------------------------------------------------------------

    def _open_menu(self, place: QPoint) -> None:
        self.menu().exec(self._sheet.horizontalHeader().mapToGlobal(place))

    def menu(self) -> QMenu:
        """Return the menu in which the columns of texts are shown and hidden, and widths given back."""
        menu = QMenu(self._sheet)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, column in enumerate(self._columns):
            if column.kind is Kind.TEXT:
                entry = menu.addAction(column.title)
                entry.setCheckable(True)
                entry.setChecked(not self._sheet.isColumnHidden(place))
                entry.toggled.connect(lambda shown, name=column.field: self.choose(name, shown))
        menu.addSeparator()
        menu.addAction("恢复列宽").triggered.connect(self.forget_widths)
        return menu

    def choose(self, field: str, shown: bool) -> None:
        """Show or hide the column of this field from now on."""
        self._chosen[field] = shown
        self._save_timer.start()
        self.show_columns(self._columns)

    def forget_widths(self) -> None:
        """Give the columns their own widths again."""
        self._own_widths.clear()
        self._save_timer.start()
        self.show_columns(self._columns)


def _key(column: Column) -> str:
    """Return what names the column in every task: its kind, and its field where there are several of the kind."""
    return column.field if column.kind in (Kind.TEXT, Kind.NAME) else column.kind.value
