"""Where an order of the customer's went, for another that is to go there too."""

from daemon.decide.shapes import Case, Facts
from daemon.letter import Verdict
from store.facts import OrderState

STANDING = (OrderState.PLACED, OrderState.FULFILLED)


def address_of_order(number: str, case: Case, facts: Facts) -> str | None:
    """The address of an order of the sender's that stands; somebody else's is as unknown as one that does not exist.

    A letter proven to be hers takes only the address of an order that was, as any order without one. What a past order
    tells of its place is nowhere to send a parcel to.
    """
    order = facts.orders.get(number)
    if order is None or order.hashed_email != case.hashed_email or order.state not in STANDING or not order.letter_id:
        return None
    proven = case.letter.verdict is Verdict.PASS
    return order.address_id if order.number in facts.proven or not proven else None
