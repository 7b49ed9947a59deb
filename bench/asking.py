"""Answers to letters in a large shop, from the letter to the mail; alone by `python -m bench.asking`."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.answered import TIMES, Answered, letter, summed_up, timed
from bench.errands import ERRANDS, run
from bench.large_shop import ORDERS, PRODUCTS, opened, past_orders
from bench.premises import BenchError
from daemon.handle import Desk
from daemon.wording import Wording
from store.facts import Product

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
)


def measure(folder: Path) -> list[Answered]:
    """Each letter, written by TIMES customers one after the other; BenchError when one is not answered as it should."""
    with opened(folder) as (desk, goods):
        first = next(past_orders(desk.vault, goods)).number
        asked = [ask(desk, question, first, goods) for question in QUESTIONS]
        return asked + [run(desk, errand, goods) for errand in ERRANDS]


def as_text(answered: Sequence[Answered]) -> str:
    shop = f"{PRODUCTS:,} products, {ORDERS:,} orders"
    return "\n".join(
        [f"processor time of a letter's answers, from the letter to the mail, {shop}:", *map(str, answered)]
    )


def ask(desk: Desk, question: str, number: str, goods: Sequence[Product]) -> Answered:
    wording = Wording(desk.config.shop)
    spent, size = [], 0
    for n in range(TIMES + 1):
        subject = question.format(number=number, product=goods[n].product_id)
        body = f"{goods[n].product_id}, 1" if subject == "quote" else ""
        # A status is asked by whoever ordered; all others by somebody else each time.
        customer = 0 if "{number}" in question else n
        arrived = letter(customer, n + 1_000 * QUESTIONS.index(question), subject, body)
        _, milliseconds, size = timed(desk, wording, arrived)
        spent.append(milliseconds)
    return summed_up(question, spent, size)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="mailorder-bench-") as made:
        try:
            print(as_text(measure(Path(made))))
        except BenchError as error:
            sys.exit(f"bench: {error}")
