"""A TCP proxy that counts what a server says, and can put other words into its mouth."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"


class Proxy:
    """Stands before a server's port; `said` counts bytes from the server, `asked` keeps what the client sent.

    `edit` is applied to each piece the server sends. `cut` breaks every connection.
    """

    def __init__(self, port: int, edit: Callable[[bytes], bytes] = lambda piece: piece) -> None:
        self.server_port = port
        self.edit = edit
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
                threading.Thread(target=self._pump, args=(client, server, self._ask), daemon=True).start()
                threading.Thread(target=self._pump, args=(server, client, self._say), daemon=True).start()

    def _ask(self, piece: bytes) -> bytes:
        self.asked += piece
        return piece

    def _say(self, piece: bytes) -> bytes:
        self.said += len(piece)
        return self.edit(piece)

    def _pump(self, source: socket.socket, target: socket.socket, change: Callable[[bytes], bytes]) -> None:
        with suppress(OSError), source, target:
            while piece := source.recv(65536):
                target.sendall(change(piece))
            target.shutdown(socket.SHUT_WR)
