"""Replies that go on where a refusal left off: only the lines are new, all else is as it was."""

from dataclasses import replace
from datetime import timedelta

from daemon.decide.shapes import Case
from daemon.letter import Verdict
from daemon.request.shapes import PlaceOrder
from store.facts import JSON, QueuedMail

KEPT = timedelta(days=10)
"""How long a reply may leave out the address of the letter that was refused; the vault keeps it a little longer."""


def keep_address(address_id: str | None, case: Case) -> JSON:
    """What a refusal remembers of where the order was to go, and whether the letter that said so was proven."""
    return {"address_id": address_id, "proven": case.letter.verdict is Verdict.PASS} if address_id else {}


def continued(case: Case, answered: QueuedMail | None) -> Case:
    """Lines in reply to a change that was refused are that change; every other letter stays as it is."""
    request = case.request
    if answered is None or answered.mail.kind != "not_changed" or answered.mail.order_number is None:
        return case
    if not isinstance(request, PlaceOrder) or request.quote or request.replaces is not None:
        return case
    return replace(case, request=replace(request, replaces=(answered.mail.order_number,)))


def address_left_out(case: Case, answered: QueuedMail | None) -> str | None:
    """The address of the refused letter, where an order in reply to the refusal leaves it out; None for all others.

    A letter proven to be hers takes only the address of one that was, too (as `address_for` does).
    """
    request = case.request
    if answered is None or answered.mail.kind != "refusal" or case.arrived_at - answered.created_at > KEPT:
        return None
    if not isinstance(request, PlaceOrder) or request.ship_to or request.address_of or request.replaces is not None:
        return None
    told = answered.mail.facts
    believed = case.letter.verdict is not Verdict.PASS or told.get("proven")
    return told.get("address_id") if believed else None
