"""Who wrote: the mailboxes of From, read as RFC 5322 section 3.4 writes them."""

import re
from collections.abc import Iterable, Iterator, Sequence

from daemon.letter.headers import decoded

FROM_CHARACTERS = 5_000
NAME_CHARACTERS = 200
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"?|([<>(),;:])|([^"<>(),;:\s]+)|(\s+)', re.DOTALL)
LOCAL_PART = re.compile(r"[^\s\x00-\x1f\x7f-\x9f()<>\[\]:;,\\\"@.]+(?:\.[^\s\x00-\x1f\x7f-\x9f()<>\[\]:;,\\\"@.]+)*")
DOMAIN = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*")

Mailbox = tuple[str, str]  # (name as shown, address as written)


def mailboxes(values: Sequence[str]) -> list[Mailbox]:
    """All mailboxes of these From values; groups are opened, comments left out, quoted parts unquoted."""
    return [mailbox for value in values for mailbox in of_value(value[:FROM_CHARACTERS])]


def of_value(value: str) -> Iterator[Mailbox]:
    words: list[str] = []  # since the last comma: the name, or the address itself when no <> follows
    angle: list[str] | None = None  # inside <>
    closed: str | None = None  # what <> held
    for kind, text in without_comments(TOKEN.finditer(value)):
        if kind == "mark" and text in ",;:" and angle is None:
            if text != ":":  # a colon ends the name of a group, which is nobody
                yield from finished(words, closed)
            words, closed = [], None
        elif kind == "mark" and text == "<" and angle is None and closed is None:
            angle = []
        elif kind == "mark" and text == ">" and angle is not None:
            closed, angle = "".join(angle).strip(), None
        elif angle is not None:
            angle.append(text)
        else:
            words.append(text)
    yield from finished(words, "".join(angle).strip() if angle is not None else closed)


def without_comments(tokens: Iterable[re.Match[str]]) -> Iterator[tuple[str, str]]:
    """(kind, text) of each token outside of parentheses, which nest."""
    depth = 0
    for token in tokens:
        if token[2] == "(":
            depth += 1
        elif token[2] == ")":
            depth = max(depth - 1, 0)
        elif depth == 0:
            yield ("mark" if token[2] else "word"), (
                re.sub(r"\\(.)", r"\1", token[1]) if token[1] is not None else token[0]
            )


def finished(words: list[str], angled: str | None) -> Iterator[Mailbox]:
    shown = " ".join("".join(words).split())
    if angled is not None:
        yield name_of(shown), angled
    elif shown:
        yield "", shown


def name_of(shown: str) -> str:
    return decoded(shown)[:NAME_CHARACTERS].strip()


def plausible(address: str) -> str | None:
    """The address with its domain in lower-case ASCII (IDNA), or None when no mail could have come from it."""
    local, at, domain = address.rpartition("@")
    if not at or len(address) > 254 or len(local.encode()) > 64 or not LOCAL_PART.fullmatch(local):
        return None
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    domain = domain.lower().removesuffix(".")
    written = f"{local}@{domain}"
    return written if DOMAIN.fullmatch(domain) and len(written) <= 254 and written.isprintable() else None
