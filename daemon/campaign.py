"""After a confirmation is out: which offer follows it, to whom, and when offers may go out at all."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from daemon.config import Config
from daemon.suggesting import Offerable, Suggesting, offerable
from store import offers, orders
from store.database import Connection
from store.facts import JSON, OFFER, Arm, Brakes, Mail, Offer, OfferItem, Order, OrderState, QueuedMail

log = structlog.get_logger()

CONFIRMATION = "confirmation"
WEEK, DAY = timedelta(days=7), timedelta(days=1)
STANDING = (OrderState.PLACED, OrderState.FULFILLED)


class Campaign:
    """Makes an offer for each order whose confirmation was accepted, at most one an order, in that transaction."""

    def __init__(self, config: Config, suggesting: Suggesting) -> None:
        self.config, self.suggesting = config, suggesting

    def brakes(self, now: datetime) -> Brakes:
        """What keeps offers from going out at this moment."""
        told = self.config.offers
        return Brakes(
            cancelled_since=now - timedelta(days=told.after_cancel_days),
            person_since=now - WEEK,
            per_person=told.per_person_week,
            day_since=now - DAY,
            per_day=told.per_day,
            quiet_until=quiet_until(now, self.config),
            on=told.enabled,
        )

    def after_sent(self, connection: Connection, sent: Sequence[QueuedMail], now: datetime) -> list[Mail]:
        """The offers that follow these mails, to be enqueued in the transaction that settles them as SENT."""
        confirmed = [one.mail.order_number for one in sent if one.mail.kind == CONFIRMATION and one.mail.order_number]
        if not self.config.offers.enabled or not confirmed:
            return []
        placed = self.open_orders(connection, confirmed, now)
        found = self.suggestions(connection, placed, now)
        made = [self.offer(placed[number], found[number], now) for number in placed if found.get(number)]
        offers.make(connection, made)
        offered = [one for one in made if one.arm is Arm.OFFERED]
        log.info("offers_made", offered=len(offered), held_out=len(made) - len(offered), orders=len(confirmed))
        return [self.mail(one, placed[one.order_number], found[one.order_number], now) for one in offered]

    def open_orders(self, connection: Connection, numbers: Sequence[str], now: datetime) -> dict[str, Order]:
        """Those of the orders that stand, got no offer yet, and whose customers may be offered something."""
        known = offers.made(connection, numbers)
        found = orders.by_numbers(connection, [number for number in numbers if number not in known])
        standing = {number: order for number, order in found.items() if order.state in STANDING and order.hashed_email}
        customers = {number: order.hashed_email or "" for number, order in standing.items()}
        braked = offers.braked(connection, customers, self.brakes(now))
        return {number: order for number, order in standing.items() if number not in braked}

    def suggestions(
        self, connection: Connection, placed: Mapping[str, Order], now: datetime
    ) -> dict[str, list[Offerable]]:
        if not placed:
            return {}
        baskets = {number: {line.product_id for line in order.lines} for number, order in placed.items()}
        customers = {number: order.hashed_email or "" for number, order in placed.items()}
        suggester = self.suggesting.suggester(connection)
        return offerable(connection, suggester, baskets, customers, self.config.offers.products, now)

    def offer(self, order: Order, found: Sequence[Offerable], now: datetime) -> Offer:
        """What is offered, or held out: drawn after everything else was decided, so that both arms are alike."""
        told = self.config.offers
        arm = arm_of(order.number, told.holdout_seed, told.holdout_share)
        return Offer(order.number, order.hashed_email or "", arm, now, tuple(item_of(one) for one in found))

    def mail(self, offer: Offer, order: Order, found: Sequence[Offerable], now: datetime) -> Mail:
        return Mail(
            token=secrets.token_hex(16),
            event_key=offers.event_key(offer.order_number),
            kind=OFFER,
            facts=facts_of(order, found),
            due_at=now,
            hashed_email=offer.hashed_email,
            order_number=offer.order_number,
            expires_at=now + timedelta(hours=self.config.offers.expire_hours),
        )


def arm_of(order_number: str, seed: str, share: float) -> Arm:
    """Held out with probability `share`, by a keyed hash of the order's number: the same whenever it is drawn again."""
    drawn = hmac.digest(seed.encode(), order_number.encode(), hashlib.sha256)[:8]
    return Arm.HELD_OUT if int.from_bytes(drawn) < share * 2**64 else Arm.OFFERED


def item_of(one: Offerable) -> OfferItem:
    rule = one.suggestion.rule
    counts = (rule.together, rule.antecedents, rule.consequents, rule.baskets) if rule else ()
    antecedent = rule.antecedent if rule else ()
    return OfferItem(one.product.product_id, one.product.price, one.suggestion.source.value, antecedent, *counts)


def facts_of(order: Order, found: Sequence[Offerable]) -> JSON:
    """What the mail tells: the order it follows, and each product with its price and why."""
    names = {line.product_id: line.name for line in order.lines}
    return {"number": order.number, "products": [told_product(one, names) for one in found]}


def told_product(one: Offerable, names: Mapping[str, str]) -> JSON:
    """One product; `after` names what the rule goes by, out of the order, and the counts are the rule's, of baskets."""
    rule = one.suggestion.rule
    return {
        "product_id": one.product.product_id,
        "name": one.product.name,
        "price": one.product.price,
        "category": one.product.category,
        "source": one.suggestion.source.value,
        "after": [names.get(product_id, product_id) for product_id in rule.antecedent] if rule else [],
        "together": rule.together if rule else None,
        "antecedents": rule.antecedents if rule else None,
    }


def quiet_until(now: datetime, config: Config) -> datetime | None:
    """When the quiet hours end that `now` lies in, by the clock on the shop's wall; None outside of them."""
    quiet = config.offers.quiet
    if quiet is None:
        return None
    begin, end = quiet
    there = now.astimezone(config.shop.zone)
    wall = there.time()
    over_night = begin > end
    if not ((wall >= begin or wall < end) if over_night else begin <= wall < end):
        return None
    day = there.date() + DAY if over_night and wall >= begin else there.date()
    return latest_instant(datetime.combine(day, end), config.shop.zone)


def latest_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the wall clock shows this: the second time where it is shown twice, and where it is skipped, as if the clock
    had not been set forward yet (PEP 495). Rather late than too early in somebody's morning.
    """
    return max(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
