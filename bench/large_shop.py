"""A shop of 42,000 products, 100,000 orders of a year and the rules mined of them, opened on SQLite."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.goods import AUTHSERV_ID
from daemon.config import ConductConfig, Config, MailboxConfig
from daemon.handle import Desk
from daemon.suggesting import Suggesting
from store import catalogue, orders, rules
from store.database import Connection, open_shop, open_vault
from store.facts import Evidence, Found, KeptRule, Order, OrderLine, OrderState, Popular, Product
from store.vault import Vault, load_key

PRODUCTS = 42_000
ORDERS = 100_000
CUSTOMERS = 20_000
RULES = 100_000
LINES = 3
MANY = 500
"""Orders of the one customer who is not like the others, EAGER."""

EAGER = CUSTOMERS
AT_ONCE = 2_000
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
THINGS = """
    lamp desk brass teapot stoneware bulb tulip garden table bench oak kettle copper mug linen towel wool blanket
    basket willow candle beeswax soap lavender knife carving board walnut apron canvas lantern paper clock wall hook
"""
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Desk, list[Product]]]:
    """The desk of the filled shop, and its products."""
    shop, vault = open_shop(f"sqlite:///{folder}/asking.sqlite"), open_vault(f"sqlite:///{folder}/asking-vault.sqlite")
    try:
        shop.migrate()
        vault.migrate()
        mailbox = {"orders": MailboxConfig(user="bench", authserv_id=AUTHSERV_ID)}
        config = Config(mailbox=mailbox, conduct=ConductConfig(answers_per_hour=1_000_000))
        kept = Vault(vault, load_key(folder / "asking.key", vault))
        desk, goods = Desk(shop, kept, config, Suggesting(shop, lambda: NOW)), products()
        with shop.transaction() as connection:
            catalogue.add(connection, goods, "bench", NOW)
        fill(desk, goods)
        yield desk, goods
    finally:
        shop.close()
        vault.close()


def address_of(customer: int) -> str:
    return f"customer{customer}@mail.example"


def products() -> list[Product]:
    """Three words each, in fifty categories; one in ten is sold out."""
    drawn, things = random.Random(1), THINGS.split()
    ids = {"".join(drawn.choices(SIGNS, k=12)): None for _ in range(PRODUCTS)}
    return [
        Product(one, " ".join(drawn.sample(things, 3)), f"Shelf {n % 50}", drawn.randint(199, 99_999), n % 10 * 100)
        for n, one in enumerate(ids)
    ]


def fill(desk: Desk, goods: Sequence[Product]) -> None:
    waiting: list[Order] = []
    for one in past_orders(desk.vault, goods):
        waiting.append(one)
        if len(waiting) == AT_ONCE:
            with desk.shop.transaction() as connection:
                orders.book_past(connection, waiting)
            waiting = []
    with desk.shop.transaction() as connection:
        orders.book_past(connection, waiting)
        mined(connection, goods)


def past_orders(vault: Vault, goods: Sequence[Product]) -> Iterator[Order]:
    """A year of them, the same at each call; customer 0 has the first, and of the last MANY all are of one customer."""
    drawn = random.Random(2)
    hashes = [vault.hashed(address_of(n)) for n in range(CUSTOMERS + 1)]
    for n in range(ORDERS):
        customer = n % CUSTOMERS if n < ORDERS - MANY else EAGER
        at = NOW - timedelta(days=365) + timedelta(days=365) * n / ORDERS
        chosen = drawn.sample(range(len(goods)), LINES)
        lines = tuple(OrderLine(goods[i].product_id, goods[i].name, 1 + i % 3, goods[i].price) for i in chosen)
        number = f"MO-{numbered(n)}"
        held = {"state": OrderState.FULFILLED, "closed_at": at, "letter_id": None, "source": f"bench {n}"}
        yield Order(
            number=number,
            hashed_email=hashes[customer],
            arrived_at=at,
            placed_at=at,
            cancel_until=at,
            address_id=None,
            fingerprint="bench",
            lines=lines,
            **held,  # type: ignore[arg-type]
        )


def numbered(n: int) -> str:
    alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    signs = "".join(alphabet[n // 30**place % 30] for place in range(8))
    return f"{signs[:4]}-{signs[4:]}"


def mined(connection: Connection, goods: Sequence[Product]) -> None:
    """Rules of one product each, as many as a mining may leave, and the products by how well they sell."""
    drawn = random.Random(3)
    found = [
        KeptRule((goods[i].product_id,), goods[j].product_id, Evidence.RULE, 4, 10, 12, drawn.random())
        for i, j in (drawn.sample(range(len(goods)), 2) for _ in range(RULES))
    ]
    popular = [Popular(one.product_id, 1 + n % 500, 5, 1) for n, one in enumerate(goods[: len(goods) * 3 // 4])]
    begun = rules.begin(connection, "bench", NOW - timedelta(days=365), {}, NOW, NOW + timedelta(hours=1))
    rules.replace(connection, begun, rules.pack(Found(found, popular, ORDERS)), NOW)
