"""The shape of a letter once it is parsed."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What the receiving server found out about the sender (design section 6)."""

    PASS = "pass"  # noqa: S105  no password: the receiving server vouches for the sender
    FAIL = "fail"
    NONE = "none"


class Damage(StrEnum):
    """Why a part of a letter could not be read to its end."""

    CUT_OFF = "cut_off"
    UNDECODABLE = "undecodable"
    TOO_DEEP = "too_deep"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that came attached: rows as (row number from 1, cells as text)."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Unopened:
    """An attachment that was not read, with a named reason: wrong_kind, formula, too_large, unreadable."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class BounceReport:
    """A delivery failure of mails of ours, known by their Message-IDs (RFC 3464)."""

    message_ids: tuple[str, ...]
    hard: bool
    status: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a letter is read before it is called too much."""

    letter_bytes: int = 5_000_000
    text_bytes: int = 200_000
    text_lines: int = 2_000
    headers: int = 500
    header_bytes: int = 200_000
    parts: int = 50
    depth: int = 10
    html_depth: int = 200
    sheet_rows: int = 1_000
    sheet_columns: int = 50
    sheet_bytes: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that arrived, parsed: nothing in it is believed yet.

    `sender` is None unless From holds exactly one address. `lines` are what the sender wrote
    anew: decoded, unwrapped, without quotes and signature, with the line numbers of the text
    as a reader would count them (1 is the first line of the body as shown). Blank lines stand there
    as empty text; a gap in the numbers is where something quoted was. Zero-width and other invisible
    characters are gone, soft hyphens and no-break spaces are left to the grammar; cells of a table
    row are parted by tabs. `html_lines` is the same reading of the HTML part where text and
    HTML both exist, else None. `struck` are texts shown struck out. `replies_to` are
    Message-IDs without angle brackets, the one answered first. `automatic` names why it is a machine's, or None.
    `auto_forwarded`: a rule of somebody's mailbox passed it on, so an order counts but courtesies are withheld.
    `reply`: it answers some mail, by its headers or its subject.
    """

    sender: str | None
    sender_name: str
    sender_count: int
    subject: str
    message_id: str | None
    digest: str
    verdict: Verdict
    replies_to: tuple[str, ...] = ()
    lines: tuple[tuple[int, str], ...] = ()
    html_lines: tuple[tuple[int, str], ...] | None = None
    struck: tuple[str, ...] = ()
    forwarded: bool = False
    sheets: tuple[Sheet, ...] = ()
    unopened: tuple[Unopened, ...] = ()
    damage: tuple[Damage, ...] = ()
    automatic: str | None = None
    bounce: BounceReport | None = None
    auto_forwarded: bool = False
    reply: bool = False
