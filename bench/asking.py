"""Answers to questions in a large shop, from the letter to the mail; alone by `python -m bench.asking`."""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.goods import AUTHSERV_ID
from bench.premises import BenchError
from daemon.config import ConductConfig, Config, MailboxConfig
from daemon.handle import Desk, Handled, handle
from daemon.handle.write import enclose, to_mail
from daemon.inbox.imap import Arrived
from daemon.suggesting import Suggesting
from daemon.wording import Wording
from store import catalogue, orders, rules
from store.database import Connection, open_shop, open_vault
from store.facts import Evidence, Found, KeptRule, Order, OrderLine, OrderState, Popular, Product
from store.vault import Vault, load_key

PRODUCTS = 42_000
ORDERS = 100_000
CUSTOMERS = 20_000
RULES = 100_000
LINES = 3
TIMES = 25
AT_ONCE = 2_000
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AIM_MS = 20.0
THINGS = """
    lamp desk brass teapot stoneware bulb tulip garden table bench oak kettle copper mug linen towel wool blanket
    basket willow candle beeswax soap lavender knife carving board walnut apron canvas lantern paper clock wall hook
"""
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
LETTER = """\
From: Customer {n} <customer{n}@mail.example>
To: orders@shop.example
Subject: {subject}
Message-ID: <{n}.{uid}@mail.example>
Authentication-Results: {authserv_id}; dmarc=pass header.from=mail.example
Content-Type: text/plain; charset=utf-8

{body}
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question: processor time of its answer in milliseconds, median and slowest of TIMES; the mail in bytes."""

    question: str
    median: float
    slowest: float
    size: int

    def __str__(self) -> str:
        told = f"{self.median:5.1f} ms, slowest {self.slowest:5.1f} ms, {self.size / 1000:5.1f} KB"
        return f"{self.question:<34}{told}{'' if self.median < AIM_MS else f'  over {AIM_MS:.0f} ms'}"


def measure(folder: Path) -> list[Answered]:
    """Each question, asked by TIMES customers one after the other; BenchError when one is not answered."""
    shop, vault = open_shop(f"sqlite:///{folder}/asking.sqlite"), open_vault(f"sqlite:///{folder}/asking-vault.sqlite")
    shop.migrate()
    vault.migrate()
    mailbox = {"orders": MailboxConfig(user="bench", authserv_id=AUTHSERV_ID)}
    config = Config(mailbox=mailbox, conduct=ConductConfig(answers_per_hour=1_000_000))
    kept = Vault(vault, load_key(folder / "asking.key", vault))
    desk = Desk(shop, kept, config, Suggesting(shop, lambda: NOW))
    try:
        goods = products()
        with shop.transaction() as connection:
            catalogue.add(connection, goods, "bench", NOW)
        fill(desk, goods)
        first = next(past_orders(desk.vault, goods)).number
        return [ask(desk, question, first, goods) for question in QUESTIONS]
    finally:
        shop.close()
        vault.close()


def as_text(answered: Sequence[Answered]) -> str:
    shop = f"{PRODUCTS:,} products, {ORDERS:,} orders"
    return "\n".join([f"processor time of an answer, from the letter to the mail, {shop}:", *map(str, answered)])


QUESTIONS = (
    "my orders",
    "status {number}",
    "products under $20",
    "products under $1",
    "catalog",
    "catalog lamp",
    "catalog copper lamp",
    "catalog unicorns",
    "catalog lnatern",
    "recommend",
    "recommend {product}",
    "recommend lamp",
    "quote",
    "help",
    "sttaus of my order",
    "order",
)
"""The last is for comparison: an order of one line."""


def ask(desk: Desk, question: str, number: str, goods: Sequence[Product]) -> Answered:
    wording = Wording(desk.config.shop)
    spent, size = [], 0
    for n in range(TIMES + 1):
        subject = question.format(number=number, product=goods[n].product_id)
        body = f"{goods[n].product_id}, 1" if subject in ("quote", "order") else ""
        # A status is asked by whoever ordered; all others by somebody else each time.
        customer = 0 if "{number}" in question else n
        arrived = letter(customer, n + 1_000 * QUESTIONS.index(question), subject, body)
        began = time.process_time()
        (handled,) = handle(desk, [arrived], NOW)
        size = worded(desk, wording, handled)
        spent.append((time.process_time() - began) * 1000)
    # The first compiles the template.
    return Answered(question, statistics.median(spent[1:]), max(spent[1:]), size)


def worded(desk: Desk, wording: Wording, handled: Handled) -> int:
    """The whole message in bytes."""
    if handled.decision is None or handled.case is None or not handled.decision.answers:
        raise BenchError(f"{handled.reason}: not answered")
    answer = handled.decision.answers[0]
    enclosure = enclose(handled.arrived, handled.case, answer)
    mail = to_mail(handled.case.letter_id, handled.case.hashed_email, answer, enclosure, NOW)
    return len(wording.compose(mail, "customer@mail.example", enclosure, None, NOW))


def letter(customer: int, uid: int, subject: str, body: str) -> Arrived:
    raw = LETTER.format(n=customer, uid=uid, subject=subject, body=body, authserv_id=AUTHSERV_ID)
    whole = raw.replace("\n", "\r\n").encode()
    return Arrived("orders", 1, uid, NOW, len(whole), whole, True)


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
    """A year of them, the same at each call; customer 0 has the first."""
    drawn = random.Random(2)
    hashes = [vault.hashed(f"customer{n}@mail.example") for n in range(CUSTOMERS)]
    for n in range(ORDERS):
        at = NOW - timedelta(days=365) + timedelta(days=365) * n / ORDERS
        chosen = drawn.sample(range(len(goods)), LINES)
        lines = tuple(OrderLine(goods[i].product_id, goods[i].name, 1 + i % 3, goods[i].price) for i in chosen)
        number = f"MO-{numbered(n)}"
        held = {"state": OrderState.FULFILLED, "closed_at": at, "letter_id": None, "source": f"bench {n}"}
        yield Order(
            number=number,
            hashed_email=hashes[n % CUSTOMERS],
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


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="mailorder-bench-") as made:
        try:
            print(as_text(measure(Path(made))))
        except BenchError as error:
            sys.exit(f"bench: {error}")
