"""An SMTP relay in a process of its own that takes everything and notes when: as little work as can be."""

import asyncio
import multiprocessing
import time
from multiprocessing.sharedctypes import Synchronized, SynchronizedArray
from types import TracebackType
from typing import Any, Self

GREETING = b"220 sink.example ESMTP\r\n"
EXTENSIONS = b"".join(
    b"250-%b\r\n" % told for told in (b"sink.example", b"PIPELINING", b"SIZE 52428800", b"8BITMIME", b"SMTPUTF8")
)
END = b"\r\n.\r\n"
ANSWERS = {
    b"EHLO": EXTENSIONS + b"250 ENHANCEDSTATUSCODES\r\n",
    b"MAIL": b"250 2.1.0 Ok\r\n",
    b"RCPT": b"250 2.1.5 Ok\r\n",
    b"RSET": b"250 2.0.0 Ok\r\n",
    b"NOOP": b"250 2.0.0 Ok\r\n",
    b"QUIT": b"221 2.0.0 Bye\r\n",
}


class Sink:
    """`port` to send to; `count` mails taken; `times` when each was, on the machine's monotonic clock."""

    def __init__(self, room: int) -> None:
        """`room` is how many mails can be noted."""
        spawning = multiprocessing.get_context("spawn")
        self._taken: Synchronized[int] = spawning.Value("q", 0)
        self._times: SynchronizedArray[float] = spawning.Array("d", room)
        ours, theirs = spawning.Pipe()
        self._port = ours
        self._process = spawning.Process(target=serve, args=(theirs, self._taken, self._times), daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        if not self._port.poll(20):
            raise RuntimeError("the sink does not start")
        self.port: int = self._port.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join(10)

    @property
    def count(self) -> int:
        return self._taken.value

    def times(self) -> list[float]:
        return self._times[: self.count]

    def forget(self) -> None:
        self._taken.value = 0


class Taking(asyncio.Protocol):
    """One connection; `note` is called after a mail is taken and before that is told."""

    def __init__(self, taken: "Synchronized[int]", times: "SynchronizedArray[float]") -> None:
        self.taken, self.times = taken, times
        self.waiting = b""
        self.in_data = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while self.step():
            pass

    def step(self) -> bool:
        """One command or one message, when it is there whole."""
        mark = END if self.in_data else b"\r\n"
        told, found, rest = self.waiting.partition(mark)
        if not found:
            return False
        self.waiting = rest
        if self.in_data:
            self.in_data = False
            self.note()
            self.transport.write(b"250 2.0.0 Ok: queued\r\n")
        elif told[:4].upper() == b"DATA":
            self.in_data = True
            self.transport.write(b"354 Go on\r\n")
        else:
            self.transport.write(ANSWERS.get(told[:4].upper(), b"502 5.5.1 No\r\n"))
        return True

    def note(self) -> None:
        place = self.taken.value
        self.times[place] = time.monotonic()
        self.taken.value = place + 1


def serve(told: Any, taken: "Synchronized[int]", times: "SynchronizedArray[float]") -> None:
    async def accept() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Taking(taken, times), "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(accept())
