"""The demo: a shop of its own on loopback, a cast that writes to it, and the proof that each letter was answered."""

import smtplib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from daemon.config import OffersConfig
from daemon.dispatch import Sent
from daemon.handle import Handled
from daemon.mining.mine import Run
from daemon.mining.process import mine_apart
from daemon.service.house import House, Watcher, open_house
from daemon.service.run import run
from daemon.simulator.cast import SCENES, Scene
from daemon.simulator.past import past_orders
from daemon.simulator.premises import USER, loopback_config
from daemon.simulator.servers import ImapServer, SmtpServer
from daemon.simulator.stock import shop_catalogue
from daemon.simulator.writing import SHOP
from store import catalogue, orders, outbox
from store.facts import OFFER

# At any hour and to everybody, so that the same is seen whenever the demo is played.
OFFERS = OffersConfig(quiet_from="00:00", quiet_until="00:00", holdout_share=0.0)
PATIENCE = 20.0
"""Seconds that a letter of the cast may take to be answered before the scene has failed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One scene as it was played; `ok` when everything was as it must be."""

    scene: Scene
    handled: Handled | None
    answers: tuple[str, ...]

    @property
    def ok(self) -> bool:
        found = (self.handled.outcome.value, self.handled.reason) if self.handled else ("", "")
        return found == (self.scene.outcome, self.scene.reason) and sorted(self.answers) == sorted(self.scene.answers)


@dataclass(slots=True)
class Stage:
    """What the cast sees of the shop: letters handled and mails accepted, as they happen in other threads."""

    audience: Watcher
    handled: dict[str, Handled] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def watcher(self) -> Watcher:
        return Watcher(self.note_handled, self.note_sent)

    def note_handled(self, one: Handled) -> None:
        with self.news:
            if one.case is not None and one.case.letter.message_id:
                self.handled[one.case.letter.message_id] = one
            self.audience.handled(one)
            self.news.notify_all()

    def note_sent(self, one: Sent) -> None:
        with self.news:
            self.sent.append(one)
            self.audience.sent(one)
            self.news.notify_all()

    def answers_to(self, handled: Handled) -> list[Sent]:
        """What was mailed because of a letter, and the offer that followed the order it placed."""
        wanted = handled.case.letter_id if handled.case else None
        booked = handled.decision.book.number if handled.decision and handled.decision.book else None
        return [
            one
            for one in self.sent
            if one.queued.mail.letter_id == wanted
            or (one.queued.mail.kind == OFFER and one.queued.mail.order_number == booked)
        ]

    def answered(self, message_id: str, expected: int) -> bool:
        """Whether a letter is handled and everything that it caused is mailed, or as many mails as were expected."""
        handled = self.handled.get(message_id)
        if handled is None:
            return False
        caused = len(handled.decision.answers) if handled.decision else 0
        return len(self.answers_to(handled)) >= max(caused, expected)


@dataclass(frozen=True, slots=True)
class Theatre:
    """The servers, the open shop, and what the cast sees of it."""

    imap: ImapServer
    smtp: SmtpServer
    house: House
    stage: Stage

    def complete(self, shown: Sequence[Shown]) -> bool:
        """Every scene was played and went as it must, and nothing is left unsent."""
        with self.house.shop.reading() as connection:
            waiting = outbox.health(connection, self.house.clock())
        settled = waiting.waiting == waiting.sending == waiting.dead == 0
        return settled and len(shown) == len(SCENES) and all(one.ok for one in shown)


@contextmanager
def theatre(folder: Path, handled: Callable[[Handled], None], sent: Callable[[Sent], None]) -> Iterator[Theatre]:
    """Servers on loopback and a shop with a stocked catalogue; the databases stand in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with ImapServer() as imap, SmtpServer(imap, {SHOP: USER}) as smtp:
        config = loopback_config(folder, imap.port, smtp.port, "America/Denver", OFFERS)
        with open_house(config) as house:
            stock(house)
            mine_the_past(house)
            yield Theatre(imap, smtp, house, Stage(Watcher(handled, sent)))


def stock(house: House) -> None:
    """A catalogue on the shelves, and a year of orders in the books, so that there is something to mine."""
    products = shop_catalogue()
    past = past_orders({one.product_id: one for one in products}, house.clock())
    with house.shop.transaction() as connection:
        if not catalogue.count(connection):
            catalogue.add(connection, products, "demo", house.clock())
            orders.book_past(connection, past)


def mine_the_past(house: House) -> None:
    """In a process of its own, as by night."""
    config = house.config
    mine_apart(house.shop, config, Run("demo", config.shop.zone, config.mining, house.clock), lambda done, of: None)


@dataclass(frozen=True, slots=True)
class Programme:
    """Who is told when a scene begins, when it was judged, and when the last one is over."""

    begins: Callable[[Scene], None]
    judged: Callable[[Shown], None]
    after: Callable[[Theatre], None]


def play(at: Theatre, stop: threading.Event, programme: Programme) -> list[Shown]:
    """Let every customer write in turn, each after the letter before was answered; one result a scene."""
    shown = []
    for scene in SCENES:
        if stop.is_set():
            break
        programme.begins(scene)
        result = perform(at, scene, stop)
        if stop.is_set() and not result.ok:
            break  # broken off, which says nothing about the shop
        programme.judged(result)
        shown.append(result)
    programme.after(at)
    return shown


def perform(at: Theatre, scene: Scene, stop: threading.Event) -> Shown:
    """Write the scene's letter and wait for what it brings about, or for the shop to be closed."""
    raw = scene.write(mails_to(at, scene.writer))
    deliver(at, scene, raw)
    message_id = message_from_bytes(raw, policy=policy.default)["Message-ID"].strip("<> ")
    with at.stage.news:
        at.stage.news.wait_for(lambda: stop.is_set() or at.stage.answered(message_id, len(scene.answers)), PATIENCE)
        handled = at.stage.handled.get(message_id)
        answers = at.stage.answers_to(handled) if handled else []
    return Shown(scene, handled, tuple(one.queued.mail.kind for one in answers if one.worded))


def deliver(at: Theatre, scene: Scene, raw: bytes) -> None:
    """By SMTP like everybody, or straight into the inbox with the time of arrival that the scene needs."""
    if scene.hours_later:
        at.imap.append(raw, datetime.now(UTC) + timedelta(hours=scene.hours_later))
        return
    with smtplib.SMTP("127.0.0.1", at.smtp.port) as client:
        client.sendmail(parseaddr(scene.writer)[1], [SHOP], raw)


def mails_to(at: Theatre, writer: str) -> list[EmailMessage]:
    address = parseaddr(writer)[1]
    return [
        message_from_bytes(kept.message, policy=policy.default)
        for kept in tuple(at.smtp.kept)
        if address in kept.recipients
    ]


def perform_all(at: Theatre, stop: threading.Event, programme: Programme) -> list[Shown]:
    """Run the shop in this thread, where its desk must stand, and the cast in another."""
    shown: list[Shown] = []

    def cast() -> None:
        try:
            shown.extend(play(at, stop, programme))
        finally:
            stop.set()

    customers = threading.Thread(target=cast, name="cast")
    customers.start()
    run(at.house, stop, at.stage.watcher())
    with at.stage.news:
        at.stage.news.notify_all()
    customers.join()
    return shown
