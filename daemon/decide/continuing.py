"""Replies that go on where a refusal left off: only the lines are new, all else is as it was."""

from dataclasses import replace
from datetime import timedelta

from daemon.decide.shapes import Case
from daemon.letter import Verdict
from daemon.request.partly import as_change, speaks_of_part
from daemon.request.shapes import Fault, PlaceOrder, Reason
from store.facts import JSON, QueuedMail

KEPT = timedelta(days=10)
"""How long a reply may leave out the address of the letter that was refused; the vault keeps it a little longer."""


def keep_address(address_id: str | None, case: Case) -> JSON:
    """What a refusal remembers of where the order was to go, and whether the letter that said so was proven."""
    return {"address_id": address_id, "proven": case.letter.verdict is Verdict.PASS} if address_id else {}


TELL_AN_ORDER = frozenset({"confirmation", "changed", "status"})


def continued(case: Case, answered: QueuedMail | None) -> Case:
    """Lines in reply to a change that was refused are that change; every other letter stays as it is.

    And lines in reply to a mail that tells an order are asked back: what speaks of a part ("please add ...") as a
    change of it, all else as that or as an order of its own.
    """
    request = case.request
    if answered is None or answered.mail.order_number is None:
        return case
    if not isinstance(request, PlaceOrder) or request.quote or request.replaces is not None:
        return case
    mail, number = answered.mail, answered.mail.order_number
    rest = without_talk_of_change(request)
    if mail.kind in TELL_AN_ORDER and certainly_partly(request):
        request = rest
    elif (mail.kind in TELL_AN_ORDER and rest != request) or (mail.kind, mail.facts.get("state")) == EITHER:
        request = replace(rest, faults=(Fault(None, number, Reason.NEW_OR_CHANGE), *rest.faults))
    elif mail.kind != "not_changed":
        return case
    return replace(case, request=replace(as_change(request), replaces=(number,)))


EITHER = ("not_changed", "either")
"""The mail that asked which of the two was meant: lines alone do not answer that."""


def certainly_partly(request: PlaceOrder) -> bool:
    items = {item.line for item in request.items}
    return request.adds or any(one.line in items or speaks_of_part(one.text) for one in request.partly)


def without_talk_of_change(request: PlaceOrder) -> PlaceOrder:
    """Without the fault that lines below the subject of a confirmation may be meant to change it: they are."""
    faults = [one for one in request.faults if one.line is not None or one.reason is not Reason.CORRECTION_IN_PROSE]
    return replace(request, faults=tuple(faults))


def kept_address(case: Case, refusal: QueuedMail) -> JSON:
    """What `keep_address` made of the refused letter, while it counts for this one.

    A letter proven to be hers takes only the address of one that was, too (as `address_for` does).
    """
    told = refusal.mail.facts
    believed = case.letter.verdict is not Verdict.PASS or told.get("proven")
    if not believed or not told.get("address_id") or case.arrived_at - refusal.created_at > KEPT:
        return {}
    return {"address_id": told["address_id"], "proven": bool(told.get("proven"))}


def address_left_out(case: Case, answered: QueuedMail | None) -> str | None:
    """The address of the refused letter, where an order in reply to the refusal leaves it out; None for all others."""
    request = case.request
    if answered is None or answered.mail.kind != "refusal":
        return None
    if not isinstance(request, PlaceOrder) or request.ship_to or request.address_of or request.replaces is not None:
        return None
    return kept_address(case, answered).get("address_id")
