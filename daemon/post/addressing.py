"""How an envelope is written for a relay that can do what it says it can (RFC 5321, RFC 6531, RFC 6152)."""

import re
from collections.abc import Container
from dataclasses import dataclass

from daemon.post.shapes import Envelope, Receipt, State
from store.facts import a_labels

# What could end the address on the command line, or begin another command, is only legal within quotes.
LOCAL = re.compile(r'[^\s<>"@\x00-\x1f\x7f]+|"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"')
DOMAIN = re.compile(r'[^\s<>"@\x00-\x1f\x7f]+')
ENCODED = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?")


@dataclass(frozen=True, slots=True)
class Addressed:
    """The paths and the options of MAIL, ready for the wire."""

    sender: bytes
    recipient: bytes
    options: tuple[bytes, ...]


def address(envelope: Envelope, extensions: Container[str]) -> Addressed | Receipt:
    """The envelope as the relay understands it; a permanent Receipt when it cannot.

    A domain is written in ASCII (A-labels); SMTPUTF8 is asked for only when a local part or a header needs it.
    """
    sender, recipient = _path(envelope.sender), _path(envelope.recipient)
    if recipient is None or recipient == "":
        return _impossible("the recipient is not a mail address")
    if sender is None:
        return _impossible("the sender is not a mail address")
    options = [b"SIZE=%d" % len(envelope.message)] if "size" in extensions else []
    if not envelope.message.isascii():
        if "8bitmime" not in extensions:
            return _impossible("the relay takes no 8-bit mail (no 8BITMIME)")
        options.append(b"BODY=8BITMIME")
    if not (sender + recipient).isascii() or not _headers(envelope.message).isascii():
        if "smtputf8" not in extensions:
            return _impossible("the relay takes no addresses or headers outside ASCII (no SMTPUTF8)")
        options.append(b"SMTPUTF8")
    return Addressed(sender.encode("utf-8"), recipient.encode("utf-8"), tuple(options))


def _headers(message: bytes) -> bytes:
    return message if message.isascii() else message.partition(b"\r\n\r\n")[0]


def _path(written: str) -> str | None:
    """An address with its domain in ASCII, "" for the null path, None when it is no address."""
    if not written:
        return ""
    local, _, domain = written.rpartition("@")
    if not LOCAL.fullmatch(local) or not DOMAIN.fullmatch(domain):
        return None
    if domain.isascii():
        return written
    encoded = a_labels(domain)
    return f"{local}@{encoded}" if domain.isprintable() and ENCODED.fullmatch(encoded) else None


def _impossible(why: str) -> Receipt:
    return Receipt(State.PERMANENT, None, why, stage="mail")
