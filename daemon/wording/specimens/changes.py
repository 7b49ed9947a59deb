"""Specimens of what customers change or ask for about themselves: proof, changes, wishes, their data."""

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
    ZOE,
    Specimen,
    fault,
    specimen,
    total,
)
from store.facts import JSON

ANSWERED: JSON = {"message_id": WRITTEN}


def proofs() -> Iterator[Specimen]:
    for asked in ("my_orders", "export", "erase"):
        facts = {"asked": asked, "until": DEADLINE}
        yield specimen(asked, "prove", facts, ANSWERED)


def changes() -> Iterator[Specimen]:
    before = {"lines": [LAMP], "total": total([LAMP])}
    facts: JSON = {"number": NUMBER, "lines": [LAMP, TEAPOT], "total": total([LAMP, TEAPOT]), "placed_at": PLACED}
    facts |= {"cancel_until": DEADLINE, "revision": 1, "before": before, "address_changed": False}
    yield specimen("more", "changed", facts, ANSWERED, ADA)
    had = [{**LAMP, "quantity": 5}, {**TEAPOT, "unit_price": 2_950}, LONG, FOREIGN]
    has = [LAMP, TEAPOT, FOREIGN, BULBS]
    each: JSON = {"lines": has, "total": total(has), "before": {"lines": had, "total": total(had)}, "revision": 2}
    yield specimen("all_ways", "changed", {**facts, **each}, ANSWERED, ADA)
    yield specimen("elsewhere", "changed", {**facts, "revision": 3, "address_changed": True}, ANSWERED, ZOE)
    yield from refused_changes()


def refused_changes() -> Iterator[Specimen]:
    told: JSON = {"number": NUMBER, "cancel_until": DEADLINE, "command": f"change {NUMBER}"}
    lines = [LAMP, TEAPOT, BULBS]
    form = {"items": lines, "ship_to": None, "total": total(lines)}
    nearest = {"product_id": "7B4VYMBRQNAR", "name": "Stoneware teapot, 1.2 l"}
    gone = [fault(2, "7B4VYMBRQNAR, 3", Reason.NOT_ENOUGH_STOCK, "0", nearest=nearest, in_stock=0)]
    words = {**ANSWERED, "faults": gone, "corrected": {**form, "items": [LAMP], "total": total([LAMP])}}
    now = {"lines": [LAMP, BULBS], "total": total([LAMP, BULBS])}
    yield specimen("faults", "not_changed", {**told, "state": "faults"}, {**words, "now": now})
    part = {**ANSWERED, "now": now, "faults": [fault(1, "add 7B4VYMBRQNAR, 1", Reason.CHANGE_IN_PART)]}
    merged = {**part, "corrected": {**form, "items": [LAMP, BULBS, TEAPOT]}}
    yield specimen("added", "not_changed", {**told, "state": "in_part"}, merged)
    rest = {**ANSWERED, "now": now, "faults": [fault(2, "the rest stays", Reason.CHANGE_IN_PART)]}
    stands = {**rest, "corrected": {**form, "items": now["lines"], "total": now["total"]}}
    yield specimen("in_part", "not_changed", {**told, "state": "in_part"}, stands)
    either = {**ANSWERED, "now": now, "corrected": {**form, "items": [TEAPOT], "total": total([TEAPOT])}}
    apart = {"apart": either["corrected"]}
    yield specimen("either", "not_changed", {**told, "state": "either"}, {**either, **apart})
    yield specimen("either_in_part", "not_changed", {**told, "state": "either"}, {**stands, **apart})
    yield specimen("which_lines", "not_changed", {**told, "state": "which_lines"}, {**ANSWERED, "corrected": form})
    yield specimen("same", "not_changed", {**told, "state": "same", "lines": lines, "total": total(lines)}, ANSWERED)
    for state in ("too_late", "fulfilled", "already_cancelled", "not_booked"):
        yield specimen(state, "not_changed", {**told, "state": state}, ANSWERED)
    unknown = {"number": OTHER_NUMBER, "state": "unknown", "cancel_until": None}
    yield specimen("unknown", "not_changed", unknown, ANSWERED)


def own_data() -> Iterator[Specimen]:
    yield specimen("plain", "own_data", {}, ANSWERED)
    yield specimen("plain", "erased", {}, ANSWERED)
    told: JSON = {"number": NUMBER, "placed_at": PLACED, "total": total([LAMP]), "cancel_until": DEADLINE}
    yield specimen("one", "not_erased", {"orders": [told]}, ANSWERED)
    late = {**told, "number": OTHER_NUMBER, "cancel_until": None}
    yield specimen("two", "not_erased", {"orders": [told, late]}, ANSWERED)


def wishes() -> Iterator[Specimen]:
    product: JSON = {**TEAPOT, "quantity": 1, "category": "kitchen"}
    told: JSON = {"product": product, "blank_address": False, "state": "noted", "days": 90.0}
    yield specimen("noted", "wish", told, ANSWERED)
    yield specimen("in_stock", "wish", {**told, "state": "in_stock", "days": 0, "blank_address": True}, ANSWERED)
    back = {"product": product, "blank_address": False, "asked_at": PLACED}
    yield specimen("plain", "back_in_stock", back)
    yield specimen("new_customer", "back_in_stock", {**back, "product": {**LONG, "quantity": 1, "category": ""}})


def transcripts() -> Iterator[Specimen]:
    texts = [f"cancel {NUMBER}", f"status {OTHER_NUMBER}", "export my data", "and give my love to the cat", "stop"]
    states = ["done", "refused", "asked", "unread", "person"]
    lines = [{"line": number, "state": state} for number, state in enumerate(states, 1)]
    yield specimen("five", "transcript", {"lines": lines, "left_out": 0}, {**ANSWERED, "texts": texts})
    unread = [{"line": None, "state": "done"}, *[{"line": number, "state": "unread"} for number in (2, 3, 5)]]
    said = ["catalog lamps", "I saw them at", "a friend's house", "in the spring"]
    yield specimen("stopped", "transcript", {"lines": unread, "left_out": 2}, {**ANSWERED, "texts": said})


def not_understood() -> Iterator[Specimen]:
    which = [fault(None, "", Reason.WHICH_ORDER)]
    yield specimen("change", "unclear", {}, {**ANSWERED, "faults": which, "kind": "change"})
    late = [fault(None, "", Reason.PROOF_TOO_OLD)]
    yield specimen("export", "unclear", {}, {**ANSWERED, "faults": late, "kind": "export"})
