"""Who wrote: the mailboxes of From, read as RFC 5322 section 3.4 writes them."""

import re
from collections.abc import Iterable, Iterator, Sequence

from daemon.letter.charsets import visible
from daemon.letter.headers import decoded
from store.facts import a_labels

FROM_CHARACTERS = 5_000
NAME_CHARACTERS = 200
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"?|([<>(),;:])|((?:\\.|[^"<>(),;:\s\\])+|\\)|(\s+)', re.DOTALL)
# As nearly all write it, with nothing in it that could be read in two ways: Ada Lovelace <ada@mail.example>
PLAIN = re.compile(r'([^"<>(),;:\\\x00-\x08\x0a-\x1f\x7f]*)<([^"<>(),;:\\\s\x00-\x1f\x7f]*)>')
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
LOCAL_PART = re.compile(r"[^\s\x00-\x1f\x7f-\x9f()<>\[\]:;,\\\"@.]+(?:\.[^\s\x00-\x1f\x7f-\x9f()<>\[\]:;,\\\"@.]+)*")
DOMAIN = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*")

Mailbox = tuple[str, str]  # (name as shown, address as written)


def mailboxes(values: Sequence[str]) -> list[Mailbox]:
    """All mailboxes of these From values; groups are opened, comments left out, quoted parts unquoted.

    A value that can be read in two ways is one mailbox as it stands, which is no plausible address.
    """
    return [mailbox for value in values for mailbox in in_value(value)]


def in_value(value: str) -> Iterable[Mailbox]:
    plain = PLAIN.fullmatch(value)
    if plain is not None and len(value) <= FROM_CHARACTERS:
        return finished([plain[1]], plain[2])
    return [("", value)] if doubtful(value) else of_value(value)


def doubtful(value: str) -> bool:
    """Whether our receiving server may have found another sender in it than we would, and have vouched for that one.

    So it is with control characters (a bare CR may end the line), with brackets and quotes that lack their other
    half or stand in each other's way, and with more text than is read.
    """
    depth, angle = 0, False
    for token in TOKEN.finditer(value[:FROM_CHARACTERS]):
        quoted, mark = token[1], token[2]
        if quoted is not None:
            closed = token.end(1) < token.end()
            # Within a comment quotes mean nothing, so such a bracket would count.
            if not closed or (depth and set("()") & set(quoted)):
                return True
        elif mark == ")" and not depth:
            return True
        elif mark and mark in "()":
            depth += 1 if mark == "(" else -1
        elif mark and mark in "<>" and not depth:
            if angle == (mark == "<"):
                return True
            angle = not angle
    return depth > 0 or angle or len(value) > FROM_CHARACTERS or CONTROL.search(value) is not None


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
            # A colon ends the name of a group, which is nobody, unless an address stands there.
            if text != ":" or closed is not None or "@" in "".join(words):
                yield from finished(words, closed)
            words, closed = [], None
        if is_mark and text == "<":
            angle = []
        elif not is_mark:
            words.append(text)
    yield from finished(words, closed)


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
    return " ".join(visible(decoded(shown)).split())[:NAME_CHARACTERS].strip()


def plausible(address: str) -> str | None:
    """The address with its domain in lower-case ASCII (A-labels), or None when no mail could have come from it."""
    local, at, domain = address.rpartition("@")
    if not at or len(address) > 254 or not address.isprintable():
        return None
    if len(local.encode()) > 64 or not LOCAL_PART.fullmatch(local):
        return None
    domain = a_labels(domain.removesuffix("."))
    written = f"{local}@{domain}"
    return written if DOMAIN.fullmatch(domain) and len(written) <= 254 else None
