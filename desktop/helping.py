"""F1 and 帮助 of a window: its manual, opened at what the clerk looks at, and the keys and versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu, QWidget

from desktop.manual_places import place_of_dialog
from desktop.settings import Settings
from desktop.widgets.dialog import Dialog

if TYPE_CHECKING:
    from desktop.dialogs.about import AboutDialog
    from desktop.manual_window import ManualWindow


class Helping(QObject):
    """The help of `window`; `where` tells the manual's place of what it shows, `diagnose` offers a county's 诊断."""

    def __init__(
        self,
        window: QWidget,
        settings: Settings,
        where: Callable[[], str],
        diagnose: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(window)
        self._window, self._settings, self._where, self._diagnose = window, settings, where, diagnose
        self.manual: ManualWindow | None = None
        self.menu = QMenu(window)
        self.menu.addAction("使用手册\tF1").triggered.connect(lambda _checked=False: self.show())
        if diagnose is not None:  # the city's window has nothing to do with the first hour of a county
            self.menu.addAction("一小时填完第一个月").triggered.connect(lambda _checked=False: self.open("quickstart"))
        self.menu.addAction("快捷键与版本…").triggered.connect(lambda _checked=False: self.about())

    def show(self) -> None:
        """Open the manual at what the window shows."""
        self.open(self._where())

    def show_for(self, dialog: QWidget) -> None:
        """Open the manual at what it says of `dialog`; of one that only says or asks something, at its page."""
        own = dialog.manual_place if isinstance(dialog, Dialog) else ""
        self.open(own or place_of_dialog(type(dialog)) or self._where())

    def open(self, place: str) -> None:
        """Open the manual at `place`."""
        from desktop.manual_window import ManualWindow

        if self.manual is None:
            self.manual = ManualWindow(self._settings)
        self.manual.open_at(place)

    def about(self) -> AboutDialog:
        """Show the keys and versions."""
        from desktop.dialogs.about import AboutDialog

        dialog = AboutDialog(self._window)
        dialog.diagnosis_button.setVisible(self._diagnose is not None)
        if self._diagnose is not None:
            dialog.diagnosis_wanted.connect(self._diagnose)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def close(self) -> None:
        """Close the manual: it does not outlive its window."""
        if self.manual is not None:
            self.manual.end()
            self.manual.deleteLater()
            self.manual = None
