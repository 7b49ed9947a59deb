"""The same order once more: at the prices of the moment, to its address or the one told; asked first when dearer."""

from datetime import datetime

from daemon.config import Config
from daemon.decide.cancelling import own_order
from daemon.decide.ordering import ask_first, draft, hold, place
from daemon.decide.shapes import Case, Decision, Facts
from daemon.decide.telling import ask_back
from daemon.decide.thread import order_of_thread
from daemon.decide.yes import address_told, as_written, refuse_beside, release_order
from daemon.request.resolve import Basket, resolve
from daemon.request.shapes import Ask, Fault, Reason
from store.facts import Order, OrderState, product_key


def decide_again(case: Case, request: Ask, facts: Facts, config: Config, now: datetime) -> Decision:
    """Book anew what an order of the sender's held, whatever became of that one."""
    numbers = tuple(request.argument.split()) or order_of_thread(case, facts)
    order = own_order(numbers[0], case, facts) if len(numbers) == 1 else None
    if order is None:
        return ask_back(case, "again", (Fault(None, " ".join(numbers), Reason.WHICH_ORDER),), facts)
    if order.state is OrderState.HELD and not (request.faults or request.ship_to):
        return release_order(order, facts, config, now)
    basket = resolve(as_written(order), facts, config.orders.max_quantity)
    address_id = address_told(case, request, order.address_id)
    if request.faults or basket.faults or address_id is None:
        return refuse_beside(case, request, basket, address_id, facts)
    new = draft(case, basket, address_id, config, now)
    if got_dearer(order, basket):
        return hold(new, "dearer", order)
    return ask_first(case, new, facts, config, now, repeats=order.number) or place(new, reused=False)


def got_dearer(order: Order, basket: Basket) -> bool:
    """Whether any product costs more than it did then; a past order may hold one at two prices."""
    then: dict[str, int] = {}
    for line in order.lines:
        key = product_key(line.product_id)
        then[key] = max(line.unit_price, then.get(key, 0))
    return any(line.product.price > then[line.product.key] for line in basket.lines)
