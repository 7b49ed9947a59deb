"""A template that breaks delays mails; it loses none of them."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from daemon.config import Config, DatabaseConfig, ShopConfig, SmtpConfig
from daemon.dispatch import Sent
from daemon.post.smtp import Relay
from daemon.service.house import House, open_house
from daemon.simulator.servers import SmtpServer
from daemon.wording import Wording
from store import outbox
from store.facts import Mail, MailState

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def config(folder: Path, port: int) -> Config:
    return Config(
        shop=ShopConfig(),
        database=DatabaseConfig(
            shop_url=SecretStr(f"sqlite:///{folder / 'shop.sqlite'}"),
            vault_url=SecretStr(f"sqlite:///{folder / 'vault.sqlite'}"),
            vault_key_file=folder / "vault.key",
        ),
        smtp=SmtpConfig(host="127.0.0.1", port=port, security="none"),
    )


def empty(house: House) -> list[Sent]:
    async def all_steps() -> list[Sent]:
        relay = Relay(house.config.smtp)
        dispatch = house.dispatch(relay)
        try:
            done: list[Sent] = []
            while sent := await dispatch.step():
                done += sent
            return done
        finally:
            await relay.close()

    return asyncio.run(all_steps())


def test_a_broken_template_delays_mails_tells_the_operator_once_and_loses_none(tmp_path: Path) -> None:
    broken = tmp_path / "templates"
    (broken / "passed_on").mkdir(parents=True)
    (broken / "passed_on" / "body.txt").write_text("{{ no_such_thing }}")
    clock = Clock()
    with SmtpServer() as smtp, open_house(config(tmp_path, smtp.port), clock) as good:
        hashed = good.vault.hashed("ada@customer.example")
        good.vault.keep({hashed: "ada@customer.example"}, [], [], clock())
        with good.shop.transaction() as connection:
            mail = Mail("a" * 32, "L1:passed_on", "passed_on", {}, clock(), hashed_email=hashed)
            outbox.enqueue(connection, [mail], clock())
        bad = replace(good, wording=Wording(good.config.shop, broken))

        first = empty(bad)
        clock.now += timedelta(hours=1)
        second = empty(bad)
        clock.now += timedelta(hours=1)
        third = empty(good)

        assert [(one.queued.mail.kind, one.settlement.state) for one in first] == [
            ("passed_on", MailState.QUEUED),
            ("alert", MailState.SENT),
        ]
        assert [one.settlement.state for one in second] == [MailState.QUEUED]
        assert [one.settlement.state for one in third] == [MailState.SENT]
        assert [kept.recipients for kept in smtp.kept] == [
            (good.config.shop.operator,),
            ("ada@customer.example",),
        ]
