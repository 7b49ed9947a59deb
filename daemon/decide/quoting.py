"""What an order would cost: checked and priced like an order, and nothing booked."""

from daemon.config import Config
from daemon.decide.believing import has_no_address, is_believed
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.decide.telling import ADDRESS_FAULTS, by_line, corrected, tell_fault
from daemon.request.resolve import resolve
from daemon.request.shapes import PlaceOrder, Reason
from store.facts import JSON, Outcome

BESIDE_THE_PRICE = frozenset({Reason.QUESTION, Reason.CONDITION, *ADDRESS_FAULTS})
"""What stands against booking an order and not against telling its price: a quote is a question."""

MOST_UNBELIEVED = 20
"""Lines told to a sender who may not have asked; the total is of all of them."""


def decide_quote(case: Case, request: PlaceOrder, facts: Facts, config: Config) -> Decision:
    """Every line with its price, the total, and the order ready to send; faults by line as in a refusal."""
    basket = resolve(request, facts, config.orders.max_quantity)
    faults = by_line([*(one for one in request.faults if one.reason not in BESIDE_THE_PRICE), *basket.faults])
    doubtful = any(fault.reason in ADDRESS_FAULTS for fault in request.faults) or request.address_of is not None
    ship_to = None if doubtful else request.ship_to
    order = corrected(basket, ship_to)
    if order is not None:
        order["blank_address"] = doubtful or (ship_to is None and has_no_address(case, facts))
        if not is_believed(case, facts.threads):
            order["hidden"] = max(0, len(order["items"]) - MOST_UNBELIEVED)
            order["items"] = order["items"][:MOST_UNBELIEVED]
    words: JSON = {"faults": [tell_fault(fault, facts) for fault in faults], "corrected": order}
    reason = faults[0].reason.value if faults else "quoted"
    return Decision(Outcome.REFUSED if faults else Outcome.DONE, reason, (Answer("quote", words=words),))
