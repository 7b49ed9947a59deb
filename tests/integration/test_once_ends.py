"""A round ends also while the relay is away, however long each try takes."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from daemon.config import Config, DatabaseConfig, OutboxConfig, ShopConfig
from daemon.dispatch import Sent
from daemon.post.shapes import Envelope, Receipt, State, unsent
from daemon.post.smtp import Relay
from daemon.service.house import House, Watcher, open_house
from daemon.service.once import empty_outbox
from store import outbox
from store.facts import Mail, MailState, Role

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BATCH = 20


class Slow(Relay):
    """Takes its time over each batch."""

    def __init__(self, clock: list[datetime], receipt: Receipt) -> None:
        super().__init__(Config(shop=ShopConfig()).smtp)
        self.clock, self.receipt = clock, receipt

    async def send(self, envelopes: Sequence[Envelope], seconds: float = 120.0) -> list[Receipt]:
        self.clock[0] += timedelta(seconds=45)
        return [self.receipt] * len(envelopes)


def configuration(folder: Path) -> Config:
    return Config(
        shop=ShopConfig(),
        database=DatabaseConfig(
            shop_url=SecretStr(f"sqlite:///{folder / 'shop.sqlite'}"),
            vault_url=SecretStr(f"sqlite:///{folder / 'vault.sqlite'}"),
            vault_key_file=folder / "vault.key",
        ),
        outbox=OutboxConfig(batch=BATCH),
    )


def queue(house: House, count: int, due_at: datetime = NOW) -> None:
    facts = {"what": "mail_dead", "reference": "1", "reason": "", "when": NOW.isoformat(), "command": ""}
    mails = [Mail(f"{at:032}", f"event-{at}", "alert", facts, due_at, role=Role.OPERATOR) for at in range(count)]
    with house.shop.transaction() as connection:
        outbox.enqueue(connection, mails, NOW)


@pytest.mark.parametrize(
    ("receipt", "told"),
    [
        (unsent("no answer within 30 s"), (0, 5 * BATCH)),
        (Receipt(State.TEMPORARY, 451, "later"), (0, 5 * BATCH)),
        (Receipt(State.ACCEPTED, 250, "ok"), (5 * BATCH, 0)),
    ],
)
def test_each_mail_that_was_due_is_tried_once(tmp_path: Path, receipt: Receipt, told: tuple[int, int]) -> None:
    clock, tried = [NOW], list[int]()

    def sent(one: Sent) -> None:
        tried.append(one.queued.id)
        assert len(tried) <= 5 * BATCH

    with open_house(configuration(tmp_path), lambda: clock[0]) as house:
        queue(house, 5 * BATCH)
        assert asyncio.run(empty_outbox(house, Slow(clock, receipt), Watcher(lambda _: None, sent))) == told
        assert len(set(tried)) == 5 * BATCH
        with house.shop.reading() as connection:
            left = outbox.listing(connection, MailState.QUEUED, 1000)
    assert len(left) == told[1]


def test_what_is_queued_while_a_round_sends_goes_out_in_it(tmp_path: Path) -> None:
    """As the offer does, which is made when the confirmation is out."""
    clock = [NOW]

    def sent(one: Sent) -> None:
        if one.queued.id == 1:
            queue(house, 2, clock[0])

    with open_house(configuration(tmp_path), lambda: clock[0]) as house:
        queue(house, 1)
        accepting = Slow(clock, Receipt(State.ACCEPTED, 250, "ok"))
        assert asyncio.run(empty_outbox(house, accepting, Watcher(lambda _: None, sent))) == (2, 0)
