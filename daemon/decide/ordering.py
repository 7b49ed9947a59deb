"""Whether an order is booked, held for a question, or refused."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from daemon.config import Config
from daemon.decide.continuing import keep_address
from daemon.decide.sending import address_of_order
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.decide.telling import ADDRESS_FAULTS, by_line, passed_on_besides, refuse
from daemon.letter import Verdict
from daemon.request.beside import BESIDE_ORDER
from daemon.request.resolve import Basket, resolve
from daemon.request.shapes import Fault, PlaceOrder, Reason
from store.facts import JSON, Order, OrderLine, OrderState, Outcome


def decide_order(case: Case, request: PlaceOrder, facts: Facts, config: Config, now: datetime) -> Decision:
    basket = resolve(request, facts, config.orders.max_quantity)
    address_id = address_for(case, request, facts)
    faults = [*request.faults, *basket.faults]
    if address_id is None and not any(fault.reason in ADDRESS_FAULTS for fault in faults):
        faults.append(no_address(request))
    if faults or address_id is None:
        told = case.address is not None or request.address_of is not None
        certain = told and not any(fault.reason in ADDRESS_FAULTS for fault in faults)
        kept = keep_address(address_id, case) if certain else None
        return refuse(by_line(faults), basket, request.ship_to, facts, kept)
    order = draft(case, basket, address_id, config, now)
    decision = ask_first(case, order, facts, config, now) or place(order, case.address is None, request.address_of)
    return passed_on_besides(case, said_besides(request, basket), decision, facts)


def said_besides(request: PlaceOrder, basket: Basket) -> str:
    """Why a person reads the letter too: its prose, or what stands on its lines beside product and number."""
    return request.beside or (BESIDE_ORDER if basket.remarks else "")


def address_for(case: Case, request: PlaceOrder, facts: Facts) -> str | None:
    """The address in the letter, or in the one that was refused and that it puts right; else the customer's last one.

    A letter proven to be hers takes only a proven one. One that names an order takes no other than that order's.
    """
    if request.address_of is not None:
        return address_of_order(request.address_of, case, facts)
    if request.ship_to is not None or case.address is not None:
        return case.address.address_id if case.address else None
    return facts.address_of(case.hashed_email or "", proven=case.letter.verdict is Verdict.PASS)


def no_address(request: PlaceOrder) -> Fault:
    number = request.address_of
    return Fault(None, number or "", Reason.ADDRESS_UNKNOWN if number else Reason.NO_ADDRESS)


def draft(case: Case, basket: Basket, address_id: str, config: Config, now: datetime) -> Order:
    """The order as it would be booked now; prices are those of the moment."""
    if case.hashed_email is None:
        raise ValueError("an order has a sender")
    lines = lines_of(basket)
    return Order(
        number=case.number,
        hashed_email=case.hashed_email,
        state=OrderState.PLACED,
        arrived_at=case.arrived_at,
        placed_at=now,
        cancel_until=cancel_deadline(now, config),
        address_id=address_id,
        fingerprint=fingerprint(lines, address_id),
        letter_id=case.letter_id,
        lines=lines,
    )


def lines_of(basket: Basket) -> tuple[OrderLine, ...]:
    """The good lines at the prices of the moment."""
    return tuple(
        OrderLine(line.product.product_id, line.product.name, line.quantity, line.product.price, line.product.cost)
        for line in basket.lines
    )


def cancel_deadline(placed_at: datetime, config: Config) -> datetime:
    """The last instant for cancelling, rounded up to a full minute because that is how it is told."""
    deadline = placed_at + timedelta(hours=config.orders.cancel_window_hours)
    if config.orders.cancel_window_hours and (deadline.second or deadline.microsecond):
        deadline = deadline.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return deadline


def fingerprint(lines: tuple[OrderLine, ...], address_id: str) -> str:
    """What makes two orders the same: products, quantities and where to."""
    counted = sorted((line.product_id, line.quantity) for line in lines)
    return hashlib.sha256(repr((counted, address_id)).encode()).hexdigest()


def ask_first(
    case: Case, order: Order, facts: Facts, config: Config, now: datetime, repeats: str | None = None
) -> Decision | None:
    """Hold an order that repeats a recent one, or that waited too long to be still meant; None to book it.

    `repeats` is the order that the letter itself names to be repeated.
    """
    if case.released:
        return None
    if now - case.arrived_at > timedelta(days=config.orders.stale_after_days):
        return hold(order, "stale", None)
    window = timedelta(minutes=config.orders.same_order_minutes)
    for earlier in facts.recent.get(order.hashed_email or "", ()):
        near = abs(order.arrived_at - earlier.arrived_at) <= window and earlier.number != repeats
        if near and earlier.fingerprint == order.fingerprint and earlier.letter_id != order.letter_id:
            return hold(order, "same_order", earlier)
    return None


def place(order: Order, reused: bool, address_of: str | None = None) -> Decision:
    """Booked; `reused` says that the letter told no address, `address_of` after which order it goes then."""
    answer = confirmation(order, reused, address_of)
    return Decision(Outcome.DONE, "placed", (answer,), book=order, order_number=order.number)


def confirmation(order: Order, reused: bool, address_of: str | None = None) -> Answer:
    told: JSON = {"cancel_until": order.cancel_until.isoformat(), "address_reused": reused}
    facts = {**order_facts(order), **told, "address_of": address_of if reused else None}
    return Answer("confirmation", facts=facts, order_number=order.number)


def hold(order: Order, reason: str, earlier: Order | None) -> Decision:
    held = replace(order, state=OrderState.HELD)
    told = earlier and {
        "number": earlier.number,
        "placed_at": earlier.placed_at.isoformat(),
        "total": earlier.total,
    }
    facts = {
        **order_facts(held),
        "earlier": told,
        "reason": reason,
        "arrived_at": held.arrived_at.isoformat(),
    }
    answer = Answer("held", facts=facts, order_number=held.number)
    return Decision(Outcome.HELD, reason, (answer,), book=held, order_number=held.number)


def order_facts(order: Order) -> JSON:
    """The plain part of an order's mails; `address_id` is looked up in the vault when the mail is worded."""
    return {
        "number": order.number,
        "placed_at": order.placed_at.isoformat(),
        "address_id": order.address_id,
        "total": order.total,
        "lines": order_lines(order),
    }


def order_lines(order: Order) -> list[JSON]:
    return [
        {
            "product_id": line.product_id,
            "name": line.name,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
        }
        for line in order.lines
    ]
