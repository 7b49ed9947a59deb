"""The stations put together and run; the only room that knows all."""

from daemon.service.house import House, open_house
from daemon.service.once import once
from daemon.service.run import run

__all__ = ["House", "once", "open_house", "run"]
