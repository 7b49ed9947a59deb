"""Specimens of answers to questions: past orders, pages of products, suggestions, prices, help."""

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
    TEAPOT,
    WRITTEN,
    Specimen,
    fault,
    specimen,
    total,
)
from store.facts import JSON

ANSWERED: JSON = {"message_id": WRITTEN}
NOTHING: JSON = {"terms": [], "cents": None, "inclusive": False, "near": [], "instead": [], "more": None}
PLACE: JSON = {"terms": [], "cents": 2_000, "inclusive": False, "best_first": False, "after": [1_899, "QRIC1R56LNRF"]}


def answers() -> Iterator[Specimen]:
    yield from histories()
    yield from listings()
    yield from suggestions()
    yield from quotes()
    yield specimen("plain", "help", {"short": False}, ANSWERED)
    yield specimen("short", "help", {"short": True}, ANSWERED)


def past(number: str, state: str, lines: list[JSON], **told: object) -> JSON:
    """An order as it is told; all of it can be ordered again unless told otherwise."""
    again = [{"product_id": line["product_id"], "quantity": line["quantity"]} for line in lines]
    closed = PLACED if state in ("cancelled", "fulfilled") else None
    made: JSON = {"number": number, "state": state, "placed_at": PLACED, "closed_at": closed, "cancel_until": None}
    return {
        **made,
        "lines": lines,
        "hidden": 0,
        "total": total(lines),
        "again": again,
        "complete": True,
        "repeats": bool(again),
        **told,
    }


def histories() -> Iterator[Specimen]:
    booked = past(NUMBER, "placed", [LAMP, TEAPOT], cancel_until=DEADLINE)
    some: JSON = {"again": [{**BULBS, "quantity": 12}], "complete": False, "repeats": False}
    sent = past(OTHER_NUMBER, "fulfilled", [BULBS, LONG], hidden=3, **some)
    called_off = past("MO-4T6R-XW9Z", "cancelled", [FOREIGN], again=[], complete=False, repeats=False)
    waiting = past("MO-9D3J-5NQC", "held", [TEAPOT])
    late = past("MO-6QTV-8C2K", "placed", [LAMP])
    told: JSON = {"most": 10, "older": False, "blank_address": False}
    each = [booked, sent, called_off, waiting, late]
    yield specimen("several", "my_orders", {**told, "orders": each, "older": True}, ANSWERED)
    nowhere = {**booked, "repeats": False}
    yield specimen("one", "my_orders", {**told, "orders": [nowhere], "blank_address": True}, ANSWERED)
    wide = past(NUMBER, "placed", [LONG, FOREIGN, LAMP, TEAPOT, BULBS], cancel_until=DEADLINE, hidden=95)
    yield specimen("as_many_as_may_be", "my_orders", {**told, "orders": [wide] * 15, "older": True}, ANSWERED)
    yield specimen("none", "my_orders", {**told, "orders": []}, ANSWERED)
    here: JSON = {"unknown": [], "blank_address": False}
    yield specimen("nowhere", "status", {**here, "orders": [nowhere], "blank_address": True}, ANSWERED)
    yield specimen("yes", "status", {**here, "orders": [booked], "said_yes": True}, ANSWERED)
    yield specimen("booked", "status", {**here, "orders": [booked]}, ANSWERED, ADA)
    for one in each:
        yield specimen(f"{one['state']}_{one['number']}", "status", {**here, "orders": [one]}, ANSWERED)
    yield specimen("several", "status", {**here, "orders": each, "unknown": ["MO-2222-3333"]}, ANSWERED)
    yield specimen("unknown", "status", {**here, "orders": [], "unknown": ["MO-2222-3333"]}, ANSWERED)
    both = ["MO-2222-3333", "MO-4444-5555"]
    yield specimen("both_unknown", "status", {**here, "orders": [], "unknown": both}, ANSWERED)


def shown(line: JSON, category: str = "Home & Garden") -> JSON:
    return {**line, "quantity": 1, "category": category}


def listings() -> Iterator[Specimen]:
    page = [shown(BULBS), shown(TEAPOT, ""), shown(LAMP), shown(FOREIGN), shown(LONG)]
    told: JSON = {**NOTHING, "products": page, "continued": False, "blank_address": False}
    more = {**told, "more": {**PLACE, "cents": 65_000}}
    yield specimen("under", "products", {**more, "cents": 65_000}, ANSWERED)
    yield specimen("up_to", "products", {**told, "cents": 65_000, "inclusive": True, "blank_address": True}, ANSWERED)
    yield specimen("continued", "products", {**told, "cents": 65_000, "continued": True}, ANSWERED)
    yield specimen("catalog", "products", more, ANSWERED)
    yield specimen("word", "products", {**told, "terms": ["lamp"]}, ANSWERED)
    full = {**more, "products": [shown({**LONG, "product_id": f"TMBYE6H8{n:04d}"}) for n in range(50)]}
    yield specimen("fifty", "products", full, ANSWERED)
    none: JSON = {**told, "products": []}
    yield specimen("nothing_under", "products", {**none, "cents": 100, "instead": page[:3]}, ANSWERED)
    near = {**none, "near": ["lamp", "lamb", "lantern"]}
    yield specimen("nothing_like_it", "products", near, {**ANSWERED, "sought": "lamo"})
    yield specimen("no_word_near", "products", none, {**ANSWERED, "sought": "unicorn saddle"})
    yield specimen("no_more", "products", {**none, "continued": True}, ANSWERED)
    yield specimen("empty_shop", "products", none, ANSWERED)


def suggested(line: JSON, source: str, after: tuple[JSON, ...] = (), together: int = 0, antecedents: int = 0) -> JSON:
    counts = {"together": together or None, "antecedents": antecedents or None}
    return {**shown(line), "source": source, "after": [each["name"] for each in after], **counts}


def suggestions() -> Iterator[Specimen]:
    rules = [suggested(TEAPOT, "rule", (LAMP,), 19, 55), suggested(BULBS, "rule", (LAMP, FOREIGN), 1_204, 3_391)]
    others = [suggested(TEAPOT, "pair", (LAMP,), 3, 71), suggested(BULBS, "category"), suggested(LONG, "best_seller")]
    told: JSON = {"about": [], "suggestions": [], "products": [], "matching": False, "from_history": False}
    told["blank_address"] = False
    yield specimen("history", "recommend", {**told, "suggestions": rules, "from_history": True}, ANSWERED)
    yield specimen("product", "recommend", {**told, "suggestions": rules[:1], "about": [shown(LAMP)]}, ANSWERED)
    two = [shown(LAMP), shown(FOREIGN)]
    yield specimen("products", "recommend", {**told, "suggestions": rules[1:], "about": two}, ANSWERED)
    yield specimen("others", "recommend", {**told, "suggestions": others, "about": [shown(LAMP)]}, ANSWERED)
    yield specimen("no_rule", "recommend", {**told, "suggestions": others[1:], "about": [shown(LAMP)]}, ANSWERED)
    yield specimen("only_best_sellers", "recommend", {**told, "products": [shown(TEAPOT)], "about": two}, ANSWERED)
    best = {**told, "suggestions": others[2:], "blank_address": True}
    yield specimen("best_sellers", "recommend", best, {**ANSWERED, "sought": "A UNICORN"})
    matching = {**told, "products": [shown(LAMP), shown(TEAPOT)], "matching": True}
    yield specimen("word", "recommend", matching, ANSWERED)
    yield specimen("not_mined", "recommend", {**told, "products": [shown(LAMP)]}, ANSWERED)
    yield specimen("nothing", "recommend", told, ANSWERED)
    yield specimen("nothing_with_it", "recommend", {**told, "about": [shown(LONG)]}, ANSWERED)


def quotes() -> Iterator[Specimen]:
    lines = [LAMP, TEAPOT, BULBS]
    order: JSON = {"items": lines, "ship_to": None, "total": total(lines), "blank_address": False}
    yield specimen("plain", "quote", {}, {**ANSWERED, "faults": [], "corrected": order})
    where = {"name": ADA.name, "lines": list(ADA.lines)}
    yield specimen("address", "quote", {}, {**ANSWERED, "faults": [], "corrected": {**order, "ship_to": where}})
    yield specimen("blank", "quote", {}, {**ANSWERED, "faults": [], "corrected": {**order, "blank_address": True}})
    faults = [fault(7, "7B4VYMBRQNAR, 3", Reason.NOT_ENOUGH_STOCK, "7B4VYMBRQNAR, 1", in_stock=1)]
    yield specimen("faults", "quote", {}, {**ANSWERED, "faults": faults, "corrected": order})
    nothing = [fault(None, "", Reason.NO_ITEMS)]
    yield specimen("nothing", "quote", {}, {**ANSWERED, "faults": nothing, "corrected": None})
    short = {**order, "hidden": 80, "total": 8_154_321}
    yield specimen("shortened", "quote", {}, {**ANSWERED, "faults": [], "corrected": short})
    many = {**order, "items": [{**LONG, "product_id": f"TMBYE6H8{n:04d}"} for n in range(100)]}
    yield specimen("too_long_for_a_link", "quote", {}, {**ANSWERED, "faults": [], "corrected": many})
