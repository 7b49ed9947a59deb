"""A letter as it lies in the inbox, and how much of which letters one fetch may bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

BATCH_BYTES = 16_000_000
# Below this size nothing needs to be reckoned before letters are fetched; nearly all are.
ORDINARY_BYTES = 50_000
# Of a letter that is too large; more than this is no header anybody needs for an answer.
HEADER_BYTES = 200_000
# An arrival time that cannot be read makes a letter look old, and old letters are held for a person.
UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A letter as it lies in the inbox; `arrived_at` is the server's INTERNALDATE in UTC.

    `whole` is False when it is larger than the limit: `raw` holds only its headers then.
    """

    mailbox: str
    uidvalidity: int
    uid: int
    arrived_at: datetime
    size: int
    raw: bytes
    whole: bool


def portion(sizes: Mapping[int, int], limit: int) -> tuple[list[int], list[int]]:
    """As many letters as one fetch may bring: those to be had whole, and those above `limit`; the first one always."""
    small: list[int] = []
    large: list[int] = []
    total = 0
    for uid, size in sizes.items():
        total += size if size <= limit else HEADER_BYTES
        if total > BATCH_BYTES and (small or large):
            break
        (small if size <= limit else large).append(uid)
    return small, large


def section(items: Mapping[bytes, Any]) -> bytes | None:
    """The one body section of a FETCH answer, None when the letter vanished meanwhile."""
    found = next((value for key, value in items.items() if key.startswith(b"BODY[")), None)
    return found if isinstance(found, bytes) else None


def arrival(items: Mapping[bytes, Any]) -> datetime:
    """The arrival time of a FETCH answer, in UTC."""
    when = items.get(b"INTERNALDATE")
    return when.astimezone(UTC) if isinstance(when, datetime) else UNKNOWN_TIME


def headers_of(raw: bytes) -> bytes:
    """The headers, with the empty line that ends them."""
    return raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
