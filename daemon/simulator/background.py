"""An asyncio loop in a thread of its own, for servers that live beside synchronous code."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

Result = TypeVar("Result")


class Background:
    """A loop that runs until it is stopped; what is still running then is cancelled and awaited."""

    def __init__(self, name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> Self:
        self._thread.start()
        return self

    def call(self, work: Coroutine[Any, Any, Result], seconds: float = 10.0) -> Result:
        """What `work` returns, done in the loop; TimeoutError after `seconds`."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def stop(self) -> None:
        if not self._thread.is_alive():
            return
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10.0)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            self.loop.run_until_complete(_end_all())
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.close()


async def _end_all() -> None:
    left = asyncio.all_tasks() - {task for task in (asyncio.current_task(),) if task}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
