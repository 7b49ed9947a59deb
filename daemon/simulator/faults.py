"""How the simulated relay misbehaves: chosen by the address that is written to, so no code is needed to see it.

| local part             | what happens                                                                      |
|------------------------|-----------------------------------------------------------------------------------|
| `later-451`            | refused at RCPT with that code: any word, any code from 400 to 599                |
| `policy-554-5.7.1`     | the same with an enhanced status code                                             |
| `data-452`, `data-554` | taken at RCPT, refused with that code after the message has been sent             |
| `bye-421`              | 421 at RCPT, then the connection is closed                                        |
| `drop-at-data`         | the connection is closed when DATA is asked for                                   |
| `drop-after-data`      | the message is taken and kept, then the connection is closed without a reply      |
| `slow-N`               | N seconds (at most 60) pass before RCPT is answered                               |
| `mute`                 | RCPT is never answered                                                            |
| `greet-421`            | 421 at RCPT, and the next connection is greeted with 421 as well                  |

With `once-` in it (`later-once-451`, `drop-once-after-data`) only the first attempt at that address fails.
Everything else is accepted.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    REPLY = "reply"
    DATA_REPLY = "data_reply"
    BYE = "bye"
    DROP_AT_DATA = "drop_at_data"
    DROP_AFTER_DATA = "drop_after_data"
    SLOW = "slow"
    MUTE = "mute"
    GREET = "greet"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to misbehave; `reply` is the line to say, `seconds` how long to wait before it."""

    kind: Kind
    reply: str = ""
    seconds: float = 0.0
    once: bool = False


CODED = re.compile(r"(?P<word>[a-z]+)-(?P<code>[45]\d\d)(-(?P<status>[45]\.\d{1,3}\.\d{1,3}))?")
SLOW = re.compile(r"slow-(?P<seconds>\d{1,2})")
NAMED = {
    "drop-at-data": Kind.DROP_AT_DATA,
    "drop-after-data": Kind.DROP_AFTER_DATA,
    "mute": Kind.MUTE,
}
WORDS = {"data": Kind.DATA_REPLY, "bye": Kind.BYE, "greet": Kind.GREET}


def fault_for(address: str) -> Fault | None:
    """What an address asks for (the table above), None when it is an honest one."""
    local = address.rpartition("@")[0].lower()
    once = "once-" in local
    local = local.replace("once-", "", 1)
    if local in NAMED:
        return Fault(NAMED[local], once=once)
    if found := SLOW.fullmatch(local):
        return Fault(Kind.SLOW, seconds=min(60.0, float(found["seconds"])), once=once)
    if found := CODED.fullmatch(local):
        words = f"{found['status'] or ''} as the address asks for".strip()
        return Fault(WORDS.get(found["word"], Kind.REPLY), f"{found['code']} {words}", once=once)
    return None
