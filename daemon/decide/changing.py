"""Whether an order is changed: its lines replaced by others within its window, by when the letter arrived."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from daemon.config import Config
from daemon.decide.cancelling import TOLD_STATES, in_its_window, own_order
from daemon.decide.ordering import decide_order, fingerprint, lines_of, no_address, order_facts, order_lines
from daemon.decide.sending import address_of_order
from daemon.decide.shapes import Answer, Case, Change, Decision, Facts
from daemon.decide.telling import ADDRESS_FAULTS, ask_back, by_line, corrected, tell_fault
from daemon.decide.thread import answered_mail, order_of_thread
from daemon.decide.yes import as_written
from daemon.letter import Verdict
from daemon.request.partly import says_more
from daemon.request.resolve import Basket, resolve
from daemon.request.shapes import Fault, ItemLine, PlaceOrder, Reason
from store.facts import JSON, Order, OrderState, Outcome, product_key


def decide_change(case: Case, request: PlaceOrder, facts: Facts, config: Config, now: datetime) -> Decision:
    """The order as the letter wants it in one step, or why not; then it stays as it is."""
    numbers = request.replaces or order_of_thread(case, facts)
    if len(numbers) != 1:
        malformed = [fault for fault in request.faults if fault.reason is Reason.NOT_AN_ORDER_NUMBER]
        return ask_back(case, "change", malformed or (Fault(None, "", Reason.WHICH_ORDER),), facts)
    order = own_order(numbers[0], case, facts)
    if order is None:
        return closed(numbers[0], "unknown")
    state = state_of(order, case)
    if state is not None and is_either(request):
        return decide_order(case, replace(request, replaces=None), facts, config, now)
    if state is not None:
        return closed(order.number, state, order)
    hers = with_held(facts, order)
    basket = resolve(request, hers, config.orders.max_quantity)
    request = with_more(request, hers)
    wanted = wanted_address(case, request, order, facts)
    address_id = new_address(case, wanted, order, facts)
    faults = [*request.faults, *basket.faults]
    if wanted is None and request.address_of:
        faults.append(no_address(request))
    if address_id is None and not any(fault.reason in ADDRESS_FAULTS for fault in faults):
        faults.append(Fault(None, "", Reason.ADDRESS_NOT_PROVEN if order.address_id else Reason.NO_ADDRESS))
    if faults or address_id is None:
        return unchanged(order, faults, basket, request, hers, config)
    if address_id == order.address_id and units(basket) == ordered_units(order):
        return same(order)
    return changed(order, basket, address_id, facts)


def is_either(request: PlaceOrder) -> bool:
    """Whether nobody can tell if it is to change an order or to be a new one beside it."""
    return any(fault.reason is Reason.NEW_OR_CHANGE for fault in request.faults)


def with_more(request: PlaceOrder, facts: Facts) -> PlaceOrder:
    """The change with the lines that say more than which product and how many, so perhaps of a part ("put in ...")."""
    lines = {fault.line for fault in request.partly}
    first = min((item.line for item in request.items), default=0)
    more = [
        item
        for item in request.items
        if item.line not in lines and says_more(item, names_of(item, facts), joined=item.line > first)
    ]
    if not more:
        return request
    faults = {item: Fault(item.line, item.text[:200], Reason.CHANGE_IN_PART) for item in more}
    told = (fault for item, fault in faults.items() if item.fault is None)
    return replace(request, partly=(*request.partly, *faults.values()), adds=False, faults=(*request.faults, *told))


def names_of(item: ItemLine, facts: Facts) -> str:
    return " ".join(facts.products[key].name for key in item.keys if key in facts.products)


def state_of(order: Order, case: Case) -> str | None:
    """Why the order can be changed no more; None when it can."""
    if order.state is OrderState.HELD:
        return "not_booked"
    if order.state is not OrderState.PLACED:
        return TOLD_STATES[order.state]
    return None if in_its_window(order, case) else "too_late"


def with_held(facts: Facts, order: Order, again: int = 1) -> Facts:
    """The catalogue as it is for who changes an order: what that order holds is hers to take again; -1 undoes it."""
    products = dict(facts.products)
    for line in order.lines:
        product = facts.product(line.product_id)
        if product is not None:
            held = products[product.key].on_hand
            products[product.key] = replace(product, on_hand=held + again * line.quantity)
    return replace(facts, products=products)


def wanted_address(case: Case, request: PlaceOrder, order: Order, facts: Facts) -> str | None:
    """Where the letter wants the order to go: where it goes, unless it says otherwise; None for a place not known."""
    if request.address_of is not None:
        return address_of_order(request.address_of, case, facts)
    return order.address_id if request.ship_to is None or case.address is None else case.address.address_id


def new_address(case: Case, wanted: str | None, order: Order, facts: Facts) -> str | None:
    """The address wanted, or None when the order's may not be changed to it like this.

    Who only claims to be the customer and knows a number must not lead a parcel elsewhere. So where the order's own
    letter was proven, a change of place is proven, too, or in reply to a mail about the order, which only she got.
    """
    if wanted == order.address_id:
        return wanted
    answered = answered_mail(case, facts)
    in_thread = answered is not None and answered.mail.order_number == order.number
    believed = case.letter.verdict is Verdict.PASS or in_thread or order.number not in facts.proven
    return wanted if believed else None


def units(basket: Basket) -> Counter[str]:
    return Counter({line.product.key: line.quantity for line in basket.lines})


def ordered_units(order: Order) -> Counter[str]:
    counted: Counter[str] = Counter()
    for line in order.lines:
        counted[product_key(line.product_id)] += line.quantity
    return counted


def same(order: Order) -> Decision:
    """It is as it should be already: no revision is made, and what it costs stays what was confirmed."""
    told: JSON = {
        "number": order.number,
        "state": "same",
        "cancel_until": order.cancel_until.isoformat(),
        "lines": order_lines(order),
        "total": order.total,
    }
    answer = Answer("not_changed", facts=told, order_number=order.number)
    return Decision(Outcome.DONE, "nothing_to_change", (answer,), order_number=order.number)


def changed(order: Order, basket: Basket, address_id: str, facts: Facts) -> Decision:
    lines = lines_of(basket)
    after = replace(order, lines=lines, address_id=address_id, fingerprint=fingerprint(lines, address_id))
    change = Change(order, after, facts.revisions.get(order.number, 0) + 1)
    told: JSON = {
        **order_facts(after),
        "cancel_until": after.cancel_until.isoformat(),
        "revision": change.revision,
        "before": {"lines": order_lines(order), "total": order.total},
        "address_changed": address_id != order.address_id,
    }
    answer = Answer("changed", facts=told, order_number=order.number)
    return Decision(Outcome.DONE, "changed", (answer,), change=change, order_number=order.number)


def closed(number: str, state: str, order: Order | None = None) -> Decision:
    """Too late, or nothing to change; somebody else's order is as unknown as one that does not exist."""
    told: JSON = {"number": number, "state": state, "cancel_until": order.cancel_until.isoformat() if order else None}
    answer = Answer("not_changed", facts=told, order_number=order.number if order else None)
    return Decision(Outcome.REFUSED, state, (answer,), order_number=answer.order_number)


def unchanged(
    order: Order, faults: Sequence[Fault], basket: Basket, request: PlaceOrder, facts: Facts, config: Config
) -> Decision:
    """Every fault by line, and the change as it could be; for who names no lines, the order to be changed."""
    sorted_faults = by_line(faults)
    reasons = {fault.reason for fault in faults}
    asks, either, in_part = reasons == {Reason.NO_ITEMS}, is_either(request), bool(request.partly)
    told: JSON = {
        "number": order.number,
        "state": "which_lines" if asks else "either" if either else "in_part" if in_part else "faults",
        "cancel_until": order.cancel_until.isoformat(),
        "command": f"change {order.number}",
    }
    unproven = Reason.ADDRESS_NOT_PROVEN in reasons
    if in_part:
        proposed = added(order, request, facts, config) if reasons == {Reason.CHANGE_IN_PART} else None
    else:
        proposed = corrected(basket, None if unproven else request.ship_to)
    listed = [] if asks else [fault for fault in sorted_faults if fault.reason is not Reason.NEW_OR_CHANGE]
    words: JSON = {
        "faults": [tell_fault(fault, facts) for fault in listed],
        "corrected": proposed or as_it_stands(order),
        "now": {"lines": order_lines(order), "total": order.total},
        "apart": apart(order, request, facts, config) if either else None,
    }
    answer = Answer("not_changed", facts=told, words=words, order_number=order.number)
    return Decision(Outcome.REFUSED, sorted_faults[0].reason.value, (answer,), order_number=order.number)


def added(order: Order, request: PlaceOrder, facts: Facts, config: Config) -> JSON | None:
    """The order with what is only to be added to it, where there is enough of all of it; None where that is not so."""
    if not request.adds:
        return None
    together = replace(as_written(order), items=(*as_written(order).items, *request.items))
    basket = resolve(together, facts, config.orders.max_quantity)
    return None if basket.faults else corrected(basket, request.ship_to)


def apart(order: Order, request: PlaceOrder, facts: Facts, config: Config) -> JSON | None:
    """What would be a new order beside this one, which keeps what it holds."""
    return corrected(resolve(request, with_held(facts, order, -1), config.orders.max_quantity), request.ship_to)


def as_it_stands(order: Order) -> JSON:
    return {"items": order_lines(order), "ship_to": None, "total": order.total}
