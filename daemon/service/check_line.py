"""One line of `mailorder check`: what was looked at, what was found, and what to do about that very fault."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from daemon.config import ConfigError
from daemon.inbox.errors import MailboxError
from daemon.post.shapes import RelayError
from store.database import DatabaseError
from store.vault import VaultError

Troubles = (ConfigError, DatabaseError, VaultError, MailboxError, RelayError, OSError)


class State(StrEnum):
    """As they are printed; a warning keeps nothing from working, SKIPPED was not looked at."""

    OK = "ok"
    WARNING = "!!"
    RED = "RED"
    SKIPPED = "--"


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: State
    found: str
    advice: str = ""

    @property
    def ok(self) -> bool:
        return self.state in (State.OK, State.WARNING)


def attempt(name: str, look: Callable[[], str], advice: str) -> Check:
    """Made green by `look` returning what it found, red by the trouble that it raised.

    A trouble that brings its own advice is told with that instead.
    """
    try:
        return Check(name, State.OK, look())
    except VaultError as error:
        return Check(name, State.RED, error.found, error.advice or advice)
    except Troubles as error:
        return Check(name, State.RED, str(error).splitlines()[0].removeprefix(f"{name}: "), advice)


def skipped(name: str, since: str) -> Check:
    return Check(name, State.SKIPPED, f"not looked at, since {since}")
