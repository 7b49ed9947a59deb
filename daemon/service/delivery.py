"""The delivery station: an event loop that keeps the outbox empty, in a thread or in a process of its own."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress

import structlog

from daemon.dispatch import Dispatch, Sent
from daemon.post.smtp import Relay
from daemon.service.house import House
from daemon.service.station import last_words
from store.database import DatabaseError

log = structlog.get_logger()

LOOK_AGAIN_SECONDS = 5.0
"""How soon rows that another process made are noticed; our own wake the station, and it knows when the next is due."""
SHORTEST_NAP_SECONDS = 0.1
RINGS = 65_536


class Delivery:
    """Its end is the end of a pipe: `close` shuts ours, and so does the kernel for a process that was killed.

    `apart` puts it into a process, with an interpreter of its own. That is forked, so that it shares what is in
    memory already: start it before any thread. What `done` is told of then, it is told in that process.
    """

    name = "delivery"

    def __init__(self, house: House, done: Callable[[list[Sent]], None], apart: bool = False) -> None:
        self.house, self.done, self.apart = house, done, apart
        self.reader, self.writer = os.pipe()
        for end in (self.reader, self.writer):
            os.set_blocking(end, False)
        forking = multiprocessing.get_context("fork")
        self.runner = (
            forking.Process(target=self.run_apart, name=self.name)
            if apart
            else threading.Thread(target=self.run, name=self.name, daemon=True)
        )

    def start(self) -> None:
        if self.apart:
            self.house.disconnect()  # a connection to a database must not be carried across a fork
        self.runner.start()
        if self.apart:
            os.close(self.reader)

    def is_alive(self) -> bool:
        return self.runner.is_alive()

    def wake(self) -> None:
        """There is something new in the outbox; may be called from any thread until `close`."""
        # A full pipe has rung already; that nobody hears it any more is noticed by who looks whether we are alive.
        with suppress(BlockingIOError, BrokenPipeError):
            os.write(self.writer, b".")

    def close(self) -> None:
        """Let it finish the batch in hand, and wait for that."""
        os.close(self.writer)
        self.runner.join()
        exit_code = getattr(self.runner, "exitcode", 0)  # threads have none
        if exit_code:
            log.error("station_died", station=self.name, exit_code=exit_code)

    def run_apart(self) -> None:
        # They come to all processes of a terminal or a service at once, but only the desk decides when to close.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        os.close(self.writer)
        self.run()

    def run(self) -> None:
        with last_words(self.name):
            asyncio.run(self.deliver())
        os.close(self.reader)

    async def deliver(self) -> None:
        relay = Relay(self.house.config.smtp)
        dispatch = self.house.dispatch(relay)
        try:
            while self.is_wanted():
                await self.nap(await self.step(dispatch))
        finally:
            await relay.close()

    def is_wanted(self) -> bool:
        """Whether anybody is left who could wake us; asked before each batch, and takes all rings until now for one."""
        try:
            return os.read(self.reader, RINGS) != b""
        except BlockingIOError:
            return True

    async def step(self, dispatch: Dispatch) -> float:
        """Seconds until it is worth calling again: 0 when something was sent. A database that fails is tried again."""
        try:
            sent = await dispatch.step()
            rest = 0.0 if sent else max(SHORTEST_NAP_SECONDS, min(dispatch.rest(), LOOK_AGAIN_SECONDS))
        except DatabaseError as error:
            log.warning("outbox_unreachable", error=str(error))
            return LOOK_AGAIN_SECONDS
        except Exception:
            log.exception("delivery_broke")
            return LOOK_AGAIN_SECONDS
        self.done(sent)
        return rest

    async def nap(self, seconds: float) -> None:
        """Until somebody rings, but not longer than that."""
        if not seconds:
            return
        rung = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self.reader, rung.set)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(rung.wait(), seconds)
        finally:
            loop.remove_reader(self.reader)
