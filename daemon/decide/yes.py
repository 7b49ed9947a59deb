"""What a "yes" agrees to: the order that was held for a question, or what was offered; to all else it books nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from daemon.config import Config
from daemon.decide.accepting import accept
from daemon.decide.believing import has_no_address
from daemon.decide.cancelling import own_order
from daemon.decide.continuing import keep_address, kept_address
from daemon.decide.history import decide_status
from daemon.decide.ordering import cancel_deadline, confirmation
from daemon.decide.shapes import Case, Decision, Facts
from daemon.decide.telling import ADDRESS_FAULTS, ask_back, by_line, for_person, refuse
from daemon.decide.thread import answered_mail, order_of_thread
from daemon.request.agreeing import agrees_to_order
from daemon.request.resolve import Basket, resolve
from daemon.request.shapes import Ask, AskKind, Fault, ForPerson, ItemLine, PlaceOrder, Reading, Reason, Yes
from store.facts import JSON, OFFER, Order, OrderState, Outcome, QueuedMail, product_key


def decide_yes(case: Case, request: Yes, facts: Facts, config: Config, now: datetime) -> Decision:
    answered = answered_mail(case, facts)
    if answered is not None and answered.mail.kind == OFFER and not request.numbers:
        return accept(case, request, answered, facts, config, now)
    if request.count is not None:
        return for_person(case, facts, "prose")
    if answered is not None and answered.mail.kind == "refusal" and not request.numbers:
        return show_again(case, request, answered, facts, config)
    numbers = () if request.choice is not None else request.numbers or order_of_thread(case, facts)
    order = own_order(numbers[0], case, facts) if len(numbers) == 1 else None
    asked_to_change = answered is not None and answered.mail.kind == "not_changed" and not request.numbers
    if order is None or (asked_to_change and order.state is not OrderState.HELD):
        return ask_back(case, "order", (Fault(None, "", Reason.YES_TO_WHAT),), facts)
    certain = not (request.faults or request.ship_to or request.more)
    if order.state is not OrderState.HELD:
        return needs_no_yes(case, order, facts, config, now) if certain else for_person(case, facts, "doubt")
    return release_order(order, facts, config, now) if certain else show_held(case, request, order, facts, config)


def show_held(case: Case, request: Yes, order: Order, facts: Facts, config: Config) -> Decision:
    """A yes with something beside it releases nothing: the held order as the letter has it, ready to send."""
    basket = resolve(as_written(order), facts, config.orders.max_quantity)
    said = request.ship_to and " / ".join([request.ship_to.name, *request.ship_to.lines])[:200]
    told = request.faults or (Fault(None, said or "", Reason.SAID_BESIDE),)
    address_id = address_told(case, request, order.address_id)
    return refuse_beside(case, replace(request, faults=told), basket, address_id, facts)


def address_told(case: Case, request: Ask | Yes, otherwise: str | None) -> str | None:
    """Where the letter wants it to go: never to the old place where it names another."""
    if request.ship_to is None:
        return otherwise
    return case.address.address_id if case.address else None


def refuse_beside(case: Case, request: Ask | Yes, basket: Basket, address_id: str | None, facts: Facts) -> Decision:
    """Nothing is booked; what the letter seems to mean is there to be looked over and sent."""
    faults = [*request.faults, *basket.faults]
    about_address = any(fault.reason in ADDRESS_FAULTS for fault in faults)
    if address_id is None and not about_address:
        faults.append(Fault(None, "", Reason.NO_ADDRESS))
    kept = None if about_address else keep_address(address_id, case)
    return refuse(by_line(faults), basket, request.ship_to, facts, kept)


ASKS_FOR_YES = frozenset({"held", OFFER, "refusal"})


def in_other_words(case: Case, answered: QueuedMail | None) -> Case:
    """A letter that says yes in words that are no command ("ja", "ok") to a mail of ours that a yes answers."""
    if answered is None or answered.mail.kind not in ASKS_FOR_YES or not isinstance(case.request, ForPerson):
        return case
    return replace(case, request=Yes()) if agrees_to_order(case.letter) else case


def release_order(order: Order, facts: Facts, config: Config, now: datetime) -> Decision:
    """Book the held order at the prices it was asked about, or refuse it by what is in stock now."""
    basket = resolve(as_written(order), facts, config.orders.max_quantity)
    if basket.faults or order.address_id is None:
        return refuse(basket.faults or (Fault(None, "", Reason.NO_ADDRESS),), basket, None, facts)
    placed = replace(order, state=OrderState.PLACED, placed_at=now, cancel_until=cancel_deadline(now, config))
    answer = confirmation(placed, reused=False)
    return Decision(Outcome.DONE, "placed_after_question", (answer,), release=placed, order_number=placed.number)


def needs_no_yes(case: Case, order: Order, facts: Facts, config: Config, now: datetime) -> Decision:
    """How the order stands: it was booked by an earlier yes or by the operator, or it is waited for no more."""
    told = decide_status(case, Ask(AskKind.STATUS, order.number), facts, config, now)
    answers = tuple(replace(answer, facts={**answer.facts, "said_yes": True}) for answer in told.answers)
    return replace(told, reason="needs_no_yes", answers=answers)


def show_again(case: Case, request: Yes, refusal: QueuedMail, facts: Facts, config: Config) -> Decision:
    """A refusal asks nothing that a yes could answer for certain. So nothing is booked, and the order is shown again
    as it could be now, ready to send.
    """
    told = refusal.mail.facts
    basket = resolve(as_it_could_be(told.get("could_be", ())), facts, config.orders.max_quantity)
    kept = keep_address(address_told(case, request, None), case) or kept_address(case, refusal)
    faults = [Fault(None, "", Reason.YES_TO_REFUSAL), *request.faults]
    if not request.ship_to and (told.get("asks_address") or (not kept and has_no_address(case, facts))):
        faults.append(Fault(None, "", Reason.NO_ADDRESS))
    faults += [replace(fault, line=None) for fault in basket.faults]
    return refuse(faults, basket, request.ship_to, facts, kept)


def as_it_could_be(lines: Iterable[JSON]) -> PlaceOrder:
    """The order put right that a refusal told (`daemon.decide.telling.plainly`), as a request again."""
    return PlaceOrder(
        tuple(as_item(number, line["product_id"], line["quantity"]) for number, line in enumerate(lines, 1))
    )


def as_written(order: Order) -> PlaceOrder:
    """The held order as a request again, so that stock and retirement are judged as for any other."""
    return PlaceOrder(
        tuple(as_item(number, line.product_id, line.quantity) for number, line in enumerate(order.lines, 1))
    )


def as_item(number: int, product_id: str, quantity: int | None) -> ItemLine:
    if quantity is None:
        missing = Fault(number, product_id, Reason.QUANTITY_MISSING)
        return ItemLine(number, product_id, (), product_id, missing, named=(product_key(product_id),))
    return ItemLine(number, f"{product_id}, {quantity}", (Reading(product_key(product_id), quantity),), product_id)
