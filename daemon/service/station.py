"""What stations, which are threads or processes, have in common: how they are watched, and how they die."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import structlog

log = structlog.get_logger()


class Station(Protocol):
    """What works beside the desk for as long as the shop is open."""

    @property
    def name(self) -> str: ...

    def start(self) -> None: ...

    def is_alive(self) -> bool: ...


class StationError(Exception):
    """A station died although nobody asked it to stop; one line for the operator, what it died of is in the log."""


@contextmanager
def last_words(station: str) -> Iterator[None]:
    """What ends a station goes into the log, where addresses are blotted out; who watches the station sees it gone."""
    try:
        yield
    except Exception:
        log.exception("station_died", station=station)
