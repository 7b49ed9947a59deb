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
    words: list[str] = []  # since the last mailbox: the name, or the address itself when no <> follows
    angle: list[str] | None = None  # inside <>
    closed: str | None = None  # what <> held
    for is_mark, text in without_comments(TOKEN.finditer(value)):
        if angle is not None:
            if is_mark and text == ">":
                closed, angle = "".join(angle).strip(), None
            else:
                angle.append(text)
            continue
        # A comma ends a mailbox; so does whatever follows <>, which must not hide behind it.
        if (is_mark and text in ",;:") or (closed is not None and text.strip()):
            if text != ":":  # a colon ends the name of a group, which is nobody
                yield from finished(words, closed)
            words, closed = [], None
        if is_mark and text == "<":
            angle = []
        elif not is_mark or text == ">":
            words.append(text)
    yield from finished(words, "".join(angle).strip() if angle is not None else closed)


def without_comments(tokens: Iterable[re.Match[str]]) -> Iterator[tuple[bool, str]]:
    """(whether it is one of <>,;: and the text) of each token outside of parentheses, which nest."""
    depth = 0
    for token in tokens:
        quoted, mark = token[1], token[2]
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth = max(depth - 1, 0)
        elif depth == 0:
            yield bool(mark), token[0] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)


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
