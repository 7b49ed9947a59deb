"""The connection to an IMAP server, on which every step has an end."""

import imaplib
import io
import logging
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from imapclient import IMAPClient

# A line that does not move at least this much a second is given up, however lively it drips.
SLOWEST_BYTES_PER_SECOND = 50_000


class Wire(imaplib.IMAP4):
    """imaplib's protocol over a socket with one deadline for a whole step.

    A socket's own timeout counts anew for every byte, so a server that says one byte now and then holds its
    client for ever. Here `allow` starts a step, and every read and write within it may only take what is left.
    Looking up the host's name is bounded by the system's resolver alone.
    """

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, seconds: float) -> None:
        self.tls = tls
        self.seconds = seconds
        self.until = 0.0
        self.allow()
        super().__init__(host, port)

    def allow(self, seconds: float | None = None, size: int = 0) -> None:
        """Begins a step that must be over in `seconds` (the usual time when None), plus what `size` bytes need."""
        whole = self.seconds if seconds is None else seconds
        self.until = time.monotonic() + whole + size / SLOWEST_BYTES_PER_SECOND

    def left(self) -> float:
        """Seconds left of the step, never more than may pass in silence; TimeoutError when it is over."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, self.seconds)

    def hear(self, seconds: float) -> bytes | None:
        """A line the server says unasked, None when it says nothing for so long; raises `abort` when it hangs up."""
        self.allow(seconds)
        try:
            self.reader.peek(1)
        except TimeoutError:
            return None
        self.allow()
        line = self.readline()
        if not line:
            raise self.abort("socket error: EOF")
        return line

    def announced(self) -> bool:
        """Whether letters were announced among other answers since the folder was selected; IDLE is silent on them."""
        return len(self.untagged_responses.get("EXISTS", ())) > 1

    # The rest is what imaplib calls its overridable methods.

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host = host
        self.port = port
        sock = socket.create_connection((host, port), self.left())
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        # The library sends some commands in two pieces, the second of which would wait 40 ms for an acknowledgement.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._speak_over(sock, self.tls)

    def _speak_over(self, sock: socket.socket, tls: ssl.SSLContext | None) -> None:
        if tls is not None:
            sock.settimeout(self.left())
            sock = tls.wrap_socket(sock, server_hostname=self.host)
        self.sock = sock
        self.reader = io.BufferedReader(_Patient(self), 65536)

    def read(self, size: int) -> bytes:
        return self.reader.read(size)

    def readline(self) -> bytes:
        line = self.reader.readline(imaplib._MAXLINE + 1)  # type: ignore[attr-defined]
        if len(line) > imaplib._MAXLINE:  # type: ignore[attr-defined]
            raise self.error("a line without end")
        return line

    def send(self, data: Any) -> None:
        self.sock.settimeout(self.left())
        super().send(data)

    def shutdown(self) -> None:
        with suppress(OSError):  # the server may have hung up first
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def starttls(self, ssl_context: Any = None) -> Any:
        """As imaplib does, but what was said in clear after the answer is thrown away (RFC 3501, 6.2.1)."""
        kind, data = self.xatom("STARTTLS")
        if kind != "OK":
            raise self.error("STARTTLS refused")
        self._speak_over(self.sock, ssl_context)
        said = self.capability()[1][-1]
        self.capabilities = tuple(said.decode("ascii", "replace").upper().split())
        return kind, data


class _Patient(io.RawIOBase):
    """The bytes of a wire, as long as its step lasts."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.wire.sock.settimeout(self.wire.left())
        return self.wire.sock.recv_into(buffer)


class Client(IMAPClient):
    """IMAPClient over a wire that is already connected."""

    def __init__(self, wire: Wire) -> None:
        # At debug level the library tells user names and whole letters.
        logging.getLogger("imapclient").setLevel(logging.WARNING)
        self.wire = wire
        super().__init__(wire.host, wire.port, ssl=wire.tls is not None)
        self.normalise_times = False
        wire.debug = 0  # the library has just turned it on, and describing each letter costs more than reading it

    def _create_IMAP4(self) -> Wire:  # noqa: N802 - the library's seam
        return self.wire


class Session(Protocol):
    """What is used of a client, with the types that IMAPClient does not declare."""

    wire: Wire

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> object: ...
    def login(self, username: str, password: str) -> object: ...
    def plain_login(self, identity: str, password: str) -> object: ...
    def sasl_login(self, mech_name: str, mech_callable: Callable[[bytes], str]) -> object: ...
    def logout(self) -> object: ...
    def has_capability(self, capability: str) -> bool: ...
    def namespace(self) -> Any: ...
    def list_folders(self, directory: str, pattern: str) -> list[tuple[tuple[bytes, ...], bytes | None, str]]: ...
    def create_folder(self, folder: str) -> object: ...
    def subscribe_folder(self, folder: str) -> object: ...
    def select_folder(self, folder: str) -> Mapping[bytes, Any]: ...
    def search(self, criteria: Sequence[str]) -> list[int]: ...
    def fetch(self, messages: Sequence[int], data: Sequence[str]) -> Mapping[int, Mapping[bytes, Any]]: ...
    def append(self, folder: str, msg: bytes, flags: Sequence[bytes]) -> object: ...
    def move(self, messages: str, folder: str) -> object: ...
    def copy(self, messages: str, folder: str) -> object: ...
    def add_flags(self, messages: str, flags: Sequence[bytes], silent: bool) -> object: ...
    def expunge(self) -> object: ...
    def uid_expunge(self, messages: str) -> object: ...
    def idle(self) -> object: ...
    def idle_done(self) -> tuple[bytes, list[Any]]: ...
    def noop(self) -> tuple[bytes, list[Any]]: ...
