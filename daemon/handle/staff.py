"""What staff decide by command: cancelling an order at any time, booking one that was held."""

from dataclasses import replace
from datetime import datetime

from daemon.decide import Decision, Facts
from daemon.decide.cancelling import tell_order
from daemon.decide.shapes import Answer
from daemon.decide.yes import release_order
from daemon.handle.gather import keys_of
from daemon.handle.prepare import Desk
from daemon.handle.write import to_mail, write_orders
from store import catalogue, letters, orders, outbox
from store.facts import Order, OrderState, Outcome


class NotDoneError(Exception):
    """What was asked cannot be done; the message says why."""


def cancel_by_staff(desk: Desk, number: str, actor: str, now: datetime) -> Order:
    """Cancel a placed order whatever its deadline; stock comes back, the customer is told. Raises NotDoneError."""
    with desk.shop.transaction() as connection:
        order = orders.by_numbers(connection, [number]).get(number)
        if order is None:
            raise NotDoneError(f"there is no order {number}")
        if not orders.cancel(connection, [number], now, actor):
            raise NotDoneError(f"order {number} is {order.state.value}, not placed")
        facts = {"results": [tell_order(order, "cancelled", now)]}
        answer = Answer("cancellation", facts=facts, order_number=number)
        outbox.enqueue(connection, [to_mail(number, order.hashed_email, answer, None, now)], now)
    return replace(order, state=OrderState.CANCELLED, closed_at=now)


def fulfil_by_staff(desk: Desk, number: str, now: datetime) -> Order:
    """Note that a placed order has left the house: from now on it is neither cancelled nor changed by letter.

    Raises NotDoneError.
    """
    with desk.shop.transaction() as connection:
        order = orders.by_numbers(connection, [number]).get(number)
        if order is None:
            raise NotDoneError(f"there is no order {number}")
        if not orders.fulfil(connection, [number], now):
            raise NotDoneError(f"order {number} is {order.state.value}, not placed")
    return replace(order, state=OrderState.FULFILLED, closed_at=now)


def book_held(desk: Desk, number: str, now: datetime) -> Decision:
    """Book an order that was held for a question; raises NotDoneError when it cannot be."""
    with desk.shop.transaction() as connection:
        order = orders.by_numbers(connection, [number]).get(number)
        if order is None:
            raise NotDoneError(f"there is no order {number}")
        if order.state is not OrderState.HELD:
            raise NotDoneError(f"order {number} is {order.state.value}, no longer held")
        facts = Facts(products=catalogue.products(connection, keys_of([], [order])), orders={number: order})
        decision = release_order(order, facts, desk.config, now)
        if decision.release is None:
            raise NotDoneError(f"order {number} cannot be booked: {decision.reason}")
        write_orders(connection, [(number, decision)], now)
        cause = order.letter_id or number
        mails = [to_mail(cause, order.hashed_email, answer, None, now) for answer in decision.answers]
        outbox.enqueue(connection, mails, now)
    return decision


def send_round_again(desk: Desk, letter_id: str, outcome: Outcome, now: datetime) -> str:
    """A letter that was set aside or held is to be handled afresh; returns what will happen. Raises NotDoneError."""
    with desk.shop.transaction() as connection:
        record = letters.find(connection, letter_id)
        if record is None:
            raise NotDoneError(f"there is no letter {letter_id}")
        if record.outcome is not outcome:
            raise NotDoneError(f"letter {letter_id} is {record.outcome.value}, not {outcome.value}")
        if record.order_number is None:
            if not letters.reopen(connection, letter_id):
                raise NotDoneError(f"letter {letter_id} has had its effect")
            return "goes back to the inbox at the next look"
    book_held(desk, record.order_number, now)
    return f"order {record.order_number} is booked"
