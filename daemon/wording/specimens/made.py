"""What specimens are made of: a few products, people and times."""

from dataclasses import dataclass
from datetime import UTC, datetime

from daemon.request.shapes import Reason
from daemon.wording.carried import NOTHING, Carried
from store.facts import JSON, Enclosure, Mail, Role, ShippingAddress

NUMBER, OTHER_NUMBER = "MO-7K3F-9Q2D", "MO-H4WX-2M8P"

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
    carried: Carried = NOTHING


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


def fault(line: int | None, text: str, reason: Reason, suggestion: str | None = None, **told: object) -> JSON:
    known: JSON = {"nearest": None, "in_stock": None, "price": None}
    return {"line": line, "text": text, "reason": str(reason), "suggestion": suggestion, **known, **told}
