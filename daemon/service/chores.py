"""What is looked after now and then beside the desk: the vault swept, rules mined, reports made, wishes answered."""

from collections.abc import Callable

from daemon.service.house import House
from daemon.service.miner import Miner
from daemon.service.reporter import Reporter
from daemon.service.sweeping import Sweeper
from daemon.service.wishing import look_for_wishes
from daemon.timetable import Timetable

SWEEP_SECONDS = 3600
MINING_LOOK_SECONDS = 30
REPORT_LOOK_SECONDS = 20
WISH_LOOK_SECONDS = 30


class Chores:
    """Each in its turn in the thread of the desk, which must not wait: what takes long has a thread or process."""

    def __init__(self, house: House, wake: Callable[[], None]) -> None:
        """`wake` is called when there is something new in the outbox."""
        self.house, self.wake = house, wake
        self.sweeper, self.miner, self.reporter = Sweeper(house), Miner(house), Reporter(house)
        self.timetable = Timetable()
        self.timetable.every(SWEEP_SECONDS, self.sweeper.begin)
        self.timetable.every(MINING_LOOK_SECONDS, self.miner.look)
        self.timetable.every(REPORT_LOOK_SECONDS, self.reporter.look)
        self.timetable.every(WISH_LOOK_SECONDS, self.look_at_wishes)

    def begin(self) -> None:
        self.miner.look()

    def run_pending(self) -> None:
        self.timetable.run_pending()

    def look_at_wishes(self) -> None:
        if look_for_wishes(self.house):
            self.wake()

    def close(self) -> None:
        self.sweeper.close()
        self.miner.close()
        self.reporter.close()
