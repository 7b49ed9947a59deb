"""Servers that follow a script of a few lines, to be silent, slow or wrong at a chosen step."""

import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
SILENT = object()  # says nothing from here on, and does not hang up
HANG_UP = object()
DRIP = object()  # says a byte now and then, for ever, and never the end of a line
Answer = str | object

IMAP_ANSWERS: Mapping[str, Answer] = {
    "greeting": "* OK ready\r\n",
    "CAPABILITY": "* CAPABILITY IMAP4rev1 MOVE UIDPLUS IDLE\r\n{tag} OK done\r\n",
    "LOGIN": "{tag} OK [CAPABILITY IMAP4rev1 MOVE UIDPLUS IDLE] in\r\n",
    "LIST": '* LIST () "/" Done\r\n{tag} OK done\r\n',
    "CREATE": "{tag} OK done\r\n",
    "SUBSCRIBE": "{tag} OK done\r\n",
    "SELECT": "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n{tag} OK [READ-WRITE] selected\r\n",
    "SEARCH": "* SEARCH 5\r\n{tag} OK done\r\n",
    "FETCH": "* 1 FETCH (UID 5 RFC822.SIZE 10)\r\n{tag} OK done\r\n",
    "MOVE": "{tag} OK done\r\n",
    "NOOP": "{tag} OK done\r\n",
    "IDLE": "+ idling\r\n",
    "DONE": "{tag} OK done\r\n",
    "LOGOUT": "* BYE\r\n{tag} OK done\r\n",
}
SMTP_ANSWERS: Mapping[str, Answer] = {
    "greeting": "220 ready\r\n",
    "EHLO": "250-relay\r\n250 AUTH PLAIN\r\n",
    "AUTH": "235 in\r\n",
    "MAIL": "250 ok\r\n",
    "RCPT": "250 ok\r\n",
    "DATA": "354 go on\r\n",
    ".": "250 taken\r\n",
    "RSET": "250 ok\r\n",
    "NOOP": "250 ok\r\n",
    "QUIT": "221 bye\r\n",
}


class Scripted:
    """Answers by the verb of each line. `heard` keeps every line. `{tag}` in an answer is the client's tag.

    `then` is called with the socket after each answer, for what a line-by-line script cannot say.
    """

    def __init__(
        self,
        answers: Mapping[str, Answer],
        *,
        tls: ssl.SSLContext | None = None,
        then: Callable[[str, socket.socket], None] = lambda verb, sock: None,
    ) -> None:
        self.answers = answers
        self.heard: list[str] = []
        self.then = then
        self._tls = tls
        self._over = threading.Event()
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # closing alone does not wake the thread that accepts
        self._listener.close()
        for sock in self._sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self._sockets.append(sock)
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with suppress(OSError):
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
                self._sockets.append(sock)
            if not self._say(sock, self.answers["greeting"], ""):
                return
            tag = ""
            for line in sock.makefile("rb"):
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                self.heard.append(text)
                verb, tag = self._understand(text, tag)
                if verb in self.answers and not self._say(sock, self.answers[verb], tag):
                    return
                self.then(verb, sock)

    def _understand(self, text: str, tag: str) -> tuple[str, str]:
        """The verb of a line and the tag it goes by: IMAP puts a tag first, and UID before some verbs."""
        words = text.upper().split()
        if words and words[0] in self.answers:
            return words[0], tag
        inner = words[2] if len(words) > 2 and words[1] == "UID" else words[1] if len(words) > 1 else ""
        return (inner, text.split()[0]) if inner in self.answers else ("", tag)

    def _say(self, sock: socket.socket, answer: Answer, tag: str) -> bool:
        if answer is DRIP:
            while not self._over.wait(0.05):
                sock.sendall(b"*")
        if answer is HANG_UP:
            sock.shutdown(socket.SHUT_RDWR)
        if not isinstance(answer, str):
            return False
        sock.sendall(answer.replace("{tag}", tag).encode())
        return True
