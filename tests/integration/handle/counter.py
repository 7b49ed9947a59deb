"""A counter to write letters to and get mails from: the real books, the real stations, and a relay that keeps mails."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import count

from sqlalchemy import text

from daemon.handle import Desk, handle
from daemon.inbox.imap import Arrived
from daemon.post.shapes import Envelope, Receipt, State
from daemon.service.house import House
from daemon.suggesting import Suggesting
from daemon.wording import Wording
from tests.e2e.letters import letter, links_in, read, reply

START = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
ADA, BEN = "ada@customer.example", "ben@other.example"
UIDS = count(1)
Fate = tuple[str, str]


def passed(sender: str) -> bytes:
    domain = sender.rpartition("@")[2]
    return f"Authentication-Results: mx.shop.example; dmarc=pass header.from={domain}\r\n".encode()


@dataclass
class KeepingRelay:
    """Takes every mail, or refuses all for good."""

    taken: list[Envelope] = field(default_factory=list)
    refuses: bool = False

    async def send(self, envelopes: Sequence[Envelope], seconds: float) -> list[Receipt]:
        if self.refuses:
            return [Receipt(State.PERMANENT, 550, "5.7.1 no", "5.7.1", "data") for _ in envelopes]
        self.taken += envelopes
        return [Receipt(State.ACCEPTED, 250, "ok") for _ in envelopes]


@dataclass
class Counter:
    """Customers write, time goes by, mails come; `mails` of the last round by recipient."""

    desk: Desk
    now: datetime = START
    relay: KeepingRelay = field(default_factory=KeepingRelay)

    def __post_init__(self) -> None:
        suggesting = Suggesting(self.desk.shop, lambda: self.now)
        told = (self.desk.config, self.desk.shop, self.desk.vault, Wording(self.desk.config.shop), suggesting)
        self.house = House(*told, lambda: self.now)

    def passes(self, **how: float) -> None:
        self.now += timedelta(**how)

    def hand_in(self, *letters: bytes, at: datetime | None = None) -> list[Fate]:
        """Handle the letters as one batch; all arrived now, or at the time given."""
        batch = [Arrived("orders", 7, next(UIDS), at or self.now, len(raw), raw, whole=True) for raw in letters]
        return [(one.outcome.value, one.reason) for one in handle(self.house.desk, batch, self.now)]

    def deliver(self) -> list[EmailMessage]:
        """Send what is due; the mails to customers and staff, in the order in which they went out."""
        before = len(self.relay.taken)
        dispatch = self.house.dispatch(self.relay)  # type: ignore[arg-type]
        while asyncio.run(dispatch.step()):
            pass
        return [read(envelope.message) for envelope in self.relay.taken[before:]]

    def write(self, sender: str, subject: str, body: str = "", proven: bool = False) -> tuple[Fate, list[EmailMessage]]:
        raw = (passed(sender) if proven else b"") + letter(sender, subject, body)
        (fate,) = self.hand_in(raw)
        return fate, self.deliver()

    def answer(self, sender: str, to: EmailMessage, body: str, proven: bool = False) -> tuple[Fate, list[EmailMessage]]:
        (fate,) = self.hand_in((passed(sender) if proven else b"") + reply(sender, to, body))
        return fate, self.deliver()

    def ask(self, query: str) -> object:
        with self.desk.shop.reading() as connection:
            return connection.execute(text(query)).scalar()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.desk.shop.reading() as connection:
            return [tuple(row) for row in connection.execute(text(query))]


__all__ = ["ADA", "BEN", "START", "Counter", "KeepingRelay", "links_in", "passed"]
