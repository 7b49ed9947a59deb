"""What the customers have been mailed: whom, about which letter, with which order number; the whole where needed."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path

from daemon.simulator.smtp_server import Kept

NUMBER = re.compile(r"MO-[0-9A-Z]{4}-[0-9A-Z]{4}")


@dataclass(frozen=True, slots=True)
class Received:
    """A mail of the shop: `token` is the local part of its Message-ID, `about` that of the letter it answers."""

    token: str
    about: str
    to: str
    subject: str
    number: str | None


class Postbox:
    """Takes every mail that the relay accepted, in its thread; of those about an `awaited` letter the whole is kept.

    With `folder` each is also written there as .eml.
    """

    def __init__(self, awaited: Collection[str] = (), folder: Path | None = None) -> None:
        self.awaited = frozenset(awaited)
        self.folder = folder
        self.received: dict[str, Received] = {}
        self.copies = 0
        self._whole: dict[str, bytes] = {}
        self._last: dict[str, Received] = {}

    def take(self, kept: Kept) -> None:
        headers = BytesHeaderParser().parsebytes(kept.message)
        subject = str(headers["Subject"] or "")
        number = NUMBER.search(subject)
        mail = Received(
            local_part(headers["Message-ID"]),
            local_part(headers["In-Reply-To"]),
            ", ".join(kept.recipients),
            subject,
            number[0] if number else None,
        )
        self.copies += mail.token in self.received
        self.received[mail.token] = mail
        self._last[mail.about] = mail
        if mail.about in self.awaited:
            self._whole[mail.about] = kept.message
        if self.folder is not None:
            (self.folder / f"{len(self.received):05}.eml").write_bytes(kept.message)

    def answer_to(self, key: str) -> Received | None:
        """The last mail about a letter."""
        return self._last.get(key)

    def whole(self, key: str) -> EmailMessage | None:
        """The same mail, if it is about an awaited letter."""
        raw = self._whole.get(key)
        return message_from_bytes(raw, policy=policy.default) if raw is not None else None


def local_part(message_id: object) -> str:
    """Of the first Message-ID that is told; "" when there is none."""
    return str(message_id or "").strip().split(" ")[0].strip("<>").rpartition("@")[0]
