"""Specimens of what is told about an order: confirmed, asked about, refused, cancelled."""

from collections.abc import Iterator

from daemon.request.shapes import Reason
from daemon.wording.specimens.made import (
    ADA,
    BULBS,
    DEADLINE,
    FOREIGN,
    LAMP,
    LONG,
    NUMBER,
    OTHER_NUMBER,
    PLACED,
    RTL,
    TEAPOT,
    WRITTEN,
    ZOE,
    Specimen,
    fault,
    specimen,
    total,
)
from store.facts import JSON


def order_facts(lines: list[JSON], cancel_until: str = DEADLINE, address_reused: bool = False) -> JSON:
    facts = {"number": NUMBER, "lines": lines, "total": total(lines), "placed_at": PLACED}
    return {**facts, "cancel_until": cancel_until, "address_reused": address_reused}


def orders() -> Iterator[Specimen]:
    answered: JSON = {"message_id": WRITTEN}
    yield specimen("plain", "confirmation", order_facts([LAMP, TEAPOT, BULBS]), answered, ADA)
    yield specimen("reused", "confirmation", order_facts([TEAPOT], address_reused=True), answered, ZOE)
    yield specimen("at_once", "confirmation", order_facts([LONG, FOREIGN], cancel_until=PLACED), None, RTL)
    many = [{**LONG, "product_id": f"TMBYE6H8{n:04d}", "quantity": n} for n in range(1, 101)]
    yield specimen("hundred", "confirmation", order_facts(many), answered, ADA)
    earlier = {"number": OTHER_NUMBER, "placed_at": PLACED, "total": total([LAMP, TEAPOT]) - 500}
    again: JSON = {"number": NUMBER, "reason": "same_order", "earlier": earlier, "arrived_at": PLACED}
    again |= {"lines": [LAMP, TEAPOT], "total": total([LAMP, TEAPOT])}
    yield specimen("same", "held", again, answered, ADA)
    yield specimen("same_batch", "held", {**again, "earlier": None}, answered, ADA)
    yield specimen("dearer", "held", {**again, "reason": "dearer"}, answered, ADA)
    yield specimen("stale", "held", {**again, "earlier": None, "reason": "stale"}, answered, ZOE)


def questions() -> Iterator[Specimen]:
    lamp = {"product_id": "BJ02R0G72U8V", "name": "Brass desk lamp"}
    faults = [
        fault(6, "BJ02R0G72U8W, 2", Reason.UNKNOWN_PRODUCT, "BJ02R0G72U8V, 2", nearest=lamp, in_stock=41, price=4_950),
        fault(7, "7B4VYMBRQNAR, 3", Reason.NOT_ENOUGH_STOCK, "7B4VYMBRQNAR, 1", in_stock=1),
        fault(8, "QRIC1R56LNRF, a dozen", Reason.QUANTITY_IN_WORDS, "QRIC1R56LNRF, 12"),
    ]
    lines = [LAMP, TEAPOT, BULBS]
    corrected = {"items": lines, "ship_to": {"name": ADA.name, "lines": list(ADA.lines)}, "total": total(lines)}
    answered = {"message_id": WRITTEN, "corrected": corrected}
    yield specimen("corrected", "refusal", {}, {**answered, "faults": faults})
    no_address = {**corrected, "ship_to": None}
    missing = [fault(None, "", Reason.NO_ADDRESS)]
    yield specimen("address", "refusal", {}, {**answered, "faults": missing, "corrected": no_address})
    yield specimen("last_address", "refusal", {}, {**answered, "faults": faults[:1], "corrected": no_address})
    many = {**corrected, "items": [{**LONG, "product_id": f"TMBYE6H8{n:04d}"} for n in range(100)]}
    yield specimen("too_long_for_a_link", "refusal", {}, {**answered, "faults": faults, "corrected": many})
    nothing = [fault(None, "", Reason.NO_ITEMS)]
    half = [fault(6, "BJ02R0G72U8V, 1.5", Reason.QUANTITY_FRACTION), fault(7, "7B4VYMBRQNAR", Reason.QUANTITY_MISSING)]
    known: list[JSON] = [
        {"product_id": one["product_id"], "name": one["name"], "unit_price": 4_950} for one in (LAMP, TEAPOT)
    ]
    left: JSON = {**corrected, "items": [], "total": 0, "open": [{**one, "in_stock": 41} for one in known]}
    yield specimen("left_open", "refusal", {}, {**answered, "faults": half, "corrected": left})
    elsewhere: JSON = {**answered, "faults": [*half, *missing]}
    yield specimen("left_open_address", "refusal", {}, {**elsewhere, "corrected": {**left, "ship_to": None}})
    yield specimen("address_alone", "refusal", {}, {**answered, "faults": nothing, "corrected": {**left, "open": []}})
    yield specimen("nothing", "refusal", {}, {"message_id": WRITTEN, "faults": nothing, "corrected": None})
    every = [fault(n, f"line {n}", reason, nearest=lamp, in_stock=n) for n, reason in enumerate(Reason, 1)]
    yield specimen("every_reason", "refusal", {}, {"message_id": WRITTEN, "faults": every, "corrected": corrected})
    differs = [fault(None, "cancel MO-7K3F-9Q2D", Reason.SUBJECT_AND_BODY_DIFFER)]
    yield specimen("order", "unclear", {}, {"message_id": WRITTEN, "faults": differs, "kind": "order"})
    which = [fault(1, "cancel please", Reason.WHICH_ORDER, f"cancel {NUMBER}")]
    nearly = [fault(None, "cancl my order MO-7K3F-9Q2D", Reason.NEARLY_A_COMMAND, f"cancel my order {NUMBER}")]
    yield specimen("nearly", "unclear", {}, {"message_id": WRITTEN, "faults": nearly, "kind": "cancel"})
    more = [fault(None, "", Reason.MORE_OF_WHAT)]
    yield specimen("more", "unclear", {}, {"message_id": WRITTEN, "faults": more, "kind": "more"})
    yield specimen("cancel", "unclear", {}, {"message_id": WRITTEN, "faults": which, "kind": "cancel"})


def result(number: str, state: str, **told: object) -> JSON:
    known: JSON = {"cancel_until": None, "cancelled_at": None, "lines": None, "total": None}
    return {"number": number, "state": state, **known, **told}


def cancellations() -> Iterator[Specimen]:
    answered: JSON = {"message_id": WRITTEN}
    lines = [LAMP, TEAPOT]
    done = result(NUMBER, "cancelled", cancelled_at=PLACED, lines=lines, total=total(lines))
    unpriced = [{"product_id": line["product_id"], "name": line["name"], "quantity": 2} for line in lines]
    late = result(OTHER_NUMBER, "too_late", cancel_until=DEADLINE)
    rest = [
        result("MO-4T6R-XW9Z", "already_cancelled", cancelled_at=PLACED),
        result("MO-9D3J-5NQC", "fulfilled"),
        result("MO-6QTV-8C2K", "not_booked", cancel_until=DEADLINE),
        result("MO-2222-3333", "unknown"),
        result("MO-0O1I", "malformed"),
    ]
    yield specimen("done", "cancellation", {"results": [done]}, answered)
    yield specimen("late", "cancellation", {"results": [late]}, answered)
    for each in rest:
        yield specimen(each["state"], "cancellation", {"results": [each]}, answered)
    yield specimen(
        "two", "cancellation", {"results": [done, {**done, "number": OTHER_NUMBER, "lines": unpriced}]}, answered
    )
    yield specimen("mixed", "cancellation", {"results": [done, late, *rest]}, answered)
