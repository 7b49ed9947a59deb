"""Days played through by a simulated clock: customers write by SMTP, the shop looks at its mail, books and answers."""

import asyncio
import smtplib
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email.parser import BytesHeaderParser
from pathlib import Path

from daemon.handle import Handled
from daemon.inbox.imap import Mailbox
from daemon.post.smtp import Relay
from daemon.service.house import House, Watcher, open_house
from daemon.service.intake import look
from daemon.service.once import at_once
from daemon.simulator.clerk import Clerk
from daemon.simulator.days import Act, Wish, looks
from daemon.simulator.pens import write
from daemon.simulator.postbox import Postbox, local_part
from daemon.simulator.premises import MAILBOX, USER, loopback_config
from daemon.simulator.servers import ImapServer, SmtpServer
from daemon.simulator.writing import SHOP
from store import catalogue
from store.facts import Product, product_key

# Adding tens of thousands of products at once holds all their rows in memory several times.
SHELF = 5_000


class Clock:
    """The time that the shop and the servers go by; set, never patched."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Play:
    """A shop with its servers and customers while days are played; made by `opened`."""

    house: House
    clock: Clock
    inbox: Mailbox
    sender: smtplib.SMTP
    postbox: Postbox
    clerk: Clerk
    watcher: Watcher
    empty_outbox: Callable[[], None]
    keep_letters: Path | None = None
    repeated: frozenset[str] = frozenset()
    written: dict[str, bytes] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    opening: int = 0
    closing: dict[date, int] = field(default_factory=dict)


@contextmanager
def opened(
    folder: Path, goods: Mapping[str, Product], acts: Sequence[Act], first: date, watcher: Watcher, keep: bool
) -> Iterator[Play]:
    """The shop on the morning of the first day: databases in `folder`, shelves full, the inbox looked at and empty."""
    clock = Clock(datetime.combine(first, time(0), UTC))
    awaited = {act.about for act in acts if act.wish in (Wish.CANCEL, Wish.YES)}
    postbox = Postbox(awaited, made(folder / "mails") if keep else None)
    with (
        ImapServer() as imap,
        SmtpServer(imap, {SHOP: USER}, keep=0, heard=postbox.take, clock=clock, patient=True) as smtp,
        open_house(loopback_config(folder, imap.port, smtp.port), clock) as house,
        smtplib.SMTP(smtp.host, smtp.port) as sender,
        closing(house.mailbox(MAILBOX)) as inbox,
        sending(house, watcher) as empty_outbox,
    ):
        stock(house, list(goods.values()))
        inbox.connect()
        clerk = Clerk(goods, house.config.orders)
        play = Play(house, clock, inbox, sender, postbox, clerk, watcher, empty_outbox)
        play.keep_letters = made(folder / "letters") if keep else None
        play.repeated = frozenset(act.about for act in acts if act.wish is Wish.REPEAT)
        count_stock(play, goods)
        play.opening = sum(play.units.values())
        take_in(play)
        yield play


@contextmanager
def sending(house: House, watcher: Watcher) -> Iterator[Callable[[], None]]:
    """What empties the outbox of all that is due, over connections that stay open."""
    with asyncio.Runner() as runner:
        relay = Relay(house.config.smtp)
        dispatch = house.dispatch(relay)

        def empty() -> None:
            while tried := runner.run(dispatch.step()):
                for one in tried:
                    watcher.sent(one)

        try:
            yield empty
        finally:
            runner.run(relay.close())


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def stock(house: House, products: Sequence[Product]) -> None:
    for start in range(0, len(products), SHELF):
        with house.shop.transaction() as connection:
            catalogue.add(connection, products[start : start + SHELF], "simulation", house.clock())


def play_day(play: Play, day: date, acts: Sequence[Act]) -> None:
    """The letters of a day, ordered by arrival: sent, read, booked and answered before the next day begins."""
    left = list(acts)
    for now in looks(day):
        while left and left[0].at <= now:
            send(play, left.pop(0), now)
        play.clock.now = now
        take_in(play)
        play.empty_outbox()
    count_stock(play, {product_key(product_id) for act in acts for product_id, _ in act.wares})
    play.closing[day] = sum(play.units.values())
    play.clerk.end(day)


def take_in(play: Play) -> None:
    """One look takes all that a few hours bring; what it left behind would show in the proof."""

    def noted(one: Handled) -> None:
        play.keys[one.arrived.uid] = local_part(BytesHeaderParser().parsebytes(one.arrived.raw)["Message-ID"])
        play.watcher.handled(one)

    hand = at_once(play.house, Watcher(noted, play.watcher.sent))
    look(play.house, play.inbox, hand, threading.Event())


def send(play: Play, act: Act, read_at: datetime) -> None:
    """By SMTP, arriving when it says. Who has nothing to cancel or to agree to writes no letter."""
    raw = letter(play, act)
    if raw is None:
        return
    if play.keep_letters is not None:
        (play.keep_letters / f"{len(play.clerk.letters) + 1:05}.eml").write_bytes(raw)
    play.clock.now = act.at
    play.sender.sendmail(act.customer.email, [SHOP], raw)
    play.clerk.take(act, read_at)


def letter(play: Play, act: Act) -> bytes | None:
    if act.wish is Wish.REPEAT:
        return play.written.pop(act.about, None)
    answer = play.postbox.answer_to(act.about)
    number = answer.number if answer else None
    if act.wish is Wish.CANCEL and number is None:
        return None
    if act.wish is Wish.YES and (number is None or act.about not in play.clerk.held):
        return None
    raw = write(act, number, play.postbox.whole(act.about))
    if act.key in play.repeated:
        play.written[act.key] = raw
    return raw


def count_stock(play: Play, keys: Collection[str]) -> None:
    """Read again what is on hand of these products; all others stand as they were."""
    with play.house.shop.reading() as connection:
        found = catalogue.products(connection, keys)
    play.units.update({key: product.on_hand for key, product in found.items()})
