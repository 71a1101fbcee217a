"""One program for each profile: a second start raises the first window and ends."""

import getpass
import hashlib
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from onestop.paths import Profile

CONNECT_MS = 100
_RAISE = b"raise"


def name_of(profile: Profile) -> str:
    """The name both starts meet under: this user, this data folder, this profile."""
    said = f"{getpass.getuser()}\0{profile.data_dir.resolve()}\0{profile.name}"
    return f"onestop-{hashlib.sha256(said.encode()).hexdigest()[:20]}"


def raise_first(profile: Profile) -> bool:
    """True when another program holds this profile; it has been asked to come to the front."""
    socket = QLocalSocket()
    socket.connectToServer(name_of(profile))
    if not socket.waitForConnected(CONNECT_MS):
        return False
    socket.write(_RAISE)
    socket.waitForBytesWritten(CONNECT_MS)
    socket.disconnectFromServer()
    return True


class Instance(QObject):
    """Listens for a second start of the same profile; `asked` when there was one."""

    asked = Signal()

    def __init__(self, profile: Profile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        self._name = name_of(profile)

    def listen(self) -> bool:
        """Takes the name; a socket left behind by a program that died is removed first."""
        if self._server.listen(self._name):
            return True
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name)

    def close(self) -> None:
        self._server.close()

    @Slot()
    def _answer(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.asked.emit()


def alone(profile: Profile, on_asked: Callable[[], None]) -> Instance | None:
    """The listener of the first program; None when another one holds the profile."""
    if raise_first(profile):
        return None
    made = Instance(profile)
    made.asked.connect(on_asked)
    made.listen()
    return made
