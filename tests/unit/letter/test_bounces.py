"""Which of our mails came back, and whether the address is dead."""

import pytest

from daemon.letter import BounceReport
from tests.unit.letter.specimens import letter, multipart, part, read

TOKEN = "0123456789abcdef" * 2
OURS = f"{TOKEN}@shop.example"
RETURNED = f"From: orders@shop.example\nMessage-ID: <{OURS}>\nSubject: Your order"


def delivery_report(*groups: str, returned: bytes | None = None, headers: str = "Return-Path: <>") -> bytes:
    status = "Reporting-MTA: dns; mx.customer.example\n\n" + "\n\n".join(groups)
    back = part(RETURNED, "text/rfc822-headers") if returned is None else returned
    return multipart(
        part("Your mail could not be delivered."),
        part(status, "message/delivery-status"),
        back,
        kind="report",
        more="; report-type=delivery-status",
        headers=headers,
    )


def group(status: str, action: str = "failed", diagnostic: str = "") -> str:
    told = f"Final-Recipient: rfc822; ada@customer.example\nAction: {action}\nStatus: {status}"
    return told + (f"\nDiagnostic-Code: smtp; {diagnostic}" if diagnostic else "")


@pytest.mark.parametrize(
    ("status", "action", "diagnostic", "hard", "told"),
    [
        ("5.1.1", "failed", "", True, "5.1.1"),
        ("5.1.1 (bad destination)", "Failed", "", True, "5.1.1"),
        ("5.1.10", "failed", "", True, "5.1.10"),
        ("5.4.4", "failed", "", True, "5.4.4"),
        ("5.0.0", "failed", "", True, "5.0.0"),
        ("5.0.0", "failed", "550 5.7.1 blocked", False, "5.7.1"),
        ("", "failed", "550 5.1.1 no such user", True, "5.1.1"),
        ("", "failed", "550 no such user", False, ""),
        ("5.7.1", "failed", "", False, "5.7.1"),
        ("5.7.26", "failed", "", False, "5.7.26"),
        ("5.2.2", "failed", "552 mailbox full", False, "5.2.2"),
        ("5.2.1", "failed", "", True, "5.2.1"),
        ("5.3.4", "failed", "", False, "5.3.4"),
        ("5.6.1", "failed", "", False, "5.6.1"),
        ("4.4.7", "failed", "", False, "4.4.7"),
        ("4.2.2", "delayed", "", False, "4.2.2"),
        ("5.1.1", "delayed", "", False, "5.1.1"),
    ],
)
def test_hard_or_not(status: str, action: str, diagnostic: str, hard: bool, told: str) -> None:
    found = read(delivery_report(group(status, action, diagnostic)))
    assert found.bounce == BounceReport((OURS,), hard, told)
    assert found.automatic is not None


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_success_is_no_bounce(action: str) -> None:
    found = read(delivery_report(group("2.0.0", action)))
    assert (found.bounce, found.automatic) == (None, "null_return_path")


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822", "message/rfc822-headers"])
def test_our_mail_is_known_by_what_was_sent_back(kind: str) -> None:
    found = read(delivery_report(group("5.1.1"), returned=part(RETURNED + "\n\nDear Ada", kind)))
    assert found.bounce
    assert found.bounce.message_ids == (OURS,)


def test_our_mail_is_known_by_in_reply_to() -> None:
    raw = delivery_report(group("5.1.1"), returned=part("nothing"), headers=f"Return-Path: <>\nIn-Reply-To: <{OURS}>")
    assert read(raw).bounce == BounceReport((OURS,), True, "5.1.1")


def test_somebody_elses_mail_is_no_bounce_of_ours() -> None:
    raw = delivery_report(group("5.1.1"), returned=part("Message-ID: <x@other.example>", "text/rfc822-headers"))
    assert read(raw).bounce is None


def test_several_recipients_are_dead_only_together() -> None:
    both = read(delivery_report(group("5.1.1"), group("5.1.1"))).bounce
    one = read(delivery_report(group("5.1.1"), group("5.2.2"))).bounce
    assert both
    assert both.hard
    assert one
    assert not one.hard


QMAIL = (
    "Hi. This is the qmail-send program at mx.customer.example.",
    "I'm afraid I wasn't able to deliver your message to the following addresses.",
    "This is a permanent error; I've given up. Sorry it didn't work out.",
    "",
    "<ada@customer.example>:",
    "192.0.2.1 does not like recipient.",
    "Remote host said: 550 5.1.1 no such user",
    "",
    "--- Below this line is a copy of the message.",
    "",
    f"Message-ID: <{OURS}>",
)


def test_a_bounce_in_a_servers_own_words() -> None:
    found = read(
        letter(*QMAIL, headers="Return-Path: <>\nSubject: failure notice", sender="MAILER-DAEMON@mx.customer.example")
    )
    assert found.bounce == BounceReport((OURS,), True, "5.1.1")


def test_a_person_who_quotes_a_bounce_is_none() -> None:
    found = read(letter("Look what I got:", *QMAIL, headers="Subject: failure notice"))
    assert (found.bounce, found.automatic) == (None, None)


def test_a_customer_with_a_delivery_status_beside_an_order_is_a_machine() -> None:
    raw = multipart(part("BJ02R0G72U8V, 2"), part(group("5.1.1"), "message/delivery-status"))
    assert read(raw).automatic == "delivery_report"
