"""What the shop's books say of the days that were played, in the shapes of the statement; read only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from daemon.simulator.play import Play
from daemon.simulator.statement import Account, Booked, Judged, Mailed
from store import catalogue, letters, orders, outbox
from store.facts import LetterRecord, MailState, Order, OrderState, QueuedMail

ALL = 1_000_000_000
PLACED_ONCE = (OrderState.PLACED, OrderState.CANCELLED, OrderState.FULFILLED)


@dataclass(frozen=True, slots=True)
class Posted:
    """A row of the outbox; `token` is the local part of its Message-ID."""

    token: str
    kind: str
    sent: bool
    number: str | None


@dataclass(frozen=True, slots=True)
class Books:
    """`keys` of the letters that ordered, by order number; `torn` are products that differ from their movements."""

    account: Account
    keys: Mapping[str, str]
    posted: Sequence[Posted]
    torn: Sequence[tuple[str, int, int]]


def read_books(play: Play) -> Books:
    with play.house.shop.reading() as connection:
        records = letters.listing(connection, limit=ALL)
        placed = [one for one in orders.listing(connection, limit=ALL) if one.state in PLACED_ONCE]
        rows = outbox.listing(connection, limit=ALL)
        stock = {product.key: product.on_hand for product in catalogue.everything(connection)}
        torn = catalogue.differences(connection)
    key_of = {record.letter_id: play.keys.get(record.uid, f"uid {record.uid}") for record in records}
    account = Account(
        tuple(judged(record, key_of) for record in records),
        tuple(booked(order, key_of) for order in placed),
        tuple(Mailed(row.created_at, row.mail.kind) for row in rows),
        play.opening,
        play.closing,
        stock,
    )
    return Books(account, {order.number: writer(order, key_of) for order in placed}, list(map(posted, rows)), torn)


def judged(record: LetterRecord, key_of: Mapping[str, str]) -> Judged:
    return Judged(key_of[record.letter_id], record.arrived_at, record.outcome.value, record.reason)


def booked(order: Order, key_of: Mapping[str, str]) -> Booked:
    wares = tuple((line.product_id, line.quantity, line.unit_price) for line in order.lines)
    cancelled_at = order.closed_at if order.state is OrderState.CANCELLED else None
    return Booked(writer(order, key_of), order.placed_at, wares, cancelled_at)


def writer(order: Order, key_of: Mapping[str, str]) -> str:
    """The key of the letter that ordered."""
    return key_of.get(order.letter_id or "", f"none, order {order.number}")


def posted(row: QueuedMail) -> Posted:
    return Posted(row.mail.token, row.mail.kind, row.state is MailState.SENT, row.mail.order_number)
