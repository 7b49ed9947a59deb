"""What stations, which are threads, have in common: how they die."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger()


class StationError(Exception):
    """A station died although nobody asked it to stop; one line for the operator, what it died of is in the log."""


@contextmanager
def last_words(station: str) -> Iterator[None]:
    """What ends a thread goes into the log, where addresses are blotted out; who watches the thread sees it gone."""
    try:
        yield
    except Exception:
        log.exception("station_died", station=station)
