"""Answers that book nothing: asking back, refusing, passing a letter on to a person."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.request.resolve import Basket
from daemon.request.shapes import Fault, Reason, ShipTo
from store.facts import JSON, OrderState, Outcome, Role

ADDRESS_FAULTS = frozenset(
    (
        Reason.NO_ADDRESS, Reason.ADDRESS_INCOMPLETE, Reason.TWO_ADDRESSES, Reason.ADDRESS_UNKNOWN,
        Reason.ADDRESS_IN_SHEET,
    )
)  # fmt: skip


def for_person(case: Case, facts: Facts, reason: str, tell: bool = True) -> Decision:
    """The letter goes whole to the shop's human address; its sender is told, once a day at most."""
    words = {"from": case.letter.sender or "", "subject": case.letter.subject, "reason": reason}
    answers = [Answer("forward", words=words, role=Role.HUMAN, with_letter=True)]
    if tell and case.hashed_email and case.hashed_email not in facts.told:
        answers.append(Answer("passed_on"))
    return Decision(Outcome.PERSON, reason, tuple(answers))


def passed_on_besides(case: Case, reason: str, decision: Decision, facts: Facts) -> Decision:
    """A question that is answered, and whose letter says more than that: a person reads it, too."""
    if not reason or decision.outcome is Outcome.PERSON:
        return decision
    return replace(decision, answers=(*decision.answers, *for_person(case, facts, reason).answers))


TELLS_WHAT_WAS_DONE = frozenset({"forward", "passed_on", "unclear"})
"""Mails that would say that nothing was done."""


def told_what_was_done(decision: Decision) -> Decision:
    """The decision whose mails about what is not done say what is, be it little: a letter may ask for both."""
    done = [{"what": what, "number": number} for what, number in what_was_done(decision)]
    if not done:
        return decision
    answers = tuple(
        replace(answer, facts={**answer.facts, "done": done}) if answer.kind in TELLS_WHAT_WAS_DONE else answer
        for answer in decision.answers
    )
    return replace(decision, answers=answers)


def what_was_done(decision: Decision) -> Iterator[tuple[str, str | None]]:
    """Every effect by a word that templates/layout/done.txt knows; the answers to questions are one."""
    booked = next(filter(None, (decision.release, decision.book)), None)
    if booked is not None:
        yield "booked" if booked.state is OrderState.PLACED else "held", booked.number
    yield from (("cancelled", order.number) for order in decision.cancel)
    if decision.change is not None:
        yield "changed", decision.change.after.number
    if decision.offers is not None:
        yield "started" if decision.offers else "stopped", None
    if decision.erase:
        yield "erased", None
    told = {answer.kind for answer in decision.answers if answer.role is None} - TELLS_WHAT_WAS_DONE - ABOUT_EFFECTS
    if told & ASKS_BACK:
        yield "asked_back", None
    if told - ASKS_BACK:
        yield "answered", None


ASKS_BACK = frozenset({"refusal", "not_changed", "prove"})
ABOUT_EFFECTS = frozenset({"confirmation", "held", "cancellation", "changed", "preferences", "erased", "transcript"})
"""Mails about what is told by its effect already."""


def ask_back(case: Case, kind: str, faults: Sequence[Fault], facts: Facts) -> Decision:
    """Nothing is done; the sender is told what was read and what to write instead."""
    words = {"kind": kind, "faults": [tell_fault(fault, facts) for fault in faults]}
    return Decision(Outcome.REFUSED, faults[0].reason.value, (Answer("unclear", words=words),))


def refuse(
    faults: Sequence[Fault], basket: Basket, ship_to: ShipTo | None, facts: Facts, kept: JSON | None = None
) -> Decision:
    """An order that cannot be booked as it stands: every fault by line, and the order as it could be.

    `kept` is where it was to go (`daemon.decide.continuing.keep_address`): a reply with the lines alone goes there.
    """
    order = corrected(basket, ship_to) or left_open(faults, ship_to, facts)
    words: JSON = {"faults": [tell_fault(fault, facts) for fault in faults], "corrected": order}
    told = {**(kept or {}), **(plainly(order, faults) if order else {})}
    return Decision(Outcome.REFUSED, faults[0].reason.value, (Answer("refusal", told, words),))


def plainly(order: JSON, faults: Iterable[Fault]) -> JSON:
    """What of an order put right is nobody's secret, so that a yes to the refusal can be shown it again."""
    lines = [{"product_id": line["product_id"], "quantity": line["quantity"]} for line in order["items"]]
    lines += [{"product_id": product["product_id"], "quantity": None} for product in order.get("open", ())]
    return {"could_be": lines, "asks_address": any(fault.reason in ADDRESS_FAULTS for fault in faults)}


def corrected(basket: Basket, ship_to: ShipTo | None) -> JSON | None:
    if not basket.corrected:
        return None
    return {
        "items": [
            {
                "product_id": line.product.product_id,
                "name": line.product.name,
                "quantity": line.quantity,
                "unit_price": line.product.price,
            }
            for line in basket.corrected
        ],
        "ship_to": {"name": ship_to.name, "lines": list(ship_to.lines)} if ship_to else None,
        "total": sum(line.quantity * line.product.price for line in basket.corrected),
    }


def left_open(faults: Sequence[Fault], ship_to: ShipTo | None, facts: Facts) -> JSON | None:
    """What was read of an order none of whose lines can be booked, to be filled in: where it goes, and the products it
    names that can be had, without how many; None where that is nothing.
    """
    meant = {one.key: one for fault in faults if fault.product_id and (one := facts.product(fault.product_id))}
    products = [one for one in meant.values() if one.active and one.on_hand > 0]
    where = None if any(fault.reason in ADDRESS_FAULTS for fault in faults) else ship_to
    if not products and where is None:
        return None
    return {
        "items": [],
        "open": [
            {
                "product_id": product.product_id,
                "name": product.name,
                "unit_price": product.price,
                "in_stock": product.on_hand,
            }
            for product in products
        ],
        "ship_to": {"name": where.name, "lines": list(where.lines)} if where else None,
        "total": 0,
    }


def tell_fault(fault: Fault, facts: Facts) -> JSON:
    nearest = facts.product(fault.product_id) if fault.product_id else None
    return {
        "line": fault.line,
        "text": fault.text,
        "reason": fault.reason.value,
        "suggestion": fault.suggestion,
        "nearest": {"product_id": nearest.product_id, "name": nearest.name} if nearest else None,
        "in_stock": nearest.on_hand if nearest else None,
        "price": nearest.price if nearest else None,
    }


def by_line(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Faults in reading order; those of the whole letter first."""
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))
