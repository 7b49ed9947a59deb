"""Specimens of offers, one for each way they are explained, and of the answers to stop and start."""

from collections.abc import Iterator

from daemon.wording.specimens.made import (
    BULBS,
    FOREIGN,
    LAMP,
    LONG,
    NUMBER,
    TEAPOT,
    WRITTEN,
    Specimen,
    specimen,
)
from store.facts import JSON


def offered(line: JSON, source: str, after: tuple[JSON, ...] = (), together: int = 0, antecedents: int = 0) -> JSON:
    """What an offer tells of a product; `after` are the order's products that a rule goes by."""
    ruled = source in ("rule", "pair")
    return {
        "product_id": line["product_id"],
        "name": line["name"],
        "price": line["unit_price"],
        "category": "Home & Garden",
        "source": source,
        "after": [each["name"] for each in after],
        "together": together if ruled else None,
        "antecedents": antecedents if ruled else None,
    }


def offers() -> Iterator[Specimen]:
    pot = offered(TEAPOT, "rule", (LAMP,), 19, 55)
    bulbs = offered(BULBS, "rule", (LAMP, FOREIGN), 1_204, 3_391)
    told: dict[str, list[JSON]] = {
        "rules": [pot, bulbs],
        "one": [pot],
        "pair": [offered(TEAPOT, "pair", (LAMP,), 3, 71), bulbs],
        "category": [offered(TEAPOT, "category"), offered(BULBS, "category")],
        "best_sellers": [offered(TEAPOT, "best_seller"), offered(BULBS, "best_seller"), offered(LAMP, "best_seller")],
        "mixed": [pot, offered(BULBS, "category"), offered(FOREIGN, "best_seller")],
        "long_names": [offered(LONG, "rule", (LAMP, FOREIGN), 9, 12), offered(FOREIGN, "rule", (LONG,), 8, 12), bulbs],
    }
    for name, products in told.items():
        yield specimen(name, "offer", {"number": NUMBER, "products": products})


def preferences() -> Iterator[Specimen]:
    answered: JSON = {"message_id": WRITTEN}
    yield specimen("stop", "preferences", {"offers": False}, answered)
    yield specimen("start", "preferences", {"offers": True}, answered)
