"""Offers made after orders, to whom none was made for comparison, and what came of both."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select

from store.brakes import STANDING, Count, cancelled_lately
from store.customers import offers_refused, suppressed
from store.facts import (
    OFFER,
    Arm,
    ArmFigures,
    Braked,
    Brakes,
    MailState,
    Offer,
    OfferFigures,
    OfferItem,
    OrderState,
    RuleFigures,
)
from store.models import offer, offer_item, order, order_line, outbox
from store.sets import columns_of, insert_rows, pieces, present, row_of

ITEM = columns_of(offer_item, OfferItem)
REASON = (offer_item.c.source, offer_item.c.antecedent, offer_item.c.product_id)
Reason = tuple[str, str, str]
"""Source, antecedent as it is kept, product."""
LONGEST_WAIT = timedelta(days=31)
"""An offer that has not been sent by then has expired, whatever the settings say."""


def event_key(order_number: str) -> str:
    """What makes an order's offer possible to enqueue only once."""
    return f"{order_number}:{OFFER}"


def make(conn: Connection, offers: Sequence[Offer]) -> None:
    """Write down what is offered, and what is held out."""
    rows = [row_of(one) for one in offers]
    insert_rows(conn, offer, [{name: row[name] for name in row if name != "items"} for row in rows])
    insert_rows(
        conn,
        offer_item,
        [
            row_of(item)
            | {"order_number": one.order_number, "position": position, "antecedent": json.dumps(item.antecedent)}
            for one in offers
            for position, item in enumerate(one.items, start=1)
        ],
    )


def made(conn: Connection, order_numbers: Collection[str]) -> set[str]:
    """Those of the orders that were drawn already, into whichever arm."""
    return present(conn, offer.c.order_number, order_numbers)


def braked(conn: Connection, customers: Mapping[str, str], brakes: Brakes) -> dict[str, Braked]:
    """Those of the orders, given with their customers, after which nobody is offered anything, and why.

    Before the draw, and alike for both arms: who was held out has had their offer for the week, too.
    """
    people = set(customers.values())
    barred = dict.fromkeys(cancelled_lately(conn, people, brakes), Braked.CANCELLED_LATELY)
    barred |= dict.fromkeys(offers_refused(conn, people), Braked.STOPPED)
    barred |= dict.fromkeys(suppressed(conn, people), Braked.SUPPRESSED)
    count = Count(drawn_since(conn, people, brakes.person_since), offered_since(conn, brakes.day_since), brakes)
    found = {}
    for number, person in customers.items():
        why = (None if brakes.on else Braked.OFF) or barred.get(person) or count.take(person)
        if why is not None:
            found[number] = why
    return found


def drawn_since(conn: Connection, people: Collection[str], since: datetime) -> dict[str, int]:
    found: dict[str, int] = {}
    for piece in pieces(people):
        query = (
            select(offer.c.hashed_email, func.count().label("drawn"))
            .where(offer.c.hashed_email.in_(piece), offer.c.made_at >= since)
            .group_by(offer.c.hashed_email)
        )
        found.update({row.hashed_email: row.drawn for row in conn.execute(query)})
    return found


def offered_since(conn: Connection, since: datetime) -> int:
    query = select(func.count()).where(offer.c.made_at >= since, offer.c.arm == Arm.OFFERED)
    return conn.execute(query).scalar_one()


def listing(conn: Connection, arm: Arm | None = None, limit: int = 50) -> list[Offer]:
    """Offers, the newest first."""
    query = select(offer).order_by(offer.c.made_at.desc(), offer.c.order_number.desc()).limit(limit)
    return whole(conn, query if arm is None else query.where(offer.c.arm == arm))


def of_customer(conn: Connection, hashed_email: str) -> list[Offer]:
    """Everything one customer was offered, or would have been, the oldest first."""
    return whole(conn, select(offer).where(offer.c.hashed_email == hashed_email).order_by(offer.c.made_at))


def whole(conn: Connection, heads: Select[*tuple[Any, ...]]) -> list[Offer]:
    """Offers with their items, in the order of the query for their heads."""
    rows = list(conn.execute(heads))
    items: defaultdict[str, list[OfferItem]] = defaultdict(list)
    for piece in pieces([row.order_number for row in rows]):
        query = select(offer_item.c.order_number, *ITEM).where(offer_item.c.order_number.in_(piece))
        for number, *told in conn.execute(query.order_by(offer_item.c.order_number, offer_item.c.position)):
            items[number].append(item_of(told))
    return [Offer(**row._mapping, items=tuple(items[row.order_number])) for row in rows]


def item_of(told: Sequence[Any]) -> OfferItem:
    product_id, unit_price, source, antecedent, *counts = told
    return OfferItem(product_id, unit_price, source, tuple(json.loads(antecedent)), *counts)


def figures(
    conn: Connection,
    since: datetime | None,
    until: datetime | None,
    days: float,
    seen_until: datetime | None = None,
) -> OfferFigures:
    """What came of the offers made in [since, until), either end open when None, each followed for `days` days.

    What came at `seen_until` or later (orders, cancellations, mails sent) is not seen yet: with it, the same figures
    come out whenever they are made. Memory grows with the order lines that hold a product offered to their customer
    before.
    """
    within = made_within(since, until)
    seen = [] if seen_until is None else [outbox.c.settled_at < seen_until]
    offered, held_out = drawn(conn, since, until)
    bought = attributed(conn, since, until, days, seen_until)
    return OfferFigures(
        since,
        until,
        days,
        sent=conn.execute(sent_of(*within, *seen)).scalar_one(),
        offered=arm_figures(offered, [one for one in bought if one.arm is Arm.OFFERED]),
        held_out=arm_figures(held_out, [one for one in bought if one.arm is Arm.HELD_OUT]),
        by_rule=rule_figures(conn, within, bought),
    )


def made_within(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    ends = (since is not None and offer.c.made_at >= since, until is not None and offer.c.made_at < until)
    return [end for end in ends if not isinstance(end, bool)]


def drawn(conn: Connection, since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """(to get an offer, held out): the orders drawn in [since, until), either end open when None."""
    query = select(offer.c.arm, func.count().label("orders")).where(*made_within(since, until)).group_by(offer.c.arm)
    found = {row.arm: row.orders for row in conn.execute(query)}
    return found.get(Arm.OFFERED, 0), found.get(Arm.HELD_OUT, 0)


def sent(conn: Connection, since: datetime, until: datetime) -> int:
    """The offers that the relay took in [since, until), whenever they were made."""
    within = made_within(since - LONGEST_WAIT, until)
    return conn.execute(sent_of(*within, outbox.c.settled_at >= since, outbox.c.settled_at < until)).scalar_one()


def sent_of(*which: ColumnElement[bool]) -> Select[int]:
    of_offer = outbox.c.event_key == offer.c.order_number + f":{OFFER}"
    went = offer.c.arm == Arm.OFFERED, outbox.c.state == MailState.SENT
    return select(func.count()).select_from(offer).join(outbox, of_offer).where(*went, *which)


@dataclass(frozen=True, slots=True)
class Bought:
    """A line of a later order with a product that had been offered, and the offer it counts for."""

    offer: str
    arm: Arm
    made_at: datetime
    reason: Reason
    cents: int


def attributed(
    conn: Connection, since: datetime | None, until: datetime | None, days: float, seen_until: datetime | None
) -> list[Bought]:
    """The lines bought after the offers of [since, until), each for the latest offer that had its product.

    Offers made until the last of these is over are looked at too, since a line may be theirs.
    """
    window = timedelta(days=days)
    latest: dict[tuple[str, int], Bought] = {}
    for row in conn.execute(candidates(since, until and until + window, seen_until)):
        if not stood(row, seen_until) or row.arrived_at > row.made_at + window:
            continue
        one = Bought(row.order_number, row.arm, row.made_at, (row.source, row.antecedent, row.product_id), row.cents)
        before = latest.get((row.bought, row.position))
        if before is None or (before.made_at, before.offer) < (one.made_at, one.offer):
            latest[row.bought, row.position] = one
    return [one for one in latest.values() if until is None or one.made_at < until]


def stood(row: Row[*tuple[Any, ...]], seen_until: datetime | None) -> bool:
    """Whether the order stands, or did until then."""
    cancelled_since = seen_until is not None and row.state is OrderState.CANCELLED and row.closed_at >= seen_until
    return row.state in STANDING or cancelled_since


def candidates(since: datetime | None, until: datetime | None, seen_until: datetime | None) -> Select[*tuple[Any, ...]]:
    """Lines of orders that arrived after an offer of one of their products to the same customer.

    Whether the order stands is not asked here: SQLite would walk all orders by their state.
    """
    later = and_(order.c.hashed_email == offer.c.hashed_email, order.c.arrived_at > offer.c.made_at)
    same = and_(order_line.c.order_number == order.c.number, order_line.c.product_id == offer_item.c.product_id)
    # One that was held has arrived long before it is placed.
    seen = [] if seen_until is None else [order.c.arrived_at < seen_until, order.c.placed_at < seen_until]
    return (
        select(
            offer.c.order_number,
            offer.c.arm,
            offer.c.made_at,
            *REASON,
            order.c.arrived_at,
            order.c.state,
            order.c.closed_at,
            order_line.c.order_number.label("bought"),
            order_line.c.position,
            (order_line.c.quantity * order_line.c.unit_price).label("cents"),
        )
        .select_from(offer)
        .join(offer_item, offer_item.c.order_number == offer.c.order_number)
        .join(order, later)
        .join(order_line, same)
        .where(*made_within(since, until), *seen)
    )


def arm_figures(drawn: int, bought: Collection[Bought]) -> ArmFigures:
    return ArmFigures(drawn, len({one.offer for one in bought}), sum(one.cents for one in bought))


def rule_figures(
    conn: Connection, within: Sequence[ColumnElement[bool]], bought: Iterable[Bought]
) -> tuple[RuleFigures, ...]:
    """By reason, the most often offered first."""
    query = (
        select(*REASON, offer.c.arm, func.count().label("orders"))
        .join_from(offer, offer_item, offer_item.c.order_number == offer.c.order_number)
        .where(*within)
        .group_by(*REASON, offer.c.arm)
    )
    drawn: Counter[tuple[Reason, Arm]] = Counter()
    for source, antecedent, product_id, arm, orders in conn.execute(query):
        drawn[(source, antecedent, product_id), arm] = orders
    lines: defaultdict[tuple[Reason, Arm], list[Bought]] = defaultdict(list)
    for one in bought:
        lines[one.reason, one.arm].append(one)

    def of(reason: Reason, arm: Arm) -> ArmFigures:
        return arm_figures(drawn[reason, arm], lines[reason, arm])

    reasons = {reason for reason, _ in drawn}
    found = [
        RuleFigures(source, tuple(json.loads(kept)), product_id, of(reason, Arm.OFFERED), of(reason, Arm.HELD_OUT))
        for reason in reasons
        for source, kept, product_id in (reason,)
    ]
    return tuple(sorted(found, key=lambda one: (-one.offered.orders, one.source, one.antecedent, one.product_id)))
