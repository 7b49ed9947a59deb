"""The daemon: intake and delivery beside the desk, which stands in the main thread, until told to stop."""

import gc
import signal
import threading
from collections.abc import Callable, Sequence
from types import FrameType

from daemon.dispatch import Sent
from daemon.handle import Handled
from daemon.service.delivery import Delivery
from daemon.service.desk import DeskQueue
from daemon.service.house import House, Watcher
from daemon.service.intake import Intake
from daemon.service.miner import Miner
from daemon.service.reporter import Reporter
from daemon.service.station import Station, StationError
from daemon.service.sweeping import Sweeper
from daemon.service.wishing import look_for_wishes
from daemon.timetable import Timetable

SWEEP_SECONDS = 3600
COLLECT_AFTER = (10_000, 20, 10)
"""A batch makes and drops hundreds of thousands of objects, hardly any of them in circles."""
MINING_LOOK_SECONDS = 30
REPORT_LOOK_SECONDS = 20
WISH_LOOK_SECONDS = 30


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
    sweeper = Sweeper(house)
    timetable = Timetable()
    timetable.every(SWEEP_SECONDS, sweeper.begin)
    miner = Miner(house)
    timetable.every(MINING_LOOK_SECONDS, miner.look)
    reporter = Reporter(house)
    timetable.every(REPORT_LOOK_SECONDS, reporter.look)

    def look_at_wishes() -> None:
        if look_for_wishes(house):
            delivery.wake()

    timetable.every(WISH_LOOK_SECONDS, look_at_wishes)
    house.suggesting.prepare()
    # What is there now stays; the collector need not go through it again with every batch, nor take it from the
    # memory that processes share.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    stations: list[Station] = [delivery, *intakes]
    for station in stations:
        station.start()
    died: list[str] = []
    try:
        miner.look()
        while not stop.is_set() or any(intake.is_alive() for intake in intakes):
            desk.step(0.2)
            timetable.run_pending()
            died = died or dead_of_themselves(stations, stop)
            if died:
                stop.set()
    finally:
        delivery.close()
        sweeper.close()
        miner.close()
        reporter.close()
    if died:
        raise StationError(f"{', '.join(died)} died, so the shop is closed; the log says of what")


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
