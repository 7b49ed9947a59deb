"""Each stage alone, in one thread and with nothing beside it: what the path cannot cost less than."""

import asyncio
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from bench.path import Street
from daemon.config import Config, load_config
from daemon.dispatch import Dispatch
from daemon.handle.handle import book
from daemon.handle.prepare import Desk, prepare
from daemon.inbox.imap import Arrived, Mailbox
from daemon.letter import parse
from daemon.post.shapes import Envelope, Receipt
from daemon.post.smtp import Relay
from daemon.request import read
from daemon.service.house import House, open_house
from store.facts import Outcome, QueuedMail

Worded = list[tuple[QueuedMail, Envelope | Receipt]]


class Stopwatch:
    """Processor seconds of this thread by stage."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        began = time.thread_time()
        try:
            yield
        finally:
            self.spent[stage] = self.spent.get(stage, 0.0) + time.thread_time() - began


def measure_floors(street: Street, count: int, name: str) -> dict[str, float]:
    """Milliseconds an order by stage, over `count` letters and in batches as large as the daemon's."""
    street.fill(street.new_maildir(), count)
    config = load_config(street.furnish(name).config)
    watch = Stopwatch()
    with open_house(config) as house:
        mailbox = house.mailbox("orders")
        mailbox.connect()
        arrived = fetch(mailbox, watch)
        understand(arrived, config, watch)
        for batch in batches(arrived, mailbox.config.batch):
            handle(house.desk, batch, watch)
        asyncio.run(empty_outbox(house, watch))
        move(mailbox, arrived, watch)
        mailbox.close()
    return {stage: 1000 * spent / count for stage, spent in watch.spent.items()}


def batches(arrived: Sequence[Arrived], size: int) -> list[Sequence[Arrived]]:
    return [arrived[start : start + size] for start in range(0, len(arrived), size)]


def fetch(mailbox: Mailbox, watch: Stopwatch) -> list[Arrived]:
    arrived: list[Arrived] = []
    with watch("fetch"):
        uids = mailbox.waiting()
        for start in range(0, len(uids), mailbox.config.batch):
            arrived += mailbox.fetch(uids[start : start + mailbox.config.batch])
    return arrived


def understand(arrived: Sequence[Arrived], config: Config, watch: Stopwatch) -> None:
    for one in arrived:
        with watch("parse"):
            letter = parse(
                one.raw,
                authserv_id=config.mailbox[one.mailbox].authserv_id,
                own_domain=config.shop.domain,
                own_address=config.shop.address,
            )
        with watch("read"):
            read(letter)


def handle(desk: Desk, batch: Sequence[Arrived], watch: Stopwatch) -> None:
    cases = [prepare(desk, one) for one in batch]
    with watch("decide+book"):
        book(desk, batch, cases, datetime.now(UTC))


async def empty_outbox(house: House, watch: Stopwatch) -> None:
    relay = Relay(house.config.smtp)
    dispatch = house.dispatch(relay)
    try:
        while await step(dispatch, relay, watch):
            pass
    finally:
        await relay.close()


async def step(dispatch: Dispatch, relay: Relay, watch: Stopwatch) -> bool:
    """A batch of the outbox as `Dispatch.step` does it, with a look at the clock in between."""
    with watch("claim"):
        claimed = dispatch.claim()
        personal = dispatch.personal(claimed) if claimed else None
    if personal is None:
        return False
    with watch("word"):
        worded = [dispatch.envelope(one, personal, math.inf) for one in claimed]
    envelopes = [made for made in worded if isinstance(made, Envelope)]
    with watch("send"):
        receipts = await relay.send(envelopes)
    with watch("settle"):
        dispatch.settle(list(zip(claimed, envelopes, receipts, strict=True)))
    return True


def move(mailbox: Mailbox, arrived: Sequence[Arrived], watch: Stopwatch) -> None:
    for batch in batches(arrived, mailbox.config.batch):
        with watch("move"):
            mailbox.move({Outcome.DONE: [one.uid for one in batch]})
