"""A copy of what is held of a person, and its erasure: both only for whom it is about."""

from datetime import datetime, timedelta

from daemon.config import Config
from daemon.decide.cancelling import in_its_window
from daemon.decide.proving import ask_proof, needs_proof
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.request.shapes import Ask
from store.facts import ERASED_MAIL, JSON, Order, OrderState, Outcome

ON_ITS_WAY = timedelta(days=30)
"""How long an order that is not known to have left the house may still need its address; afterwards it has arrived."""


def decide_export(case: Case, request: Ask, facts: Facts, config: Config, now: datetime) -> Decision:
    if needs_proof(case):
        return ask_proof(request, now)
    return Decision(Outcome.DONE, "exported", (Answer("own_data"),))


def decide_erase(case: Case, request: Ask, facts: Facts, config: Config, now: datetime) -> Decision:
    """Asked back always, also where the sender is believed: it cannot be undone.

    Not while a parcel is to be sent: it would have no address. Who wants it all the same cancels, or waits for it.
    """
    waiting = needing_address(case, facts, now)
    if waiting and not needs_proof(case):
        told = {"orders": [tell(order, case) for order in waiting]}
        return Decision(Outcome.REFUSED, "orders_on_their_way", (Answer("not_erased", facts=told),))
    if case.proof is None:
        return ask_proof(request, now)
    return Decision(Outcome.DONE, "erased", (Answer(ERASED_MAIL),), erase=True)


def needing_address(case: Case, facts: Facts, now: datetime) -> list[Order]:
    """The sender's orders that are booked and have perhaps not been sent yet, the oldest first."""
    theirs = (order for order in facts.orders.values() if order.hashed_email == case.hashed_email)
    waiting = [one for one in theirs if one.state is OrderState.PLACED and now - one.placed_at < ON_ITS_WAY]
    return sorted(waiting, key=lambda order: (order.placed_at, order.number))


def tell(order: Order, case: Case) -> JSON:
    return {
        "number": order.number,
        "placed_at": order.placed_at.isoformat(),
        "total": order.total,
        "cancel_until": order.cancel_until.isoformat() if in_its_window(order, case) else None,
    }
