"""Letters before the books are opened: parsed, read, hashed; no database, no lock."""

import hashlib
import secrets
from dataclasses import dataclass

from daemon.config import Config
from daemon.decide import Case
from daemon.handle.budget import TimeBudget
from daemon.inbox.imap import Arrived
from daemon.letter import Letter, Limits, parse
from daemon.request import read, says_stop
from daemon.request.numbers import ALPHABET
from daemon.request.shapes import Ask, Automatic, Bounced, PlaceOrder, Request, Unreadable, Yes
from daemon.suggesting import Suggesting
from store.database import Database
from store.facts import ShippingAddress
from store.vault import Vault


@dataclass(frozen=True, slots=True)
class Desk:
    """Where letters are handled: the books, the vault and the rules of the shop; what suggests, where letters ask."""

    shop: Database
    vault: Vault
    config: Config
    suggesting: Suggesting | None = None

    def limits(self) -> Limits:
        return Limits(letter_bytes=self.config.limits.letter_bytes)


def letter_id(arrived: Arrived, digest: str) -> str:
    """The name under which a letter is kept: from its place and what it says, so the same when it is read again."""
    place = f"{arrived.mailbox}\n{arrived.uidvalidity}\n{arrived.uid}\n{digest}"
    return "L" + hashlib.sha256(place.encode()).hexdigest()[:15]


def message_key(letter: Letter) -> str | None:
    """What makes two deliveries the same letter: Message-ID and contents together; None without a Message-ID."""
    if letter.message_id is None:
        return None
    return hashlib.sha256(f"{letter.message_id}\n{letter.digest}".encode()).hexdigest()


def order_number() -> str:
    """Random enough (39 bits) that knowing one is proof of having received it."""
    rest, drawn = secrets.randbelow(len(ALPHABET) ** 8), ""
    for _ in range(8):
        rest, place = divmod(rest, len(ALPHABET))
        drawn += ALPHABET[place]
    return f"MO-{drawn[:4]}-{drawn[4:]}"


def prepare(desk: Desk, arrived: Arrived) -> Case:
    """Parse and read one letter within its time budget; raises OutOfTimeError or what our own mistakes raise."""
    config = desk.config
    with TimeBudget(config.limits.letter_seconds):
        letter = parse(
            arrived.raw,
            authserv_id=config.mailbox[arrived.mailbox].authserv_id if arrived.mailbox in config.mailbox else "",
            own_domain=config.shop.domain,
            own_address=config.shop.address,
            limits=desk.limits(),
            whole=arrived.whole,
        )
        rules = (config.orders.max_lines, config.orders.max_quantity, config.shop.currency)
        request, stops = read(letter, *rules), says_stop(letter, *rules)
    hashed = desk.vault.hashed(letter.sender) if letter.sender else None
    return Case(
        letter_id=letter_id(arrived, letter.digest),
        letter=letter,
        request=request if hashed or not needs_sender(request) else Unreadable("no_sender"),
        arrived_at=arrived.arrived_at,
        size=arrived.size,
        number=order_number(),
        hashed_email=hashed,
        address=shipping_address(desk.vault, hashed, request),
        whole=arrived.whole,
        says_stop=stops,
    )


def needs_sender(request: Request) -> bool:
    """A letter that names no one sender can be a machine's or a person's business, but no command."""
    return not isinstance(request, Automatic | Bounced | Unreadable)


def shipping_address(vault: Vault, hashed: str | None, request: Request) -> ShippingAddress | None:
    if hashed is None or not isinstance(request, PlaceOrder | Ask | Yes) or request.ship_to is None:
        return None
    return vault.shipping_address(hashed, request.ship_to.name, request.ship_to.lines)
