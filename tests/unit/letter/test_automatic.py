"""Machines are never answered; people whose mail a machine passed on are."""

import pytest

from tests.unit.letter.specimens import ORDER_TEXT, letter, multipart, part, read

MACHINES = {
    "Return-Path: <>": "null_return_path",
    "Auto-Submitted: auto-replied": "auto_replied",
    "auto-submitted: AUTO-GENERATED": "auto_generated",
    'Auto-Submitted: auto-replied; owner-email="x@y.example"': "auto_replied",
    "Auto-Submitted: (a (nested) comment) auto-replied (vacation)": "auto_replied",
    "Auto-Submitted: auto-notified; no": "auto_submitted",
    "Auto-Submitted: no-really": "auto_submitted",
    "Auto-Submitted: no\nAuto-Submitted: auto-replied": "auto_replied",
    "X-Auto-Response-Suppress: All": "auto_response_suppress",
    "X-Auto-Response-Suppress: DR, OOF, AutoReply": "auto_response_suppress",
    "Precedence: bulk": "bulk",
    "Precedence: LIST": "list",
    "Precedence: junk": "bulk",
    "Precedence: auto_reply": "auto_reply",
    "List-Id: <lamps.list.example>": "list",
    "List-Unsubscribe: <mailto:leave@list.example>": "list",
    "X-Autoreply: yes": "auto_reply",
    "X-Autorespond: out": "auto_reply",
    "X-Loop: orders@shop.example": "own_mail",
    "Feedback-ID: 1:shop.example": "own_mail",
    "X-Failed-Recipients: bob@customer.example": "delivery_report",
    "Content-Type: text/plain; method=x\nContent-Class: urn:content-classes:calendarmessage": "calendar",
}
SUBJECTS = [
    "Automatic reply: order",
    "Out of Office",
    "Out of Office: order",
    "Out of the office until Monday",
    "Auto-Reply: order",
    "Autoreply: order",
    "Automatische Antwort: order",
    "Abwesenheitsnotiz: order",
    "Abwesenheit",
    "=?utf-8?q?R=C3=A9ponse_automatique_:_order?=",
    "Respuesta automática: order",
    "Risposta automatica: order",
    "Automatisch antwoord: order",
    "Autosvar: order",
    "自動応答: order",
]
PEOPLE = [
    "Auto-Submitted: no",
    "Auto-Submitted: No (a person)",
    "Auto-Submitted: no; reason=none",
    "Return-Path: <ada@customer.example>",
    "Precedence: normal",
    "X-Auto-Response-Suppress: none",
    "X-Loop: somebody@else.example",
    "Feedback-ID: 1.us-east-1:mailer.example",
    "X-MS-Exchange-Organization-SCL: -1",
    "Subject: order - I was out of office last week",
    "Subject: Abwesendheitsgeschenk, order",
]


@pytest.mark.parametrize(("headers", "reason"), MACHINES.items())
def test_machines(headers: str, reason: str) -> None:
    found = read(letter(ORDER_TEXT, headers=headers))
    assert (found.automatic, found.auto_forwarded) == (reason, False)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_machines_by_subject(subject: str) -> None:
    assert read(letter(headers=f"Subject: {subject}")).automatic == "auto_reply"


@pytest.mark.parametrize("headers", PEOPLE)
def test_people(headers: str) -> None:
    assert read(letter(ORDER_TEXT, headers=headers)).automatic is None


@pytest.mark.parametrize(
    "local",
    [
        "MAILER-DAEMON",
        "postmaster",
        "no-reply",
        "noreply",
        "do-not-reply",
        "donotreply",
        "do_not_reply",
        "bounces+x=y",
        "bounce",
    ],
)
def test_machines_by_sender(local: str) -> None:
    assert read(letter(sender=f"{local}@customer.example")).automatic == "machine_sender"


@pytest.mark.parametrize("local", ["noreen", "postmasters", "replyto", "bouncer", "listen", "daemon.smith"])
def test_people_with_names_like_machines(local: str) -> None:
    assert read(letter(sender=f"{local}@customer.example")).automatic is None


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-forwarded",
        "Auto-Submitted: auto-generated\nX-MS-Exchange-Inbox-Rules-Loop: a@customer.example",
        "Auto-Submitted: auto-generated\nX-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
        "Auto-Submitted: auto-generated\nResent-From: <rule@customer.example>",
        "Auto-Submitted: auto-generated\nX-Forwarded-To: orders@shop.example",
    ],
)
def test_what_a_rule_passed_on_still_counts(headers: str) -> None:
    found = read(letter(ORDER_TEXT, headers=headers))
    assert (found.automatic, found.auto_forwarded) == (None, True)
    assert found.lines


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied\nX-Forwarded-To: orders@shop.example",
        "Auto-Submitted: auto-forwarded\nReturn-Path: <>",
        "Auto-Submitted: auto-generated\nResent-From: <a@b.example>\nSubject: Automatic reply: order",
        "Auto-Submitted: auto-generated\nX-MS-Exchange-Inbox-Rules-Loop: a@b.example\nX-Auto-Response-Suppress: All",
        "Auto-Submitted: auto-forwarded\nList-Id: <x.example>",
    ],
)
def test_a_machines_mail_passed_on_stays_a_machines(headers: str) -> None:
    found = read(letter(ORDER_TEXT, headers=headers))
    assert found.automatic is not None
    assert not found.auto_forwarded


def test_a_person_who_forwards_by_hand_is_not_a_rule() -> None:
    assert not read(letter(headers="Resent-From: <ada@customer.example>")).auto_forwarded


@pytest.mark.parametrize("method", ["REQUEST", "REPLY", "CANCEL", "counter"])
def test_invitations(method: str) -> None:
    raw = multipart(
        part("BJ02R0G72U8V, 2"), part("BEGIN:VCALENDAR", f"text/calendar; method={method}"), kind="alternative"
    )
    assert read(raw).automatic == "calendar"


@pytest.mark.parametrize("kind", ["text/calendar", "text/calendar; method=PUBLISH"])
def test_an_attached_calendar_entry_is_no_invitation(kind: str) -> None:
    found = read(multipart(part("BJ02R0G72U8V, 2"), part("BEGIN:VCALENDAR", kind)))
    assert (found.automatic, found.unopened) == (None, ())


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        ("delivery-status", "delivery_report"),
        ("disposition-notification", "read_receipt"),
        ("feedback-report", "feedback_report"),
        ("other", "report"),
    ],
)
def test_reports(report: str, reason: str) -> None:
    assert read(multipart(part("text"), kind="report", more=f"; report-type={report}")).automatic == reason


def test_our_own_mail_come_back() -> None:
    assert read(letter(sender="Shop <Orders@Shop.Example>")).automatic == "own_mail"
    token = "0123456789abcdef" * 2
    assert read(letter(headers=f"Message-ID: <{token}@shop.example>")).automatic == "own_mail"
    assert read(letter(headers=f"Message-ID: <{token}@other.example>")).automatic is None
    assert read(letter(headers="Message-ID: <5F3A-22-a-person@shop.example>")).automatic is None
