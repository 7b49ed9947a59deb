"""The MIME tree of a letter (RFC 2046), capped in depth and number before anything is decoded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from daemon.letter import headers as header
from daemon.letter.charsets import visible
from daemon.letter.headers import Headers
from daemon.letter.shapes import Damage, Limits

NAME_CHARACTERS = 80
KIND = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}")
ENCRYPTED = "multipart/encrypted"  # one thing: what its parts say is not for us to read
# What Exchange makes of text that stood below an attachment: still text of the letter.
SPLIT_OFF_TEXT = re.compile(r"ATT\d{1,8}\.(?:txt|html?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its kind ("text/plain"), its content as transferred (LF line ends), a multipart's children.

    `name` is the file name's printable tail, at most 80 characters, empty when there is none. `is_body`:
    it is text that a mail program shows as the letter, not as a file beside it.
    """

    kind: str
    parameters: dict[str, str]
    headers: Headers
    content: bytes
    name: str = ""
    is_body: bool = False
    children: tuple["Part", ...] = ()

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in the order they stand."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class Growing:
    """How many parts there are so far and what went wrong on the way."""

    limits: Limits
    parts: int = 0
    damage: list[Damage] = field(default_factory=list)


def tree(headers: Headers, body: bytes, limits: Limits) -> tuple[Part, tuple[Damage, ...]]:
    """The letter as a tree of parts, and what was wrong with its structure."""
    growing = Growing(limits)
    return part_of(headers, body, growing, 0, "text/plain"), tuple(growing.damage)


def unfetched(headers: Headers) -> Part:
    """A letter of which only the headers were fetched: its kind is known, its contents are not."""
    return leaf(*header.parameters(headers.first("content-type")), headers, b"")


def part_of(headers: Headers, body: bytes, growing: Growing, depth: int, default: str) -> Part:
    growing.parts += 1
    kind, told = header.parameters(headers.first("content-type"))
    if not KIND.fullmatch(kind):
        kind = default
    if not kind.startswith("multipart/") or kind == ENCRYPTED:
        return leaf(kind, told, headers, body)
    if depth >= growing.limits.depth:
        growing.damage.append(Damage.TOO_DEEP)
        return Part(kind, told, headers, b"")
    pieces, closed = split(body, told.get("boundary", ""), growing.limits.parts)
    if not closed:
        growing.damage.append(Damage.CUT_OFF)
    if not pieces:  # no boundary to be found: what there is was meant to be read
        return leaf("text/plain", {}, headers, body)
    return Part(kind, told, headers, b"", children=children(kind, pieces, growing, depth))


def leaf(kind: str, told: dict[str, str], headers: Headers, body: bytes) -> Part:
    disposition, more = header.parameters(headers.first("content-disposition"))
    name = name_of(more.get("filename", "") or told.get("name", ""))
    shown = not name and disposition != "attachment"
    is_body = kind in ("text/plain", "text/html") and (shown or bool(SPLIT_OFF_TEXT.fullmatch(name)))
    return Part(kind, told, headers, body, name, is_body)


def name_of(told: str) -> str:
    if not told:
        return ""
    return " ".join(re.split(r"[/\\]", visible(told))[-1].split())[-NAME_CHARACTERS:]


def children(kind: str, pieces: list[bytes], growing: Growing, depth: int) -> tuple[Part, ...]:
    default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    found: list[Part] = []
    for piece in pieces:
        if growing.parts >= growing.limits.parts:
            growing.damage.append(Damage.TOO_LONG)
            break
        headers, body, too_long = header.split(piece, growing.limits)
        if too_long:
            growing.damage.append(Damage.TOO_LONG)
        found.append(part_of(headers, body, growing, depth + 1, default))
    return tuple(found)


def split(body: bytes, boundary: str, most: int) -> tuple[list[bytes], bool]:
    """The pieces between delimiter lines (at the utmost one more than `most`), and whether the last was closed."""
    if not boundary:
        return [], False
    delimiter = b"\n--" + boundary.encode("utf_8")
    body = b"\n" + body
    pieces: list[bytes] = []
    begun = -1
    at = body.find(delimiter)
    while at >= 0 and len(pieces) <= most:
        end = body.find(b"\n", at + 1)
        rest = body[at + len(delimiter) : end if end >= 0 else None].rstrip(b" \t\r")
        if rest in (b"", b"--"):
            if begun >= 0:
                pieces.append(body[begun:at])
            if rest or end < 0:
                return pieces, bool(rest)
            begun = end + 1
        # The line break that ends this line may begin the next delimiter.
        at = body.find(delimiter, end) if end >= 0 else -1
    if begun >= 0 and at < 0:
        pieces.append(body[begun:])
    return pieces, at >= 0  # ours is the cut then
