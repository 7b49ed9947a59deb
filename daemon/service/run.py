"""The daemon: intake and delivery in their threads, the desk in the main one, until told to stop."""

import gc
import signal
import threading
from collections.abc import Callable
from types import FrameType

import structlog

from daemon.dispatch import Sent
from daemon.handle import Handled
from daemon.service.delivery import Delivery
from daemon.service.desk import DeskQueue
from daemon.service.house import House, Watcher
from daemon.service.intake import Intake
from daemon.service.sweeping import sweep_vault
from daemon.timetable import Timetable

log = structlog.get_logger()

SWEEP_SECONDS = 3600


def run(house: House, stop: threading.Event, watcher: Watcher) -> None:
    """Run until `stop` is set: the batch in hand is finished, its letters sorted, then everything is closed."""

    def sent(mails: list[Sent]) -> None:
        for one in mails:
            watcher.sent(one)

    def handled(letters: list[Handled]) -> None:
        delivery.wake()
        for one in letters:
            watcher.handled(one)

    delivery = Delivery(house, stop, sent)
    desk = DeskQueue(house, handled)
    intakes = [Intake(house, name, desk.hand_over, stop) for name in house.config.mailbox]
    timetable = Timetable()
    timetable.every(SWEEP_SECONDS, lambda: sweep_vault(house))
    # What is there now stays; the collector need not go through it again with every batch.
    gc.collect()
    gc.freeze()
    for station in (delivery, *intakes):
        station.start()
    while not stop.is_set() or any(intake.is_alive() for intake in intakes):
        desk.step(0.2)
        timetable.run_pending()
    delivery.close()


def stop_on_signals(stop: threading.Event) -> Callable[[], None]:
    """SIGTERM and SIGINT ask for an orderly end; returns what puts the former handlers back."""

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    former = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}

    def restore() -> None:
        for number, handler in former.items():
            signal.signal(number, handler)

    return restore
