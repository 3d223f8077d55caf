"""What the window holds: its shell, its pages as they are first shown, and what it says when something is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.errors import Cancelled, DataProblem, EnvironmentProblem
from desktop.checking import checking_of
from desktop.crash import CrashReporter
from desktop.dialogs.progress import JobPanel
from desktop.frame import TITLE
from desktop.helping import Helping
from desktop.manual_places import place_of_page
from desktop.opening import Opening
from desktop.pages import PAGES, PageEntry
from desktop.places import Place
from desktop.session import Session
from desktop.settings import Settings
from desktop.standing import last_backup
from desktop.widgets.dialog import Dialog, ask, tell
from desktop.widgets.file_drop import FileDrop
from desktop.widgets.issues_card import IssuesInStatus
from desktop.widgets.search_box import focus_action
from desktop.widgets.shell import Shell
from desktop.widgets.table_printer import TablePrinter
from desktop.widgets.toast import Toast

log = logging.getLogger(__name__)


class MainWindow(QWidget):
    """Shows the pages of `entries` for the county that `session` has open, or the welcome page.

    It fills a `Frame`, and refuses to be closed while something typed could not be saved. Bugs go to `crashes`, which
    is made when none is given.
    """

    def __init__(
        self,
        session: Session,
        settings: Settings,
        entries: Sequence[PageEntry] = PAGES,
        crashes: CrashReporter | None = None,
    ) -> None:
        super().__init__()
        self.session = session
        self.settings = settings
        self._entries = {entry.name: entry for entry in entries}
        self._pages: dict[str, QWidget] = {}
        self._dialog: Dialog | None = None
        self._abandoned = False
        self._city: QWidget | None = None
        self.shell = Shell(session, tuple(entries))
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.shell)
        self.toast = Toast(self.shell)
        self.job_panel = JobPanel(self.shell)
        self.crashes = crashes or CrashReporter(self._show_crash, self)
        self.opening = Opening(self)
        self.helping = Helping(self, settings, self._help_place, self._diagnose)
        self.drop = FileDrop(self, self.read_workbooks, lambda: True)
        self._make_actions()
        self._connect()

    # -- parts ------------------------------------------------------------------------------------------------

    def _make_actions(self) -> None:
        self._action("撤销", QKeySequence("Ctrl+Z"), self.undo)
        self._action("重做", QKeySequence("Ctrl+Y"), self.redo)
        self._action("重做", QKeySequence("Ctrl+Shift+Z"), self.redo)
        self._action("帮助", QKeySequence("F1"), self.helping.show)
        on_rail = [name for name, entry in self._entries.items() if not entry.under]
        for number, name in enumerate(on_rail, 1):
            self._action(name, QKeySequence(f"Ctrl+{number}"), partial(self.show_page, name))
        self.addAction(focus_action(self.shell.top.search, self))
        self.printer = TablePrinter(self.session, self)

    def _action(self, text: str, keys: QKeySequence, slot: Callable[[], object]) -> None:
        action = QAction(text, self)
        action.setShortcut(keys)
        action.triggered.connect(lambda _checked=False: slot())
        self.addAction(action)

    def _connect(self) -> None:
        session, shell = self.session, self.shell
        shell.rail.chosen.connect(self.show_page)
        shell.top.went.connect(self._go_found)
        shell.top.undo_wanted.connect(self.undo)
        shell.top.redo_wanted.connect(self.redo)
        shell.top.leave_wanted.connect(self.leave_county)
        shell.part_line.wanted.connect(partial(self.show_page, "submit"))
        shell.top.help.setMenu(self.helping.menu)
        shell.status.author_clicked.connect(self.opening.ask_author)
        shell.status.issues_clicked.connect(partial(self.go, Place("check", section="open")))
        self.checking = checking_of(session)
        IssuesInStatus(self.checking, shell.status)
        session.opened.connect(self._opened)
        session.closed.connect(self._closed)
        session.plan_changed.connect(self._plan_changed)
        session.problem.connect(self.show_problem)
        session.notice.connect(lambda sentence: self.toast.say(sentence))
        session.saved.connect(shell.status.show_saved)
        session.backed_up.connect(self._show_backup)
        session.author_changed.connect(self._show_author)
        session.job_started.connect(self.job_panel.begin)
        session.job_ended.connect(self.job_panel.end)

    # -- the county -------------------------------------------------------------------------------------------

    def open_folder(self, folder: Path) -> None:
        """Open the county in `folder`; the rail is there at once."""
        self.shell.rail.show()
        self.opening.open(folder)

    def _opened(self) -> None:
        session, shell = self.session, self.shell
        self._drop_pages()
        shell.rail.show()
        self._show_author(session.author)
        shell.status.show_value("mode", "只读" if session.read_only else "", "caution")
        shell.banner.say(
            "只读打开：可以查看和导出，不能修改。" if session.read_only else "", closable=not session.read_only
        )
        session.read(lambda connection: session.county.settings(connection), self._show_county, owner=self, key="name")
        self._show_backup()
        self.checking.want_soon()
        if self._entries:
            self.show_page(next(iter(self._entries)))

    def _show_county(self, settings: dict[str, str]) -> None:
        name = settings.get("county_name", "")
        self.shell.top.show_county(name)
        self.setWindowTitle(f"{name} — {TITLE}" if name else TITLE)

    def _show_author(self, name: str) -> None:
        self.shell.status.show_value("author", name if self.session.is_open else "")

    def _show_backup(self) -> None:
        if self.session.is_open:
            folder = self.session.folder
            show = self.shell.status.show_value
            self.session.read(
                lambda _connection: last_backup(folder), lambda word: show("backup", word), owner=self, key="backup"
            )

    def _closed(self) -> None:
        shell = self.shell
        self._drop_pages()
        for name in ("saved", "backup", "issues", "mode", "selection", "author"):
            shell.status.show_value(name, "")
        shell.banner.say("")
        shell.rail.hide()
        self.setWindowTitle(TITLE)

    def leave_county(self) -> None:
        """Close the county, once nothing in it is left unsaved, and show what to begin with: another one, a backup."""
        if not self._asks_first("仍要离开", self._leave):
            self._leave()

    def _leave(self) -> None:
        self.session.close_county()
        self.show_welcome()

    def show_welcome(self) -> None:
        """Show what to begin with when no county is open."""
        from desktop.pages.welcome import WelcomePage

        page = self._pages.get("welcome")
        if page is None:
            page = WelcomePage(self.settings)
            page.new_wanted.connect(self.opening.create)
            page.folder_wanted.connect(self.opening.open)
            page.demo_wanted.connect(self.opening.open_demo)
            page.choose_wanted.connect(self.opening.choose)
            page.restore_wanted.connect(self.opening.restore)
            page.arrived_wanted.connect(self.opening.open_arrived)
            page.city_wanted.connect(self.show_city)
            self._add_page("welcome", page)
        self.shell.rail.hide()
        self.shell.stack.setCurrentWidget(page)

    def show_city(self) -> None:
        """Open the city's window beside this one."""
        from desktop.city_app import open_beside

        self._city = open_beside(self.settings)

    # -- pages ------------------------------------------------------------------------------------------------

    def page(self, name: str) -> QWidget:
        """Return the page `name`, made when it is asked for the first time; KeyError when there is none."""
        found = self._pages.get(name)
        if found is None:
            entry = self._entries[name]
            found = entry.make(self.session, self.shell.stack)
            navigate = getattr(found, "navigate", None)
            if navigate is not None:
                navigate.connect(self.go)
            selection = getattr(found, "selection_told", None)
            if selection is not None:
                selection.connect(lambda words: self._show_selection(found, words))
            self._add_page(name, found)
        return found

    def _show_selection(self, page: QWidget, words: str) -> None:
        """Show what is selected on `page`, unless the clerk has gone to another since."""
        if page is self.shell.stack.currentWidget():
            self.shell.status.show_value("selection", words)

    def _add_page(self, name: str, page: QWidget) -> None:
        self._pages[name] = page
        self.shell.stack.addWidget(page)

    def _drop_pages(self) -> None:
        for page in self._pages.values():
            self.shell.stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()

    def _plan_changed(self) -> None:
        """Another plan is in force: have the pages made anew, once whatever a page is doing now is done."""
        for page in self._pages.values():
            page.setEnabled(False)
        QTimer.singleShot(0, self._make_pages_anew)

    def _make_pages_anew(self) -> None:
        """Delete every page, so that none answers to another plan's years and tasks; show the open one as it now is."""
        name, section = self._shown()
        dropped = list(self._pages.values())
        self._drop_pages()
        for page in dropped:
            shiboken6.delete(page)
        if name in self._entries:
            self.go(Place(name, section=section))

    def _shown(self) -> tuple[str, str]:
        """Return the name of the page that is shown and of its open section, "" where there is none."""
        shown = self.shell.stack.currentWidget()
        section = getattr(shown, "section", "")
        name = next((name for name, page in self._pages.items() if page is shown), "")
        return name, section if isinstance(section, str) else ""

    def show_page(self, name: str) -> QWidget | None:
        """Show the page `name` and return it, None when no county is open."""
        if not self.session.is_open or name not in self._entries:
            return None
        before = self.shell.stack.currentWidget()  # the first page that is added is current at once
        page = self.page(name)
        self.shell.rail.set_current(name)
        self.shell.status.show_value("selection", "")
        if before is not page:
            self.shell.stack.setCurrentWidget(page)
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        return page

    def go(self, place: Place) -> None:
        """Show `place`: its page, year and what is in it."""
        if place.year:
            self.session.year = place.year
        page = self.show_page(place.page)
        reveal = getattr(page, "reveal", None)
        if reveal is not None:
            reveal(place)

    def _go_found(self, place: Place) -> None:
        """Show what was found, and let its page have the keyboard."""
        self.go(place)
        page = self.shell.stack.currentWidget()
        if page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def read_workbooks(self, files: Sequence[Path]) -> None:
        """Read workbooks that units sent back, and show what they would do; before a county is open, open the file."""
        if not self.session.is_open:
            self.opening.take_dropped(files)
            return
        from desktop.dialogs.read_received import read_received

        read_received(self.session, files, self, lambda dialog: dialog.open())

    # -- undo, help -------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the last step and say what it was."""
        self._commit_editor()
        self.session.undo(self._tell_turned_back)

    def redo(self) -> None:
        """Do again what was undone last and say what it was."""
        self._commit_editor()
        self.session.redo(self._tell_turned_back)

    def _tell_turned_back(self, changes: Changes) -> None:
        self.toast.say(f"已{changes.label}" if changes.label else "没有变化。")

    def _help_place(self) -> str:
        """Return which place of the manual belongs to what is shown."""
        name, section = self._shown()
        return place_of_page(name or "welcome", section)

    def _diagnose(self) -> None:
        from desktop.diagnosis import offer_diagnosis

        offer_diagnosis(self)

    # -- what went wrong --------------------------------------------------------------------------------------

    def show_problem(self, error: Exception) -> None:
        """Tell a problem where it does not stop anybody; an unknown one is our bug."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, DataProblem):
            self.toast.say(str(error), "bad")
        elif isinstance(error, EnvironmentProblem):
            self._tell_once(error)
        else:
            self.crashes.report(error)

    def _tell_once(self, problem: EnvironmentProblem) -> None:
        log.warning("%s [%s]", problem, problem.code)
        if self._dialog is not None:
            return
        self._dialog = tell(self, "没有完成", problem.message, problem.advice, tone="bad")
        self._dialog.finished.connect(self._forget_dialog)

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _show_crash(self, details: str) -> None:
        from desktop.dialogs.crash import show_crash

        show_crash(details, self)

    # -- beginning and end ------------------------------------------------------------------------------------

    def come_to_front(self) -> None:
        """Show the window over others."""
        window = self.window()
        if window.isMinimized():
            window.showNormal()
        window.show()
        window.raise_()
        window.activateWindow()

    def event(self, event: QEvent) -> bool:
        # Excel is beside us: what is typed into a form is saved when the clerk goes over to it.
        if event.type() == QEvent.Type.WindowDeactivate:
            focused = QApplication.focusWidget()
            commit = getattr(focused.parent(), "commit", None) if focused is not None else None
            if commit is not None:
                commit()
        return super().event(event)

    def _commit_editor(self) -> None:
        """Let the editor that has the keyboard save what was typed."""
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused):
            return
        if focused.property("editor") or focused.property("incell"):
            focused.clearFocus()

    def _asks_first(self, word: str, go: Callable[[], object]) -> bool:
        """Return whether something typed cannot be saved: it is led to, and `go` follows when the clerk says so."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            focused.clearFocus()
        from desktop.unsaved import unsaved

        left = unsaved(self, self._pages)
        if left:
            self.show_page(left.page)
            left.lead()
            sentence = left.sentence({name: entry.title for name, entry in self._entries.items()})
            advice = f"取消以后改好就存上了；{word}的话，这些内容会丢失。"
            ask(self, "还没有保存", sentence, advice, yes=word, on_yes=go, loses=True)
        return bool(left)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._abandoned and self._asks_first("仍要关闭", self._abandon):
            event.ignore()
            return
        self.window().hide()
        self.helping.close()
        self.opening.stop()
        self.session.close()
        super().closeEvent(event)

    def _abandon(self) -> None:
        self._abandoned = True
        self.window().close()
