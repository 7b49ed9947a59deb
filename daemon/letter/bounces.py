"""Which of our mails came back, and whether for good (RFC 3464; other forms by flufl.bounce)."""

import re
from collections.abc import Iterator

from daemon.letter import headers as header
from daemon.letter.headers import Headers
from daemon.letter.parts import Part
from daemon.letter.shapes import BounceReport, Limits
from daemon.letter.transfer import content_of

STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPORT_BYTES = 100_000
RECIPIENTS = 50
STATUS_KINDS = ("message/delivery-status", "message/global-delivery-status")
RETURNED_KINDS = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/global",
    "message/global-headers",
    "message/rfc822-headers",
)
# What fails for good though the mailbox is alive (RFC 3463): full, mail too large, time run out on the way.
PASSING = ("5.2.2", "5.2.3", "5.3.4", "5.4.7")
PASSING_SUBJECTS = ("6", "7")  # contents not taken; policy and reputation


def report(root: Part, own_domain: str, replies_to: tuple[str, ...], limits: Limits) -> BounceReport | None:
    """The delivery failure this letter reports on mails of ours, or None when it reports none."""
    parts = list(root.walk())
    told = [part for part in parts if part.kind in STATUS_KINDS]
    groups = [group for part in told for group in recipients(part, limits)]
    failures = [group for group in groups if group.first("action").lower().split(" ")[0] in ("failed", "delayed")]
    if not failures:
        return None
    ids = ours([*returned(parts, limits), *replies_to], own_domain)
    hard = all(is_hard(group) for group in failures)
    return BounceReport(ids, hard, status_of(failures[0])) if ids else None


def recipients(part: Part, limits: Limits) -> Iterator[Headers]:
    """The blocks of fields about each recipient; the first block, about the message, is not one."""
    data, _ = content_of(part, REPORT_BYTES)
    blocks = [block for block in re.split(rb"\n[ \t]*\n", data.replace(b"\r\n", b"\n").strip()) if block.strip()]
    for block in blocks[: RECIPIENTS + 1]:
        fields = header.split(block, limits)[0]
        if fields.first("action") or fields.first("status"):
            yield fields


def status_of(group: Headers) -> str:
    """The enhanced status code; a generic one (5.0.0) or none gives way to what the other server said."""
    told = STATUS.search(group.first("status"))
    said = STATUS.search(group.first("diagnostic-code"))
    if said and (told is None or told[0].endswith(".0.0")):
        return said[0]
    return told[0] if told else ""


def is_hard(group: Headers) -> bool:
    return group.first("action").lower().split(" ")[0] == "failed" and is_dead(status_of(group))


def is_dead(status: str) -> bool:
    """Whether this status says that mail to the address will never arrive (RFC 3463)."""
    return status.startswith("5.") and status not in PASSING and status.split(".")[1] not in PASSING_SUBJECTS


def returned(parts: list[Part], limits: Limits) -> Iterator[str]:
    """Message-IDs of the mails sent back, whole or by their headers only."""
    for part in parts:
        if part.kind in RETURNED_KINDS:
            data, _ = content_of(part, REPORT_BYTES)
            yield from header.message_ids(header.split(data.replace(b"\r\n", b"\n"), limits)[0].first("message-id"))


def ours(ids: list[str], own_domain: str) -> tuple[str, ...]:
    """Those that are of our domain, each once."""
    if not own_domain:
        return tuple(dict.fromkeys(ids))
    return tuple(dict.fromkeys(one for one in ids if one.lower().endswith("@" + own_domain.lower())))


def unstructured(raw: bytes, own_domain: str) -> BounceReport | None:
    """A bounce in some server's own words: read by flufl.bounce, ours by the Message-ID that it quotes.

    Only for what already is a machine's, since flufl takes letters that quote a bounce for one.
    """
    head = raw[:REPORT_BYTES]
    ids = own_ids(head, own_domain)
    if not ids:
        return None
    from email import message_from_bytes  # both only for bounces that follow no standard

    from flufl.bounce import all_failures

    try:
        temporary, permanent = all_failures(message_from_bytes(head))
    except (LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError):
        # It reads with the standard library, which raises on malformed mail: then it is no bounce that can be told.
        return None
    if not temporary and not permanent:
        return None
    status = STATUS.search(head.decode("latin_1"))
    code = status[0] if status else ("5.0.0" if permanent else "4.0.0")
    return BounceReport(ids, bool(permanent) and is_dead(code), code)


def own_ids(data: bytes, own_domain: str) -> tuple[str, ...]:
    """Our Message-IDs anywhere in these bytes."""
    if not own_domain:
        return ()
    found = re.findall(rb"<([!-;=?-~]{1,200}@" + re.escape(own_domain.encode("idna")) + rb")>", data, re.IGNORECASE)
    return tuple(dict.fromkeys(one.decode("ascii") for one in found))
