"""The daemon: intake and delivery beside the desk, which stands in the main thread, until told to stop."""

import gc
import signal
import threading
from collections.abc import Callable, Sequence
from types import FrameType

from daemon.dispatch import Sent
from daemon.handle import Handled
from daemon.service.chores import Chores
from daemon.service.delivery import Delivery
from daemon.service.desk import DeskQueue
from daemon.service.house import House, Watcher
from daemon.service.intake import Intake
from daemon.service.station import Station, StationError

COLLECT_AFTER = (10_000, 20, 10)
"""A batch makes and drops hundreds of thousands of objects, hardly any of them in circles."""


def run(house: House, stop: threading.Event, watcher: Watcher, apart: bool = False) -> None:
    """Run until `stop` is set: the batch in hand is finished, its letters sorted, then everything is closed.

    A station that dies sets `stop` itself; when all is closed StationError says which it was. With `apart`, delivery
    has a process of its own and tells `watcher.sent` there; then no other thread may run yet.
    """

    def sent(mails: list[Sent]) -> None:
        for one in mails:
            watcher.sent(one)

    def handled(letters: list[Handled]) -> None:
        delivery.wake()
        for one in letters:
            watcher.handled(one)

    delivery = Delivery(house, sent, apart)
    desk = DeskQueue(house, handled)
    intakes = [Intake(house, name, desk.hand_over, stop) for name in house.config.mailbox]
    chores = Chores(house, delivery.wake)
    house.suggesting.prepare()
    leave_what_is_there()
    stations: list[Station] = [delivery, *intakes]
    for station in stations:
        station.start()
    try:
        died = attend(desk, chores, stations, intakes, stop)
    finally:
        delivery.close()
        chores.close()
    if died:
        raise StationError(f"{', '.join(died)} died, so the shop is closed; the log says of what")


def leave_what_is_there() -> None:
    """What is there now stays; the collector need not go through it again with every batch, nor take it from the
    memory that processes share.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def attend(
    desk: DeskQueue, chores: Chores, stations: Sequence[Station], intakes: Sequence[Intake], stop: threading.Event
) -> list[str]:
    """Work until `stop` is set and the last letters are sorted; the stations that died of themselves."""
    died: list[str] = []
    chores.begin()
    while not stop.is_set() or any(intake.is_alive() for intake in intakes):
        desk.step(0.2)
        chores.run_pending()
        died = died or dead_of_themselves(stations, stop)
        if died:
            stop.set()
    return died


def dead_of_themselves(stations: Sequence[Station], stop: threading.Event) -> list[str]:
    # Looked at before `stop` is: who is dead now and ended because of it, ended after it was set.
    dead = [station.name for station in stations if not station.is_alive()]
    return [] if stop.is_set() else dead


def stop_on_signals(stop: threading.Event) -> Callable[[], None]:
    """SIGTERM and SIGINT ask for an orderly end; returns what puts the former handlers back."""

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    former = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}

    def restore() -> None:
        for number, handler in former.items():
            signal.signal(number, handler)

    return restore
