"""Whether an order is cancelled: decided by when the letter arrived, never by when it was read."""

from datetime import datetime

from daemon.decide.ordering import order_lines
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.decide.telling import ask_back
from daemon.decide.thread import order_of_thread
from daemon.request.shapes import CancelOrder, Fault, Reason
from store.facts import JSON, Order, OrderState, Outcome

MOST_AT_ONCE = 20
"""Orders in one cancellation; a letter of made-up numbers must not be answered at a hundred times its size."""

TOLD_STATES = {OrderState.CANCELLED: "already_cancelled", OrderState.FULFILLED: "fulfilled"}


def decide_cancel(case: Case, request: CancelOrder, facts: Facts, now: datetime) -> Decision:
    numbers = tuple(dict.fromkeys(request.numbers)) or order_of_thread(case, facts)
    if len(numbers) > MOST_AT_ONCE:
        return ask_back(case, "cancel", (Fault(None, "", Reason.TOO_MANY_ORDERS),), facts)
    if request.faults or not numbers:
        return ask_back(case, "cancel", request.faults or (Fault(None, "", Reason.WHICH_ORDER),), facts)
    results = [judge(number, case, facts) for number in numbers]
    cancelled = tuple(facts.orders[number] for number, state in results if state == "cancelled")
    told = [tell(number, state, facts, now) for number, state in results]
    answer = Answer("cancellation", facts={"results": told}, order_number=told_about(results, case, facts))
    reason = "cancelled" if cancelled else results[0][1]
    outcome = Outcome.DONE if cancelled else Outcome.REFUSED
    return Decision(outcome, reason, (answer,), cancel=cancelled, order_number=answer.order_number)


def judge(number: str, case: Case, facts: Facts) -> tuple[str, str]:
    """(number, what becomes of it); somebody else's order is as unknown as one that does not exist."""
    order = own_order(number, case, facts)
    if order is None:
        return number, "unknown"
    if order.state is OrderState.HELD:
        return number, "not_booked"
    if order.state is not OrderState.PLACED:
        return number, TOLD_STATES[order.state]
    return number, "cancelled" if in_its_window(order, case) else "too_late"


def in_its_window(order: Order, case: Case) -> bool:
    """Whether the letter arrived in time to cancel or to change the order.

    A window of zero hours is none, also for a letter that arrived before its order was booked.
    """
    return order.placed_at < order.cancel_until and case.arrived_at <= order.cancel_until


def own_order(number: str, case: Case, facts: Facts) -> Order | None:
    order = facts.orders.get(number)
    return order if order is not None and order.hashed_email == case.hashed_email else None


def told_about(results: list[tuple[str, str]], case: Case, facts: Facts) -> str | None:
    """The order whose mails this answer has to wait for: the first that is really the sender's."""
    return next((number for number, _ in results if own_order(number, case, facts)), None)


def tell(number: str, state: str, facts: Facts, now: datetime) -> JSON:
    if state == "unknown":
        return {"number": number, "state": state, **NOTHING_KNOWN}
    return tell_order(facts.orders[number], state, now)


NOTHING_KNOWN: JSON = {"cancel_until": None, "cancelled_at": None, "lines": None, "total": None}


def tell_order(order: Order, state: str, now: datetime) -> JSON:
    """One order in a cancellation mail; money in cents, times in ISO format."""
    closed_at = now if state == "cancelled" else order.closed_at
    return {
        "number": order.number,
        "state": state,
        "cancel_until": order.cancel_until.isoformat(),
        "cancelled_at": closed_at.isoformat() if closed_at else None,
        "lines": order_lines(order),
        "total": order.total,
    }
