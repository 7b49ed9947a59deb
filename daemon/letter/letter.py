"""The whole of it: bytes to a Letter, never raising and in linear time, whatever the bytes."""

import hashlib
import re

from daemon.letter import addresses, attachments, automatic, bodies, bounces, headers, parts, quoting, verdict
from daemon.letter.bodies import Bodies
from daemon.letter.headers import Headers
from daemon.letter.parts import Part
from daemon.letter.shapes import BounceReport, Damage, Letter, Limits

NO_LIMITS_BUT_DEFAULTS = Limits()
OWN_TOKEN = re.compile(r"[0-9a-f]{16,64}")  # the local part of a Message-ID that we made
IDENTITY_FIELDS = ("from", "subject", "date", "message-id")
REPLIES_AT_MOST = 20
MESSAGE_ID_CHARACTERS = 500


def parse(
    raw: bytes,
    *,
    authserv_id: str = "",
    own_domain: str = "",
    own_address: str = "",
    limits: Limits = NO_LIMITS_BUT_DEFAULTS,
    whole: bool = True,
) -> Letter:
    """The letter in these bytes (RFC 5322, MIME). Never raises; what was wrong with it is in `damage`.

    `authserv_id` names our own receiving server (RFC 8601); `own_domain` and `own_address` tell our own
    mail come back. `whole=False` says that only the headers were fetched: there is no body then, and the
    digest is one of the headers alone.
    """
    too_large = len(raw) > limits.letter_bytes
    raw = raw[: limits.letter_bytes].replace(b"\r\n", b"\n")
    fields, body, too_many = headers.split(raw, limits)
    root, damage = parts.tree(fields, body, limits) if whole else (parts.unfetched(fields), ())
    name, sender, count = sender_of(fields)
    subject, message_id, replies_to = headers.decoded(fields.first("subject")), message_id_of(fields), answered(fields)
    ours = is_own_mail(sender, message_id, own_domain, own_address)
    machine = "own_mail" if ours else automatic.reason(sender, subject, fields, root, own_domain)
    read = bodies.read(root, limits)
    sheets, unopened = attachments.read(root, limits) if whole else ((), ())
    return Letter(
        sender=sender,
        sender_name=name,
        sender_count=count,
        subject=subject,
        message_id=message_id,
        digest=digest(fields, body if whole else b""),
        verdict=verdict.of(fields.all("authentication-results"), authserv_id, sender),
        replies_to=replies_to,
        lines=read.lines,
        html_lines=read.html_lines,
        struck=read.struck,
        forwarded=is_forwarded(subject, read, root),
        sheets=sheets,
        unopened=unopened,
        damage=each_once(damage + read.damage, too_large or too_many),
        automatic=machine,
        bounce=bounce_of(raw, root, machine, own_domain, replies_to, limits),
        auto_forwarded=machine is None and automatic.is_auto_forwarded(fields),
        reply=bool(replies_to) or quoting.is_reply(subject),
    )


def digest_of(raw: bytes, limits: Limits = NO_LIMITS_BUT_DEFAULTS) -> str:
    """The digest that `parse` finds, without reading the letter: for one that could not be read."""
    fields, body, _ = headers.split(raw[: limits.letter_bytes].replace(b"\r\n", b"\n"), limits)
    return digest(fields, body)


def sender_of(fields: Headers) -> tuple[str, str | None, int]:
    """Who wrote: the name shown, the address if From holds exactly one that is plausible, and how many it holds."""
    named = addresses.mailboxes(fields.all("from"))
    if len(named) != 1:
        return "", None, len(named)
    name, address = named[0]
    return name, addresses.plausible(address), 1


def each_once(damage: tuple[Damage, ...], too_long: bool) -> tuple[Damage, ...]:
    return tuple(dict.fromkeys((*damage, Damage.TOO_LONG) if too_long else damage))


def digest(fields: Headers, body: bytes) -> str:
    """SHA-256 of what makes it this letter and no other, the same however it was delivered.

    What servers change on the way stays out: trace headers, folding, line ends, blank lines at the end.
    """
    told = hashlib.sha256()
    for name in IDENTITY_FIELDS:
        for value in fields.all(name):
            told.update(f"{name}:{' '.join(value.split())}\n".encode("utf_8", "surrogatepass"))
    told.update(b"\n")
    told.update(body.rstrip(b" \t\r\n"))
    return told.hexdigest()


def message_id_of(fields: Headers) -> str | None:
    value = "".join(fields.first("message-id").split())
    found = headers.message_ids(value)
    told = found[0] if found else value.strip("<>")
    return told if told and len(told) <= MESSAGE_ID_CHARACTERS else None


def answered(fields: Headers) -> tuple[str, ...]:
    """What this letter answers: In-Reply-To first, then References from the newest back (RFC 5322 section 3.6.4)."""
    told = headers.message_ids(fields.first("in-reply-to"))
    told += reversed(headers.message_ids(fields.first("references")))
    return tuple(dict.fromkeys(told))[:REPLIES_AT_MOST]


def is_own_mail(sender: str | None, message_id: str | None, own_domain: str, own_address: str) -> bool:
    """Our own mail come back, by its sender or by the form of its Message-ID."""
    if sender and sender.lower() == own_address.lower():
        return True
    token, _, domain = (message_id or "").rpartition("@")
    return bool(own_domain) and domain.lower() == own_domain.lower() and OWN_TOKEN.fullmatch(token) is not None


def is_forwarded(subject: str, read: Bodies, root: Part) -> bool:
    """Whether it passes on what somebody else wrote: by subject, by a marker, or as nothing but an attached mail."""
    if quoting.is_forward(subject) or read.forwarded:
        return True
    silent = not read.lines and not read.html_lines
    return silent and any(part.kind == "message/rfc822" for part in root.walk())


def bounce_of(
    raw: bytes, root: Part, machine: str | None, own_domain: str, replies_to: tuple[str, ...], limits: Limits
) -> BounceReport | None:
    if machine is None:
        return None
    told = bounces.report(root, own_domain, replies_to, limits)
    if told is None and machine in ("null_return_path", "machine_sender", "delivery_report"):
        return bounces.unstructured(raw, own_domain)
    return told
