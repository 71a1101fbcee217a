"""One program for each profile: a second start raises the first window and ends.

The lock file decides, because it costs nothing; the socket by which the second start asks
comes after the first paint. PySide's network module alone takes as long as a small page.
"""

import getpass
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCryptographicHash, QDir, QLockFile, QObject, Signal, Slot

from onestop.paths import Profile

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

CONNECT_MS = 100
ANSWER_S = 3.0
"""How long a second start waits for a first one that is still painting its window."""

_RAISE = b"raise"


def name_of(profile: Profile) -> str:
    """The name both starts meet under: this user, this data folder, this profile."""
    said = f"{getpass.getuser()}\0{profile.data_dir.resolve()}\0{profile.name}"
    made = QCryptographicHash.hash(said.encode(), QCryptographicHash.Algorithm.Sha256)
    return f"onestop-{made.toHex().toStdString()[:20]}"


def raise_first(profile: Profile) -> bool:
    """True when another program listens for this profile; it has been asked to come to the front."""
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(name_of(profile))
    if not socket.waitForConnected(CONNECT_MS):
        return False
    socket.write(_RAISE)
    socket.waitForBytesWritten(CONNECT_MS)
    socket.disconnectFromServer()
    return True


class Instance(QObject):
    """Holds a profile, and listens for a second start of it; `asked` when there was one."""

    asked = Signal()

    def __init__(self, profile: Profile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name_of(profile)
        self._lock = QLockFile(f"{QDir.tempPath()}/{self._name}.lock")
        self._lock.setStaleLockTime(0)  # only the end of its process frees it, never its age
        self._server: QLocalServer | None = None

    def claim(self) -> bool:
        """False when another process has the profile."""
        return self._lock.tryLock(0) or self._lock.error() is not QLockFile.LockError.LockFailedError

    def listen(self) -> bool:
        """Takes the name; a socket left behind by a program that died is removed first."""
        from PySide6.QtNetwork import QLocalServer

        server = self._server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._answer)
        if server.listen(self._name):
            return True
        QLocalServer.removeServer(self._name)
        return server.listen(self._name)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    @Slot()
    def _answer(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.asked.emit()


def alone(profile: Profile, on_asked: Callable[[], None]) -> Instance | None:
    """The holder of the profile, which has still to `listen`; None when another one answered.

    A lock that nobody answers for (the number of a dead process given to another one) does
    not keep an officer from working.
    """
    made = Instance(profile)
    if not made.claim() and _is_answered(profile):
        return None
    made.asked.connect(on_asked)
    return made


def _is_answered(profile: Profile) -> bool:
    until = time.monotonic() + ANSWER_S
    while not raise_first(profile):
        if time.monotonic() > until:
            return False
        time.sleep(CONNECT_MS / 1000)
    return True
