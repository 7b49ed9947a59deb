"""Mails that carry much: few of them are held at a time, in their order, each portion settled before the next."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from daemon.config import Config, DatabaseConfig, OutboxConfig, ShopConfig
from daemon.dispatch import Sent
from daemon.dispatch.portions import LARGE_HELD, portions
from daemon.post.shapes import Envelope, Receipt, State, unsent
from daemon.post.smtp import Relay
from daemon.service.house import House, open_house
from store import outbox
from store.facts import Enclosure, Mail, MailState, QueuedMail, Role

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LETTER = b"From: ada@customer.example\r\nSubject: Teapots\r\n\r\nWhich is the largest?\r\n"


class Counting(Relay):
    """Notes for each call what it was given, how many mails were settled by then, and the seconds it may take."""

    def __init__(self, house: House) -> None:
        super().__init__(house.config.smtp)
        self.house = house
        self.calls: list[tuple[int, int, float]] = []

    async def send(self, envelopes: Sequence[Envelope], seconds: float = 120.0) -> list[Receipt]:
        letters = sum(b"Which is the largest?" in bytes(one.message) for one in envelopes)
        self.calls.append((letters, len(settled(self.house)), seconds))
        return [Receipt(State.ACCEPTED, 250, "ok") if seconds else unsent("too late")] * len(envelopes)


def settled(house: House) -> list[int]:
    with house.shop.reading() as connection:
        return [one.id for one in outbox.listing(connection, MailState.SENT, 1000)]


def configuration(folder: Path, lease_seconds: float = 300.0) -> Config:
    return Config(
        shop=ShopConfig(),
        database=DatabaseConfig(
            shop_url=SecretStr(f"sqlite:///{folder / 'shop.sqlite'}"),
            vault_url=SecretStr(f"sqlite:///{folder / 'vault.sqlite'}"),
            vault_key_file=folder / "vault.key",
        ),
        outbox=OutboxConfig(lease_seconds=lease_seconds),
    )


def queue(house: House, *kinds: str) -> None:
    house.vault.keep({}, [], [Enclosure(f"e{place}", None, {}, LETTER) for place in range(len(kinds))], NOW)
    facts = {"what": "mail_dead", "reference": "1", "reason": "", "when": NOW.isoformat(), "command": ""}
    mails = [
        Mail(f"{place:032}", f"event-{place}", "forward", {}, NOW, role=Role.HUMAN, enclosure_id=f"e{place}")
        if kind == "forward"
        else Mail(f"{place:032}", f"event-{place}", "alert", facts, NOW, role=Role.OPERATOR)
        for place, kind in enumerate(kinds)
    ]
    with house.shop.transaction() as connection:
        outbox.enqueue(connection, mails, NOW)


def one_step(house: House, relay: Relay) -> list[Sent]:
    return asyncio.run(house.dispatch(relay).step())


def test_few_letters_are_held_at_a_time_and_settled_before_the_next(tmp_path: Path) -> None:
    with open_house(configuration(tmp_path), lambda: NOW) as house:
        queue(house, "alert", *["forward", "alert"] * 7, "forward")
        relay = Counting(house)
        sent = one_step(house, relay)
        assert [letters for letters, _, _ in relay.calls] == [LARGE_HELD, LARGE_HELD, 2]
        assert [before for _, before, _ in relay.calls] == [0, 7, 13]
        assert [one.queued.id for one in sent] == sorted(settled(house))
        assert len(sent) == 16


def test_copies_of_what_is_held_count_as_letters_do() -> None:
    kinds = ["own_data", "forward", "help", "own_data", "help", "forward", *["own_data"] * 4]
    claimed = [
        QueuedMail(place, Mail(f"{place:032}", f"event-{place}", kind, {}, NOW), MailState.SENDING, 1, NOW)
        for place, kind in enumerate(kinds)
    ]
    cut = list(portions(claimed))
    assert [one for portion in cut for one in portion] == claimed
    assert [len(portion) for portion in cut] == [5, 3, 2]


def test_mails_without_letters_go_in_one_portion(tmp_path: Path) -> None:
    with open_house(configuration(tmp_path), lambda: NOW) as house:
        queue(house, *["alert"] * 30)
        relay = Counting(house)
        assert len(one_step(house, relay)) == 30
        assert len(relay.calls) == 1


def test_all_portions_share_one_lease(tmp_path: Path) -> None:
    """What is reached after the time is over is not sent, for it may be another worker's by then."""
    with open_house(configuration(tmp_path, lease_seconds=1e-9), lambda: NOW) as house:
        queue(house, *["forward"] * 8)
        relay = Counting(house)
        sent = one_step(house, relay)
        assert relay.calls == []
        assert {one.settlement.state for one in sent} == {MailState.QUEUED}
