"""What is handed to a relay, and what it says to it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from daemon.remote import told

# RFC 3463, section 2; at the beginning of the reply (RFC 2034, section 4).
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail for one recipient; `sender` "" is the null return path. The message has CRLF line ends."""

    sender: str
    recipient: str
    message: bytes


class State(StrEnum):
    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an envelope.

    `reply` is the relay's with its code, or ours when there is none: one line without addresses. `status` is its
    enhanced code. `stage` says what was refused: "mail" (the sender, or us), "rcpt" (the recipient), "data" (the
    message), "" when nothing was. `tried` is False when the relay was never asked, so it is no attempt. `unknown` is
    True when the message was sent but no answer came: it may have been taken.
    """

    state: State
    code: int | None
    reply: str
    status: str = ""
    stage: str = ""
    tried: bool = True
    unknown: bool = False


class RelayError(Exception):
    """The relay cannot be used by anybody; `permanent` when somebody must act first. One line without secrets."""

    def __init__(self, line: str, *, permanent: bool = False) -> None:
        super().__init__(line)
        self.permanent = permanent


def judged(code: int, reply: str, stage: str = "") -> Receipt:
    """RFC 5321, section 4.2.1: 2 is done, 5 is never, and all else is worth another attempt."""
    state = {2: State.ACCEPTED, 5: State.PERMANENT}.get(code // 100, State.TEMPORARY)
    enhanced = ENHANCED.match(reply)
    return Receipt(state, code, told(f"{code} {reply}"), enhanced[0] if enhanced else "", stage)


def unsent(why: str) -> Receipt:
    """The relay was not asked: nothing is known about the mail."""
    return Receipt(State.TEMPORARY, None, told(why), tried=False)
