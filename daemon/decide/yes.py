"""What a "yes" agrees to: the order that was held for a question, or what was offered."""

from dataclasses import replace
from datetime import datetime

from daemon.config import Config
from daemon.decide.accepting import accept
from daemon.decide.cancelling import own_order
from daemon.decide.ordering import cancel_deadline, confirmation
from daemon.decide.shapes import Case, Decision, Facts
from daemon.decide.telling import ask_back, for_person, refuse
from daemon.decide.thread import answered_mail, order_of_thread
from daemon.request.resolve import resolve
from daemon.request.shapes import Fault, ItemLine, PlaceOrder, Reading, Reason, Yes
from store.facts import OFFER, Order, OrderState, Outcome, product_key


def decide_yes(case: Case, request: Yes, facts: Facts, config: Config, now: datetime) -> Decision:
    answered = answered_mail(case, facts)
    if answered is not None and answered.mail.kind == OFFER and not request.numbers:
        return accept(case, request, answered, facts, config, now)
    if request.count is not None:
        return for_person(case, facts, "prose")
    numbers = () if request.choice is not None else request.numbers or order_of_thread(case, facts)
    order = own_order(numbers[0], case, facts) if len(numbers) == 1 else None
    if order is None or order.state is not OrderState.HELD:
        return ask_back(case, "order", (Fault(None, "", Reason.YES_TO_WHAT),), facts)
    return release_order(order, facts, config, now)


def release_order(order: Order, facts: Facts, config: Config, now: datetime) -> Decision:
    """Book the held order at the prices it was asked about, or refuse it by what is in stock now."""
    basket = resolve(as_written(order), facts, config.orders.max_quantity)
    if basket.faults or order.address_id is None:
        return refuse(basket.faults or (Fault(None, "", Reason.NO_ADDRESS),), basket, None, facts)
    placed = replace(order, state=OrderState.PLACED, placed_at=now, cancel_until=cancel_deadline(now, config))
    answer = confirmation(placed, reused=False)
    return Decision(Outcome.DONE, "placed_after_question", (answer,), release=placed, order_number=placed.number)


def as_written(order: Order) -> PlaceOrder:
    """The held order as a request again, so that stock and retirement are judged as for any other."""
    items = (
        ItemLine(
            number,
            f"{line.product_id}, {line.quantity}",
            (Reading(product_key(line.product_id), line.quantity),),
            line.product_id,
        )
        for number, line in enumerate(order.lines, 1)
    )
    return PlaceOrder(tuple(items))
