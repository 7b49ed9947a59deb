"""What is held of one person, and its erasure: the vault's rows go, the books stay."""

from dataclasses import dataclass
from datetime import datetime

from daemon.handle.prepare import Desk
from store import changing, customers, letters, offers, orders, outbox, wishes
from store.database import Connection
from store.facts import (
    Consent,
    Enclosure,
    LetterRecord,
    MailState,
    Offer,
    Order,
    OrderState,
    QueuedMail,
    Revision,
    ShippingAddress,
    Wish,
)

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that shop and vault hold of one person; `email` is None when the vault does not know the address."""

    hashed_email: str
    email: str | None
    addresses: tuple[ShippingAddress, ...]
    enclosures: tuple[Enclosure, ...]
    orders: tuple[Order, ...]
    letters: tuple[LetterRecord, ...]
    mails: tuple[QueuedMail, ...]
    consent: tuple[Consent, ...]
    changes: tuple[Revision, ...] = ()
    offers: tuple[Offer, ...] = ()
    wishes: tuple[Wish, ...] = ()

    def __bool__(self) -> bool:
        told = (self.email, self.addresses, self.enclosures, self.orders, self.letters, self.mails, self.consent)
        return any((*told, self.offers, self.wishes))

    @property
    def undelivered(self) -> tuple[Order, ...]:
        """Orders that still have to be shipped, which nobody can once the address is erased."""
        return tuple(order for order in self.orders if order.state in (OrderState.PLACED, OrderState.HELD))

    @property
    def waiting(self) -> int:
        """Mails not sent yet."""
        return sum(one.state in (MailState.QUEUED, MailState.SENDING) for one in self.mails)


def held_of(desk: Desk, address: str) -> Held:
    return held_by(desk, desk.vault.hashed(address))


def held_by(desk: Desk, hashed_email: str) -> Held:
    email, addresses, enclosures = desk.vault.belongings(hashed_email)
    with desk.shop.reading() as connection:
        ordered = all_orders(connection, hashed_email)
        return Held(
            hashed_email,
            email,
            tuple(addresses),
            tuple(enclosures),
            tuple(ordered),
            tuple(letters.of_sender(connection, hashed_email)),
            tuple(outbox.to_recipient(connection, hashed_email)),
            tuple(customers.said(connection, hashed_email)),
            tuple(changing.changes(connection, [order.number for order in ordered])),
            tuple(offers.of_customer(connection, hashed_email)),
            tuple(wishes.of_customer(connection, hashed_email)),
        )


def all_orders(connection: Connection, hashed_email: str) -> list[Order]:
    found: list[Order] = []
    while True:
        page = orders.listing(connection, hashed_email, limit=PAGE, before=found[-1].number if found else None)
        found += page
        if len(page) < PAGE:
            return found


def erase(desk: Desk, hashed_email: str, now: datetime) -> int:
    """Forget one person's addresses and words, stop all mail to them; returns how many waiting mails were stopped.

    Under the lock of the books, so that no letter of theirs is handled in between; and the vault first, so that a
    crash leaves nothing that could be mailed. Done twice it changes nothing more. Orders and sums stay.
    """
    with desk.shop.transaction() as connection:
        desk.vault.forget(hashed_email)
        return erase_in_books(connection, hashed_email, now)


def erase_in_books(connection: Connection, hashed_email: str, now: datetime) -> int:
    """The shop's part of it: nothing that waits is sent, and no order knows any more where it went."""
    orders.forget_addresses(connection, hashed_email)
    wishes.forget(connection, hashed_email)
    stopped = outbox.withhold(connection, hashed_email, now)
    customers.suppress(connection, [hashed_email], customers.ERASED, now)
    return stopped


def allow_mail(desk: Desk, hashed_email: str, now: datetime) -> bool:
    """Let mail go to this person again; False when nothing kept it back. What was suppressed stays unsent."""
    with desk.shop.transaction() as connection:
        if not customers.suppressed(connection, [hashed_email]):
            return False
        customers.unsuppress(connection, [hashed_email], "staff", now)
    return True
