"""Past orders, and how one of them stands."""

from collections.abc import Iterable
from datetime import datetime

from daemon.config import Config
from daemon.decide.believing import has_no_address
from daemon.decide.cancelling import MOST_AT_ONCE, own_order
from daemon.decide.ordering import order_lines
from daemon.decide.proving import ask_proof, needs_proof
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.decide.telling import ask_back
from daemon.decide.thread import order_of_thread
from daemon.request.numbers import named_orders
from daemon.request.shapes import Ask, Fault, Reason
from store.facts import JSON, Order, OrderState, Outcome

MOST_LINES = 5
"""Lines of an order in a list of several; the others are counted."""


def decide_my_orders(case: Case, request: Ask, facts: Facts, config: Config, now: datetime) -> Decision:
    """The latest orders; asked back first of a sender who is not proven."""
    if needs_proof(case):
        # Without the words of the letter: the question's facts are plain.
        return ask_proof(Ask(request.kind), now)
    mine = orders_of(case, facts)
    shown = mine[: config.browsing.orders]
    each = [tell_order(order, facts, now, MOST_LINES) for order in shown]
    told = {
        "orders": each,
        "most": config.browsing.orders,
        "older": len(mine) > len(shown),
        "blank_address": leaves_blank(each, case, facts),
    }
    # With a single order a reply of "cancel" cannot mean another.
    number = shown[0].number if len(shown) == 1 else None
    return Decision(Outcome.DONE, "told", (Answer("my_orders", facts=told, order_number=number),))


def orders_of(case: Case, facts: Facts) -> list[Order]:
    """As they stand now, with what letters of this batch made of them; the one that arrived last first."""
    theirs = {order.number: order for order in facts.asked.histories.get(case.hashed_email or "", ())}
    theirs |= {order.number: order for order in facts.orders.values() if order.hashed_email == case.hashed_email}
    return sorted(theirs.values(), key=lambda order: (order.arrived_at, order.number), reverse=True)


def decide_status(case: Case, request: Ask, facts: Facts, config: Config, now: datetime) -> Decision:
    """How the orders of these numbers stand: knowing one is proof of having received it. Without a number, and in
    reply to nothing, it is a question about all of them.

    Where an order goes is told to a sender who is proven, and only of a single one.
    """
    numbers = named_orders(request.argument).numbers or order_of_thread(case, facts)
    if not numbers:
        return decide_my_orders(case, request, facts, config, now)
    if len(numbers) > MOST_AT_ONCE:
        return ask_back(case, request.kind.value, (Fault(None, "", Reason.TOO_MANY_ORDERS),), facts)
    found = [order for number in numbers if (order := own_order(number, case, facts)) is not None]
    each = [tell_order(order, facts, now) for order in found]
    told: JSON = {
        "orders": each,
        "unknown": [number for number in numbers if own_order(number, case, facts) is None],
        "blank_address": leaves_blank(each, case, facts),
    }
    if len(found) == 1 and found[0].address_id and not needs_proof(case):
        told["address_id"] = found[0].address_id
    number = found[0].number if len(found) == 1 else None
    outcome, reason = (Outcome.DONE, "told") if found else (Outcome.REFUSED, "unknown")
    return Decision(outcome, reason, (Answer("status", facts=told, order_number=number),))


def tell_order(order: Order, facts: Facts, now: datetime, most_lines: int | None = None) -> JSON:
    """One order: what it holds, how it stands, and what can still be done with it; no word of where it goes."""
    lines = order_lines(order)
    shown = lines if most_lines is None else lines[:most_lines]
    again = available(order, facts)
    complete = len(again) == len({line.product_id for line in order.lines})
    return {
        "number": order.number,
        "state": order.state.value,
        "placed_at": order.placed_at.isoformat(),
        "closed_at": order.closed_at.isoformat() if order.closed_at else None,
        "cancel_until": order.cancel_until.isoformat() if can_cancel(order, now) else None,
        "lines": shown,
        "hidden": len(lines) - len(shown),
        "total": order.total,
        "again": again,
        "complete": complete,
        # All of it and to where it went: `again` does that.
        "repeats": complete and order.address_id is not None and order.state is not OrderState.HELD,
    }


def leaves_blank(told: Iterable[JSON], case: Case, facts: Facts) -> bool:
    """Whether an order that is told can only be repeated as a new one, which needs an address that is not known."""
    return has_no_address(case, facts) and any(order["again"] and not order["repeats"] for order in told)


def can_cancel(order: Order, now: datetime) -> bool:
    return order.state is OrderState.PLACED and order.placed_at < order.cancel_until and now <= order.cancel_until


def available(order: Order, facts: Facts) -> list[JSON]:
    """The lines that could be ordered once more today, each product once."""
    wanted: dict[str, int] = {}
    for line in order.lines:
        wanted[line.product_id] = wanted.get(line.product_id, 0) + line.quantity
    products = {product_id: facts.product(product_id) for product_id in wanted}
    return [
        {"product_id": product_id, "quantity": quantity}
        for product_id, quantity in wanted.items()
        if (product := products[product_id]) is not None and product.active and product.on_hand >= quantity
    ]
