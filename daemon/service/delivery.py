"""The delivery station: a thread with its own event loop that keeps the outbox empty."""

import asyncio
import threading
from collections.abc import Callable

import structlog

from daemon.dispatch import Dispatch, Sent
from daemon.post.smtp import Relay
from daemon.service.house import House
from store.database import DatabaseError

log = structlog.get_logger()

LOOK_AGAIN_SECONDS = 5.0
"""How soon rows that came due by time alone are noticed; new rows wake the station at once."""


class Delivery(threading.Thread):
    def __init__(self, house: House, stop: threading.Event, done: Callable[[list[Sent]], None]) -> None:
        super().__init__(name="delivery", daemon=True)
        self.house, self.stop, self.done = house, stop, done
        self.news = asyncio.Event()
        self.loop = asyncio.new_event_loop()

    def run(self) -> None:
        try:
            self.loop.run_until_complete(self.deliver())
        finally:
            self.loop.close()

    def wake(self) -> None:
        """There is something new in the outbox (or it is time to stop); may be called from any thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.news.set)

    async def deliver(self) -> None:
        relay = Relay(self.house.config.smtp)
        dispatch = self.house.dispatch(relay)
        try:
            while not self.stop.is_set():
                self.news.clear()
                if not await self.step(dispatch):
                    await self.nap()
        finally:
            await relay.close()

    async def step(self, dispatch: Dispatch) -> bool:
        """True when something was sent: call again. A database that does not answer is tried again later."""
        try:
            sent = await dispatch.step()
        except DatabaseError as error:
            log.warning("outbox_unreachable", error=str(error))
            return False
        except Exception:
            log.exception("delivery_broke")
            return False
        self.done(sent)
        return bool(sent)

    async def nap(self) -> None:
        try:
            await asyncio.wait_for(self.news.wait(), LOOK_AGAIN_SECONDS)
        except TimeoutError:
            return
