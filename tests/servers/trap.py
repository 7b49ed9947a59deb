"""A trap on the line between a program and its servers: something is done at an instant that only the wire shows."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.servers.proxy import Tap

FETCH = rb"(?:^|\n)(\S+) UID FETCH [^\r\n]*BODY[^\r\n]*\r\n"
MOVE = rb"(?:^|\n)(\S+) UID MOVE [^\r\n]*\r\n"
END_OF_DATA = rb"\r\n\.\r\n"


@dataclass(frozen=True, slots=True)
class Moment:
    """A question on the wire, and when: it is asked but the server does not hear it, it is done but the answer is
    lost, or the answer has been told.

    `question` is a pattern; its group is the tag that the answer repeats, without one the answer is 250.
    """

    question: bytes
    when: Literal["asked", "done", "told"]


class Trap:
    """Springs once at the moment it is set to, then is open again; `sprung` tells that it did."""

    def __init__(self) -> None:
        self.sprung = threading.Event()
        self._lock = threading.Lock()
        self._moment: Moment | None = None
        self._pieces = 0
        self._deed: Callable[[], None] = lambda: None

    def set_to(self, moment: Moment, deed: Callable[[], None]) -> None:
        self.sprung.clear()
        self._deed = deed
        self._moment = moment

    def set_after(self, pieces: int, deed: Callable[[], None]) -> None:
        """Springs when so many more pieces have been sent in either direction, before the last of them goes on."""
        self.sprung.clear()
        self._deed = deed
        self._pieces = pieces

    def tap(self) -> Tap:
        return _Line(self)

    def waits_for(self) -> Moment | None:
        return self._moment

    def count(self) -> None:
        with self._lock:
            if not self._pieces:
                return
            self._pieces -= 1
            if self._pieces:
                return
        self._do()
        raise ConnectionAbortedError

    def spring(self, cut: bool) -> None:
        with self._lock:
            if self._moment is None:
                return
            self._moment = None
        self._do()
        if cut:
            raise ConnectionAbortedError

    def _do(self) -> None:
        self._deed()
        self.sprung.set()


class _Line(Tap):
    """One connection: which question is open on it, and whether its answer is complete."""

    def __init__(self, trap: Trap) -> None:
        self.trap = trap
        self.question = b""
        self.answer: re.Pattern[bytes] | None = None
        self.said = b""
        self.complete = False

    def asking(self, piece: bytes) -> None:
        self.trap.count()
        moment = self.trap.waits_for()
        self.question = self.question[-500:] + piece
        found = re.search(moment.question, self.question) if moment else None
        if moment is None or found is None:
            return
        if moment.when == "asked":
            self.trap.spring(cut=True)
        self.question, self.said = b"", b""
        expected = re.escape(found[1]) + rb" OK[^\r\n]*\r\n" if found.groups() else rb"250"
        self.answer = re.compile(rb"(?:^|\n)" + expected)

    def answering(self, piece: bytes) -> None:
        self.trap.count()
        moment = self.trap.waits_for()
        if self.answer is None or moment is None:
            return
        self.said += piece
        if self.answer.search(self.said):
            self.answer, self.complete = None, True
            if moment.when == "done":
                self.trap.spring(cut=True)

    def answered(self) -> None:
        if self.complete:
            self.complete = False
            self.trap.spring(cut=False)
