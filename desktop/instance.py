"""One window per county folder: a second start shows the first window instead of opening another."""

from __future__ import annotations

import getpass
import hashlib
import logging
import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

PATIENCE = 500
SHOW = b"show\n"


def server_name(folder: Path) -> str:
    """Return the name under which the window on `folder` listens; each user of a PC has their own."""
    place = os.path.normcase(folder.resolve())
    mark = hashlib.sha256(f"{getpass.getuser()}\0{place}".encode()).hexdigest()[:24]
    return f"sijian-desk-{mark}"


def show_first(folder: Path) -> bool:
    """Ask the window that has `folder` open to come to the front; return whether there is one."""
    socket = QLocalSocket()
    socket.connectToServer(server_name(folder))
    if not socket.waitForConnected(PATIENCE):
        return False
    socket.write(SHOW)
    socket.waitForBytesWritten(PATIENCE)
    socket.disconnectFromServer()
    return True


class InstanceServer(QObject):
    """Listens for a second start on the folder that this window has open."""

    wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)

    def listen(self, folder: Path) -> None:
        """Listen for `folder` in place of any folder before it; call only after `show_first` found nobody."""
        self.stop()
        name = server_name(folder)
        if not self._server.listen(name):
            # A socket file that a killed program left behind.
            QLocalServer.removeServer(name)
            if not self._server.listen(name):
                log.info("cannot listen for a second start: %s", self._server.errorString())

    def stop(self) -> None:
        """Stop listening."""
        self._server.close()

    def _answer(self) -> None:
        connection = self._server.nextPendingConnection()
        connection.disconnected.connect(connection.deleteLater)
        self.wanted.emit()
