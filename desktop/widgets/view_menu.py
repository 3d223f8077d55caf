"""The button 视图 above a register: its saved views, and saving, changing and removing them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from db.core.changes import Changes
from db.core.fields import TableSchema
from db.work.saved_views import SavedView, remove_view, save_view, saved_views
from desktop.dialogs.save_view import SaveViewDialog
from desktop.session import Session
from desktop.widgets.grid import Grid
from desktop.widgets.table_printer import add_print_entry
from desktop.widgets.table_tools import WORD

MOST_LETTERS = 10


class ViewMenu(QObject):
    """Belongs to one grid; `search_wanted` carries what the search box is to show when a view is opened.

    The default view is opened once, when the views are first read, unless the clerk asked for something already.
    """

    search_wanted = Signal(str)

    def __init__(self, session: Session, schema: TableSchema, grid: Grid, button: QPushButton, host: QWidget) -> None:
        super().__init__(host)
        self._session, self._schema, self._grid, self._button, self._host = session, schema, grid, button, host
        self._read_once = False
        self.views: list[SavedView] = []
        self.dialog: SaveViewDialog | None = None
        self.menu = QMenu(button)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill)
        button.setMenu(self.menu)
        button.show()
        grid.rows.query_changed.connect(self._tell)
        session.changed.connect(self._on_changed)
        self._tell()
        self.refresh()

    def refresh(self) -> None:
        """Read the views."""
        schema = self._schema
        self._session.read(lambda conn: saved_views(conn, schema), self._take, owner=self, key="views")

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("setting"):
            self.refresh()

    def _take(self, views: list[SavedView]) -> None:
        self.views = views
        first, self._read_once = not self._read_once, True
        default = next((view for view in views if view.default), None)
        asked = self._grid.rows.asked
        if (
            first
            and default is not None
            and not asked.narrows
            and not asked.sorts
            and not self._grid.rows.query.deleted
        ):
            self.open_view(default)
        self._tell()

    # -- what is shown ----------------------------------------------------------------------------------------

    def shown(self, name: str = "", *, default: bool = False) -> SavedView:
        """Return what the grid shows now as a view called `name`."""
        asked, fields = self._grid.rows.asked, self._grid.rows.fields
        hidden = tuple(own.name for column, own in enumerate(fields) if self._grid.columns.is_hidden(column))
        return SavedView(name, tuple(asked.filters.values()), asked.sorts, asked.search, hidden, default)

    @property
    def current(self) -> SavedView | None:
        """Return the saved view that is what the grid shows; which columns are hidden does not matter."""
        asked = self._grid.rows.asked
        rows = (frozenset(asked.filters.values()), asked.sorts, asked.search)
        return next((v for v in self.views if (frozenset(v.filters), v.sorts, v.search) == rows), None)

    def open_view(self, view: SavedView) -> None:
        """Show the rows, order and columns of a view."""
        if not self._grid.editing.finish():
            return
        for column, own in enumerate(self._grid.rows.fields):
            self._grid.columns.show_column(column, own.name not in view.hidden)
        self.search_wanted.emit(view.search)
        self._grid.rows.ask(view.filters, view.sorts, view.search)

    def _tell(self) -> None:
        current = self.current
        name = current.name if current is not None else WORD
        self._button.setText(name if len(name) <= MOST_LETTERS else name[: MOST_LETTERS - 1] + "…")
        self._button.setToolTip(f"视图：{current.name}" if current is not None else "保存的筛选、排序和列")

    # -- the menu ---------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        menu, current = self.menu, self.current
        menu.clear()
        for view in self.views:
            action = menu.addAction(f"{view.name}（默认）" if view.default else view.name)
            action.setCheckable(True)
            action.setChecked(view is current)
            action.triggered.connect(lambda _checked=False, view=view: self.open_view(view))
        if not self.views:
            menu.addAction("还没有保存的视图").setEnabled(False)
        menu.addAction("全部行，按录入顺序").triggered.connect(lambda _checked=False: self.open_view(SavedView("")))
        add_print_entry(menu, self._grid, "打印这个视图…")
        if self._session.read_only:
            return
        menu.addSeparator()
        menu.addAction("把现在的样子保存为视图…").triggered.connect(lambda _checked=False: self.save_as())
        if current is not None:
            word = "打开清单时不再用它" if current.default else "打开清单时就用它"
            menu.addAction(word).triggered.connect(lambda _checked=False: self.make_default(current))
            delete = menu.addAction(f"删除视图“{current.name}”")
            delete.triggered.connect(lambda _checked=False: self.remove(current))

    def save_as(self) -> None:
        """Ask for a name and save what is shown."""
        current = self.current
        view = self.shown(current.name, default=current.default) if current is not None else self.shown()
        taken = frozenset(each.name for each in self.views)
        self.dialog = SaveViewDialog(self._session, self._schema, view, taken, self._host)
        self.dialog.open()

    def make_default(self, view: SavedView) -> None:
        """Let the register open with the view, or no longer."""
        schema = self._schema
        kept = SavedView(view.name, view.filters, view.sorts, view.search, view.hidden, not view.default)
        self._session.write(f"修改视图“{view.name}”", lambda op: save_view(op, schema, kept))

    def remove(self, view: SavedView) -> None:
        """Take the view away; 撤销 brings it back."""
        schema = self._schema
        self._session.write(
            f"删除视图“{view.name}”",
            lambda op: remove_view(op, schema, view.name),
            lambda _: self._session.notice.emit(f"已删除视图“{view.name}”，可以撤销。"),
        )
