"""Believable mails of every kind, to look at and to try each template with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from daemon.request.shapes import Reason
from store.facts import JSON, Enclosure, Mail, Role, ShippingAddress

NUMBER, OTHER_NUMBER = "MO-7K3F-9Q2D", "MO-H4WX-2M8P"
PLACED, DEADLINE = "2026-11-23T23:05:41+00:00", "2026-11-24T23:05:41+00:00"
WRITTEN = "CAF3kX-7d41@mail.customer.example"

LAMP: JSON = {"product_id": "BJ02R0G72U8V", "name": "Brass desk lamp", "quantity": 2, "unit_price": 4_950}
TEAPOT: JSON = {"product_id": "7B4VYMBRQNAR", "name": "Stoneware teapot, 1.2 l", "quantity": 1, "unit_price": 3_275}
BULBS: JSON = {
    "product_id": "QRIC1R56LNRF",
    "name": "Tulip bulbs, mixed, bag of 50",
    "quantity": 12,
    "unit_price": 1_899,
}
LONG: JSON = {
    "product_id": "TMBYE6H89YWH",
    "name": "Weatherproof folding garden table with two benches, oiled acacia, seats six or eight who like each other",
    "quantity": 9_999,
    "unit_price": 61_454,
}
FOREIGN: JSON = {
    "product_id": "86H2HKJ06GH0",
    "name": "Émaillierte Kanne „Grüße“ 茶壶",
    "quantity": 3,
    "unit_price": 17_353,
}

ADA = ShippingAddress("a1", "h1", "Ada Lovelace", ("12 Analytical Way", "Denver, CO 80202"))
ZOE = ShippingAddress(
    "a2", "h2", "Zoë Ångström-Østergård", ("c/o Þórbergsson & Söhne", "Große Straße 4, 2. Hof links", "10115 Berlin")
)
RTL = ShippingAddress("a3", "h3", "نورا حدّاد", ("شارع الحمرا ١٢", "بيروت"))


@dataclass(frozen=True, slots=True)
class Specimen:
    """One mail of a kind, named for what is special about it."""

    name: str
    mail: Mail
    enclosure: Enclosure | None = None
    address: ShippingAddress | None = None


def specimens(kind: str | None = None) -> Iterator[Specimen]:
    """All specimens, or those of one kind; the first of a kind is the everyday one."""
    for made in (*orders(), *questions(), *cancellations(), *notices(), *to_the_house()):
        if kind is None or made.mail.kind == kind:
            yield made


def specimen(
    name: str,
    kind: str,
    facts: JSON,
    words: JSON | None = None,
    address: ShippingAddress | None = None,
    role: Role | None = None,
    letter: bytes | None = None,
) -> Specimen:
    token = f"specimen.{kind}.{name}"
    enclosed = None if words is None else Enclosure(f"e.{name}", None if role else "h1", words, letter)
    mail = Mail(
        token=token,
        event_key=token,
        kind=kind,
        facts=facts,
        due_at=datetime(2026, 11, 23, 23, 5, 42, tzinfo=UTC),
        hashed_email=None if role else "h1",
        role=role,
        enclosure_id=enclosed.enclosure_id if enclosed else None,
    )
    return Specimen(name, mail, enclosed, address)


def total(lines: list[JSON]) -> int:
    return sum(line["quantity"] * line["unit_price"] for line in lines)


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
    earlier = {"number": OTHER_NUMBER, "placed_at": PLACED}
    again: JSON = {"number": NUMBER, "reason": "same_order", "earlier": earlier, "arrived_at": PLACED}
    again |= {"lines": [LAMP, TEAPOT], "total": total([LAMP, TEAPOT])}
    yield specimen("same", "held", again, answered, ADA)
    yield specimen("same_batch", "held", {**again, "earlier": None}, answered, ADA)
    yield specimen("stale", "held", {**again, "earlier": None, "reason": "stale"}, answered, ZOE)


def fault(line: int | None, text: str, reason: Reason, suggestion: str | None = None, **told: object) -> JSON:
    known: JSON = {"nearest": None, "in_stock": None, "price": None}
    return {"line": line, "text": text, "reason": str(reason), "suggestion": suggestion, **known, **told}


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
    yield specimen("nothing", "refusal", {}, {"message_id": WRITTEN, "faults": nothing, "corrected": None})
    every = [fault(n, f"line {n}", reason, nearest=lamp, in_stock=n) for n, reason in enumerate(Reason, 1)]
    yield specimen("every_reason", "refusal", {}, {"message_id": WRITTEN, "faults": every, "corrected": corrected})
    differs = [fault(None, "cancel MO-7K3F-9Q2D", Reason.SUBJECT_AND_BODY_DIFFER)]
    yield specimen("order", "unclear", {}, {"message_id": WRITTEN, "faults": differs, "kind": "order"})
    which = [fault(1, "cancel please", Reason.WHICH_ORDER, f"cancel {NUMBER}")]
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


def notices() -> Iterator[Specimen]:
    answered: JSON = {"message_id": WRITTEN}
    yield specimen("plain", "passed_on", {}, answered)
    yield specimen("plain", "not_yet", {"kind": "my_orders"}, answered)
    yield specimen("stop", "not_yet", {"kind": "stop"}, answered)
    yield specimen("help", "not_yet", {"kind": "help"}, answered)
    yield specimen("plain", "too_large", {"size": 7_412_345, "limit": 5_000_000}, answered)
    yield specimen("plain", "slow_down", {"limit": 20, "minutes": 60}, answered)
    yield specimen("plain", "unreadable", {}, {**answered, "faults": [fault(None, "", Reason.UNDECODABLE)]})
    yield specimen("bare", "unreadable", {}, answered)


def to_the_house() -> Iterator[Specimen]:
    asked = {"from": "ada@customer.example", "subject": "Is the brass lamp dimmable?", "reason": "question"}
    letter = b"From: ada@customer.example\r\nSubject: Is the brass lamp dimmable?\r\n\r\nAnd does it tilt?\r\n"
    yield specimen("plain", "forward", {}, asked, role=Role.HUMAN, letter=letter)
    eight_bit = letter + "Viele Grüße\r\n".encode("latin-1")
    yield specimen("eight_bit", "forward", {}, {**asked, "subject": ""}, role=Role.HUMAN, letter=eight_bit)
    failed = {"what": "letter_failed", "reference": "L-20261123-0042", "reason": "RecursionError", "when": PLACED}
    failed["command"] = "mailorder letters show L-20261123-0042"
    trace = 'Traceback (most recent call last):\n  File "daemon/letter/parse.py", line 88, in parse\nRecursionError'
    yield specimen("plain", "alert", failed, {"trace": trace}, role=Role.OPERATOR)
    dead = {**failed, "what": "mail_dead", "reference": "1742", "reason": "550 5.1.1 no such user"}
    yield specimen("dead", "alert", {**dead, "command": "mailorder outbox show 1742"}, role=Role.OPERATOR)
