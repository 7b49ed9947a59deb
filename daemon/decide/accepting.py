"""What a yes to an offer orders: the product taken, at the price it was offered for, to where the order before went."""

from dataclasses import replace
from datetime import datetime

from daemon.config import Config
from daemon.decide.ordering import ask_first, draft, place
from daemon.decide.sending import address_of_order
from daemon.decide.shapes import Case, Decision, Facts
from daemon.decide.telling import ADDRESS_FAULTS, by_line, refuse
from daemon.letter import Verdict
from daemon.request.resolve import resolve
from daemon.request.shapes import Fault, ItemLine, PlaceOrder, Reading, Reason, Yes
from store.facts import JSON, QueuedMail, product_key


def accept(case: Case, request: Yes, offer: QueuedMail, facts: Facts, config: Config, now: datetime) -> Decision:
    """An order like any other, once it is certain which product, how many, and that it costs what was offered."""
    offered = offer.mail.facts["products"]
    taken = chosen(request, len(offered))
    if taken is None:
        return ask_which(request, offered, facts, config)
    place_taken, quantity = taken
    basket = resolve(as_order(offered[place_taken], quantity), facts, config.orders.max_quantity)
    faults = [*request.faults, *(of_the_offer(fault) for fault in basket.faults)]
    address_id, after = address_after(offer, case, facts)
    if request.ship_to is not None:
        address_id, after = (case.address.address_id if case.address else None), None
    if address_id is None and not any(fault.reason in ADDRESS_FAULTS for fault in request.faults):
        faults.append(Fault(None, "", Reason.NO_ADDRESS))
    if faults or address_id is None:
        return refuse(by_line(faults), basket, request.ship_to, facts)
    order = draft(case, basket, address_id, config, now)
    return ask_first(case, order, facts, config, now) or place(order, request.ship_to is None, after)


def chosen(request: Yes, count: int) -> tuple[int, int] | None:
    """(place from 0, how many), or None when it is not certain.

    Of one product a number alone says how many; of several it may be either, and is asked back. "Yes 2" to a mail with
    one product names another place than there is.
    """
    if count == 1 and request.count:
        return 0, request.count
    if request.count is not None or (request.more and request.choice is None):
        return None
    place_taken = 1 if request.choice is None else request.choice
    return (place_taken - 1, 1) if 1 <= place_taken <= count else None


def ask_which(request: Yes, offered: list[JSON], facts: Facts, config: Config) -> Decision:
    """Nothing is booked; the product that was likeliest meant is there to send, or else the first."""
    number = request.choice or request.count or 1
    meant = offered[number - 1] if 1 <= number <= len(offered) else offered[0]
    basket = resolve(as_order(meant, 1, told=False), facts, config.orders.max_quantity)
    faults = [Fault(None, "", Reason.WHICH_PRODUCT), *request.faults]
    return refuse(faults, basket, request.ship_to, facts)


def as_order(product: JSON, quantity: int, told: bool = True) -> PlaceOrder:
    """The product as somebody would order it who writes its price along, so that another price is noticed."""
    product_id = product["product_id"]
    reading = Reading(product_key(product_id), quantity)
    text = f"{product_id}, {quantity}"
    return PlaceOrder((ItemLine(1, text, (reading,), product_id, unit_price=product["price"] if told else None),))


def of_the_offer(fault: Fault) -> Fault:
    """It is no line of the letter that is at fault, and no price that the customer wrote."""
    reason = Reason.PRICE_CHANGED if fault.reason is Reason.PRICE_DIFFERS else fault.reason
    return replace(fault, line=None, reason=reason)


def address_after(offer: QueuedMail, case: Case, facts: Facts) -> tuple[str | None, str | None]:
    """Where the order went that the offer followed, and its number; else the customer's last address, and no number."""
    number = offer.mail.order_number
    address_id = address_of_order(number, case, facts) if number else None
    if address_id is not None:
        return address_id, number
    return facts.address_of(case.hashed_email or "", case.letter.verdict is Verdict.PASS), None
