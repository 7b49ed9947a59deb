"""When the rules are to be mined anew: it follows from the minings that are in the books, and from the clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from daemon.config import MiningConfig
from store import baskets, rules
from store.database import Connection
from store.facts import MiningState


def due(connection: Connection, config: MiningConfig, zone: ZoneInfo, now: datetime) -> bool:
    """Whether no mining is under way, and none has begun since it was last time for one.

    One that failed is thus tried again the next night. A shop that never mined begins at once if there were orders to
    mine then, as after taking over past orders.
    """
    if not config.nightly:
        return False
    turn = last_turn(now, config.at, zone)
    latest = rules.latest(connection)
    if not latest:
        return baskets.any_before(connection, turn)
    last = latest[0]
    under_way = last.state is MiningState.RUNNING and last.until > now
    return last.started_at < turn and not under_way


def last_turn(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The latest moment, not after now, at which it was this time of day in the zone.

    A time that a day leaves out (summer time begins) is an hour later on the clock, one that it has twice the first.
    """
    day = now.astimezone(zone).date()
    today = datetime.combine(day, at, zone).astimezone(UTC)
    return today if today <= now else datetime.combine(day - timedelta(days=1), at, zone).astimezone(UTC)
