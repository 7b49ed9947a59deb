"""The delivery station: a thread with its own event loop that keeps the outbox empty."""

import asyncio
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


class Delivery(threading.Thread):
    def __init__(self, house: House, stop: threading.Event, done: Callable[[list[Sent]], None]) -> None:
        super().__init__(name="delivery", daemon=True)
        self.house, self.stop, self.done = house, stop, done
        self.news = asyncio.Event()
        self.loop = asyncio.new_event_loop()

    def run(self) -> None:
        with last_words(self.name):
            self.loop.run_until_complete(self.deliver())

    def wake(self) -> None:
        """There is something new in the outbox (or it is time to stop); may be called from any thread."""
        self.loop.call_soon_threadsafe(self.news.set)

    def close(self) -> None:
        """Wait until it has stopped; only then nobody wakes it any more."""
        self.wake()
        self.join()
        self.loop.close()

    async def deliver(self) -> None:
        relay = Relay(self.house.config.smtp)
        dispatch = self.house.dispatch(relay)
        try:
            while not self.stop.is_set():
                self.news.clear()
                await self.nap(await self.step(dispatch))
        finally:
            await relay.close()

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
        if seconds:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.news.wait(), seconds)
