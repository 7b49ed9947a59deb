"""Whether a machine wrote, and by which sign: such letters are never answered (RFC 3834 and common practice)."""

import re

from daemon.letter import phrases
from daemon.letter.headers import Headers, parameters, without_comments
from daemon.letter.parts import Part

# Fields that only machines write, by the reason they stand for.
TELLING_FIELDS = {
    "list-id": "list",
    "list-post": "list",
    "list-help": "list",
    "list-owner": "list",
    "list-archive": "list",
    "list-subscribe": "list",
    "list-unsubscribe": "list",
    "list-unsubscribe-post": "list",
    "mailing-list": "list",
    "x-mailing-list": "list",
    "x-autoreply": "auto_reply",
    "x-autorespond": "auto_reply",
    "x-autoresponder": "auto_reply",
    "x-auto-reply-from": "auto_reply",
    "x-autoreply-from": "auto_reply",
    "x-mail-autoreply": "auto_reply",
    "x-failed-recipients": "delivery_report",
    "x-cron-env": "auto_generated",
    "x-fc-machinegenerated": "auto_generated",
}
EXAMINED_FIELDS = frozenset(
    (
        "auto-submitted",
        "precedence",
        "x-precedence",
        "x-auto-response-suppress",
        "x-loop",
        "feedback-id",
        "content-class",
    )
)
SIGNS = frozenset(TELLING_FIELDS) | EXAMINED_FIELDS
FORWARDER_FIELDS = frozenset(
    {
        "resent-from",
        "resent-to",
        "resent-sender",
        "resent-message-id",
        "x-forwarded-to",
        "x-forwarded-for",
        "x-ms-exchange-inbox-rules-loop",
        "x-ms-exchange-generated-message-source",
        "x-ms-exchange-parent-message-id",
    }
)
PRECEDENCES = {"bulk": "bulk", "list": "list", "junk": "bulk", "auto_reply": "auto_reply", "auto-reply": "auto_reply"}
SUPPRESSED = frozenset({"all", "oof", "autoreply", "dr", "ndr", "rn", "nrn"})
MACHINE_SENDERS = re.compile(
    r"(?:mailer-?daemon|postmaster|(?:do)?[-_.]?(?:no|not)[-_.]?reply|bounces?|auto-?reply|autoresponder|listserv|majordomo)"
    r"(?:[-+].*)?",
    re.IGNORECASE,
)
REPORTS = {
    "delivery-status": "delivery_report",
    "disposition-notification": "read_receipt",
    "feedback-report": "feedback_report",
}


def reason(sender: str | None, subject: str, headers: Headers, root: Part, own_domain: str) -> str | None:
    """Why this letter is a machine's: the name of the first sign found, or None."""
    return (
        by_fields(headers, own_domain)
        or by_contents(root)
        or by_sender(sender or "")
        or ("auto_reply" if phrases.AUTOMATIC_SUBJECT.match(subject) else None)
        or ("delivery_report" if sender is None and phrases.FAILURE_SUBJECT.match(subject) else None)
    )


def by_fields(headers: Headers, own_domain: str) -> str | None:
    if headers.first("return-path").replace(" ", "") == "<>":
        return "null_return_path"
    present = headers.by_name.keys() & SIGNS
    if not present:  # most letters
        return None
    for name in sorted(present & TELLING_FIELDS.keys()):
        return TELLING_FIELDS[name]
    for value in headers.all("precedence") + headers.all("x-precedence"):
        if found := PRECEDENCES.get(parameters(value)[0]):
            return found
    suppressed = re.split(r"[,;\s]+", headers.first("x-auto-response-suppress").lower())
    if not SUPPRESSED.isdisjoint(suppressed):
        return "auto_response_suppress"
    if own_domain and any(own_domain.lower() in value.lower() for value in loops(headers)):
        return "own_mail"
    if headers.first("content-class").lower().startswith("urn:content-classes:calendar"):
        return "calendar"
    return by_auto_submitted(headers)


def loops(headers: Headers) -> list[str]:
    """Marks that travel with mail and come back with it."""
    return headers.all("x-loop") + headers.all("feedback-id")


def by_auto_submitted(headers: Headers) -> str | None:
    """RFC 3834 section 5: any keyword but `no`; but what a forwarder's rule passed on was written by a person."""
    for word in auto_submitted(headers):
        if word == "no":
            continue
        if word == "auto-replied" or not is_auto_forwarded(headers):
            return word.replace("-", "_") if word in ("auto-replied", "auto-generated") else "auto_submitted"
    return None


def auto_submitted(headers: Headers) -> list[str]:
    """The keywords alone: in lower case, without comments around and parameters behind them."""
    return [parameters(without_comments(value))[0] for value in headers.all("auto-submitted")]


def is_auto_forwarded(headers: Headers) -> bool:
    """Whether a rule of somebody's mailbox passed the letter on, by its own word or by the fields forwarders leave."""
    if "auto-submitted" not in headers.by_name:
        return False
    return "auto-forwarded" in auto_submitted(headers) or not FORWARDER_FIELDS.isdisjoint(headers.by_name)


def by_contents(root: Part) -> str | None:
    if root.kind == "text/plain":
        return None
    if root.kind == "multipart/report":
        return REPORTS.get(root.parameters.get("report-type", "").lower(), "report")
    for part in root.walk():
        if part.kind == "text/calendar" and is_invitation(part):
            return "calendar"
        if part.kind in ("message/delivery-status", "message/global-delivery-status"):
            return "delivery_report"
        if part.kind == "message/disposition-notification":
            return "read_receipt"
    return None


def is_invitation(part: Part) -> bool:
    """A calendar entry that asks or answers (RFC 5546), not one that is only attached."""
    method = part.parameters.get("method", "").lower()
    return bool(method) and method != "publish"


def by_sender(sender: str) -> str | None:
    local = sender.rpartition("@")[0]
    return "machine_sender" if local and MACHINE_SENDERS.fullmatch(local[:64]) else None
