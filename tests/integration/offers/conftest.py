"""A shop whose rules say that lamps go with pots, its servers, and a clock that the test sets."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from daemon.config import Config, DatabaseConfig, OffersConfig, ShopConfig, SmtpConfig
from daemon.dispatch import Dispatch, Sent
from daemon.handle import Handled, handle
from daemon.inbox.imap import Arrived
from daemon.post.smtp import Relay
from daemon.service.house import House, open_house
from daemon.simulator.servers import SmtpServer
from store import catalogue, offers, orders, outbox, rules
from store.facts import Evidence, Found, KeptRule, Offer, Order, Popular, Product, QueuedMail

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ALWAYS = OffersConfig(quiet_from="00:00", quiet_until="00:00", holdout_share=0.0, products=2)
LAMP = Product("BJ02R0G72U8V", "Brass lamp", "home", 1_999, 500)
POT = Product("7B4VYMBRQNAR", "Stoneware pot", "kitchen", 450, 500)
RUG = Product("QZ81RUG0NEW1", "Woollen rug", "home", 9_900, 500)
WARES = (LAMP, POT, RUG)
FOUND = Found(
    rules=(KeptRule((LAMP.product_id,), POT.product_id, Evidence.RULE, 40, 100, 120, 0.3),),
    popular=(
        Popular(LAMP.product_id, 100, 50, 0),
        Popular(POT.product_id, 90, 45, 0),
        Popular(RUG.product_id, 5, 5, 0),
    ),
    baskets=1_000,
)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Shop:
    """What the tests do: write letters, let the shop look and mail, and see what came of it."""

    house: House
    smtp: SmtpServer
    clock: Clock
    letters: int = 0
    tried: list[Sent] = field(default_factory=list)

    def write(self, person: str, subject: str, body: str = "", **headers: str) -> Handled:
        """A letter, handled at once."""
        self.letters += 1
        told = {"From": person, "Subject": subject, "Message-ID": f"<{self.letters}@customer.example>"} | headers
        head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
        raw = (head + "\r\n" + body.replace("\n", "\r\n")).encode()
        arrived = Arrived("orders", 1, self.letters, self.clock(), len(raw), raw, True)
        (handled,) = handle(self.house.desk, [arrived], self.clock())
        return handled

    def order(self, person: str = "ada@customer.example", *lines: str) -> str:
        """The number of a new order."""
        items = "\n".join(lines or (f"{LAMP.product_id}, 1",))
        handled = self.write(person, "order", f"Ship to:\nAda Lovelace\n12 Way\nDenver, CO 80202\n\nItems:\n{items}\n")
        assert handled.decision is not None
        assert handled.decision.book is not None, handled
        return handled.decision.book.number

    async def mail(self, relay: Relay | None = None) -> list[Sent]:
        """Empty the outbox of what is due."""
        open_relay = relay or Relay(self.house.config.smtp)
        dispatch, done = self.house.dispatch(open_relay), []
        try:
            while sent := await dispatch.step():
                done += sent
        finally:
            await open_relay.close()
        self.tried += done
        return done

    def dispatch(self) -> Dispatch:
        return self.house.dispatch(Relay(self.house.config.smtp))

    def rows(self, kind: str = "offer") -> list[QueuedMail]:
        """The rows of a kind, oldest first."""
        with self.house.shop.reading() as connection:
            found = outbox.listing(connection, limit=10_000)
        return sorted((one for one in found if one.mail.kind == kind), key=lambda one: one.id)

    def offers(self) -> dict[str, Offer]:
        with self.house.shop.reading() as connection:
            return {one.order_number: one for one in offers.listing(connection, limit=10_000)}

    def orders(self) -> dict[str, Order]:
        with self.house.shop.reading() as connection:
            return {one.number: one for one in orders.listing(connection, limit=10_000)}

    def kept(self, word: str) -> list[bytes]:
        """The mails that reached somebody with this in them."""
        return [one.message for one in self.smtp.kept if word.encode() in one.message]

    def later(self, **how: float) -> None:
        self.clock.now += timedelta(**how)


def furnish(house: House) -> None:
    now = NOON - timedelta(days=1)
    with house.shop.transaction() as connection:
        catalogue.add(connection, WARES, "test", now)
        begun = rules.begin(connection, "test", now - timedelta(days=90), {}, now, now + timedelta(hours=1))
        rules.replace(connection, begun, rules.pack(FOUND), now)


def configuration(folder: Path, port: int, timezone: str = "UTC", **said: Any) -> Config:
    return Config(
        shop=ShopConfig(timezone=timezone),
        database=DatabaseConfig(
            shop_url=SecretStr(f"sqlite:///{folder / 'shop.sqlite'}"),
            vault_url=SecretStr(f"sqlite:///{folder / 'vault.sqlite'}"),
            vault_key_file=folder / "vault.key",
        ),
        smtp=SmtpConfig(port=port, security="none", timeout_seconds=5),
        offers=ALWAYS.model_copy(update=said),
    )


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a shop that was opened once, to be copied."""
    folder = tmp_path_factory.mktemp("furnished")
    with open_house(configuration(folder, 1), Clock()) as house:
        furnish(house)
    return folder


NewShop = Callable[..., Shop]


@pytest.fixture
def new_shop(tmp_path: Path, furnished: Path) -> Iterator[NewShop]:
    """Opens a shop, all of one test with one relay; what is said of offers takes the place of ALWAYS."""
    with ExitStack() as stack:
        smtp = stack.enter_context(SmtpServer())

        def make(timezone: str = "UTC", **said: Any) -> Shop:
            folder = tmp_path / uuid.uuid4().hex
            shutil.copytree(furnished, folder)
            clock = Clock()
            house = stack.enter_context(open_house(configuration(folder, smtp.port, timezone, **said), clock))
            return Shop(house, smtp, clock)

        yield make


@pytest.fixture
def shop(new_shop: NewShop) -> Shop:
    return new_shop()
