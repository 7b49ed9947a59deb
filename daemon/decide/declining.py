"""A no to a question of ours or to an offer: nothing is done, and no person has to read it."""

from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.decide.thread import answered_mail
from daemon.request.declining import declines
from store.facts import OFFER, OrderState, Outcome

ASKING = frozenset({"held", OFFER, "prove"})


def decide_no(case: Case, facts: Facts) -> Decision | None:
    """The no taken as it is meant; None for a letter that says more, or whose order is booked by now."""
    answered = answered_mail(case, facts)
    if answered is None or answered.mail.kind not in ASKING or not declines(case.letter):
        return None
    if answered.mail.kind == "prove":
        told = {"number": None, "asked": answered.mail.facts["asked"]}
        return Decision(Outcome.DONE, "declined", (Answer("declined", facts=told),))
    number = answered.mail.order_number if answered.mail.kind == "held" else None
    order = facts.orders.get(number) if number else None
    if number and (order is None or order.state is not OrderState.HELD):
        return None
    answer = Answer("declined", facts={"number": number}, order_number=number)
    return Decision(Outcome.DONE, "declined", (answer,), order_number=number)
