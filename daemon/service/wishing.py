"""The look at what people wait for: who is told that it is back in stock."""

import structlog

from daemon.handle.back_in_stock import tell_back_in_stock
from daemon.service.house import House
from store.database import DatabaseError

log = structlog.get_logger()


def look_for_wishes(house: House) -> bool:
    """Whether mails were made. A database that does not answer now is asked at the next look."""
    try:
        told = tell_back_in_stock(house.desk, house.clock())
    except DatabaseError as error:
        log.warning("wishes_not_looked_at", error=str(error))
        return False
    if told:
        log.info("back_in_stock", told=told)
    return told > 0
