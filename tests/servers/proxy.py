"""A TCP proxy that counts what a server says, can put other words into its mouth, and can be listened to."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"


class Tap:
    """Hears one connection; ConnectionAbortedError from any of these breaks it off, before the piece goes on."""

    def asking(self, piece: bytes) -> None:
        """What the client sent; the server has not got it yet."""

    def answering(self, piece: bytes) -> None:
        """What the server sent; the client has not got it yet."""

    def answered(self) -> None:
        """The client has got it."""


class Proxy:
    """Stands before a server's port; `said` counts bytes from the server, `asked` keeps what the client sent.

    `edit` is applied to each piece the server sends, `tap` made for each connection. `cut` breaks every connection.
    """

    def __init__(
        self, port: int, edit: Callable[[bytes], bytes] = lambda piece: piece, tap: Callable[[], Tap] = Tap
    ) -> None:
        self.server_port = port
        self.edit = edit
        self.tap = tap
        self.said = 0
        self.asked = b""
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # closing alone does not wake the thread that accepts
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        for sock in self._sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._sockets.clear()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection((HOST, self.server_port))
                self._sockets += [client, server]
                tap = self.tap()
                threading.Thread(target=self._ask, args=(client, server, tap), daemon=True).start()
                threading.Thread(target=self._say, args=(server, client, tap), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, tap: Tap) -> None:
        with suppress(OSError), client, server:
            while piece := client.recv(65536):
                self.asked += piece
                tap.asking(piece)
                server.sendall(piece)
            server.shutdown(socket.SHUT_WR)

    def _say(self, server: socket.socket, client: socket.socket, tap: Tap) -> None:
        with suppress(OSError), client, server:
            while piece := server.recv(65536):
                self.said += len(piece)
                tap.answering(piece)
                client.sendall(self.edit(piece))
                tap.answered()
            client.shutdown(socket.SHUT_WR)
