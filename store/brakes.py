"""What keeps an offer from going out, looked up in the transaction that claims it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, literal_column, or_, select

from store import catalogue
from store.customers import offers_refused
from store.facts import JSON, OFFER, Braked, Brakes, MailState, OrderState, Product, QueuedMail, product_key
from store.models import order, order_line, order_revision, outbox
from store.sets import pieces, present

# Written out, not bound: SQLite uses a partial index only where it reads the index's own condition.
IS_OFFER: ColumnElement[bool] = outbox.c.kind == literal_column(f"'{OFFER}'")
STANDING = (OrderState.PLACED, OrderState.FULFILLED)
# Any number that is nobody else's lock: "offe".
ADVISORY_LOCK = 0x6F66_6665


def examine(conn: Connection, offers: Sequence[QueuedMail], brakes: Brakes) -> dict[int, Braked]:
    """Those of the offers, by id, that may not be sent any more, and why; the others may be sent at once.

    In their order, so that of two offers to one person the first goes when one may go.
    """
    if not offers:
        return {}
    if not brakes.on:
        return {one.id: Braked.OFF for one in offers}
    one_at_a_time(conn)
    people = {one.mail.hashed_email for one in offers if one.mail.hashed_email}
    barred = dict.fromkeys(cancelled_lately(conn, people, brakes), Braked.CANCELLED_LATELY)
    barred |= dict.fromkeys(offers_refused(conn, people), Braked.STOPPED)
    standing = present(conn, order.c.number, numbers_of(offers), order.c.state.in_(STANDING))
    late = stale(conn, offers)
    count = Count(sent_to(conn, people, brakes), sent_in_all(conn, brakes), brakes)
    found = {}
    for one in offers:
        person = one.mail.hashed_email or ""
        gone = None if one.mail.order_number in standing else Braked.ORDER_GONE
        braked = gone or barred.get(person) or late.get(one.id) or count.take(person)
        if braked is not None:
            found[one.id] = braked
    return found


class Count:
    """How many offers each person has had lately and how many went out in all, while more are let go."""

    def __init__(self, had: dict[str, int], in_all: int, brakes: Brakes) -> None:
        self.had, self.in_all, self.brakes = Counter(had), in_all, brakes

    def take(self, person: str) -> Braked | None:
        """Let one more go to this person, or say why not."""
        if self.had[person] >= self.brakes.per_person:
            return Braked.ENOUGH_FOR_PERSON
        if self.in_all >= self.brakes.per_day:
            return Braked.ENOUGH_FOR_DAY
        self.had[person] += 1
        self.in_all += 1
        return None


def one_at_a_time(conn: Connection) -> None:
    """Two workers that count at once would each find room for the last offer; SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")


def numbers_of(offers: Sequence[QueuedMail]) -> list[str]:
    return [one.mail.order_number for one in offers if one.mail.order_number]


def stale(conn: Connection, offers: Sequence[QueuedMail]) -> dict[int, Braked]:
    """Those of the offers, by id, that say what is not so any more: they may have waited for a night."""
    keys = {product_key(each["product_id"]) for one in offers for each in offered_by(one)}
    wares = catalogue.products(conn, keys)
    got = got_since(conn, offers)
    return {one.id: Braked.STALE for one in offers if not all(holds(each, one, wares, got) for each in offered_by(one))}


def offered_by(one: QueuedMail) -> Sequence[JSON]:
    told: Sequence[JSON] = one.mail.facts.get("products", ())
    return told


def holds(told: JSON, one: QueuedMail, wares: Mapping[str, Product], got: Mapping[tuple[str, str], datetime]) -> bool:
    """Whether a product can be had as the offer tells it, by somebody who has not ordered it since."""
    ware = wares.get(product_key(told["product_id"]))
    if ware is None or not ware.active or ware.on_hand < 1 or ware.price != told["price"]:
        return False
    since = got.get((one.mail.hashed_email or "", ware.product_id))
    return since is None or since < one.created_at


def got_since(conn: Connection, offers: Sequence[QueuedMail]) -> dict[tuple[str, str], datetime]:
    """When their customers last ordered a product, or had an order changed that holds it, since the first of them.

    By hashed_email and product id.
    """
    people = {one.mail.hashed_email for one in offers if one.mail.hashed_email}
    when = func.coalesce(order_revision.c.at, order.c.placed_at)
    query = (
        select(order.c.hashed_email, order_line.c.product_id, func.max(when))
        .join(order_line, order_line.c.order_number == order.c.number)
        .outerjoin(order_revision, order_revision.c.order_number == order.c.number)
        .where(order.c.state.in_(STANDING), when >= min(one.created_at for one in offers))
        .group_by(order.c.hashed_email, order_line.c.product_id)
    )
    found: dict[tuple[str, str], datetime] = {}
    for piece in pieces(people):
        rows = conn.execute(query.where(order.c.hashed_email.in_(piece)))
        found.update({(hashed_email, product_id): at for hashed_email, product_id, at in rows})
    return found


def cancelled_lately(conn: Connection, people: Collection[str], brakes: Brakes) -> set[str]:
    """Those of the customers of whom an order was cancelled since then."""
    lately = order.c.state == OrderState.CANCELLED, order.c.closed_at >= brakes.cancelled_since
    return present(conn, order.c.hashed_email, people, *lately)


def sent_to(conn: Connection, people: Collection[str], brakes: Brakes) -> dict[str, int]:
    """How many offers each of them was sent, or may have been sent."""
    found: dict[str, int] = {}
    for piece in pieces(people):
        query = (
            select(outbox.c.hashed_email, func.count().label("mails"))
            .where(IS_OFFER, outbox.c.hashed_email.in_(piece), went_out(outbox.c.settled_at >= brakes.person_since))
            .group_by(outbox.c.hashed_email)
        )
        found.update({row.hashed_email: row.mails for row in conn.execute(query)})
    return found


def sent_in_all(conn: Connection, brakes: Brakes) -> int:
    query = select(func.count()).where(IS_OFFER, went_out(outbox.c.settled_at >= brakes.day_since))
    return conn.execute(query).scalar_one()


def went_out(lately: ColumnElement[bool]) -> ColumnElement[bool]:
    """Also one that expired after it was tried: nobody knows whether it arrived."""
    tried = and_(outbox.c.state == MailState.EXPIRED, outbox.c.attempts > 0, lately)
    return or_(outbox.c.state == MailState.SENDING, and_(outbox.c.state == MailState.SENT, lately), tried)
