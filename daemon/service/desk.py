"""The desk: the one place in the main thread where batches of all mailboxes are handled, one after the other."""

import queue
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from daemon.handle import Handled, handle
from daemon.inbox.imap import Arrived
from daemon.service.house import House

Batch = tuple[Sequence[Arrived], "Future[list[Handled]]"]


class DeskQueue:
    """Batches handed over by the mailbox threads; each waits for its answer, so few ever lie here."""

    def __init__(self, house: House, done: Callable[[list[Handled]], None]) -> None:
        self.house, self.done = house, done
        self.waiting: queue.Queue[Batch] = queue.Queue()

    def hand_over(self, batch: Sequence[Arrived]) -> "Future[list[Handled]]":
        answer: Future[list[Handled]] = Future()
        self.waiting.put((batch, answer))
        return answer

    def step(self, seconds: float) -> bool:
        """Handle one batch; False when none came in time. A failure goes back to the mailbox that waits for it."""
        try:
            batch, answer = self.waiting.get(timeout=seconds)
        except queue.Empty:
            return False
        try:
            handled = handle(self.house.desk, batch, self.house.clock())
        except Exception as error:
            answer.set_exception(error)
            return True
        answer.set_result(handled)
        self.done(handled)
        return True
